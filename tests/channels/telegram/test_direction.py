from __future__ import annotations

import pytest

from bot.channels.telegram.direction import isolate, mark


@pytest.mark.parametrize(
    ("line", "marked"),
    [
        ("مرحبا", "مرحبا"),
        ("- مرحبا", "- مرحبا"),
        ("112 مرحبا", "112 مرحبا"),
        ("UNHCR تساعدك", "\u200fUNHCR تساعدك"),
        ("+41 22 730", "\u200f+41 22 730"),
        ("שלום Anna", "שלום Anna"),
        ("", ""),
        ("  ", "  "),
    ],
)
def test_a_line_that_would_run_the_wrong_way_is_marked(line: str, marked: str) -> None:
    assert mark(line) == marked


@pytest.mark.parametrize(
    ("text", "isolated"),
    [
        ("مرحبا", "مرحبا"),
        ("اتصل على 112 الآن", "اتصل على [112] الآن"),
        ("هاتف +41 22 730 (0) 55.", "هاتف [+41 22 730 (0) 55]."),
        ("هاتف (022) 730 55", "هاتف [(022) 730 55]"),
        ("انظر https://a.org/x/?y=1&z=2/ الآن", "انظر [https://a.org/x/?y=1&z=2/] الآن"),
        ("من UN Refugee Agency (UNHCR) هنا", "من [UN Refugee Agency (UNHCR)] هنا"),
        ("(UNHCR) هنا", "(" + "[UNHCR]" + ") هنا"),
        ("50% من", "[50%] من"),
        ("أ UN ب IOM ج", "أ [UN] ب [IOM] ج"),
        ("UN\nIOM", "[UN]\n[IOM]"),
        ("تلفون ۰۲۱ ۱۲۳", "تلفون [۰۲۱ ۱۲۳]"),
        ("סעיף 5(ב) של CERD", "סעיף [5](ב) של [CERD]"),
    ],
)
def test_what_runs_from_left_to_right_is_isolated(text: str, isolated: str) -> None:
    assert isolate(text) == isolated.replace("[", "\u2068").replace("]", "\u2069")


def test_a_text_with_isolates_of_its_own_is_left_alone() -> None:
    text = "اتصل \u2066+41 22\u2069 أو 112"
    assert isolate(text) == text
