from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.matching import linear
from bot.matching.linear import Floats, Ints, Rows, SparseWeights, train


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


def dense(weights: SparseWeights) -> Floats:
    """A row a feature, a column an entry."""
    whole = np.zeros((len(weights.start) - 1, len(weights.bias)), dtype=np.float32)
    features = np.repeat(np.arange(len(whole)), np.diff(weights.start))
    whole[features, weights.entries] = weights.values
    return whole


def scores(table: NDArray[np.float32], weights: SparseWeights) -> NDArray[np.float32]:
    return np.asarray(table @ dense(weights) + weights.bias)


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
    weights = train(rows_of(table), labels, 3, passes=300, keep_above=0.0)
    learnt = np.vstack([dense(weights), weights.bias]).astype(np.float64)
    extended = np.column_stack([table, np.ones(len(table))]).astype(np.float64)
    for entry in range(3):
        sign = np.where(labels == entry, 1.0, -1.0)
        slack = np.maximum(0.0, 1.0 - sign * (extended @ learnt[:, entry]))
        gradient = learnt[:, entry] - 2.0 * extended.T @ (sign * slack)
        assert np.abs(gradient).max() < 0.05


def test_the_same_rows_give_the_same_weights() -> None:
    table, labels = toy()
    one, other = (train(rows_of(table), labels, 5) for _ in range(2))
    assert all(np.array_equal(getattr(one, name), getattr(other, name)) for name in SparseWeights.__slots__)


def test_entries_trained_in_blocks_are_trained_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    table, labels = toy()
    whole = train(rows_of(table), labels, 5)
    monkeypatch.setattr(linear, "BLOCK_OF_WEIGHTS", 2 * (table.shape[1] + 1))
    blocks = train(rows_of(table), labels, 5)
    assert np.allclose(dense(blocks), dense(whole), atol=0.01)
    assert np.allclose(blocks.bias, whole.bias, atol=1e-3)


def test_a_row_is_told_apart_from_its_rivals_alone() -> None:
    table, labels = toy()
    everyone = np.tile(np.arange(5, dtype=np.int32), (len(labels), 1))
    assert np.allclose(
        dense(train(rows_of(table), labels, 5, rivals=everyone)), dense(train(rows_of(table), labels, 5)), atol=0.01
    )
    itself = train(rows_of(table), labels, 5, rivals=labels[:, None], keep_above=0.0)
    assert (dense(itself) >= 0).all()  # nothing speaks against any entry


def test_rivals_in_blocks_are_the_same_rivals(monkeypatch: pytest.MonkeyPatch) -> None:
    table, labels = toy()
    two = np.sort(np.column_stack([labels, (labels + 1) % 5]), axis=1).astype(np.int32)
    whole = train(rows_of(table), labels, 5, rivals=two, passes=300)
    monkeypatch.setattr(linear, "BLOCK_OF_WEIGHTS", 2 * (table.shape[1] + 1))
    blocks = train(rows_of(table), labels, 5, rivals=two, passes=300)
    assert np.allclose(dense(blocks), dense(whole), atol=0.02)


def test_a_rival_named_twice_counts_once() -> None:
    table, labels = toy()
    two = np.column_stack([labels, (labels + 1) % 5]).astype(np.int32)
    twice = np.column_stack([two, two[:, 1], two[:, 1]])
    one, other = (train(rows_of(table), labels, 5, rivals=rivals) for rivals in (two, twice))
    assert np.array_equal(dense(one), dense(other))


def test_no_rows_train_to_nothing() -> None:
    empty = Rows(np.zeros(1, dtype=np.int32), np.empty(0, dtype=np.int32), np.empty(0, dtype=np.float32), 0)
    weights = train(empty, np.empty(0, dtype=np.int32), 3)
    assert (len(weights.start), len(weights.values)) == (1, 0)
    assert not weights.bias.any()


def test_rows_count_themselves() -> None:
    assert len(rows_of(toy()[0])) == 40


def test_weights_that_change_no_order_are_dropped() -> None:
    table, labels = toy()
    whole, kept = (train(rows_of(table), labels, 5, keep_above=above) for above in (0.0, 0.004))
    assert kept.start[-1] == len(kept.values) == len(kept.entries) < len(whole.values)
    assert np.abs(kept.values).min() > 0.0039
    assert np.abs(dense(kept) - dense(whole)).max() < 0.0042
    assert (scores(table, kept).argmax(axis=1) == labels).all()
    assert not train(rows_of(table), labels, 5, keep_above=1e9).values.size
