"""What a button holds: written into a callback of at most 64 bytes, read back, and never trusted."""

from __future__ import annotations

from typing import get_args

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.answering.reply import Action, ActionName, Button, in_language

NAMES = get_args(ActionName)
ACTIONS = st.builds(
    Action,
    st.sampled_from(NAMES),
    st.text("abcdefghijklmnopqrstuvwxyz0123456789-_", max_size=40),
    st.integers(0, 999),
    st.sampled_from(["", "en", "es", "ckb"]),
)


@given(ACTIONS)
def test_what_is_written_is_read_back(action: Action) -> None:
    assert Action.decode(action.encode()) == action


@given(ACTIONS)
@example(Action("language", "x" * 40, 999, "ckb"))
def test_it_fits_into_telegrams_64_bytes(action: Action) -> None:
    assert len(action.encode().encode()) <= 64


@given(st.text())
def test_reading_never_raises(data: str) -> None:
    Action.decode(data)


@given(st.text("entrytopicslanguagenone:0123456789abc", max_size=70))
def test_reading_what_looks_alike_never_raises(data: str) -> None:
    action = Action.decode(data)
    assert action is None or action.name in NAMES


def test_buttons_of_messages_sent_before_languages_were_in_them_still_work() -> None:
    assert Action.decode("entry:housing-refused:0") == Action("entry", "housing-refused")


@pytest.mark.parametrize(
    "data",
    [
        "",
        "entry",
        "entry:housing",
        "entry:housing:",
        "entry:housing:-1",
        "entry:housing:1000",
        "entry:housing:0\n",
        "entry:housing:٣",
        "entry:housing:0:",
        "entry:housing:0:EN",
        "entry:housing:0:en:0",
        "delete:everything:0",
        "entry:hous ing:0",
        "entry:hous:ing:0",
        "entry:" + "x" * 65 + ":0",
    ],
)
def test_what_is_not_ours_is_nothing(data: str) -> None:
    assert Action.decode(data) is None


@pytest.mark.parametrize("name", ["weather/find", "CALL_CENTER", "x" * 64])
def test_ids_of_folders_for_measuring_are_read_back_too(name: str) -> None:
    action = Action("entry", name, 0, "en")
    assert Action.decode(action.encode()) == action


def test_buttons_are_marked_with_their_language() -> None:
    assert in_language([Button("Más", Action("topics", page=1))], "es") == (
        Button("Más", Action("topics", page=1, lang="es")),
    )
