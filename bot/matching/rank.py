"""From scores to ranked candidates: a few measures of how well each of the best entries explains the message."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz

from bot.matching.model import LanguageModel, Vector

TOP = 5
"""Entries that are looked at closely."""
_NEAREST = 4
"""Phrasings of each that are compared word by word."""


@dataclass(frozen=True, slots=True)
class Shortlist:
    """The best entries by linear score, and what is measured of each."""

    entries: tuple[int, ...]
    measures: NDArray[np.float64]
    """One row an entry: score, lead, cosine, cosine lead, closeness to all its phrasings, words explained by the entry,
    by the knowledge base, token set ratio, ratio, shortness of the message."""
    nearest: tuple[int, ...]
    """The nearest phrasing of each entry, as a row of the model."""
    explained_words: tuple[tuple[int, ...], ...]
    """For each entry the positions of the message's words that it uses."""


MEASURES = 10
CONFIDENCE_MEASURES = MEASURES + 2


def shortlist(
    model: LanguageModel,
    words: list[str],
    stems: list[str],
    vector: Vector,
    *,
    top: int = TOP,
    exact: int | None = None,
) -> Shortlist:
    """Measures the `top` entries of a message. The entry `exact` is always among them, one without phrasings never."""
    scores = model.scores(vector)
    asked = np.flatnonzero(np.diff(model.rows_of))
    count = min(top, len(asked))
    best = asked[np.argpartition(-scores[asked], count - 1)[:count]] if count else asked
    best = best[np.lexsort((best, -scores[best]))]
    if exact is not None and exact not in best:
        best[-1] = exact
    rare, users = model.stems.lookup(stems)
    whole = sum(rare) or 1.0
    known = sum(weight for weight, used in zip(rare, users, strict=True) if len(used)) / whole
    text = " ".join(words)
    spread = model.spread(vector)
    uses = np.array([_holds(used, best) for used in users], dtype=bool).reshape(len(users), len(best))
    rows: list[list[float]] = []
    nearest: list[int] = []
    explained: list[tuple[int, ...]] = []
    for place, entry in enumerate(best.tolist()):
        cosines = model.cosines(spread, entry)
        first = int(model.rows_of[entry])
        order = np.argsort(-cosines, kind="stable")[:_NEAREST]
        near = [model.phrasings[first + int(row)] for row in order]
        mine = tuple(np.flatnonzero(uses[:, place]).tolist())
        rows.append(
            [
                float(scores[entry]),
                0.0,
                float(cosines[order[0]]) if len(order) else 0.0,
                0.0,
                float(np.log1p(np.exp(10.0 * cosines.astype(np.float64)).sum())) / 10.0,
                sum(rare[at] for at in mine) / whole,
                known,
                max((fuzz.token_set_ratio(text, phrasing) for phrasing in near), default=0.0) / 100.0,
                max((fuzz.ratio(text, phrasing) for phrasing in near), default=0.0) / 100.0,
                1.0 / max(1, len(words)),
            ]
        )
        nearest.append(first + int(order[0]) if len(order) else first)
        explained.append(mine)
    measures = np.array(rows, dtype=np.float64).reshape(len(rows), MEASURES)
    measures[:, 1] = _lead(measures[:, 0])
    measures[:, 3] = _lead(measures[:, 2])
    return Shortlist(tuple(best.tolist()), measures, tuple(nearest), tuple(explained))


def reranked(
    model: LanguageModel, found: Shortlist, exact: int | None = None
) -> tuple[list[int], NDArray[np.float64]]:
    """Positions in the shortlist, best first, and the probability of each (by position) to be the right entry.

    `exact` is the entry that has the message as a phrasing, if just one has: it comes first, so that a moderator who
    teaches an entry a message can rely on it.
    """
    if model.rerank is None or not len(found.entries):
        likelihood = 1.0 / (1.0 + np.exp(-2.0 * found.measures[:, 0])) if len(found.entries) else np.empty(0)
    else:
        likelihood = model.rerank.probability(found.measures)
    order = sorted(
        range(len(found.entries)),
        key=lambda at: (found.entries[at] != exact, -likelihood[at], -found.measures[at, 0], at),
    )
    return order, likelihood


def confidence_measures(found: Shortlist, order: list[int], likelihood: NDArray[np.float64]) -> NDArray[np.float64]:
    """What the confidence of the first candidate is judged by: its own measures, its likelihood and its lead."""
    first = order[0]
    second = float(likelihood[order[1]]) if len(order) > 1 else 0.0
    best = float(likelihood[first])
    extra = [_logit(best), _logit(best) - _logit(second)]
    return np.concatenate([found.measures[first], np.array(extra)])


def _logit(probability: float) -> float:
    clipped = min(max(probability, 1e-4), 1 - 1e-4)
    return float(np.log(clipped / (1 - clipped)))


def _lead(column: NDArray[np.float64]) -> NDArray[np.float64]:
    """Each value less the best of the others."""
    if len(column) < 2:
        return column.copy()
    order = np.argsort(-column)
    best, second = column[order[0]], column[order[1]]
    lead = column - best
    lead[order[0]] = best - second
    return np.asarray(lead, dtype=np.float64)


def _holds(used: NDArray[np.uint16], entries: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which of `entries` are among `used`, which is sorted."""
    if not len(used):
        return np.zeros(len(entries), dtype=bool)
    at = np.minimum(np.searchsorted(used, entries), len(used) - 1)
    return np.asarray(used[at] == entries, dtype=bool)
