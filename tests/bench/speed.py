"""Adds what the systems cost to the findings."""

from __future__ import annotations

from collections.abc import Sequence

from tests.bench.accuracy import SAMPLE, Findings, Say
from tests.bench.cost import MESSAGES, build_cost, costs
from tests.bench.intent_data import IntentData, split
from tests.bench.systems import NAMES, SLOW, WRATIO


def run(data: IntentData, sets: Sequence[str], findings: Findings, say: Say) -> None:
    """Times and memory on CLINC150 where it is among `sets`: all of it, and the build with 10 phrasings an entry."""
    if "clinc" in sets:
        messages, _ = split(data.rows("clinc150/val.tsv"))
        for name in NAMES:
            say(f"{name}: times and memory ...")
            built, serving = costs(
                name, data.root / "clinc150/train.tsv", messages, SAMPLE if name in SLOW else MESSAGES
            )
            findings.add("speed.match", name, serving.p50_ms, serving.p99_ms)
            findings.add("speed.build", name, built.seconds, built.processor_seconds)
            findings.add("speed.load", name, serving.load_seconds)
            findings.add("speed.memory", name, serving.peak_mb, built.peak_mb)
        slowest = findings.values["speed.match"][WRATIO][0]
        for name in NAMES:
            findings.add("speed.times", name, slowest / findings.values["speed.match"][name][0])
    if "clinc10" in sets:
        for name in NAMES:
            built = build_cost(name, data.root / "clinc150/train_10.tsv")
            findings.add("speed.build_small", name, built.seconds, built.processor_seconds)
