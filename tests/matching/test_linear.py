from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.matching import linear
from bot.matching.linear import Floats, Ints, Rows, prune, train


def rows_of(table: NDArray[np.float32]) -> Rows:
    start = np.zeros(len(table) + 1, dtype=np.int32)
    np.cumsum((table != 0).sum(axis=1), out=start[1:])
    columns = np.nonzero(table)[1].astype(np.int32)
    return Rows(start, columns, table[table != 0], table.shape[1])


def toy(classes: int = 5, each: int = 8, seed: int = 3) -> tuple[NDArray[np.float32], Ints]:
    """Rows of random words; each class has two words of its own."""
    chance = np.random.default_rng(seed)
    labels = np.repeat(np.arange(classes, dtype=np.int32), each)
    table = (chance.random((len(labels), 2 * classes + 20)) < 0.2).astype(np.float32)
    table[:, : 2 * classes] = 0
    table[np.arange(len(labels)), 2 * labels + chance.integers(0, 2, len(labels))] = 1
    return table / np.sqrt((table**2).sum(axis=1, keepdims=True)), labels


def scores(table: NDArray[np.float32], blocks: list[Floats]) -> NDArray[np.float32]:
    weights = np.concatenate(blocks, axis=1)
    return np.asarray(table @ weights[:-1] + weights[-1])


def test_separable_rows_are_learnt() -> None:
    table, labels = toy()
    found = scores(table, train(rows_of(table), labels, 5))
    assert (found.argmax(axis=1) == labels).all()
    own = found[np.arange(len(labels)), labels]
    assert (own > 0).all()
    assert (np.sort(found, axis=1)[:, -2] < 0).mean() > 0.9


def test_the_solution_is_near_the_optimum() -> None:
    """At the optimum of the squared-hinge SVM the gradient of the whole objective is zero."""
    table, labels = toy(classes=3)
    (weights,) = train(rows_of(table), labels, 3, passes=300)
    extended = np.column_stack([table, np.ones(len(table), dtype=np.float32)]).astype(np.float64)
    for entry in range(3):
        sign = np.where(labels == entry, 1.0, -1.0)
        w = weights[:, entry].astype(np.float64)
        slack = np.maximum(0.0, 1.0 - sign * (extended @ w))
        gradient = w - 2.0 * extended.T @ (sign * slack)
        assert np.abs(gradient).max() < 0.05


def test_the_same_rows_give_the_same_weights() -> None:
    table, labels = toy()
    one, other = (train(rows_of(table), labels, 5) for _ in range(2))
    assert np.array_equal(one[0], other[0])


def test_entries_trained_in_blocks_are_trained_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    table, labels = toy()
    whole = train(rows_of(table), labels, 5)
    monkeypatch.setattr(linear, "BLOCK_OF_WEIGHTS", 2 * (table.shape[1] + 1))
    blocks = train(rows_of(table), labels, 5)
    assert [block.shape[1] for block in blocks] == [2, 2, 1]
    assert np.allclose(np.concatenate(blocks, axis=1), whole[0], atol=1e-3)
    assert np.array_equal(prune(blocks).bias, np.concatenate([block[-1] for block in blocks]))


def test_no_rows_train_to_nothing() -> None:
    empty = Rows(np.zeros(1, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32), 0)
    (weights,) = train(empty, np.empty(0, dtype=np.int32), 3)
    assert weights.shape == (1, 3)
    assert not weights.any()


def test_rows_count_themselves() -> None:
    assert len(rows_of(toy()[0])) == 40


def test_pruning_keeps_what_decides() -> None:
    table, labels = toy()
    blocks = train(rows_of(table), labels, 5)
    kept = prune(blocks)
    assert len(kept.start) == table.shape[1] + 1
    assert kept.start[-1] == len(kept.values) == len(kept.entries)
    dense = np.zeros((table.shape[1], 5), dtype=np.float32)
    for feature in range(table.shape[1]):
        of_feature = slice(int(kept.start[feature]), int(kept.start[feature + 1]))
        dense[feature, kept.entries[of_feature]] = kept.values[of_feature]
    assert ((table @ dense + kept.bias).argmax(axis=1) == labels).all()
    assert np.abs(dense - blocks[0][:-1]).max() < 0.0042
    assert not prune(blocks, keep_above=1e9).values.size
