"""The matcher beside its light peers on public intent data: prints a Markdown table, draws a chart.

    python tests/bench/intents.py [--data DIR] [--only clinc,clinc10,hwu,curekart,xsid] [--chart FILE.png] [--json FILE]

Needs the `bench` extra (pip install -e ".[bench]") and the data, which is not part of the project: folders `clinc150`, `hwu64`,
`hint3_curekart` and `xsid` of files with a text, a tab and a label a line. Takes some minutes.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import importlib.util
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.bench.intent_data import IntentData

ROOT = Path(__file__).resolve().parents[2]
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
LIBRARIES = {"rapidfuzz": "rapidfuzz", "bm25s": "bm25s", "sklearn": "scikit-learn", "matplotlib": "matplotlib"}
CHARTED = ("hwu", "clinc10")


def main(arguments: list[str]) -> int:
    """Exit code 0, or 2 with one line on standard error when something needed is missing."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    from tests.bench.intent_data import SETS, DataError, IntentData

    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--data", type=Path, default=ROOT.parent / "shared" / "benchmarks", help="folder of the data")
    parser.add_argument("--only", default=",".join(SETS), help="data sets, separated by commas (default: all)")
    parser.add_argument("--chart", type=Path, help=f"PNG file to draw; needs {' and '.join(CHARTED)}")
    parser.add_argument("--json", type=Path, help="file for all figures and curves as JSON")
    given = parser.parse_args(arguments)
    sets = list(dict.fromkeys(name.strip() for name in given.only.split(",")))
    if unknown := [name for name in sets if name not in SETS]:
        return _refuse(f"Unknown data set: {', '.join(map(repr, unknown))}. Known: {', '.join(SETS)}.")
    if given.chart and not set(CHARTED) <= set(sets):
        return _refuse(f"The chart shows {' and '.join(CHARTED)}: name both in --only, or leave --chart away.")
    for file in (given.chart, given.json):
        if file and not file.parent.is_dir():
            return _refuse(f"There is no folder {file.parent} to write {file.name} in. Make it first.")
    data = IntentData(given.data)
    try:
        data.require(sets)
        if missing := [name for module, name in LIBRARIES.items() if importlib.util.find_spec(module) is None]:
            return _refuse(f'Not installed: {", ".join(missing)}. Run: pip install -e ".[bench]"')
        _measure(data, sets, given.chart, given.json)
    except DataError as error:
        return _refuse(str(error))
    return 0


def _measure(data: IntentData, sets: list[str], chart: Path | None, figures: Path | None) -> None:
    from tests.bench import accuracy, cost, markdown, speed
    from tests.bench.chart import save

    findings = accuracy.Findings()
    speed.run(data, sets, findings, _say)
    accuracy.run(data, sets, findings, _say, curves=chart is not None)
    measured = f"{datetime.now(UTC):%Y-%m-%d}, {_machine()}, {_versions()}"
    print(f"Measured {measured}.\n\n{markdown.table(findings.values)}\n")
    print(markdown.notes(accuracy.SAMPLE, accuracy.SAMPLE_ABOVE, cost.MESSAGES))
    if chart:
        save(findings.curves, chart)
    if figures:
        whole = {"measured": measured, "figures": findings.values, "curves": findings.curves}
        figures.write_text(json.dumps(whole, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def _machine() -> str:
    cores = os.cpu_count() or 1
    kind = f"{platform.system()} {platform.machine()}"
    return f"{cores} core{'s' if cores > 1 else ''} ({kind}), Python {platform.python_version()}"


def _versions() -> str:
    return ", ".join(f"{name} {importlib.metadata.version(name)}" for name in (*LIBRARIES.values(), "numpy"))


def _say(what: str) -> None:
    print(what, file=sys.stderr, flush=True)


def _refuse(why: str) -> int:
    print(why, file=sys.stderr)
    return 2


if __name__ == "__main__":
    os.environ.update(dict.fromkeys(THREADS, "1"))  # numpy, which reads them when imported, isn't yet
    raise SystemExit(main(sys.argv[1:]))
