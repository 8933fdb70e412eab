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


def train(
    rows: Rows, labels: Ints, classes: int, *, cost: float = 1.0, passes: int = 6, seed: int = 1
) -> list[Floats]:
    """Dense weights of every class, as blocks of shape (width + 1, classes in block); the last row is the bias.

    `labels[i]` is the class of row i, 0 to `classes` - 1. Deterministic for a given seed.
    """
    size = max(1, BLOCK_OF_WEIGHTS // (rows.width + 1))
    return [
        _train_block(rows, labels, range(first, min(first + size, classes)), cost=cost, passes=passes, seed=seed)
        for first in range(0, classes, size)
    ]


def _train_block(rows: Rows, labels: Ints, block: range, *, cost: float, passes: int, seed: int) -> Floats:
    count = len(rows)
    weights = np.zeros((rows.width + 1, len(block)), dtype=np.float32)
    alpha = np.zeros((count, len(block)), dtype=np.float32)
    diagonal = np.float32(1.0 / (2.0 * cost))
    order = np.random.default_rng(seed)
    cells = [
        (
            np.append(rows.columns[begin:end], rows.width),
            np.append(rows.values[begin:end], np.float32(1.0)),
        )
        for begin, end in zip(rows.start[:-1].tolist(), rows.start[1:].tolist(), strict=True)
    ]
    norms = np.array([float(values @ values) for _, values in cells], dtype=np.float32) + diagonal
    for _ in range(passes):
        for row in order.permutation(count).tolist():
            columns, values = cells[row]
            own = int(labels[row]) - block.start
            dual = alpha[row]
            gradient = -(values @ weights[columns])
            if 0 <= own < len(block):
                gradient[own] = -gradient[own]
            gradient -= 1.0
            gradient += diagonal * dual
            step = np.maximum(dual - gradient / norms[row], 0.0) - dual
            moved = np.flatnonzero(np.abs(step) > 1e-4)
            if not len(moved):
                continue
            dual[moved] += step[moved]
            step = -step
            if 0 <= own < len(block):
                step[own] = -step[own]
            if len(moved) * 2 > len(block):
                weights[columns] += values[:, None] * step
            else:
                weights[columns[:, None], moved] += values[:, None] * step[moved]
    return weights


@dataclass(frozen=True, slots=True)
class SparseWeights:
    """Weights by feature: feature f adds `values[start[f]:start[f+1]]` to the entries `entries[...]`."""

    start: Ints
    entries: NDArray[np.uint16]
    values: NDArray[np.float16]
    bias: Floats


def prune(dense: list[Floats], keep_above: float = 0.004) -> SparseWeights:
    """Keeps the weights that matter: smaller ones change no order (measured) and cost most of the memory."""
    whole = np.concatenate([block[:-1] for block in dense], axis=1) if len(dense) > 1 else dense[0][:-1]
    keep = np.abs(whole) > keep_above
    start = np.zeros(len(whole) + 1, dtype=np.int32)
    np.cumsum(keep.sum(axis=1), out=start[1:])
    return SparseWeights(
        start,
        np.nonzero(keep)[1].astype(np.uint16),
        whole[keep].astype(np.float16),
        np.concatenate([block[-1] for block in dense]),
    )
