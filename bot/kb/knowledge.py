"""The knowledge base as the rest of the bot sees it: plain frozen data, no files, no YAML.

`bot.kb.load` makes it; matching and answering are handed it. Everything in it has passed every rule: readers need not
check again. Texts are NFC, without control characters, `\\n` for line ends, and no trailing space.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Part = Literal["convention", "law", "situations", "resources", "help", "urgent", "limits", "about"]
EntryKind = Literal["answer", "unknown", "refused", "urgent", "smalltalk"]
Status = Literal["binding", "model", "guidance", "service", "bot"]
Confidence = Literal["seen-text", "seen-secondary", "general-knowledge", "inference"]
Nature = Literal["treaty", "regional-treaty", "eu-law", "declaration", "non-binding", "guidance"]
WrittenBy = Literal["source", "machine", "person"]

BINDING_NATURES: frozenset[Nature] = frozenset({"treaty", "regional-treaty", "eu-law"})
"""What may be listed under "What binds states"."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language of the knowledge base."""

    id: str
    """ISO 639 code, lower case, such as `en` or `ckb`."""
    name: str
    """Its own name for itself."""
    level: Literal["full", "urgent"]
    direction: Literal["ltr", "rtl"]


@dataclass(frozen=True, slots=True)
class Topic:
    id: str
    titles: Mapping[str, str]

    def title(self, lang: str) -> str:
        """The title in `lang`, else in English, else the id."""
        return self.titles.get(lang) or self.titles.get("en") or self.id


@dataclass(frozen=True, slots=True)
class Instrument:
    """A treaty or text: the first name of a language is shown, the others are aliases that people use."""

    id: str
    names: Mapping[str, tuple[str, ...]]
    nature: Nature
    url: str | None

    def name(self, lang: str) -> str:
        names = self.names.get(lang) or self.names.get("en") or (self.id,)
        return names[0]


@dataclass(frozen=True, slots=True)
class LawRef:
    instrument: str
    articles: str


@dataclass(frozen=True, slots=True)
class Link:
    """A link ready to show: `url` is http(s) with a host."""

    title: str
    url: str
    language: str | None = None
    """Language of the page where one is known."""
    checked: str | None = None
    """ISO date when it was last seen to work; None means never opened."""
    entry: str | None = None
    """The resource or help entry it comes from."""


@dataclass(frozen=True, slots=True)
class Phone:
    number: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class Wording:
    """An entry's text in one language."""

    lang: str
    by: WrittenBy
    title: str
    asks: tuple[str, ...]
    answer: str
    model: str = ""
    keywords: tuple[str, ...] = ()
    signals: tuple[tuple[str, ...], ...] = ()
    not_when: tuple[tuple[str, ...], ...] = ()
    stale: bool = False
    """The English text changed since this was translated."""


@dataclass(frozen=True, slots=True)
class Service:
    """What resource and help entries add."""

    type: str
    url: str | None
    url_note: str = ""
    alt_urls: tuple[Link, ...] = ()
    date: str | None = None
    people: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()
    region: str = ""
    countries: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    phones: tuple[Phone, ...] = ()
    checked: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    id: str
    part: Part
    kind: EntryKind
    topics: tuple[str, ...]
    """The first is the main one. Empty only in a bare folder for measuring."""
    status: Status
    applies_to: tuple[str, ...]
    law: tuple[LawRef, ...]
    links: tuple[Link, ...]
    """Resolved: an entry id became that entry's best address; its own address comes first."""
    see: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Confidence
    reviewed: bool
    wordings: Mapping[str, Wording]
    """By language; the source language is always there."""
    service: Service | None = None
    edition: str | None = None
    """Of an entry on an article of the Convention: the number of articles of its edition, `213` or `165`."""

    def wording(self, lang: str, source: str = "en") -> Wording:
        """The text in `lang`, else in the source language, else in the only language there is."""
        found = self.wordings.get(lang) or self.wordings.get(source)
        return found if found is not None else next(iter(self.wordings.values()))


@dataclass(frozen=True, slots=True)
class Synonyms:
    """Words of one language: groups that mean the same, and pairs that must never be confused.."""

    same: tuple[tuple[str, ...], ...] = ()
    never: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Check:
    """A question whose right outcome is known; of the knowledge base's own checks or of a questions file."""

    text: str
    lang: str | None
    expect: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    kind: str | None = None
    in_order: bool = False
    near_urgent: bool = False
    """Must not raise the alarm."""
    known_failure: bool = False
    where: str = ""
    """`path:line`, for reports."""


@dataclass(frozen=True, slots=True)
class EmergencyNumber:
    country: str
    service: str
    number: str


@dataclass(frozen=True, slots=True)
class Knowledge:
    """A whole knowledge base, checked."""

    name: str
    disclaimer: Mapping[str, str]
    source_language: str
    languages: Mapping[str, Language]
    topics: Mapping[str, Topic]
    instruments: Mapping[str, Instrument]
    entries: Mapping[str, Entry]
    emergency: tuple[EmergencyNumber, ...]
    synonyms: Mapping[str, Synonyms]
    sentences: Mapping[str, Mapping[str, str]]
    """The bot's own sentences: language → key → sentence with `{placeholders}`. Missing ones are simply absent."""
    retired: Mapping[str, str | None] = field(default_factory=dict)
    checks: tuple[Check, ...] = ()
    bare: bool = False
    """A folder without `knowledge.yaml`: only id, title, asks and answer, for measuring."""

    def entry(self, entry_id: str) -> Entry | None:
        """An entry by its id, or the successor of a retired one; None when there is neither."""
        successor = self.retired.get(entry_id, entry_id)
        return self.entries.get(successor) if successor else None
