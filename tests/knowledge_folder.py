"""A small knowledge base on disk, valid in every part, for tests to change one thing in.

`write_knowledge(root)` writes English and Spanish, six entries of different kinds, checks, wording and all tables;
`write_bare(root, ...)` a folder for measuring. `KnowledgeFolder` adds the changes that tests make most.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.kb.fingerprint import fingerprint

TODAY = "2026-11-23"

HOUSING = """\
entries:
  - id: housing-refused
    title: A landlord refuses me because I am foreign
    topics: [equality, practical_help]
    asks:
      - landlord says no foreigners
      - nobody rents me a flat
    keywords: [landlord, rent]
    answer: |
      In many countries refusing a flat because of origin is against the law.
      - Keep *proof*.
      - Ask an equality body.
    status: binding
    applies_to: [everyone]
    model: a minimum set of rights for everyone who crosses a border.
    law:
      - {instrument: cerd, articles: "5"}
    links: [picum, {title: List of parties, url: "https://treaties.un.org/", checked: 2026-11-01}]
    see: [wages-not-paid]
    sources: [mimc:equality]
    confidence: seen-text
    reviewed: null
  - id: wages-not-paid
    title: My boss does not pay me
    topics: [practical_help]
    asks:
      - boss not pay
      - employer keeps my salary
    answer: Ask a union. Keep proof of your hours.
    status: guidance
    applies_to: [worker]
    confidence: inference
    reviewed: {by: Ana, on: 2026-10-01}
"""
HOUSING_TITLE = "A landlord refuses me because I am foreign"
HOUSING_ANSWER = """\
In many countries refusing a flat because of origin is against the law.
- Keep *proof*.
- Ask an equality body."""
HOUSING_MODEL = "a minimum set of rights for everyone who crosses a border."
HELP = """\
entries:
  - id: picum
    title: PICUM
    topics: [practical_help]
    asks: [what is picum]
    answer: A network for people without papers.
    status: service
    confidence: general-knowledge
    type: organisation
    url: https://picum.org/
    needs: [legal_aid]
    region: Europe
    countries: [BE, DE]
    languages: [en]
    phones: [{number: "+32 2 210 17 80", note: Office hours, belief: right}]
    checked: 2026-11-01
  - id: old-report
    title: An old report
    topics: [resources]
    asks: [old report on migration]
    answer: A report of 2017.
    status: service
    confidence: seen-secondary
    type: report
    date: 2017-04
    people: [Ann Author, {name: Bo Writer, role: editor}]
    url: null
    url_note: The address was not seen.
    alt_urls: [{url: "https://example.org/copy", note: A copy of it.}]
    checked: 2026-11-02
"""
URGENT = """\
entries:
  - id: urgent-at-sea
    title: A boat in danger
    kind: urgent
    topics: [emergency]
    asks: [our boat is sinking]
    answer: Call 112 now. Say where you are.
    status: guidance
    confidence: general-knowledge
    reviewed: {by: Ana, on: 2026-10-01}
    signals: [[boat, sinking]]
    not_when: [[years, ago]]
"""
LIMITS = """\
entries:
  - id: limit-visa-fees
    title: What a visa costs
    kind: unknown
    topics: [limits]
    asks: [how much is the visa]
    answer: I do not know fees. Ask the consulate of the country that you want to enter.
    status: bot
    confidence: inference
"""
SPANISH_HOUSING = f"""\
entries:
  - id: housing-refused
    of: {fingerprint(HOUSING_TITLE, HOUSING_ANSWER, HOUSING_MODEL)}
    by: machine
    title: No me alquilan por ser extranjero
    asks: [no alquilan a extranjeros]
    answer: En muchos países no alquilar por el origen va contra la ley.
    model: un mínimo de derechos para quien cruza una frontera.
  - id: wages-not-paid
    of: {fingerprint("My boss does not pay me", "Ask a union. Keep proof of your hours.")}
    by: person
    title: Mi jefe no me paga
    asks: [el jefe no paga]
    answer: Pide ayuda a un sindicato.
"""
SPANISH_URGENT = f"""\
entries:
  - id: urgent-at-sea
    of: {fingerprint("A boat in danger", "Call 112 now. Say where you are.")}
    by: person
    title: Un barco en peligro
    asks: [se hunde el barco]
    answer: Llama al 112 ya. Di dónde estás.
    signals: [[barco, hunde]]
    not_when: [[hace, años]]
"""
SPANISH_HELP = f"""\
entries:
  - id: picum
    of: {fingerprint("PICUM", "A network for people without papers.")}
    by: person
    title: PICUM
    asks: [que es picum]
    answer: Una red para personas sin papeles.
  - id: old-report
    of: {fingerprint("An old report", "A report of 2017.")}
    by: person
    title: Un informe antiguo
    asks: [informe antiguo]
    answer: Un informe de 2017.
"""
SPANISH_LIMITS = f"""\
entries:
  - id: limit-visa-fees
    of: {
    fingerprint("What a visa costs", "I do not know fees. Ask the consulate of the country that you want to enter.")
}
    by: person
    title: Cuánto cuesta una visa
    asks: [cuanto cuesta la visa]
    answer: No sé los precios.
"""
ENGLISH_WORDING = """\
msgid ""
msgstr ""
"Language: en\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

#. urgent
msgid "urgent.line"
msgstr "Is someone in danger? Call {number}."

msgid "unknown.lead"
msgstr "I don't know."

msgid "links.checked"
msgstr "Opened on {date}, in {language}."
"""
SPANISH_WORDING = """\
msgid ""
msgstr ""
"Language: es\\n"
"Content-Type: text/plain; charset=UTF-8\\n"

msgid "urgent.line"
msgstr "¿Hay alguien en peligro? Llama al {number}."

msgid "unknown.lead"
msgstr "No lo sé."

msgid "links.checked"
msgstr "Abierto el {date}, en {language}."
"""

FILES = {
    "README.md": "# A knowledge base\n",
    "knowledge.yaml": """\
name: Test Bot
disclaimer: {en: "General information, not advice.", es: "Información general."}
source_language: en
languages:
  - {id: en, name: English, level: full, direction: ltr}
  - {id: es, name: Español, level: full, direction: ltr}
""",
    "topics.yaml": """\
topics:
  - {id: equality, title: {en: Equal treatment, es: Igualdad}}
  - {id: practical_help, title: {en: Help, es: Ayuda}}
  - {id: resources, title: {en: Articles, es: Artículos}}
  - {id: emergency, title: {en: Danger now, es: Peligro}}
  - {id: limits, title: {en: Limits, es: Límites}}
""",
    "instruments.yaml": """\
instruments:
  - {id: cerd, names: {en: [CERD, ICERD], es: [CERD]}, nature: treaty, url: null, not: Do not say that it binds all.}
""",
    "sources.yaml": """\
sources:
  - {id: "mimc:equality", what: Law on equality, url: null, seen: seen-text}
  - {id: "resources:eu-112", what: The number 112, url: "https://example.org/112", seen: seen-secondary}
""",
    "emergency_numbers.yaml": """\
countries:
  - country: DE
    services:
      all: {number: "112", source: "resources:eu-112", belief: right}
""",
    "retired.yaml": "retired: {old-housing: housing-refused, gone-for-good: null}\n",
    "entries/situations/housing.yaml": HOUSING,
    "entries/help/places.yaml": HELP,
    "entries/urgent/sea.yaml": URGENT,
    "entries/limits/fees.yaml": LIMITS,
    "translations/es/situations/housing.yaml": SPANISH_HOUSING,
    "translations/es/urgent/sea.yaml": SPANISH_URGENT,
    "translations/es/help/places.yaml": SPANISH_HELP,
    "translations/es/limits/fees.yaml": SPANISH_LIMITS,
    "wording/en.po": ENGLISH_WORDING,
    "wording/es.po": SPANISH_WORDING,
    "synonyms/en.yaml": "same: [[boss, employer]]\nnever: [[deported, reported]]\n",
    "checks/en/situations/housing.yaml": """\
checks:
  - {text: they dont give flat to my people, expect: [housing-refused]}
  - {text: no flat and no salary, expect: [housing-refused, wages-not-paid], in_order: true}
""",
    "checks/en/_unknown.yaml": "checks:\n  - {text: who wins the cup}\n",
    "checks/en/_near_urgent.yaml": "checks:\n  - {text: a boat sank years ago}\n",
    "checks/en/_known_failures.yaml": "checks:\n  - {text: no home, expect: [housing-refused]}\n",
}


@dataclass(frozen=True, slots=True)
class KnowledgeFolder:
    """A knowledge base on disk that a test may change."""

    root: Path

    def write(self, rel: str, content: str | bytes) -> Path:
        path = self.root / rel
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return path

    def read(self, rel: str) -> str:
        return (self.root / rel).read_text(encoding="utf-8")

    def replace(self, rel: str, old: str, new: str) -> None:
        """Change one place of a file; it must be there."""
        text = self.read(rel)
        assert text.count(old) >= 1, f"{old!r} is not in {rel}"
        self.write(rel, text.replace(old, new, 1))

    def remove(self, rel: str) -> None:
        (self.root / rel).unlink()


def write_knowledge(root: Path) -> KnowledgeFolder:
    """Write the whole small knowledge base below `root`. It loads without an error or a warning on `TODAY`."""
    folder = KnowledgeFolder(root)
    for rel, text in FILES.items():
        folder.write(rel, text)
    return folder


def write_bare(root: Path, entries: Iterable[tuple[str, Iterable[str]]]) -> KnowledgeFolder:
    """Write a folder of only ids and asks, as public intent sets are turned into."""
    folder = KnowledgeFolder(root)
    lines = ["entries:"]
    for name, asks in entries:
        lines += [f'  - id: "{name}"', f'    title: "{name}"', f'    answer: "About {name}."', "    asks:"]
        lines += ["      - '" + ask.replace("'", "''") + "'" for ask in asks]
    folder.write("entries/set.yaml", "\n".join(lines) + "\n")
    return folder
