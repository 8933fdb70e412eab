"""The bot's own replies on the small knowledge base: greeting, help, topics, languages, small sentences."""

from __future__ import annotations

from dataclasses import replace
from typing import get_args

import pytest

from bot.answering.assistant import Assistant
from bot.answering.menus import ENTRIES_A_PAGE, MOST_LINKS, TOPICS_A_PAGE
from bot.answering.message import Conversation
from bot.answering.reply import Action, View
from bot.kb.knowledge import Link, Topic
from bot.language_names import language_name
from tests.conversation import Talk

NEW = Conversation()


def with_topics(small: Assistant, count: int) -> Assistant:
    """The same with so many topics, all of them with one entry."""
    names = [f"topic-{n}" for n in range(count)]
    topics = {name: Topic(name, {"en": f"Topic {name}"}) for name in names}
    entry = small.knowledge.entries["housing-refused"]
    entries = {f"entry-{n}": replace(entry, id=f"entry-{n}", topics=(name,)) for n, name in enumerate(names)}
    return Assistant(replace(small.knowledge, topics=topics, entries=entries), small.matcher, language_name)


def with_entries(small: Assistant, count: int) -> Assistant:
    """The same with so many entries of one topic, whose second topic it is for all but the last."""
    entry = small.knowledge.entries["housing-refused"]
    entries = {
        f"entry-{n}": replace(
            entry, id=f"entry-{n}", topics=("limits", "equality") if n < count - 1 else ("equality", "limits")
        )
        for n in range(count)
    }
    return Assistant(replace(small.knowledge, entries=entries), small.matcher, language_name)


@pytest.mark.parametrize("count", [1, TOPICS_A_PAGE, TOPICS_A_PAGE + 1, 3 * TOPICS_A_PAGE])
def test_topics_are_paged(small: Assistant, count: int) -> None:
    talk = Talk(with_topics(small, count))
    talk.command("topics")
    seen: list[str] = []
    pages = 0
    while True:
        pages += 1
        more = [button for button in talk.reply.buttons if button.action.name == "topics"]
        seen += [button.action.argument for button in talk.reply.buttons if button.action.name == "topic"]
        if not more:
            break
        talk.tap(more[0].label)
    assert seen == [f"topic-{n}" for n in range(count)]
    assert pages == -(-count // TOPICS_A_PAGE)


def test_topics_without_entries_are_not_shown(small: Assistant) -> None:
    talk = Talk(small)
    talk.command("topics")
    shown = {button.action.argument for button in talk.reply.buttons}
    assert shown == {"equality", "practical_help", "resources", "emergency", "limits"}


@pytest.mark.parametrize("page", [1, 7, 999])
def test_a_page_that_is_not_there_any_more_is_the_first(small: Assistant, page: int) -> None:
    reply = small.act(Action("topics", page=page), NEW)
    assert reply.buttons == small.act(Action("topics"), NEW).buttons


def test_a_topic_is_paged_with_those_first_whose_main_topic_it_is(small: Assistant) -> None:
    talk = Talk(with_entries(small, ENTRIES_A_PAGE + 2))
    talk.act(Action("topic", "equality"))
    names = [button.action.name for button in talk.reply.buttons]
    assert names == ["entry"] * ENTRIES_A_PAGE + ["topic", "topics"]
    assert talk.reply.buttons[0].action.argument == f"entry-{ENTRIES_A_PAGE + 1}"
    talk.act(talk.reply.buttons[-2].action)
    assert [button.action.name for button in talk.reply.buttons] == ["entry", "entry", "topics"]


def test_a_topic_without_entries_says_so(small: Assistant) -> None:
    empty = Assistant(
        replace(small.knowledge, topics={**small.knowledge.topics, "sea": Topic("sea", {"en": "Sea"})}),
        small.matcher,
        language_name,
    )
    reply = empty.act(Action("topic", "sea"), NEW)
    assert [block.text for block in reply.blocks] == ["Sea", "topic.empty"], "the small base has no such sentence"
    assert [button.action.name for button in reply.buttons] == ["topics"]


@pytest.mark.parametrize("view", ["start", "help"])
def test_greeting_and_help_offer_topics_and_languages(shipped_assistant: Assistant, view: View) -> None:
    reply = shipped_assistant.command(view, NEW)
    assert [button.label for button in reply.buttons] == ["Topics", "English", "Español"]
    assert reply.blocks[0].role == "title"


def test_the_greeting_says_whom_to_call_in_danger(shipped_assistant: Assistant) -> None:
    assert "Call the emergency number" in shipped_assistant.command("start", NEW).text


def test_one_language_is_no_choice(small: Assistant) -> None:
    english = Assistant(
        replace(small.knowledge, languages={"en": small.knowledge.languages["en"]}), small.matcher, language_name
    )
    assert [button.action.name for button in english.command("start", NEW).buttons] == ["topics"]


@pytest.mark.parametrize("view", ["sorry", "too-many"])
def test_some_sentences_offer_nothing(shipped_assistant: Assistant, view: View) -> None:
    reply = shipped_assistant.command(view, NEW)
    assert reply.buttons == ()
    assert reply.kind == "smalltalk"


@pytest.mark.parametrize("view", ["not-text", "unknown-command"])
def test_others_offer_the_topics(shipped_assistant: Assistant, view: View) -> None:
    assert [button.action.name for button in shipped_assistant.command(view, NEW).buttons] == ["topics"]


@pytest.mark.parametrize("hint", ["es", "es-AR"])
def test_commands_are_answered_in_the_hinted_language(shipped_assistant: Assistant, hint: str) -> None:
    assert shipped_assistant.command("start", NEW, hint).lang == "es"


def test_a_chosen_language_wins_over_the_hint(shipped_assistant: Assistant) -> None:
    assert shipped_assistant.command("start", Conversation(lang="en"), "es").lang == "en"


def test_a_chosen_language_that_is_gone_does_not_count(shipped_assistant: Assistant) -> None:
    assert shipped_assistant.command("start", Conversation(lang="xx"), "es").lang == "es"


@pytest.mark.parametrize("view", get_args(View))
def test_every_view_can_be_asked_for(shipped_assistant: Assistant, view: View) -> None:
    reply = shipped_assistant.command(view, NEW)
    assert reply.text
    assert len(reply.text) <= 1500


def test_each_address_is_linked_once_and_at_most_five(small: Assistant) -> None:
    links = tuple(Link(f"Link {n}", f"https://example.org/{n % 7}") for n in range(20))
    entry = replace(small.knowledge.entries["housing-refused"], links=links)
    assistant = Assistant(
        replace(small.knowledge, entries={**small.knowledge.entries, entry.id: entry}), small.matcher, language_name
    )
    shown = assistant.act(Action("entry", entry.id), NEW).links
    assert [link.url for link in shown] == [f"https://example.org/{n}" for n in range(MOST_LINKS)]
