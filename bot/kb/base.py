"""All files of a knowledge base side by side, parsed one by one and not yet compared with each other."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from pydantic import BaseModel

from bot.kb.catalogue import Catalogue
from bot.kb.entry_schema import BareEntrySchema, CheckSchema, EntrySchema, TranslationSchema
from bot.kb.folder import TABLES, FileKind, Folder, FoundFile
from bot.kb.parsing import Item, Parsed
from bot.kb.problem import Level, Problem
from bot.kb.table_schema import (
    CountrySchema,
    InstrumentSchema,
    KnowledgeSchema,
    LanguageSchema,
    RetiredSchema,
    SourceSchema,
    SynonymsSchema,
    TopicSchema,
)

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class Placed(Generic[M]):
    """An item with the file it stands in."""

    file: FoundFile
    item: Item[M]

    @property
    def value(self) -> M:
        return self.item.value

    def problem(self, field: str, message: str, level: Level = "error", *steps: str | int) -> Problem:
        """A problem of this item, at the line that `steps` lead to (by default those of `field`)."""
        line = self.item.line(*(steps or field.split(".")))
        return Problem(self.file.path, line, field, message, level, str(getattr(self.value, "id", "")))

    def where(self) -> str:
        return f"{self.file.path}:{self.item.lines.line}"


@dataclass(slots=True)
class Base:
    """A knowledge base as written."""

    name: str
    bare: bool
    knowledge: Placed[KnowledgeSchema] | None = None
    retired: Placed[RetiredSchema] | None = None
    entries: list[Placed[EntrySchema]] = field(default_factory=list)
    bare_entries: list[Placed[BareEntrySchema]] = field(default_factory=list)
    translations: list[Placed[TranslationSchema]] = field(default_factory=list)
    checks: list[Placed[CheckSchema]] = field(default_factory=list)
    topics: list[Placed[TopicSchema]] = field(default_factory=list)
    instruments: list[Placed[InstrumentSchema]] = field(default_factory=list)
    sources: list[Placed[SourceSchema]] = field(default_factory=list)
    countries: list[Placed[CountrySchema]] = field(default_factory=list)
    synonyms: dict[str, Placed[SynonymsSchema]] = field(default_factory=dict)
    catalogues: dict[str, tuple[FoundFile, Catalogue]] = field(default_factory=dict)
    files: list[FoundFile] = field(default_factory=list)
    broken: set[FileKind] = field(default_factory=set)
    """Kinds of files of which one could not be read; what is missing from them is unknown, not absent."""
    entry_ids: set[str] = field(default_factory=set)
    """Ids written in entry files, also of entries too broken to be read."""
    translated: dict[str, set[str]] = field(default_factory=dict)
    """The same for translations, by language."""
    ids: dict[FileKind, set[str]] = field(default_factory=dict)
    """The same for every kind of file."""
    first: dict[str, Placed[EntrySchema]] = field(default_factory=dict)
    """Entries by id, the first of each."""

    @property
    def source(self) -> str:
        """The language in which entries are written first."""
        return self.knowledge.value.source_language if self.knowledge else "en"

    @property
    def languages(self) -> Mapping[str, LanguageSchema]:
        return {language.id: language for language in self.knowledge.value.languages} if self.knowledge else {}

    def language_problem(self, lang: str, message: str, level: Level) -> Problem | None:
        """A problem told at the line of a language in knowledge.yaml."""
        if self.knowledge is None:
            return None
        for place, language in enumerate(self.knowledge.value.languages):
            if language.id == lang:
                return self.knowledge.problem(f"languages.{lang}", message, level, "languages", place)
        return None

    def path(self, rel: str) -> str:
        return f"{self.name}/{rel}"


def gather(folder: Folder, parsed: Iterable[tuple[FoundFile, Parsed]]) -> Base:
    """Sort the items of all files by what they are."""
    base = Base(folder.name, folder.bare)
    lists: Mapping[FileKind, list[Any]] = {
        "entries": base.entries,
        "bare": base.bare_entries,
        "translations": base.translations,
        "checks": base.checks,
        "topics": base.topics,
        "instruments": base.instruments,
        "sources": base.sources,
        "emergency_numbers": base.countries,
    }
    for file, content in parsed:
        base.files.append(file)
        if not content.readable:
            base.broken.add(file.kind)
        base.ids.setdefault(file.kind, set()).update(content.ids)
        if file.kind == "translations":
            base.translated.setdefault(file.lang, set()).update(content.ids)
        if file.kind in lists:
            lists[file.kind].extend(Placed(file, item) for item in content.items)
        elif content.whole is not None:
            placed: Placed[Any] = Placed(file, content.whole)
            if file.kind == "synonyms":
                base.synonyms[file.lang] = placed
            elif file.kind == "knowledge":
                base.knowledge = placed
            elif file.kind == "retired":
                base.retired = placed
        elif content.catalogue is not None:
            base.catalogues[file.lang] = file, content.catalogue
    base.entry_ids = base.ids.get("entries", set()) | base.ids.get("bare", set())
    for entry in base.entries:
        base.first.setdefault(entry.value.id, entry)
    return base


def missing_tables(base: Base, folder: Folder) -> list[Problem]:
    """Tables that a whole knowledge base needs and this one lacks."""
    if base.bare:
        return []
    there = {file.rel for file in base.files} | {
        problem.path.removeprefix(f"{folder.name}/") for problem in folder.problems
    }
    return [
        Problem(base.path(name), 1, "file", "is missing; every knowledge base has it")
        for name in TABLES
        if name != "retired.yaml" and name not in there
    ]
