"""Outcomes of questions, made by hand."""

from __future__ import annotations

from bot.answering.reply import Kind
from bot.evaluation.asking import Category, Outcome
from bot.kb.knowledge import Check


def outcome(
    category: Category = "answerable",
    kind: Kind = "answer",
    confidence: float = 0.9,
    *,
    right_at: int | None = 0,
    shown_at: int | None = 0,
    entries: tuple[str, ...] = ("right",),
    ranked: tuple[str, ...] = ("right",),
    check: Check | None = None,
    other_help: bool = False,
) -> Outcome:
    """By default an answerable question that was answered rightly."""
    return Outcome(
        check=check or Check("a question", "en", ("right",)),
        category=category,
        kind=kind,
        entries=entries,
        ranked=ranked,
        confidence=confidence,
        right_at=right_at,
        shown_at=shown_at,
        other_help=other_help,
    )


def wrong(confidence: float = 0.9) -> Outcome:
    """Answered, and wrongly; the right entry came second."""
    return outcome(
        confidence=confidence, right_at=1, shown_at=None, entries=("other",), ranked=("other", "right", "third")
    )


def offered(place: int, confidence: float = 0.5) -> Outcome:
    """Choices, with the right one at a place from 0."""
    return outcome(kind="choices", confidence=confidence, right_at=place, shown_at=place)


def nobody_knows(kind: Kind = "unknown", confidence: float = 0.2) -> Outcome:
    """A question without an answer, and what it got."""
    return outcome(
        "unanswerable", kind, confidence, right_at=None, shown_at=None, entries=(), ranked=("other",),
        check=Check("who wins the cup", "en", kind="unknown"),
    )  # fmt: skip
