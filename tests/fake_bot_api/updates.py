"""Updates as Telegram sends them. Each is shown to aiogram, which must know every name in it."""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any

from aiogram.types import Update

from tests.fake_bot_api.checks import unknown_names

Json = dict[str, Any]

_FILE = {"file_id": "AgACAgIAAx0", "file_unique_id": "AQADr7"}
KINDS: Mapping[str, Json] = {
    "sticker": {
        "sticker": {**_FILE, "type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
    },
    "photo": {"photo": [{**_FILE, "width": 90, "height": 67}, {**_FILE, "width": 800, "height": 600}]},
    "voice": {"voice": {**_FILE, "duration": 3}},
    "video_note": {"video_note": {**_FILE, "duration": 3, "length": 240}},
    "document": {"document": {**_FILE, "file_name": "letter.pdf", "mime_type": "application/pdf"}},
    "location": {"location": {"latitude": 46.2, "longitude": 6.14}},
    "contact": {"contact": {"phone_number": "+41220000000", "first_name": "Office"}},
    "pinned_message": {},
}
"""What a message that is not text holds."""


def user(number: int, language: str | None) -> Json:
    found: Json = {"id": number, "is_bot": False, "first_name": "Ana"}
    return found | ({"language_code": language} if language else {})


def private(number: int) -> Json:
    return {"id": number, "type": "private", "first_name": "Ana"}


def text(words: str) -> Json:
    """What a text message holds. Telegram marks a command at its start."""
    if not words.startswith("/"):
        return {"text": words}
    command = words.split(maxsplit=1)[0]
    return {"text": words, "entities": [{"type": "bot_command", "offset": 0, "length": len(command)}]}


def message(number: int, chat: Json, sender: Json | None, content: Json, date: int | None = None) -> Json:
    made = {"message_id": number, "date": int(time.time()) if date is None else date, "chat": chat, **content}
    return made | ({"from": sender} if sender is not None else {})


def update(number: int, kind: str, body: Json) -> Json:
    """An update of the kind, shown to aiogram."""
    made = {"update_id": number, kind: body}
    unknown = list(unknown_names(Update.model_validate(made)))
    if unknown:
        raise AssertionError(f"Telegram sends no such names: {unknown}")
    return made
