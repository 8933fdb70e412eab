from __future__ import annotations

import unicodedata
from typing import Literal

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.text.normalise import fold
from tests.text.unicode_text import ANY_TEXT

KEPT_MARKS = {
    "hindi": "किसी को वीज़ा के लिए पैसे नहीं देने चाहिए",
    "bengali": "আমার পাসপোর্ট হারিয়ে গেছে",
    "tamil": "என் கடவுச்சீட்டை முதலாளி வைத்திருக்கிறார்",
    "burmese": "ကျွန်တော့်နိုင်ငံကူးလက်မှတ်ပျောက်သွားပြီ",
    "thai": "นายจ้างยึดหนังสือเดินทางของฉัน",
    "khmer": "ខ្ញុំបាត់លិខិតឆ្លងដែន",
    "lao": "ຂ້ອຍເສຍໜັງສືຜ່ານແດນ",
    "tibetan": "ང་ལ་རོགས་རམ་དགོས།",
    "amharic": "ፓስፖርቴ ጠፍቷል",
}

INVISIBLE = (
    "\u00ad\u061c\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2060\u2066\u2067\u2068\u2069\ufeff"
)


@given(ANY_TEXT)
@example("\ud800")
@example("\ud83d\ude00 split into surrogates")
@example("\x00\x01\x02\x1b[31m")
def test_no_text_is_too_strange(text: str) -> None:
    folded = fold(text)
    folded.encode()  # no lone surrogate is left
    assert folded == folded.strip()
    assert "\n\n" not in folded
    assert "  " not in folded


@given(ANY_TEXT)
@example("ŉ")
@example("a'́'̂a")
def test_folding_twice_is_folding_once(text: str) -> None:
    folded = fold(text)
    assert fold(folded) == folded


@given(ANY_TEXT, st.sampled_from(["NFC", "NFD"]))
@example("don\u1ffdt", "NFC")
@example("क़ानून", "NFC")
def test_composed_and_decomposed_text_are_the_same(text: str, form: Literal["NFKC", "NFKD"]) -> None:
    assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(
    st.text(st.characters(categories=["Lu", "Ll", "Lt", "Lo", "Nd"]), max_size=20), st.sampled_from(["NFKC", "NFKD"])
)
def test_letters_in_compatibility_forms_are_the_plain_letters(text: str, form: Literal["NFKC", "NFKD"]) -> None:
    assert fold(unicodedata.normalize(form, text)) == fold(text)


@given(st.text(max_size=30))
def test_letter_case_never_matters_in_ascii(text: str) -> None:
    plain = text.encode("ascii", "ignore").decode()
    assert fold(plain.upper()) == fold(plain.lower())


@given(st.text(st.characters(max_codepoint=0x7F), max_size=30))
def test_plain_text_is_folded_the_same_inside_other_text(plain: str) -> None:
    assert fold(f"{plain}\né").removesuffix("e").strip() == fold(f"{plain}\nx").removesuffix("x").strip()


@pytest.mark.parametrize("name", KEPT_MARKS)
def test_marks_that_are_vowels_stay(name: str) -> None:
    text = KEPT_MARKS[name]
    for form in ("NFC", "NFD"):
        folded = fold(unicodedata.normalize(form, text))
        assert unicodedata.normalize("NFKC", folded) == unicodedata.normalize("NFKC", text)


@given(st.data())
def test_vowel_signs_tell_words_apart_in_indic_and_thai_scripts(data: st.DataObject) -> None:
    word = data.draw(st.sampled_from(["क", "ক", "க", "က", "ก"]))
    block = ord(word) & ~0x7F
    marks = [chr(code) for code in range(block, block + 0x80) if unicodedata.category(chr(code)) in ("Mn", "Mc")]
    mark = data.draw(st.sampled_from(marks))
    assert fold(word + mark) == unicodedata.normalize("NFC", word + mark)


@given(
    st.text(st.sampled_from("\u064b\u064c\u064d\u064e\u064f\u0650\u0651\u0652\u0670ـ"), max_size=4), st.integers(1, 5)
)
def test_vocalised_arabic_is_unvocalised_arabic(vowels: str, at: int) -> None:
    word = "مهاجر"
    assert fold(word[:at] + vowels + word[at:]) == word


@given(st.sampled_from(INVISIBLE), st.integers(0, 8))
def test_invisible_characters_change_nothing(hidden: str, at: int) -> None:
    word = "deported"
    assert fold(word[:at] + hidden + word[at:]) == word


@given(st.characters(categories=["Nd"]))
def test_digits_of_every_script_are_ascii(digit: str) -> None:
    assert fold(f"a {digit}") == f"a {unicodedata.decimal(digit)}"


@given(st.sampled_from("abcdefghijklmnoprstuvwyz"), st.integers(3, 500))
def test_stretched_letters_are_shortened_to_two(letter: str, times: int) -> None:
    assert fold(f"x{letter * times}x") == f"x{letter * 2}x"
