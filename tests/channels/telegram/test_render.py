from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.reply import Action, Block, BlockRole, Button
from bot.channels.telegram.render import LABEL, label, render
from bot.kb.knowledge import Link
from tests.channels.telegram.replies import reply
from tests.fake_bot_api.checks import check
from tests.fake_bot_api.markup import read_html, utf16

ROLES: tuple[BlockRole, ...] = ("urgent", "title", "body", "law", "model", "note")


def test_title_and_headings_are_bold() -> None:
    shown = render(
        reply(
            Block("title", "Can they refuse me?"),
            Block("body", "No."),
            Block("law", "CERD art. 5. Countries differ.", "What binds states"),
        )
    )
    assert shown.text == (
        "<b>Can they refuse me?</b>\n\nNo.\n\n<b>What binds states:</b> CERD art. 5. Countries differ."
    )
    assert shown.plain == "Can they refuse me?\n\nNo.\n\nWhat binds states: CERD art. 5. Countries differ."
    assert shown.keyboard is None


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Call *now*.", "Call <b>now</b>."),
        ("*One* and *two words*", "<b>One</b> and <b>two words</b>"),
        ("5 * 3 * 2", "5 * 3 * 2"),
        ("a lone * star", "a lone * star"),
        ("*no\nend*", "*no\nend*"),
        ("*a<b*", "<b>a&lt;b</b>"),
    ],
)
def test_bold_in_bodies(text: str, shown: str) -> None:
    assert render(reply(Block("body", text))).text == shown


def test_stars_of_a_person_are_no_markup() -> None:
    assert render(reply(Block("note", "Read as *help*."))).text == "Read as *help*."


def test_everything_is_escaped() -> None:
    shown = render(reply(Block("title", "<b>x</b>"), Block("note", "a & b <script>", "1 < 2")))
    assert shown.text == "<b>&lt;b&gt;x&lt;/b&gt;</b>\n\n<b>1 &lt; 2:</b> a &amp; b &lt;script&gt;"


def test_what_is_urgent_comes_first() -> None:
    shown = render(reply(Block("title", "Title"), Block("urgent", "Call 112."), Block("body", "Body")))
    assert shown.plain == "Call 112.\n\nTitle\n\nBody"


def test_links_come_first_and_each_button_has_a_row() -> None:
    shown = render(
        reply(
            links=(Link("UNHCR Help (English, opened in May 2026)", "https://help.unhcr.org/"),),
            buttons=(
                Button("My boss keeps my passport", Action("entry", "passport-kept")),
                Button("Back", Action("topics")),
            ),
        )
    )
    assert shown.keyboard is not None
    rows = [[(b.text, b.url, b.callback_data) for b in row] for row in shown.keyboard.inline_keyboard]
    assert rows == [
        [("UNHCR Help (English, opened in May 2026)", "https://help.unhcr.org/", None)],
        [("My boss keeps my passport", None, "entry:passport-kept:0")],
        [("Back", None, "topics::0")],
    ]


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("short", "short"),
        ("a\n  b", "a b"),
        ("word " * 12 + "end", "word " * 11 + "word…"),
        ("字" * 70, "字" * 59 + "…"),
        ("ที่" * 30, "ที่" * 19 + "…"),
        (
            "Handbook Germany: the guide to life in Germany for newcomers (link not opened yet)",
            "Handbook Germany: the guide to life… (link not opened yet)",
        ),
    ],
)
def test_long_labels_are_cut_at_a_word(text: str, shown: str) -> None:
    assert label(text) == shown
    assert len(label(text)) <= LABEL


def test_what_is_too_long_loses_blocks_from_the_end_but_never_the_urgent_one() -> None:
    urgent, long = Block("urgent", "u" * 3000), Block("note", "n" * 1000)
    assert (
        render(reply(Block("body", "b" * 90), long, long, urgent)).plain
        == f"{'u' * 3000}\n\n{'b' * 90}\n\n{'n' * 1000}"
    )
    assert render(reply(Block("body", "b" * 2000), urgent)).plain == "u" * 3000


def test_what_is_too_long_and_urgent_is_cut() -> None:
    shown = render(reply(Block("urgent", "*now* " + "😀" * 3000)))
    assert utf16(read_html(shown.text)[0]) in (4095, 4096)
    assert shown.plain.endswith("😀…")


def test_two_urgent_blocks_that_are_too_long_together_are_cut_in_the_second() -> None:
    shown = render(reply(Block("urgent", "a" * 4000), Block("urgent", "b" * 4000)))
    assert shown.plain == "a" * 4000 + "\n\n" + "b" * 93 + "…"


def test_half_characters_can_not_reach_the_wire() -> None:
    assert render(reply(Block("note", "a\ud83db"))).text == "a?b"


def test_right_to_left_lines_and_what_is_foreign_in_them_are_marked() -> None:
    shown = render(
        reply(
            Block("title", "حقك في السكن"),
            Block("body", "اتصل على +41 22 730 الآن.\n112 للطوارئ\nUNHCR *Help desk* تساعدك."),
            Block("law", "CERD art. 5.", "ما يلزم الدول"),
            rtl=True,
        )
    )
    assert shown.plain == (
        "حقك في السكن\n\n"
        "اتصل على \u2068+41 22 730\u2069 الآن.\n"
        "\u2068112\u2069 للطوارئ\n"
        "\u200f\u2068UNHCR\u2069 \u2068Help desk\u2069 تساعدك.\n\n"
        "ما يلزم الدول: \u2068CERD art. 5\u2069."
    )
    assert "<b>\u2068Help desk\u2069</b>" in shown.text


def test_labels_of_right_to_left_replies_are_marked() -> None:
    shown = render(reply(links=(Link("UNHCR (عربي)", "https://a.org/"),), rtl=True))
    assert shown.keyboard is not None
    assert shown.keyboard.inline_keyboard[0][0].text == "\u200fUNHCR (عربي)"


blocks = st.builds(
    Block,
    st.sampled_from(ROLES),
    st.text(min_size=1, max_size=60).map(lambda text: text * 40),
    st.text(max_size=20),
)


@given(st.lists(blocks, min_size=1, max_size=6), st.booleans())
def test_whatever_a_reply_holds_telegram_takes_it(made: list[Block], rtl: bool) -> None:
    made = [Block("title", "Title"), *made]
    shown = render(reply(*made, rtl=rtl, links=(Link(made[-1].text, "https://a.org/"),)))
    call = {"chat_id": "1", "text": shown.text, "parse_mode": "HTML"}
    _, faults = check("sendMessage", call)
    assert faults == []
    assert read_html(shown.text)[0] == shown.plain
