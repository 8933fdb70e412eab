"""What is learnt from: every phrasing of every entry in one language."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from bot.kb.knowledge import Knowledge


@dataclass(frozen=True, slots=True)
class Corpus:
    """The phrasings of one language. Two corpora with the same `to_json` give the same model, bit for bit."""

    lang: str
    entries: tuple[str, ...]
    phrasings: tuple[tuple[int, str], ...]
    """Index into `entries`, and the phrasing as written."""
    never: tuple[tuple[str, str], ...] = ()
    """Words never to be mistaken for each other when mending typos."""
    same: tuple[tuple[str, ...], ...] = ()
    """Words that mean the same: an unknown one is read as a known one."""

    def to_json(self) -> str:
        """A canonical text: the training child's input, and the base of the model's name."""
        data = [self.lang, self.entries, self.phrasings, self.never, self.same]
        return json.dumps(data, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str) -> Corpus:
        """The corpus that `to_json` wrote."""
        lang, entries, phrasings, never, same = json.loads(text)
        return cls(
            lang,
            tuple(entries),
            tuple((int(entry), str(text)) for entry, text in phrasings),
            tuple((str(one), str(other)) for one, other in never),
            tuple(tuple(map(str, group)) for group in same),
        )


def corpora(knowledge: Knowledge) -> dict[str, Corpus]:
    """One corpus for each language that has phrasings. A title is a phrasing too, and so is each keyword."""
    return {lang: corpus for lang in knowledge.languages if (corpus := _corpus(knowledge, lang)).phrasings}


def _corpus(knowledge: Knowledge, lang: str) -> Corpus:
    entries = tuple(sorted(entry.id for entry in knowledge.entries.values() if lang in entry.wordings))
    phrasings: list[tuple[int, str]] = []
    for index, entry_id in enumerate(entries):
        wording = knowledge.entries[entry_id].wordings[lang]
        extra = () if knowledge.bare else (wording.title, *wording.keywords)
        phrasings.extend((index, text) for text in _unique((*wording.asks, *extra)))
    synonyms = knowledge.synonyms.get(lang)
    return Corpus(
        lang, entries, tuple(phrasings), synonyms.never if synonyms else (), synonyms.same if synonyms else ()
    )


def _unique(texts: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(text for text in texts if text))
