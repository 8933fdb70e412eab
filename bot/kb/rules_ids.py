"""Every id once, in its place, and never used for something else later."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from bot.kb.base import Base, Placed
from bot.kb.problem import Problem
from bot.kb.schema_words import did_you_mean


def id_rules(base: Base) -> Iterator[Problem]:
    yield from _once(base.entries, "id")
    yield from _once(base.topics, "id")
    yield from _once(base.instruments, "id")
    yield from _once(base.sources, "id")
    yield from _once(base.countries, "country")
    yield from _bare_ids(base)
    yield from _languages_once(base)
    yield from _folders_of_languages(base)
    yield from _translations(base)
    yield from _retired(base)


def _once(items: Sequence[Placed[Any]], key: str) -> Iterator[Problem]:
    seen: dict[str, Placed[Any]] = {}
    for placed in items:
        name = getattr(placed.value, key)
        first = seen.setdefault(name.casefold(), placed)
        if first is not placed:
            yield placed.problem(key, f"'{name}' is used before, at {first.where()}; every id stands once")


def _bare_ids(base: Base) -> Iterator[Problem]:
    """In a bare folder one id may stand once a language: its entry then has several wordings."""
    seen: dict[tuple[str, str], Placed[Any]] = {}
    spelt: dict[str, str] = {}
    for placed in base.bare_entries:
        name, lang = placed.value.id, placed.value.lang
        first = seen.setdefault((name.casefold(), lang), placed)
        if first is not placed:
            yield placed.problem("id", f"'{name}' is used before, at {first.where()}; every id stands once")
        elif spelt.setdefault(name.casefold(), name) != name:
            yield placed.problem("id", f"'{name}' is written '{spelt[name.casefold()]}' elsewhere; use one spelling")


def _languages_once(base: Base) -> Iterator[Problem]:
    if base.knowledge is None:
        return
    knowledge = base.knowledge
    seen: set[str] = set()
    for place, language in enumerate(knowledge.value.languages):
        if language.id in seen:
            yield knowledge.problem(
                "languages.id", f"'{language.id}' is listed twice", "error", "languages", place, "id"
            )
        seen.add(language.id)
    source = base.source
    if source not in seen:
        yield knowledge.problem("source_language", f"'{source}' is not one of the languages below")
    elif base.languages[source].level != "full":
        yield knowledge.problem("source_language", f"'{source}' has level urgent; the source language is full")
    for lang in knowledge.value.disclaimer:
        if lang not in seen:
            yield knowledge.problem(f"disclaimer.{lang}", _unknown_language(base, lang))
    if source not in knowledge.value.disclaimer:
        yield knowledge.problem("disclaimer", f"has no text in the source language, {source}")


def _unknown_language(base: Base, lang: str) -> str:
    hint = did_you_mean(lang, base.languages)
    return f"'{lang}' is not a language of knowledge.yaml{hint or '; add it there first'}"


def titles_in_known_languages(base: Base) -> Iterator[Problem]:
    """Titles of topics and names of treaties: known languages only, and never without the source language."""
    if base.knowledge is None:
        return
    tables: Iterable[tuple[Placed[Any], str, Iterable[str]]] = [
        *((topic, "title", topic.value.title) for topic in base.topics if not topic.item.stubbed),
        *((text, "names", text.value.names) for text in base.instruments if not text.item.stubbed),
    ]
    for placed, key, languages in tables:
        for lang in languages:
            if lang not in base.languages:
                yield placed.problem(f"{key}.{lang}", _unknown_language(base, lang))
        if base.source not in languages:
            yield placed.problem(key, f"has no text in the source language, {base.source}")
    for topic in base.topics:
        lacking = [
            lang.id
            for lang in base.languages.values()
            if lang.level == "full" and lang.id != base.source and lang.id not in topic.value.title
        ]
        if lacking and not topic.item.stubbed:
            yield topic.problem("title", f"has no text in {', '.join(lacking)}", "warning")


def _folders_of_languages(base: Base) -> Iterator[Problem]:
    if base.knowledge is None:
        return
    told: set[str] = set()
    for file in base.files:
        top = file.rel.split("/", 1)[0]
        where = f"{top}/{file.lang}"
        if not file.lang or where in told:
            continue
        if file.lang not in base.languages:
            told.add(where)
            yield Problem(file.path, 1, "file", _unknown_language(base, file.lang))
        elif file.kind == "translations" and file.lang == base.source:
            told.add(where)
            message = f"{file.lang} is the source language; its texts stand in entries/"
            yield Problem(file.path, 1, "file", message)


def _translations(base: Base) -> Iterator[Problem]:
    seen: dict[tuple[str, str], Placed[Any]] = {}
    homes = {placed.value.id: placed.file.inner for placed in base.entries}
    for placed in base.translations:
        name, lang = placed.value.id, placed.file.lang
        first = seen.setdefault((lang, name), placed)
        if first is not placed:
            yield placed.problem("id", f"'{name}' is translated before, at {first.where()}; keep one")
        elif name not in base.entry_ids:
            yield placed.problem("id", f"'{name}' is not the id of an entry{did_you_mean(name, base.entry_ids)}")
        elif name in homes and homes[name] != placed.file.inner:
            yield placed.problem(
                "id", f"'{name}' belongs in translations/{lang}/{homes[name]}, where its entry stands"
            )


def _retired(base: Base) -> Iterator[Problem]:
    if base.retired is None:
        return
    retired = base.retired.value.retired
    for name, successor in retired.items():
        if name in base.entry_ids:
            yield base.retired.problem(f"retired.{name}", "is the id of an entry again; a retired id is never reused")
        if successor is not None and successor not in base.entry_ids:
            hint = did_you_mean(successor, base.entry_ids)
            message = f"its successor '{successor}' is not the id of an entry{hint}"
            yield base.retired.problem(f"retired.{name}", message)
