"""When a message holds several questions."""

from __future__ import annotations

import pytest

from bot.answering.questions import Asked, needs, split_questions
from bot.matching.candidate import Candidate

KNOWN = {"boss": "wages-not-paid", "landlord": "housing-refused", "lawyer": "free-lawyer", "school": "child-school"}


def ask(text: str) -> Candidate | None:
    """Sure of a sentence with a word it knows."""
    found = next((entry for word, entry in KNOWN.items() if word in text), None)
    return Candidate(found, 0.9, "", 1.0, ()) if found else None


def found(text: str) -> list[str]:
    return [one.candidate.entry for one in split_questions(text, ask)]


def test_each_sentence_that_is_sure_is_a_question_in_order() -> None:
    asked = split_questions("My boss pays nothing! The landlord refuses me?", ask)
    assert asked == (
        Asked(Candidate("wages-not-paid", 0.9, "", 1.0, ())),
        Asked(Candidate("housing-refused", 0.9, "", 1.0, ())),
    )


@pytest.mark.parametrize(
    "text",
    [
        "my boss pays nothing and the landlord refuses me",
        "My boss pays nothing. I am very sad. It is cold.",
        "My boss pays nothing. My boss is a bad man.",
        "Boss bad. Landlord bad.",
        "",
        "...",
    ],
)
def test_one_sure_answer_or_none_is_not_several(text: str) -> None:
    assert found(text) == []


def test_a_story_of_many_sentences_is_not_taken_apart() -> None:
    story = ". ".join(["my boss pays nothing", "the landlord refuses me", *["it was so cold"] * 5])
    assert found(story) == []


def test_at_most_three_questions_are_taken() -> None:
    text = "my boss pays nothing. the landlord refuses me. i need a lawyer. which school is good"
    assert found(text) == ["wages-not-paid", "housing-refused", "free-lawyer"]


def test_lines_and_other_scripts_end_sentences_too() -> None:
    assert found("my boss pays nothing\nthe landlord refuses me") == ["wages-not-paid", "housing-refused"]
    assert found("my boss pays nothing؟ the landlord refuses me") == ["wages-not-paid", "housing-refused"]


def sure(entry: str, confidence: float) -> Candidate:
    return Candidate(entry, confidence, "", 1.0, ())


def test_the_needs_of_a_story_are_the_pieces_that_are_very_sure_in_order_and_once() -> None:
    parts = [
        sure("school", 0.9),
        sure("greeting", 0.99),
        sure("lawyer", 0.5),
        sure("wages", 0.86),
        sure("school", 0.95),
    ]
    assert [one.candidate.entry for one in needs(parts, {"school", "lawyer", "wages"})] == ["school", "wages"]


def test_a_story_with_one_sure_need_is_not_taken_apart() -> None:
    assert needs([sure("school", 0.9), sure("wages", 0.8)], {"school", "wages"}) == ()
