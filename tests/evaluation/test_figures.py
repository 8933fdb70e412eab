"""The figures of `evaluate` against values computed by hand."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.asking import Outcome
from bot.evaluation.figures import block, confused, kinds, risk_coverage
from bot.kb.knowledge import Check
from tests.evaluation.outcomes import nobody_knows, offered, outcome, wrong

ANSWERABLE = [
    outcome(confidence=0.95),
    outcome(confidence=0.85),
    wrong(0.75),
    offered(0, 0.6),
    offered(2, 0.55),
    offered(3, 0.45),
    outcome(kind="unknown", confidence=0.1, right_at=None, shown_at=None, entries=()),
    outcome(kind="smalltalk", confidence=0.8, right_at=4, shown_at=None, entries=("greeting",)),
]


def test_answerable_questions() -> None:
    figures = block(ANSWERABLE)
    assert figures["questions"] == 8
    assert figures["accuracy@1"] == 3 / 8
    assert figures["accuracy@3"] == 5 / 8
    assert figures["answered"] == 4 / 8, "three answers and small talk instead of one"
    assert figures["helped"] == 4 / 8, "two right answers, and choices with the right one among the first three"
    assert figures["wrong_answers"] == 2 / 8
    assert figures["urgent_false"] == 0.0


def test_a_list_helps_when_the_right_entry_is_among_its_first_three() -> None:
    listed = [outcome(kind="resources", right_at=place, shown_at=place) for place in range(4)]
    assert block(listed)["helped"] == 3 / 4
    assert block(listed)["answered"] == 0.0


def test_unanswerable_questions() -> None:
    got = ["unknown", "refused", "answer", "smalltalk", "choices", "choices", "resources", "urgent"]
    figures = block([nobody_knows(kind) for kind in got])  # type: ignore[arg-type]
    assert figures["unknown_recall"] == 2 / 8
    assert figures["unknown_answered"] == 3 / 8
    assert figures["unknown_choices"] == 3 / 8
    assert figures["urgent_false"] == 1 / 8
    assert figures["accuracy@1"] is None
    assert figures["helped"] is None


def test_danger() -> None:
    found = outcome("urgent", "urgent")
    missed = outcome("urgent", "choices")
    alarm = outcome("other", "urgent")
    figures = block([found, found, missed, alarm, outcome(), nobody_knows()])
    assert figures["urgent_recall"] == pytest.approx(2 / 3, abs=1e-4)
    assert figures["urgent_false"] == pytest.approx(1 / 3, abs=1e-4), "of the three that are not about danger"


def test_several_questions_must_come_in_order() -> None:
    check = Check("two", "en", ("one", "two"), in_order=True)
    assert outcome(check=check, entries=("one", "two")).right_answer
    assert outcome(check=check, entries=("one", "two", "three")).right_answer
    assert not outcome(check=check, entries=("two", "one")).right_answer
    assert not outcome(check=check, entries=("one",)).right_answer
    assert not outcome(check=check, kind="choices", entries=("one", "two")).right_answer


def test_nothing_has_no_figures() -> None:
    figures = block([])
    assert figures.pop("questions") == 0
    assert set(figures.values()) == {None}
    assert kinds([]) == {}
    assert confused([]) == []
    assert risk_coverage([]) == []


def test_calibration_error() -> None:
    # Bin 0.9: two at 0.95 and 0.91, both right: |0.93 - 1| * 2. Bin 0.4: 0.4 wrong: 0.4 * 1. Bin 1.0 joins bin 0.9.
    outcomes = [outcome(confidence=0.95), outcome(confidence=0.91), wrong(0.4)]
    assert block(outcomes)["ece"] == pytest.approx((0.07 * 2 + 0.4) / 3, abs=1e-4)
    assert block([outcome(confidence=1.0)])["ece"] == 0.0


def test_area_under_the_curve() -> None:
    outcomes = [outcome(confidence=0.9), outcome(confidence=0.6), wrong(0.7), nobody_knows(confidence=0.6)]
    # Pairs (good, other): 0.9 beats 0.7 and 0.6; 0.6 loses to 0.7 and ties with 0.6: (1 + 1 + 0 + 0.5) / 4.
    assert block(outcomes)["auroc"] == 0.625


def test_best_matthews_correlation() -> None:
    split = [outcome(confidence=0.9), outcome(confidence=0.8), nobody_knows(confidence=0.2), wrong(0.1)]
    assert block(split)["mcc"] == 1.0
    # From 0.8 on: tp 1, fp 1, fn 1, tn 1 is 0; from 0.9 on: tp 1, fp 0, fn 1, tn 2: 2 / sqrt(1 * 2 * 2 * 3).
    mixed = [outcome(confidence=0.9), wrong(0.8), outcome(confidence=0.3), nobody_knows(confidence=0.2)]
    assert block(mixed)["mcc"] == pytest.approx(2 / 12**0.5, abs=1e-4)


def test_confidence_that_tells_nothing_has_no_correlation() -> None:
    assert block([outcome(confidence=0.5), wrong(0.5)])["mcc"] == 0.0
    assert block([outcome(confidence=0.5), wrong(0.5)])["auroc"] == 0.5
    assert block([outcome(confidence=0.1), wrong(0.9)])["mcc"] == 0.0


@pytest.mark.parametrize("outcomes", [[outcome()] * 3, [wrong()] * 3])
def test_all_right_or_all_wrong_has_no_correlation(outcomes: list[Outcome]) -> None:
    assert block(outcomes)["mcc"] is None
    assert block(outcomes)["auroc"] is None


def test_kinds_of_reply_are_counted() -> None:
    assert kinds([outcome(), outcome(), offered(0), nobody_knows(), outcome("urgent", "urgent")]) == {
        "answerable": {"answer": 2, "choices": 1},
        "unanswerable": {"unknown": 1},
        "urgent": {"urgent": 1},
    }


def test_entries_taken_for_each_other_are_counted() -> None:
    assert confused([wrong(), wrong(), outcome(), nobody_knows()]) == [
        {"expected": "right", "got": "other", "times": 2}
    ]


def test_risk_and_coverage() -> None:
    outcomes = [outcome(confidence=0.9), wrong(0.8), *([outcome(confidence=0.7)] * 8), nobody_knows(confidence=0.8)]
    rows = {row["coverage"]: row for row in risk_coverage(outcomes)}
    assert rows[1.0] == {"coverage": 1.0, "threshold": 0.7, "wrong_answers": 0.1, "unknown_answered": 1.0}
    assert rows[0.2] == {"coverage": 0.2, "threshold": 0.8, "wrong_answers": 0.1, "unknown_answered": 1.0}
    assert [row["coverage"] for row in risk_coverage([outcome()])] == [c for c in rows if c > 0.5], (
        "at least one question"
    )


def test_a_limit_that_is_recognised_fools_nobody() -> None:
    known = outcome("unanswerable", "unknown", 0.99, right_at=0)
    assert {row["unknown_answered"] for row in risk_coverage([outcome(confidence=0.5), known])} == {0.0}


OUTCOMES = st.builds(
    outcome,
    st.sampled_from(["answerable", "unanswerable", "urgent", "other"]),
    st.sampled_from(["answer", "choices", "resources", "urgent", "unknown", "refused", "smalltalk"]),
    st.floats(0, 1),
    right_at=st.none() | st.integers(0, 5),
    shown_at=st.none() | st.integers(0, 5),
)


@given(st.lists(OUTCOMES, max_size=30))
def test_figures_are_fractions_of_one(outcomes: list[Outcome]) -> None:
    figures = block(outcomes)
    figures.pop("questions")
    assert all(value is None or 0 <= value <= 1 for value in figures.values())
    rows = risk_coverage(outcomes)
    assert all(before["threshold"] <= after["threshold"] for before, after in pairwise(rows))
    assert all(0 <= row["wrong_answers"] <= 1 and 0 <= row["unknown_answered"] <= 1 for row in rows)
