"""One linear scorer for each entry, all trained together.

One-vs-rest support vector machines with squared hinge loss, by dual coordinate descent (Hsieh et al., "A Dual Coordinate
Descent Method for Large-scale Linear SVM", ICML 2008, algorithm 1). A row's update for all entries is one numpy step.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

_STILL = np.float32(1e-4)
"""A smaller step of a dual variable is not taken."""
BLOCK_OF_WEIGHTS = 24_000_000
"""At most this many dense weights at a time (96 MB): entries are trained in blocks."""


@dataclass(frozen=True, slots=True)
class Rows:
    """A sparse matrix by rows: row i holds `values[start[i]:start[i+1]]` at the columns `columns[...]`."""

    start: Ints
    columns: Ints
    values: Floats
    width: int

    def __len__(self) -> int:
        return len(self.start) - 1


@dataclass(frozen=True, slots=True)
class SparseWeights:
    """Weights by feature: feature f adds `values[start[f]:start[f+1]]` to the entries `entries[...]`."""

    start: Ints
    entries: NDArray[np.uint16]
    values: NDArray[np.float16]
    bias: Floats


def train(
    rows: Rows,
    labels: Ints,
    classes: int,
    *,
    rivals: Ints | None = None,
    cost: float = 1.0,
    passes: int = 6,
    keep_above: float = 0.01,
    seed: int = 1,
) -> SparseWeights:
    """Weights of every class, without those that change no order: up to `keep_above` they are dropped (measured), which
    saves most of the memory.

    `labels[i]` is the class of row i, 0 to `classes` - 1. `rivals` (rows by any number of columns) names the classes each
    row is told apart from, its own among them; None means all, which is best and takes longest. Deterministic for a seed.
    """
    size = max(1, BLOCK_OF_WEIGHTS // (rows.width + 1))
    pruned = []
    for first in range(0, classes, size):
        block = range(first, min(first + size, classes))
        pruned.append(
            _prune(_train_block(rows, labels, block, rivals, cost=cost, passes=passes, seed=seed), keep_above)
        )
    return _beside(pruned, size)


def _train_block(
    rows: Rows, labels: Ints, block: range, rivals: Ints | None, *, cost: float, passes: int, seed: int
) -> Floats:
    """Dense weights of a block of classes; the last row is the bias."""
    weights = np.zeros((rows.width + 1, len(block)), dtype=np.float32)
    diagonal = np.float32(1.0 / (2.0 * cost))
    problems = [
        problem
        for row in range(len(rows))
        if (problem := _Problem.of(rows, row, labels, block=block, rivals=rivals, diagonal=diagonal)) is not None
    ]
    order = np.random.default_rng(seed)
    for _ in range(passes):
        for at in order.permutation(len(problems)).tolist():
            problems[at].step(weights, diagonal)
    return weights


class _Problem:
    """One row's part in training: its features, the classes it is told apart from, and its dual variables."""

    __slots__ = ("active", "columns", "dual", "norm", "own", "values")

    def __init__(
        self, columns: Ints, values: Floats, *, own: int, active: Ints | None, size: int, diagonal: np.float32
    ) -> None:
        self.columns = columns
        self.values = values
        self.own = own
        self.active = active
        self.dual = np.zeros(size, dtype=np.float32)
        self.norm = np.float32(values @ values) + diagonal

    @classmethod
    def of(
        cls, rows: Rows, row: int, labels: Ints, *, block: range, rivals: Ints | None, diagonal: np.float32
    ) -> _Problem | None:
        """The problem of a row in a block, or None when none of its rivals is there."""
        begin, end = int(rows.start[row]), int(rows.start[row + 1])
        own = int(labels[row]) - block.start
        active: Ints | None = None
        size = len(block)
        if rivals is not None:
            mine = np.unique(rivals[row])
            active = (mine[(mine >= block.start) & (mine < block.stop)] - block.start).astype(np.int32)
            size = len(active)
            if not size:
                return None
            found = np.flatnonzero(active == own)
            own = int(found[0]) if len(found) else -1
        elif not 0 <= own < size:
            own = -1
        columns = np.append(rows.columns[begin:end], np.int32(rows.width))
        values = np.append(rows.values[begin:end], np.float32(1.0))
        return cls(columns, values, own=own, active=active, size=size, diagonal=diagonal)

    def step(self, weights: Floats, diagonal: np.float32) -> None:
        """One step of every dual variable of the row (the paper's equations 8 and 9), and what it does to the weights."""
        cells = weights[self.columns] if self.active is None else weights[self.columns[:, None], self.active]
        gradient = -(self.values @ cells)
        if self.own >= 0:
            gradient[self.own] = -gradient[self.own]
        gradient -= 1.0
        gradient += diagonal * self.dual
        moved = np.maximum(self.dual - gradient / self.norm, 0.0) - self.dual
        changed = np.flatnonzero(np.abs(moved) > _STILL)
        if not len(changed):
            return
        self.dual[changed] += moved[changed]
        change = -moved
        if self.own >= 0:
            change[self.own] = -change[self.own]
        if self.active is None and len(changed) * 2 > len(moved):
            weights[self.columns] = cells + self.values[:, None] * change
        else:
            places = changed if self.active is None else self.active[changed]
            weights[self.columns[:, None], places] = cells[:, changed] + self.values[:, None] * change[changed]


def _prune(dense: Floats, keep_above: float) -> SparseWeights:
    whole = dense[:-1]
    keep = np.abs(whole) > keep_above
    start = np.zeros(len(whole) + 1, dtype=np.int32)
    np.cumsum(keep.sum(axis=1), out=start[1:])
    return SparseWeights(
        start, np.nonzero(keep)[1].astype(np.uint16), whole[keep].astype(np.float16), dense[-1].copy()
    )


def _beside(parts: list[SparseWeights], size: int) -> SparseWeights:
    """The weights of several blocks of `size` classes as one."""
    if len(parts) == 1:
        return parts[0]
    features = np.concatenate([np.repeat(np.arange(len(part.start) - 1), np.diff(part.start)) for part in parts])
    order = np.argsort(features, kind="stable")
    start = np.sum([part.start for part in parts], axis=0).astype(np.int32)
    entries = np.concatenate([part.entries + np.uint16(at * size) for at, part in enumerate(parts)])
    values = np.concatenate([part.values for part in parts])
    return SparseWeights(start, entries[order], values[order], np.concatenate([part.bias for part in parts]))
