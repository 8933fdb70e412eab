"""The bot's own sentences: which language, and what is filled in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.sentences import Sentences

CATALOGUES = {
    "en": {"greet": "Hello {name}", "twice": "{name} and {name}", "none": "None of these"},
    "es": {"greet": "Hola {name}", "none": ""},
}


@pytest.fixture
def sentences() -> Sentences:
    return Sentences(CATALOGUES)


def test_the_sentence_is_in_the_language_asked_for(sentences: Sentences) -> None:
    assert sentences.say("greet", "es", name="Ana") == "Hola Ana"


@pytest.mark.parametrize(("key", "lang"), [("twice", "es"), ("none", "es"), ("none", "xx")])
def test_a_missing_or_empty_sentence_falls_back_to_the_source_language(
    sentences: Sentences, key: str, lang: str
) -> None:
    assert sentences.say(key, lang) == CATALOGUES["en"][key]


def test_the_source_language_may_be_another() -> None:
    assert Sentences(CATALOGUES, "es").say("greet", "fr", name="Ana") == "Hola Ana"


def test_a_key_that_nobody_wrote_is_said_itself(sentences: Sentences) -> None:
    assert sentences.say("no.such", "en") == "no.such"


def test_every_place_is_filled_once(sentences: Sentences) -> None:
    assert sentences.say("twice", "en", name="{name}{other}") == "{name}{other} and {name}{other}"


def test_a_place_without_a_value_stays(sentences: Sentences) -> None:
    assert sentences.say("greet", "en", other="x") == "Hello {name}"


@given(st.text())
def test_values_are_inserted_as_they_are(value: str) -> None:
    assert Sentences(CATALOGUES).say("greet", "en", name=value) == f"Hello {value}"
