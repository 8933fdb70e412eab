"""What is wrong with a knowledge base, where, and what is wanted: one line each that a moderator understands."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Literal

from bot.kb.knowledge import Knowledge

Level = Literal["error", "warning"]


def _one_line(text: str) -> str:
    """Without line ends and unprintable characters, but for the joiners that many scripts need."""
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() or c in "\u200c\u200d" else " " if c.isspace() else "?" for c in text)


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """A finding at its place. `str()` is `path:line: field: message`."""

    path: str
    """From the folder above the knowledge base, such as `knowledge/entries/law/work.yaml`."""
    line: int
    """From 1."""
    field: str
    """The key it is about, such as `asks` or `law.instrument`; `file` when it is about the file as a whole."""
    message: str
    level: Level = "error"
    entry: str = ""
    """Id of the entry it belongs to, where there is one."""

    def __post_init__(self) -> None:
        # Both quote what stands in the file, and a problem is one printable line.
        object.__setattr__(self, "field", _one_line(self.field)[:80])
        object.__setattr__(self, "message", _one_line(self.message))

    def __str__(self) -> str:
        return f"{self.path}:{self.line}: {self.field}: {self.message}"


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule of an upper room says about an entry's text in one language. The loader finds its path and line."""

    entry: str
    lang: str
    field: str
    message: str
    level: Level = "error"


ExtraRule = Callable[[Knowledge], Iterable[Finding]]
"""A rule that needs more than the knowledge base itself, such as the length of a rendered reply. It is given whole
entries only: those with errors are left out."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A problem within one file, before the file's path is known (the same bytes may lie at several paths)."""

    line: int
    field: str
    message: str
    level: Level = "error"
    entry: str = ""

    def at(self, path: str) -> Problem:
        return Problem(path, self.line, self.field, self.message, self.level, self.entry)


MOST_FAULTS_A_FILE = 200
"""A broken file can't drown the others: further ones are counted, not listed."""


def at_most(faults: list[Fault]) -> list[Fault]:
    """The first faults of a file by line, with one line that counts the rest."""
    ordered = sorted(faults, key=lambda fault: (fault.level, fault.line, fault.field, fault.message))
    if len(ordered) <= MOST_FAULTS_A_FILE:
        return ordered
    kept, rest = ordered[:MOST_FAULTS_A_FILE], ordered[MOST_FAULTS_A_FILE:]
    return [
        *kept,
        Fault(rest[0].line, "file", f"{len(rest)} more problems of this file are not shown", rest[0].level),
    ]
