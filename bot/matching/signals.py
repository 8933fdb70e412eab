"""Danger now: found by rules, before any matching, because a person in danger can't wait for a likely guess.

A signal is a group of words that all occur within 8 words of each other, in any order, in one sentence or across a sentence
end. `boat/dinghy/raft` stands for any one of these, and `beat me` for neighbours in this order. `not_when` groups are
neighbouring words, in order, which say that a sentence is about the past, the news, a general question or a figure of
speech: the alarm of that sentence is withheld, and the caller is told so, since one line about help still goes under the
answer. A find that reaches into another sentence, or is found again there, raises the alarm.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.kb.knowledge import Knowledge
from bot.text.normalise import fold
from bot.text.stems import Stems, stems_of
from bot.text.tokens import is_alone, is_word, sentences, tokens

WITHIN = 8
"""Words from the first to the last of a group."""
_TELLING = 4
"""Letters of a stem that is one word's own."""
_ALONE = 0.5
"""How much of a word a letter of a script without spaces is: most words of Chinese have two."""


@dataclass(frozen=True, slots=True)
class Alarm:
    """An urgent entry whose signal was found."""

    entry: str
    lang: str
    words: tuple[str, ...]
    """The group that was found."""
    position: int
    """Index of the first word of the find in the message."""
    groups: int
    """How many groups of the entry were found."""


@dataclass(frozen=True, slots=True)
class Alarms:
    """What the rules found: `now` raises the alarm, `withheld` only asks for the one line about help."""

    now: tuple[Alarm, ...] = ()
    withheld: tuple[str, ...] = ()


Part = tuple[str, str]
"""A token of a signal: folded, and its stem."""


Word = tuple[tuple[Part, ...], ...]
"""A word of a group: its alternatives, each as its tokens: one, or several neighbours."""


@dataclass(frozen=True, slots=True)
class _Group:
    entry: str
    words: tuple[str, ...]
    parts: tuple[Word, ...]


@dataclass(frozen=True, slots=True)
class _Text:
    """A message made ready: for each token its place counted in words, and whether its sentence is cancelled."""

    words: list[str]
    place: list[float]
    cancelled: list[bool]


class SignalEngine:
    """The signals of one language."""

    def __init__(self, lang: str, knowledge: Knowledge) -> None:
        self.lang = lang
        self._stems = stems_of(lang)
        self._groups: list[_Group] = []
        self._not_when: dict[str, list[list[str]]] = {}
        for entry in knowledge.entries.values():
            wording = entry.wordings.get(lang)
            if wording is None or entry.kind != "urgent":
                continue
            for words in wording.signals:
                parts = tuple(alternatives for word in words if (alternatives := self._alternatives(word)))
                if parts:
                    self._groups.append(_Group(entry.id, words, parts))
            for words in wording.not_when:
                stems = [stem for word in words for _, stem in self._parts(word)]
                if stems:
                    self._not_when.setdefault(stems[0], []).append(stems)
        self._never = _never_pairs(knowledge, lang, self._stems)
        self._by_first: dict[Part, list[int]] = {}
        for at, group in enumerate(self._groups):
            for one in {part[0] for part in group.parts[0]}:
                self._by_first.setdefault(one, []).append(at)
        self._by_stem: dict[str, list[Part]] = {}
        self._by_letter: dict[str, list[Part]] = {}
        for one in sorted({one for group in self._groups for word in group.parts for part in word for one in part}):
            self._by_stem.setdefault(one[1], []).append(one)
            self._by_letter.setdefault(one[0][0], []).append(one)

    def find(self, folded: str) -> Alarms:
        """The alarms of a folded message, most groups first, then by position."""
        text = self._read(folded)
        places = self._places(text.words)
        now: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        withheld: list[str] = []
        for group in self._complete(places):
            found = _find(group, places, text)
            if found is None:
                continue
            if found.cancelled:
                withheld.append(group.entry)
            else:
                now.setdefault(group.entry, []).append((found.position, group.words))
        alarms = [
            Alarm(
                entry, self.lang, max(finds, key=lambda one: len(one[1]))[1], min(at for at, _ in finds), len(finds)
            )
            for entry, finds in now.items()
        ]
        alarms.sort(key=lambda alarm: (-alarm.groups, alarm.position))
        return Alarms(tuple(alarms), tuple(dict.fromkeys(entry for entry in withheld if entry not in now)))

    def _complete(self, places: Mapping[Part, list[int]]) -> list[_Group]:
        """The groups of which every word has an alternative in the message, in the order they are written."""
        begun = sorted({at for one in places for at in self._by_first.get(one, ())})
        groups = (self._groups[at] for at in begun)
        return [group for group in groups if all(_whole(word, places) for word in group.parts)]

    def _alternatives(self, word: str) -> Word:
        return tuple(part for one in word.split("/") if (part := self._parts(one)))

    def _parts(self, word: str) -> tuple[Part, ...]:
        folded = tokens(fold(word))
        return tuple(zip(folded, self._stems.all(folded), strict=True))

    def _read(self, folded: str) -> _Text:
        text = _Text([], [], [])
        place = 0.0
        for sentence in sentences(folded):
            text.words.extend(sentence)
            text.cancelled.extend([self._cancelled(self._stems.all(sentence))] * len(sentence))
            for word in sentence:
                text.place.append(place)
                place += _ALONE if is_alone(word) else 1.0
        return text

    def _cancelled(self, stems: list[str]) -> bool:
        return any(
            stems[at : at + len(group)] == group
            for at, stem in enumerate(stems)
            for group in self._not_when.get(stem, ())
        )

    def _places(self, words: list[str]) -> dict[Part, list[int]]:
        """For each token of any group, where the message has it, in order."""
        at: dict[str, list[int]] = {}
        for index, word in enumerate(words):
            at.setdefault(word, []).append(index)
        found: dict[Part, list[int]] = {}
        for (word, indexes), stem in zip(at.items(), self._stems.all(list(at)), strict=True):
            exact = (part for part in self._by_stem.get(stem, ()) if _one_word(word, part))
            near = (
                part for part in self._by_letter.get(word[0], ()) if part[1] != stem and self._near(word, stem, part)
            )
            for part in (*exact, *near):
                found.setdefault(part, []).extend(indexes)
        return {part: sorted(indexes) for part, indexes in found.items()}

    def _near(self, word: str, stem: str, part: Part) -> bool:
        """Whether `word` is `part` with a typing mistake; its first letter is right."""
        wanted, wanted_stem = part
        size = min(len(word), len(wanted))
        if size < 5 or abs(len(word) - len(wanted)) > 2 or not is_word(word) or (stem, wanted_stem) in self._never:
            return False
        reach = 2 if size >= 9 else 1
        return OSA.distance(word, wanted, score_cutoff=reach) <= reach


def _one_word(word: str, part: Part) -> bool:
    """Whether two words of one stem are one word: stemmers cut some down to letters that others share, as Spanish
    "marido" and "maras" to "mar"."""
    wanted, stem = part
    if len(stem) >= _TELLING or is_alone(word) or word.startswith(wanted) or wanted.startswith(word):
        return True
    return OSA.distance(word, wanted, score_cutoff=2) <= 2


@dataclass(frozen=True, slots=True)
class _Find:
    position: int
    cancelled: bool


def _find(group: _Group, places: Mapping[Part, list[int]], text: _Text) -> _Find | None:
    """The first find of a group within reach, each of its words on words of its own; a cancelled one if there is no other."""
    spots = [
        sorted({spot for part in word if all(one in places for one in part) for spot in _spots(part, places)})
        for word in group.parts
    ]
    cancelled: _Find | None = None
    for start in sorted({first for of_word in spots for first, _ in of_word}):
        near = [_from(start, of_word, text) for of_word in spots]
        chosen = _apart(near) if all(near) else None
        if chosen is None:
            continue
        position = min(first for first, _ in chosen)
        if not all(text.cancelled[first] for first, _ in chosen):
            return _Find(position, cancelled=False)
        cancelled = cancelled or _Find(position, cancelled=True)
    return cancelled


def _whole(word: Word, places: Mapping[Part, list[int]]) -> bool:
    """Whether every token of one of its alternatives is in the message."""
    return any(all(one in places for one in part) for part in word)


def _spots(part: tuple[Part, ...], places: Mapping[Part, list[int]]) -> list[tuple[int, int]]:
    """First and last token of each place where a word stands whole, in order."""
    if len(part) == 1:
        return [(at, at) for at in places[part[0]]]
    later = [set(places[one]) for one in part[1:]]
    return [
        (at, at + len(later))
        for at in places[part[0]]
        if all(at + step in wanted for step, wanted in enumerate(later, 1))
    ]


def _from(start: int, spots: list[tuple[int, int]], text: _Text) -> list[tuple[int, int]]:
    """The spots within reach after `start`, those of sentences that are not cancelled first."""
    near = []
    for spot in spots[bisect_left(spots, (start, 0)) :]:
        if text.place[spot[1]] - text.place[start] >= WITHIN:
            break
        near.append(spot)
    return sorted(near, key=lambda spot: text.cancelled[spot[0]])


def _apart(
    near: list[list[tuple[int, int]]], taken: tuple[tuple[int, int], ...] = ()
) -> tuple[tuple[int, int], ...] | None:
    """One spot for each word such that no two overlap, or None."""
    if len(taken) == len(near):
        return taken
    for first, last in near[len(taken)]:
        if all(last < begin or end < first for begin, end in taken):
            chosen = _apart(near, (*taken, (first, last)))
            if chosen is not None:
                return chosen
    return None


def _never_pairs(knowledge: Knowledge, lang: str, stems: Stems) -> frozenset[tuple[str, str]]:
    synonyms = knowledge.synonyms.get(lang)
    pairs = [(stems.stem(fold(one)), stems.stem(fold(other))) for one, other in (synonyms.never if synonyms else ())]
    return frozenset(pairs + [(other, one) for one, other in pairs])
