"""Rules between files: ids, references, asks, languages, freshness. One change to a valid base, every message of it."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from bot.kb.fingerprint import fingerprint
from tests.knowledge_folder import HOUSING_ANSWER, HOUSING_MODEL, HOUSING_TITLE, KnowledgeFolder

Check = Callable[[], list[str]]
HOUSING = "entries/situations/housing.yaml"
HELP = "entries/help/places.yaml"
FEES = "entries/limits/fees.yaml"
SEA = "entries/urgent/sea.yaml"
ES = "translations/es/"
EXTRA = """\
entries:
  - id: {id}
    title: Another entry
    topics: [limits]
    asks: [{ask}]
    answer: Some text.
    status: bot
    confidence: inference
"""
NO_SPANISH = "warning knowledge/knowledge.yaml:6: languages.es: 1 of 6 entries have no wording in Español: {}"


def test_an_id_is_used_once_letter_case_aside(base: KnowledgeFolder, check: Check) -> None:
    base.write("entries/about/x.yaml", EXTRA.format(id="limit-visa-fees", ask="other"))
    assert check()[0] == (
        "knowledge/entries/limits/fees.yaml:2: id: 'limit-visa-fees' is used before, at "
        "knowledge/entries/about/x.yaml:2; every id stands once"
    )


@pytest.mark.parametrize(
    ("rel", "line", "message"),
    [
        ("topics.yaml", "  - {id: limits, title: {en: More, es: Más}}", "7: id: 'limits' is used before, at "),
        (
            "instruments.yaml",
            "  - {id: cerd, names: {en: [X]}, nature: treaty}",
            "3: id: 'cerd' is used before, at knowledge/instruments.yaml:2; every id stands once",
        ),
        (
            "sources.yaml",
            '  - {id: "MIMC:equality", what: X, seen: seen-text}',
            "4: id: 'MIMC:equality' is used before, at knowledge/sources.yaml:2; every id stands once",
        ),
        (
            "emergency_numbers.yaml",
            '  - {country: DE, services: {sea: {number: "112", source: "resources:eu-112", belief: right}}}',
            "5: country: 'DE' is used before, at knowledge/emergency_numbers.yaml:2; every id stands once",
        ),
        (
            "knowledge.yaml",
            "  - {id: es, name: Español, level: full, direction: ltr}",
            "7: languages.id: 'es' is listed twice",
        ),
        ("topics.yaml", "  - {id: more, title: {es: Más}}", "7: title: has no text in the source language, en"),
        (
            "topics.yaml",
            "  - {id: more, title: {en: More, es: Más, fr: Plus}}",
            "7: title.fr: 'fr' is not a language of knowledge.yaml; add it there first",
        ),
    ],
)
def test_tables(base: KnowledgeFolder, check: Check, rel: str, line: str, message: str) -> None:
    base.write(rel, base.read(rel) + line + "\n")
    assert any(problem.startswith(f"knowledge/{rel}:{message}") for problem in check())


@pytest.mark.parametrize(
    ("rel", "old", "new", "message"),
    [
        (
            HOUSING,
            "[equality, ",
            "[equalty, ",
            "4: topics: 'equalty' is not an id of topics.yaml; did you mean 'equality'?",
        ),
        (HOUSING, "mimc:equality", "mimc:M99", "20: sources: 'mimc:M99' is not an id of sources.yaml"),
        (
            HOUSING,
            "instrument: cerd",
            "instrument: icerd",
            "17: law.instrument: 'icerd' is not an id of instruments.yaml; did you mean 'cerd'?",
        ),
        (
            HOUSING,
            "see: [wages-not-paid]",
            "see: [housing-refused]",
            "19: see: 'housing-refused' is this entry itself",
        ),
        (
            HOUSING,
            "see: [wages-not-paid]",
            "see: [old-housing]",
            "19: see: 'old-housing' is retired; write 'housing-refused'",
        ),
        (
            HOUSING,
            "see: [wages-not-paid]",
            "see: [gone-for-good]",
            "19: see: 'gone-for-good' is retired; take it out",
        ),
        (
            HOUSING,
            "links: [picum,",
            "links: [picumm,",
            "18: links: 'picumm' is not the id of an entry; did you mean 'picum'?",
        ),
        (
            HOUSING,
            "links: [picum,",
            "links: [wages-not-paid,",
            "18: links: 'wages-not-paid' is not a resource or help entry; put it under see",
        ),
        (HOUSING, "links: [picum,", "links: [picum, picum,", "18: links: 'picum' is listed twice"),
        (
            "emergency_numbers.yaml",
            "resources:eu-112",
            "resources:eu-113",
            "4: services.all.source: 'resources:eu-113' is not an id of sources.yaml; did you mean 'resources:eu-112'?",
        ),
        (
            "retired.yaml",
            "old-housing: housing-refused",
            "old-housing: housing",
            "1: retired.old-housing: its successor 'housing' is not the id of an entry",
        ),
        (
            "retired.yaml",
            "gone-for-good",
            "picum",
            "1: retired.picum: is the id of an entry again; a retired id is never reused",
        ),
        (
            "checks/en/situations/housing.yaml",
            "expect: [housing-refused]",
            "expect: [housing-refsued]",
            "2: expect: 'housing-refsued' is not the id of an entry; did you mean 'housing-refused'?",
        ),
        (
            "checks/en/situations/housing.yaml",
            ", expect: [housing-refused]}",
            "}",
            "2: expect: is needed, but missing: the ids of the entries that this question must reach",
        ),
        (
            "checks/en/situations/housing.yaml",
            "expect: [housing-refused]}",
            "expect: [housing-refused], lang: es}",
            "2: lang: 'es' does not fit the folder, checks/en",
        ),
        (
            SEA,
            "    signals: [[boat, sinking]]\n",
            "",
            "2: signals: is needed, but missing: an urgent entry says which words",
        ),
        (
            FEES,
            "status: bot",
            "status: bot\n    signals: [[a]]",
            "9: signals: only entries of kind urgent have it; add",
        ),
        (
            FEES,
            "status: bot",
            "status: bot\n    url: https://a.org",
            "9: url: only entries in resources/ and help/ have it",
        ),
        (
            HELP,
            "    type: organisation\n",
            "",
            "2: type: is needed, but missing: article, video, organisation, hotline",
        ),
        (
            HELP,
            "    url_note: The address was not seen.\n",
            "",
            "17: url_note: is needed when there is no url: why no address is known",
        ),
        (
            HOUSING,
            "    sources: [mimc:equality]\n",
            "",
            "2: sources: is needed, but missing: where the facts come from (ids of sources.yaml)",
        ),
        (
            ES + "urgent/sea.yaml",
            "    signals: [[barco, hunde]]\n",
            "",
            "2: signals: is needed, but missing: words for danger",
        ),
        (
            ES + "limits/fees.yaml",
            "by: person",
            "by: person\n    signals: [[a]]",
            "5: signals: only entries of kind urgent",
        ),
        (
            ES + "limits/fees.yaml",
            "id: limit-visa-fees",
            "id: limit-visa-fes",
            "2: id: 'limit-visa-fes' is not the id of an entry; did you mean 'limit-visa-fees'?",
        ),
        (
            "knowledge.yaml",
            "source_language: en",
            "source_language: fr",
            "3: source_language: 'fr' is not one of the",
        ),
        ("knowledge.yaml", 'es: "Inf', 'fr: "Inf', "2: disclaimer.fr: 'fr' is not a language of knowledge.yaml"),
        (
            "knowledge.yaml",
            "level: full",
            "level: urgent",
            "3: source_language: 'en' has level urgent; the source language",
        ),
    ],
)
def test_one_change_one_error(
    base: KnowledgeFolder, check: Check, rel: str, old: str, new: str, message: str
) -> None:
    base.replace(rel, old, new)
    problems = check()
    assert any(line.startswith(f"knowledge/{rel}:{message}") for line in problems), problems


@pytest.mark.parametrize("ask", ["boss not pay", "Boss  NOT pay", "boss not pay?"])
def test_an_ask_belongs_to_one_entry(base: KnowledgeFolder, check: Check, ask: str) -> None:
    base.replace(HOUSING, "- nobody rents me a flat", f"- {ask}")
    assert check() == [
        f"knowledge/entries/situations/housing.yaml:27: asks: 'boss not pay' is also an ask of 'housing-refused' "
        f"(knowledge/{HOUSING}:7); keep it in one of them"
    ]


def test_an_ask_may_stand_in_two_languages(base: KnowledgeFolder, check: Check) -> None:
    base.replace(ES + "limits/fees.yaml", "cuanto cuesta la visa", "how much is the visa")
    assert check() == []


def test_an_ask_twice_in_one_entry_is_a_warning(base: KnowledgeFolder, check: Check) -> None:
    base.replace(HOUSING, "- nobody rents me a flat", "- Landlord says no foreigners!")
    assert check() == [
        f"warning knowledge/{HOUSING}:7: asks: 'Landlord says no foreigners!' is written twice in this entry"
    ]


def test_two_equal_titles_are_a_warning(base: KnowledgeFolder, check: Check) -> None:
    base.replace(FEES, "What a visa costs", "PICUM")
    assert f"warning knowledge/{FEES}:3: title: is also the title of 'picum'; people see it on buttons" in check()


def test_a_stale_translation_tells_the_wanted_hash(base: KnowledgeFolder, check: Check) -> None:
    base.replace(HOUSING, "*proof*", "*all proof*")
    wanted = fingerprint(HOUSING_TITLE, HOUSING_ANSWER.replace("*proof*", "*all proof*"), HOUSING_MODEL)
    assert check() == [
        f"warning knowledge/{ES}situations/housing.yaml:3: of: the source text has changed since this was translated; "
        f"compare them, then write of: {wanted}"
    ]


def test_a_translation_lacks_a_part(base: KnowledgeFolder, check: Check) -> None:
    base.replace(
        ES + "situations/housing.yaml", "    model: un mínimo de derechos para quien cruza una frontera.\n", ""
    )
    base.replace(ES + "urgent/sea.yaml", "    not_when: [[hace, años]]\n", "")
    base.replace(ES + "limits/fees.yaml", "by: person", "by: person\n    model: algo")
    assert check() == [
        f"warning knowledge/{ES}limits/fees.yaml:5: model: the entry has none; take it out here or add it there",
        f"warning knowledge/{ES}situations/housing.yaml:2: model: is missing here; the entry has one",
        f"warning knowledge/{ES}urgent/sea.yaml:2: not_when: is missing here; the entry has it",
    ]


def test_a_translation_lies_at_the_path_of_its_entry(base: KnowledgeFolder, check: Check) -> None:
    base.write(ES + "about/fees.yaml", base.read(ES + "limits/fees.yaml"))
    base.remove(ES + "limits/fees.yaml")
    assert check() == [
        f"knowledge/{ES}about/fees.yaml:2: id: 'limit-visa-fees' belongs in translations/es/limits/fees.yaml, where "
        "its entry stands"
    ]


def test_a_translation_stands_once(base: KnowledgeFolder, check: Check) -> None:
    base.write(ES + "limits/more.yaml", base.read(ES + "limits/fees.yaml"))
    assert check() == [
        f"knowledge/{ES}limits/more.yaml:2: id: 'limit-visa-fees' is translated before, at "
        f"knowledge/{ES}limits/fees.yaml:2; keep one"
    ]


def test_a_language_without_its_urgent_texts_is_an_error(base: KnowledgeFolder, check: Check) -> None:
    base.remove(ES + "urgent/sea.yaml")
    assert check() == [
        "knowledge/knowledge.yaml:6: languages.es: the urgent entry 'urgent-at-sea' has no wording in Español; write it "
        "in translations/es/urgent/sea.yaml",
        NO_SPANISH.format("urgent-at-sea"),
    ]


def test_an_urgent_language_needs_only_what_is_urgent(base: KnowledgeFolder, check: Check) -> None:
    base.replace("knowledge.yaml", "name: Español, level: full", "name: Español, level: urgent")
    for rel in ("situations/housing.yaml", "help/places.yaml", "limits/fees.yaml"):
        base.remove(ES + rel)
    base.write("wording/es.po", 'msgid "urgent.line"\nmsgstr "Llama al {number}."\n')
    assert check() == []


def test_a_full_language_with_gaps_is_a_warning(base: KnowledgeFolder, check: Check) -> None:
    base.remove(ES + "limits/fees.yaml")
    base.replace("topics.yaml", "{en: Limits, es: Límites}", "{en: Limits}")
    assert check() == [
        NO_SPANISH.format("limit-visa-fees"),
        "warning knowledge/topics.yaml:6: title: has no text in es",
    ]


def test_urgent_texts_that_no_person_reviewed_are_a_warning(base: KnowledgeFolder, check: Check) -> None:
    base.replace(SEA, "reviewed: {by: Ana, on: 2026-10-01}", "reviewed: null")
    base.replace(ES + "urgent/sea.yaml", "by: person", "by: machine")
    assert check() == [
        "warning knowledge/knowledge.yaml:5: languages.en: 1 of 1 urgent texts were not reviewed by a person",
        "warning knowledge/knowledge.yaml:6: languages.es: 1 of 1 urgent texts were not reviewed by a person",
    ]


def test_an_urgent_entry_without_a_number_is_a_warning(base: KnowledgeFolder, check: Check) -> None:
    base.replace(SEA, "Call 112 now.", "Call for help now.")
    message = f"warning knowledge/{SEA}:7: answer: has no number to call, neither in its text nor at one of its links"
    assert message in check()
    base.replace(SEA, "    status: guidance", "    links: [picum]\n    status: guidance")
    assert message not in check()


def test_an_urgent_folder_without_kind_urgent_is_a_warning(base: KnowledgeFolder, check: Check) -> None:
    base.write("entries/urgent/x.yaml", EXTRA.format(id="urgent-x", ask="x x x"))
    assert (
        "warning knowledge/entries/urgent/x.yaml:2: kind: entries in urgent/ have 'kind: urgent'; without it no alarm is "
        "raised"
    ) in check()


def test_links_that_nobody_opened_lately_are_one_warning_a_file(base: KnowledgeFolder, check: Check) -> None:
    base.replace(HELP, "checked: 2026-11-01", "checked: null")
    base.replace(HELP, "checked: 2026-11-02", "checked: 2026-08-24")
    base.replace(HOUSING, ", checked: 2026-11-01", "")
    assert check() == [
        f"warning knowledge/{HELP}:2: checked: links never opened: 1, not opened for 90 days: 1 (of 2); open them and "
        "write the day under checked",
        f"warning knowledge/{HOUSING}:2: checked: links never opened: 1 (of 1); open them and write the day under "
        "checked",
    ]


def test_a_link_opened_90_days_ago_is_fresh(base: KnowledgeFolder, check: Check) -> None:
    base.replace(HELP, "checked: 2026-11-01", "checked: 2026-08-25")
    assert check() == []


def test_a_web_address_in_a_text_is_a_warning(base: KnowledgeFolder, check: Check) -> None:
    base.replace(FEES, "I do not know fees.", "See www.example.org now.")
    assert f"warning knowledge/{FEES}:7: answer: has a web address in the text; put it under links" in check()


@pytest.mark.parametrize(
    ("rel", "like"),
    [
        ("translations/fr/limits/fees.yaml", ES + "limits/fees.yaml"),
        ("checks/fr/_unknown.yaml", "checks/en/_unknown.yaml"),
        ("synonyms/fr.yaml", "synonyms/en.yaml"),
        ("wording/fr.po", "wording/es.po"),
    ],
)
def test_a_language_must_be_known(base: KnowledgeFolder, check: Check, rel: str, like: str) -> None:
    base.write(rel, base.read(like))
    assert check() == [f"knowledge/{rel}:1: file: 'fr' is not a language of knowledge.yaml; add it there first"]


def test_the_source_language_is_not_translated(base: KnowledgeFolder, check: Check) -> None:
    base.write("translations/en/limits/fees.yaml", base.read(ES + "limits/fees.yaml"))
    assert (
        "knowledge/translations/en/limits/fees.yaml:1: file: en is the source language; its texts stand in entries/"
    ) in check()


def test_checks_lie_at_the_path_of_their_entries(base: KnowledgeFolder, check: Check) -> None:
    base.write("checks/en/situations/house.yaml", "checks:\n  - {text: no flat, expect: [housing-refused]}\n")
    assert check() == [
        "warning knowledge/checks/en/situations/house.yaml:1: file: there is no entries/situations/house.yaml that it "
        "could test, and it is not one of _unknown.yaml, _near_urgent.yaml, _known_failures.yaml; did you mean "
        "'situations/housing.yaml'?"
    ]


def test_a_broken_table_does_not_make_every_id_unknown(base: KnowledgeFolder, check: Check) -> None:
    base.write("topics.yaml", "topics: [")
    base.write("sources.yaml", b"\xff")
    assert len(check()) == 2
