"""Mends typing mistakes: a word the knowledge base doesn't know becomes the nearest one that it knows."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping

from rapidfuzz.distance import OSA
from rapidfuzz.process import extract

from bot.text.normalise import fold
from bot.text.tokens import is_word

MIN_LETTERS = 4
"""Shorter words have too many neighbours."""
_LONG = 8
_MEMORY = 20_000


class Speller:
    """Corrects towards one vocabulary (folded word → how often it occurs).

    Distance is optimal string alignment: an exchanged pair of letters counts as one mistake. One mistake is mended in
    words of 4 to 7 letters, two in longer ones. Two words of a `never` pair are never taken for each other, whatever
    their endings: `stem` gives the stem of a folded word.
    """

    def __init__(
        self,
        vocabulary: Mapping[str, int],
        never: Iterable[tuple[str, str]] = (),
        stem: Callable[[str], str] = str,
    ) -> None:
        self._counts = vocabulary
        self._stem = stem
        self._by_length: dict[int, list[str]] = {}
        for word in vocabulary:
            if len(word) >= MIN_LETTERS - 1 and is_word(word):
                self._by_length.setdefault(len(word), []).append(word)
        self._never: dict[str, set[str]] = {}
        for one, other in never:
            first, second = stem(fold(one)), stem(fold(other))
            self._never.setdefault(first, set()).add(second)
            self._never.setdefault(second, set()).add(first)
        self._memory: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def mend(self, words: list[str]) -> tuple[list[str], dict[str, str]]:
        """The words with mistakes mended, and what was changed (typed → understood)."""
        mended = [self.correct(word) for word in words]
        changed = {typed: meant for typed, meant in zip(words, mended, strict=True) if typed != meant}
        return mended, changed

    def correct(self, word: str) -> str:
        """The known word nearest to `word`, or `word` itself when it is known, short, no word, or nothing is near."""
        if word in self._counts or len(word) < MIN_LETTERS or not is_word(word):
            return word
        known = self._memory.get(word)
        if known is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            known = self._memory[word] = self._nearest(word)
        return known

    def _nearest(self, word: str) -> str:
        reach = 2 if len(word) >= _LONG else 1
        near = [
            candidate
            for length in range(len(word) - reach, len(word) + reach + 1)
            for candidate in self._by_length.get(length, ())
        ]
        forbidden = self._never.get(self._stem(word), ())
        found = [
            (distance, candidate[0] != word[0], -self._counts[candidate], candidate)
            for candidate, distance, _ in extract(word, near, scorer=OSA.distance, score_cutoff=reach, limit=None)
            if not forbidden or self._stem(candidate) not in forbidden
        ]
        return min(found)[3] if found else word

    def forget(self) -> None:
        """Drops what it remembers of earlier words; for measuring."""
        self._memory.clear()
