"""With many entries, which ones a phrasing has to be told apart from: those that share its rarer words."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np

from bot.matching.linear import Ints
from bot.matching.model import StemIndex

ALL_UP_TO = 250
"""With fewer entries every phrasing is told apart from all of them."""
SHARING, SHARING_WITH_MANY = 56, 24
"""Entries with the most words in common; fewer where there are more than `MANY`, to keep training short."""
MANY = 1_000
CHANCE = 8
"""Entries drawn at random, so that each learns a bias."""


class HasStems(Protocol):
    @property
    def entry(self) -> int: ...
    @property
    def stems(self) -> tuple[str, ...]: ...


def rivals(phrasings: Sequence[HasStems], index: StemIndex, entries: int, seed: int = 1) -> Ints | None:
    """For each phrasing the entries to train it against, its own first; None when there are few enough for all."""
    if entries <= ALL_UP_TO:
        return None
    chance = np.random.default_rng(seed)
    sharing = SHARING if entries <= MANY else SHARING_WITH_MANY
    table = np.empty((len(phrasings), 1 + sharing + CHANCE), dtype=np.int32)
    for row, phrasing in enumerate(phrasings):
        shared = np.zeros(entries, dtype=np.float32)
        for weight, users in zip(*index.lookup(list(dict.fromkeys(phrasing.stems))), strict=True):
            shared[users] += np.float32(weight)
        shared[phrasing.entry] = -1.0
        nearest = np.argpartition(-shared, sharing)[:sharing]
        drawn = chance.integers(0, entries, CHANCE)
        others = np.concatenate([nearest, drawn])
        others[others == phrasing.entry] = nearest[0]
        table[row] = np.concatenate([[phrasing.entry], others])
    return table
