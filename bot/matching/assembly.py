"""Trains a model, still without heads, on any part of a language's phrasings."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.matching.corpus import Corpus
from bot.matching.features import Keys, blocks, hash_word
from bot.matching.linear import Ints, Rows, train
from bot.matching.model import LanguageModel, Space, StemIndex
from bot.matching.rivals import rivals
from bot.text.normalise import fold
from bot.text.stems import stems_of
from bot.text.tokens import intern, tokens

MANY = 5_000
"""From this many phrasings on, features seen once are left out: most of the memory, none of the accuracy."""
VERY_MANY = 20_000


def _passes(phrasings: int) -> int:
    """How often training goes over the phrasings: with many, fewer times cost nothing (measured)."""
    return 6 if phrasings < MANY else 4 if phrasings < VERY_MANY else 2


def _seen_at_least(phrasings: int) -> int:
    """In how many phrasings a feature must occur to be kept."""
    return 1 if phrasings <= MANY else 2 if phrasings <= VERY_MANY else 4


@dataclass(frozen=True, slots=True)
class Phrasing:
    """A phrasing made ready: what any subset of the corpus can be trained from without reading it again."""

    entry: int
    words: tuple[str, ...]
    stems: tuple[str, ...]
    parts: tuple[Keys, Keys, Keys, Keys]


def prepare(corpus: Corpus) -> list[Phrasing]:
    """Folds and splits every phrasing, sorted by entry; those without any word are left out."""
    stemmer = stems_of(corpus.lang)
    ready = []
    for entry, text in sorted(corpus.phrasings, key=lambda pair: pair[0]):
        words = intern(tokens(fold(text)))
        if words:
            stems = stemmer.all(words)
            ready.append(Phrasing(entry, tuple(words), tuple(stems), blocks(words, stems, corpus.lang)))
    return ready


def assemble(corpus: Corpus, phrasings: list[Phrasing]) -> LanguageModel:
    """A model trained on the given phrasings of the corpus, without heads."""
    space = _space(phrasings)
    vectors = [space.vector(phrasing.parts) for phrasing in phrasings]
    start = np.zeros(len(vectors) + 1, dtype=np.int32)
    np.cumsum([len(vector.columns) for vector in vectors], out=start[1:])
    columns = _joined([vector.columns for vector in vectors]).astype(np.int32)
    values = _joined([vector.values for vector in vectors]).astype(np.float32)
    labels = np.array([phrasing.entry for phrasing in phrasings], dtype=np.int32)
    rows = Rows(start, columns, values, len(space.keys))
    stems = _stem_index(phrasings)
    weights = train(
        rows,
        labels,
        len(corpus.entries),
        rivals=rivals(phrasings, stems, len(corpus.entries)),
        passes=_passes(len(phrasings)),
    )
    rows_of = np.searchsorted(labels, np.arange(len(corpus.entries) + 1)).astype(np.int32)
    return LanguageModel(
        lang=corpus.lang,
        entries=corpus.entries,
        phrasings=tuple(" ".join(phrasing.words) for phrasing in phrasings),
        rows_of=rows_of,
        space=space,
        weights=weights,
        row_start=start,
        row_columns=columns,
        row_values=values,
        stems=stems,
        words=dict(Counter(word for phrasing in phrasings for word in phrasing.words)),
        never=corpus.never,
        same=corpus.same,
    )


def _space(phrasings: list[Phrasing]) -> Space:
    every = _joined([keys for phrasing in phrasings for keys in phrasing.parts]).astype(np.uint64)
    keys, seen = np.unique(every, return_counts=True)
    enough = seen >= _seen_at_least(len(phrasings))
    keys, seen = keys[enough], seen[enough]
    idf = np.sqrt(np.log1p(len(phrasings) / np.maximum(seen, 1)))
    return Space(keys, idf.astype(np.float32))


def _stem_index(phrasings: list[Phrasing]) -> StemIndex:
    users: dict[str, set[int]] = {}
    seen: Counter[str] = Counter()
    for phrasing in phrasings:
        for stem in set(phrasing.stems):
            users.setdefault(stem, set()).add(phrasing.entry)
            seen[stem] += 1
    ordered = sorted(users, key=hash_word)
    start = np.zeros(len(ordered) + 1, dtype=np.int32)
    np.cumsum([len(users[stem]) for stem in ordered], out=start[1:])
    count = max(1, len(phrasings))
    return StemIndex(
        keys=np.array([hash_word(stem) for stem in ordered], dtype=np.uint64),
        idf=np.array([np.log1p(count / seen[stem]) for stem in ordered], dtype=np.float32),
        start=start,
        entries=np.array([entry for stem in ordered for entry in sorted(users[stem])], dtype=np.uint16),
        unknown_idf=float(np.log1p(count)),
    )


def _joined(
    arrays: list[Keys] | list[Ints] | list[NDArray[np.int64]] | list[NDArray[np.float32]],
) -> NDArray[np.generic]:
    return np.concatenate(arrays) if arrays else np.empty(0)
