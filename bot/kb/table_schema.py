"""The shape of the tables: name and languages, topics, treaties, sources, numbers, retired ids, synonyms."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from bot.kb.fields import (
    Belief,
    Country,
    EntryId,
    LanguageCode,
    Many,
    Name,
    Note,
    Nullable,
    PhoneNumber,
    Remark,
    Slug,
    Some,
    SourceId,
    Strict,
    Text,
    WebAddress,
    Word,
)
from bot.kb.knowledge import Confidence, Nature


class LanguageSchema(Strict):
    id: LanguageCode
    name: Name
    level: Literal["full", "urgent"]
    direction: Literal["ltr", "rtl"]


class KnowledgeSchema(Strict):
    """knowledge.yaml"""

    name: Name
    disclaimer: dict[LanguageCode, Annotated[str, Text(500, "paragraphs", "bold")]]
    source_language: LanguageCode
    languages: Some[LanguageSchema]


class TopicSchema(Strict):
    id: Slug
    title: dict[LanguageCode, Name]


class InstrumentSchema(Strict):
    id: Slug
    names: dict[LanguageCode, Some[Annotated[str, Text(200)]]]
    nature: Nature
    url: Nullable[WebAddress] = None
    must_not_say: Annotated[Nullable[Remark], Field(alias="not", description="What must not be said of it")] = None


class SourceSchema(Strict):
    id: SourceId
    what: Remark
    url: Nullable[WebAddress] = None
    seen: Confidence


class NumberSchema(Strict):
    number: PhoneNumber
    source: SourceId
    belief: Belief
    note: Nullable[Note] = None


class CountrySchema(Strict):
    country: Country
    services: Annotated[dict[Slug, NumberSchema], Field(min_length=1)]


class RetiredSchema(Strict):
    """retired.yaml"""

    retired: dict[EntryId, Nullable[EntryId]]


class SynonymsSchema(Strict):
    """synonyms/<lang>.yaml"""

    same: Many[Annotated[tuple[Word, ...], Field(min_length=2, max_length=200)]] = ()
    never: Many[tuple[Word, Word]] = ()
