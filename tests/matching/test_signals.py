from __future__ import annotations

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.kb.knowledge import Entry, Knowledge
from bot.matching.signals import WITHIN, Alarms, SignalEngine
from bot.text.normalise import fold
from tests.matching.small import entry, knowledge, urgent, wording
from tests.text.unicode_text import ANY_TEXT

SEA = urgent(
    "at-sea",
    signals=[["boat", "sinking"], ["sos"], ["water", "coming", "in"]],
    not_when=[["years", "ago"], ["in", "the", "news"], ["what", "is", "trafficking"]],
)
LOCKED = urgent("locked-in", signals=[["locked", "cannot", "leave"], ["locked", "room"], ["kidnapped"]])
BASE = knowledge(SEA, LOCKED, never={"en": [("sinking", "singing")]})


def find(text: str, base: Knowledge = BASE, lang: str = "en") -> Alarms:
    return SignalEngine(lang, base).find(fold(text))


def now(text: str, base: Knowledge = BASE, lang: str = "en") -> list[str]:
    return [alarm.entry for alarm in find(text, base, lang).now]


def group(*words: str, not_when: tuple[tuple[str, ...], ...] = (), lang: str = "en") -> Knowledge:
    """A knowledge base with one group of danger words."""
    return knowledge(urgent("danger", [words], not_when, lang))


@pytest.mark.parametrize(
    "text",
    [
        "our boat is sinking",
        "the boat is sinking!!! 40 people",
        "SINKING our BOAT",
        "boat. sinking. help",
        "boats sink",  # other endings
        "boat is sinkin help",  # typing mistakes
        "boat siinking",
        "b\u200boat is s\u00adinking",
        "ｂｏａｔ ｓｉｎｋｉｎｇ",
        "we are 30 people on a boat\nit is sinking",
        "S.O.S? no: sos",
        "sos",
    ],
)
def test_danger_is_found_however_it_is_typed(text: str) -> None:
    assert now(text) == ["at-sea"]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "...",
        "my boat",
        "the ship sank",
        "boat singing",  # a pair that must never be confused
        "beat sinking",  # short words are taken as they are
        "goat sinking",
        "locked leave",  # a word of the group is missing
        "can not leave the room",
    ],
)
def test_what_is_no_danger_raises_nothing(text: str) -> None:
    assert find(text) == Alarms()


@pytest.mark.parametrize("text", ["I am locked and cannot leave", "my sister is locked in a house, she cannot leave"])
def test_another_persons_danger_is_danger(text: str) -> None:
    assert now(text) == ["locked-in"]


# Reach: eight words from the first to the last


@pytest.mark.parametrize(("between", "found"), [(0, True), (6, True), (7, False), (30, False)])
def test_a_group_lies_within_eight_words(between: int, found: bool) -> None:
    assert WITHIN == 8
    for words in (["boat", "sinking"], ["sinking", "boat"]):
        assert bool(now(" ".join([words[0], *["and"] * between, words[1]]))) is found


def test_a_group_may_cross_sentences_within_reach() -> None:
    assert now("we are on a boat. it is sinking") == ["at-sea"]
    assert now("I am locked. I cannot. leave") == ["locked-in"]


ALPHABET = ["alpha", "bravo", "charlie", "other"]


@given(
    st.lists(st.sampled_from(ALPHABET), max_size=24), st.lists(st.sampled_from(ALPHABET[:3]), min_size=1, max_size=3)
)
def test_a_group_is_found_just_when_its_words_stand_within_reach_each_on_its_own(
    words: list[str], wanted: list[str]
) -> None:
    places = [[at for at, word in enumerate(words) if word == one] for one in wanted]
    possible = any(
        len(set(chosen)) == len(chosen) and max(chosen) - min(chosen) < WITHIN for chosen in product(*places)
    )
    assert bool(now(" ".join(words), group(*wanted))) == possible


@given(st.permutations(["locked", "cannot", "leave", "please", "help"]))
def test_words_may_come_in_any_order(words: list[str]) -> None:
    assert now(" ".join(words)) == ["locked-in"]


def test_a_word_said_twice_must_be_there_twice() -> None:
    base = group("help", "help")
    assert now("help me", base) == []
    assert now("help me, helping!", base) == ["danger"]


# Typing mistakes


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("kidnapped", True),
        ("kidnaped", True),
        ("kidnappde", True),
        ("kidmapped", True),
        ("kidmappde", True),  # two mistakes in a long word
        ("kidnpd", False),  # three
        ("gidnapped", False),  # the first letter is right
        ("kidnap", True),  # the stem
        ("kidnapping", True),
    ],
)
def test_typing_mistakes_in_danger_words(typed: str, found: bool) -> None:
    assert bool(now(typed)) is found


def test_never_pairs_hold_for_every_ending() -> None:
    base = knowledge(urgent("deported", [["deported", "today"]]), never={"en": [("Deported", "departed")]})
    assert now("i get deported today", base) == ["deported"]
    assert now("i departed today", base) == []
    assert now("departs today", base) == []
    assert now("deporting today", base) == ["deported"]


def test_words_written_with_marks_are_found_with_mistakes_too() -> None:
    base = group("डूबना", "नाव", lang="hi")
    assert now("हमारी नाव डूबना", base, "hi") == ["danger"]
    assert now("हमारी नाव डुबना", base, "hi") == ["danger"]


# What cancels


@pytest.mark.parametrize(
    "text",
    [
        "years ago my boat was sinking",
        "my boat was sinking, that was 3 years ago",
        "YEARS AGO the boat sank, sinking boat",
        "a sinking boat was in the news",
        "what is trafficking, sos",
    ],
)
def test_the_past_and_the_news_are_withheld_and_reported(text: str) -> None:
    found = find(text)
    assert found.now == ()
    assert found.withheld == ("at-sea",)


@pytest.mark.parametrize(
    "text",
    [
        "years my boat is sinking ago",  # not neighbours
        "ago years the boat is sinking",  # not in order
        "the news in boat sinking",
        "years passed. the boat is sinking",
        "I came two years ago. Now the boat is sinking",
        "the boat is sinking! I came two years ago",
        "I came years ago\nour boat is sinking",
        "two years ago a boat was sinking. Now our own boat is also slowly sinking",
        "boat sinking years ago. the boat is sinking",
        "years ago I bought a boat. It is sinking",  # one half of the find is of now
    ],
)
def test_only_its_own_sentence_is_withheld(text: str) -> None:
    found = find(text)
    assert [alarm.entry for alarm in found.now] == ["at-sea"]
    assert found.withheld == ()


def test_a_cancelled_sentence_of_one_entry_leaves_another_entry_of_now() -> None:
    found = find("years ago the boat was sinking. I am locked in a room")
    assert [alarm.entry for alarm in found.now] == ["locked-in"]
    assert found.withheld == ("at-sea",)


def test_what_cancels_is_matched_by_stem() -> None:
    assert find("a year ago the boat was sinking").withheld == ("at-sea",)


def test_groups_without_any_word_neither_cancel_nor_raise() -> None:
    odd = urgent("odd", signals=[["!!!"], ["..", "boat"], []], not_when=[["?"], []])
    base = knowledge(odd, SEA)
    assert now("hello", base) == []
    assert now("boat", base) == ["odd"]  # what is left of the group
    assert now("boat sinking", base) == ["at-sea", "odd"] or now("boat sinking", base) == ["odd", "at-sea"]


# Several entries, groups, languages


def test_alarms_come_by_number_of_groups_then_by_position() -> None:
    found = find("I am locked in a room. boat sinking, sos, water is coming in")
    assert [(alarm.entry, alarm.groups) for alarm in found.now] == [("at-sea", 3), ("locked-in", 1)]
    assert [alarm.entry for alarm in find("sos kidnapped").now] == ["at-sea", "locked-in"]
    assert [alarm.entry for alarm in find("kidnapped sos").now] == ["locked-in", "at-sea"]


def test_an_alarm_says_what_was_found_where() -> None:
    (alarm,) = find("hello, please: our boat has water coming in").now
    assert (alarm.entry, alarm.lang, alarm.words) == ("at-sea", "en", ("water", "coming", "in"))
    assert (alarm.position, alarm.groups) == (5, 1)


def test_only_urgent_entries_raise_alarms() -> None:
    calm = entry("calm", wording(signals=[["boat"]]))
    assert now("boat", knowledge(calm)) == []


def two_languages() -> Entry:
    return entry(
        "at-sea",
        wording("en", signals=[["boat", "sinking"]], not_when=[["years", "ago"]]),
        wording("es", signals=[["barco", "hunde"]], not_when=[["hace", "años"]]),
        urgent=True,
    )


def test_each_language_has_its_own_signals() -> None:
    base = knowledge(two_languages())
    assert now("el barco se hunde", base, "es") == ["at-sea"]
    assert now("EL BARCO SE ESTÁ HUNDIENDO, hundió", base, "es") == ["at-sea"]
    assert now("el barco se hunde", base, "en") == []
    assert find("hace anos el barco se hunde", base, "es").withheld == ("at-sea",)
    assert now("boat sinking", base, "fr") == []


@pytest.mark.parametrize(
    ("lang", "words", "text"),
    [
        ("zh", ("船", "沉没"), "我们的船正在慢慢地沉没"),
        ("zh", ("被锁", "不能离开"), "我被锁在房间里面了不能离开"),
        ("ja", ("船", "沈む"), "私たちの船が沈む"),
        ("th", ("เรือ", "จม"), "ช่วยด้วยเรือกำลังจม"),
        ("my", ("လှေ", "မြုပ်"), "ကျွန်တော်တို့လှေမြုပ်နေပြီ"),
        ("km", ("ទូក", "លិច"), "ជួយផងទូករបស់យើងកំពុងលិច"),
        ("ko", ("배가", "가라앉아요"), "배가 가라앉아요"),
        ("ar", ("القارب", "يغرق"), "القَارِب يَغْرَق"),
        ("ru", ("лодка", "тонет"), "наша лодка тонет"),
    ],
)
def test_danger_in_scripts_with_and_without_spaces(lang: str, words: tuple[str, ...], text: str) -> None:
    assert now(text, group(*words, lang=lang), lang) == ["danger"]


def test_a_word_of_several_letters_stands_whole_and_in_order() -> None:
    base = group("沉没", lang="zh")
    assert now("船沉没了", base, "zh") == ["danger"]
    assert now("船没沉", base, "zh") == []  # the boat did not sink
    assert now("沉船没有", base, "zh") == []


def test_two_letters_of_a_script_without_spaces_count_as_one_word() -> None:
    base = group("船", "沉", lang="zh")
    assert now("船" + "的了" * 7 + "沉", base, "zh") == ["danger"]
    assert now("船" + "的了" * 7 + "的" + "沉", base, "zh") == []


def test_what_cancels_may_be_words_of_several_letters() -> None:
    base = group("船", "沉没", not_when=(("去年",),), lang="zh")
    assert find("去年我们的船沉没了", base, "zh").withheld == ("danger",)
    assert now("去年我来了。我们的船沉没了", base, "zh") == ["danger"]


# Anything at all


@given(ANY_TEXT)
def test_no_text_is_too_strange(text: str) -> None:
    assert find(text).withheld in ((), ("at-sea",))


@pytest.mark.parametrize(
    "text",
    [
        "boat " * 4000,
        "boat sinking " * 2000,
        "years ago boat sinking " * 1000,
        "🙂" * 4096,
        "b" * 4096,
        "船" * 4096,
        "locked leave " * 2000,
    ],
)
def test_long_messages_are_read(text: str) -> None:
    find(text)


def test_a_slash_stands_for_any_one_of_several_words() -> None:
    base = group("boat/small dinghy/raft", "sinking/water in")
    for text in ("the boat is sinking", "our small dinghy has water in it", "raft! sinking!"):
        assert now(text, base) == ["danger"]
    for text in ("the boat is fine", "a dinghy with water", "water in the kitchen"):
        assert now(text, base) == []


def test_empty_alternatives_mean_nothing() -> None:
    assert now("the boat is here", group("boat//", "/sinking/")) == []
    assert now("the boat is sinking", group("boat//", "/sinking/")) == ["danger"]


def test_words_that_a_stemmer_cuts_down_to_the_same_few_letters_are_not_one_word() -> None:
    base = group("marido", "matar", lang="es")
    assert now("mi marido me quiere matar", base, "es") == ["danger"]
    assert now("las maras quieren matar", base, "es") == []
