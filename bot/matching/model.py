"""What the matcher knows of one language, as arrays that can lie in a mapped file, and scoring with them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from bot.matching.features import BLOCK_WEIGHTS, Keys, blocks, stem_keys
from bot.matching.linear import Floats, Ints, SparseWeights
from bot.matching.spelling import Speller
from bot.text.stems import stems_of


@dataclass(frozen=True, slots=True)
class Head:
    """A logistic regression over named measures: probability = 1 / (1 + exp(-(weights · (x - mean) / scale + bias)))."""

    weights: tuple[float, ...]
    bias: float
    mean: tuple[float, ...]
    scale: tuple[float, ...]

    def probability(self, measures: NDArray[np.float64]) -> NDArray[np.float64]:
        """The probability for each row of `measures`."""
        z = (measures - np.array(self.mean)) / np.array(self.scale) @ np.array(self.weights) + self.bias
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(z, -30, 30))), dtype=np.float64)


@dataclass(frozen=True, slots=True)
class Thresholds:
    """From which confidence the bot answers, and from which it offers choices; 0 to 1."""

    answer: float
    choices: float

    def overridden(self, answer: float | None, choices: float | None) -> Thresholds:
        """The same with what an operator set; choices never need more confidence than an answer."""
        bar = self.answer if answer is None else answer
        return Thresholds(bar, min(bar, self.choices if choices is None else choices))


@dataclass(frozen=True, slots=True)
class Vector:
    """A message's known features: columns in the model and their weights; the length is 1 unless it is empty."""

    columns: NDArray[np.int64]
    values: Floats


@dataclass(frozen=True, slots=True)
class Space:
    """The features a model knows and how rare each is."""

    keys: Keys
    """Sorted."""
    idf: Floats
    """Square root of the inverse document frequency, by key."""

    def vector(self, parts: tuple[Keys, Keys, Keys, Keys]) -> Vector:
        """The weighted features of a message: each block has length 1 times its weight, all together length 1."""
        columns: list[NDArray[np.int64]] = []
        values: list[Floats] = []
        last = len(self.keys) - 1
        for weight, keys in zip(BLOCK_WEIGHTS, parts, strict=True):
            if not len(keys) or last < 0:
                continue
            at = np.minimum(np.searchsorted(self.keys, keys), last)
            at = at[self.keys[at] == keys]
            if len(at):
                value = self.idf[at]
                columns.append(at)
                values.append(value * np.float32(weight / np.sqrt(float(value @ value))))
        if not columns:
            return Vector(np.empty(0, dtype=np.int64), np.empty(0, dtype=np.float32))
        whole = np.concatenate(values)
        return Vector(np.concatenate(columns), whole / np.float32(np.sqrt(float(whole @ whole))))


@dataclass(frozen=True, slots=True)
class StemIndex:
    """Which entries use which stem."""

    keys: Keys
    idf: Floats
    start: Ints
    entries: NDArray[np.uint16]
    unknown_idf: float
    """How rare a stem counts that the knowledge base never uses."""

    def lookup(self, stems: list[str]) -> tuple[list[float], list[NDArray[np.uint16]]]:
        """For each stem its rareness and the entries that use it (none when unknown)."""
        keys = stem_keys(stems)
        at = np.searchsorted(self.keys, keys)
        rare: list[float] = []
        users: list[NDArray[np.uint16]] = []
        for key, place in zip(keys, at, strict=True):
            if place < len(self.keys) and self.keys[place] == key:
                rare.append(float(self.idf[place]))
                users.append(self.entries[self.start[place] : self.start[place + 1]])
            else:
                rare.append(self.unknown_idf)
                users.append(self.entries[:0])
        return rare, users


@dataclass(frozen=True, slots=True)
class LanguageModel:
    """All that matching needs for one language. Read-only: its arrays may lie in a file shared by processes."""

    lang: str
    entries: tuple[str, ...]
    phrasings: tuple[str, ...]
    """Folded words joined by spaces, sorted by entry."""
    rows_of: Ints
    """Phrasings of entry e are `rows_of[e]` up to `rows_of[e + 1]`."""
    space: Space
    weights: SparseWeights
    row_start: Ints
    row_columns: Ints
    row_values: Floats
    stems: StemIndex
    words: Mapping[str, int]
    """Folded words of all phrasings with their counts."""
    never: tuple[tuple[str, str], ...] = ()
    same: tuple[tuple[str, ...], ...] = ()
    rerank: Head | None = None
    confidence: Head | None = None
    thresholds: Thresholds = field(default_factory=lambda: Thresholds(0.5, 0.3))

    def speller(self) -> Speller:
        """A speller towards this model's words."""
        return Speller(self.words, self.never, stems_of(self.lang).stem, self.same)

    def vector(self, words: list[str]) -> tuple[Vector, list[str]]:
        """The features of folded, mended words, and their stems."""
        stems = stems_of(self.lang).all(words)
        return self.space.vector(blocks(words, stems, self.lang)), stems

    def scores(self, vector: Vector) -> NDArray[np.float64]:
        """The linear score of every entry; above 0 leans towards yes."""
        begin = self.weights.start.take(vector.columns)
        counts = self.weights.start.take(vector.columns + 1) - begin
        at = spans(begin, counts)
        added = self.weights.values.take(at) * np.repeat(vector.values, counts)
        total = np.bincount(self.weights.entries.take(at), weights=added, minlength=len(self.entries))
        return np.asarray(total + self.weights.bias, dtype=np.float64)

    def spread(self, vector: Vector) -> Floats:
        """The message over all features, for `cosines`; made once a message."""
        dense = np.zeros(len(self.space.keys), dtype=np.float32)
        dense[vector.columns] = vector.values
        return dense

    def cosines(self, spread: Floats, entry: int) -> Floats:
        """How near a message is to each phrasing of an entry, 0 to 1, in the order of `phrasings`."""
        first, last = int(self.rows_of[entry]), int(self.rows_of[entry + 1])
        if first == last:
            return np.zeros(0, dtype=np.float32)
        starts = self.row_start[first : last + 1]
        begin, end = int(starts[0]), int(starts[-1])
        products = np.zeros(end - begin + 1, dtype=np.float32)  # one more, for a last row without features
        np.multiply(spread.take(self.row_columns[begin:end]), self.row_values[begin:end], out=products[:-1])
        sums = np.add.reduceat(products, starts[:-1] - begin)
        return np.asarray(np.where(starts[1:] > starts[:-1], sums, 0.0), dtype=np.float32)


def spans(begin: Ints, counts: Ints) -> NDArray[np.int64]:
    """The positions of several runs, one after another: begin[0], begin[0]+1, ..., begin[1], ..."""
    total = int(counts.sum())
    before = np.cumsum(counts) - counts
    return np.asarray(np.arange(total, dtype=np.int64) + np.repeat(begin - before, counts), dtype=np.int64)
