"""The harder question sets in `tests/questions` fit the shipped knowledge. Their figures are for `evaluate` to print."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.kb.knowledge import Knowledge
from bot.kb.questions import load_questions

FILES = sorted((Path(__file__).parent.parent / "questions").iterdir())
LEAST = {"opposites.yaml": 200, "hard_input.jsonl": 150, "long.yaml": 80, "voice_typing.yaml": 40}


def test_every_set_is_there() -> None:
    assert {path.name for path in FILES} == set(LEAST)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_questions_are_read_and_expect_what_exists(path: Path, shipped: Knowledge) -> None:
    questions = load_questions(path)
    assert len(questions) >= LEAST[path.name]
    assert all(question.expect or question.kind for question in questions)
    expected = {entry for question in questions for entry in question.expect}
    assert expected <= set(shipped.entries)
    assert len({question.text for question in questions}) == len(questions)
