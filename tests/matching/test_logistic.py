from __future__ import annotations

import numpy as np
import pytest

from bot.matching.logistic import fit


def test_likelihood_follows_what_was_seen() -> None:
    chance = np.random.default_rng(4)
    measures = chance.normal(size=(4000, 3))
    right = chance.random(4000) < 1 / (1 + np.exp(-(2 * measures[:, 0] - measures[:, 1] + 0.5)))
    head = fit(measures, right)
    slopes = np.array(head.weights) / np.array(head.scale)
    assert np.allclose(slopes, [2, -1, 0], atol=0.2)
    said = head.probability(measures)
    for low in np.arange(0.1, 0.9, 0.2):
        inside = (said >= low) & (said < low + 0.2)
        assert abs(right[inside].mean() - said[inside].mean()) < 0.06


@pytest.mark.parametrize(("outcome", "share"), [(True, 10.5 / 11), (False, 0.5 / 11)])
def test_one_outcome_alone_says_the_share_seen(outcome: bool, share: float) -> None:
    head = fit(np.arange(20.0).reshape(10, 2), np.full(10, outcome))
    assert head.probability(np.array([[0.0, 0.0], [1e6, -1e6]])) == pytest.approx(share)


def test_no_rows_say_half() -> None:
    head = fit(np.empty((0, 2)), np.empty(0, dtype=bool))
    assert head.probability(np.array([[3.0, 4.0]])) == pytest.approx(0.5)


def test_a_measure_that_never_changes_doesnt_matter() -> None:
    measures = np.column_stack([np.arange(40.0), np.full(40, 7.0)])
    head = fit(measures, measures[:, 0] > 20)
    assert head.probability(np.array([[40.0, 7.0]]))[0] > 0.9
    assert abs(head.weights[1]) < 1e-6


def test_rows_that_weigh_nothing_dont_matter() -> None:
    measures = np.array([[0.0], [1.0], [0.0], [1.0]] * 20)
    right = np.array([False, True, True, False] * 20)
    weights = np.array([1.0, 1.0, 0.0, 0.0] * 20)
    low, high = fit(measures, right, weights).probability(np.array([[0.0], [1.0]]))
    assert low < 0.2
    assert high > 0.8


def test_separable_rows_stay_finite() -> None:
    measures = np.linspace(-1, 1, 200).reshape(-1, 1) * 1e6
    said = fit(measures, measures[:, 0] > 0).probability(measures)
    assert np.isfinite(said).all()
    assert said.min() < 0.05
    assert said.max() > 0.95
