from __future__ import annotations

import pytest

from bot.text.normalise import HEAD, TAIL, excerpt, fold


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        # accents and letters without a plain form of their own
        ("Où est mon DOSSIER ?", "ou est mon dossier ?"),
        ("Łódź, København, Þór, œuvre", "lodz, kobenhavn, thor, oeuvre"),
        ("Straße", "strasse"),
        # Turkish: dotted and dotless i, upper and lower
        ("İSTANBUL IŞIK ışık", "istanbul isik isik"),
        # Vietnamese: đ, and marks upon marks
        ("Đường đi trục xuất", "duong di truc xuat"),
        # Greek final sigma and accents
        ("ΜΕΤΑΝΆΣΤΗΣ μετανάστης", "μεταναστησ μεταναστησ"),
        # Cyrillic: ё, й, ї, ґ as they are typed in a hurry
        ("Ещё мой паспорт їх ґрати", "еще мои паспорт іх грати"),
        # Hebrew points
        ("שָׁלוֹם", "שלום"),
        # digits of other scripts
        ("١٢٣ ۴۵۶ ०१२ ১২৩ ๔๕๖ １２３", "123 456 012 123 456 123"),
        # full-width and mathematical letters
        ("ＶＩＳＡ 𝓿𝓲𝓼𝓪 ⓥⓘⓢⓐ", "visa visa visa"),
        ("ﬁnd oﬃce", "find office"),
    ],
)
def test_one_form_for_all_ways_of_typing(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize("typed", ["don't", "don’t", "don‘t", "donʼt", "don`t", "don´t", "DON＇T", "don\u1fef" + "t"])
def test_every_apostrophe_closes_a_word(typed: str) -> None:
    assert fold(f"{typed} know") == "dont know"
    assert fold(f"{typed} know é") == "dont know e"


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("l'avocat", "l avocat"),
        ("L’Avocat", "l avocat"),
        ("j'ai d'autres qu'il s'appelle", "j ai d autres qu il s appelle"),
        ("aujourd'hui", "aujourdhui"),
        ("dell'avvocato nell'ufficio un'ora", "dell avvocato nell ufficio un ora"),
        ("it's that's I'm", "its thats im"),
        ("п'ять об’єкт", "пять обєкт"),
        ("'quoted words'", "quoted words"),
        ("rock'n'roll", "rockn roll"),
    ],
)
def test_elided_articles_open_and_other_apostrophes_close(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    ("typed", "folded"),
    [
        ("dероrt", "deport"),  # Cyrillic е, р, о
        ("DEPОRТ", "deport"),  # Cyrillic О, Т
        ("раssроrt", "passport"),  # Cyrillic р, а, р, о
        ("νisa", "visa"),  # Greek ν
        ("пaспopт", "паспорт"),  # Latin a, o, p
        ("TPУДOBOЙ", "трудовои"),  # Latin T, P, O, B
        ("διαβατήριo", "διαβατηριο"),  # Latin o in a Greek word
        ("виза visa βίζα", "виза visa βιζα"),
        ("我的passport丢了", "我的passport丢了"),
    ],
)
def test_look_alikes_of_another_script_inside_a_word(typed: str, folded: str) -> None:
    assert fold(typed) == folded


@pytest.mark.parametrize(
    "typed",
    ["أُريدُ", "اريد", "إريد", "آريد", "ٱريد", "اريـــد"],
)
def test_arabic_letters_that_people_write_differently(typed: str) -> None:
    assert fold(typed) == "اريد"


def test_arabic_persian_and_urdu_keyboards_meet() -> None:
    assert fold("کی") == fold("كي") == fold("كى")
    assert fold("مدرسة") == fold("مدرسه") == fold("مدرسہ")
    assert fold("۱۲") == fold("١٢") == "12"


def test_persian_words_joined_by_a_hidden_character_stay_one_word() -> None:
    assert fold("می\u200cخواهم") == "ميخواهم"


def test_presentation_forms_are_letters() -> None:
    assert fold("ﻻ ﷲ") == "لا الله"


@pytest.mark.parametrize(
    "word",
    [
        "de\u200bported",
        "de\u00adported",
        "\u202edeported\u202c",
        "\u2067deported\u2069",
        "deported\ufe0f",
        "de\ufff9ported",
    ],
)
def test_invisible_and_direction_characters_inside_words(word: str) -> None:
    assert fold(word) == "deported"


def test_keycap_emoji_are_their_digits() -> None:
    assert fold("1️⃣ 2️⃣ #️⃣") == "1 2 #"


def test_skin_tones_and_variation_signs_of_emoji_go() -> None:
    assert fold("👍🏽") == fold("👍") == "👍"
    assert fold("❤️") == fold("❤")


def test_korean_syllables_stay_syllables() -> None:
    assert fold("여권을 잃어버렸어요") == "여권을 잃어버렸어요"


def test_japanese_voiced_kana_stay_voiced() -> None:
    assert fold("ビザが ｶﾞｯｺｳ") == "ビザが ガッコウ"


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\u2028", "\u2029", "\x85", " \n\n  "])
def test_every_line_end_is_one_line_end(line_end: str) -> None:
    assert fold(f"one é{line_end}two") == "one e\ntwo"


def test_white_space_is_single() -> None:
    assert fold("  one\t two\u00a0\u3000three  ") == "one two three"


def test_punctuation_stays_for_finding_sentences() -> None:
    assert fold("Help! What now? I... wait.") == "help! what now? i... wait."


@pytest.mark.parametrize("nothing", ["", " ", "\n\t", "\u200b", "\ud800", "\x85"])
def test_nothing_readable_is_empty(nothing: str) -> None:
    assert fold(nothing) == ""


def test_a_text_of_ordinary_length_is_read_whole() -> None:
    text = "a" * (HEAD + TAIL)
    assert excerpt(text) is text


def test_a_long_text_is_read_at_its_head_and_tail() -> None:
    text = "h" * 1500 + "m" * 90_000 + "t" * 2500
    read = excerpt(text)
    assert read == "h" * 1500 + " " + "t" * 2500
    assert (HEAD, TAIL) == (1500, 2500)


def test_one_character_more_than_is_read_drops_one_of_the_middle() -> None:
    text = "h" * 1500 + "m" + "t" * 2500
    assert "m" not in excerpt(text)
