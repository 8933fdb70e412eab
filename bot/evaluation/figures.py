"""The figures of `evaluate`. All are fractions of 1; a figure of nothing is None."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.evaluation.asking import Outcome

QUANTILES = 60
BINS = 10
_COVERAGES = (1.0, 0.95, 0.9, 0.85, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2)


def block(outcomes: Sequence[Outcome]) -> dict[str, float | int | None]:
    """Every figure over the given questions."""
    answerable = [one for one in outcomes if one.category == "answerable"]
    unanswerable = [one for one in outcomes if one.category == "unanswerable"]
    urgent = [one for one in outcomes if one.category == "urgent"]
    others = [one for one in outcomes if one.category != "urgent"]
    sure = np.array([one.confidence for one in outcomes])
    right = np.array([one.right_at == 0 for one in outcomes], dtype=bool)
    good = np.array([one.right_at == 0 and one.category == "answerable" for one in outcomes], dtype=bool)
    return {
        "questions": len(outcomes),
        "accuracy@1": _share(one.right_at == 0 for one in answerable),
        "accuracy@3": _share(one.right_at is not None and one.right_at < 3 for one in answerable),
        "answered": _share(one.answered for one in answerable),
        "helped": _share(one.helped for one in answerable),
        "wrong_answers": _share(one.answered and not one.right_answer for one in answerable),
        "unknown_recall": _share(one.kind in ("unknown", "refused") for one in unanswerable),
        "unknown_answered": _share(one.kind in ("answer", "smalltalk", "urgent") for one in unanswerable),
        "unknown_choices": _share(one.kind in ("choices", "resources") for one in unanswerable),
        "urgent_recall": _share(one.kind == "urgent" for one in urgent),
        "urgent_false": _share(one.kind == "urgent" for one in others),
        "ece": _ece(sure, right),
        "mcc": _mcc(sure, good),
        "auroc": _auroc(sure, good),
    }


def kinds(outcomes: Sequence[Outcome]) -> dict[str, dict[str, int]]:
    """How often each category of question got each kind of reply."""
    table: dict[str, Counter[str]] = {}
    for one in outcomes:
        table.setdefault(one.category, Counter())[one.kind] += 1
    return {category: dict(counts.most_common()) for category, counts in sorted(table.items())}


def confused(outcomes: Sequence[Outcome], most: int = 20) -> list[dict[str, Any]]:
    """Pairs of entries that are taken for each other, most often first."""
    pairs = Counter(
        (one.check.expect[0], one.ranked[0])
        for one in outcomes
        if one.check.expect and one.ranked and one.right_at != 0
    )
    return [{"expected": expected, "got": got, "times": n} for (expected, got), n in pairs.most_common(most)]


def risk_coverage(outcomes: Sequence[Outcome]) -> list[dict[str, float]]:
    """What would be answered wrongly if the bot answered a given share of the answerable questions, the surest first.

    `unknown_answered` is the share of unanswerable questions whose first candidate is an answer at that threshold.
    """
    answerable = sorted((one for one in outcomes if one.category == "answerable"), key=lambda one: -one.confidence)
    unanswerable = [one for one in outcomes if one.category == "unanswerable" and one.right_at != 0]
    total = sum(one.category == "unanswerable" for one in outcomes)
    table = []
    for coverage in _COVERAGES:
        count = round(coverage * len(answerable))
        if not count:
            continue
        threshold = answerable[count - 1].confidence
        wrong = sum(one.right_at != 0 for one in answerable[:count]) / len(answerable)
        fooled = sum(one.confidence >= threshold for one in unanswerable) / total if total else 0.0
        table.append(
            {
                "coverage": coverage,
                "threshold": round(threshold, 4),
                "wrong_answers": round(wrong, 4),
                "unknown_answered": round(fooled, 4),
            }
        )
    return table


def _share(values: Any) -> float | None:
    known = list(values)
    return round(sum(map(bool, known)) / len(known), 4) if known else None


def _ece(sure: NDArray[np.float64], right: NDArray[np.bool_]) -> float | None:
    """Expected calibration error over ten bins of equal width (Guo et al., ICML 2017)."""
    if not len(sure):
        return None
    bins = np.minimum((sure * BINS).astype(int), BINS - 1)
    gaps = [
        abs(float(sure[bins == at].mean()) - float(right[bins == at].mean())) * int((bins == at).sum())
        for at in range(BINS)
        if (bins == at).any()
    ]
    return round(sum(gaps) / len(sure), 4)


def _mcc(sure: NDArray[np.float64], good: NDArray[np.bool_]) -> float | None:
    """The best Matthews correlation of "confident enough" with "answerable and right" over quantile thresholds."""
    if not len(sure) or good.all() or not good.any():
        return None
    best = 0.0  # of a rule that treats all alike, which is always there to be chosen
    for threshold in np.quantile(sure, np.linspace(0, 1, QUANTILES)):
        said = sure >= threshold
        tp, fp = int((said & good).sum()), int((said & ~good).sum())
        fn, tn = int((~said & good).sum()), int((~said & ~good).sum())
        below = float(tp + fp) * (tp + fn) * (tn + fp) * (tn + fn)
        if below > 0:
            best = max(best, (float(tp) * tn - float(fp) * fn) / below**0.5)
    return round(best, 4)


def _auroc(sure: NDArray[np.float64], good: NDArray[np.bool_]) -> float | None:
    """The chance that an answerable and right question is surer than any other; ties count half."""
    if not len(sure) or good.all() or not good.any():
        return None
    order = np.argsort(sure, kind="stable")
    _, inverse, counts = np.unique(sure[order], return_inverse=True, return_counts=True)
    ends = np.cumsum(counts)
    ranks = np.empty(len(sure))
    ranks[order] = (ends - (counts - 1) / 2.0)[inverse]
    positives = int(good.sum())
    area = (float(ranks[good].sum()) - positives * (positives + 1) / 2) / (positives * (len(sure) - positives))
    return round(area, 4)
