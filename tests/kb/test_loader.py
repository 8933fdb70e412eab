"""A whole knowledge base from disk to what the bot sees."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from bot.kb.knowledge import Knowledge, Link
from bot.kb.loader import ParseCache, load
from bot.kb.problem import Finding
from tests.kb.conftest import read
from tests.knowledge_folder import HOUSING_ANSWER, KnowledgeFolder


def knowledge_of(base: KnowledgeFolder) -> Knowledge:
    loaded = read(base)
    assert loaded.problems == ()
    assert loaded.knowledge is not None
    return loaded.knowledge


def test_a_valid_base_has_no_problem_at_all(base: KnowledgeFolder) -> None:
    loaded = read(base)
    assert list(map(str, loaded.problems)) == []
    assert loaded.knowledge is not None
    assert len(loaded.digest) == 64


def test_an_entry_comes_out_whole(base: KnowledgeFolder) -> None:
    entry = knowledge_of(base).entries["housing-refused"]
    assert (entry.part, entry.kind, entry.status, entry.confidence) == (
        "situations",
        "answer",
        "binding",
        "seen-text",
    )
    assert entry.topics == ("equality", "practical_help")
    assert [(law.instrument, law.articles) for law in entry.law] == [("cerd", "5")]
    assert entry.see == ("wages-not-paid",)
    assert entry.reviewed is False
    english = entry.wording("en")
    assert english.answer == HOUSING_ANSWER
    assert english.by == "source"
    spanish = entry.wording("es")
    assert (spanish.by, spanish.stale, spanish.title) == ("machine", False, "No me alquilan por ser extranjero")


def test_links_are_resolved_to_addresses(base: KnowledgeFolder) -> None:
    entries = knowledge_of(base).entries
    assert entries["housing-refused"].links == (
        Link("PICUM", "https://picum.org/", "en", "2026-11-01", "picum"),
        Link("List of parties", "https://treaties.un.org/", None, "2026-11-01", None),
    )
    assert entries["picum"].links == (Link("PICUM", "https://picum.org/", "en", "2026-11-01", "picum"),)


def test_a_resource_without_address_shows_its_first_other_address_with_the_note(base: KnowledgeFolder) -> None:
    entry = knowledge_of(base).entries["old-report"]
    note = Link("An old report (A copy of it)", "https://example.org/copy", None, "2026-11-02", "old-report")
    assert entry.links == (note,)
    assert entry.service is not None
    assert entry.service.url is None
    assert entry.service.url_note == "The address was not seen."
    assert entry.service.alt_urls == (note,)
    assert entry.service.date == "2017-04"
    assert entry.service.people == ("Ann Author", "Bo Writer (editor)")


def test_urgent_entries_carry_their_signals_in_each_language(base: KnowledgeFolder) -> None:
    entry = knowledge_of(base).entries["urgent-at-sea"]
    assert entry.wording("en").signals == (("boat", "sinking"),)
    assert entry.wording("es").signals == (("barco", "hunde"),)
    assert entry.wording("es").not_when == (("hace", "años"),)


def test_the_tables_come_out(base: KnowledgeFolder) -> None:
    knowledge = knowledge_of(base)
    assert knowledge.name == "Test Bot"
    assert knowledge.topics["equality"].title("es") == "Igualdad"
    assert knowledge.instruments["cerd"].name("en") == "CERD"
    assert [(one.country, one.service, one.number) for one in knowledge.emergency] == [("DE", "all", "112")]
    assert knowledge.synonyms["en"].same == (("boss", "employer"),)
    assert knowledge.synonyms["en"].never == (("deported", "reported"),)
    assert knowledge.retired == {"old-housing": "housing-refused", "gone-for-good": None}
    assert knowledge.sentences["es"]["unknown.lead"] == "No lo sé."
    assert knowledge.entries["picum"].service is not None
    assert knowledge.entries["picum"].service.phones[0].number == "+32 2 210 17 80"


def test_checks_know_what_they_are_and_where_they_stand(base: KnowledgeFolder) -> None:
    checks = {check.text: check for check in knowledge_of(base).checks}
    assert checks["they dont give flat to my people"].expect == ("housing-refused",)
    assert checks["they dont give flat to my people"].where == "knowledge/checks/en/situations/housing.yaml:2"
    assert checks["no flat and no salary"].in_order
    assert checks["who wins the cup"].kind == "unknown"
    assert checks["a boat sank years ago"].near_urgent
    assert checks["no home"].known_failure
    assert {check.lang for check in checks.values()} == {"en"}


def test_values_are_text_unless_the_schema_says_otherwise(base: KnowledgeFolder) -> None:
    asks = "asks: [no, on, 1.10, 2024-01-01, null, ~x, 0x10]"
    base.replace("entries/limits/fees.yaml", "asks: [how much is the visa]", asks)
    wording = knowledge_of(base).entries["limit-visa-fees"].wording("en")
    assert wording.asks == ("no", "on", "1.10", "2024-01-01", "null", "~x", "0x10")


def test_texts_are_composed_and_trimmed_with_plain_line_ends(base: KnowledgeFolder) -> None:
    text = base.read("entries/limits/fees.yaml").replace("title: What a visa costs", "title: '  Cafe\u0301   visa '")
    text = text.replace("answer: I do not know fees.", "answer: |\n      Line one.   \n      I do not know fees.")
    base.write("entries/limits/fees.yaml", "\ufeff" + text.replace("\n", "\r\n"))
    loaded = read(base)
    assert loaded.errors == ()
    assert loaded.knowledge is not None
    wording = loaded.knowledge.entries["limit-visa-fees"].wording("en")
    assert wording.title == "Café visa"
    assert wording.answer.startswith("Line one.\nI do not know fees.")


def test_a_stale_translation_is_marked(base: KnowledgeFolder) -> None:
    base.replace("entries/situations/housing.yaml", "- Keep *proof*.", "- Keep *all proof*.")
    loaded = read(base)
    assert loaded.knowledge is not None
    assert loaded.knowledge.entries["housing-refused"].wording("es").stale
    assert [language.stale for language in loaded.statistics.languages] == [0, 1]


def test_a_base_with_an_error_is_not_handed_out(base: KnowledgeFolder) -> None:
    base.replace("entries/situations/housing.yaml", "status: binding", "status: bindng")
    assert read(base).knowledge is None


def test_an_upper_rooms_finding_gets_its_place(base: KnowledgeFolder) -> None:
    def too_long(knowledge: Knowledge) -> Iterator[Finding]:
        for entry in knowledge.entries.values():
            if entry.id == "housing-refused":
                yield Finding(entry.id, "en", "answer", "is too long when shown")
                yield Finding(entry.id, "es", "model", "is odd", "warning")

    loaded = load(base.root, extra_rules=[too_long], today=date(2026, 11, 23))
    assert list(map(str, loaded.problems)) == [
        "knowledge/entries/situations/housing.yaml:9: answer: is too long when shown",
        "knowledge/translations/es/situations/housing.yaml:8: model: is odd",
    ]
    assert loaded.knowledge is None


def test_an_upper_rooms_rule_sees_only_whole_entries(base: KnowledgeFolder) -> None:
    seen: list[str] = []

    def look(knowledge: Knowledge) -> Iterator[Finding]:
        for entry in knowledge.entries.values():
            seen.append(entry.id)
            assert all(name in knowledge.entries for name in entry.see)
            yield from ()

    base.replace("entries/situations/housing.yaml", "title: My boss does not pay me", "titel: My boss")
    assert load(base.root, extra_rules=[look]).knowledge is None
    assert "wages-not-paid" not in seen
    assert "housing-refused" in seen


def test_only_changed_files_are_read_again(base: KnowledgeFolder) -> None:
    cache = ParseCache()
    first = load(base.root, cache=cache)
    files = len(cache)
    load(base.root, cache=cache)
    assert len(cache) == files
    base.replace("entries/limits/fees.yaml", "What a visa costs", "The price of a visa")
    second = load(base.root, cache=cache)
    assert len(cache) == files + 1
    assert second.digest != first.digest
    assert second.knowledge is not None
    assert second.knowledge.entries["limit-visa-fees"].wording("en").title == "The price of a visa"


def test_a_cache_forgets_what_is_no_longer_used(base: KnowledgeFolder) -> None:
    cache = ParseCache()
    load(base.root, cache=cache)
    files = len(cache)
    for price in range(20):
        base.write("entries/limits/fees.yaml", base.read("entries/limits/fees.yaml") + f"# {price}\n")
        load(base.root, cache=cache)
    assert len(cache) < files + 12


def test_the_same_problem_is_told_again_from_the_cache(base: KnowledgeFolder) -> None:
    cache = ParseCache()
    base.replace("entries/limits/fees.yaml", "status: bot", "statuss: bot")
    assert load(base.root, cache=cache).problems == load(base.root, cache=cache).problems


def test_the_digest_depends_on_content_not_on_the_place(base: KnowledgeFolder, tmp_path: Path) -> None:
    copy = tmp_path / "elsewhere" / "other-name"
    shutil.copytree(base.root, copy)
    assert load(copy).digest == load(base.root).digest
    (copy / "topics.yaml").write_text("topics: []\n")
    assert load(copy).digest != load(base.root).digest
