"""The shape of each kind of file: one change to a valid base, one message."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.knowledge_folder import KnowledgeFolder

Check = Callable[[], list[str]]
HOUSING = "entries/situations/housing.yaml"
HELP = "entries/help/places.yaml"
FEES = "entries/limits/fees.yaml"
SEA = "entries/urgent/sea.yaml"
ES_HOUSING = "translations/es/situations/housing.yaml"
NUMBERS = "emergency_numbers.yaml"

ONE_CHANGE = [
    # keys
    (FEES, "status: bot", "statuss: bot", "8: statuss: 'statuss' is not a known key; did you mean 'status'?"),
    (FEES, "    status: bot\n", "", "2: status: is needed, but missing"),
    (HELP, "{name: Bo Writer", "{nam: Bo", "26: people.nam: 'nam' is not a known key; did you mean 'name'?"),
    (ES_HOUSING, "by: machine", "by: robot", "4: by: 'robot' is not known; it is one of machine, person"),
    (FEES, "    kind: unknown", "    kind: unknwn", "4: kind: 'unknwn' is not known; did you mean 'unknown'?"),
    (
        HOUSING,
        "confidence: seen-text",
        "confidence: sure",
        "21: confidence: 'sure' is not known; it is one of seen-text",
    ),
    (FEES, "status: bot", "status: [bot]", "8: status: one of binding, model, guidance, service, bot is wanted here"),
    (
        FEES,
        "status: bot",
        "extra: {a: b}\n    status: bot",
        "8: extra: 'extra' is not a known key; known are id, title",
    ),
    # lists
    (FEES, "asks: [how much is the visa]", "asks: []", "6: asks: at least 1 needed"),
    (FEES, "asks: [how much is the visa]", "asks:", "6: asks: a list is wanted here: one line each, beginning with"),
    (FEES, "asks: [how much is the visa]", "asks: visa", "6: asks: a list is wanted here: one line each, beginning"),
    (
        FEES,
        "asks: [how much is the visa]",
        "asks: [a, [b]]",
        "6: asks: a text is wanted here; if it has a colon, put",
    ),
    (
        FEES,
        "asks: [how much is the visa]",
        "asks: [a, {b: c}]",
        "6: asks: a text is wanted here; if it has a colon, put",
    ),
    (FEES, "asks: [how much is the visa]", "asks: [a, '']", "6: asks: is empty; write a text or delete the key"),
    (HOUSING, 'law:\n      - {instrument: cerd, articles: "5"}', "law: []", "16: law: at least 1 needed"),
    (HOUSING, "[equality, practical_help]", "[equality, equality]", "4: topics: 'equality' is listed twice"),
    (SEA, "[[boat, sinking]]", "[]", "11: signals: at least 1 needed"),
    (SEA, "[[boat, sinking]]", "[[]]", "11: signals: at least 1 needed"),
    (SEA, "[[boat, sinking]]", "[boat]", "11: signals: a list is wanted here: one line each, beginning with '- '"),
    (
        FEES,
        "- id: limit-visa-fees",
        "- just text\n  - id: limit-visa-fees",
        "2: file: keys with values are wanted here",
    ),
    # ids
    (FEES, "id: limit-visa-fees", "id: Limit Fees", "2: id: 'Limit Fees' is not an id: 3 to 40 of a-z, 0-9 and -"),
    (FEES, "id: limit-visa-fees", "id: ab", "2: id: 'ab' is not an id: 3 to 40 of a-z, 0-9 and -"),
    (
        FEES,
        "topics: [limits]",
        "topics: [Lim its]",
        "5: topics: 'Lim its' is not an id: 1 to 40 of a-z, 0-9, - and _",
    ),
    (ES_HOUSING, "of: ", "of: x", "3: of: 'x"),
    # limits
    (FEES, "I do not know fees.", "x" * 701, "7: answer: has 758 characters; at most 700"),
    (FEES, "I do not know fees.", "🙂" * 330, "7: answer: has 717 characters; at most 700"),
    (FEES, "What a visa costs", "x" * 81, "3: title: has 81 characters; at most 80"),
    (FEES, "how much is the visa", "x" * 501, "6: asks: has 501 characters; at most 500"),
    (FEES, "status: bot", f"model: {'x' * 351}\n    status: bot", "8: model: has 351 characters; at most 350"),
    (
        FEES,
        "[how much is the visa]",
        str([f"a{n}" for n in range(1001)]),
        "6: asks: at most 1,000 allowed, there are 1,001",
    ),
    # markup and placeholders
    (
        FEES,
        "I do not",
        "I <b>do</b> not",
        "7: answer: has an HTML tag (<b>); only *bold* and lists with '- ' are shown",
    ),
    (
        FEES,
        "I do not",
        "I [do](http://a.b) not",
        "7: answer: has a Markdown link ([do](http://a.b)); put it under links",
    ),
    (FEES, "I do not", "I `do` not", "7: answer: has a backtick (`do`); use plain quotes"),
    (FEES, "I do not", "I **do** not", "7: answer: has two stars (**do**); bold is written *like this*, with one"),
    (
        FEES,
        "I do not",
        "I __do__ not",
        "7: answer: has underscores for emphasis (__do__); bold is written *like this*",
    ),
    (FEES, "I do not", "I *do not", "7: answer: has a * without its partner in the same line; bold is written *like"),
    (FEES, "What a visa", "What *a* visa", "3: title: has a star; this text is plain, without *bold*"),
    (
        FEES,
        "I do not",
        "I {name} do not",
        "7: answer: has a placeholder or a brace ({name}); entries are shown as they",
    ),
    (
        FEES,
        "What a visa costs",
        "'{what}'",
        "3: title: has a placeholder or a brace ({what}); entries are shown as they stand",
    ),
    # links, dates, phones
    (HELP, "https://picum.org/", "picum.org", "10: url: 'picum.org' must begin with http:// or https://"),
    (HELP, "https://picum.org/", "javascript:alert(1)", "10: url: 'javascript:alert(1)' must begin with http:// or"),
    (HELP, "https://picum.org/", "https:///x", "10: url: 'https:///x' has no host, such as www.unhcr.org"),
    (HELP, "https://picum.org/", "https://picum", "10: url: 'https://picum' has no host, such as www.unhcr.org"),
    (HELP, "https://picum.org/", "'https://[x'", "10: url: 'https://[x' is not a web address"),
    (HELP, "https://picum.org/", "https://a b.org", "10: url: 'https://a b.org' has no host, such as www.unhcr.org"),
    (
        HELP,
        "https://picum.org/",
        "https://a.org/ b",
        "10: url: 'https://a.org/ b' holds a space, a quote or a password",
    ),
    (HELP, "https://picum.org/", "https://u:p@a.org/", "10: url: 'https://u:p@a.org/' holds a space, a quote or a"),
    (HELP, "checked: 2026-11-01", "checked: yesterday", "16: checked: 'yesterday' is not a date such as 2026-03-31"),
    (
        HELP,
        "checked: 2026-11-01",
        "checked: 2026-02-30",
        "16: checked: '2026-02-30' is not a date such as 2026-03-31",
    ),
    (HELP, "date: 2017-04", "date: April", "25: date: 'April' is not a date such as 2024, 2024-03 or 2024-03-31"),
    (
        HELP,
        "+32 2 210 17 80",
        "call me",
        "15: phones.number: 'call me' is not a phone number: digits, spaces and + -",
    ),
    (
        HELP,
        "belief: right",
        "belief: unsure",
        "15: phones.belief: 'unsure' is not enough: only numbers believed right",
    ),
    (
        HELP,
        "[BE, DE]",
        "[BE, UK]",
        "13: countries: 'UK' is not a two-letter ISO 3166-1 code in capitals, such as DE; the",
    ),
    (
        HELP,
        "[BE, DE]",
        "[Belgium]",
        "13: countries: 'Belgium' is not a two-letter ISO 3166-1 code in capitals, such as",
    ),
    (HELP, "type: organisation", "type: organization", "9: type: 'organization' is not known; did you mean 'organ"),
    (HELP, "needs: [legal_aid]", "needs: [legal]", "11: needs: 'legal' is not known; it is one of emergency, asylum"),
    (HOUSING, 'url: "https://treaties.un.org/", ', "", "18: links.url: is needed, but missing"),
    (HOUSING, "https://treaties.un.org/", "ftp://x.org", "18: links.url: 'ftp://x.org' must begin with http:// or"),
    (HOUSING, "{by: Ana, on: 2026-10-01}", "{by: Ana}", "33: reviewed.on: is needed, but missing"),
    (
        HOUSING,
        "{by: Ana, on: 2026-10-01}",
        "Ana",
        "33: reviewed: keys with values are wanted here, such as 'id: ...'",
    ),
    # tables
    (NUMBERS, "belief: right", "belief: doubtful", "4: services.all.belief: 'doubtful' is not enough: only numbers"),
    (NUMBERS, ", belief: right", "", "4: services.all.belief: is needed, but missing"),
    (NUMBERS, "country: DE", "country: Germany", "2: country: 'Germany' is not a two-letter ISO 3166-1 code"),
    (NUMBERS, '"112"', '"112 or 110"', "4: services.all.number: '112 or 110' is not a phone number: digits, spaces"),
    ("topics.yaml", "id: equality", "id: Equality!", "2: id: 'Equality!' is not an id: 1 to 40 of a-z, 0-9, - and _"),
    (
        "instruments.yaml",
        "nature: treaty",
        "nature: law",
        "2: nature: 'law' is not known; it is one of treaty, regional-",
    ),
    (
        "sources.yaml",
        "seen: seen-text",
        "seen: yes",
        "2: seen: 'yes' is not known; it is one of seen-text, seen-secondary",
    ),
    ("retired.yaml", "old-housing", "Old", "1: retired.Old: 'Old' is not an id: 3 to 40 of a-z, 0-9 and -"),
    ("synonyms/en.yaml", "[boss, employer]", "[boss]", "1: same: at least 2 needed"),
    ("synonyms/en.yaml", "[deported, reported]", "[deported]", "2: never: one more is needed"),
    ("synonyms/en.yaml", "[deported, reported]", "[a, b, c]", "2: never: at most 2 allowed, there are 3"),
    (
        "knowledge.yaml",
        "level: full",
        "level: half",
        "5: languages.level: 'half' is not known; it is one of full, urgent",
    ),
    ("knowledge.yaml", "name: Test Bot\n", "", "1: name: is needed, but missing"),
    ("checks/en/situations/housing.yaml", "in_order: true", "in_order: yes", "3: in_order: is true or false"),
    (
        "checks/en/_unknown.yaml",
        "text: who wins the cup",
        "txt: who",
        "2: txt: 'txt' is not a known key; did you mean",
    ),
]


@pytest.mark.parametrize(("rel", "old", "new", "message"), ONE_CHANGE)
def test_one_change_one_message(
    base: KnowledgeFolder, check: Check, rel: str, old: str, new: str, message: str
) -> None:
    base.replace(rel, old, new)
    problems = check()
    assert any(line.startswith(f"knowledge/{rel}:{message}") for line in problems), problems


def test_every_problem_of_an_entry_is_told_in_one_go(base: KnowledgeFolder, check: Check) -> None:
    base.replace(HOUSING, "status: binding", "status: bindin")
    base.replace(HOUSING, "equality, practical_help", "equality, practical_hlp")
    base.replace(HOUSING, "see: [wages-not-paid]", "see: [wages-not-payed]")
    base.replace(HOUSING, "instrument: cerd,", "instrument: cert, article: 5,")
    base.replace(FEES, "asks: [how much is the visa]", "asks: [landlord says no foreigners, '']")
    assert [line for line in check() if not line.startswith("warning")] == [
        "knowledge/entries/limits/fees.yaml:6: asks: is empty; write a text or delete the key",
        "knowledge/entries/situations/housing.yaml:4: topics: 'practical_hlp' is not an id of topics.yaml; did you mean "
        "'practical_help'?",
        "knowledge/entries/situations/housing.yaml:6: asks: 'landlord says no foreigners' is also an ask of "
        "'limit-visa-fees' (knowledge/entries/limits/fees.yaml:6); keep it in one of them",
        "knowledge/entries/situations/housing.yaml:13: status: 'bindin' is not known; did you mean 'binding'?",
        "knowledge/entries/situations/housing.yaml:17: law.article: 'article' is not a known key; did you mean "
        "'articles'?",
        "knowledge/entries/situations/housing.yaml:19: see: 'wages-not-payed' is not the id of an entry; did you mean "
        "'wages-not-paid'?",
    ]
