"""Text of a YAML file to plain data with line numbers, safe for any input.

One pass over libyaml's parsing events, which use no recursion (its composer does, and dies on deep nesting), counts
and guards; the data are built from those same events. Nothing is resolved: every scalar stays text, and the schema says
what is a number, a date or null.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from typing import Any, Final

import yaml

from bot.kb.file_text import forbidden_characters
from bot.kb.problem import Fault
from bot.kb.yaml_words import explain

MOST_DEPTH: Final = 12
MOST_NODES: Final = 500_000

_PLAIN_NULLS: Final = frozenset({"", "~", "null", "Null", "NULL"})


class Null(str):
    """An unquoted `null`, `~` or nothing at all. Still text; fields that may be null take it for that."""

    __slots__ = ()


class Lines:
    """Line numbers beside a list or a mapping: its own, those of its keys, and those of what it holds."""

    __slots__ = ("children", "keys", "line")

    def __init__(self, line: int, children: list[int | Lines] | dict[str, int | Lines]) -> None:
        self.line = line
        self.children = children
        self.keys: dict[str, int] = {}

    def at(self, path: Iterable[str | int]) -> int:
        """The line of what `path` leads to; of the nearest thing around it where it leads nowhere."""
        here: int | Lines = self
        line = self.line
        for step in path:
            if not isinstance(here, Lines):
                break
            children = here.children
            if isinstance(step, str) and isinstance(children, dict) and step in children:
                line = here.keys[step]
                here = children[step]
            elif isinstance(step, int) and isinstance(children, list) and 0 <= step < len(children):
                here = children[step]
                line = here.line if isinstance(here, Lines) else here
        return line


class Document:
    """What a YAML file holds. `data` is text, lists and mappings only; None when nothing could be read."""

    __slots__ = ("data", "faults", "lines")

    def __init__(self, data: Any, lines: Lines, faults: list[Fault]) -> None:
        self.data = data
        self.lines = lines
        self.faults = faults


class _UnreadableError(Exception):
    """Reading can't go on."""

    def __init__(self, fault: Fault) -> None:
        super().__init__(fault.message)
        self.fault = fault


class _Frame:
    """A list or mapping being filled."""

    __slots__ = ("key", "key_line", "lines", "value")

    def __init__(self, value: list[Any] | dict[str, Any], line: int) -> None:
        self.value = value
        self.lines = Lines(line, [] if isinstance(value, list) else {})
        self.key: str | None = None
        self.key_line = line


def read_yaml(text: str, *, most_nodes: int = MOST_NODES) -> Document:
    """Parse `text`, which `read_text` has passed. Never raises: what is wrong is in the document's faults."""
    reader = _Reader(most_nodes)
    try:
        for event in _events(text):
            reader.take(event)
    except _UnreadableError as error:
        reader.faults.append(error.fault)
        return Document(None, Lines(1, []), reader.faults)
    lines = reader.root_lines if isinstance(reader.root_lines, Lines) else Lines(reader.root_lines, [])
    return Document(reader.root, lines, reader.faults)


def _events(text: str) -> Iterator[Any]:
    try:
        yield from yaml.parse(text, Loader=yaml.CLoader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark else 1
        start = error.context_mark.line + 1 if error.context_mark else line
        lines = text.split("\n")
        shown = lines[line - 1] if line <= len(lines) else ""
        message = explain(error.context or "", error.problem or "", shown, start if start != line else None)
        raise _UnreadableError(Fault(min(line, len(lines)), "yaml", message)) from None
    except yaml.YAMLError:
        raise _UnreadableError(Fault(1, "yaml", "this is not a YAML file that can be read")) from None


class _Reader:
    """Takes events one by one and builds the data, without recursion."""

    def __init__(self, most_nodes: int) -> None:
        self.faults: list[Fault] = []
        self.root: Any = None
        self.root_lines: int | Lines = 1
        self._stack: list[_Frame] = []
        self._documents = 0
        self._nodes = 0
        self._most_nodes = most_nodes

    def take(self, event: Any) -> None:
        kind = type(event)
        if kind is yaml.ScalarEvent:
            self._count(event)
            self._add(self._scalar(event), event.start_mark.line + 1)
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            self._count(event)
            if len(self._stack) >= MOST_DEPTH:
                line = event.start_mark.line + 1
                raise _UnreadableError(
                    Fault(line, "yaml", f"is nested too deep; at most {MOST_DEPTH} levels are read")
                )
            empty: list[Any] | dict[str, Any] = {} if kind is yaml.MappingStartEvent else []
            self._stack.append(_Frame(empty, event.start_mark.line + 1))
        elif kind is yaml.MappingEndEvent or kind is yaml.SequenceEndEvent:
            frame = self._stack.pop()
            self._add(frame.value, frame.lines)
        elif kind is yaml.AliasEvent:
            self._count(event, plain=False)
            line = event.start_mark.line + 1
            message = f"'*{event.anchor}' is read as a YAML alias; put the whole text in quotes"
            self.faults.append(Fault(line, "yaml", message))
            self._add(f"*{event.anchor}", line)
        elif kind is yaml.DocumentStartEvent:
            self._start_document(event)

    def _start_document(self, event: Any) -> None:
        self._documents += 1
        line = event.start_mark.line + 1
        if self._documents > 1:
            raise _UnreadableError(
                Fault(line, "yaml", "a second document begins here ('---'); one file holds one document")
            )
        if event.version or event.tags:
            self.faults.append(Fault(line, "yaml", "lines that begin with % are not used; delete them"))

    def _count(self, event: Any, *, plain: bool = True) -> None:
        self._nodes += 1
        line = event.start_mark.line + 1
        if self._nodes > self._most_nodes:
            raise _UnreadableError(
                Fault(line, "yaml", f"holds more than {self._most_nodes:,} values; split it by subject")
            )
        if plain and event.anchor is not None:
            message = f"'&{event.anchor}' is read as a YAML anchor; put the whole text in quotes, or delete it"
            self.faults.append(Fault(line, "yaml", message))
        if plain and event.tag is not None:
            message = "a word that begins with ! is read as a YAML tag; put the whole text in quotes, or delete it"
            self.faults.append(Fault(line, "yaml", message))

    def _scalar(self, event: Any) -> str:
        value: str = event.value
        if not event.style and value in _PLAIN_NULLS:
            return Null(value)
        if event.style == '"' and not (value.isascii() and value.isprintable()):
            # Escapes such as "\u202e" bring in what the check of the file's text could not see.
            value = unicodedata.normalize("NFC", value)
            for _, what in forbidden_characters(value):
                self.faults.append(Fault(event.start_mark.line + 1, "yaml", f"there is {what}"))
        return value

    def _add(self, value: Any, lines: int | Lines) -> None:
        if not self._stack:
            self.root, self.root_lines = value, lines
            return
        frame = self._stack[-1]
        container, children = frame.value, frame.lines.children
        if isinstance(container, list):
            container.append(value)
            children.append(lines)  # type: ignore[union-attr]
        elif frame.key is None:
            self._take_key(frame, value, lines)
        else:
            key, frame.key = frame.key, None
            if key in container:
                message = f"'{key}' is written twice here, first on line {frame.lines.keys[key]}; keep one"
                self.faults.append(Fault(frame.key_line, key, message))
                return
            container[key] = value
            frame.lines.keys[key] = frame.key_line
            children[key] = lines  # type: ignore[call-overload]

    def _take_key(self, frame: _Frame, value: Any, lines: int | Lines) -> None:
        frame.key_line = lines.line if isinstance(lines, Lines) else lines
        if isinstance(value, str):
            frame.key = str(value)
            return
        self.faults.append(Fault(frame.key_line, "yaml", "a key is a word before a colon, not a list"))
        frame.key = f"(line {frame.key_line})"
