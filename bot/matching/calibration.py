"""Learns from the phrasings alone how far a match can be trusted.

A fifth of the entries and a fifth of the other entries' phrasings are hidden, a model is trained on the rest, and the hidden
phrasings are asked: those of kept entries have a right answer, those of hidden entries have none, like a question that
nobody foresaw. Rotating the fifths gives every phrasing an honest score. Without the hidden entries confidence comes out
worse than the raw score (measured on CLINC150).
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from bot.matching.assembly import Phrasing, assemble
from bot.matching.corpus import Corpus
from bot.matching.logistic import fit
from bot.matching.model import Head, Thresholds
from bot.matching.rank import CONFIDENCE_MEASURES, MEASURES, Shortlist, confidence_measures, shortlist

PARTS = 5
"""Entries and phrasings are cut into so many parts, and one of each is hidden at a time."""
ROTATE_UP_TO = 4_000
"""With more phrasings one part hidden once tells enough, and each time costs a training."""
SAMPLE_FROM = 20_000
"""With more phrasings half as many are enough to learn from, of entries drawn at random."""
MOST_HELD_OUT = 600
"""Held-out phrasings asked in a rotation; more don't change the heads."""
WRONG_AT_MOST = 0.03
"""Share of held-out questions that may be answered wrongly; of what people send it is less, see `RIGHT`."""
LEAST_ANSWER = 0.5
UNFORESEEN = 0.15
"""Share of questions that no entry answers, in what people send: the hidden entries are weighed to that."""
RIGHT = 0.82
"""Share of answerable questions whose first candidate is right. Hidden phrasings are harder than what people send, because
moderators write them to differ in words: half of them are right, against 85 % of questions written by others (measured on
the shipped knowledge base). The hidden phrasings are weighed to this share."""
CHOICES_FROM, LEAST_CHOICES = 0.3, 0.12
"""Choices are offered from a confidence between these."""
WORTH_OFFERING = 0.45
"""Share of messages of a confidence whose right entry must be among the first three."""
LEAST_ASKED = 60
"""From fewer held-out phrasings, or from nothing but hits or misses, nothing can be learnt."""


@dataclass(frozen=True, slots=True)
class Heads:
    rerank: Head
    confidence: Head
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class _Asked:
    """A hidden phrasing's shortlist, the position in it of the right entry (-1 when absent), and the part it is
    counted to when heads are judged on what they were not fitted on."""

    found: Shortlist
    right: int
    hidden_entry: bool
    part: int


def learn_heads(corpus: Corpus, phrasings: list[Phrasing], seed: int = 1) -> Heads:
    """The re-ranking and confidence heads and the thresholds, cross-fitted over the parts."""
    if len(phrasings) > SAMPLE_FROM:
        corpus, phrasings = _sample(corpus, phrasings, seed)
    asked = _ask_hidden(corpus, phrasings, seed)
    if len(asked) < LEAST_ASKED or {one.right >= 0 for one in asked} != {True, False}:
        return Heads(_untaught(MEASURES), _untaught(CONFIDENCE_MEASURES), Thresholds(LEAST_ANSWER, CHOICES_FROM))
    rerank = _fit_rerank(asked)
    return Heads(rerank, _fit_confidence(asked, rerank), _thresholds(asked))


def _sample(corpus: Corpus, phrasings: list[Phrasing], seed: int) -> tuple[Corpus, list[Phrasing]]:
    """Some of the entries with all their phrasings, as a corpus of its own."""
    share = SAMPLE_FROM / 2 / len(phrasings)
    chance = np.random.default_rng(seed)
    kept = sorted(chance.permutation(len(corpus.entries))[: max(2, round(share * len(corpus.entries)))].tolist())
    place = {entry: at for at, entry in enumerate(kept)}
    mine = [replace(one, entry=place[one.entry]) for one in phrasings if one.entry in place]
    return replace(corpus, entries=tuple(corpus.entries[entry] for entry in kept), phrasings=()), mine


def _untaught(width: int) -> Head:
    """A head for a language with hardly any phrasings: a message in their very words is sure, gibberish is not."""
    weights = [0.0] * width
    weights[2], weights[5] = 6.0, 4.0  # cosine, and words explained by the entry
    return Head(tuple(weights), -7.0, (0.0,) * width, (1.0,) * width)


def _ask_hidden(corpus: Corpus, phrasings: list[Phrasing], seed: int) -> list[_Asked]:
    chance = np.random.default_rng(seed)
    entry_part = chance.permutation(len(corpus.entries)) % PARTS
    phrasing_part = chance.permutation(len(phrasings)) % PARTS
    asked: list[_Asked] = []
    for rotation in range(PARTS if len(phrasings) <= ROTATE_UP_TO else 1):
        hidden_entry = np.array([entry_part[phrasing.entry] == rotation for phrasing in phrasings], dtype=bool)
        hidden = hidden_entry | (phrasing_part == rotation)
        kept = [phrasing for phrasing, gone in zip(phrasings, hidden, strict=True) if not gone]
        if len(kept) < 2:
            continue
        model = assemble(corpus, kept)
        places = np.flatnonzero(hidden)
        most = MOST_HELD_OUT if len(phrasings) <= ROTATE_UP_TO else MOST_HELD_OUT * PARTS
        if len(places) > most:
            places = np.sort(chance.choice(places, most, replace=False))
        for place in places.tolist():
            phrasing = phrasings[place]
            vector = model.space.vector(phrasing.parts)
            found = shortlist(model, list(phrasing.words), list(phrasing.stems), vector)
            gone = bool(hidden_entry[place])
            right = -1 if gone or phrasing.entry not in found.entries else found.entries.index(phrasing.entry)
            asked.append(_Asked(found, right, gone, len(asked) % PARTS))
    return asked


def _fit_rerank(asked: list[_Asked]) -> Head:
    rows = [one.found.measures for one in asked if not one.hidden_entry]
    right = [np.arange(len(one.found.entries)) == one.right for one in asked if not one.hidden_entry]
    if not rows:
        return fit(np.empty((0, MEASURES)), np.empty(0, dtype=bool))
    return fit(np.concatenate(rows), np.concatenate(right))


def _fit_confidence(asked: list[_Asked], rerank: Head) -> Head:
    rows, right = _confidence_rows(asked, rerank)
    return fit(rows, right, _importance(asked, right))


def _importance(asked: list[_Asked], right: NDArray[np.bool_]) -> NDArray[np.float64]:
    """Weights that bring the hidden phrasings to the mix that people send."""
    unforeseen = np.array([one.hidden_entry for one in asked], dtype=bool)
    wanted = (
        (unforeseen, UNFORESEEN),
        (right, (1 - UNFORESEEN) * RIGHT),
        (~unforeseen & ~right, (1 - UNFORESEEN) * (1 - RIGHT)),
    )
    weights = np.ones(len(asked))
    for group, share in wanted:
        if group.any():
            weights[group] = share * len(asked) / group.sum()
    return weights


def _confidence_rows(asked: list[_Asked], rerank: Head) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rows, right = [], []
    for one in asked:
        order, likelihood = _order(one.found, rerank)
        rows.append(confidence_measures(one.found, order, likelihood))
        right.append(order[0] == one.right)
    return np.array(rows).reshape(len(rows), CONFIDENCE_MEASURES), np.array(right, dtype=bool)


def _order(found: Shortlist, rerank: Head) -> tuple[list[int], NDArray[np.float64]]:
    likelihood = rerank.probability(found.measures)
    order = sorted(range(len(found.entries)), key=lambda at: (-likelihood[at], -found.measures[at, 0], at))
    return order, likelihood


@dataclass(frozen=True, slots=True)
class _Judged:
    """Hidden phrasings with the confidence that heads fitted on other parts give them."""

    sure: NDArray[np.float64]
    right: NDArray[np.bool_]
    among_three: NDArray[np.bool_]
    unforeseen: NDArray[np.bool_]
    weight: NDArray[np.float64]


def _judge(asked: list[_Asked]) -> _Judged | None:
    parts: list[_Judged] = []
    for part in range(PARTS):
        others = [one for one in asked if one.part != part]
        mine = [one for one in asked if one.part == part]
        if not others or not mine:
            continue
        rerank = _fit_rerank(others)
        head = _fit_confidence(others, rerank)
        rows, right = _confidence_rows(mine, rerank)
        near = np.array([one.right in _order(one.found, rerank)[0][:3] for one in mine], dtype=bool)
        unforeseen = np.array([one.hidden_entry for one in mine], dtype=bool)
        parts.append(_Judged(head.probability(rows), right, near, unforeseen, _importance(mine, right)))
    if not parts:
        return None
    return _Judged(
        np.concatenate([part.sure for part in parts]),
        np.concatenate([part.right for part in parts]),
        np.concatenate([part.among_three for part in parts]),
        np.concatenate([part.unforeseen for part in parts]),
        np.concatenate([part.weight for part in parts]),
    )


def _thresholds(asked: list[_Asked]) -> Thresholds:
    """Both thresholds, judged on parts that the heads were not fitted on."""
    judged = _judge(asked)
    if judged is None:
        return Thresholds(LEAST_ANSWER, CHOICES_FROM)
    answer = _answer_from(judged)
    return Thresholds(answer, min(answer, _choices_from(judged)))


def _answer_from(judged: _Judged) -> float:
    """The lowest confidence from which wrong answers to answerable questions stay rare."""
    known = ~judged.unforeseen
    order = np.argsort(-judged.sure[known])
    weight = judged.weight[known][order]
    share = np.cumsum(~judged.right[known][order] * weight) / weight.sum()
    allowed = np.flatnonzero(share <= WRONG_AT_MOST)
    lowest = float(judged.sure[known][order][allowed[-1]]) if len(allowed) else 1.0
    return round(min(max(lowest, LEAST_ANSWER), 0.95), 4)


def _choices_from(judged: _Judged) -> float:
    """The lowest confidence at which the right entry is among the first three often enough to be worth offering them."""
    for at in np.arange(LEAST_CHOICES, CHOICES_FROM, 0.02):
        near = (judged.sure >= at) & (judged.sure < at + 0.1)
        whole = float(judged.weight[near].sum())
        if whole and float(judged.weight[near & judged.among_three].sum()) / whole >= WORTH_OFFERING:
            return round(float(at), 4)
    return CHOICES_FROM
