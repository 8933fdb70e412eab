"""Files of questions for `evaluate`."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import QuestionsError
from bot.kb.knowledge import Check
from bot.kb.questions import load_questions


def write(folder: Path, text: str | bytes, name: str = "q.yaml") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("key", ["questions", "checks"])
def test_yaml(tmp_path: Path, key: str) -> None:
    path = write(
        tmp_path,
        f"{key}:\n  - {{text: no flat, expect: [a/b, c], in_order: true}}\n  - {{text: hi, kind: smalltalk, lang: es}}\n",
    )
    assert load_questions(path) == [
        Check("no flat", None, expect=("a/b", "c"), in_order=True, where=f"{path}:2"),
        Check("hi", "es", kind="smalltalk", where=f"{path}:3"),
    ]


def test_json_lines(tmp_path: Path) -> None:
    text = '{"text": "no flat", "topics": ["equality"], "lang": null}\n\n{"text": "x", "expect": ["a"], "in_order": false}\n'
    path = write(tmp_path, text, "q.jsonl")
    assert load_questions(path) == [
        Check("no flat", None, topics=("equality",), where=f"{path}:1"),
        Check("x", None, expect=("a",), where=f"{path}:3"),
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (
            "questions:\n  - {text: x}\n",
            ":2: expect: is needed, but missing: entry ids under expect, or topics, or a kind",
        ),
        ("questions:\n  - {txt: x, kind: answer}\n", ":2: text: is needed, but missing (and 1 more)"),
        (
            "questions:\n  - just text\n",
            ":2: file: keys with values are wanted here, such as 'id: ...', not 'just text'",
        ),
        ("questions: x\n", ":1: file: must hold 'questions:' (or 'checks:') and a list below it"),
        ("", ":1: file: must hold 'questions:' (or 'checks:') and a list below it"),
        (
            "questions:\n  - {text: x, kind: maybe}\n",
            ":2: kind: 'maybe' is not known; it is one of answer, choices, resources",
        ),
        ("questions:\n  - [\n", ":3: yaml: this can't be read as YAML"),
        ('{"text": "x", "kind": "answer"}\n{"text": \n', ":2: json: this line is not a JSON object"),
        ('{"text": "x", "kind": "answer"}\n[1]\n', ":2: file: keys with values are wanted here, such as 'id: ...'"),
        ('{"text": 5, "kind": "answer"}\n', ":1: text: a text is wanted here; if it has a colon, put it in quotes"),
        ("{" * 100_000, ":1: json: this line is not a JSON object"),
        (b"questions:\n\xff", ":2: file: is not UTF-8 here (byte 0xFF); save it as UTF-8"),
    ],
)
def test_what_is_wrong_is_one_line_with_its_place(tmp_path: Path, text: str | bytes, message: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(QuestionsError) as raised:
        load_questions(path)
    assert str(raised.value).startswith(f"{path}{message}")
    assert "\n" not in str(raised.value)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError) as raised:
        load_questions(tmp_path / "none.yaml")
    assert str(raised.value) == f"{tmp_path / 'none.yaml'}: can't be read (No such file or directory); check the path"
