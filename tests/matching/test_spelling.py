from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rapidfuzz.distance import OSA

from bot.matching import spelling
from bot.matching.spelling import Speller
from bot.text.stems import stems_of

WORDS = {
    "landlord": 9,
    "foreigners": 7,
    "passport": 20,
    "deported": 5,
    "deporting": 2,
    "visa": 30,
    "boss": 8,
    "loss": 2,
    "rent": 6,
    "wages": 3,
    "work": 10,
    "word": 1,
    "हिन्दी": 2,
    "डिपोर्ट": 3,
    "हमला": 2,
    "паспорт": 4,
    "2024": 1,
}


def speller(never: tuple[tuple[str, str], ...] = ()) -> Speller:
    return Speller(WORDS, never, stems_of("en").stem)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("lanlord", "landlord"),  # a letter forgotten
        ("landdlord", "landlord"),  # one too many
        ("landlard", "landlord"),  # a wrong one
        ("landlrod", "landlord"),  # two exchanged: one mistake
        ("lnadlrod", "landlord"),  # two mistakes in a long word
        ("forigner", "foreigners"),
        ("viza", "visa"),
        ("vias", "visa"),  # an exchange in a word of four letters
        ("vsia", "visa"),
        ("pasaport", "passport"),
        ("पासपोर्ट", "पासपोर्ट"),
        ("डिपोरट", "डिपोर्ट"),  # a sign forgotten, in a script whose vowels are marks
        ("паспрт", "паспорт"),
    ],
)
def test_typing_mistakes_are_mended(typed: str, meant: str) -> None:
    assert speller().correct(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "vis",  # too short
        "vzsc",  # two mistakes in a short word
        "lmndlmrm",  # three in a long one
        "rants",  # two mistakes
        "2023",  # a number is no word
        "visa2",
        "👍",
        "xyzzyxyz",
    ],
)
def test_words_that_are_near_to_nothing_stay(typed: str) -> None:
    assert speller().correct(typed) == typed


def test_known_words_are_never_touched() -> None:
    assert all(speller().correct(word) == word for word in WORDS)
    assert "loss" in speller()
    assert "losss" not in speller()


def test_a_shorter_known_word_can_be_meant() -> None:
    assert Speller({"bus": 1}).correct("buss") == "bus"


def test_of_two_near_words_the_nearer_then_the_one_that_begins_alike_then_the_commoner_is_meant() -> None:
    assert speller().correct("bosss") == "boss"
    assert speller().correct("woro") == "work"  # work is commoner than word
    assert Speller({"ride": 9, "tide": 1}).correct("tidde") == "tide"


def test_the_commonest_of_many_equally_near_words_is_meant() -> None:
    crowd = {f"{letter}isax": 1 for letter in "abcdefghijklmnopqrstu"}
    assert Speller({**crowd, "wisax": 50}).correct("zisax") == "wisax"


def test_words_of_a_never_pair_are_never_taken_for_each_other() -> None:
    assert speller().correct("reported") == "deported"
    careful = speller(never=(("deported", "reported"),))
    assert careful.correct("reported") == "reported"
    assert careful.correct("depotred") == "deported"


def test_a_never_pair_holds_in_both_directions_for_every_ending_and_way_of_typing() -> None:
    careful = speller(never=(("REPORTED", "Deported"),))
    assert careful.correct("reporting") == "reporting"
    assert careful.correct("reports") == "reports"
    assert Speller({"reported": 1}, (("Reported", "deported"),)).correct("deported") == "deported"


def test_a_never_word_may_still_be_taken_for_a_third() -> None:
    careful = Speller({"deported": 1, "reporter": 1}, (("deported", "reported"),))
    assert careful.correct("reported") == "reporter"


def test_mending_says_what_was_changed() -> None:
    words, changed = speller().mend(["lanlord", "dont", "rent", "lanlord"])
    assert words == ["landlord", "dont", "rent", "landlord"]
    assert changed == {"lanlord": "landlord"}
    assert speller().mend([]) == ([], {})


def test_an_empty_vocabulary_mends_nothing() -> None:
    assert Speller({}).mend(["anything"]) == (["anything"], {})


def test_a_word_is_looked_up_once_until_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    looked_up = []
    original = Speller._nearest

    def counted(self: Speller, word: str) -> str:
        looked_up.append(word)
        return original(self, word)

    monkeypatch.setattr(Speller, "_nearest", counted)
    one = speller()
    assert [one.correct("lanlord") for _ in range(3)] == ["landlord"] * 3
    assert looked_up == ["lanlord"]
    one.forget()
    assert one.correct("lanlord") == "landlord"
    assert looked_up == ["lanlord"] * 2


def test_the_memory_stays_small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(spelling, "_MEMORY", 10)
    one = speller()
    for at in range(100):
        one.correct("abcd" + chr(97 + at % 26) * (1 + at // 26))
        assert len(one._memory) <= 10


@given(st.text(min_size=1, max_size=20) | st.sampled_from([*WORDS]).flatmap(lambda word: st.text(word, min_size=1)))
def test_only_near_known_words_are_put_in_place_of_others(word: str) -> None:
    meant = speller().correct(word)
    if meant != word:
        assert meant in WORDS
        assert OSA.distance(word, meant) <= (2 if len(word) >= 8 else 1)


RUNS = {
    "can": 30,
    "i": 60,
    "be": 20,
    "deported": 1,
    "boss": 9,
    "took": 5,
    "my": 50,
    "passport": 4,
    "to": 40,
    "die": 3,
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("canibedeported", "can i be deported"),
        ("bosstookmypassport", "boss took my passport"),
        ("canibefree", "canibefree"),
        ("tobe", "tobe"),
    ],
)
def test_words_run_together_are_cut_apart_where_every_part_is_known(typed: str, meant: str) -> None:
    assert Speller(RUNS).correct(typed) == meant


def test_what_was_cut_apart_goes_on_as_several_words() -> None:
    assert Speller(RUNS).mend(["canibedeported", "boss"]) == (
        ["can", "i", "be", "deported", "boss"],
        {"canibedeported": "can i be deported"},
    )


def test_a_run_is_not_cut_at_rare_scraps() -> None:
    assert Speller({"an": 1, "xi": 1, "ous": 1, "anxieties": 1}).correct("anxious") == "anxious"


def test_digits_for_letters_are_read_but_numbers_stay() -> None:
    speller = Speller({"deport": 3, "letter": 2, "boi": 1})
    assert speller.mend(["d3p0rt", "l3tter", "801", "3"])[0] == ["deport", "letter", "801", "3"]


def test_an_unknown_word_is_read_as_the_known_one_that_means_the_same() -> None:
    speller = Speller({"boss": 5, "employer": 2}, same=[("boss", "employer", "chief"), ("flat", "apartment")])
    assert speller.correct("chief") == "boss", "the commoner one"
    assert speller.correct("employer") == "employer", "known words stay"
    assert speller.correct("flat") == "flat", "neither is known"


@given(st.text(alphabet="abcdei", max_size=70))
def test_cutting_apart_keeps_every_letter(word: str) -> None:
    assert Speller(RUNS)._apart(word).replace(" ", "") == word
