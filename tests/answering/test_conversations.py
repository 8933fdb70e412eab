"""What people write and what they get, on the shipped knowledge base. The text is theirs, mistakes and all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.answering.reply import Action
from tests.conversation import Talk, blocks

LINE = "Is someone in danger now? Call the emergency number of the country where you are."


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("lanlord says no forigners", "housing-refused"),
        ("lanlord dont rent to forigners", "housing-refused"),
        ("my boss keeps my pasport", "passport-kept-by-boss"),
        ("they dont pay me since 3 month", "wages-not-paid"),
        ("BOSS NOT PAY", "wages-not-paid"),
        ("where can i read the convention?", "mimc-read-it"),
        ("how do i ask for asylum", "asylum-how-to-ask"),
        ("i lost my passport", "lost-passport"),
        ("my diploma is not accepted here", "diploma-not-accepted"),
        ("can my child go to school without papers", "child-school-no-papers"),
        ("i need a doctor but i have no papers", "doctor-no-papers"),
        ("im pregnant and no papers", "pregnant-no-papers"),
        ("i am in detention", "i-am-detained"),
        ("police stop me what do i say", "stopped-by-police"),
        ("i got hurt at work", "injured-at-work"),
        ("i have no nationality", "no-nationality"),
        ("what is alarm phone", "alarm-phone"),
        ("el casero no alquila a extranjeros", "housing-refused"),
        ("mi jefe no me paga", "wages-not-paid"),
        ("mi jefe tiene mi pasaporte", "passport-kept-by-boss"),
        ("me robaron el pasaporte", "lost-passport"),
        ("como pido asilo", "asylum-how-to-ask"),
        ("quiero abogado gratis", "free-lawyer"),
        ("puede mi hijo ir a la escuela sin papeles", "child-school-no-papers"),
    ],
)
def test_a_question_gets_its_answer(say: Talk, text: str, entry: str) -> None:
    assert say(text) == entry
    assert say.reply.kind == "answer"


@pytest.mark.parametrize(
    ("text", "entry", "kind"),
    [
        ("how much is a visa", "limit-visa-fees", "unknown"),
        ("how long does it take to get asylum", "limit-waiting-times", "unknown"),
        ("will i win my case", "limit-my-chances", "unknown"),
        ("find me a job", "limit-jobs", "unknown"),
        ("fill this form for me", "limit-fill-forms", "unknown"),
        ("cuanto cuesta la visa", "limit-visa-fees", "unknown"),
        ("i want to buy a fake passport", "refused-false-papers", "refused"),
        ("how do i cross the border at night", "refused-routes", "refused"),
        ("donde compro un pasaporte falso", "refused-false-papers", "refused"),
        ("hello", "greeting", "smalltalk"),
        ("thank you so much", "thanks", "smalltalk"),
        ("are you a human", "about-human", "smalltalk"),
        ("do you keep my messages", "about-privacy", "smalltalk"),
        ("gracias", "thanks", "smalltalk"),
    ],
)
def test_limits_refusals_and_small_talk_say_what_they_are(say: Talk, text: str, entry: str, kind: str) -> None:
    assert say(text) == entry
    assert say.reply.kind == kind


def test_what_was_read_in_place_of_a_typo_is_said(say: Talk) -> None:
    assert say("my landlrod refuses foreigners") == "housing-refused"
    assert say.reply.evidence.corrected == {"landlrod": "landlord"}
    assert "I read your words as: landlord." in say.notes


def test_a_vague_word_gets_choices_and_none_of_these(say: Talk) -> None:
    assert say("papers") == "choices"
    assert 2 <= len(say.reply.choices) <= 4
    assert [choice.n for choice in say.reply.choices] == list(range(1, len(say.reply.choices) + 1))
    assert say.labels[-1] == "None of these"
    assert len(say.labels) == len(say.reply.choices) + 1


def test_a_choice_is_taken_by_its_number(say: Talk) -> None:
    say("papers")
    second = say.reply.choices[1].id
    assert say(" 2. ") == second


def test_a_choice_is_taken_by_a_number_in_another_script(say: Talk) -> None:
    say("papers")
    second = say.reply.choices[1].id
    assert say("٢") == second


def test_a_choice_is_taken_by_its_title(say: Talk) -> None:
    say("papers")
    second = say.reply.choices[1]
    assert say(second.title.upper() + "!") == second.id


def test_a_choice_is_taken_by_its_title_in_another_language(say: Talk) -> None:
    say("papers")
    second = say.reply.choices[1].id
    title = say.assistant.knowledge.entries[second].wordings["es"].title
    assert say(title) == second


def test_a_choice_is_taken_by_a_tap(say: Talk) -> None:
    say("papers")
    first = say.reply.choices[0]
    assert say.tap(first.title) == first.id


@pytest.mark.parametrize("number", ["0", "9", "99", "112"])
def test_a_number_that_was_not_offered_is_a_message_like_any_other(say: Talk, number: str) -> None:
    say("papers")
    offered = set(say.entries)
    assert say(number) not in offered


def test_a_number_without_choices_chooses_nothing(say: Talk) -> None:
    say("1")
    assert say.reply.kind in ("unknown", "choices")


def test_choices_hold_for_the_next_message_only(say: Talk) -> None:
    say("papers")
    offered = set(say.entries)
    say("🍌🍌🍌")
    assert say("1") == "topics", "the only option of an 'I don't know' is the list of topics"
    assert not set(say.entries) & offered


def test_none_of_these_tapped_leads_to_people_who_help(say: Talk) -> None:
    say("papers")
    assert say.tap("None of these") == "none"
    assert say.reply.kind == "unknown"
    assert say.reply.links


@pytest.mark.parametrize("typed", ["none of these", "None of these.", "Ninguna de estas"])
def test_none_of_these_can_be_typed(say: Talk, typed: str) -> None:
    say("papers")
    assert say(typed) == "none"


def test_none_of_these_can_be_typed_as_the_number_after_the_last_choice(say: Talk) -> None:
    say("papers")
    assert say(str(len(say.reply.choices) + 1)) == "none"


def test_the_third_i_dont_know_in_a_row_is_a_way_to_people_who_help(say: Talk) -> None:
    assert [say(text) for text in ("🍌🍌🍌", "ჰმ ჰმ ჰმ", "🍌🍌🍌", "🍌🍌🍌")] == [
        "unknown",
        "unknown",
        "people",
        "people",
    ]
    assert say.reply.kind == "unknown"
    assert len(say.reply.links) >= 3
    assert "These people can help you" in say.reply.text


def test_an_answer_in_between_begins_the_count_anew(say: Talk) -> None:
    assert [say(text) for text in ("🍌", "🍌", "boss not pay", "🍌", "🍌", "🍌")] == [
        "unknown",
        "unknown",
        "wages-not-paid",
        "unknown",
        "unknown",
        "people",
    ]


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("my boat is sinking", "urgent-at-sea"),
        ("husband beat me", "urgent-violence"),
        ("i want to die", "urgent-suicide"),
        ("my child is missing", "urgent-child"),
        ("they deport me tonight", "urgent-deported-today"),
        ("nos estamos hundiendo en el mar", "urgent-at-sea"),
        ("mi marido me pega", "urgent-violence"),
        ("quiero morir", "urgent-suicide"),
    ],
)
def test_danger_gets_help_first(say: Talk, text: str, entry: str) -> None:
    assert say(text) == entry
    assert say.reply.kind == "urgent"
    assert say.reply.blocks[0].role == "urgent"
    assert say.reply.links, "one place that helps"


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("my sister is locked in a house and cant leave", "urgent-locked-in"),
        ("my sister is locked in by her boss", "urgent-locked-in"),
        ("mi hermana esta encerrada por su patrón", "urgent-locked-in"),
    ],
)
def test_someone_else_in_danger_is_as_urgent_as_oneself(say: Talk, text: str, entry: str) -> None:
    assert say(text) == entry
    assert say.reply.kind == "urgent"


def test_danger_comes_before_another_question_of_the_same_message(say: Talk) -> None:
    assert say("my boss does not pay me. our boat is sinking now!!") == "urgent-at-sea"


def test_danger_comes_before_choices_that_were_open(say: Talk) -> None:
    say("papers")
    assert say("help my boat is sinking") == "urgent-at-sea"


@pytest.mark.parametrize(
    "text",
    [
        "my husband beat me years ago",
        "i read in the news a boat is sinking",
        "hace años mi marido me pega",
    ],
)
def test_the_past_and_the_news_raise_no_alarm_but_carry_the_line_about_danger(say: Talk, text: str) -> None:
    say(text)
    assert say.reply.kind != "urgent"
    line = say.assistant.knowledge.sentences[say.reply.lang]["urgent.line"]
    assert line in say.notes


def test_what_is_trafficking_is_a_question(say: Talk) -> None:
    assert say("What is trafficking?") == "law-trafficking"


def test_i_could_kill_my_boss_is_no_danger_to_the_person(say: Talk) -> None:
    say("i could kill my boss")
    assert say.reply.kind != "urgent"


def test_two_questions_with_a_danger_of_the_past_carry_the_line_about_danger(say: Talk) -> None:
    say("I lost my passport. The landlord says no foreigners. I read in the news a boat is sinking.")
    assert say.entries == ["lost-passport", "housing-refused"]
    assert LINE in say.notes


def test_two_questions_are_answered_first_things_first(say: Talk) -> None:
    assert say("my boss does not pay me. where can i find a free lawyer") == "wages-not-paid"
    assert say.entries == ["wages-not-paid", "free-lawyer"]
    assert [choice.id for choice in say.reply.choices] == ["free-lawyer"]
    assert say.notes[-1] == "You also asked about:"
    assert say("1") == "free-lawyer"


def test_two_questions_in_spanish(say: Talk) -> None:
    say("mi jefe no me paga. como pido asilo")
    assert say.entries == ["wages-not-paid", "asylum-how-to-ask"]


def test_the_language_is_that_of_the_words(say: Talk) -> None:
    assert (say("mi jefe no me paga"), say.reply.lang) == ("wages-not-paid", "es")
    assert (say("my boss does not pay me"), say.reply.lang) == ("wages-not-paid", "en")


def test_words_that_are_clear_win_over_the_hint_and_the_choice(talk: Callable[[str], Talk]) -> None:
    spanish = talk("es")
    spanish("my landlord says no foreigners", hint="es")
    assert spanish.reply.lang == "en"
    assert spanish.conversation.lang == "es", "the choice stays"


def test_without_words_the_language_is_the_one_chosen(talk: Callable[[str], Talk]) -> None:
    spanish = talk("es")
    spanish("🍌🍌🍌", hint="en")
    assert spanish.reply.lang == "es"


@pytest.mark.parametrize(
    ("hint", "lang"), [("es", "es"), ("es-MX", "es"), ("ES_ar", "es"), ("fr", "en"), ("", "en"), ("💥", "en")]
)
def test_without_words_or_choice_the_language_is_the_hint(say: Talk, hint: str, lang: str) -> None:
    say("🍌🍌🍌", hint=hint)
    assert say.reply.lang == lang


def test_an_answer_that_was_chosen_by_number_stays_in_the_language_of_the_choices(say: Talk) -> None:
    say("mi jefe no me paga")
    say("1")
    assert say.reply.lang == "es"
    say(say.labels[0])
    assert say.reply.lang == "es"


def test_a_tap_is_answered_in_the_language_of_the_button(say: Talk) -> None:
    say("mi jefe no me paga")
    say.tap(say.labels[0], hint="en")
    assert say.reply.lang == "es"


def test_the_language_is_changed_by_a_tap_and_stays(say: Talk) -> None:
    assert say.command("languages") == "languages"
    assert say.labels == ["English", "Español"]
    say.tap("Español")
    assert (say.reply.lang, say.conversation.lang) == ("es", "es")
    say("🍌🍌🍌", hint="en")
    assert say.reply.lang == "es"


@pytest.mark.parametrize("typed", ["Español", "espanol", "2"])
def test_the_language_can_be_typed(say: Talk, typed: str) -> None:
    say.command("languages")
    say(typed)
    assert say.conversation.lang == "es"


def test_a_language_that_does_not_exist_is_not_taken(say: Talk) -> None:
    say.act(Action("language", "xx"))
    assert say.conversation.lang is None
    assert say.reply.recipe.view == "topics"


def test_the_topics_are_leafed_through(say: Talk) -> None:
    assert say.command("topics") == "topics"
    seen: list[str] = []
    for _ in range(10):
        seen += [label for label in say.labels if label != "More"]
        if "More" not in say.labels:
            break
        say.tap("More")
    assert len(seen) == len(set(seen)) >= 20
    assert say.labels == seen[-len(say.labels) :]


def test_a_topic_leads_to_an_entry_and_back(say: Talk) -> None:
    say.command("topics")
    say("1")
    assert say.reply.recipe.view == "topic"
    topic = say.reply.recipe.entries[0]
    title = say.labels[0]
    assert say("all topics") == "topics"
    say.act(Action("topic", topic))
    entry = say(title)
    assert topic in say.assistant.knowledge.entries[entry].topics


def test_more_of_a_topic_can_be_typed(say: Talk) -> None:
    say.act(Action("topic", "resources"))
    first = say.labels
    assert "More" in first
    assert say("more") == "topic"
    assert say.reply.recipe.page == 1
    assert not set(say.labels) & (set(first) - {"More", "All topics"})


@pytest.mark.parametrize("gibberish", ["🍌🍌🍌", "....?", "\u200d", "", "   ", "ჰმ ჰმ", "\x00\x01"])
def test_what_holds_no_known_word_is_not_known(say: Talk, gibberish: str) -> None:
    assert say(gibberish) == "unknown"
    assert say.labels == ["Topics"]


def test_a_smile_is_no_question(say: Talk) -> None:
    say("🙂")
    assert say.reply.kind in ("unknown", "smalltalk")


def test_a_language_the_bot_does_not_have_gets_an_honest_reply(say: Talk) -> None:
    assert say("صاحب البيت لا يؤجر للأجانب") == "unknown"
    assert say.reply.lang == "en"
    assert not say.reply.rtl


def test_a_question_of_4096_characters_is_read(say: Talk) -> None:
    story = ("landlord says no foreigners. " * 200)[:4096]
    assert say(story) == "housing-refused"


def test_a_long_story_gets_a_reply_of_ordinary_length(say: Talk) -> None:
    say(("I came here two years ago with my brother and we work on a farm and live in a small room. " * 60)[:4096])
    assert len(say.reply.text) <= 1500


def test_the_end_of_a_long_message_is_read_too(say: Talk) -> None:
    assert say("z " * 1900 + ". help my boat is sinking") == "urgent-at-sea"


def test_bold_and_markup_of_the_person_come_back_nowhere(say: Talk) -> None:
    say("<b>landlord</b> says *no* _foreigners_ [x](http://evil.example)")
    assert "evil" not in say.reply.text
    assert "<b>" not in say.reply.text


def test_answers_that_are_general_say_so(say: Talk) -> None:
    say("landlord says no foreigners")
    assert "General information, not advice on your case." in say.notes
    assert blocks(say.reply, "law")[0].heading == "What binds states"


def test_the_same_words_get_the_same_reply(talk: Callable[[str], Talk]) -> None:
    one, other = talk("en"), talk("en")
    for text in ("papers", "2", "landlord says no foreigners. my boss keeps my passport", "🍌"):
        one(text)
        other(text)
        assert one.reply == other.reply
