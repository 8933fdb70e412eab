"""What `evaluate` gives as JSON and prints."""

from __future__ import annotations

import json
from dataclasses import replace
from io import StringIO

from rich.console import Console

from bot.evaluation.report import as_json, show
from bot.kb.knowledge import Check
from tests.evaluation.outcomes import nobody_knows, offered, outcome, wrong

KNOWN = Check("[known] failure", "en", ("right",), known_failure=True, where="checks/en/_known_failures.yaml:2")
SPANISH = Check("una pregunta", "es", ("right",))
UNSAID = Check("a question of no language", None, ("right",))
OUTCOMES = [
    outcome(),
    outcome(check=SPANISH),
    outcome(check=UNSAID),
    replace(wrong(), check=Check("[bold]wrong", "en", ("right",), where="checks/en/x.yaml:7")),
    offered(1),
    nobody_knows(),
    outcome(check=KNOWN),
    replace(wrong(), check=KNOWN),
]


def test_the_json_has_every_block() -> None:
    report = json.loads(json.dumps(as_json(OUTCOMES)))
    assert list(report) == [
        *("overall", "languages", "kinds", "confused", "overmatches", "mended", "known_failures", "risk_coverage")
    ]
    assert report["overall"]["questions"] == 8, "known failures count: to list them is no way to look better"
    assert {lang: figures["questions"] for lang, figures in report["languages"].items()} == {
        "unsaid": 1,
        "en": 6,
        "es": 1,
    }
    assert report["known_failures"] == 2
    assert report["mended"] == [{"text": "[known] failure", "where": "checks/en/_known_failures.yaml:2"}]
    assert report["overmatches"] == [
        {
            "text": "[bold]wrong",
            "where": "checks/en/x.yaml:7",
            "expect": ["right"],
            "got": ["other"],
            "kind": "answer",
            "what": "another entry won: wanted right, got other",
        }
    ]


def test_the_tables_hold_the_figures_and_what_went_wrong() -> None:
    out = StringIO()
    show(as_json(OUTCOMES), Console(file=out, width=160))
    text = out.getvalue()
    assert "wrong_answers" in text
    assert "answerable" in text
    assert "taken for each other: right / other (2)" in text
    assert "checks/en/x.yaml:7: '[bold]wrong': another entry won: wanted right, got other" in text
    assert "checks/en/_known_failures.yaml:2: '[known] failure': no longer fails" in text


def test_of_very_many_harms_some_are_listed_and_the_rest_counted() -> None:
    out = StringIO()
    show(as_json([wrong()] * 50), Console(file=out, width=160))
    assert out.getvalue().count("another entry won") == 40
    assert "... and 10 more" in out.getvalue()


def test_nothing_asked_is_reported_without_trouble() -> None:
    out = StringIO()
    show(as_json([]), Console(file=out))
    assert "questions" in out.getvalue()
