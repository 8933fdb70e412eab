from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.normalise import excerpt, fold
from bot.text.tokens import MAX_TOKENS, MAX_WORD, intern, is_alone, is_word, sentences, tokens
from tests.text.unicode_text import ANY_TEXT


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("lanlord dont rent 2 forigners", ["lanlord", "dont", "rent", "2", "forigners"]),
        ("h-1b visa, art.13", ["h", "1b", "visa", "art", "13"]),
        ("snake_case", ["snake", "case"]),
        ("मेरा पासपोर्ट खो गया है", ["मेरा", "पासपोर्ट", "खो", "गया", "है"]),
        ("আমার পাসপোর্ট", ["আমার", "পাসপোর্ট"]),
        ("என் கடவுச்சீட்டு", ["என்", "கடவுச்சீட்டு"]),
        ("ፓስፖርቴ ጠፍቷል።", ["ፓስፖርቴ", "ጠፍቷል"]),
        ("جواز سفري", ["جواز", "سفري"]),
        ("我的护照丢了", ["我", "的", "护", "照", "丢", "了"]),
        ("我的passport丢了", ["我", "的", "passport", "丢", "了"]),
        ("パスポート・ビザ", ["パ", "ス", "ポ", "ー", "ト", "ビ", "ザ"]),
        ("여권을 잃어버렸어요", ["여권을", "잃어버렸어요"]),
        ("เรือจม", ["เ", "รื", "อ", "จ", "ม"]),
        ("လှေ", ["လှေ"]),
        ("ទូក", ["ទូ", "ក"]),
        ("👍🏽 ok 👨‍👩‍👧", ["👍", "ok", "👨", "👩", "👧"]),
        ("... !? — «»", []),
        ("", []),
    ],
)
def test_words_of_a_text(text: str, words: list[str]) -> None:
    assert tokens(fold(text)) == words


@given(ANY_TEXT)
def test_tokens_of_any_text_are_short_and_not_empty(text: str) -> None:
    found = tokens(fold(text))
    assert all(0 < len(word) <= MAX_WORD for word in found)
    assert not any(character.isspace() for word in found for character in word)


@given(ANY_TEXT)
def test_no_letter_or_digit_is_lost(text: str) -> None:
    folded = fold(text)
    kept = "".join(tokens(folded))
    lost = [char for char in folded if char.isalnum() and char not in kept]
    assert not lost


@given(ANY_TEXT)
def test_tokens_are_found_again_when_joined(text: str) -> None:
    words = tokens(fold(text))
    assert tokens(" ".join(words)) == words


def test_a_word_that_nobody_types_is_cut() -> None:
    assert tokens("ab" * 2048) == [("ab" * 2048)[:MAX_WORD]]


def test_the_end_of_a_long_chinese_message_is_read() -> None:
    text = "护" * 10 + "".join(chr(0x4E00 + at) for at in range(6000)) + "船沉"
    assert tokens(fold(excerpt(text)))[-2:] == ["船", "沉"]


def test_no_more_words_than_an_excerpt_can_hold() -> None:
    assert len(tokens(fold("ﷺ" * 4000))) == MAX_TOKENS


@pytest.mark.parametrize("end", [*".!?;…。！？؟۔։।॥።፧།။។", "\n", "\u2028", "...", "?!"])
def test_sentences_end_in_every_script(end: str) -> None:
    assert sentences(fold(f"boat é{end} now")) == [["boat", "e"], ["now"]]


def test_sentences_without_words_are_left_out() -> None:
    assert sentences("?! help. ... !! now") == [["help"], ["now"]]
    assert sentences("") == []


def test_a_comma_ends_no_sentence() -> None:
    assert sentences("help, now") == [["help", "now"]]


def test_letters_of_scripts_without_spaces_are_alone() -> None:
    assert all(map(is_alone, tokens(fold("船パเရទກ"))))
    assert not any(map(is_alone, tokens(fold("boat लड़का 여권 лодка 👍 2 ང་"))))


def test_words_are_written_in_letters() -> None:
    assert all(map(is_word, ["boat", "हिन्दी", "船", "여권"]))
    assert not any(map(is_word, ["2", "1b", "b1", "👍"]))


def test_interned_words_are_one_object() -> None:
    one, other = intern(["".join(["vi", "sa"]), "".join(["vis", "a"])])
    assert one is other


@given(st.text(st.characters(categories=["Mn", "Mc"]), min_size=1, max_size=5))
def test_marks_alone_are_no_word(marks: str) -> None:
    assert tokens(unicodedata.normalize("NFC", marks)) == []
