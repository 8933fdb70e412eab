"""How long loading a knowledge base takes: generates one in a temporary folder, prints the seconds cold and warm.

python tests/bench/knowledge_load.py [--entries 400] [--languages 5]
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from bot.kb.fingerprint import fingerprint
from bot.kb.loader import ParseCache, load

WORDS = (
    *("visa", "work", "boss", "flat", "paper", "police", "school", "doctor", "child", "border", "passport", "money"),
    *("wage", "lawyer", "court", "family", "embassy", "letter", "rent", "union", "asylum", "refuse", "wait", "help"),
    *("stay", "leave", "travel", "ticket", "form", "office", "interview", "house", "sick", "hurt", "debt", "agent"),
)
LANGUAGES = ("en", "es", "fr", "ar", "uk", "fa", "tr", "pt", "bn", "ti")
ENTRIES_A_FILE = 6


class Generator:
    """Random but repeatable texts of about the length of real ones."""

    def __init__(self) -> None:
        self._random = random.Random(1)
        self._number = 0

    def phrase(self, least: int = 3, most: int = 10) -> str:
        self._number += 1
        words = self._random.choices(WORDS, k=self._random.randint(least, most))
        return f"{' '.join(words)} q{self._number}"

    def answer(self) -> str:
        return "\n".join(f"{self.phrase(8, 14).capitalize()}." for _ in range(5))


def write(root: Path, entries: int, languages: int) -> None:
    """A knowledge base of so many entries in so many languages, with 12 asks an entry and three checks a wording."""
    make = Generator()
    langs = LANGUAGES[:languages]
    table = "\n".join(f"  - {{id: {lang}, name: Name of {lang}, level: full, direction: ltr}}" for lang in langs)
    texts = ", ".join(f"{lang}: General information" for lang in langs)
    _put(root, "knowledge.yaml", f"name: Bench\ndisclaimer: {{{texts}}}\nsource_language: en\nlanguages:\n{table}\n")
    _put(root, "topics.yaml", f"topics:\n  - {{id: help, title: {{{texts}}}}}\n")
    _put(root, "instruments.yaml", "instruments:\n  - {id: cerd, names: {en: [CERD]}, nature: treaty, url: null}\n")
    _put(root, "sources.yaml", "sources:\n  - {id: a, what: A source, url: null, seen: seen-text}\n")
    _put(
        root,
        "emergency_numbers.yaml",
        "countries:\n  - {country: DE, services: {all: {number: '112', source: a, belief: right}}}\n",
    )
    for lang in langs:
        body = "".join(f'\nmsgid "key.{n}"\nmsgstr "Sentence {n} {{name}}"\n' for n in range(80))
        _put(root, f"wording/{lang}.po", f'msgid ""\nmsgstr "Language: {lang}\\n"\n{body}')
    for first in range(0, entries, ENTRIES_A_FILE):
        numbers = range(first, min(first + ENTRIES_A_FILE, entries))
        rel = f"situations/subject{first}.yaml"
        sources = {number: (make.phrase(3, 8).capitalize(), make.answer(), make.phrase(10, 20)) for number in numbers}
        _put(root, f"entries/{rel}", "entries:\n" + "".join(_entry(make, n, *sources[n], entries) for n in numbers))
        for lang in langs:
            checks = "".join(
                f"  - {{text: {make.phrase()}, expect: [entry-{n}]}}\n" for n in numbers for _ in range(3)
            )
            _put(root, f"checks/{lang}/{rel}", f"checks:\n{checks}")
            if lang != "en":
                body = "".join(_translation(make, n, fingerprint(*sources[n])) for n in numbers)
                _put(root, f"translations/{lang}/{rel}", f"entries:\n{body}")


def _entry(make: Generator, number: int, title: str, answer: str, model: str, entries: int) -> str:
    asks = "".join(f"      - {make.phrase()}\n" for _ in range(12))
    indented = answer.replace("\n", "\n      ")
    return (
        f"  - id: entry-{number}\n    title: {title}\n    topics: [help]\n    asks:\n{asks}    keywords: [visa, rent]\n"
        f"    answer: |\n      {indented}\n    status: binding\n    applies_to: [everyone, worker]\n    model: {model}\n"
        f"    law:\n      - {{instrument: cerd, articles: '5'}}\n    see: [entry-{(number + 1) % entries}]\n"
        "    sources: [a]\n    confidence: seen-text\n    reviewed: null\n"
    )


def _translation(make: Generator, number: int, of: str) -> str:
    asks = "".join(f"      - {make.phrase()}\n" for _ in range(9))
    answer = make.answer().replace("\n", "\n      ")
    return (
        f"  - id: entry-{number}\n    of: '{of}'\n    by: machine\n    title: {make.phrase(3, 8).capitalize()}\n    asks:\n"
        f"{asks}    answer: |\n      {answer}\n    model: {make.phrase(10, 20)}\n"
    )


def _put(root: Path, rel: str, text: str) -> None:
    path = root / rel
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--entries", type=int, default=400, help="entries to generate (default 400)")
    parser.add_argument("--languages", type=int, default=5, help="languages to generate, at most 10 (default 5)")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder) / "knowledge"
        write(root, arguments.entries, arguments.languages)
        cache = ParseCache()
        cold = load(root, cache=cache)
        warm = load(root, cache=cache)
        _put(
            root, "entries/situations/subject0.yaml", (root / "entries/situations/subject0.yaml").read_text() + "#\n"
        )
        changed = load(root, cache=cache)
    figures = cold.statistics
    print(f"{figures.entries} entries, {len(figures.languages)} languages, {figures.asks} phrasings, ", end="")
    print(f"{figures.checks} checks, {figures.files} files, {len(cold.errors)} errors, {len(cold.warnings)} warnings")
    print(f"cold {cold.seconds:.3f} s, warm {warm.seconds:.3f} s, one file changed {changed.seconds:.3f} s")
    for problem in cold.errors[:5]:
        print(problem)


if __name__ == "__main__":
    main()
