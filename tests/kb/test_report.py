"""What `check` shows."""

from __future__ import annotations

import io
import json

from rich.console import Console

from bot.kb.report import print_report, report_json
from tests.kb.conftest import read
from tests.knowledge_folder import KnowledgeFolder


def shown(base: KnowledgeFolder, *, terminal: bool = False) -> str:
    out = io.StringIO()
    print_report(read(base), Console(file=out, force_terminal=terminal, width=80))
    return out.getvalue()


def test_a_good_base_may_be_served(base: KnowledgeFolder) -> None:
    lines = shown(base).splitlines()
    assert lines[-1] == "0 errors, 0 warnings. It may be served."
    assert lines[-2].startswith(
        "6 entries, 14 phrasings, 5 checks in 21 files; 0 of 3 links not opened lately; read in"
    )
    assert "situations        2" in "\n".join(lines)
    assert any(
        line.split() == ["es", "(full)", "6/6", "100%", "1/1", "100%", "6", "3/3", "100%", "0", "1", "0"]
        for line in lines
    )


def test_problems_stand_first_one_a_line_as_they_are(base: KnowledgeFolder) -> None:
    base.replace("entries/limits/fees.yaml", "I do not know fees.", "I [b]do not[/b] know fees " + "x" * 700)
    base.replace("entries/help/places.yaml", "checked: 2026-11-01", "checked: null")
    lines = shown(base).splitlines()
    assert lines[0] == "error knowledge/entries/limits/fees.yaml:7: answer: has 783 characters; at most 700"
    assert lines[1].startswith("warning knowledge/entries/help/places.yaml:2: checked: links never opened: 1 (of 2)")
    assert lines[-1].endswith("It can't be served until the errors are mended.")


def test_a_file_gets_no_colours_and_a_terminal_does(base: KnowledgeFolder) -> None:
    base.remove("topics.yaml")
    assert "\x1b[" not in shown(base)
    assert "\x1b[31m" in shown(base, terminal=True)


def test_the_same_as_data(base: KnowledgeFolder) -> None:
    base.replace("entries/limits/fees.yaml", "status: bot", "status: bott")
    data = json.loads(json.dumps(report_json(read(base))))
    assert data["ok"] is False
    assert data["errors"] == [
        {
            "path": "knowledge/entries/limits/fees.yaml",
            "line": 8,
            "field": "status",
            "message": "'bott' is not known; did you mean 'bot'?",
            "entry": "limit-visa-fees",
        }
    ]
    assert data["entries"]["total"] == 6
    assert data["entries"]["parts"] == {"situations": 2, "help": 2, "urgent": 1, "limits": 1}
    assert data["languages"]["es"]["complete"] == 1.0
    assert data["seconds"] >= 0
