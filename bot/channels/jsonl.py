"""JSON lines: one question a line in, one reply a line out, in order. For scripts and for measuring."""

from __future__ import annotations

import json
import math
import re
import time
from collections import OrderedDict
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.answering.reply import Action, Reply
from bot.channels.as_json import reply_as_json

LINE_LIMIT = 1_000_000
"""Bytes of a line."""
MOST_CHATS = 10_000
"""Conversations remembered; the one unused longest is forgotten first."""
_KEYS = {"text", "id", "lang", "hint", "chat", "choose"}
_TOO_DEEP = "the JSON is nested too deeply"
_HALVES = re.compile("[\ud800-\udfff]")


class BadLineError(ValueError):
    """A line that can't be answered; its text says why."""


def answer_lines(lines: Iterable[bytes], assistant: Assistant, lang: str | None = None) -> Iterator[str]:
    """The reply to each line as JSON that UTF-8 can hold. A bad line gives `{"error": ...}`; empty lines are passed over.

    `lang` is the language chosen in conversations that don't say one.
    """
    chats: OrderedDict[str, Conversation] = OrderedDict()
    for line in lines:
        if not line.strip():
            continue
        try:
            written = _written(_answer(_read(line), assistant, chats, Conversation(lang=lang)))
        except BadLineError as error:
            written = _written({"error": str(error)})
        yield written


def _written(answered: dict[str, Any]) -> str:
    try:
        line = json.dumps(answered, ensure_ascii=False)
    except RecursionError:
        raise BadLineError(_TOO_DEEP) from None
    # An id may hold half of a pair, which JSON can write and UTF-8 can't.
    return line if _HALVES.search(line) is None else json.dumps(answered)


def _read(line: bytes) -> dict[str, Any]:
    if len(line) > LINE_LIMIT:
        raise BadLineError(f"the line has {len(line)} bytes and may have {LINE_LIMIT}")
    try:
        data = json.loads(line, parse_constant=_no_number, parse_float=_finite)
    except UnicodeDecodeError:
        raise BadLineError("the line is not UTF-8") from None
    except RecursionError:
        raise BadLineError(_TOO_DEEP) from None
    except json.JSONDecodeError as error:
        raise BadLineError(f"not JSON: {error.msg} at character {error.pos + 1}") from None
    except BadLineError:
        raise
    except ValueError:
        raise BadLineError("not JSON that can be read: a number is too long") from None
    if not isinstance(data, dict):
        raise BadLineError('a line is an object such as {"text": "..."}')
    unknown = sorted(set(data) - _KEYS)
    if unknown:
        raise BadLineError(f"unknown key {unknown[0]!r}; known are {', '.join(sorted(_KEYS))}")
    for key in ("text", "lang", "hint", "chat"):
        if data.get(key) is not None and not isinstance(data[key], str):
            raise BadLineError(f"{key!r} is text")
    if (data.get("text") is None) == (data.get("choose") is None):
        raise BadLineError("a line has either 'text' or 'choose'")
    return data


def _finite(text: str) -> float:
    number = float(text)
    return number if math.isfinite(number) else _no_number(text)


def _no_number(text: str) -> float:
    raise BadLineError(f"not JSON: {text[:20]} is not a number that JSON has")


def _answer(
    data: dict[str, Any], assistant: Assistant, chats: OrderedDict[str, Conversation], new: Conversation
) -> dict[str, Any]:
    begun = time.perf_counter()
    chat = data.get("chat")
    conversation = chats.get(chat, new) if chat is not None else new
    if data.get("lang") is not None:
        if data["lang"] not in assistant.knowledge.languages:
            known = ", ".join(assistant.knowledge.languages)
            raise BadLineError(f"unknown language {data['lang']!r}; known are {known}")
        conversation = replace(conversation, lang=data["lang"])
    if data.get("choose") is not None:
        reply = _choose(data["choose"], chat, assistant, conversation, data.get("hint"))
    else:
        reply = assistant.reply(Message(data["text"], data.get("hint")), conversation)
    if chat is not None:
        chats[chat] = reply.then
        chats.move_to_end(chat)
        if len(chats) > MOST_CHATS:
            chats.popitem(last=False)
    identity = {"id": data["id"]} if "id" in data else {}
    return {**identity, **reply_as_json(reply, (time.perf_counter() - begun) * 1000)}


def _choose(n: Any, chat: str | None, assistant: Assistant, conversation: Conversation, hint: str | None) -> Reply:
    if chat is None:
        raise BadLineError("'choose' needs the 'chat' that the choices were shown in")
    if not isinstance(n, int) or isinstance(n, bool) or not 1 <= n <= len(conversation.choices):
        raise BadLineError(f"'choose' is a number from 1 to {len(conversation.choices)} in this chat")
    action = Action.decode(conversation.choices[n - 1])
    if action is None:
        raise BadLineError("that choice is no longer there")
    return assistant.act(action, conversation, hint)
