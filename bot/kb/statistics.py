"""Figures of a knowledge base for people who look after it: how much there is, how complete, how fresh."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from bot.kb.base import Base
from bot.kb.folder import PARTS
from bot.kb.rules_entries import count_unopened
from bot.kb.rules_languages import is_stale


@dataclass(frozen=True, slots=True)
class LanguageFigures:
    """One language. Counts, not shares."""

    lang: str
    name: str
    level: str
    entries: int
    """Entries with a wording in it."""
    asks: int
    urgent: int
    """Urgent entries with a wording in it."""
    stale: int
    """Wordings made from an English text that has changed since."""
    machine: int
    """Wordings that no person has checked."""
    sentences: int
    """The bot's own sentences."""
    checks: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """The whole knowledge base."""

    entries: int
    urgent: int
    parts: Mapping[str, int]
    sentences: int
    """The bot's own sentences in the source language: the measure of the others."""
    links: int
    links_unopened: int
    """Never opened, or not for 90 days."""
    files: int
    languages: tuple[LanguageFigures, ...]

    @property
    def asks(self) -> int:
        return sum(language.asks for language in self.languages)

    @property
    def checks(self) -> int:
        return sum(language.checks for language in self.languages)


def statistics(base: Base, today: date) -> Statistics:
    """Counts of everything that could be read, also when there are errors."""
    unopened, links = count_unopened(base, today)
    urgent = {name for name, placed in base.first.items() if placed.value.kind == "urgent"}
    source = base.catalogues.get(base.source)
    parts = Counter(placed.file.part for placed in base.first.values())
    return Statistics(
        entries=len(base.first) + len({placed.value.id for placed in base.bare_entries}),
        urgent=len(urgent),
        parts={part: parts[part] for part in PARTS if parts[part]},
        sentences=len(source[1].sentences) if source else 0,
        links=links,
        links_unopened=unopened,
        files=len(base.files),
        languages=tuple(_bare_languages(base) if base.bare else _languages(base, urgent)),
    )


def _languages(base: Base, urgent: set[str]) -> list[LanguageFigures]:
    checks = Counter(placed.file.lang for placed in base.checks)
    figures = []
    for lang, language in base.languages.items():
        catalogue = base.catalogues.get(lang)
        if lang == base.source:
            texts = {name: len(placed.value.asks) for name, placed in base.first.items()}
            stale, machine = 0, 0
        else:
            here = {
                p.value.id: p.value for p in base.translations if p.file.lang == lang and p.value.id in base.first
            }
            texts = {name: len(text.asks) for name, text in here.items()}
            stale = sum(is_stale(text, base.first[name].value) for name, text in here.items())
            machine = sum(text.by == "machine" for text in here.values())
        figures.append(
            LanguageFigures(
                lang=lang,
                name=language.name,
                level=language.level,
                entries=len(texts),
                asks=sum(texts.values()),
                urgent=len(urgent & texts.keys()),
                stale=stale,
                machine=machine,
                sentences=sum(bool(s.text and not s.fuzzy) for s in catalogue[1].sentences.values())
                if catalogue
                else 0,
                checks=checks[lang],
            )
        )
    return figures


def _bare_languages(base: Base) -> list[LanguageFigures]:
    entries = Counter(placed.value.lang for placed in base.bare_entries)
    asks: Counter[str] = Counter()
    for placed in base.bare_entries:
        asks[placed.value.lang] += len(placed.value.asks)
    checks = Counter(placed.file.lang for placed in base.checks)
    return [
        LanguageFigures(lang, lang, "full", entries[lang], asks[lang], 0, 0, 0, 0, checks[lang])
        for lang in sorted(entries | checks)
    ]
