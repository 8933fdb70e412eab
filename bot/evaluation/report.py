"""What `evaluate` prints and gives as JSON."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.evaluation.asking import Outcome
from bot.evaluation.figures import block, confused, kinds, risk_coverage
from bot.evaluation.gate import harms, mended

_LISTED = 40


def as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """All figures, overall and by language, known failures counted too, with what went wrong."""
    languages = sorted({one.check.lang or "" for one in outcomes})
    return {
        "overall": block(outcomes),
        "languages": {
            lang or "unsaid": block([one for one in outcomes if (one.check.lang or "") == lang]) for lang in languages
        },
        "kinds": kinds(outcomes),
        "confused": confused(outcomes),
        "overmatches": [
            {
                "text": harm.outcome.check.text,
                "where": harm.outcome.check.where,
                "expect": list(harm.outcome.check.expect),
                "got": list(harm.outcome.entries),
                "kind": harm.outcome.kind,
                "what": harm.what,
            }
            for harm in harms(outcomes)
        ],
        "mended": [{"text": one.check.text, "where": one.check.where} for one in mended(outcomes)],
        "known_failures": sum(one.check.known_failure for one in outcomes),
        "risk_coverage": risk_coverage(outcomes),
    }


def show(report: dict[str, Any], console: Console) -> None:
    """Prints the figures as tables."""
    table = Table("figure", "overall", *report["languages"], title="Figures (fractions of 1)")
    for name in report["overall"]:
        values = [report["overall"][name], *(language[name] for language in report["languages"].values())]
        table.add_row(name, *("-" if value is None else f"{value}" for value in values))
    console.print(table)
    replies = Table("questions that are", "got", title="Kinds of reply")
    for category, counts in report["kinds"].items():
        replies.add_row(category, ", ".join(f"{kind} {n}" for kind, n in counts.items()))
    console.print(replies)
    coverage = Table("answered", "from confidence", "wrong", "unanswerable answered", title="Risk and coverage")
    for row in report["risk_coverage"]:
        coverage.add_row(*(f"{row[name]}" for name in ("coverage", "threshold", "wrong_answers", "unknown_answered")))
    console.print(coverage)
    for pair in report["confused"][:_LISTED]:
        console.print(f"taken for each other: {pair['expected']} / {pair['got']} ({pair['times']})", markup=False)
    for harm in report["overmatches"][:_LISTED]:
        console.print(f"{harm['where']}: {harm['text']!r}: {harm['what']}", markup=False, soft_wrap=True)
    if len(report["overmatches"]) > _LISTED:
        console.print(f"... and {len(report['overmatches']) - _LISTED} more")
    for one in report["mended"]:
        console.print(
            f"{one['where']}: {one['text']!r}: no longer fails; take it off the known failures", markup=False
        )
