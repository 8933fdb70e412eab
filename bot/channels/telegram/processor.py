"""In which order updates are worked on: one after the other in a chat, chats side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from telegram import Update
from telegram.ext import BaseUpdateProcessor

from bot.channels.telegram.failures import trace

_LOG = logging.getLogger(__name__)
_BACKSTOP = 4096
"""The library takes a place of these before anything else, so a small number would let one chat's queue block all."""

Key = tuple[str, int]


@dataclass(slots=True)
class _Line:
    """The updates of one chat."""

    last: asyncio.Future[None]
    """Done when the update that came last has ended."""
    waiting: int = 0
    """Updates that have not ended, the one worked on included."""
    told: bool = False
    """The person was told that it is too many; what comes is dropped until the line is empty."""


class ChatOrder(BaseUpdateProcessor):
    """Keeps the order inside each chat, and no chat from being served.

    Args:
        too_many: called with the update that came when `longest` others of its chat waited; its turn is in order.
        at_once: how many updates are worked on at the same time. Those that wait for their chat don't count.
        longest: how many updates of a chat may wait.
        limit: seconds after which the work on one update is given up. A backstop against an update that never ends:
            the waiting for Telegram has shorter bounds of its own.
    """

    def __init__(
        self,
        too_many: Callable[[Update], Awaitable[None]],
        *,
        at_once: int = 64,
        longest: int = 20,
        limit: float = 60.0,
    ) -> None:
        super().__init__(_BACKSTOP)
        self._too_many = too_many
        self._working = asyncio.Semaphore(at_once)
        self._longest = longest
        self._limit = limit
        self._lines: dict[Key, _Line] = {}

    async def initialize(self) -> None:
        """Nothing to open."""

    async def shutdown(self) -> None:
        """Nothing to close."""

    async def do_process_update(self, update: object, coroutine: Awaitable[Any]) -> None:
        key = _key(update)
        if key is None:
            await self._work(coroutine)
            return
        line = self._lines.get(key)
        if line is None:
            line = self._lines[key] = _Line(_done())
        if line.told:
            _leave(coroutine)
            return
        if line.waiting > self._longest and isinstance(update, Update):
            line.told = True
            _leave(coroutine)
            coroutine = self._too_many(update)
        before, mine = line.last, asyncio.get_running_loop().create_future()
        line.last = mine
        line.waiting += 1
        try:
            # Unlike awaiting it, this leaves `before` alone when this update is cancelled.
            await asyncio.wait([before])
            await self._work(coroutine)
        finally:
            _leave(coroutine)
            line.waiting -= 1
            if line.waiting == 0:
                self._lines.pop(key, None)
            _follow(before, mine)

    async def _work(self, coroutine: Awaitable[Any]) -> None:
        async with self._working:
            try:
                async with asyncio.timeout(self._limit):
                    await coroutine
            except TimeoutError as error:
                _LOG.error("An update took more than %g s and was given up: %s", self._limit, trace(error))


def _key(update: object) -> Key | None:
    """What is kept in order: the chat for messages and their buttons, the person for what belongs to no chat."""
    if not isinstance(update, Update):
        return None
    if update.effective_chat is not None:
        return "chat", update.effective_chat.id
    return ("user", update.effective_user.id) if update.effective_user is not None else None


def _done() -> asyncio.Future[None]:
    future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
    future.set_result(None)
    return future


def _follow(before: asyncio.Future[None], mine: asyncio.Future[None]) -> None:
    """Ends `mine` no sooner than `before`: an update cancelled while it waited must not let the next one overtake."""

    def end(_: asyncio.Future[None]) -> None:
        if not mine.done():
            mine.set_result(None)

    if before.done():
        end(before)
    else:
        before.add_done_callback(end)


def _leave(coroutine: Awaitable[Any]) -> None:
    """Ends a coroutine that nobody will await, so that Python does not warn of it. One that has ended is left alone."""
    if isinstance(coroutine, Coroutine):
        coroutine.close()
