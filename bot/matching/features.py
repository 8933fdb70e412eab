"""A message as numbers: four blocks of hashed features.

Words by stem, pairs of neighbouring stems, unordered pairs of stems further apart, and character 2- to 5-grams of the whole
text, which is what makes a half-right word still count. A feature's name is hashed to 64 bits; the hash is the same in every
process, so that a stored model means the same tomorrow.
"""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from bot.text.negation import NEGATIONS

Keys = NDArray[np.uint64]

BLOCK_WEIGHTS = (1.0, 0.7, 0.5, 2.0)
"""How much stems, neighbours, pairs and characters count; measured on intent data."""

SKIP_REACH = 4
"""Pairs span at most this many words, so that work grows linearly with length."""

_PRIME = np.uint64(0x100000001B3)
_MIX = np.uint64(0x9E3779B97F4A7C15)
_SALTS = tuple(np.uint64(0xA0761D6478BD642F * n % 2**64) for n in range(1, 9))
_SHIFT = np.uint64(29)

_NEGATED = 2
"""How many words after a negation are marked."""


@lru_cache(maxsize=100_000)
def hash_word(word: str) -> int:
    """The 64-bit key of a word."""
    return int.from_bytes(blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "little")


def stem_keys(stems: list[str]) -> Keys:
    """The keys of stems in order, one for each."""
    return np.array([hash_word(stem) for stem in stems], dtype=np.uint64)


def blocks(words: list[str], stems: list[str], lang: str) -> tuple[Keys, Keys, Keys, Keys]:
    """The distinct feature keys of a message in each block.

    `words` are folded and mended words, `stems` their stems, in order. Empty input gives empty blocks.
    """
    if not words:
        empty = np.empty(0, dtype=np.uint64)
        return empty, empty, empty, empty
    keys = stem_keys(stems)
    single = np.unique(np.concatenate([keys, _negated(words, keys, lang)]))
    edge = np.zeros(1, dtype=np.uint64)
    bounded = np.concatenate([edge, keys, edge])
    neighbours = np.unique(_mixed(bounded[:-1] * _PRIME + bounded[1:], 5))
    return single, neighbours, _pairs(keys), _characters(words)


def _negated(words: list[str], keys: Keys, lang: str) -> Keys:
    negations = NEGATIONS.get(lang, frozenset())
    marked = {
        after
        for at, word in enumerate(words)
        if word in negations
        for after in range(at + 1, min(at + 1 + _NEGATED, len(words)))
    }
    return _mixed(keys[sorted(marked)], 7) if marked else keys[:0]


def _pairs(keys: Keys) -> Keys:
    found = []
    for reach in range(1, min(SKIP_REACH, len(keys) - 1) + 1):
        one, other = keys[:-reach], keys[reach:]
        found.append(np.minimum(one, other) * _PRIME + np.maximum(one, other))
    return np.unique(_mixed(np.concatenate(found), 6)) if found else keys[:0]


def _characters(words: list[str]) -> Keys:
    text = f" {' '.join(words)} "
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), dtype=np.uint32).astype(np.uint64)
    found = []
    rolling = codes
    for size in range(2, 6):
        if len(codes) < size:
            break
        rolling = rolling[:-1] * _PRIME + codes[size - 1 :]
        found.append(_mixed(rolling, size - 2))
    return np.unique(np.concatenate(found)) if found else codes[:0]


def _mixed(keys: Keys, salt: int) -> Keys:
    """Spreads keys over all 64 bits, differently for each kind of feature."""
    mixed = (keys ^ _SALTS[salt]) * _MIX
    return np.asarray(mixed ^ (mixed >> _SHIFT), dtype=np.uint64)
