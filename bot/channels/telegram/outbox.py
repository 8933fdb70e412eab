"""Sends what had to wait: after Telegram asked for a pause, after a failure of the network, after a restart."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable

from telegram import Bot

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation
from bot.answering.reply import Reply
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.failures import trace
from bot.channels.telegram.pause import pause
from bot.channels.telegram.sending import Flooded, Outcome, Sent, Undeliverable, Unreached, send
from bot.store.store import Store, Waiting

_LOG = logging.getLogger(__name__)
_FIRST_RETRY, _LAST_RETRY = 5.0, 600.0
"""Seconds between two tries for a row, doubling; Telegram was not reached."""
_TRIES = 150
"""After so many, a day or so, the answer would help no more."""
_BREATH = 5.0
"""Seconds of rest after the store or a reply could not be read."""
_LOOK = 60.0
"""Seconds after which the store is looked at in any case."""


class Outbox:
    """Works through the rows that are due, oldest first. `assistant` gives the one of the moment."""

    def __init__(self, bot: Bot, store: Store, assistant: Callable[[], Assistant]) -> None:
        self._bot = bot
        self._store = store
        self._assistant = assistant
        self._news = asyncio.Event()

    def wake(self) -> None:
        """Says that a row was added."""
        self._news.set()

    async def run(self, delivery: Delivery, stop: asyncio.Event) -> None:
        """Works until `stop` is set. The row in hand is finished."""
        while not stop.is_set():
            try:
                rest = await self._round(delivery, stop)
            except Exception as error:
                _LOG.error("The outbox could not go on and tries again: %s", trace(error))
                rest = _BREATH
            if rest > 0:
                await pause(rest, stop, self._news)
            self._news.clear()

    async def _round(self, delivery: Delivery, stop: asyncio.Event) -> float:
        """Deals with what is due. Returns the seconds until there may be more."""
        rows = await self._store.due(time.time())
        flooded: set[int] = set()
        for row in rows:
            if stop.is_set():
                return 0
            outcome = await self._send(delivery, row)
            await self._settle(delivery, row, outcome)
            if isinstance(outcome, Flooded):
                flooded.add(row.chat)
                if len(flooded) > 1:
                    # Two people at once: it is not a chat that has too much, but the bot as a whole.
                    await pause(min(outcome.wait, _LOOK), stop)
                    break
        next_due = await self._store.next_due()
        return min(max(next_due - time.time(), 0), _LOOK) if next_due is not None else _LOOK

    async def _send(self, delivery: Delivery, row: Waiting) -> Outcome | None:
        """None when its send is still under way."""
        earlier = delivery.under_way(row)
        if earlier is not None:
            if not earlier.done():
                return None
            if isinstance(outcome := earlier.result(), Sent | Undeliverable):
                return outcome
        try:
            return await send(self._bot, row.chat, self._rebuild(row), edit=row.edit, answers=row.question)
        except Exception as error:  # one reply that can't be shown must not hold up the others
            _LOG.error("A reply that waited can't be sent: %s", trace(error))
            return Undeliverable()

    async def _settle(self, delivery: Delivery, row: Waiting, outcome: Outcome | None) -> None:
        match outcome:
            case None:
                await self._store.postpone(row, time.time() + _FIRST_RETRY)
                return
            case Sent(message):
                await self._store.sent(row, message)
            case Undeliverable():
                await self._store.drop(row)
            case Flooded(wait):
                await self._store.postpone(row, time.time() + wait)
            case Unreached() if row.attempts >= _TRIES:
                _LOG.error("A reply could not be sent in %d tries and is given up.", row.attempts)
                await self._store.drop(row)
            case Unreached():
                wait = min(_FIRST_RETRY * 2.0 ** min(row.attempts, 10), _LAST_RETRY)
                await self._store.postpone(row, time.time() + wait)
        delivery.settled(row)

    def _rebuild(self, row: Waiting) -> Reply:
        """The reply again, from today's knowledge. A person who waited hears something in any case."""
        try:
            return self._assistant().rebuild(row.recipe)
        except Exception as error:
            _LOG.error("A reply that waited can't be made again: %s", trace(error))
            return self._assistant().command("sorry", Conversation(lang=row.recipe.lang))
