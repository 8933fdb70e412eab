"""Somebody at the other end: writes, taps, and reads what comes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from tests.fake_bot_api.updates import KINDS, Json, message, private, text, user

if TYPE_CHECKING:
    from tests.fake_bot_api.server import FakeBotApi


@dataclass(frozen=True, slots=True)
class Heard:
    """A message of the bot as a person sees it."""

    number: int
    text: str
    buttons: dict[str, str]
    """Label → callback data or address, in order."""


class Person:
    """Made by `FakeBotApi.person`. `number` is the person's and the chat's."""

    def __init__(self, api: FakeBotApi, number: int, language: str | None) -> None:
        self.api = api
        self.number = number
        self.language = language
        self._heard = 0
        self._seen_edits = 0

    @property
    def messages(self) -> list[Heard]:
        """All that the bot has sent so far, as it looks now."""
        return [self._look(number) for chat, number in self.api.sent if chat == self.number]

    async def says(self, words: str, *, date: int | None = None) -> int:
        """Writes a message. Returns its number."""
        return await self._message(text(words), date)

    async def sends(self, kind: str, **more: object) -> int:
        """Sends what is not text, one of `updates.KINDS`."""
        return await self._message({**KINDS[kind], **more}, None)

    async def edits(self, number: int, words: str) -> None:
        """Changes an own message."""
        made = message(number, private(self.number), user(self.number, self.language), text(words))
        await self.api.push("edited_message", {**made, "edit_date": made["date"]})

    async def taps(self, heard: Heard, label: str) -> str:
        """Taps the button whose label begins so. Returns the number of the tap."""
        found = [data for shown, data in heard.buttons.items() if shown.startswith(label)]
        if not found:
            raise AssertionError(f"No button {label!r} among {list(heard.buttons)}")
        return await self.sends_tap(heard, found[0])

    async def sends_tap(self, heard: Heard, data: str) -> str:
        """A tap with any data, such as a forged one."""
        tap = str(self.api.next_number())
        self.api.taps.add(tap)
        await self.api.push(
            "callback_query",
            {
                "id": tap,
                "from": user(self.number, self.language),
                "chat_instance": "42",
                "message": self.api.messages[(self.number, heard.number)],
                "data": data,
            },
        )
        return tap

    async def hears(self, seconds: float = 30) -> Heard:
        """The next message of the bot that this person has not heard yet."""
        await self.api.until(lambda: len(self.messages) > self._heard, seconds)
        self._heard += 1
        return self.messages[self._heard - 1]

    async def sees_edit(self, seconds: float = 30) -> Heard:
        """The next message of the bot that changed under this person's eyes."""

        def edits() -> list[int]:
            return [number for chat, number in self.api.edited if chat == self.number]

        await self.api.until(lambda: len(edits()) > self._seen_edits, seconds)
        self._seen_edits += 1
        return self._look(edits()[self._seen_edits - 1])

    async def _message(self, content: Json, date: int | None) -> int:
        number = self.api.next_number()
        made = message(number, private(self.number), user(self.number, self.language), content, date)
        self.api.messages[(self.number, number)] = made
        await self.api.push("message", made)
        return number

    def _look(self, number: int) -> Heard:
        made = self.api.messages[(self.number, number)]
        rows = made.get("reply_markup", {}).get("inline_keyboard", [])
        buttons = {button["text"]: button.get("callback_data") or button["url"] for row in rows for button in row}
        return Heard(number, made["text"], buttons)
