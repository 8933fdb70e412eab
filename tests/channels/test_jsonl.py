"""JSON lines: one reply a line, in order, whatever a line holds."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.answering.assistant import Assistant
from bot.channels import jsonl
from bot.channels.jsonl import LINE_LIMIT, answer_lines


def answers(assistant: Assistant, *lines: dict[str, Any] | bytes | str, lang: str | None = None) -> list[Any]:
    """What comes of lines given as objects, text or bytes."""
    raw = [
        line if isinstance(line, bytes) else (line if isinstance(line, str) else json.dumps(line)).encode()
        for line in lines
    ]
    return [json.loads(line) for line in answer_lines(raw, assistant, lang)]


def test_each_line_gets_a_reply_in_order_with_its_id(small: Assistant) -> None:
    texts = ["landlord says no foreigners", "boss not pay", "our boat is sinking", "🍌"]
    made = answers(small, *({"text": text, "id": n} for n, text in enumerate(texts)))
    assert [one["id"] for one in made] == [0, 1, 2, 3]
    assert [one["kind"] for one in made] == ["answer", "answer", "urgent", "unknown"]


@pytest.mark.parametrize(
    "identity", [7, "seven", 0, False, None, 1.5, [1, {"a": None}], {}, "é🍌", "\ud800", "\x00", 10**300]
)
def test_any_id_comes_back(small: Assistant, identity: Any) -> None:
    made = answers(small, {"text": "boss not pay", "id": identity})
    assert made[0]["id"] == identity


def test_a_line_without_an_id_gets_none_back(small: Assistant) -> None:
    assert "id" not in answers(small, {"text": "boss not pay"})[0]


def test_every_line_written_is_utf8_of_one_line(small: Assistant) -> None:
    for line in answer_lines([b'{"text": "a\\nb", "id": "\\ud83d\\n\\u2028"}'], small):
        assert line.encode()
        assert "\n" not in line


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"\xff\xfe\xfa", "the line is not UTF-8"),
        (b"hello", "not JSON: Expecting value at character 1"),
        (b'{"text": "a"', "not JSON: Expecting ',' delimiter at character 13"),
        (b"[1, 2]", 'a line is an object such as {"text": "..."}'),
        (b'"text"', 'a line is an object such as {"text": "..."}'),
        (b"null", 'a line is an object such as {"text": "..."}'),
        (b'{"txt": "a"}', "unknown key 'txt'; known are chat, choose, hint, id, lang, text"),
        (b'{"text": 5}', "'text' is text"),
        (b'{"text": "a", "lang": 5}', "'lang' is text"),
        (b'{"text": "a", "hint": []}', "'hint' is text"),
        (b'{"text": "a", "chat": 5}', "'chat' is text"),
        (b"{}", "a line has either 'text' or 'choose'"),
        (b'{"id": 3}', "a line has either 'text' or 'choose'"),
        (b'{"text": "a", "choose": 1, "chat": "c"}', "a line has either 'text' or 'choose'"),
        (b'{"text": "a", "lang": "tlh"}', "unknown language 'tlh'; known are en, es"),
        (b'{"choose": 1}', "'choose' needs the 'chat' that the choices were shown in"),
        (b'{"choose": 1, "chat": "new"}', "'choose' is a number from 1 to 0 in this chat"),
        (b'{"text": "a", "id": NaN}', "not JSON: NaN is not a number that JSON has"),
        (b'{"text": "a", "id": -Infinity}', "not JSON: -Infinity is not a number that JSON has"),
        (b'{"text": "a", "id": 1e999}', "not JSON: 1e999 is not a number that JSON has"),
        (b'{"text": "a", "id": ' + b"1" * 5000 + b"}", "not JSON that can be read: a number is too long"),
        (b'{"text": "a", "id": ' + b"[" * 100_000 + b"}", "the JSON is nested too deeply"),
        (
            b'{"text": "' + b"a" * LINE_LIMIT + b'"}',
            f"the line has {LINE_LIMIT + 12} bytes and may have {LINE_LIMIT}",
        ),
    ],
)
def test_a_bad_line_says_why_and_the_next_is_answered(small: Assistant, line: bytes, error: str) -> None:
    bad, good = answers(small, line, {"text": "boss not pay"})
    assert bad == {"error": error}
    assert good["entries"][0]["id"] == "wages-not-paid"


def test_ids_nested_as_deep_as_can_be_read_are_written_or_refused(small: Assistant) -> None:
    for depth in range(900, 1010, 3):
        made = list(answer_lines([b'{"text": "a", "id": ' + b"[" * depth + b"]" * depth + b"}"], small))
        assert len(made) == 1


def test_empty_lines_are_passed_over(small: Assistant) -> None:
    assert len(answers(small, b"\n", b"  \r\n", {"text": "boss not pay"}, b"")) == 1


def test_line_ends_do_not_matter(small: Assistant) -> None:
    assert answers(small, b'{"text": "boss not pay"}\r\n')[0]["kind"] == "answer"


@pytest.mark.parametrize("text", ["", " ", "\x00", "\ud800", "a" * 100_000, "؟" * 5000])
def test_any_text_is_answered(small: Assistant, text: str) -> None:
    assert answers(small, {"text": text})[0]["kind"] == "unknown"


def test_choices_are_taken_by_number_in_their_chat(shipped_assistant: Assistant) -> None:
    made = answers(
        shipped_assistant,
        {"text": "papers", "chat": "a"},
        {"text": "🍌", "chat": "b"},
        {"choose": 2, "chat": "a", "id": "mine"},
    )
    assert made[0]["kind"] == "choices"
    assert made[2]["entries"][0]["id"] == made[0]["choices"][1]["id"]
    assert made[2]["id"] == "mine"


def test_choices_are_taken_by_typing_too(shipped_assistant: Assistant) -> None:
    first = {"text": "papers", "chat": "a"}
    choices = answers(shipped_assistant, first)[0]["choices"]
    by_number = answers(shipped_assistant, first, {"text": "1", "chat": "a"})[1]
    by_title = answers(shipped_assistant, first, {"text": choices[0]["title"], "chat": "a"})[1]
    assert by_number["entries"] == by_title["entries"]
    assert by_number["entries"][0]["id"] == choices[0]["id"]


def test_none_of_these_is_the_number_after_the_last(shipped_assistant: Assistant) -> None:
    first = answers(shipped_assistant, {"text": "papers", "chat": "a"})[0]
    none = {"choose": len(first["choices"]) + 1, "chat": "a"}
    made = answers(shipped_assistant, {"text": "papers", "chat": "a"}, none)[1]
    assert made["kind"] == "unknown"
    assert made["links"]


@pytest.mark.parametrize("n", [0, -1, 99, "1", True, 1.0, [1], 10**30])
def test_a_choice_that_was_not_offered_is_a_bad_line(shipped_assistant: Assistant, n: Any) -> None:
    made = answers(shipped_assistant, {"text": "papers", "chat": "a"}, {"choose": n, "chat": "a"})
    assert made[1]["error"].startswith("'choose' is a number from 1 to ")


def test_lines_without_a_chat_know_nothing_of_each_other(shipped_assistant: Assistant) -> None:
    made = answers(shipped_assistant, {"text": "papers"}, {"text": "1"}, *({"text": "🍌"},) * 4)
    assert made[1]["entries"] == answers(shipped_assistant, {"text": "1"})[0]["entries"]
    assert not made[-1]["links"], "no count of what was not known either"


def test_the_third_i_dont_know_of_a_chat_is_a_way_to_people(shipped_assistant: Assistant) -> None:
    made = answers(shipped_assistant, *({"text": "🍌", "chat": "a"},) * 3)
    assert [bool(one["links"]) for one in made] == [False, False, True]


def test_the_language_chosen_stays_in_its_chat(small: Assistant) -> None:
    made = answers(
        small,
        {"text": "🍌", "chat": "a", "lang": "es"},
        {"text": "🍌", "chat": "a"},
        {"text": "🍌", "chat": "b"},
        {"text": "🍌", "hint": "es-MX"},
        {"text": "🍌", "hint": None, "lang": None, "chat": None},
    )
    assert [one["lang"] for one in made] == ["es", "es", "en", "es", "en"]


def test_a_language_can_be_chosen_for_all_lines(small: Assistant) -> None:
    lines = [{"text": "🍌"}, {"text": "🍌", "lang": "en"}, {"text": "🍌", "chat": "a"}]
    assert [one["lang"] for one in answers(small, *lines, lang="es")] == ["es", "en", "es"]


def test_a_bad_line_leaves_its_chat_as_it_was(shipped_assistant: Assistant) -> None:
    made = answers(
        shipped_assistant,
        {"text": "papers", "chat": "a"},
        {"choose": 99, "chat": "a"},
        {"text": "x", "chat": "a", "lang": "tlh"},
        {"choose": 1, "chat": "a"},
    )
    assert made[3]["entries"][0]["id"] == made[0]["choices"][0]["id"]


def test_of_very_many_chats_the_one_unused_longest_is_forgotten(
    shipped_assistant: Assistant, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(jsonl, "MOST_CHATS", 2)
    papers = [{"text": "papers", "chat": name} for name in ("a", "b", "a", "c")]
    made = answers(shipped_assistant, *papers, {"choose": 1, "chat": "a"}, {"choose": 1, "chat": "b"})
    assert "entries" in made[4]
    assert "error" in made[5]


def test_a_reply_is_given_before_the_next_line_is_read(small: Assistant) -> None:
    read: list[int] = []

    def lines() -> Iterator[bytes]:
        for n in range(3):
            read.append(n)
            yield b'{"text": "boss not pay"}'

    replies = answer_lines(lines(), small)
    next(replies)
    assert read == [0]


WORDS = [
    "boss",
    "pay",
    "landlord",
    "foreigners",
    "boat",
    "sinking",
    "visa",
    "not",
    "my",
    "1",
    "2",
    "?",
    ".",
    "\n",
    "🍌",
]
TEXTS = st.one_of(st.text(max_size=60), st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join))
LINES = st.one_of(
    st.fixed_dictionaries(
        {},
        optional={
            "text": TEXTS,
            "id": st.none() | st.text(max_size=5) | st.integers(),
            "chat": st.sampled_from(["a", "b"]),
            "lang": st.sampled_from(["en", "es", "xx"]),
            "hint": st.text(max_size=5),
            "choose": st.integers(-1, 5),
        },
    ).map(lambda line: json.dumps(line).encode()),
    st.binary(max_size=40),
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(LINES, max_size=12))
def test_whatever_comes_each_line_is_answered(small: Assistant, lines: list[bytes]) -> None:
    made = [json.loads(line) for line in answer_lines(lines, small)]
    assert len(made) == sum(bool(line.strip()) for line in lines)
    assert all(set(one) == {"error"} or one["text"] for one in made)


def test_a_thousand_lines_are_answered(shipped_assistant: Assistant) -> None:
    checks = [check.text for check in shipped_assistant.knowledge.checks]
    lines = [
        json.dumps({"id": n, "text": checks[n % len(checks)], "chat": str(n % 7)}, ensure_ascii=n % 2 == 0).encode()
        if n % 10
        else b"{not json \xff"
        for n in range(1000)
    ]
    made = [json.loads(line) for line in answer_lines(lines, shipped_assistant)]
    assert [one.get("id") for one in made] == [n if n % 10 else None for n in range(1000)]
    assert all(len(one["text"]) <= 1500 for one in made if "text" in one)
