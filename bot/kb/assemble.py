"""The checked files as the frozen `Knowledge` that the rest of the bot sees. References that lead nowhere are left out:
they were told about, and a knowledge base that has any is not served."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import cast

from bot.kb.base import Base, Placed
from bot.kb.entry_schema import AlternativeAddress, CheckSchema, EntrySchema, ListedLink, Person, TranslationSchema
from bot.kb.knowledge import (
    Check,
    EmergencyNumber,
    Entry,
    Instrument,
    Language,
    LawRef,
    Link,
    Part,
    Phone,
    Service,
    Synonyms,
    Topic,
    Wording,
)
from bot.kb.knowledge import Knowledge as Whole
from bot.kb.rules_languages import is_stale

_RTL = frozenset({"ar", "fa", "he", "ur", "ps", "ckb", "ug", "yi", "sd", "dv", "ks"})


def assemble(base: Base, without: Collection[str] = ()) -> Whole | None:
    """The knowledge base, less the entries named by `without`; None when its knowledge.yaml can't be read."""
    if base.bare:
        return _bare(base)
    if base.knowledge is None:
        return None
    head = base.knowledge.value
    source = head.source_language
    kept = {name: placed for name, placed in base.first.items() if name not in without}
    translations: dict[str, dict[str, TranslationSchema]] = {}
    for translation in base.translations:
        translations.setdefault(translation.value.id, {}).setdefault(translation.file.lang, translation.value)
    topics = {topic.value.id: Topic(topic.value.id, topic.value.title) for topic in base.topics}
    instruments = {
        text.value.id: Instrument(text.value.id, text.value.names, text.value.nature, text.value.url)
        for text in base.instruments
    }
    entries = {name: _entry(base, placed, kept, translations.get(name, {})) for name, placed in kept.items()}
    return Whole(
        name=head.name,
        disclaimer=head.disclaimer,
        source_language=source,
        languages={lang.id: Language(lang.id, lang.name, lang.level, lang.direction) for lang in head.languages},
        topics=topics,
        instruments=instruments,
        entries=entries,
        emergency=tuple(
            EmergencyNumber(country.value.country, service, number.number)
            for country in base.countries
            for service, number in country.value.services.items()
        ),
        synonyms={lang: Synonyms(placed.value.same, placed.value.never) for lang, placed in base.synonyms.items()},
        sentences={
            lang: {
                key: sentence.text
                for key, sentence in catalogue.sentences.items()
                if sentence.text and (lang == source or not sentence.fuzzy)
            }
            for lang, (_, catalogue) in base.catalogues.items()
        },
        retired=base.retired.value.retired if base.retired else {},
        checks=tuple(_check(placed) for placed in base.checks),
    )


def _entry(
    base: Base,
    placed: Placed[EntrySchema],
    entries: Mapping[str, Placed[EntrySchema]],
    translations: Mapping[str, TranslationSchema],
) -> Entry:
    entry = placed.value
    part = cast(Part, placed.file.part)
    instruments = base.ids.get("instruments", set())
    wordings = {base.source: _source_wording(entry, base.source)}
    for lang, text in translations.items():
        if lang in base.languages:
            wordings[lang] = _translated(text, lang, stale=is_stale(text, entry))
    return Entry(
        id=entry.id,
        part=part,
        kind=entry.kind,
        topics=entry.topics,
        status=entry.status,
        applies_to=entry.applies_to,
        law=tuple(LawRef(law.instrument, law.articles) for law in entry.law if law.instrument in instruments),
        links=tuple(_links(placed, entries)),
        see=tuple(name for name in entry.see if name in entries),
        sources=entry.sources,
        confidence=entry.confidence,
        reviewed=entry.reviewed is not None,
        wordings=wordings,
        service=_service(entry) if part in ("resources", "help") else None,
        edition=entry.edition,
    )


def _source_wording(entry: EntrySchema, lang: str) -> Wording:
    return Wording(
        lang=lang,
        by="source",
        title=entry.title,
        asks=entry.asks,
        answer=entry.answer,
        model=entry.model,
        keywords=entry.keywords,
        signals=entry.signals,
        not_when=entry.not_when,
    )


def _translated(text: TranslationSchema, lang: str, *, stale: bool) -> Wording:
    return Wording(
        lang=lang,
        by=text.by,
        title=text.title,
        asks=text.asks,
        answer=text.answer,
        model=text.model,
        keywords=text.keywords,
        signals=text.signals,
        not_when=text.not_when,
        stale=stale,
    )


def _links(placed: Placed[EntrySchema], entries: Mapping[str, Placed[EntrySchema]]) -> Iterator[Link]:
    """The entry's own address first, then the listed ones; no address twice."""
    seen: set[str] = set()
    own = [best_link(placed.value)] if placed.file.part in ("resources", "help") else []
    listed: list[Link | None] = []
    for link in placed.value.links:
        if isinstance(link, ListedLink):
            listed.append(Link(link.title, link.url, link.language, link.checked))
        elif link in entries:
            listed.append(best_link(entries[link].value))
    for found in [*own, *listed]:
        if found is not None and found.url not in seen:
            seen.add(found.url)
            yield found


def best_link(entry: EntrySchema) -> Link | None:
    """The address of a resource or help entry: its url, else the first of the others with its note; None when none is
    known."""
    language = entry.languages[0] if entry.languages and len(entry.languages) == 1 else None
    if entry.url is not None:
        return Link(entry.title, entry.url, language, entry.checked, entry.id)
    return next(iter(_alternatives(entry)), None)


def _alternatives(entry: EntrySchema) -> Iterator[Link]:
    for address in entry.alt_urls:
        if isinstance(address, AlternativeAddress):
            title = f"{entry.title} ({address.note.rstrip('.')})" if address.note else entry.title
            yield Link(title, address.url, None, entry.checked, entry.id)
        else:
            yield Link(entry.title, address, None, entry.checked, entry.id)


def _service(entry: EntrySchema) -> Service:
    return Service(
        type=entry.type or "page",
        url=entry.url,
        url_note=entry.url_note or "",
        alt_urls=tuple(_alternatives(entry)),
        date=entry.date,
        people=tuple(
            (f"{person.name} ({person.role})" if person.role else person.name)
            if isinstance(person, Person)
            else person
            for person in entry.people
        ),
        themes=entry.themes,
        needs=entry.needs,
        region=entry.region or "",
        countries=entry.countries,
        languages=entry.languages or (),
        phones=tuple(Phone(phone.number, phone.note or "") for phone in entry.phones),
        checked=entry.checked,
    )


def _check(placed: Placed[CheckSchema]) -> Check:
    check, inner = placed.value, placed.file.inner
    kind: str | None = check.kind
    if inner == "_unknown.yaml" and kind is None:
        kind = "unknown"
    return Check(
        text=check.text,
        lang=placed.file.lang,
        expect=check.expect,
        topics=check.topics,
        kind=kind,
        in_order=check.in_order,
        near_urgent=inner == "_near_urgent.yaml",
        known_failure=inner == "_known_failures.yaml",
        where=placed.where(),
    )


def _bare(base: Base) -> Whole:
    """A folder for measuring. Entries of one id in several languages become one entry with several wordings."""
    entries: dict[str, Entry] = {}
    for placed in base.bare_entries:
        item = placed.value
        text = Wording(item.lang, "source", item.title, item.asks, item.answer, keywords=item.keywords)
        known = entries.get(item.id)
        entries[item.id] = Entry(
            id=item.id,
            part="situations",
            kind=known.kind if known else item.kind,
            topics=known.topics if known else item.topics,
            status="guidance",
            applies_to=("everyone",),
            law=(),
            links=(),
            see=(),
            sources=(),
            confidence="general-knowledge",
            reviewed=False,
            wordings={**known.wordings, item.lang: text} if known else {item.lang: text},
        )
    used = sorted({"en"} | {placed.value.lang for placed in base.bare_entries})
    topics = sorted({topic for entry in entries.values() for topic in entry.topics})
    return Whole(
        name=base.name,
        disclaimer={},
        source_language="en",
        languages={lang: Language(lang, lang, "full", "rtl" if lang in _RTL else "ltr") for lang in used},
        topics={topic: Topic(topic, {}) for topic in topics},
        instruments={},
        entries=entries,
        emergency=(),
        synonyms={},
        sentences={},
        checks=tuple(_check(placed) for placed in base.checks),
        bare=True,
    )
