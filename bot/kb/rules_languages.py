"""What every language owes its readers: urgent texts always, whole and fresh ones where it says it is full."""

from __future__ import annotations

from collections.abc import Iterator

from bot.kb.base import Base, Placed
from bot.kb.catalogue import Catalogue, placeholders
from bot.kb.entry_schema import EntrySchema, TranslationSchema
from bot.kb.fingerprint import fingerprint
from bot.kb.folder import FoundFile
from bot.kb.problem import Problem
from bot.kb.schema_words import did_you_mean


def wanted_hash(entry: EntrySchema) -> str:
    """What a fresh translation of `entry` carries under `of`."""
    return fingerprint(entry.title, entry.answer, entry.model)


def is_stale(translation: TranslationSchema, entry: EntrySchema) -> bool:
    return translation.of != wanted_hash(entry)


def translation_rules(base: Base) -> Iterator[Problem]:
    for placed in base.translations:
        entry = base.first.get(placed.value.id)
        if entry is None:
            continue
        text, stubbed = placed.value, placed.item.stubbed
        comparable = "of" not in stubbed and not {"title", "answer", "model"} & entry.item.stubbed
        if comparable and is_stale(text, entry.value):
            wanted = wanted_hash(entry.value)
            message = f"the source text has changed since this was translated; compare them, then write of: {wanted}"
            yield placed.problem("of", message, "warning")
        if entry.value.model and not text.model and "model" not in stubbed:
            yield placed.problem("model", "is missing here; the entry has one", "warning")
        if text.model and not entry.value.model and "model" not in entry.item.stubbed:
            yield placed.problem("model", "the entry has none; take it out here or add it there", "warning")
        urgent = entry.value.kind == "urgent"
        if urgent and not text.signals and "signals" not in stubbed:
            message = "is needed, but missing: words for danger differ in each language"
            yield placed.problem("signals", message)
        if urgent and entry.value.not_when and not text.not_when and "not_when" not in stubbed:
            yield placed.problem("not_when", "is missing here; the entry has it", "warning")
        if not urgent and "kind" not in entry.item.stubbed:
            for key in ("signals", "not_when"):
                if getattr(text, key):
                    yield placed.problem(key, "only entries of kind urgent have it; take it out")


def completeness_rules(base: Base) -> Iterator[Problem]:
    """Told at the line of each language in knowledge.yaml."""
    texts: dict[str, dict[str, Placed[TranslationSchema]]] = {}
    for placed in base.translations:
        texts.setdefault(placed.file.lang, {}).setdefault(placed.value.id, placed)
    urgent = [placed for placed in base.first.values() if placed.value.kind == "urgent"]
    for lang, language in base.languages.items():
        here = texts.get(lang, {})
        if lang == base.source:
            unreviewed = sum(placed.value.reviewed is None for placed in urgent)
        else:
            written = base.translated.get(lang, set())
            for entry in [entry for entry in urgent if entry.value.id not in written]:
                message = (
                    f"the urgent entry '{entry.value.id}' has no wording in {language.name}; "
                    f"write it in translations/{lang}/{entry.file.inner}"
                )
                yield from _told(base.language_problem(lang, message, "error"))
            unreviewed = sum(p.value.id in here and here[p.value.id].value.by == "machine" for p in urgent)
            lacking = [name for name in base.first if name not in written]
            if lacking and language.level == "full":
                message = (
                    f"{len(lacking)} of {len(base.first)} entries have no wording in {language.name}: {_few(lacking)}"
                )
                yield from _told(base.language_problem(lang, message, "warning"))
        if unreviewed:
            message = f"{unreviewed} of {len(urgent)} urgent texts were not reviewed by a person"
            yield from _told(base.language_problem(lang, message, "warning"))
        if lang != base.source and base.knowledge and lang not in base.knowledge.value.disclaimer:
            yield base.knowledge.problem("disclaimer", f"has no text in {language.name} ({lang})", "warning")


def _told(problem: Problem | None) -> Iterator[Problem]:
    if problem is not None:
        yield problem


def _few(names: list[str], most: int = 5) -> str:
    rest = len(names) - most
    return ", ".join(names[:most]) + (f" and {rest} more" if rest > 0 else "")


def sentence_rules(base: Base) -> Iterator[Problem]:
    """The bot's own sentences: those of the source language are the measure of all others."""
    if base.knowledge is None:
        return
    model = base.catalogues.get(base.source)
    if model is None:
        if "wording" not in base.broken:
            yield Problem(
                base.path(f"wording/{base.source}.po"), 1, "file", "is missing; it holds the bot's own sentences"
            )
        return
    file, source = model
    for key, sentence in source.sentences.items():
        if not sentence.text:
            yield Problem(file.path, sentence.line, key, "is empty; write the sentence")
        elif sentence.fuzzy:
            yield Problem(file.path, sentence.line, key, "is marked fuzzy; take the mark away", "warning")
    for lang in base.languages:
        if lang != base.source and (lang in base.catalogues or "wording" not in base.broken):
            yield from _one_language(base, lang, source, base.catalogues.get(lang))


def _one_language(
    base: Base, lang: str, source: Catalogue, found: tuple[FoundFile, Catalogue] | None
) -> Iterator[Problem]:
    path = found[0].path if found else base.path(f"wording/{lang}.po")
    here = found[1].sentences if found else {}
    for key, sentence in here.items():
        english = source.sentences.get(key)
        if english is None:
            message = f"is not a sentence of the bot{did_you_mean(key, source.sentences)}"
            yield Problem(path, sentence.line, key, message)
            continue
        if not sentence.text:
            continue
        if sentence.fuzzy:
            message = "is marked fuzzy, so the source language is shown; check it and take the mark away"
            yield Problem(path, sentence.line, key, message, "warning")
        yield from _placeholders(path, key, sentence.text, sentence.line, english.text)
    absent = [key for key in source.sentences if key not in here or not here[key].text or here[key].fuzzy]
    urgent = [key for key in absent if source.sentences[key].urgent]
    for key in urgent:
        line = here[key].line if key in here else 1
        yield Problem(path, line, key, "is needed, but missing: urgent sentences exist in every language")
    rest = [key for key in absent if key not in urgent]
    if rest and base.languages[lang].level == "full":
        message = f"{len(rest)} of {len(source.sentences)} sentences are missing: {_few(rest)}"
        yield Problem(path, 1, "file", message, "warning")


def _placeholders(path: str, key: str, text: str, line: int, english: str) -> Iterator[Problem]:
    here, there = placeholders(text), placeholders(english)
    for name in sorted(here - there):
        message = f"has {{{name}}}, which the source sentence has not{did_you_mean(name, there - here)}"
        yield Problem(path, line, key, message)
    for name in sorted(there - here):
        yield Problem(path, line, key, f"lacks {{{name}}}, which the source sentence has")
