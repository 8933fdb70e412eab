from __future__ import annotations

import unicodedata
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.scripts import Script, script_of, scripts_in
from tests.text.unicode_text import ANY_CHARACTER, ANY_TEXT

NAMES = {
    "LATIN": "latin",
    "GREEK": "greek",
    "CYRILLIC": "cyrillic",
    "ARMENIAN": "armenian",
    "HEBREW": "hebrew",
    "ARABIC": "arabic",
    "ETHIOPIC": "ethiopic",
    "GEORGIAN": "georgian",
    "DEVANAGARI": "indic",
    "BENGALI": "indic",
    "GURMUKHI": "indic",
    "GUJARATI": "indic",
    "TAMIL": "indic",
    "TELUGU": "indic",
    "SINHALA": "indic",
    "THAI": "thai",
    "LAO": "thai",
    "MYANMAR": "burmese",
    "KHMER": "khmer",
    "TIBETAN": "tibetan",
    "HANGUL": "hangul",
    "HIRAGANA": "kana",
    "KATAKANA": "kana",
    "CJK": "han",
}


@pytest.mark.parametrize("name", NAMES)
def test_letters_of_the_basic_plane_are_in_the_script_of_their_name(name: str) -> None:
    letters = [
        char
        for char in map(chr, range(0x3000 if name == "CJK" else 0x41, 0xFFFF))
        if unicodedata.category(char) in ("Ll", "Lu", "Lo")
        and unicodedata.name(char, "").startswith(f"{name} ")
        and unicodedata.normalize("NFKC", char) == char
    ]
    elsewhere = [char for char in letters if script_of(char) != NAMES[name]]
    assert len(elsewhere) <= len(letters) * 0.25, "".join(elsewhere)  # rare letters of other blocks


@given(ANY_CHARACTER)
def test_every_character_has_a_script(char: str) -> None:
    assert script_of(char) in get_args(Script)


def test_digits_signs_and_emoji_have_none() -> None:
    assert {script_of(char) for char in "1 ,👍\x00\ud800\U0010ffff"} == {"other"}


@pytest.mark.parametrize(
    ("text", "scripts"),
    [
        ("my visa", {"latin"}),
        ("виза", {"cyrillic"}),
        ("入国ビザの申請", {"han", "kana"}),
        ("a" + "виза" * 10, {"cyrillic"}),
        ("visa виза", {"latin", "cyrillic"}),
        ("12 ...", set()),
        ("", set()),
    ],
)
def test_scripts_of_a_text(text: str, scripts: set[Script]) -> None:
    assert scripts_in(text) == scripts


@given(ANY_TEXT, st.floats(0, 1))
def test_scripts_of_any_text(text: str, least: float) -> None:
    assert scripts_in(text, least) <= set(get_args(Script))
