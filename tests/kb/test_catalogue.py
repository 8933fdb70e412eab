"""The bot's own sentences in .po files."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.kb.catalogue import read_catalogue
from tests.kb.conftest import read
from tests.knowledge_folder import KnowledgeFolder

Check = Callable[[], list[str]]
EN, ES = "wording/en.po", "wording/es.po"


def test_sentences_keep_their_lines_and_marks() -> None:
    catalogue, faults = read_catalogue(
        '#. urgent\nmsgid "a.b"\nmsgstr ""\n"One \\n"\n"two {n}."\n\n#, fuzzy\nmsgid "c"\nmsgstr "x"\n'
    )
    assert faults == []
    assert catalogue is not None
    first = catalogue.sentences["a.b"]
    assert (first.text, first.urgent, first.fuzzy, first.line) == ("One\ntwo {n}.", True, False, 2)
    assert catalogue.sentences["c"].fuzzy


@pytest.mark.parametrize(
    ("rel", "old", "new", "message"),
    [
        (
            ES,
            "{number}",
            "{numero}",
            "6: urgent.line: has {numero}, which the source sentence has not; did you mean 'number'?",
        ),
        (ES, "{number}", "112", "6: urgent.line: lacks {number}, which the source sentence has"),
        (
            ES,
            "{number}",
            "{number.real}",
            "6: urgent.line: has a brace that is not part of a placeholder such as {name}",
        ),
        (ES, "{number}", "{0}", "6: urgent.line: has a brace that is not part of a placeholder such as {name}"),
        (
            ES,
            'msgid "unknown.lead"',
            'msgid "unknown.led"',
            "9: unknown.led: is not a sentence of the bot; did you mean",
        ),
        (
            ES,
            'msgid "urgent.line"',
            'msgid "urgent.other"',
            "1: urgent.line: is needed, but missing: urgent sentences exist",
        ),
        (ES, '"¿Hay alguien en peligro? Llama al {number}."', '""', "6: urgent.line: is needed, but missing: urgent"),
        (
            ES,
            'msgid "urgent',
            '#, fuzzy\nmsgid "urgent',
            "7: urgent.line: is needed, but missing: urgent sentences exist",
        ),
        (
            ES,
            "No lo sé.",
            "<b>No</b> lo sé.",
            "9: unknown.lead: has an HTML tag (<b>); only *bold* and lists with '- '",
        ),
        (ES, "No lo sé.", "No lo \\tsé\\x.", "9: unknown.lead: has a control character; delete it"),
        (ES, "No lo sé.", "x" * 1001, "9: unknown.lead: has 1,001 characters; at most 1,000"),
        (
            ES,
            'msgid "unknown.lead"',
            'msgid "urgent.line"',
            "9: urgent.line: is written twice, first on line 6; keep one",
        ),
        (
            ES,
            'msgid "unknown.lead"',
            "msgid unknown",
            '9: po: this line is not msgid "...", msgstr "..." or a text in "quotes"; mend it',
        ),
        (
            ES,
            'msgid "unknown.lead"',
            "sentence unknown",
            '9: po: this line is not msgid "...", msgstr "..." or a text in "quotes"; mend it',
        ),
        (
            ES,
            'msgid "unknown.lead"',
            'msgid "Unknown lead"',
            "9: msgid: 'Unknown lead' is not a key such as unknown.lead",
        ),
        (
            ES,
            'msgid "unknown.lead"',
            'msgctxt "x"\nmsgid "unknown.lead"',
            "10: 'unknown.lead': has a msgctxt; delete that",
        ),
        (
            ES,
            'msgid "unknown.lead"\nmsgstr ',
            'msgid "unknown.lead"\nmsgid_plural "x"\nmsgstr[1] "y"\nmsgstr[0] ',
            "9: unknown.lead: has plural forms; write one sentence",
        ),
        (
            ES,
            'msgstr "No lo sé."',
            "",
            "9: po: this is not a line of a .po file: missing msgstr for msgid 'unknown.lead'",
        ),
        (EN, '"I don\'t know."', '""', "10: unknown.lead: is empty; write the sentence"),
        (EN, "I don't know.", "I `don't` know.", "10: unknown.lead: has a backtick (`don't`); use plain quotes"),
    ],
)
def test_one_change_one_error(
    base: KnowledgeFolder, check: Check, rel: str, old: str, new: str, message: str
) -> None:
    base.replace(rel, old, new)
    problems = check()
    assert any(line.startswith(f"knowledge/{rel}:{message}") for line in problems), problems


def test_missing_sentences_of_a_full_language_are_one_warning(base: KnowledgeFolder, check: Check) -> None:
    base.write(ES, 'msgid "urgent.line"\nmsgstr "Llama al {number}."\n')
    assert check() == [
        "warning knowledge/wording/es.po:1: file: 2 of 3 sentences are missing: unknown.lead, links.checked"
    ]


def test_a_language_without_a_file_lacks_its_urgent_sentences(base: KnowledgeFolder, check: Check) -> None:
    base.remove(ES)
    assert check() == [
        "knowledge/wording/es.po:1: urgent.line: is needed, but missing: urgent sentences exist in every language",
        "warning knowledge/wording/es.po:1: file: 2 of 3 sentences are missing: unknown.lead, links.checked",
    ]


def test_fuzzy_sentences_are_not_shown(base: KnowledgeFolder) -> None:
    base.replace(ES, 'msgid "unknown', '#, fuzzy\nmsgid "unknown')
    loaded = read(base)
    assert loaded.knowledge is not None
    assert "unknown.lead" not in loaded.knowledge.sentences["es"]
    assert [str(problem) for problem in loaded.problems] == [
        "knowledge/wording/es.po:1: file: 1 of 3 sentences are missing: unknown.lead",
        "knowledge/wording/es.po:10: unknown.lead: is marked fuzzy, so the source language is shown; check it and take "
        "the mark away",
    ]


def test_control_characters_are_found_in_po_files_too(base: KnowledgeFolder, check: Check) -> None:
    base.replace(ES, "No lo sé.", "No\u202e lo sé.")
    assert check()[0] == (
        "knowledge/wording/es.po:10: file: there is an invisible character that turns the text direction (U+202E); "
        "delete it, the bot sets the direction"
    )
