"""Several questions in one message: each sentence that is sure of another answer is a question of its own."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from bot.matching.candidate import Candidate
from bot.text.normalise import excerpt, fold
from bot.text.tokens import sentences

_LEAST_WORDS = 3
_MOST_SENTENCES = 6
_MOST_QUESTIONS = 3
_VERY_SURE = 0.85
"""Confidence from which a piece of a story is a need of its own: most pieces only tell what happened."""


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a message and the entry it is surely about."""

    candidate: Candidate


def split_questions(text: str, ask: Callable[[str], Candidate | None]) -> tuple[Asked, ...]:
    """The questions of a message in order, when there are at least two with different sure answers; else nothing.

    `ask` gives the entry that a text alone is surely about, or None. A message of many sentences is not taken apart: there
    they belong together; see `needs`.
    """
    parts = [words for words in sentences(fold(excerpt(text))) if len(words) >= _LEAST_WORDS]
    if not 2 <= len(parts) <= _MOST_SENTENCES:
        return ()
    found: dict[str, Asked] = {}
    for words in parts:
        candidate = ask(" ".join(words))
        if candidate is not None:
            found.setdefault(candidate.entry, Asked(candidate))
    return _several(found)


def needs(parts: Iterable[Candidate], ids: Collection[str]) -> tuple[Asked, ...]:
    """The needs of a story in order, from the best candidate of each of its pieces: those that are very sure and among
    `ids`, when there are at least two; else nothing."""
    found: dict[str, Asked] = {}
    for one in parts:
        if one.confidence >= _VERY_SURE and one.entry in ids:
            found.setdefault(one.entry, Asked(one))
    return _several(found)


def _several(found: dict[str, Asked]) -> tuple[Asked, ...]:
    return tuple(found.values())[:_MOST_QUESTIONS] if len(found) > 1 else ()
