"""What the verb `check` shows: every problem, then tables of how much there is, how complete and how fresh."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from bot.kb.loader import Loaded
from bot.kb.problem import Problem
from bot.kb.statistics import LanguageFigures, Statistics


def print_report(loaded: Loaded, console: Console) -> None:
    """Print problems and tables; plain text, one line a problem, when the console is not a terminal."""
    _problems(loaded.errors, "error", "red", console)
    _problems(loaded.warnings, "warning", "yellow", console)
    if loaded.problems:
        console.print()
    figures = loaded.statistics
    if figures.parts:
        _print(console, "Entries", ("part", "entries"), [(part, str(count)) for part, count in figures.parts.items()])
    _print(
        console,
        "Languages",
        ("language", "entries", "urgent", "phrasings", "sentences", "stale", "machine", "checks"),
        [_row(language, figures) for language in figures.languages],
    )
    console.print(_summary(loaded), highlight=False, soft_wrap=True)


def report_json(loaded: Loaded) -> dict[str, Any]:
    """The same as data for `check --json`."""
    figures = loaded.statistics
    return {
        "ok": not loaded.errors,
        "errors": [_as_dict(problem) for problem in loaded.errors],
        "warnings": [_as_dict(problem) for problem in loaded.warnings],
        "entries": {"total": figures.entries, "urgent": figures.urgent, "parts": dict(figures.parts)},
        "languages": {
            language.lang: {
                "name": language.name,
                "level": language.level,
                "entries": language.entries,
                "complete": share(language.entries, figures.entries),
                "urgent": language.urgent,
                "asks": language.asks,
                "stale": language.stale,
                "machine": language.machine,
                "sentences": language.sentences,
                "sentences_complete": share(language.sentences, figures.sentences),
                "checks": language.checks,
            }
            for language in figures.languages
        },
        "links": {"total": figures.links, "unopened": figures.links_unopened},
        "asks": figures.asks,
        "checks": figures.checks,
        "files": figures.files,
        "digest": loaded.digest,
        "seconds": round(loaded.seconds, 3),
    }


def share(part: int, whole: int) -> float:
    """As a fraction of 1; nothing of nothing is all of it."""
    return round(part / whole, 4) if whole else 1.0


def _as_dict(problem: Problem) -> dict[str, Any]:
    return {
        "path": problem.path,
        "line": problem.line,
        "field": problem.field,
        "message": problem.message,
        "entry": problem.entry or None,
    }


def _problems(problems: Iterable[Problem], word: str, style: str, console: Console) -> None:
    for problem in problems:
        console.print(f"[{style}]{word}[/] {escape(str(problem))}", highlight=False, soft_wrap=True)


def _row(language: LanguageFigures, figures: Statistics) -> tuple[str, ...]:
    return (
        f"{language.lang} ({language.level})",
        _of(language.entries, figures.entries),
        _of(language.urgent, figures.urgent),
        f"{language.asks:,}",
        _of(language.sentences, figures.sentences),
        str(language.stale),
        str(language.machine),
        str(language.checks),
    )


def _of(part: int, whole: int) -> str:
    return f"{part}/{whole} {share(part, whole):.0%}" if whole else str(part)


def _print(console: Console, title: str, headings: tuple[str, ...], rows: list[tuple[str, ...]]) -> None:
    if not console.is_terminal:
        console.width = max(console.width, 120)  # a file or a pipe has no edge to wrap at
    table = Table(box=box.SIMPLE_HEAD if console.is_terminal else None, pad_edge=False, padding=(0, 1))
    for number, heading in enumerate(headings):
        table.add_column(heading, justify="right" if number else "left")
    for row in rows:
        table.add_row(*map(escape, row))
    console.print(title, style="bold")
    console.print(table)
    console.print()


def _summary(loaded: Loaded) -> str:
    figures = loaded.statistics
    errors, warnings = len(loaded.errors), len(loaded.warnings)
    parts = [
        f"{figures.entries:,} entries, {figures.asks:,} phrasings, {figures.checks:,} checks in {figures.files:,} files",
        f"{figures.links_unopened:,} of {figures.links:,} links not opened lately" if figures.links else "",
        f"read in {loaded.seconds:.2f} s",
    ]
    verdict = "It may be served." if not errors else "It can't be served until the errors are mended."
    counts = (
        f"{errors} {'error' if errors == 1 else 'errors'}, {warnings} {'warning' if warnings == 1 else 'warnings'}."
    )
    return f"{'; '.join(part for part in parts if part)}.\n{counts} {verdict}"
