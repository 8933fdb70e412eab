"""Danger now: found by rules, before any matching, because a person in danger can't wait for a likely guess.

A signal is a group of words that all occur within 8 words of each other in one sentence or across a sentence end. `not_when`
groups are neighbouring words, in order, which say that a sentence is about the past, the news, a general question or a
figure of speech: the alarm of that sentence is withheld, and the caller is told so, since one line about help still goes
under the answer.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from rapidfuzz.distance import OSA

from bot.kb.knowledge import Knowledge
from bot.text.normalise import fold
from bot.text.stems import Stems, stems_of
from bot.text.tokens import sentences, tokens

WITHIN = 8
"""Words from the first to the last of a group."""


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


@dataclass(frozen=True, slots=True)
class _Group:
    entry: str
    words: tuple[str, ...]
    parts: tuple[tuple[str, str], ...]
    """Each word of the group (split, where a word is several tokens) as (folded, stem)."""


class SignalEngine:
    """The signals of one language."""

    def __init__(self, lang: str, knowledge: Knowledge) -> None:
        self.lang = lang
        self._stems = stems_of(lang)
        self._groups: list[_Group] = []
        self._not_when: list[tuple[str, ...]] = []
        for entry in knowledge.entries.values():
            wording = entry.wordings.get(lang)
            if wording is None or entry.kind != "urgent":
                continue
            self._groups += [_group(entry.id, words, self._stems) for words in wording.signals]
            for words in wording.not_when:
                self._not_when.append(tuple(self._stems.all([t for word in words for t in tokens(fold(word))])))
        self._never = _never_pairs(knowledge, lang)
        self._by_word = _index(self._groups)

    def find(self, folded: str) -> Alarms:
        """The alarms of a folded message, most groups first, then by position."""
        words: list[str] = []
        withheld_at: list[bool] = []
        for sentence in sentences(folded):
            cancelled = self._cancelled(self._stems.all(sentence))
            words += sentence
            withheld_at += [cancelled] * len(sentence)
        places = self._places(words)
        now: dict[str, list[tuple[int, tuple[str, ...]]]] = {}
        withheld: list[str] = []
        for group in self._candidates(places):
            spot = _spot(group, places)
            if spot is None:
                continue
            if withheld_at[spot[0]] and withheld_at[spot[1]]:
                withheld.append(group.entry)
            else:
                now.setdefault(group.entry, []).append((spot[0], group.words))
        alarms = [
            Alarm(
                entry, self.lang, max(found, key=lambda one: len(one[1]))[1], min(at for at, _ in found), len(found)
            )
            for entry, found in now.items()
        ]
        alarms.sort(key=lambda alarm: (-alarm.groups, alarm.position))
        return Alarms(tuple(alarms), tuple(dict.fromkeys(entry for entry in withheld if entry not in now)))

    def _cancelled(self, stems: list[str]) -> bool:
        return any(
            stems[at : at + len(group)] == list(group)
            for group in self._not_when
            for at in range(len(stems) - len(group) + 1)
        )

    def _places(self, words: list[str]) -> dict[tuple[str, str], list[int]]:
        """For each word of any group, where the message has it."""
        stems = self._stems.all(words)
        found: dict[tuple[str, str], list[int]] = {}
        for at, (word, stem) in enumerate(zip(words, stems, strict=True)):
            for part in self._by_word:
                if self._same(word, stem, *part):
                    found.setdefault(part, []).append(at)
        return found

    def _same(self, word: str, stem: str, wanted: str, wanted_stem: str) -> bool:
        if stem == wanted_stem:
            return True
        size = min(len(word), len(wanted))
        if size < 5 or abs(len(word) - len(wanted)) > 2 or not word.isalpha():
            return False
        if (word, wanted) in self._never:
            return False
        reach = 2 if size >= 9 else 1
        return word[0] == wanted[0] and OSA.distance(word, wanted, score_cutoff=reach) <= reach

    def _candidates(self, places: Mapping[tuple[str, str], list[int]]) -> Iterable[_Group]:
        return (group for group in self._groups if all(part in places for part in group.parts))


def _spot(group: _Group, places: Mapping[tuple[str, str], list[int]]) -> tuple[int, int] | None:
    """The first and last position of the tightest find of a group within reach, each part on a word of its own."""
    best: tuple[int, int] | None = None
    for first in places[group.parts[0]]:
        taken = [first]
        for part in group.parts[1:]:
            near = [at for at in places[part] if at not in taken and abs(at - first) < WITHIN]
            if not near:
                break
            taken.append(min(near, key=lambda at: abs(at - first)))
        else:
            span = (min(taken), max(taken))
            if span[1] - span[0] < WITHIN and (best is None or span[1] - span[0] < best[1] - best[0]):
                best = span
    return best


def _group(entry: str, words: tuple[str, ...], stems: Stems) -> _Group:
    folded = [token for word in words for token in tokens(fold(word))]
    return _Group(entry, words, tuple(zip(folded, stems.all(folded), strict=True)))


def _index(groups: list[_Group]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted({part for group in groups for part in group.parts}))


def _never_pairs(knowledge: Knowledge, lang: str) -> frozenset[tuple[str, str]]:
    synonyms = knowledge.synonyms.get(lang)
    pairs = [(fold(one), fold(other)) for one, other in (synonyms.never if synonyms else ())]
    return frozenset(pairs + [(other, one) for one, other in pairs])
