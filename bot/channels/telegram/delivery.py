"""Gets a reply to a person within a bounded time, or leaves it in the store to be sent later."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from telegram import Bot

from bot.answering.reply import Recipe, Reply
from bot.channels.telegram.sending import Flooded, Outcome, Sent, Undeliverable, Unreached, send
from bot.store.store import Store, Waiting

Key = tuple[int, int | None, int | None, Recipe]
"""Chat, question, edited message and recipe: what a send under way and its row in the store have in common."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Times of a delivery, in seconds."""

    whole: float = 2.0
    """What a handler waits at most. What takes longer goes on beside it."""
    retries: tuple[float, ...] = (0.2, 0.5)
    """Pauses before the quick retries when Telegram gave no answer."""
    unreached: float = 5.0
    """Until the first try from the store when the quick ones failed."""
    under_way: float = 30.0
    """Until a send that is under way is looked at again; longer than any single call to Telegram may take."""


class Delivery:
    """Sends replies and keeps the store in step. `wake` is called whenever a row was added to the outbox."""

    def __init__(self, bot: Bot, store: Store, wake: Callable[[], None], *, patience: Patience | None = None) -> None:
        self._bot = bot
        self._store = store
        self._wake = wake
        self._patience = patience or Patience()
        self._under_way: dict[Key, asyncio.Task[Outcome]] = {}

    async def deliver(self, chat: int, reply: Reply, *, question: int | None = None, edit: int | None = None) -> None:
        """Sends `reply`, or edits our message `edit` to show it, and records it as what answers the person's message
        `question`. What can't be sent at once gets a row in the outbox; this ends at once then."""
        sending = asyncio.create_task(self._try(chat, reply, edit))
        try:
            await asyncio.wait({sending}, timeout=self._patience.whole)
        except asyncio.CancelledError:
            sending.cancel()
            raise
        if not sending.done():
            # It may still arrive. Its row waits, and is only ticked off when it did.
            self._under_way[(chat, question, edit, reply.recipe)] = sending
            await self._wait(chat, reply, question, edit, self._patience.under_way)
            return
        match sending.result():
            case Sent(message):
                await self._store.record(chat, reply.then, question=question, message=message, recipe=reply.recipe)
            case Flooded(wait):
                await self._wait(chat, reply, question, edit, wait)
            case Unreached():
                await self._wait(chat, reply, question, edit, self._patience.unreached)
            case Undeliverable():
                pass

    def under_way(self, row: Waiting) -> asyncio.Task[Outcome] | None:
        """The send of this row's reply that a handler could not wait for, if there is one."""
        return self._under_way.get(_key(row))

    def settled(self, row: Waiting) -> None:
        """The outbox has dealt with the row."""
        self._under_way.pop(_key(row), None)

    async def finish(self, seconds: float) -> None:
        """At the end: waits up to `seconds` for sends under way, and ticks off those that arrived."""
        if not self._under_way:
            return
        await asyncio.wait(set(self._under_way.values()), timeout=seconds)
        for row in await self._store.due(time.time() + 2 * self._patience.under_way, limit=1000):
            sending = self.under_way(row)
            if sending is not None and sending.done() and isinstance(sent := sending.result(), Sent):
                await self._store.sent(row, sent.message)
        for sending in self._under_way.values():
            sending.cancel()
        await asyncio.wait(set(self._under_way.values()))
        self._under_way.clear()

    async def _try(self, chat: int, reply: Reply, edit: int | None) -> Outcome:
        """The first try and the quick retries."""
        outcome = await send(self._bot, chat, reply, edit=edit)
        for before in self._patience.retries:
            if not isinstance(outcome, Unreached):
                break
            await asyncio.sleep(before)
            outcome = await send(self._bot, chat, reply, edit=edit)
        return outcome

    async def _wait(self, chat: int, reply: Reply, question: int | None, edit: int | None, seconds: float) -> None:
        await self._store.wait(
            chat, reply.then, question=question, edit=edit, recipe=reply.recipe, not_before=time.time() + seconds
        )
        self._wake()


def _key(row: Waiting) -> Key:
    return row.chat, row.question, row.edit, row.recipe
