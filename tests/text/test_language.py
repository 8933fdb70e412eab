from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Mapping

import pytest

from bot.text.language import Guess, guess_language, normalised_hint
from bot.text.scripts import Script

KNOWN = {
    "en": "my boss keeps passport the visa no i was here",
    "es": "mi jefe tiene pasaporte la visa no yo estaba aqui",
    "pt": "meu chefe tem passaporte a visa no eu estava aqui",
    "ru": "мои начальник забрал паспорт виза",
    "uk": "міи начальник забрав паспорт віза",
    "ar": "جواز سفري مع المدير",
}
VOCABULARIES = {lang: frozenset(words.split()) for lang, words in KNOWN.items()}
SCRIPTS: Mapping[str, frozenset[Script]] = {
    "en": frozenset({"latin"}),
    "es": frozenset({"latin"}),
    "pt": frozenset({"latin"}),
    "ru": frozenset({"cyrillic"}),
    "uk": frozenset({"cyrillic"}),
    "ar": frozenset({"arabic"}),
}


def guess(
    text: str, *, preferred: str | None = None, hint: str | None = None, among: str = "en es pt ru uk ar"
) -> Guess:
    vocabularies = {lang: VOCABULARIES[lang] for lang in among.split()}
    return guess_language(text.split(), vocabularies, scripts=SCRIPTS, preferred=preferred, hint=hint)


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("my boss keeps my passport", "en"),
        ("mi jefe tiene mi pasaporte", "es"),
        ("начальник забрал паспорт", "ru"),
        ("начальник забрав паспорт", "uk"),
    ],
)
def test_known_words_settle_the_language(text: str, lang: str) -> None:
    found = guess(text)
    assert found.ranked[0] == lang
    assert set(found.ranked) == set(VOCABULARIES)


def test_words_alone_are_clear_whatever_was_chosen_or_hinted() -> None:
    assert guess("mi jefe tiene mi pasaporte", preferred="en", hint="en") == guess("mi jefe tiene mi pasaporte")
    assert guess("mi jefe tiene mi pasaporte").clear


def test_a_script_that_one_language_has_settles_it_without_any_known_word() -> None:
    found = guess("ساعدوني ارجوكم", preferred="en", hint="es")
    assert (found.ranked[0], found.clear) == ("ar", True)


def test_a_script_that_two_languages_share_settles_only_between_others() -> None:
    found = guess("помогите пожалуиста", hint="uk", preferred="en")
    assert found.ranked[:2] == ("uk", "ru")
    assert not found.clear


def test_a_script_beats_words_of_another() -> None:
    assert guess("паспорт").ranked[0] in ("ru", "uk")


def test_where_words_dont_tell_the_persons_choice_does_then_the_hint_then_the_order() -> None:
    assert guess("visa", preferred="pt", hint="es").ranked[0] == "pt"
    assert guess("visa", hint="es").ranked[0] == "es"
    assert guess("visa").ranked[0] == "en"
    assert not guess("visa", preferred="pt").clear


def test_a_near_tie_is_settled_by_choice_and_hint() -> None:
    text = "visa no aqui " + "visa no " * 5  # es and pt know all 13 words, en 12
    assert guess(text, preferred="en").ranked[0] == "en"
    assert guess(text, hint="pt").ranked[0] == "pt"


def test_a_near_tie_is_the_same_wherever_it_lies() -> None:
    near = "aqui " + "no " * 10  # 11 of the words known against 10
    for unknown in range(12):
        text = near + "xyz " * unknown
        assert guess(text, preferred="en", among="en es").ranked[0] == "en", unknown


def test_more_than_a_near_tie_is_not_settled_by_choice() -> None:
    text = "mi jefe tiene visa no xyz"  # es knows 5 of 6, en 2
    assert guess(text, preferred="en", hint="en", among="en es").ranked[0] == "es"


def test_too_few_known_words_are_not_clear() -> None:
    found = guess("jefe xyz abc", among="en es")
    assert found.ranked[0] == "es"
    assert not found.clear


def test_nothing_written_in_letters_is_never_clear() -> None:
    for text in ("", "12 34", "👍"):
        found = guess(text, hint="es")
        assert (found.ranked[0], found.clear) == ("es", False)


def test_one_language_alone_is_not_clear_by_its_script() -> None:
    assert not guess("hello there", among="en").clear
    assert guess("my passport", among="en").clear


def test_no_languages_at_all() -> None:
    assert guess_language(["visa"], {}, scripts={}) == Guess((), clear=False)


def test_a_language_without_known_scripts_comes_last_but_is_there() -> None:
    found = guess_language(["visa"], {"xx": frozenset({"visa"}), "en": VOCABULARIES["en"]}, scripts=SCRIPTS)
    assert found.ranked == ("en", "xx")


def test_the_first_script_of_a_tie_counts_in_every_process() -> None:
    code = (
        "from tests.text.test_language import guess\n"
        "print(guess('visa виза').ranked[0], guess('паспорт passport').ranked[0])"
    )
    seen = {
        subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(sys.path)},
        ).stdout
        for seed in (1, 2, 3, 4)
    }
    assert seen == {"en ru\n"}


@pytest.mark.parametrize(
    ("hint", "lang"),
    [
        ("es", "es"),
        ("ES", "es"),
        ("es-419", "es"),
        ("pt_BR", "pt-br"),
        ("pt-PT", None),
        ("zh-Hant-TW", "zh"),
        ("de", None),
        ("", None),
        (None, None),
        ("-", None),
        ("español", None),
    ],
)
def test_hints_are_language_tags_of_any_kind(hint: str | None, lang: str | None) -> None:
    assert normalised_hint(hint, ["en", "es", "pt-br", "zh"]) == lang
