from __future__ import annotations

import pytest
from hypothesis import given

from bot.text.negation import NEGATIONS
from bot.text.normalise import fold
from bot.text.stems import Stems, stems_of
from bot.text.tokens import tokens
from tests.text.unicode_text import ANY_TEXT


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "deported deporting deports deport"),
        ("es", "deportado deportada deportados"),
        ("de", "abgeschoben abgeschobene"),
        ("fr", "passeport passeports"),
        ("pt", "deportado deportada deportados"),
        ("ru", "паспорт паспорта паспорту"),
        ("ar", "المهاجر مهاجر"),
    ],
)
def test_forms_of_a_word_share_a_stem(lang: str, words: str) -> None:
    folded = tokens(fold(words))
    assert len(set(stems_of(lang).all(folded))) == 1


def test_words_that_only_look_alike_keep_their_own_stem() -> None:
    stems = stems_of("en")
    assert len({stems.stem(word) for word in ("deported", "reported", "imported")}) == 3


@pytest.mark.parametrize("lang", ["zh", "my", "xx", ""])
def test_a_language_without_a_stemmer_keeps_its_words(lang: str) -> None:
    assert Stems(lang).stem("護照") == "護照"
    assert Stems(lang).all(["one", "two"]) == ["one", "two"]


def test_a_list_gives_the_same_as_single_words_and_stays_itself() -> None:
    words = ["migrants", "visas"]
    stems = Stems("en")
    assert stems.all(words) == [stems.stem(word) for word in words] == ["migrant", "visa"]
    assert words == ["migrants", "visas"]


def test_no_words_have_no_stems() -> None:
    assert stems_of("en").all([]) == []


@given(ANY_TEXT)
def test_any_word_can_be_stemmed(text: str) -> None:
    for lang in ("en", "ar", "hi", "ru", "tr", "zh"):
        words = tokens(fold(text))
        assert len(stems_of(lang).all(words)) == len(words)


@pytest.mark.parametrize("lang", NEGATIONS)
def test_negations_are_written_as_folded_words(lang: str) -> None:
    assert all(tokens(fold(word)) == [word] for word in NEGATIONS[lang])


def test_contracted_negations_are_known_as_people_type_them() -> None:
    typed = "don't doesn’t can't won`t isn't cannot no"
    assert set(tokens(fold(typed))) <= NEGATIONS["en"]
