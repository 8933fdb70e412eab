"""One form for all the ways of typing the same text.

`fold` is applied to what people type and to what moderators write, so the two meet. It never removes what carries meaning:
the vowel signs of Indic, Burmese, Thai, Khmer and Tibetan scripts are marks in Unicode's sense and stay.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

from bot.text.scripts import Script, script_of

HEAD = 1500
TAIL = 2500

_MARKS_DROPPED = {"latin", "greek", "cyrillic", "arabic", "hebrew"}
"""Scripts whose marks people leave out when they type: accents, vowel points."""

_LETTERS = {
    # No decomposition in Unicode, but people type the plain letter.
    "ı": "i", "đ": "d", "ð": "d", "ħ": "h", "ł": "l", "ø": "o", "æ": "ae", "œ": "oe", "þ": "th", "ŧ": "t", "ŀ": "l",
    # Arabic script: one form for letters that keyboards of its languages write differently.
    "ى": "ي", "ی": "ي", "ې": "ي", "ے": "ي", "ک": "ك", "ڪ": "ك", "ة": "ه", "ۀ": "ه", "ە": "ه", "ہ": "ه", "ھ": "ه",
    "ۃ": "ه", "ٱ": "ا", "ـ": "",
    # Cyrillic letters that are left out or exchanged when typing in a hurry.
    "ґ": "г", "ў": "у",
}  # fmt: skip
_LETTER_TABLE = str.maketrans(_LETTERS)

_INVISIBLE = dict.fromkeys(
    (
        *(0x00AD, 0x034F, 0x061C, 0x115F, 0x1160, 0x180E, 0x3164, 0xFEFF, 0xFFA0),
        *range(0x200B, 0x2010),
        *range(0x202A, 0x202F),
        *range(0x2060, 0x2070),
        *range(0xFE00, 0xFE10),
        *range(0x1F3FB, 0x1F400),  # skin tones: 👍🏽 is 👍
        *range(0xE0000, 0xE0200),
    )
)

# Look-alikes across scripts, for words that mix two of them ("dероrt" with Cyrillic е, р, о). The last ones of each row
# look alike as capitals only ("DEPОRТ"); letter case is gone when they are compared.
_LOOKS: dict[Script, dict[int, int]] = {
    "latin": str.maketrans("аеорсухіјѕԁһοαενιτκρтмнвк", "aeopcyxijsdhoaevitkptmhbk"),
    "cyrillic": str.maketrans("aeopcyxiktmhb", "аеорсухіктмнв"),
    "greek": str.maketrans("aeiokpvxytmnhbz", "αειοκρνχυτμνηβζ"),
}

_APOSTROPHES = str.maketrans(dict.fromkeys("’‘ʼ‛`´ʻʹ＇ˈ׳\u1fbd\u1fef\u1ffd", "'"))
_ELISION = re.compile(r"\b(l|d|j|m|t|s|c|n|qu|dell|nell|sull|all|un)'(?=[^\W\d_]{2})")
_LONE = re.compile(r"'")
_STRETCHED = re.compile(r"([^\W\d_])\1{2,}")
_SPACE = re.compile(r"[^\S\n\r]+")
_LINE = re.compile(r" ?[\n\r]\s*")
_LINE_ENDS = "\x85\u2028\u2029"
_WORD = re.compile(r"[^\W\d_]+")


def excerpt(text: str) -> str:
    """The part of a very long text that is read: its first 1,500 and last 2,500 characters."""
    if len(text) <= HEAD + TAIL:
        return text
    return f"{text[:HEAD]} {text[-TAIL:]}"


def fold(text: str) -> str:
    """`text` in the one form used for matching. Idempotent; never raises; never empty unless nothing readable was there.

    Lower case without accents where the script allows it, ASCII digits, no invisible characters, apostrophes closed
    ("don't" → "dont") or, after an elided article, opened ("l'avocat" → "l avocat"), stretched letters shortened to two
    ("heeelp" → "heelp"), spaces single. Punctuation and line ends stay, because sentences are found by them.
    """
    if text.isascii():
        return _finish(text.lower().replace("`", "'"))
    for _ in range(4):  # compatibility forms can uncover others; two rounds settle all that Unicode has today
        folded = _finish(_fold_once(text))
        if folded == text:
            return folded
        text = folded
    return text


def _fold_once(text: str) -> str:
    text = unicodedata.normalize("NFKD", text.translate(_INVISIBLE).translate(_APOSTROPHES))
    text = unicodedata.normalize("NFKD", text.casefold()).translate(_INVISIBLE)
    kept: list[str] = []
    drop = False
    for char in text:
        if char < "\x80":
            kept.append(char)
            drop = char.isalpha()
            continue
        category = unicodedata.category(char)
        if category == "Mn":
            if not drop:
                kept.append(char)
            continue
        if category == "Nd":
            kept.append(str(unicodedata.decimal(char)))
            drop = False
            continue
        if category in ("Cf", "Me"):  # what no keyboard types: format characters, and the frame around "1️⃣"
            continue
        if category in ("Cc", "Cs", "Zl", "Zp"):
            kept.append("\n" if char in _LINE_ENDS else " ")
            drop = False
            continue
        kept.append(char)
        drop = script_of(char) in _MARKS_DROPPED
    text = unicodedata.normalize("NFC", "".join(kept).translate(_LETTER_TABLE))
    return _WORD.sub(_one_script, text)


def _one_script(found: re.Match[str]) -> str:
    """A word that mixes Latin with look-alikes of another script, in the script that leaves the least mixture; if that
    doesn't tell, in the one that most of its letters have."""
    word = found[0]
    if word.isascii():
        return word
    scripts = Counter(map(script_of, word))
    if not scripts["latin"] or len(scripts) == 1:
        return word
    likely = sorted((script for script in _LOOKS if scripts[script]), key=lambda script: -scripts[script])
    forms = [word.translate(_LOOKS[script]) for script in likely]
    return min(forms, key=lambda form: len(set(map(script_of, form))))


def _finish(text: str) -> str:
    if "'" in text:
        text = _LONE.sub("", _ELISION.sub(r"\1 ", text))
    return _LINE.sub("\n", _SPACE.sub(" ", _STRETCHED.sub(r"\1\1", text))).strip()
