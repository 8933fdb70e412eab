"""The bench, on bases small enough for a test. What it measures differs from machine to machine and is not looked at."""

from __future__ import annotations

from io import StringIO

from rich.console import Console

from bot.bench import measure, run, show
from tests.knowledge_folder import KnowledgeFolder

TIMES = ["match p50 ms", "match p99 ms", "reply p50 ms", "reply p99 ms"]
SIZES = ["build s", "load model s", "training child peak MB", "model files MB", "serving process MB"]


def test_a_synthetic_base_is_measured() -> None:
    row = measure(None, 100)
    assert row["base"] == "synthetic 100"
    assert (row["entries"], row["phrasings"]) == (4, 100)
    assert all(row[name] >= 0 for name in TIMES + SIZES)


def test_a_folder_is_measured_also_while_a_rebuild_runs(small_folder: KnowledgeFolder) -> None:
    told: list[str] = []
    rows = run(small_folder.root, [50], told.append)
    assert told == [f"measuring {small_folder.root} ...", "measuring a synthetic base of 50 phrasings ..."]
    assert [row["base"] for row in rows] == ["knowledge base", "synthetic 50"]
    assert rows[0]["entries"] == 6
    assert rows[0]["reply p99 ms, while a rebuild runs"] > 0
    out = StringIO()
    show(rows, Console(file=out, width=160))
    assert "reply p99 ms, while a rebuild runs" in out.getvalue()
