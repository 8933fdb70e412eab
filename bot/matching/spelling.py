"""Mends what was typed: a word the knowledge base doesn't know becomes one that it knows.

In this order: digits for letters ("d3p0rt"), another word for the same ("chief" for "boss", from `synonyms/`), the nearest
word ("lanlord"), and words run together ("canibedeported").
"""

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
_DIGITS = str.maketrans("0134578", "oieastb")
RUN_TOGETHER = 7
"""Letters from which an unknown word may be several run together."""
_LONGEST_RUN = 60
_OFTEN = {1: 20, 2: 8, 3: 2, 4: 2}
"""How often a word of so few letters must be known before a run is cut at it; longer ones once."""
_LETTERS_A_WORD = 2.5
"""A run with shorter words on average is no run."""


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
        same: Iterable[tuple[str, ...]] = (),
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
        self._alias: dict[str, str] = {}
        for group in same:
            words = [fold(word) for word in group]
            known = max(
                (word for word in words if word in vocabulary), key=lambda word: vocabulary[word], default=None
            )
            if known is not None:
                self._alias.update({word: known for word in words if word not in vocabulary})
        self._longest = max(map(len, vocabulary), default=0)
        self._memory: dict[str, str] = {}

    def __contains__(self, word: str) -> bool:
        return word in self._counts

    def mend(self, words: list[str]) -> tuple[list[str], dict[str, str]]:
        """The words with mistakes mended, and what was changed (typed → understood, which may be several words)."""
        mended: list[str] = []
        changed: dict[str, str] = {}
        for typed in words:
            meant = self.correct(typed)
            if meant != typed:
                changed[typed] = meant
            mended += meant.split(" ")
        return mended, changed

    def correct(self, word: str) -> str:
        """What is meant by `word`: known words, with spaces between them where several were run together; or `word`
        itself when it is known, short, no word, or nothing fits."""
        if word in self._counts:
            return word
        known = self._memory.get(word)
        if known is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            known = self._memory[word] = self._meant(word)
        return known

    def _meant(self, word: str) -> str:
        if not word.isdigit() and word.translate(_DIGITS) in self._counts:
            return word.translate(_DIGITS)
        if word in self._alias:
            return self._alias[word]
        if len(word) < MIN_LETTERS or not is_word(word):
            return word
        near = self._nearest(word)
        return near if near != word else self._apart(word)

    def _apart(self, word: str) -> str:
        """`word` cut into the fewest known words, the more frequent ones if there is a choice."""
        if not RUN_TOGETHER <= len(word) <= _LONGEST_RUN:
            return word
        best: list[tuple[int, int, int] | None] = [(0, 0, 0)] + [None] * len(word)
        for end in range(1, len(word) + 1):
            for begin in range(max(0, end - self._longest), end):
                before, count = best[begin], self._counts.get(word[begin:end], 0)
                if before is None or count < _OFTEN.get(end - begin, 1):
                    continue
                here = (before[0] + 1, before[1] - min(count, 100), begin)
                if (found := best[end]) is None or here < found:
                    best[end] = here
        parts: list[str] = []
        end = len(word)
        while end and (found := best[end]) is not None:
            parts.insert(0, word[found[2] : end])
            end = found[2]
        return " ".join(parts) if not end and len(word) >= _LETTERS_A_WORD * len(parts) else word

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
