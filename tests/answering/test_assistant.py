"""Replies made again from what is stored, ids that are gone, and that the same call gives the same reply."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.answering.reply import Action, Recipe, Reply
from bot.kb.knowledge import Entry, Knowledge
from bot.language_names import language_name
from tests.conversation import Talk

NEW = Conversation()
Made = Callable[[Assistant], Reply]


def asked(*texts: str, lang: str | None = None) -> Made:
    """The reply to the last of some messages."""

    def made(assistant: Assistant) -> Reply:
        talk = Talk(assistant, lang)
        for text in texts:
            talk(text)
        return talk.reply

    return made


def tapped(action: Action, lang: str | None = None) -> Made:
    return lambda assistant: assistant.act(action, Conversation(lang=lang))


SHOWN: dict[str, Made] = {
    "answer": asked("landlord says no foreigners"),
    "answer in spanish": asked("mi jefe no me paga"),
    "two answers": asked("my boss does not pay me. where can i find a free lawyer"),
    "answer with the line about danger": asked(
        "I lost my passport. The landlord says no foreigners. I read in the news a boat is sinking."
    ),
    "choices": asked("papers"),
    "choices in spanish": asked("papeles", lang="es"),
    "urgent": asked("my boat is sinking"),
    "urgent in spanish": asked("mi marido me pega"),
    "limit": asked("how much is a visa"),
    "refused": asked("i want to buy a fake passport"),
    "small talk": asked("thank you so much"),
    "unknown": asked("🍌🍌🍌"),
    "unknown with the line about danger": asked("my husband beat me years ago"),
    "people": asked("🍌", "🍌", "🍌"),
    "people in spanish": asked("🍌", "🍌", "🍌", lang="es"),
    "none of these": tapped(Action("none")),
    "topics": tapped(Action("topics")),
    "second page of topics": tapped(Action("topics", page=1)),
    "topic": tapped(Action("topic", "resources")),
    "second page of a topic": tapped(Action("topic", "resources", 1), "es"),
    "language": tapped(Action("language", "es")),
    "entry": tapped(Action("entry", "urgent-at-sea", 0, "es")),
    "start": lambda assistant: assistant.command("start", NEW, "es"),
    "help": lambda assistant: assistant.command("help", NEW),
    "languages": lambda assistant: assistant.command("languages", NEW, "es"),
    "not text": lambda assistant: assistant.command("not-text", NEW),
    "unknown command": lambda assistant: assistant.command("unknown-command", NEW),
    "sorry": lambda assistant: assistant.command("sorry", NEW),
    "too many": lambda assistant: assistant.command("too-many", NEW, "es"),
}


@pytest.mark.parametrize("name", SHOWN)
def test_a_recipe_gives_the_reply_again(shipped_assistant: Assistant, name: str) -> None:
    shown = SHOWN[name](shipped_assistant)
    again = shipped_assistant.rebuild(shown.recipe)
    assert again.recipe == shown.recipe
    assert again.text == shown.text
    assert again.kind == shown.kind
    assert again.lang == shown.lang
    assert again.buttons == shown.buttons
    assert again.links == shown.links
    assert again.choices == shown.choices
    assert [one.id for one in again.entries] == [one.id for one in shown.entries]
    assert again.machine_translated == shown.machine_translated
    assert again.then.choices == shown.then.choices


def test_the_views_above_are_all_there_are(shipped_assistant: Assistant) -> None:
    views = {made(shipped_assistant).recipe.view for made in SHOWN.values()}
    everything = {
        *("answer", "choices", "urgent", "unknown", "refused", "smalltalk", "start", "help", "languages", "topics"),
        *("topic", "people", "none", "not-text", "unknown-command", "sorry", "too-many"),
    }
    assert views == everything, "`resources` is not given by this version"


def test_what_was_corrected_is_left_out_of_a_reply_made_again(shipped_assistant: Assistant) -> None:
    shown = asked("my landlrod refuses foreigners")(shipped_assistant)
    again = shipped_assistant.rebuild(shown.recipe)
    gone = [block.text for block in shown.blocks if block not in again.blocks]
    assert gone == ["I read your words as: landlord."]


@pytest.mark.parametrize("name", SHOWN)
def test_a_recipe_survives_that_all_is_gone(shipped_assistant: Assistant, name: str) -> None:
    recipe = SHOWN[name](shipped_assistant).recipe
    kept = shipped_assistant.knowledge.entries["greeting"]
    bare = replace(shipped_assistant.knowledge, entries={"greeting": kept}, topics={})
    reply = Assistant(bare, shipped_assistant.matcher, language_name).rebuild(recipe)
    assert reply.text
    assert all(one.id == "greeting" for one in reply.entries)


def test_a_choice_that_is_gone_is_left_out(shipped_assistant: Assistant) -> None:
    recipe = asked("papers")(shipped_assistant).recipe
    assert len(recipe.entries) > 2
    reply = without(shipped_assistant, recipe.entries[0]).rebuild(recipe)
    assert [choice.id for choice in reply.choices] == list(recipe.entries[1:])
    assert reply.choices[0].n == 1


def test_choices_of_which_one_is_left_are_no_choice(shipped_assistant: Assistant) -> None:
    recipe = asked("papers")(shipped_assistant).recipe
    reply = without(shipped_assistant, *recipe.entries[1:]).rebuild(recipe)
    assert (reply.kind, reply.choices) == ("unknown", ())


def test_choices_that_became_one_entry_are_shown_once(shipped_assistant: Assistant) -> None:
    first, second, third = "lost-passport", "free-lawyer", "wages-not-paid"
    merged = without(shipped_assistant, second, retired={second: first})
    reply = merged.rebuild(Recipe("choices", "en", (first, second, third)))
    assert [choice.id for choice in reply.choices] == [first, third]


def test_a_topic_that_is_gone_leads_to_the_topics(shipped_assistant: Assistant) -> None:
    assert shipped_assistant.rebuild(Recipe("topic", "en", ("no-such-topic",))).recipe.view == "topics"


def test_a_language_that_is_gone_falls_back_to_english(shipped_assistant: Assistant) -> None:
    reply = shipped_assistant.rebuild(Recipe("answer", "xx", ("lost-passport",)))
    assert reply.text.startswith("I lost my passport") or reply.text
    assert shipped_assistant.rebuild(Recipe("smalltalk", "xx")).text


def test_an_entry_that_became_urgent_is_shown_as_danger(shipped_assistant: Assistant) -> None:
    assert shipped_assistant.rebuild(Recipe("answer", "en", ("urgent-at-sea",))).kind == "urgent"


def test_an_entry_that_is_urgent_no_more_is_no_danger(shipped_assistant: Assistant) -> None:
    assert shipped_assistant.rebuild(Recipe("urgent", "en", ("lost-passport",))).kind == "answer"


def test_a_retired_id_leads_to_its_successor(small: Assistant) -> None:
    assert Talk(small).act(Action("entry", "old-housing")) == "housing-refused"
    reply = small.rebuild(Recipe("answer", "en", ("old-housing",)))
    assert reply.recipe.entries == ("housing-refused",)


@pytest.mark.parametrize("entry", ["gone-for-good", "never-was", "", "../../etc"])
def test_an_id_that_leads_nowhere_leads_to_the_topics(small: Assistant, entry: str) -> None:
    assert Talk(small).act(Action("entry", entry)) == "topics"


@pytest.mark.parametrize("topic", ["gone", "", "equality/x"])
def test_a_topic_that_is_not_there_leads_to_the_topics(small: Assistant, topic: str) -> None:
    assert Talk(small).act(Action("topic", topic)) == "topics"


def test_a_button_in_a_language_that_is_gone_is_answered_in_the_persons(small: Assistant) -> None:
    talk = Talk(small, "es")
    talk.act(Action("entry", "wages-not-paid", lang="fr"))
    assert talk.reply.lang == "es"


def test_an_answer_shows_title_links_and_neighbours(small: Assistant) -> None:
    reply = small.reply(Message("landlord says no foreigners"), NEW)
    assert reply.kind == "answer"
    assert reply.recipe == Recipe("answer", "en", ("housing-refused",))
    assert [link.url for link in reply.links] == ["https://picum.org/", "https://treaties.un.org/"]
    assert [(button.label, button.action.argument) for button in reply.buttons] == [
        ("My boss does not pay me", "wages-not-paid")
    ]
    assert reply.then == Conversation(last="housing-refused", choices=("entry:wages-not-paid:0:en",))
    assert reply.entries[0].topics == ("equality", "practical_help")
    assert 0 < reply.entries[0].confidence <= 1


def test_a_machine_translation_is_marked(small: Assistant) -> None:
    assert small.act(Action("entry", "housing-refused", lang="es"), NEW).machine_translated
    assert not small.act(Action("entry", "wages-not-paid", lang="es"), NEW).machine_translated
    assert not small.act(Action("entry", "housing-refused"), NEW).machine_translated


def test_text_from_right_to_left_is_marked(small: Assistant) -> None:
    languages = small.knowledge.languages
    arabic = {**languages, "es": replace(languages["es"], direction="rtl")}
    assistant = Assistant(replace(small.knowledge, languages=arabic), small.matcher, language_name)
    for made in (SHOWN["unknown"], tapped(Action("entry", "wages-not-paid"), "es"), asked("el jefe no paga")):
        assert made(assistant).rtl == (made(assistant).lang == "es")
    assert assistant.command("start", Conversation(lang="es")).rtl


def test_choices_that_were_tampered_with_are_harmless(small: Assistant) -> None:
    conversation = Conversation(choices=("nonsense", "entry:never-was:0", "topic:gone:7", "language:xx:0", "none::0"))
    for n in range(1, 7):
        assert small.reply(Message(str(n)), conversation).text


def test_it_keeps_nothing_between_calls(shipped_assistant: Assistant) -> None:
    messages = ["papers", "landlord says no foreigners", "🍌", "mi jefe no me paga", "my boat is sinking"]
    forth = [shipped_assistant.reply(Message(text), NEW) for text in messages]
    back = [shipped_assistant.reply(Message(text), NEW) for text in reversed(messages)]
    assert forth == back[::-1]


def test_thresholds_can_be_set(small: Assistant) -> None:
    from bot.answering.decide import Override

    strict = Assistant(small.knowledge, small.matcher, language_name, Override(answer=1.0, choices=1.0))
    assert strict.reply(Message("landlord says no foreigners"), NEW).kind == "unknown"


def without(assistant: Assistant, *gone: str, retired: dict[str, str | None] | None = None) -> Assistant:
    """The same assistant after entries were taken out."""
    entries: dict[str, Entry] = {name: e for name, e in assistant.knowledge.entries.items() if name not in gone}
    knowledge: Knowledge = replace(assistant.knowledge, entries=entries, retired=retired or {})
    return Assistant(knowledge, assistant.matcher, language_name)
