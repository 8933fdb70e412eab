from __future__ import annotations

import os
import subprocess
import sys
import unicodedata

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.matching.features import SKIP_REACH, Keys, blocks, hash_word, stem_keys
from bot.text.normalise import fold
from bot.text.stems import stems_of
from bot.text.tokens import tokens
from tests.text.unicode_text import ANY_TEXT

TEXTS = ("my boss does not pay me", "आप कैसे हैं", "我的护照丢了", "🙂", "x", "")


def features(text: str, lang: str = "en") -> tuple[Keys, Keys, Keys, Keys]:
    words = tokens(fold(text))
    return blocks(words, stems_of(lang).all(words), lang)


def counts(text: str) -> list[int]:
    return [len(keys) for keys in features(text)]


def fingerprint() -> str:
    """All feature keys of some texts, as one line."""
    return " ".join(str(int(key)) for text in TEXTS for keys in features(text) for key in keys)


@pytest.mark.parametrize("seed", ["0", "1", "12345"])
def test_features_are_the_same_in_every_process(seed: str) -> None:
    child = subprocess.run(
        [sys.executable, "-c", "from tests.matching.test_features import fingerprint; print(fingerprint())"],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": os.pathsep.join(sys.path)},
    )
    assert child.stdout.strip() == fingerprint()


def test_the_hash_of_a_word_never_changes() -> None:
    assert hash_word("passport") == 13991400907460613960
    assert hash_word("") == 13020603013274838756


def test_nothing_has_no_features() -> None:
    assert counts("") == [0, 0, 0, 0]
    assert not len(stem_keys([]))


def test_one_word_has_itself_its_edges_and_its_characters() -> None:
    single, neighbours, pairs, characters = features("visa")
    assert (len(single), len(neighbours), len(pairs)) == (1, 2, 0)
    assert len(characters) == 5 + 4 + 3 + 2  # of " visa "


def test_features_are_distinct_and_sorted() -> None:
    for keys in features("visa visa visa and no visa no visa"):
        assert (keys[1:] > keys[:-1]).all()


def test_blocks_share_no_features() -> None:
    every = np.concatenate(features("my landlord says that foreigners are not welcome here"))
    assert len(np.unique(every)) == len(every)


def test_order_matters_to_neighbours_but_not_to_pairs() -> None:
    one, other = features("boss beats worker"), features("worker beats boss")
    assert (one[0] == other[0]).all()
    assert not np.array_equal(one[1], other[1])
    assert np.array_equal(one[2], other[2])


def test_a_negation_marks_the_two_words_after_it() -> None:
    plain, negated = features("boss pays my wage")[0], features("boss not pays my wage")[0]
    new = np.setdiff1d(negated, plain)
    assert len(new) == 1 + 2  # the negation, and two words marked by it
    assert np.isin(plain, negated).all()


def test_a_word_is_no_negation_in_another_language() -> None:
    words = ["pas", "de", "visa"]
    assert len(blocks(words, words, "fr")[0]) > len(blocks(words, words, "en")[0])


def test_endings_dont_matter_to_words() -> None:
    assert np.array_equal(features("deported migrants")[0], features("deporting migrant")[0])


@given(st.lists(st.sampled_from("boss visa not paid here work never flat rent".split()), min_size=1, max_size=60))  # noqa: SIM905
def test_work_is_at_most_linear_in_the_number_of_words(words: list[str]) -> None:
    stems = stems_of("en").all(words)
    single, neighbours, pairs, characters = (len(keys) for keys in blocks(words, stems, "en"))
    letters = sum(len(word) + 1 for word in words) + 1
    assert single <= 2 * len(words)
    assert neighbours <= len(words) + 1
    assert pairs <= SKIP_REACH * len(words)
    assert characters <= 4 * letters


@pytest.mark.parametrize("size", [100, 200, 400, 800])
def test_twice_the_words_have_twice_the_features(size: int) -> None:
    chance = np.random.default_rng(5)
    words = ["".join(map(chr, row)) for row in chance.integers(97, 123, size=(2 * size, 7)).tolist()]
    half, whole = (sum(map(len, blocks(some, some, "en"))) for some in (words[:size], words))
    assert 1.8 < whole / half < 2.05


@given(ANY_TEXT)
def test_any_text_has_features(text: str) -> None:
    words = tokens(fold(text))
    found = blocks(words, stems_of("en").all(words), "en")
    assert all(keys.dtype == np.uint64 for keys in found)
    assert bool(len(found[0])) == bool(words)


@given(st.text(max_size=20))
def test_features_dont_depend_on_composition(text: str) -> None:
    composed, decomposed = (features(unicodedata.normalize(form, text)) for form in ("NFC", "NFD"))
    assert all(np.array_equal(one, other) for one, other in zip(composed, decomposed, strict=True))
