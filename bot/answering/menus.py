"""The bot's own replies: greeting, help, topics, languages, and its small sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from bot.answering.compose import Composer, fit
from bot.answering.message import Conversation
from bot.answering.reply import Action, Block, Button, Evidence, Recipe, Reply, View, in_language
from bot.answering.sentences import Sentences
from bot.kb.knowledge import Entry, Knowledge, Link

TOPICS_A_PAGE = 10
ENTRIES_A_PAGE = 8
MOST_LINKS = 5
T = TypeVar("T")
_QUIET = ("sorry", "too-many")
"""Replies that say one thing and offer nothing."""


class Menus:
    """Makes the replies that are not answers from the knowledge base."""

    def __init__(self, knowledge: Knowledge, sentences: Sentences, composer: Composer) -> None:
        self._knowledge = knowledge
        self._say = sentences.say
        self._composer = composer
        self._by_topic: dict[str, list[Entry]] = {}
        for entry in knowledge.entries.values():
            for topic in entry.topics:
                self._by_topic.setdefault(topic, []).append(entry)

    def own(self, view: View, lang: str, conversation: Conversation) -> Reply:
        """Greeting, help and the small sentences, with a way on."""
        buttons = [] if view in _QUIET else [Button(self._say("topics.title", lang), Action("topics"))]
        if view in ("start", "help") and len(self._knowledge.languages) > 1:
            buttons += self._languages()
        blocks = self._composer.sentence(view, lang, titled=view in ("start", "help"))
        if view == "start":
            blocks.append(Block("note", self._say("urgent.line", lang)))
        return self._reply(view, lang, conversation, blocks, buttons)

    def sentence(
        self,
        view: View,
        key: str,
        lang: str,
        conversation: Conversation,
        *,
        links: tuple[Link, ...] = (),
        evidence: Evidence | None = None,
        urgent_line: bool = False,
    ) -> Reply:
        """An honest "I don't know" with a way on: topics, and links to people when given. Counted in a row."""
        blocks = [Block("body", self._say(key, lang))]
        if urgent_line:
            blocks.append(Block("note", self._say("urgent.line", lang)))
        buttons = [Button(self._say("topics.title", lang), Action("topics"))]
        reply = self._reply(view, lang, conversation, blocks, buttons)
        return replace(
            reply,
            kind="unknown",
            recipe=replace(reply.recipe, urgent_line=urgent_line),
            links=self.links(links, lang),
            evidence=evidence or Evidence(),
            then=replace(reply.then, unknowns=conversation.unknowns + 1),
        )

    def topics(self, page: int, lang: str, conversation: Conversation) -> Reply:
        """A page of topics that have entries."""
        titled = [topic for topic in self._knowledge.topics.values() if self._by_topic.get(topic.id)]
        shown, more = _page(titled, page, TOPICS_A_PAGE)
        buttons = [Button(topic.title(lang), Action("topic", topic.id)) for topic in shown]
        if more is not None:
            buttons.append(Button(self._say("topics.more", lang), Action("topics", page=more)))
        blocks = self._composer.sentence("topics", lang, titled=True)
        return self._reply("topics", lang, conversation, blocks, buttons, page=page)

    def topic(self, topic_id: str, page: int, lang: str, conversation: Conversation) -> Reply:
        """A page of a topic's entries, those first whose main topic it is."""
        entries = sorted(self._by_topic.get(topic_id, []), key=lambda entry: entry.topics[0] != topic_id)
        shown, more = _page(entries, page, ENTRIES_A_PAGE)
        source = self._knowledge.source_language
        buttons = [Button(entry.wording(lang, source).title, Action("entry", entry.id)) for entry in shown]
        if more is not None:
            buttons.append(Button(self._say("topics.more", lang), Action("topic", topic_id, more)))
        buttons.append(Button(self._say("topics.back", lang), Action("topics")))
        body = self._say("topic.body" if shown else "topic.empty", lang)
        blocks = [Block("title", self._knowledge.topics[topic_id].title(lang)), Block("body", body)]
        return self._reply("topic", lang, conversation, blocks, buttons, entries=(topic_id,), page=page)

    def languages(self, lang: str, conversation: Conversation) -> Reply:
        """The languages to choose from, each by its own name."""
        blocks = self._composer.sentence("languages", lang, titled=True)
        return self._reply("languages", lang, conversation, blocks, self._languages())

    def language_changed(self, chosen: str, conversation: Conversation) -> Reply:
        """Says in the new language that it will be used."""
        name = self._knowledge.languages[chosen].name
        blocks = [Block("body", self._say("languages.changed", chosen, language=name))]
        buttons = [Button(self._say("topics.title", chosen), Action("topics"))]
        return self._reply("smalltalk", chosen, replace(conversation, lang=chosen), blocks, buttons)

    def links(self, links: tuple[Link, ...], lang: str) -> tuple[Link, ...]:
        """Links with titles that say their language and whether they were opened; each address once."""
        unique = {link.url: link for link in reversed(links)}
        ordered = [link for link in links if unique.get(link.url) is link]
        return tuple(replace(link, title=self._composer.link_title(link, lang)) for link in ordered[:MOST_LINKS])

    def _languages(self) -> list[Button]:
        return [
            Button(language.name, Action("language", language.id)) for language in self._knowledge.languages.values()
        ]

    def _reply(
        self,
        view: View,
        lang: str,
        conversation: Conversation,
        blocks: list[Block],
        buttons: list[Button],
        *,
        entries: tuple[str, ...] = (),
        page: int = 0,
    ) -> Reply:
        language = self._knowledge.languages.get(lang)
        shown = in_language(buttons, lang)
        return Reply(
            kind="smalltalk",
            lang=lang,
            recipe=Recipe(view, lang, entries, page),
            blocks=fit(blocks),
            buttons=shown,
            rtl=language is not None and language.direction == "rtl",
            then=Conversation(
                lang=conversation.lang,
                last=conversation.last,
                choices=tuple(button.action.encode() for button in shown),
                unknowns=0,
            ),
        )


def _page(items: list[T], page: int, size: int) -> tuple[list[T], int | None]:
    """The items of a page (the first when there is no such page) and the number of the next, if any."""
    if page * size >= len(items):
        page = 0
    end = (page + 1) * size
    return items[page * size : end], page + 1 if end < len(items) else None
