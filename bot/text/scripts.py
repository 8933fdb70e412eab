"""Which writing system a character belongs to, as far as matching needs to know.

Python's `unicodedata` has no script property; the ranges below follow Unicode's Scripts.txt by block, for the scripts whose
treatment differs here. Everything else is `OTHER`.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from typing import Literal

Script = Literal[
    "latin",
    "greek",
    "cyrillic",
    "armenian",
    "hebrew",
    "arabic",
    "ethiopic",
    "georgian",
    "indic",
    "thai",
    "burmese",
    "khmer",
    "tibetan",
    "hangul",
    "kana",
    "han",
    "other",
]

_BLOCKS: tuple[tuple[int, int, Script], ...] = (
    (0x0041, 0x005A, "latin"),
    (0x0061, 0x007A, "latin"),
    (0x00AA, 0x00AA, "latin"),
    (0x00BA, 0x00BA, "latin"),
    (0x00C0, 0x02AF, "latin"),
    (0x0370, 0x03FF, "greek"),
    (0x0400, 0x052F, "cyrillic"),
    (0x0531, 0x058F, "armenian"),
    (0x0591, 0x05F4, "hebrew"),
    (0x0600, 0x06FF, "arabic"),
    (0x0750, 0x077F, "arabic"),
    (0x0870, 0x08FF, "arabic"),
    (0x0900, 0x0DFF, "indic"),
    (0x0E00, 0x0EFF, "thai"),  # Thai and Lao: both without spaces between words
    (0x0F00, 0x0FFF, "tibetan"),
    (0x1000, 0x109F, "burmese"),
    (0x10A0, 0x10FF, "georgian"),
    (0x1100, 0x11FF, "hangul"),
    (0x1200, 0x139F, "ethiopic"),
    (0x1780, 0x17FF, "khmer"),
    (0x1C90, 0x1CBF, "georgian"),
    (0x1E00, 0x1EFF, "latin"),
    (0x1F00, 0x1FFF, "greek"),
    (0x2C60, 0x2C7F, "latin"),
    (0x2D80, 0x2DDF, "ethiopic"),
    (0x2DE0, 0x2DFF, "cyrillic"),
    (0x3040, 0x30FF, "kana"),
    (0x3130, 0x318F, "hangul"),
    (0x31F0, 0x31FF, "kana"),
    (0x3400, 0x4DBF, "han"),
    (0x4E00, 0x9FFF, "han"),
    (0xA640, 0xA69F, "cyrillic"),
    (0xA720, 0xA7FF, "latin"),
    (0xA960, 0xA97F, "hangul"),
    (0xAA60, 0xAA7F, "burmese"),
    (0xAB01, 0xAB2F, "ethiopic"),
    (0xAC00, 0xD7FF, "hangul"),
    (0xF900, 0xFAFF, "han"),
    (0xFB1D, 0xFB4F, "hebrew"),
    (0xFB50, 0xFDFF, "arabic"),
    (0xFE70, 0xFEFC, "arabic"),
    (0x20000, 0x3FFFF, "han"),
)
_STARTS = [start for start, _, _ in _BLOCKS]


def script_of(char: str) -> Script:
    """The script of one character."""
    code = ord(char)
    at = bisect_right(_STARTS, code) - 1
    if at >= 0 and code <= _BLOCKS[at][1]:
        return _BLOCKS[at][2]
    return "other"


def scripts_in(text: str, least: float = 0.2) -> frozenset[Script]:
    """The scripts that at least this share of the letters in `text` is written in; Japanese is written in two."""
    counts = Counter(script_of(char) for char in text if char.isalpha())
    return frozenset(script for script, count in counts.items() if count >= least * counts.total())
