"""The benchmark's command line, as far as it goes without data and without the peers."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.bench.intents import main


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        ([], "No intent data in {data}: the folder clinc150 is missing. Give the folder that holds it with --data."),
        (["--only", "hwu, nlu"], "Unknown data set: 'nlu'. Known: clinc, clinc10, hwu, curekart, xsid."),
        (
            ["--only", "hwu", "--chart", "chart.png"],
            "The chart shows hwu and clinc10: name both in --only, or leave --chart away.",
        ),
        (
            ["--json", "{data}/none/figures.json"],
            "There is no folder {data}/none to write figures.json in. Make it first.",
        ),
    ],
)
def test_what_is_missing_is_said_in_one_line(
    arguments: list[str], line: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    given = [argument.format(data=tmp_path) for argument in arguments]
    assert main(["--data", str(tmp_path), *given]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err == line.format(data=tmp_path) + "\n"
