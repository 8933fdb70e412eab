"""Learns from the phrasings alone how far a match can be trusted.

A third of the entries and a third of the other entries' phrasings are hidden, a model is trained on the rest, and the hidden
phrasings are asked: those of kept entries have a right answer, those of hidden entries have none, like a question that
nobody foresaw. Rotating the thirds gives every phrasing an honest score. Without the hidden entries confidence comes out
worse than the raw score (measured on CLINC150).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from bot.matching.corpus import Corpus
from bot.matching.logistic import fit
from bot.matching.model import Head, LanguageModel, Thresholds
from bot.matching.rank import MEASURES, Shortlist, confidence_measures, shortlist

if TYPE_CHECKING:
    from bot.matching.build import Phrasing

THIRDS = 3
MOST_HELD_OUT = 1_500
"""Held-out phrasings asked in a rotation; more don't change the heads."""
WRONG_AT_MOST = 0.02
"""Share of held-out questions that may be answered wrongly."""
LEAST_ANSWER = 0.5
CHOICES_FROM = 0.12


@dataclass(frozen=True, slots=True)
class Heads:
    rerank: Head
    confidence: Head
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class _Asked:
    """A hidden phrasing's shortlist, the position in it of the right entry (-1 when absent), and its rotation."""

    found: Shortlist
    right: int
    hidden_entry: bool
    rotation: int


def learn_heads(
    corpus: Corpus,
    phrasings: list[Phrasing],
    assemble: Callable[[Corpus, list[Phrasing]], LanguageModel],
    seed: int = 1,
) -> Heads:
    """The re-ranking and confidence heads and the thresholds, cross-fitted over the rotations."""
    asked = _ask_hidden(corpus, phrasings, assemble, seed)
    rerank = _fit_rerank(asked)
    rows, right = _confidence_rows(asked, rerank)
    confidence = fit(rows, right)
    return Heads(rerank, confidence, _thresholds(asked))


def _ask_hidden(
    corpus: Corpus,
    phrasings: list[Phrasing],
    assemble: Callable[[Corpus, list[Phrasing]], LanguageModel],
    seed: int,
) -> list[_Asked]:
    chance = np.random.default_rng(seed)
    entry_third = chance.permutation(len(corpus.entries)) % THIRDS
    phrasing_third = chance.permutation(len(phrasings)) % THIRDS
    asked: list[_Asked] = []
    for rotation in range(THIRDS):
        hidden_entry = np.array([entry_third[phrasing.entry] == rotation for phrasing in phrasings], dtype=bool)
        hidden = hidden_entry | (phrasing_third == rotation)
        kept = [phrasing for phrasing, gone in zip(phrasings, hidden, strict=True) if not gone]
        if len(kept) < 2:
            continue
        model = assemble(corpus, kept)
        places = np.flatnonzero(hidden)
        if len(places) > MOST_HELD_OUT:
            places = np.sort(chance.choice(places, MOST_HELD_OUT, replace=False))
        for place in places.tolist():
            phrasing = phrasings[place]
            vector = model.space.vector(phrasing.parts)
            found = shortlist(model, list(phrasing.words), list(phrasing.stems), vector)
            gone = bool(hidden_entry[place])
            right = -1 if gone or phrasing.entry not in found.entries else found.entries.index(phrasing.entry)
            asked.append(_Asked(found, right, gone, rotation))
    return asked


def _fit_rerank(asked: list[_Asked]) -> Head:
    rows = [one.found.measures for one in asked if not one.hidden_entry]
    right = [np.arange(len(one.found.entries)) == one.right for one in asked if not one.hidden_entry]
    if not rows:
        return fit(np.empty((0, MEASURES)), np.empty(0, dtype=bool))
    return fit(np.concatenate(rows), np.concatenate(right))


def _confidence_rows(asked: list[_Asked], rerank: Head) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    rows, right = [], []
    for one in asked:
        order, likelihood = _order(one.found, rerank)
        rows.append(confidence_measures(one.found, order, likelihood))
        right.append(order[0] == one.right)
    return np.array(rows).reshape(len(rows), MEASURES + 2), np.array(right, dtype=bool)


def _order(found: Shortlist, rerank: Head) -> tuple[list[int], NDArray[np.float64]]:
    likelihood = rerank.probability(found.measures)
    order = sorted(range(len(found.entries)), key=lambda at: (-likelihood[at], -found.measures[at, 0], at))
    return order, likelihood


def _thresholds(asked: list[_Asked]) -> Thresholds:
    """The lowest confidence from which wrong answers to answerable questions stay rare, judged on rotations that the
    heads were not fitted on."""
    sure: list[NDArray[np.float64]] = []
    wrong: list[NDArray[np.bool_]] = []
    for rotation in sorted({one.rotation for one in asked}):
        others = [one for one in asked if one.rotation != rotation]
        mine = [one for one in asked if one.rotation == rotation and not one.hidden_entry]
        if not others or not mine:
            continue
        rerank = _fit_rerank(others)
        head = fit(*_confidence_rows(others, rerank))
        rows, right = _confidence_rows(mine, rerank)
        sure.append(head.probability(rows))
        wrong.append(~right)
    if not sure:
        return Thresholds(LEAST_ANSWER, CHOICES_FROM)
    confidence, mistaken = np.concatenate(sure), np.concatenate(wrong)
    order = np.argsort(-confidence)
    share = np.cumsum(mistaken[order]) / len(order)
    allowed = np.flatnonzero(share <= WRONG_AT_MOST)
    lowest = float(confidence[order[allowed[-1]]]) if len(allowed) else 1.0
    return Thresholds(round(min(max(lowest, LEAST_ANSWER), 0.95), 4), CHOICES_FROM)
