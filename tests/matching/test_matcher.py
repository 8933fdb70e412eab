from __future__ import annotations

import pytest
from hypothesis import given

from bot.kb.knowledge import Knowledge
from bot.matching.build import build
from bot.matching.corpus import corpora
from bot.matching.matcher import Match, Matcher
from bot.matching.model import LanguageModel
from bot.text.normalise import excerpt, fold
from bot.text.tokens import tokens
from tests.matching.small import MIGRATION, corpus, entry, knowledge, urgent, wording
from tests.text.unicode_text import ANY_TEXT

SPANISH = {
    "passport-kept": (
        "mi jefe tiene mi pasaporte",
        "el patrón no me devuelve el pasaporte",
        "la empresa guarda mis documentos",
        "me quitaron el pasaporte en el trabajo",
        "quiero recuperar mi pasaporte",
        "la agencia se quedó con mi pasaporte",
    ),
    "school": (
        "mis hijos pueden ir a la escuela sin papeles",
        "la escuela no acepta a mi hijo",
        "cómo inscribo a mi hija en el colegio",
        "quiero que mis niños estudien",
        "hace falta permiso para la escuela",
        "es gratis la escuela",
    ),
}
ARABIC = {
    "passport-kept": ("صاحب العمل أخذ جواز سفري", "جواز سفري مع المدير", "أريد جواز سفري"),
    "school": ("هل يستطيع أولادي الذهاب إلى المدرسة", "المدرسة ترفض ابني", "تسجيل ابنتي في المدرسة"),
}


def base() -> Knowledge:
    entries = [
        entry(
            name,
            wording("en", asks=asks, title=asks[0]),
            *([wording("es", asks=SPANISH[name], title=SPANISH[name][0])] if name in SPANISH else []),
            *([wording("ar", asks=ARABIC[name], title=ARABIC[name][0])] if name in ARABIC else []),
        )
        for name, asks in MIGRATION.items()
    ]
    danger = entry(
        "at-sea",
        wording("en", asks=["our boat is sinking"], signals=[["boat", "sinking"]], not_when=[["years", "ago"]]),
        wording("es", asks=["el barco se hunde"], signals=[["barco", "hunde"]]),
        urgent=True,
    )
    return knowledge(*entries, danger)


@pytest.fixture(scope="module")
def matcher() -> Matcher:
    return Matcher(base(), {lang: build(one) for lang, one in corpora(base()).items()})


def first(match: Match) -> str | None:
    return match.candidates[0].entry if match.candidates else None


# Candidates and their evidence


def test_candidates_come_with_evidence(matcher: Matcher) -> None:
    match = matcher.match("My boss keeps the passport!")
    top = match.candidates[0]
    assert (match.lang, top.entry, top.phrasing) == ("en", "passport-kept", "my boss keeps my passport")
    assert {"boss", "keeps", "passport"} <= set(top.words)
    assert 0.8 < top.explained <= 1.0
    assert match.thresholds == matcher.models["en"].thresholds
    assert not match.empty


def test_candidates_are_ranked_and_different(matcher: Matcher) -> None:
    candidates = matcher.match("can i get my salary or my passport from the boss").candidates
    assert {candidates[0].entry, candidates[1].entry} == {"wages-unpaid", "passport-kept"}
    assert len({one.entry for one in candidates}) == len(candidates) <= 5
    sure = [one.confidence for one in candidates]
    assert sure == sorted(sure, reverse=True)
    assert all(0 <= value <= 1 for value in sure)
    assert all(0 <= one.explained <= 1 for one in candidates)


def test_words_are_shown_as_understood_each_once(matcher: Matcher) -> None:
    match = matcher.match("pasport pasport passport BOSS")
    assert match.candidates[0].words == ("passport", "boss")


def test_typing_mistakes_are_mended_and_reported(matcher: Matcher) -> None:
    match = matcher.match("lanlord says no forigners")
    assert first(match) == "housing-refused"
    assert match.corrected == {"lanlord": "landlord", "forigners": "foreigners"}


def test_what_is_right_is_not_corrected(matcher: Matcher) -> None:
    assert matcher.match("landlord says no foreigners").corrected == {}


def test_the_same_message_gives_the_same_match(matcher: Matcher) -> None:
    assert matcher.match("boss does not pay") == matcher.match("boss does not pay")


def test_a_phrasing_that_a_moderator_added_comes_first(matcher: Matcher) -> None:
    taught = {**MIGRATION, "school": (*MIGRATION["school"], "boss passport")}
    assert first(matcher.match("boss passport")) == "passport-kept"
    assert first(Matcher(knowledge(), {"en": build(corpus(taught))}).match("Boss, passport?")) == "school"


def test_a_phrasing_of_two_entries_is_no_reason_to_prefer_one() -> None:
    shared = {**MIGRATION, "school": (*MIGRATION["school"], "boss passport"), "visa-expired": ("boss passport",)}
    match = Matcher(knowledge(), {"en": build(corpus(shared))}).match("boss passport")
    assert match.candidates[0].confidence < 0.9


def test_the_entry_with_the_exact_words_is_a_candidate_among_very_many() -> None:
    crowd = {f"crowd-{at}": [f"visa passport number {at}", f"visa passport question {at}"] for at in range(40)}
    model = build(corpus({**crowd, "taught": ["what about my visa and the passport", "visa passport"]}))
    assert first(Matcher(knowledge(), {"en": model}).match("visa passport")) == "taught"


def test_a_single_word_of_several_entries_is_vague(matcher: Matcher) -> None:
    assert matcher.match("salary").vague is False
    assert matcher.match("my visa").vague is False
    crowd = {f"e-{at}": [f"visa number{at}", f"permit number{at}"] for at in range(4)}
    assert Matcher(knowledge(), {"en": build(corpus(crowd))}).match("visa").vague is True


# Nothing to go by


@pytest.mark.parametrize("text", ["xqzk wvvj brtz", "asdf jkl", "lorem ipsum dolor sit", "旅行", "🙂🙂"])
def test_gibberish_is_not_trusted(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert not match.candidates or match.candidates[0].confidence < match.thresholds.answer
    assert not match.empty


@pytest.mark.parametrize("text", ["", " ", "\n", "...", "?!", "\u200b\u202e", "\ud800", "\x00", "—", "_"])
def test_a_message_without_words_is_empty(matcher: Matcher, text: str) -> None:
    match = matcher.match(text, preferred="es", hint="en")
    assert match.empty
    assert match.candidates == ()
    assert match.guess.ranked


def test_a_message_of_unknown_letters_has_no_candidates_but_is_not_empty(matcher: Matcher) -> None:
    match = matcher.match("ሰላም")
    assert match.candidates == ()
    assert not match.empty


def test_no_models_at_all_still_raise_the_alarm() -> None:
    match = Matcher(base(), {}).match("our boat is sinking")
    assert match.candidates == ()
    assert [alarm.entry for alarm in match.alarms.now] == ["at-sea"]


# Danger and languages


def test_alarms_are_raised_before_and_beside_matching(matcher: Matcher) -> None:
    match = matcher.match("my boss keeps my passport and our boat is sinking")
    assert [alarm.entry for alarm in match.alarms.now] == ["at-sea"]
    assert matcher.match("years ago our boat was sinking").alarms.withheld == ("at-sea",)


def test_alarms_of_every_language_are_heard_whatever_the_person_chose(matcher: Matcher) -> None:
    for text in ("help my barco se hunde please", "EL BARCO SE HUNDE"):
        match = matcher.match(text, preferred="ar", hint="en")
        assert [(alarm.entry, alarm.lang) for alarm in match.alarms.now] == [("at-sea", "es")]


def test_an_alarm_of_now_in_one_language_is_not_withheld_by_another() -> None:
    both = entry(
        "fire",
        wording("en", signals=[["fire"]], not_when=[["no"]]),
        wording("es", signals=[["fire"]]),
        urgent=True,
    )
    match = Matcher(knowledge(both), {}).match("no fire")
    assert [alarm.entry for alarm in match.alarms.now] == ["fire"]
    assert match.alarms.withheld == ()


def test_the_most_urgent_of_all_languages_comes_first() -> None:
    more = knowledge(
        urgent("one", [["fire"]]), urgent("two", [["fuego"], ["ayuda"]], lang="es"), urgent("three", [["sos"]])
    )
    match = Matcher(more, {}).match("sos fire fuego ayuda")
    assert [alarm.entry for alarm in match.alarms.now] == ["two", "three", "one"]


@pytest.mark.parametrize(
    ("text", "lang", "found"),
    [
        ("mi jefe no me devuelve mi pasaporte", "es", "passport-kept"),
        ("la escuela no quiere a mis hijos", "es", "school"),
        ("جواز سفري عند المدير", "ar", "passport-kept"),
        ("المَدْرَسَة تَرْفُض ابني", "ar", "school"),
        ("employer took my passport", "en", "passport-kept"),
    ],
)
def test_a_message_is_matched_in_its_own_language(matcher: Matcher, text: str, lang: str, found: str) -> None:
    for preferred in (None, "en", "es", "ar"):
        match = matcher.match(text, preferred=preferred)
        assert (match.lang, first(match)) == (lang, found)


def test_a_message_of_two_scripts_is_matched(matcher: Matcher) -> None:
    assert first(matcher.match("boss passport جواز سفري keeps my passport")) == "passport-kept"
    assert first(matcher.match("passport護照 boss老闆 my boss keeps it")) == "passport-kept"
    assert first(matcher.match("mу bоss kеeрs my pаssport")) == "passport-kept"  # Cyrillic look-alikes


# Anything at all


@given(ANY_TEXT)
def test_no_text_is_too_strange(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert match.empty == (not tokens(fold(text)))
    assert all(0 <= one.confidence <= 1 for one in match.candidates)


@pytest.mark.parametrize(
    "text",
    [
        "🙂" * 4096,
        "x" * 4096,
        "ab" * 2048,
        "\u0301" * 4096,
        "护" * 4096,
        "ก" * 4096,
        "ﷺ" * 4096,
        "my passport " * 9000,
        "a " * 50_000,
        "".join(f"w{at} " for at in range(20_000)),
        "\n" * 100_000,
        "(((((" * 20_000,
        "boat sinking " * 8000,
    ],
    ids=lambda text: f"{text[:4]!a} {len(text)}",
)
def test_long_messages_are_matched(matcher: Matcher, text: str) -> None:
    match = matcher.match(text)
    assert match.empty == (not tokens(fold(excerpt(text))))


def test_the_question_at_the_end_of_a_long_message_is_read(matcher: Matcher) -> None:
    story = "so this is how it was and then more things were there " * 2000
    assert first(matcher.match(f"{story}. {'my boss keeps my passport. ' * 60}")) == "passport-kept"
    assert [alarm.entry for alarm in matcher.match(f"{story} our boat is sinking").alarms.now] == ["at-sea"]
    assert [alarm.entry for alarm in matcher.match("护" * 9000 + " our boat is sinking").alarms.now] == ["at-sea"]


def test_an_entry_without_any_phrasing_is_never_a_candidate() -> None:
    model: LanguageModel = build(corpus({**MIGRATION, "zz-silent": ["..."], "aa-silent": []}))
    matcher = Matcher(knowledge(), {"en": model})
    for text in ("my boss", "nothing of this", "visa"):
        assert not {"zz-silent", "aa-silent"} & {one.entry for one in matcher.match(text).candidates}
