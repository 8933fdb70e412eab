"""The bot's own sentences: each is said somewhere, and what is said is written."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import get_args

import pytest

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.answering.reply import Action, View
from bot.kb.knowledge import Knowledge
from bot.language_names import language_name

ROOT = Path(__file__).parents[2]
KEY = re.compile(r"[a-z]+(-[a-z]+)*\.[a-z]+(-[a-z]+)*")
PLACE = re.compile(r"\{([a-z_]+)\}")


class Listening(dict[str, str]):
    """A language's sentences that remember which were asked for."""

    def __init__(self, sentences: dict[str, str]) -> None:
        super().__init__(sentences)
        self.asked: set[str] = set()

    def get(self, key: str, default: object = None) -> object:  # type: ignore[override]
        self.asked.add(key)
        return super().get(key, default)


def literals() -> Iterator[str]:
    """Texts in the code of `bot/answering` that look like a key."""
    for path in sorted((ROOT / "bot" / "answering").glob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and KEY.fullmatch(node.value):
                yield node.value


@pytest.fixture(scope="module")
def used(shipped_assistant: Assistant) -> set[str]:
    """Keys that the code names, and those that it makes up while it says every kind of thing."""
    knowledge = shipped_assistant.knowledge
    english = Listening(dict(knowledge.sentences["en"]))
    listened = replace(knowledge, sentences={"en": english})
    assistant = Assistant(listened, shipped_assistant.matcher, language_name)
    for view in get_args(View):
        assistant.command(view, Conversation())
    for entry in knowledge.entries:
        assistant.act(Action("entry", entry), Conversation())
    for text in ("papers", "my boat is sinking", "my boss does not pay me. where can i find a free lawyer"):
        assistant.reply(Message(text), Conversation())
    return english.asked | set(literals())


def test_every_key_that_is_used_is_written(used: set[str], shipped: Knowledge) -> None:
    assert used - set(shipped.sentences["en"]) == set()


def test_every_key_that_is_written_is_used(used: set[str], shipped: Knowledge) -> None:
    assert set(shipped.sentences["en"]) - used == set()


def test_every_language_has_every_sentence_with_the_same_places(shipped: Knowledge) -> None:
    english = shipped.sentences["en"]
    for lang in shipped.languages:
        assert shipped.sentences[lang].keys() == english.keys()
        for key, sentence in shipped.sentences[lang].items():
            assert set(PLACE.findall(sentence)) == set(PLACE.findall(english[key])), f"{lang} {key}"


def test_commands_that_sentences_name_exist(shipped: Knowledge) -> None:
    from bot.channels.terminal import _COMMANDS

    for sentences in shipped.sentences.values():
        named = {name for text in sentences.values() for name in re.findall(r"(?<!\S)/[a-z]+", text)}
        assert named <= set(_COMMANDS)
