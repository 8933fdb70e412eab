"""Long messages: the need often stands in one line of a long story.

Taken whole, a story is like no phrasing; taken apart, a sentence of it may be about something else. Both together find the
need more often than either (measured on 71 stories of 84 to 291 words: 56 % right first by the whole, 51 % by the best
piece, 62 % by both), and only where both agree is the bot sure.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from bot.matching.candidate import Candidate
from bot.text.tokens import sentences

LONG = 25
"""Words from which a message is a story."""
_PIECE = 20
_LEAST = 3
"""Words of a piece: longer sentences are read through overlapping windows, shorter ones left out."""
_FIRST, _LAST = 6, 12
"""Pieces read at the beginning and at the end, so that work stays bounded."""
_IN_BETWEEN = 0.7
"""What a piece weighs that is neither the first nor among the last two: people begin or end with what they want."""
_SHARE = 1.5
"""The sum of both confidences is divided by this, so that one alone is never sure."""
_MOST = 0.99


def pieces(folded: str) -> list[tuple[list[str], float]]:
    """The pieces of a story, each as words, with what it weighs (0 to 1)."""
    found: list[list[str]] = []
    for words in sentences(folded):
        if len(words) <= _PIECE * 1.5:
            found.append(words)
        else:
            found += [words[at : at + _PIECE] for at in range(0, len(words) - _PIECE // 2, _PIECE // 2)]
    found = [words for words in found if len(words) >= _LEAST]
    if len(found) > _FIRST + _LAST:
        found = found[:_FIRST] + found[-_LAST:]
    last = len(found) - 1
    return [(words, 1.0 if at == 0 or at >= last - 1 else _IN_BETWEEN) for at, words in enumerate(found)]


def blended(
    whole: Sequence[Candidate], parts: Iterable[tuple[Sequence[Candidate], float]], skip: Collection[str]
) -> tuple[Candidate, ...]:
    """The candidates of a story, best first, from those of the whole and of its pieces.

    Entries in `skip` count by the whole alone: a "hello" somewhere in a story is not what it is about.
    """
    best: dict[str, Candidate] = {}
    for candidates, weight in parts:
        for one in candidates:
            sure = one.confidence * weight
            if one.entry not in skip and sure > best.get(one.entry, _NOBODY).confidence:
                best[one.entry] = replace(one, confidence=sure)
    by_whole = {one.entry: one for one in whole}
    together = []
    for entry in dict.fromkeys((*by_whole, *best)):
        one, other = by_whole.get(entry, _NOBODY), best.get(entry, _NOBODY)
        sure = min(_MOST, (one.confidence + other.confidence) / _SHARE)
        clearer = other if other.confidence > one.confidence else one
        together.append(replace(clearer, confidence=round(sure, 4)))
    return tuple(sorted(together, key=lambda one: -one.confidence))


_NOBODY = Candidate("", 0.0, "", 0.0, ())
