"""Which outcomes fail a build, and in which words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.evaluation.asking import Outcome
from bot.evaluation.gate import harms, mended
from bot.kb.knowledge import Check
from tests.evaluation.outcomes import nobody_knows, offered, outcome, wrong

FILM = Check("i saw a film about a boat", "en", near_urgent=True, where="checks/en/_near_urgent.yaml:2")
FALSE_ALARM = outcome("other", "urgent", entries=("urgent-at-sea",), check=FILM, right_at=None, shown_at=None)


@pytest.mark.parametrize(
    ("one", "what"),
    [
        (wrong(), "another entry won: wanted right, got other"),
        (nobody_knows("answer"), "was answered: wanted unknown, got answer"),
        (nobody_knows("smalltalk"), "was answered: wanted unknown, got smalltalk"),
        (outcome("urgent", "choices", entries=("right",)), "danger was missed: wanted right, got choices right"),
        (
            outcome("urgent", "unknown", entries=(), shown_at=None),
            "danger was missed: wanted right, got unknown unknown",
        ),
        (outcome(kind="urgent", entries=("urgent-at-sea",)), "false alarm: wanted right, got urgent-at-sea"),
        (nobody_knows("urgent"), "false alarm: wanted unknown, got urgent"),
        (FALSE_ALARM, "false alarm: wanted no alarm, got urgent-at-sea"),
    ],
)
def test_what_harms(one: Outcome, what: str) -> None:
    assert [harm.what for harm in harms([one])] == [what]


@pytest.mark.parametrize(
    "one",
    [
        outcome(),
        offered(3),
        outcome(kind="unknown", entries=(), right_at=None, shown_at=None),
        nobody_knows("unknown"),
        nobody_knows("refused"),
        nobody_knows("choices"),
        outcome("urgent", "urgent"),
        outcome("urgent", "urgent", entries=("other",), shown_at=None),
        outcome("urgent", "answer", other_help=True),
        outcome("other", "smalltalk", right_at=None, shown_at=None),
    ],
)
def test_what_does_not_harm(one: Outcome) -> None:
    assert harms([one]) == []


def test_a_harm_says_where_it_stands() -> None:
    assert str(harms([FALSE_ALARM])[0]) == (
        "checks/en/_near_urgent.yaml:2: 'i saw a film about a boat': false alarm: wanted no alarm, got urgent-at-sea"
    )
    assert str(harms([wrong()])[0]) == "'a question': another entry won: wanted right, got other"


def test_a_known_failure_does_not_harm_and_must_keep_failing() -> None:
    known = Check("a question", "en", ("right",), known_failure=True)
    failing, fine = replace(wrong(), check=known), outcome(check=known)
    assert harms([failing, fine]) == []
    assert mended([failing, fine, outcome()]) == [fine]
