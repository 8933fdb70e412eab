"""The one call that everything uses: a message goes in, a `Reply` comes out."""

from __future__ import annotations

from collections.abc import Callable

from bot.answering.compose import Composer, LanguageName, fit
from bot.answering.decide import NO_OVERRIDE, Decision, Override, decide
from bot.answering.menus import Menus
from bot.answering.message import Conversation, Message
from bot.answering.questions import Asked, needs, split_questions
from bot.answering.reply import (
    Action,
    Block,
    Button,
    Choice,
    Evidence,
    Kind,
    Ranked,
    Recipe,
    Reply,
    View,
    in_language,
)
from bot.answering.sentences import Sentences
from bot.answering.taken import Offered
from bot.kb.knowledge import Entry, Knowledge, Link
from bot.matching.candidate import Candidate
from bot.matching.matcher import Match, Matcher
from bot.text.language import normalised_hint

PEOPLE_AFTER = 2
"""After so many "I don't know" in a row the next reply is a way to people who help."""
_NEIGHBOURS = 3
_BESIDE = 2
"""Other entries that are offered below an urgent or a limiting reply."""
_INSTEAD = 0.25
"""They must be at least so likely compared with the first."""
_PEOPLE = ("unhcr-help", "iom", "icrc-rfl", "infomigrants", "unhcr-contact")
"""Whom to show who can help, in this order, as far as the knowledge base has them."""
_ONE_ENTRY = ("answer", "unknown", "refused", "smalltalk", "resources", "urgent")
"""Views of replies that say what one entry says."""


class Assistant:
    """Answers from one knowledge base. Pure: no clock, no network, no files; the same call gives the same reply."""

    def __init__(
        self,
        knowledge: Knowledge,
        matcher: Matcher,
        language_name: LanguageName,
        override: Override = NO_OVERRIDE,
    ) -> None:
        self.knowledge = knowledge
        self.matcher = matcher
        self._override = override
        self._answers = frozenset(entry.id for entry in knowledge.entries.values() if entry.kind == "answer")
        self._sentences = Sentences(knowledge.sentences, knowledge.source_language)
        self._composer = Composer(knowledge, self._sentences, language_name)
        self._menus = Menus(knowledge, self._sentences, self._composer)
        self._offered = Offered(knowledge, self._sentences)

    def reply(self, message: Message, conversation: Conversation) -> Reply:
        """The reply to what a person wrote."""
        taken = self._offered.taken(message.text, conversation)
        if taken is not None:
            return self.act(taken, conversation, message.hint)
        match = self.matcher.match(message.text, preferred=conversation.lang, hint=message.hint)
        lang = self._language(conversation, message.hint, match)
        decision = decide(match, self.knowledge, self._override)
        also: tuple[Asked, ...] = ()
        if decision.outcome in ("answer", "choices"):
            alone = self._alone(conversation, message.hint)
            asked = needs(match.parts, self._answers) if match.parts else split_questions(message.text, alone)
            if len(asked) > 1:
                why = "two questions, the first one answered"
                decision = Decision("answer", (asked[0].candidate,), urgent_line=decision.urgent_line, why=why)
                also = asked[1:]
        return self._decided(decision, match, lang, conversation, also)

    def act(self, action: Action, conversation: Conversation, hint: str | None = None) -> Reply:
        """The reply to a tap, in the language of the button. An entry, topic or language that no longer exists leads
        somewhere kind."""
        lang = action.lang if action.lang in self.knowledge.languages else self._language(conversation, hint)
        if action.name == "entry":
            entry = self._entry(action.argument)
            if entry is not None:
                return self._shown(entry, lang, conversation)
        if action.name == "topic" and action.argument in self.knowledge.topics:
            return self._menus.topic(action.argument, action.page, lang, conversation)
        if action.name == "language" and action.argument in self.knowledge.languages:
            return self._menus.language_changed(action.argument, conversation)
        if action.name == "none":
            return self._own("none", lang, conversation)
        return self._menus.topics(action.page, lang, conversation)

    def command(self, view: View, conversation: Conversation, hint: str | None = None) -> Reply:
        """One of the bot's own replies: start, help, languages, topics, and the small sentences."""
        lang = self._language(conversation, hint)
        return self._own(view, lang, conversation)

    def rebuild(self, recipe: Recipe) -> Reply:
        """The reply that a recipe stands for, as today's knowledge words it. Entries that are gone are left out."""
        conversation = Conversation(lang=recipe.lang)
        found = {entry.id: entry for entry_id in recipe.entries if (entry := self._entry(entry_id)) is not None}
        entries = list(found.values())
        if recipe.view == "topic" and recipe.entries and recipe.entries[0] in self.knowledge.topics:
            return self._menus.topic(recipe.entries[0], recipe.page, recipe.lang, conversation)
        if recipe.view == "smalltalk" and not recipe.entries and recipe.lang in self.knowledge.languages:
            return self._menus.language_changed(recipe.lang, conversation)
        if recipe.view in _ONE_ENTRY and entries and entries[0].kind == "urgent":
            urgent = [entry for entry in entries if entry.kind == "urgent"]
            beside = [entry for entry in entries if entry.kind != "urgent"]
            return self._urgent(urgent, recipe.lang, conversation, also=beside)
        if recipe.view == "choices" and len(entries) > 1:
            ranked = [self._ranked(entry, recipe.lang, 0.0) for entry in entries]
            return self._choices(ranked, recipe.lang, conversation, urgent_line=recipe.urgent_line)
        if recipe.view in _ONE_ENTRY and entries:
            return self._answer(
                entries[0],
                recipe.lang,
                conversation,
                also=entries[1:],
                urgent_line=recipe.urgent_line,
            )
        return self._own(recipe.view, recipe.lang, conversation, page=recipe.page, urgent_line=recipe.urgent_line)

    def _own(
        self, view: View, lang: str, conversation: Conversation, *, page: int = 0, urgent_line: bool = False
    ) -> Reply:
        if view in ("topics", "topic"):
            return self._menus.topics(page if view == "topics" else 0, lang, conversation)
        if view == "languages":
            return self._menus.languages(lang, conversation)
        if view in ("start", "help", "not-text", "unknown-command", "sorry", "too-many"):
            return self._menus.own(view, lang, conversation)
        return self._not_known(view, lang, conversation, urgent_line=urgent_line)

    def _not_known(
        self,
        view: View,
        lang: str,
        conversation: Conversation,
        *,
        evidence: Evidence | None = None,
        urgent_line: bool = False,
    ) -> Reply:
        """An honest "I don't know", the same after "none of these", or, after too many of them, people who help."""
        named: View = view if view in ("people", "none") else "unknown"
        return self._menus.sentence(
            named,
            "unknown.body" if named == "unknown" else f"unknown.{named}",
            lang,
            conversation,
            links=() if named == "unknown" else self._people(),
            evidence=evidence,
            urgent_line=urgent_line,
        )

    def _decided(
        self,
        decision: Decision,
        match: Match,
        lang: str,
        conversation: Conversation,
        also: tuple[Asked, ...],
    ) -> Reply:
        evidence = _evidence(decision, match)
        chosen = [(entry, one) for one in decision.candidates if (entry := self._entry(one.entry)) is not None]
        if decision.outcome == "urgent" and chosen:
            urgent = [entry for entry, _ in chosen if entry.kind == "urgent"][:2]
            alarm = 0.99 if decision.signal else 0.0
            return self._urgent(
                urgent,
                lang,
                conversation,
                also=[entry for entry, _ in chosen if entry.kind != "urgent"][:_BESIDE],
                evidence=evidence,
                sure={entry.id: max(one.confidence, alarm * (entry.kind == "urgent")) for entry, one in chosen},
            )
        if decision.outcome == "answer" and chosen:
            entry, candidate = chosen[0]
            others = [other for one in also if (other := self._entry(one.candidate.entry)) is not None]
            if not others and entry.kind in ("unknown", "refused"):
                others = [other for other, one in chosen[1:] if one.confidence >= _INSTEAD * candidate.confidence]
                others = [other for other in others if other.kind == "answer"][:_BESIDE]
            return self._answer(
                entry,
                lang,
                conversation,
                also=others,
                evidence=evidence,
                sure={one.id: found.confidence for one, found in chosen}
                | {one.candidate.entry: one.candidate.confidence for one in also},
                urgent_line=decision.urgent_line,
            )
        if decision.outcome == "choices" and len(chosen) > 1:
            ranked = [self._ranked(entry, lang, one.confidence) for entry, one in chosen]
            return self._choices(ranked, lang, conversation, evidence=evidence, urgent_line=decision.urgent_line)
        view: View = "people" if conversation.unknowns >= PEOPLE_AFTER else "unknown"
        return self._not_known(view, lang, conversation, evidence=evidence, urgent_line=decision.urgent_line)

    def _answer(
        self,
        entry: Entry,
        lang: str,
        conversation: Conversation,
        *,
        also: list[Entry] | None = None,
        evidence: Evidence | None = None,
        sure: dict[str, float] | None = None,
        urgent_line: bool = False,
    ) -> Reply:
        evidence = evidence or Evidence()
        also = also or []
        corrected = tuple(evidence.corrected.values())
        blocks = self._composer.answer(entry, lang, corrected=corrected, urgent_line=urgent_line)
        ranked = tuple(self._ranked(one, lang, (sure or {}).get(one.id, 1.0)) for one in (entry, *also))
        if also:
            lead = "choices.instead" if entry.kind in ("unknown", "refused") else "choices.also"
            blocks.append(Block("note", f"{self._sentences.say(lead, lang)}:"))
        buttons = [Button(one.title, Action("entry", one.id)) for one in ranked[1:]]
        if entry.kind in ("answer", "unknown", "refused"):
            buttons += self._neighbours(entry, lang, {one.id for one in ranked})
        shown = in_language(buttons, lang)
        kind: Kind = entry.kind if entry.kind in ("unknown", "refused", "smalltalk", "urgent") else "answer"
        return Reply(
            kind=kind,
            lang=lang,
            recipe=Recipe(kind, lang, tuple(one.id for one in ranked), urgent_line=urgent_line),
            blocks=fit(blocks),
            entries=ranked,
            choices=tuple(Choice(n, one.id, one.title) for n, one in enumerate(ranked[1:], 1)),
            buttons=shown,
            links=self._links(entry.links, lang),
            rtl=self._rtl(lang),
            machine_translated=entry.wording(lang, self.knowledge.source_language).by == "machine",
            evidence=evidence,
            then=_after(conversation, shown, last=entry.id),
        )

    def _urgent(
        self,
        entries: list[Entry],
        lang: str,
        conversation: Conversation,
        *,
        also: list[Entry] | None = None,
        evidence: Evidence | None = None,
        sure: dict[str, float] | None = None,
    ) -> Reply:
        """Help first. What else the message is about, `also`, is a tap away: an alarm can be false."""
        beside = also or []
        ranked = tuple(self._ranked(entry, lang, (sure or {}).get(entry.id, 1.0)) for entry in (*entries, *beside))
        links = dict.fromkeys(link for entry in entries for link in entry.links)
        others = ranked[len(entries) :]
        plain = [Button(one.title, Action("entry", one.id)) for one in others]
        buttons = in_language([*plain, *self._neighbours(entries[0], lang, {one.id for one in ranked})], lang)
        return Reply(
            kind="urgent",
            lang=lang,
            recipe=Recipe("urgent", lang, tuple(one.id for one in ranked)),
            blocks=fit(self._composer.urgent(entries, lang)),
            entries=ranked,
            choices=tuple(Choice(n, one.id, one.title) for n, one in enumerate(others, 1)),
            buttons=buttons,
            links=self._links(tuple(links), lang),
            rtl=self._rtl(lang),
            machine_translated=any(
                entry.wording(lang, self.knowledge.source_language).by == "machine" for entry in entries
            ),
            evidence=evidence or Evidence(),
            then=_after(conversation, buttons, last=entries[0].id),
        )

    def _choices(
        self,
        ranked: list[Ranked],
        lang: str,
        conversation: Conversation,
        *,
        evidence: Evidence | None = None,
        urgent_line: bool = False,
    ) -> Reply:
        blocks = self._composer.sentence("choices", lang)
        if urgent_line:
            blocks.append(Block("note", self._sentences.say("urgent.line", lang)))
        buttons = [Button(one.title, Action("entry", one.id)) for one in ranked]
        buttons.append(Button(self._sentences.say("choices.none", lang), Action("none")))
        shown = in_language(buttons, lang)
        return Reply(
            kind="choices",
            lang=lang,
            recipe=Recipe("choices", lang, tuple(one.id for one in ranked), urgent_line=urgent_line),
            blocks=fit(blocks),
            entries=tuple(ranked),
            choices=tuple(Choice(n, one.id, one.title) for n, one in enumerate(ranked, 1)),
            buttons=shown,
            rtl=self._rtl(lang),
            evidence=evidence or Evidence(),
            then=_after(conversation, shown),
        )

    def _shown(self, entry: Entry, lang: str, conversation: Conversation) -> Reply:
        if entry.kind == "urgent":
            return self._urgent([entry], lang, conversation)
        return self._answer(entry, lang, conversation)

    def _alone(self, conversation: Conversation, hint: str | None) -> Callable[[str], Candidate | None]:
        def ask(text: str) -> Candidate | None:
            decision = decide(
                self.matcher.match(text, preferred=conversation.lang, hint=hint), self.knowledge, self._override
            )
            kind = self.knowledge.entries[decision.candidates[0].entry].kind if decision.candidates else ""
            return decision.candidates[0] if decision.outcome == "answer" and kind != "smalltalk" else None

        return ask

    def _language(self, conversation: Conversation, hint: str | None, match: Match | None = None) -> str:
        """The message's own language when it is clear, else the person's choice, else the hint, else the likeliest."""
        known = tuple(self.knowledge.languages)
        if match is not None and match.guess.clear:
            return match.guess.ranked[0]
        if conversation.lang in known:
            return str(conversation.lang)
        hinted = normalised_hint(hint, known)
        if hinted is not None:
            return hinted
        if match is not None and match.guess.ranked and not match.empty:
            return match.guess.ranked[0]
        return self.knowledge.source_language

    def _entry(self, entry_id: str) -> Entry | None:
        return self.knowledge.entry(entry_id)

    def _ranked(self, entry: Entry, lang: str, confidence: float) -> Ranked:
        wording = entry.wording(lang, self.knowledge.source_language)
        return Ranked(entry.id, wording.title, entry.topics, round(confidence, 4))

    def _neighbours(self, entry: Entry, lang: str, shown: set[str]) -> list[Button]:
        near = [other for other_id in entry.see if (other := self._entry(other_id)) and other.id not in shown]
        source = self.knowledge.source_language
        return [Button(other.wording(lang, source).title, Action("entry", other.id)) for other in near[:_NEIGHBOURS]]

    def _links(self, links: tuple[Link, ...], lang: str) -> tuple[Link, ...]:
        return self._menus.links(links, lang)

    def _people(self) -> tuple[Link, ...]:
        found = [entry.links[0] for entry_id in _PEOPLE if (entry := self._entry(entry_id)) and entry.links]
        return tuple(found)

    def _rtl(self, lang: str) -> bool:
        language = self.knowledge.languages.get(lang)
        return language is not None and language.direction == "rtl"


def _after(conversation: Conversation, buttons: tuple[Button, ...], last: str | None = None) -> Conversation:
    return Conversation(
        lang=conversation.lang,
        last=last or conversation.last,
        choices=tuple(button.action.encode() for button in buttons),
    )


def _evidence(decision: Decision, match: Match) -> Evidence:
    first = decision.candidates[0] if decision.candidates else None
    return Evidence(
        phrasing=first.phrasing if first else "",
        explained=first.explained if first else 0.0,
        words=first.words if first else (),
        corrected=match.corrected,
        runners_up=tuple((one.entry, one.confidence) for one in match.candidates[1:]),
        signal=decision.signal,
        why=decision.why,
    )
