"""The over-match gate: no known question may go wrong in a way that harms, and known failures must be listed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.evaluation.asking import Outcome


@dataclass(frozen=True, slots=True)
class Harm:
    """A question that went wrong: what was wanted and what came."""

    outcome: Outcome
    what: str

    def __str__(self) -> str:
        check = self.outcome.check
        place = f"{check.where}: " if check.where else ""
        return f"{place}{check.text!r}: {self.what}"


def harms(outcomes: Sequence[Outcome]) -> list[Harm]:
    """Questions that another entry won, that were answered though nobody can know, or whose danger was missed."""
    return [Harm(one, what) for one in outcomes if not one.check.known_failure and (what := _harm(one)) is not None]


def mended(outcomes: Sequence[Outcome]) -> list[Outcome]:
    """Known failures that no longer fail: take them off the list."""
    return [one for one in outcomes if one.check.known_failure and _harm(one) is None]


def _harm(one: Outcome) -> str | None:
    wanted = ", ".join(one.check.expect or one.check.topics) or one.check.kind or "no alarm"
    got = one.entries[0] if one.entries else one.kind
    if one.category == "urgent":
        if one.kind == "urgent" or one.other_help:
            return None
        return f"danger was missed: wanted {wanted}, got {one.kind} {got}"
    if one.kind == "urgent":
        return f"false alarm: wanted {wanted}, got {got}"
    if one.category == "unanswerable" and one.answered:
        return f"was answered: wanted {wanted}, got {got}"
    if one.category == "answerable" and one.answered and not one.right_answer:
        return f"another entry won: wanted {wanted}, got {got}"
    return None
