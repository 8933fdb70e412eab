"""What the benchmark measures, from ranked labels alone. Shares are per cent."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from tests.bench.intent_data import UNKNOWN

QUANTILES = 60
HALVINGS = 5


@dataclass(frozen=True, slots=True)
class Ranked:
    """What a system makes of one message."""

    labels: tuple[str, ...]
    """Best first."""
    confidence: float
    """Of the first; on any scale, larger is surer."""
    choices: tuple[str, ...] = ()
    """What it would offer if it did not answer; empty when it would say that it doesn't know."""
    asks_back: bool = False
    """It never answers this message at once, however confident it is."""

    @property
    def first(self) -> str | None:
        return self.labels[0] if self.labels else None


def right(ranked: Sequence[Ranked], gold: Sequence[str], among: int = 1) -> float:
    """How often the right label is among the first so many."""
    return 100 * _mean([label in one.labels[:among] for one, label in zip(ranked, gold, strict=True)])


def paper_rule(
    in_scope: Sequence[Ranked], gold: Sequence[str], out_of_scope: Sequence[Ranked], weight: float = 1.0
) -> tuple[float, float]:
    """In-scope messages answered rightly, and out-of-scope ones refused, by the rule of Larson et al. (EMNLP 2019).

    The rule takes the threshold that gets most messages right over both kinds together. Here it is chosen on one random half
    and measured on the other, five times; the mean is given. `weight` is how many messages one in-scope message stands
    for, when only a sample of them was ranked.
    """
    sure, good = _sure(in_scope), _good(in_scope, gold)
    outside = _sure(out_of_scope)
    kept, refused = [], []
    for seed in range(HALVINGS):
        chance = np.random.default_rng(seed)
        one, other = _halves(len(sure), chance)
        this, that = _halves(len(outside), chance)
        threshold = _best_threshold(sure[one], good[one], outside[this], weight)
        kept.append(_mean(good[other] & (sure[other] >= threshold)))
        refused.append(_mean(outside[that] < threshold))
    return 100 * _mean(kept), 100 * _mean(refused)


def best_mcc(ranked: Sequence[Ranked], gold: Sequence[str]) -> float:
    """The best Matthews correlation, -1 to 1, of "confident enough" with "right", over 60 quantiles of the confidence.

    A message that no entry answers has a label that no system knows, so that no answer to it is right. A rule that treats
    all messages alike has 0 and is always there to be chosen. What is right differs from system to system: one that is
    rarely right, and then sure, does well. To compare systems take `best_label_mcc`.
    """
    sure, good = _sure(ranked), _good(ranked, gold)
    pairs = ((sure >= threshold, good) for threshold in _thresholds(sure))
    return max([0.0, *(_mcc(said.astype(int).tolist(), truth.astype(int).tolist()) for said, truth in pairs)])


def best_label_mcc(ranked: Sequence[Ranked], gold: Sequence[str], unknown: str = UNKNOWN) -> float:
    """The best Matthews correlation, -1 to 1, of the labels given with the right ones, over the same 60 thresholds.

    Below the threshold the label given is `unknown`, which is also the right one of messages that no entry answers.
    """
    known = {
        label: at
        for at, label in enumerate(dict.fromkeys([unknown, *gold, *(one.first or unknown for one in ranked)]))
    }
    truth = [known[label] for label in gold]
    said = (
        [known[(one.first or unknown) if one.confidence >= at else unknown] for one in ranked]
        for at in _thresholds(_sure(ranked))
    )
    return max([0.0, *(_mcc(labels, truth) for labels in said)])


def three_way(ranked: Sequence[Ranked], gold: Sequence[str], answered: float = 0.67) -> tuple[float, float]:
    """Messages helped and messages answered wrongly, when at least the share `answered` of all is answered, the surest.

    Helped: answered rightly, or not answered with the right label among the first three choices.
    """
    can = np.array([not one.asks_back for one in ranked], dtype=bool)
    sure, good = np.where(can, _sure(ranked), -np.inf), _good(ranked, gold)
    wanted = min(math.ceil(answered * len(ranked)), int(can.sum()))
    said = can & (sure >= np.sort(sure)[::-1][wanted - 1]) if wanted else np.zeros(len(ranked), dtype=bool)
    offered = np.array([label in one.choices[:3] for one, label in zip(ranked, gold, strict=True)], dtype=bool)
    return 100 * _mean(np.where(said, good, offered)), 100 * _mean(said & ~good)


def risk_coverage(ranked: Sequence[Ranked], gold: Sequence[str]) -> list[tuple[float, float]]:
    """For each per cent of messages answered, the surest first: (share answered, share of those answered wrongly)."""
    sure, good = _sure(ranked), _good(ranked, gold)
    wrong = np.cumsum(~good[np.argsort(-sure, kind="stable")])
    counts = sorted({max(1, round(len(ranked) * share / 100)) for share in range(1, 101)} if len(ranked) else ())
    return [(100 * count / len(ranked), 100 * int(wrong[count - 1]) / count) for count in counts]


def _thresholds(sure: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.quantile(sure, np.linspace(0, 1, QUANTILES)) if len(sure) else sure


def _mcc(said: Sequence[int], truth: Sequence[int]) -> float:
    """Matthews correlation of two lists of classes numbered from 0 (Gorodkin 2004); 0 where either has but one class."""
    classes = max([*said, *truth]) + 1
    given, wanted = np.bincount(said, minlength=classes), np.bincount(truth, minlength=classes)
    count, hits = len(truth), sum(map(int.__eq__, said, truth))
    below = (count**2 - int(given @ given)) * (count**2 - int(wanted @ wanted))
    return (hits * count - int(given @ wanted)) / math.sqrt(below) if below else 0.0


def _best_threshold(
    sure: NDArray[np.float64], good: NDArray[np.bool_], outside: NDArray[np.float64], weight: float
) -> float:
    """The lowest of the best thresholds; infinity refuses everything."""
    candidates = np.append(np.unique(np.concatenate([sure, outside])), np.inf)
    gained = [weight * int((good & (sure >= at)).sum()) + int((outside < at).sum()) for at in candidates]
    return float(candidates[int(np.argmax(gained))])


def _halves(count: int, chance: np.random.Generator) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    order = chance.permutation(count)
    return order[: count // 2], order[count // 2 :]


def _sure(ranked: Sequence[Ranked]) -> NDArray[np.float64]:
    return np.array([one.confidence for one in ranked], dtype=np.float64)


def _good(ranked: Sequence[Ranked], gold: Sequence[str]) -> NDArray[np.bool_]:
    return np.array([one.first == label for one, label in zip(ranked, gold, strict=True)], dtype=bool)


def _mean(values: Sequence[float] | Sequence[bool] | NDArray[np.bool_]) -> float:
    return float(np.mean(values)) if len(values) else 0.0
