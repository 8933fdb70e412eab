"""Logistic regression with a small ridge, by Newton's method: a dozen measures, a few thousand rows."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.matching.model import Head


def fit(
    measures: NDArray[np.float64],
    right: NDArray[np.bool_],
    weights: NDArray[np.float64] | None = None,
    ridge: float = 1.0,
) -> Head:
    """A head that says how likely a row is right. With no rows or only one outcome it says the share seen."""
    count, width = measures.shape
    mean = measures.mean(axis=0) if count else np.zeros(width)
    scale = measures.std(axis=0) if count else np.ones(width)
    scale = np.where(scale > 1e-9, scale, 1.0)
    share = (float(right.sum()) + 0.5) / (count + 1.0)
    theta = np.zeros(width + 1)
    theta[-1] = np.log(share / (1 - share))
    if 0 < right.sum() < count:
        x = np.column_stack([(measures - mean) / scale, np.ones(count)])
        importance = np.ones(count) if weights is None else weights
        penalty = np.full(width + 1, ridge)
        penalty[-1] = 0.0
        for _ in range(30):
            p = 1.0 / (1.0 + np.exp(-np.clip(x @ theta, -30, 30)))
            gradient = x.T @ (importance * (p - right)) + penalty * theta
            curve = (x * (importance * np.maximum(p * (1 - p), 1e-6))[:, None]).T @ x + np.diag(penalty + 1e-9)
            step = np.linalg.solve(curve, gradient)
            theta -= step
            if float(np.abs(step).max()) < 1e-6:
                break
    return Head(tuple(theta[:-1].tolist()), float(theta[-1]), tuple(mean.tolist()), tuple(scale.tolist()))
