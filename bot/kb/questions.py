"""Files of test questions for `evaluate`: YAML with `questions:` or `checks:`, or JSON lines."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.errors import QuestionsError
from bot.kb.entry_schema import CheckSchema
from bot.kb.file_text import DISK_BYTES, read_text, too_large
from bot.kb.knowledge import Check
from bot.kb.parsing import Item, check_item
from bot.kb.problem import Fault
from bot.kb.yaml_reader import Lines, read_yaml

_KEYS = ("questions", "checks")


def load_questions(path: Path) -> list[Check]:
    """The questions of a file, in order, each with `where` = `path:line`.

    A question has `text` and one of `expect` (entry ids), `topics` or `kind`; `lang` and `in_order` if wanted. Raises
    QuestionsError, one line with path and line, for the first thing that is wrong.
    """
    try:
        size = path.stat().st_size
        if size > DISK_BYTES:
            raise QuestionsError(f"{path}:1: file: {too_large(size, DISK_BYTES)}")
        data = path.read_bytes()
    except OSError as error:
        raise QuestionsError(f"{path}: can't be read ({error.strerror}); check the path") from None
    text, faults = read_text(data)
    if text is None:
        raise _first(path, faults)
    items = _json_lines(path, text) if text.lstrip().startswith("{") else _yaml(path, text)
    return [_check(path, item) for item in items]


def _yaml(path: Path, text: str) -> list[Item[CheckSchema]]:
    document = read_yaml(text)
    if document.faults:
        raise _first(path, document.faults)
    data: Any = document.data
    keys = [key for key in _KEYS if isinstance(data, dict) and key in data]
    if len(keys) != 1 or len(data) != 1 or not isinstance(data[keys[0]], list):
        raise QuestionsError(f"{path}:1: file: must hold 'questions:' (or 'checks:') and a list below it")
    below = document.lines.children
    lines = below[keys[0]] if isinstance(below, dict) else document.lines
    children = lines.children if isinstance(lines, Lines) and isinstance(lines.children, list) else []
    return [_item(path, value, line) for value, line in zip(data[keys[0]], children, strict=True)]


def _json_lines(path: Path, text: str) -> list[Item[CheckSchema]]:
    items = []
    for number, line in enumerate(text.split("\n"), start=1):
        if not line.strip():
            continue
        try:
            value = json.loads(line, parse_constant=str)
        except (ValueError, RecursionError):
            raise QuestionsError(f"{path}:{number}: json: this line is not a JSON object") from None
        if isinstance(value, dict):
            value = {key: _as_text(inner) for key, inner in value.items() if inner is not None}
        items.append(_item(path, value, number))
    return items


def _as_text(value: Any) -> Any:
    """JSON has booleans, YAML as it is read here only text; the schema takes text."""
    return ("false", "true")[value] if isinstance(value, bool) else value


def _item(path: Path, value: Any, line: int | Lines) -> Item[CheckSchema]:
    item, faults = check_item(CheckSchema, value, line)
    if item is None:
        raise _first(path, faults)
    question = item.value
    if not (question.expect or question.topics or question.kind):
        message = "expect: is needed, but missing: entry ids under expect, or topics, or a kind"
        raise QuestionsError(f"{path}:{item.lines.line}: {message}")
    return item


def _check(path: Path, item: Item[CheckSchema]) -> Check:
    question = item.value
    return Check(
        text=question.text,
        lang=question.lang,
        expect=question.expect,
        topics=question.topics,
        kind=question.kind,
        in_order=question.in_order,
        where=f"{path}:{item.lines.line}",
    )


def _first(path: Path, faults: list[Fault]) -> QuestionsError:
    first = min(faults, key=lambda fault: fault.line)
    more = f" (and {len(faults) - 1} more)" if len(faults) > 1 else ""
    return QuestionsError(f"{first.at(str(path))}{more}")
