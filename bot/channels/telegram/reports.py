"""What the bot tells its moderators of its own accord, such as that an edit of the knowledge can't be served."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence

from telegram import Bot
from telegram.error import TelegramError

from bot.answering.compose import utf16_length
from bot.channels.telegram.failures import reason
from bot.channels.telegram.render import LIMIT

_LOG = logging.getLogger(__name__)
_MOST = 20
"""Reports that wait for Telegram to be reached. Of more the oldest are left out: the newest say how things stand."""


class Reports:
    """Call it with a text to have it sent to `people`, Telegram user ids. Each must have written to the bot once:
    Telegram lets no bot begin a conversation."""

    def __init__(self, people: Sequence[int]) -> None:
        self._people = people
        self._waiting: asyncio.Queue[str] = asyncio.Queue()

    async def __call__(self, text: str) -> None:
        """Hands the text over, and does not wait until it is sent."""
        if self._waiting.qsize() >= _MOST:
            self._waiting.get_nowait()
        self._waiting.put_nowait(_fitting(text))

    async def run(self, bot: Bot) -> None:
        """Sends until cancelled. One try each: the log has all that is reported here."""
        while True:
            text = await self._waiting.get()
            for person in self._people:
                try:
                    await bot.send_message(person, text)
                except TelegramError as error:
                    _LOG.warning(
                        "A moderator could not be told: %s. Has each of them written to the bot once?", reason(error)
                    )


def _fitting(text: str) -> str:
    """The text as one message."""
    while utf16_length(text) > LIMIT:
        text = text[: LIMIT - 1 - (utf16_length(text) - len(text))].rstrip() + "…"
    return text
