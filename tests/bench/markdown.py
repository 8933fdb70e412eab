"""The table that the benchmark prints."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from tests.bench.systems import CONFIDENCE, NAMES

MEASURES = {
    "clinc.first": ("CLINC150: right first, %", "{:.1f}"),
    "clinc.edits": ("– after 2 typing mistakes", "{:.1f}"),
    "clinc.paper": ("– by the paper's rule: in scope right / out of scope refused, %", "{:.1f} / {:.1f}"),
    "clinc10.first": ("CLINC150, 10 phrasings an entry: right first / among three, %", "{:.1f} / {:.1f}"),
    "clinc10.edits": ("– after 2 typing mistakes", "{:.1f}"),
    "clinc10.three_way": ("– 67 % answered: helped / answered wrongly, %", "{:.1f} / {:.1f}"),
    "hwu.first": ("HWU64: right first, %", "{:.1f}"),
    "hwu.edits": ("– after 2 typing mistakes", "{:.1f}"),
    "curekart.label_mcc": ("HINT3 curekart: best MCC of labels", "{:.3f}"),
    "curekart.mcc": ("– best MCC of confident with right (not to be compared between systems)", "{:.3f}"),
    "xsid.first": ("xSID, five languages in one base: right first, %", "{:.1f}"),
    "speed.match": ("One match at 15,000 phrasings: p50 / p99, ms", "{:.2f} / {:.2f}"),
    "speed.times": ("– times faster than WRatio", "{:.0f} ×"),
    "speed.build": ("Build at 15,000 phrasings, s (of processor time)", "{:.1f} ({:.1f})"),
    "speed.build_small": ("Build at 1,500 phrasings, s (of processor time)", "{:.1f} ({:.1f})"),
    "speed.load": ("Loading what was built at 15,000, s", "{:.2f}"),
    "speed.memory": ("Peak memory at 15,000: serving / building, MB", "{:.0f} / {:.0f}"),
}
"""Every measure in the order of the table, with its name and how its values are written."""

NOTES = """\
- Right first: the right label is the first. On xSID it is the mean of the five languages.
- Typing mistakes: letters exchanged, dropped, put in or replaced by the key beside, at random places; the same for all.
- The paper's rule (Larson et al. 2019): the threshold that gets most messages right, chosen on one half of them and
  measured on the other, five times.
- Helped: answered rightly, or not answered with the right label among the first three choices. A peer has no rule for saying
  that it doesn't know: it is taken to offer three choices whenever it doesn't answer, which this matcher does not.
- MCC: the best over 60 thresholds, below which no label is given. Of labels: those given with the right ones. Of confident
  with right: each system is judged by its own right answers, so one that is rarely right, and then sure, looks good.
- Times: message by message, one core, each system in a process of its own, {timed:,} messages. A build is the whole process
  from its start to its end, at low priority.
- rapidfuzz takes the nearest phrasing. It is slow: it was asked a random {sample} of the messages where there are more than
  {above:,} phrasings (one standard error is up to 3 points), and timed on {sample}.
- WRatio gives most wrong answers exactly 85.5 and most right ones more: it refuses well what it doesn't know, which is most.
- Confidence: {confidence}."""


def table(values: Mapping[str, Mapping[str, Sequence[float]]]) -> str:
    """The measures that were taken as a Markdown table, a row each."""
    head = ["measure", *NAMES]
    lines = [_row(head), _row(["---", *("---:" for _ in NAMES)])]
    for key, (title, form) in MEASURES.items():
        if key in values:
            cells = [form.format(*values[key][name]) if name in values[key] else "–" for name in NAMES]
            lines.append(_row([title, *cells[:-1], f"**{cells[-1]}**"]))
    return "\n".join(lines)


def notes(sample: int, above: int, timed: int) -> str:
    """What the table's words mean."""
    confidence = ", ".join(f"{name}: {what}" for name, what in CONFIDENCE.items())
    return NOTES.format(sample=sample, above=above, timed=timed, confidence=confidence)


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
