"""Questions asked of the small knowledge base, and what they count as."""

from __future__ import annotations

import pytest

from bot.answering.assistant import Assistant
from bot.evaluation.asking import ask, ask_all, category
from bot.kb.knowledge import Check


@pytest.mark.parametrize(
    ("check", "counted"),
    [
        (Check("x", "en", ("housing-refused",)), "answerable"),
        (Check("x", "en", topics=("equality",)), "answerable"),
        (Check("x", "en", kind="answer"), "answerable"),
        (Check("x", "en", kind="unknown"), "unanswerable"),
        (Check("x", "en", kind="refused"), "unanswerable"),
        (Check("x", "en", ("limit-visa-fees",)), "unanswerable"),
        (Check("x", "en", ("housing-refused", "limit-visa-fees")), "answerable"),
        (Check("x", "en", kind="urgent"), "urgent"),
        (Check("x", "en", ("housing-refused", "urgent-at-sea")), "urgent"),
        (Check("x", "en", kind="smalltalk"), "other"),
        (Check("x", "en", kind="resources"), "other"),
        (Check("x", "en", near_urgent=True), "other"),
        (Check("x", "en", ("no-such-entry",)), "other"),
    ],
)
def test_what_a_question_counts_as(small: Assistant, check: Check, counted: str) -> None:
    assert category(check, small.knowledge) == counted


def test_a_right_answer(small: Assistant) -> None:
    found = ask(small, Check("the landlord says no foreigners", "en", ("housing-refused",)))
    assert (found.kind, found.entries[0], found.right_at, found.shown_at) == ("answer", "housing-refused", 0, 0)
    assert found.answered
    assert found.right_answer
    assert found.helped
    assert 0 < found.confidence <= 1


def test_a_topic_is_right_whichever_entry_has_it(small: Assistant) -> None:
    found = ask(small, Check("my employer keeps my salary", "en", topics=("practical_help",)))
    assert found.shown_at == 0
    assert found.right_answer


def test_a_question_without_words(small: Assistant) -> None:
    found = ask(small, Check("....", "en", kind="unknown"))
    assert (found.kind, found.entries, found.ranked, found.confidence) == ("unknown", (), (), 0.0)


def test_a_language_that_the_base_does_not_have_is_no_choice(small: Assistant) -> None:
    assert ask(small, Check("landlord says no foreigners", "tlh", ("housing-refused",))).right_answer


def test_every_question_is_asked_in_a_conversation_of_its_own(small: Assistant) -> None:
    checks = [Check(text, "en", kind="unknown") for text in ("1", "🍌", "1", "🍌", "🍌", "🍌")]
    kinds = [one.kind for one in ask_all(small, checks)]
    assert len(kinds) == len(checks)
    assert kinds[0] == kinds[2]
