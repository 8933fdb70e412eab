"""The benchmark's chart: accuracy against typing mistakes, and risk against coverage."""

from __future__ import annotations

from pathlib import Path

from tests.bench.accuracy import MOST_EDITS, Curve
from tests.bench.systems import BM25, OURS, SVM, TOKEN_SET, WRATIO

_STYLES = {
    OURS: ("#0072b2", "o", 3.0),
    SVM: ("#d55e00", "s", 1.8),
    BM25: ("#009e73", "^", 1.8),
    TOKEN_SET: ("#cc79a7", "D", 1.8),
    WRATIO: ("#7f7f7f", "v", 1.8),
}
"""Colour (told apart by colour-blind people too), marker and line width, in the order of the legend."""


def save(curves: dict[str, dict[str, Curve]], path: Path) -> None:
    """Draws the curves `edits` and `risk_coverage` into a PNG file."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    plt.rcParams.update({"font.size": 12, "axes.spines.top": False, "axes.spines.right": False})
    figure, (left, right) = plt.subplots(1, 2, figsize=(12, 4.8), layout="constrained")
    for name, (colour, marker, width) in _STYLES.items():
        style = {"color": colour, "linewidth": width, "label": name}
        if points := curves["edits"].get(name):
            left.plot(*zip(*points, strict=True), marker=marker, markersize=7, **style)
        if points := curves["risk_coverage"].get(name):
            right.plot(*zip(*points, strict=True), **style)
    left.set_title("HWU64: accuracy with typing mistakes")
    left.set_xlabel("typing mistakes in a message")
    left.set_ylabel("right first, %")
    left.set_xticks(range(MOST_EDITS + 1))
    left.set_ylim(0, 100)
    right.set_title("CLINC150, 10 phrasings an entry: risk and coverage")
    right.set_xlabel("messages answered, the surest first, %")
    right.set_ylabel("of these answered wrongly, %")
    right.set_xlim(0, 100)
    right.set_ylim(bottom=0)
    for panel in (left, right):
        panel.grid(alpha=0.3)
    left.legend(loc="lower left", fontsize=10, framealpha=0.9)
    right.legend(loc="upper left", fontsize=10, framealpha=0.9)
    figure.savefig(path, dpi=130)
    plt.close(figure)
