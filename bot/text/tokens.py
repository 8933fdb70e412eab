"""Words, sentences and small signs of a folded text."""

from __future__ import annotations

import re
import sys
import unicodedata


def _class_of_marks() -> str:
    """A regular-expression class of every combining mark, which `\\w` leaves out, so that Hindi words stay whole."""
    ranges: list[str] = []
    start: int | None = None
    for code in range(0x300, 0x1F000):
        is_mark = unicodedata.category(chr(code)).startswith("M")
        if is_mark and start is None:
            start = code
        elif not is_mark and start is not None:
            ranges.append(f"{chr(start)}-{chr(code - 1)}")
            start = None
    return "".join(ranges)


_MARKS = _class_of_marks()
_ALONE = (
    "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\uaa60-\uaa7f"  # Thai, Lao, Burmese, Khmer
    "\u3040-\u30ff\u31f0-\u31ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
)
"""Scripts without spaces between words."""
_SIGNS = "\u2600-\u27bf\U0001f000-\U0001faff"
_TOKEN = re.compile(
    f"(?=[^\\W_])[{_ALONE}][{_MARKS}]*|(?:(?![{_ALONE}])[^\\W_])(?:(?![{_ALONE}])[^\\W_]|[{_MARKS}])*|[{_SIGNS}]"
)
_IS_ALONE = re.compile(f"[{_ALONE}]")
_SENTENCE_END = re.compile(r"[.!?;…。！？؟۔։।॥።፧།။។៕\n]+")

MAX_TOKENS = 4_001
"""More are cut; an excerpt holds no more unless single characters unfold into several words."""

MAX_WORD = 48
"""A longer 'word' is cut: nobody types one, and work stays linear."""


def tokens(folded: str) -> list[str]:
    """The words of a folded text, in order: runs of letters, marks and digits; each letter of a script without spaces
    (Chinese, Japanese, Thai, Burmese, ...) alone, with its marks; each emoji alone, since 👍 is an answer."""
    return [token[:MAX_WORD] for token in _TOKEN.findall(folded)[:MAX_TOKENS]]


def is_alone(token: str) -> bool:
    """Whether a token is one letter of a script without spaces: a part of a word, where no one can say of which."""
    return _IS_ALONE.match(token) is not None


def is_word(token: str) -> bool:
    """Whether a token is written in letters, with or without marks: no number, no emoji."""
    return token[0].isalpha() and not any(map(str.isdigit, token))


def sentences(folded: str) -> list[list[str]]:
    """The words of each sentence; sentences without words are left out."""
    return [words for part in _SENTENCE_END.split(folded) if (words := tokens(part))]


def intern(words: list[str]) -> list[str]:
    """The same words, each kept once in memory: a vocabulary repeats a few thousand words many thousand times."""
    return [sys.intern(word) for word in words]
