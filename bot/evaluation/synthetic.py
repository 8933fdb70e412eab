"""Made-up knowledge bases of any size, for measuring time and memory. The same size is the same base everywhere."""

from __future__ import annotations

import random

from bot.kb.knowledge import Entry, Knowledge, Language, Wording
from bot.matching.corpus import Corpus

_ONSETS = ("b", "d", "f", "g", "k", "l", "m", "n", "p", "r", "s", "t", "v", "z", "ch", "st", "tr")
_RIMES = ("a", "e", "i", "o", "u", "ai", "er", "on")
_SYLLABLES = [onset + rime for onset in _ONSETS for rime in _RIMES]
_COMMON = 400
_WORDS = 12_000


def corpus(phrasings: int, an_entry: int) -> Corpus:
    """`phrasings` phrasings, `an_entry` an entry: sentences of 4 to 12 words, half of them frequent, the others drawn from
    a few dozen words that an entry prefers."""
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    words = sorted({"".join(chance.choices(_SYLLABLES, k=chance.randint(1, 4))) for _ in range(_WORDS)})
    chance.shuffle(words)
    common, rare = words[:_COMMON], words[_COMMON:]
    count = max(1, phrasings // an_entry)
    made: list[tuple[int, str]] = []
    for entry in range(count):
        own = chance.sample(rare, 24)
        for _ in range(an_entry):
            length = chance.randint(4, 12)
            made.append(
                (entry, " ".join(chance.choice(own if chance.random() < 0.5 else common) for _ in range(length)))
            )
    return Corpus("en", tuple(f"entry-{entry}" for entry in range(count)), tuple(made))


def messages(source: Corpus, count: int) -> list[str]:
    """Messages like the phrasings: one word replaced by another's, two letters of one word exchanged."""
    chance = random.Random(11)  # noqa: S311
    texts = [text for _, text in source.phrasings]
    made = []
    for _ in range(count):
        words = chance.choice(texts).split()
        words[chance.randrange(len(words))] = chance.choice(chance.choice(texts).split())
        at = chance.randrange(len(words))
        if len(words[at]) > 4:
            words[at] = words[at][0] + words[at][2] + words[at][1] + words[at][3:]
        made.append(" ".join(words))
    return made


def knowledge(source: Corpus) -> Knowledge:
    """A knowledge base whose entries are those of a corpus, each with a short answer."""
    asks: dict[int, list[str]] = {}
    for entry, text in source.phrasings:
        asks.setdefault(entry, []).append(text)
    entries = {
        name: Entry(
            id=name,
            part="situations",
            kind="answer",
            topics=(),
            status="guidance",
            applies_to=(),
            law=(),
            links=(),
            see=(),
            sources=(),
            confidence="seen-text",
            reviewed=False,
            wordings={source.lang: Wording(source.lang, "source", name, tuple(asks.get(at, ())), "An answer. " * 20)},
        )
        for at, name in enumerate(source.entries)
    }
    language = Language(source.lang, source.lang, "full", "ltr")
    return Knowledge(
        name="synthetic",
        disclaimer={},
        source_language=source.lang,
        languages={source.lang: language},
        topics={},
        instruments={},
        entries=entries,
        emergency=(),
        synonyms={},
        sentences={},
        bare=True,
    )
