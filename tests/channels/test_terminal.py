"""The bot in a terminal: a conversation typed, and what is printed."""

from __future__ import annotations

from collections.abc import Iterable
from io import StringIO

import pytest
from rich.console import Console

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.answering.reply import Action, Block, Button, Recipe, Reply
from bot.channels.terminal import chat, explained, show
from bot.kb.knowledge import Link


def talked(assistant: Assistant, typed: Iterable[str], lang: str | None = None) -> str:
    """All that is printed while a person types these lines; the input ends after them."""
    out = StringIO()
    lines = iter(typed)
    chat(assistant, Console(file=out, width=200), lambda: next(lines, None), lang)
    return out.getvalue()


def printed(reply: Reply, *, color: bool = False) -> str:
    out = StringIO()
    show(reply, Console(file=out, width=60, force_terminal=color, color_system="standard" if color else None))
    return out.getvalue()


def made(*blocks: Block, links: tuple[Link, ...] = (), buttons: tuple[Button, ...] = ()) -> Reply:
    return Reply("answer", "en", Recipe("answer", "en"), blocks, links=links, buttons=buttons)


def test_it_greets_and_ends_with_the_input(shipped_assistant: Assistant) -> None:
    text = talked(shipped_assistant, [])
    assert text.strip().startswith("Hello")
    assert "1  Topics" in text


def test_a_question_is_answered_with_links_and_numbers(shipped_assistant: Assistant) -> None:
    text = talked(shipped_assistant, ["lanlord dont rent to forigners"])
    assert "A landlord refuses me because I am foreign" in text
    assert "What binds states: CERD" in text
    assert "https://" in text
    assert "\n  1  " in text


def test_choices_are_taken_by_number(shipped_assistant: Assistant) -> None:
    reply = shipped_assistant.reply(Message("papers"), Conversation())
    text = talked(shipped_assistant, ["papers", "2"])
    second = reply.choices[1]
    assert f"\n  2  {second.title}\n" in text
    assert f"\n\n{second.title}\n\n" in text, "as the title of the answer"


def test_it_speaks_the_language_asked_for(shipped_assistant: Assistant) -> None:
    assert shipped_assistant.knowledge.sentences["es"]["start.title"] in talked(shipped_assistant, [], "es")


@pytest.mark.parametrize("leave", ["/quit", "/exit", "  /quit  "])
def test_quit_leaves(shipped_assistant: Assistant, leave: str) -> None:
    assert "landlord" not in talked(shipped_assistant, [leave, "landlord says no foreigners"])


@pytest.mark.parametrize(
    ("command", "says"),
    [
        ("/help", "How to use this bot"),
        ("/topics", "What is it about?"),
        ("/language", "Choose your language."),
        ("/start", "Hello"),
        ("/nonsense", "I don't know this command."),
        ("/", "I don't know this command."),
    ],
)
def test_commands(shipped_assistant: Assistant, command: str, says: str) -> None:
    before = talked(shipped_assistant, [])
    assert says in talked(shipped_assistant, [command])[len(before) :]


def test_the_language_is_changed_for_what_follows(shipped_assistant: Assistant) -> None:
    text = talked(shipped_assistant, ["/language", "2", "🍌"])
    assert shipped_assistant.knowledge.sentences["es"]["unknown.body"] in text


def test_empty_lines_say_nothing(shipped_assistant: Assistant) -> None:
    assert talked(shipped_assistant, ["", "   ", "\t"]) == talked(shipped_assistant, [])


def test_gibberish_and_control_characters_are_answered(shipped_assistant: Assistant) -> None:
    text = talked(shipped_assistant, ["\x1b[2J\x07", "🍌", "\ud800", "[bold]x[/nope]", "a" * 5000])
    assert "\x1b" not in text
    assert "\x07" not in text


def test_marks_of_the_terminal_library_in_texts_are_shown_as_they_are() -> None:
    block = Block("body", "[red]not red[/red] [/] :warning: \\", heading="[h]")
    reply = made(
        block,
        links=(Link("[x] guide", "https://example.org/[1]"),),
        buttons=(Button("[b]label[/b]", Action("topics")),),
    )
    text = printed(reply)
    for part in (
        "[h]:",
        "[red]not red[/red] [/] :warning: \\",
        "[x] guide",
        "https://example.org/[1]",
        "[b]label[/b]",
    ):
        assert part in text


def test_control_characters_of_texts_never_reach_the_terminal() -> None:
    reply = made(
        Block("body", "a\x1b[31mb\x07c\x9bd\re"),
        links=(Link("t\x1b", "https://example.org/\x1b"),),
        buttons=(Button("l\x1b", Action("topics")),),
    )
    text = printed(reply)
    assert not [char for char in text if ord(char) < 32 and char != "\n"]
    assert "\x9b" not in text
    assert "a[31mbcde" in text


def test_bold_is_bold_and_stars_are_gone() -> None:
    assert "Keep proof of it." in printed(made(Block("body", "Keep *proof* of it.")))
    assert "\x1b[1mproof\x1b[0m" in printed(made(Block("body", "Keep *proof* of it.")), color=True)


def test_long_lines_are_left_to_the_terminal() -> None:
    url = "https://example.org/" + "x" * 200
    assert url in printed(made(Block("body", "b " * 100), links=(Link("Guide", url),)))


def test_why_is_told(shipped_assistant: Assistant) -> None:
    why = explained(shipped_assistant.reply(Message("my landlrod refuses foreigners"), Conversation()))
    assert "  kind: answer (confidence 0." in why
    assert "  entry: housing-refused 0." in why
    assert "  corrected: landlrod → landlord" in why
    assert "  runners-up: " in why
    assert "danger words" not in why


def test_why_there_is_danger_is_told(shipped_assistant: Assistant) -> None:
    why = explained(shipped_assistant.reply(Message("my boat is sinking"), Conversation()))
    assert "  kind: urgent (danger words: " in why
    assert "  danger words: " in why


def test_why_nothing_is_known_is_told(shipped_assistant: Assistant) -> None:
    assert explained(shipped_assistant.reply(Message("🍌"), Conversation())) == (
        "  kind: unknown (no word of the message is known)\n  share explained: 0.00"
    )
