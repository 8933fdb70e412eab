"""Several questions in one message: each sentence that is sure of another answer is a question of its own."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.matching.matcher import Candidate
from bot.text.normalise import excerpt, fold
from bot.text.tokens import sentences

_LEAST_WORDS = 3
_MOST_SENTENCES = 6
_MOST_QUESTIONS = 3


@dataclass(frozen=True, slots=True)
class Asked:
    """One question of a message and the entry it is surely about."""

    text: str
    candidate: Candidate


def split_questions(text: str, ask: Callable[[str], Candidate | None]) -> tuple[Asked, ...]:
    """The questions of a message in order, when there are at least two with different sure answers; else nothing.

    `ask` gives the entry that a text alone is surely about, or None. A story of many sentences is not taken apart: there
    the sentences belong together.
    """
    parts = [words for words in sentences(fold(excerpt(text))) if len(words) >= _LEAST_WORDS]
    if not 2 <= len(parts) <= _MOST_SENTENCES:
        return ()
    found: dict[str, Asked] = {}
    for words in parts:
        sentence = " ".join(words)
        candidate = ask(sentence)
        if candidate is not None:
            found.setdefault(candidate.entry, Asked(sentence, candidate))
    return tuple(found.values())[:_MOST_QUESTIONS] if len(found) > 1 else ()
