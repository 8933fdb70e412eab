"""Stems: "deported", "deporting" and "deport" are one word to the matcher."""

from __future__ import annotations

from functools import cache

import Stemmer

_ALGORITHMS = {
    "ar": "arabic",
    "ca": "catalan",
    "da": "danish",
    "de": "german",
    "el": "greek",
    "en": "english",
    "es": "spanish",
    "eu": "basque",
    "fi": "finnish",
    "fr": "french",
    "ga": "irish",
    "hi": "hindi",
    "hu": "hungarian",
    "hy": "armenian",
    "id": "indonesian",
    "it": "italian",
    "lt": "lithuanian",
    "ne": "nepali",
    "nl": "dutch",
    "no": "norwegian",
    "pt": "portuguese",
    "ro": "romanian",
    "ru": "russian",
    "sr": "serbian",
    "sv": "swedish",
    "ta": "tamil",
    "tr": "turkish",
    "yi": "yiddish",
}


class Stems:
    """The stemmer of one language, with a memory. A language without one keeps its words whole.

    One instance belongs to one thread: Snowball's stemmers are not safe to share.
    """

    def __init__(self, lang: str) -> None:
        name = _ALGORITHMS.get(lang)
        available = name if name in Stemmer.algorithms() else None
        self._stemmer = Stemmer.Stemmer(available, 20_000) if available else None

    def stem(self, word: str) -> str:
        """The stem of a folded word."""
        if self._stemmer is None:
            return word
        return str(self._stemmer.stemWord(word))

    def all(self, words: list[str]) -> list[str]:
        """The stems of many folded words, in order."""
        if self._stemmer is None:
            return list(words)
        return [str(stem) for stem in self._stemmer.stemWords(words)]


@cache
def stems_of(lang: str) -> Stems:
    """The stemmer of `lang`, made once."""
    return Stems(lang)
