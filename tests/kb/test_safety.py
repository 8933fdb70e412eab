"""No file, whatever its bytes, ends in a traceback or takes the process down."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.kb.folder import FileKind
from bot.kb.loader import load
from bot.kb.parsing import parse
from bot.kb.problem import MOST_FAULTS_A_FILE
from tests.knowledge_folder import FILES, write_knowledge

KINDS = get_args(FileKind)
YAML_FILES = [text for rel, text in FILES.items() if rel.endswith((".yaml", ".po"))]
TRICKS = [
    "[",
    "{",
    "]",
    "}",
    "- ",
    ": ",
    "'",
    '"',
    "*a",
    "&a ",
    "!b ",
    "|",
    ">",
    "#",
    "\t",
    "\n",
    "---\n",
    "...",
    "%",
    "? ",
    "null",
    "~",
]

CHILD = """
import sys
from bot.kb.parsing import parse
data = eval(sys.argv[1])
for kind in ("entries", "knowledge", "bare", "wording"):
    for fault in parse(kind, data).faults:
        print(kind, f"{fault.line}: {fault.field}: {fault.message}")
"""


@pytest.mark.parametrize(
    "data",
    [
        "b'[' * 1_000_000",
        "b'{' * 1_000_000",
        "b'- ' * 500_000",
        "b'? ' * 500_000",
        "b'[{' * 500_000",
        "b']' * 1_000_000",
    ],
)
def test_a_megabyte_of_brackets_is_refused_in_one_line(data: str) -> None:
    result = subprocess.run(
        [sys.executable, "-c", CHILD, data],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
        cwd=Path(__file__).parents[2],
    )
    assert result.returncode == 0, result.stderr[-2000:]
    lines = result.stdout.splitlines()
    if "]" not in data:
        assert lines[0] == "entries 1: yaml: is nested too deep; at most 12 levels are read"
    assert {line.split()[0] for line in lines} == {"entries", "knowledge", "bare", "wording"}


def test_too_many_values_are_refused() -> None:
    faults = parse("entries", b"entries: [" + b"a," * 600_000 + b"]").faults
    assert [str(fault.message) for fault in faults] == ["holds more than 500,000 values; split it by subject"]


@given(data=st.binary(max_size=300), kind=st.sampled_from(KINDS))
def test_random_bytes(data: bytes, kind: FileKind) -> None:
    parsed = parse(kind, data)
    assert all(fault.line >= 1 and fault.message and fault.field for fault in parsed.faults)


@given(text=st.text(max_size=200), kind=st.sampled_from(KINDS))
def test_random_text(text: str, kind: FileKind) -> None:
    parse(kind, text.encode("utf-8", "surrogatepass"))


@st.composite
def mutated(draw: st.DrawFn) -> bytes:
    """A valid file with a few places cut, doubled, or filled with what means something to YAML."""
    text = draw(st.sampled_from(YAML_FILES))
    for _ in range(draw(st.integers(1, 6))):
        start = draw(st.integers(0, len(text)))
        end = min(len(text), start + draw(st.integers(0, 30)))
        put = draw(st.one_of(st.just(""), st.sampled_from(TRICKS), st.just(text[start:end] * 2), st.text(max_size=5)))
        text = text[:start] + put + text[end:]
    return text.encode("utf-8", "surrogatepass")


@settings(max_examples=300)
@given(data=mutated(), kind=st.sampled_from(KINDS))
def test_mutated_files(data: bytes, kind: FileKind) -> None:
    parsed = parse(kind, data)
    assert len(parsed.faults) <= MOST_FAULTS_A_FILE + 1
    assert all(fault.line <= data.count(b"\n") + data.count(b"\r") + 2 for fault in parsed.faults)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(data=mutated(), rel=st.sampled_from([rel for rel in FILES if rel != "README.md"]))
def test_a_mutated_file_in_a_whole_base(tmp_path: Path, data: bytes, rel: str) -> None:
    base = write_knowledge(tmp_path / "knowledge")
    base.write(rel, data)
    loaded = load(base.root)
    assert (loaded.knowledge is None) == bool(loaded.errors)
    assert all(re.sub("[\u200c\u200d]", "", str(problem)).isprintable() for problem in loaded.problems)
