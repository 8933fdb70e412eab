"""The hash by which stale translations are found."""

from __future__ import annotations

import re

from bot.kb.fingerprint import fingerprint


def test_it_is_six_hex_digits_and_stays_the_same() -> None:
    assert fingerprint("A", "B", "C") == "dfeccc"
    assert re.fullmatch("[0-9a-f]{6}", fingerprint("", ""))


def test_it_does_not_see_spaces_around_or_how_letters_are_composed() -> None:
    assert fingerprint(" Café\n", "B") == fingerprint("Cafe\u0301", "B ", "")


def test_it_sees_where_a_text_stands() -> None:
    assert len({fingerprint("AB", ""), fingerprint("A", "B"), fingerprint("", "AB"), fingerprint("", "A", "B")}) == 4
