"""Runs the systems over the data sets: what each gets right, and the curves of the chart."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from tests.bench.intent_data import UNKNOWN, XSID_LANGUAGES, XSID_TRAIN, IntentData, Row, chosen, edited, split
from tests.bench.measures import Ranked, best_label_mcc, best_mcc, paper_rule, right, risk_coverage, three_way
from tests.bench.systems import NAMES, OURS, SLOW, SVM, System, make

SAMPLE = 300
SAMPLE_ABOVE = 1_000
"""A slow system ranks only `SAMPLE` messages, chosen at random, where there are more phrasings than this."""
MOST_EDITS = 4

Say = Callable[[str], None]
Values = tuple[float, ...]
Curve = list[tuple[float, float]]


@dataclass(slots=True)
class Findings:
    """What was measured: for each measure the values of each system; for each curve its points by system."""

    values: dict[str, dict[str, Values]] = field(default_factory=dict)
    curves: dict[str, dict[str, Curve]] = field(default_factory=dict)

    def add(self, measure: str, system: str, *values: float) -> None:
        self.values.setdefault(measure, {})[system] = values

    def draw(self, curve: str, system: str, points: Curve) -> None:
        self.curves.setdefault(curve, {})[system] = points


def run(data: IntentData, sets: Sequence[str], findings: Findings, say: Say, *, curves: bool) -> None:
    """Adds the figures of the data sets in `sets`, and with `curves` those of the chart."""
    for name in NAMES:
        for one in sets:
            say(f"{name}: {one} ...")
            _RUNS[one](data, name, findings, curves)


def _clinc(data: IntentData, name: str, findings: Findings, curves: bool) -> None:
    phrasings = data.rows("clinc150/train.tsv")
    texts, gold, weight = _messages(data.rows("clinc150/val.tsv"), name, len(phrasings))
    outside = [text for text, _ in data.rows("clinc150/oos_val.tsv")]
    system = make(name, {"en": phrasings})
    clean = _all(system, texts["clean"])
    findings.add("clinc.first", name, right(clean, gold))
    findings.add("clinc.edits", name, right(_all(system, texts["edits"]), gold))
    findings.add("clinc.paper", name, *paper_rule(clean, gold, _all(system, outside), weight))


def _clinc10(data: IntentData, name: str, findings: Findings, curves: bool) -> None:
    phrasings = data.rows("clinc150/train_10.tsv")
    texts, gold, _ = _messages(data.rows("clinc150/val.tsv"), name, len(phrasings))
    system = make(name, {"en": phrasings})
    clean = _all(system, texts["clean"])
    findings.add("clinc10.first", name, right(clean, gold), right(clean, gold, among=3))
    findings.add("clinc10.edits", name, right(_all(system, texts["edits"]), gold))
    findings.add("clinc10.three_way", name, *three_way(clean, gold))
    if curves and name in (SVM, OURS):
        findings.draw("risk_coverage", name, risk_coverage(clean, gold))


def _hwu(data: IntentData, name: str, findings: Findings, curves: bool) -> None:
    phrasings = data.rows("hwu64/train.tsv")
    rows = data.rows("hwu64/valid.tsv")
    system = make(name, {"en": phrasings})
    points: Curve = []
    for edits in range(MOST_EDITS + 1) if curves else (0, 2):
        texts, gold, _ = _messages(rows, name, len(phrasings), edits)
        points.append((edits, right(_all(system, texts["edits"]), gold)))
    accuracy = dict(points)
    findings.add("hwu.first", name, accuracy[0])
    findings.add("hwu.edits", name, accuracy[2])
    if curves:
        findings.draw("edits", name, points)


def _curekart(data: IntentData, name: str, findings: Findings, curves: bool) -> None:
    phrasings = [row for row in data.rows("hint3_curekart/train.tsv") if row[1] != UNKNOWN]
    texts, gold, _ = _messages(data.rows("hint3_curekart/test.tsv"), name, len(phrasings))
    clean = _all(make(name, {"en": phrasings}), texts["clean"])
    findings.add("curekart.label_mcc", name, best_label_mcc(clean, gold))
    findings.add("curekart.mcc", name, best_mcc(clean, gold))


def _xsid(data: IntentData, name: str, findings: Findings, curves: bool) -> None:
    rows = {lang: data.rows(f"xsid/{lang}.tsv") for lang in XSID_LANGUAGES}
    system = make(name, {lang: rows[lang][:XSID_TRAIN] for lang in rows})
    shares = []
    for lang in rows:
        texts, gold = split(rows[lang][XSID_TRAIN:])
        shares.append(right(_all(system, texts), gold))
    findings.add("xsid.first", name, sum(shares) / len(shares))


_RUNS: dict[str, Callable[[IntentData, str, Findings, bool], None]] = {
    "clinc": _clinc,
    "clinc10": _clinc10,
    "hwu": _hwu,
    "curekart": _curekart,
    "xsid": _xsid,
}


def _messages(
    rows: Sequence[Row], name: str, phrasings: int, edits: int = 2
) -> tuple[dict[str, list[str]], list[str], float]:
    """The messages for a system, clean and with typing mistakes, their labels, and how many messages each stands for.

    Every system gets the same mistakes in the same messages: they are made before the sample is taken.
    """
    texts, gold = split(rows)
    slow = name in SLOW and phrasings > SAMPLE_ABOVE
    places = chosen(len(rows), SAMPLE if slow else len(rows))
    changed = edited(texts, edits)
    parts = {"clean": [texts[at] for at in places], "edits": [changed[at] for at in places]}
    return parts, [gold[at] for at in places], len(rows) / len(places)


def _all(system: System, texts: Sequence[str]) -> list[Ranked]:
    return [system.rank(text) for text in texts]
