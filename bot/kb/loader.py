"""Reading and checking a whole knowledge base: every problem of every file in one go, then plain frozen data."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from time import perf_counter
from typing import Any

from bot.kb.assemble import assemble
from bot.kb.base import Base, Placed, gather, missing_tables
from bot.kb.folder import Folder, read_folder
from bot.kb.knowledge import Knowledge
from bot.kb.parsing import ParseCache, content_digest
from bot.kb.problem import ExtraRule, Fault, Finding, Problem, at_most
from bot.kb.rules_asks import ask_rules, title_rules
from bot.kb.rules_entries import entry_rules, unopened_links
from bot.kb.rules_ids import id_rules, titles_in_known_languages
from bot.kb.rules_languages import completeness_rules, sentence_rules, translation_rules
from bot.kb.rules_references import misplaced_checks, reference_rules
from bot.kb.statistics import Statistics, statistics

__all__ = ["ExtraRule", "Finding", "Loaded", "ParseCache", "Problem", "load"]


@dataclass(frozen=True, slots=True)
class Loaded:
    """What came of reading a knowledge base."""

    knowledge: Knowledge | None
    """None when there is any error: it is never served."""
    problems: tuple[Problem, ...]
    """Errors and warnings, by path and line."""
    statistics: Statistics
    """What `check` shows in tables."""
    digest: str
    """SHA-256 over the paths and bytes of all files read, in hex."""
    seconds: float
    """How long it took."""

    @property
    def errors(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "error")

    @property
    def warnings(self) -> tuple[Problem, ...]:
        return tuple(problem for problem in self.problems if problem.level == "warning")


def load(
    root: Path,
    *,
    cache: ParseCache | None = None,
    extra_rules: Sequence[ExtraRule] = (),
    today: date | None = None,
) -> Loaded:
    """Read and check the knowledge base in the folder `root`.

    With a `cache` only files that changed since its last loads are parsed again. `today` is what the age of links is
    counted from, by default the machine's date. Raises nothing for what lies in the folder: see `Loaded.problems`.
    """
    began = perf_counter()
    cache = cache if cache is not None else ParseCache()
    cache.begin()
    today = today or date.today()
    folder = read_folder(root)
    digests = [content_digest(file.data) for file in folder.files]
    parsed = [
        (file, cache.parse(file.kind, file.data, digest)) for file, digest in zip(folder.files, digests, strict=True)
    ]
    base = gather(folder, parsed)
    problems = [
        *folder.problems,
        *(fault.at(file.path) for file, content in parsed for fault in content.faults),
        *missing_tables(base, folder),
        *_limited(_between_files(base, today)),
    ]
    if not base.entries and not base.bare_entries and not any(problem.level == "error" for problem in problems):
        problems.append(Problem(folder.name, 1, "file", "holds no entries; they live in entries/**/*.yaml"))
    knowledge = _apply(extra_rules, base, problems)
    failed = any(problem.level == "error" for problem in problems)
    return Loaded(
        knowledge=None if failed else knowledge or assemble(base),
        problems=tuple(sorted(set(problems))),
        statistics=statistics(base, today),
        digest=_digest(folder, digests),
        seconds=perf_counter() - began,
    )


def _between_files(base: Base, today: date) -> Iterator[Problem]:
    yield from id_rules(base)
    yield from titles_in_known_languages(base)
    yield from reference_rules(base)
    yield from misplaced_checks(base)
    yield from entry_rules(base)
    yield from ask_rules(base)
    yield from title_rules(base)
    yield from translation_rules(base)
    yield from completeness_rules(base)
    yield from sentence_rules(base)
    yield from unopened_links(base, today)


def _limited(problems: Iterable[Problem]) -> Iterator[Problem]:
    """At most so many of one file, with a count of the rest."""
    by_path: dict[str, list[Fault]] = {}
    for one in problems:
        by_path.setdefault(one.path, []).append(Fault(one.line, one.field, one.message, one.level, one.entry))
    for path, faults in by_path.items():
        yield from (fault.at(path) for fault in at_most(faults))


def _apply(rules: Sequence[ExtraRule], base: Base, problems: list[Problem]) -> Knowledge | None:
    """Add what the rules of upper rooms find. They see whole entries only; gives the knowledge base when it is whole."""
    wrong = {problem.entry for problem in problems if problem.level == "error" and problem.entry}
    failed = any(problem.level == "error" for problem in problems)
    broken_tables = base.broken & {"knowledge", "topics", "instruments"}
    if not rules or broken_tables:
        return None
    knowledge = assemble(base, without=wrong)
    if knowledge is None or not knowledge.entries:
        return None
    places = _places(base)
    problems += [_located(finding, base, places) for rule in rules for finding in rule(knowledge)]
    return None if failed else knowledge


def _places(base: Base) -> dict[tuple[str, str], Placed[Any]]:
    """Where the text of each entry and language stands."""
    found: dict[tuple[str, str], Placed[Any]] = {}
    for translation in base.translations:
        found.setdefault((translation.value.id, translation.file.lang), translation)
    for bare in base.bare_entries:
        found.setdefault((bare.value.id, bare.value.lang), bare)
    for name, entry in base.first.items():
        found[name, base.source] = entry
    return found


def _located(finding: Finding, base: Base, places: dict[tuple[str, str], Placed[Any]]) -> Problem:
    placed = places.get((finding.entry, finding.lang)) or places.get((finding.entry, base.source))
    if placed is None:
        return Problem(base.name, 1, finding.field, finding.message, finding.level, finding.entry)
    return placed.problem(finding.field, finding.message, finding.level)


def _digest(folder: Folder, digests: Sequence[bytes]) -> str:
    whole = hashlib.sha256()
    for file, digest in sorted(zip(folder.files, digests, strict=True), key=lambda pair: pair[0].rel):
        whole.update(file.rel.encode("utf-8") + b"\0" + digest)
    return whole.hexdigest()
