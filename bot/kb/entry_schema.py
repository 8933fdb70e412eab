"""The shape of entries, their translations and the questions that test them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, Tag

from bot.kb.fields import (
    BareId,
    Belief,
    Bool,
    CountryOrWorld,
    Day,
    Different,
    EntryId,
    Hash,
    LanguageCode,
    Name,
    Note,
    Nullable,
    PartialDate,
    PhoneNumber,
    Slug,
    Some,
    SourceId,
    Strict,
    Text,
    WebAddress,
    Word,
)
from bot.kb.knowledge import Confidence, EntryKind, Status

MOST_ANSWER = 700
MOST_ASK = 500
MOST_ASKS = 1000
MOST_TITLE = 80
MOST_MODEL = 350
MOST_TEXT_BARE = 4000

AppliesTo = Literal[
    "everyone",
    "visitor",
    "tourist",
    "student",
    "worker",
    "irregular",
    "resident",
    "investor",
    "asylum_seeker",
    "refugee",
    "forced_migrant",
    "stateless",
    "trafficked",
    "smuggled",
    "detained",
    "in_crisis",
    "family",
    "child",
]
Need = Literal[
    "emergency",
    "asylum",
    "detention",
    "family",
    "children",
    "labour",
    "trafficking",
    "stateless",
    "legal_aid",
    "health",
    "climate",
    "return",
    "data_research",
]
ServiceType = Literal["article", "video", "podcast", "report", "event", "page", "list", "organisation", "hotline"]

Title = Annotated[str, Text(MOST_TITLE, markup="none")]
Answer = Annotated[str, Text(MOST_ANSWER, "paragraphs", "bold")]
ModelText = Annotated[str, Text(MOST_MODEL, "paragraphs", "bold")]
Ask = Annotated[str, Text(MOST_ASK)]
SignalWord = Annotated[str, Text(240)]
"""A word of a signal; `boat/dinghy/raft` is any one of these."""
Signals = Some[Some[SignalWord]]


def _shape(value: Any) -> str:
    return "text" if isinstance(value, str) else "group"


_EITHER = Discriminator(_shape)
"""A text, or a group of keys: an error is told of the one that was written."""


class Law(Strict):
    instrument: Slug
    articles: Annotated[str, Text(80), Field(description='Such as "5" or "13, 14"; quoted')]


class ListedLink(Strict):
    title: Name
    url: WebAddress
    language: Nullable[LanguageCode] = None
    checked: Nullable[Day] = None


class AlternativeAddress(Strict):
    url: WebAddress
    note: Nullable[Note] = None


class Person(Strict):
    name: Name
    role: Nullable[Note] = None


class PhoneLine(Strict):
    number: PhoneNumber
    note: Nullable[Note] = None
    source: Nullable[Note] = None
    belief: Belief = "right"


class Review(Strict):
    by: Name
    on: Day


class EntrySchema(Strict):
    """An entry in the source language, with all its facts."""

    id: EntryId
    title: Title
    kind: EntryKind = "answer"
    topics: Different[Slug]
    asks: Some[Ask]
    keywords: Some[Word] = ()
    answer: Answer
    status: Status
    applies_to: Different[AppliesTo] = ("everyone",)
    model: ModelText = ""
    law: Some[Law] = ()
    links: Some[Annotated[Annotated[EntryId, Tag("text")] | Annotated[ListedLink, Tag("group")], _EITHER]] = ()
    see: Different[EntryId] = ()
    sources: Different[SourceId] = ()
    confidence: Confidence
    reviewed: Nullable[Review] = None
    edition: Nullable[Literal["213", "165"]] = None
    signals: Signals = ()
    not_when: Signals = ()
    url: Nullable[WebAddress] = None
    url_note: Nullable[Note] = None
    alt_urls: Some[
        Annotated[Annotated[WebAddress, Tag("text")] | Annotated[AlternativeAddress, Tag("group")], _EITHER]
    ] = ()
    type: Nullable[ServiceType] = None
    date: Nullable[PartialDate] = None
    people: Some[Annotated[Annotated[Name, Tag("text")] | Annotated[Person, Tag("group")], _EITHER]] = ()
    themes: Different[Word] = ()
    needs: Different[Need] = ()
    region: Nullable[Note] = None
    countries: Different[CountryOrWorld] = ()
    languages: Nullable[Different[LanguageCode]] = None
    phones: Some[PhoneLine] = ()
    checked: Nullable[Day] = None


SERVICE_KEYS = (
    "url",
    "url_note",
    "alt_urls",
    "type",
    "date",
    "people",
    "themes",
    "needs",
    "region",
    "countries",
    "languages",
    "phones",
    "checked",
)
"""Keys that only resource and help entries have."""


class TranslationSchema(Strict):
    """The wording of an entry in another language."""

    id: EntryId
    of: Hash
    by: Literal["machine", "person"]
    title: Title
    asks: Some[Ask]
    keywords: Some[Word] = ()
    answer: Answer
    model: ModelText = ""
    signals: Signals = ()
    not_when: Signals = ()


class BareEntrySchema(Strict):
    """An entry of a folder for measuring; its texts are taken as they are."""

    id: BareId
    title: Annotated[str, Text(300)]
    asks: Some[Ask]
    answer: Annotated[str, Text(MOST_TEXT_BARE, "paragraphs")]
    lang: LanguageCode = "en"
    kind: EntryKind = "answer"
    topics: Different[BareId] = ()
    keywords: Some[Word] = ()


class CheckSchema(Strict):
    """A question whose right outcome is known."""

    text: Annotated[str, Text(4096)]
    lang: Nullable[LanguageCode] = None
    expect: Some[BareId] = ()
    topics: Different[BareId] = ()
    kind: Nullable[Literal["answer", "choices", "resources", "urgent", "unknown", "refused", "smalltalk"]] = None
    in_order: Bool = False
    why: Annotated[str, Text(300)] = ""
    """For people: why it is asked, or why it is known to fail."""
