"""Asks Telegram for updates, and confirms one only when the work on it has ended.

The library's own updater confirms a batch before anything of it is done: what is in memory when the process dies is
lost. Here the number to go on from (`offset`) moves only past updates that have ended, so Telegram hands out the rest
again after a crash.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, NetworkError, RetryAfter, TelegramError

from bot.channels.telegram.failures import reason, trace
from bot.channels.telegram.pause import pause, seconds

_LOG = logging.getLogger(__name__)
_LIMIT = 100
"""Updates a batch; Telegram's most."""

CONFLICT = (
    "Another copy of this bot is running with the same token. Telegram serves only one: stop the other copy. "
    "This one keeps trying."
)

REVOKED = (
    "Telegram no longer takes the token. Get a new one from @BotFather, set TELEGRAM_BOT_TOKEN and start again. "
    "Until then the bot keeps trying."
)


@dataclass(frozen=True, slots=True)
class Pace:
    """How often Telegram is asked. All in seconds."""

    long_poll: int = 50
    """How long Telegram may hold an answer back until there is news; it allows 50 at most."""
    settle: float = 2.0
    """How long a batch may take until the next is asked for; what takes longer goes on beside it."""
    same_offset: float = 3.0
    """Between two requests with the same offset. Telegram makes whoever asks sooner wait as long."""
    first_retry: float = 1.0
    """After a failure; doubled with each further one."""
    last_retry: float = 30.0
    """The longest wait after a failure."""
    drain: float = 5.0
    """How long the work in hand may take at the end. Whoever sends SIGTERM often kills after ten seconds."""


class Poller:
    """Hands updates to `process`, a whole batch at once (it sees to the order), and confirms them as they end.

    `bot` is initialized; only its getUpdates is used, for the kinds `allowed_updates`. `unreadable` is called when the
    library could not read a batch, before that is asked for again.
    """

    def __init__(
        self,
        bot: Bot,
        process: Callable[[Update], Awaitable[None]],
        *,
        allowed_updates: Sequence[str],
        unreadable: Callable[[], None],
        pace: Pace | None = None,
    ) -> None:
        self._bot = bot
        self._process = process
        self._allowed_updates = allowed_updates
        self._unreadable = unreadable
        self._pace = pace or Pace()
        self._offset: int | None = None
        self._asked: int | None = None
        """The offset asked with last: all below it is confirmed."""
        self._asked_at = float("-inf")
        self._running: dict[int, asyncio.Task[None]] = {}
        self._ended: set[int] = set()
        """Updates that have ended but can't be confirmed yet, because one before them runs."""
        self._failures = 0
        self._failure: str | None = None

    async def run(self, stop: asyncio.Event) -> None:
        """Works until `stop` is set; then asks no more, finishes what is in hand and confirms it."""
        while not stop.is_set():
            updates = await self._fetch(stop)
            if updates is None:
                continue
            for update in updates:
                self._start(update)
            await self._settle(stop, news=bool(updates))
        await self._finish()

    async def _fetch(self, stop: asyncio.Event) -> Sequence[Update] | None:
        """The next batch; None when there is none to work on, after a failure or at the end."""
        self._asked, self._asked_at = self._offset, asyncio.get_running_loop().time()
        asking = asyncio.create_task(
            self._bot.get_updates(
                offset=self._offset,
                limit=_LIMIT,
                timeout=self._pace.long_poll,
                allowed_updates=self._allowed_updates,
            )
        )
        stopped = asyncio.create_task(stop.wait())
        try:
            await asyncio.wait({asking, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            await _end(stopped)
            if not asking.done():
                await _end(asking)
        if asking.cancelled() or stop.is_set():
            if not asking.cancelled():
                asking.exception()  # looked at, so that Python does not warn of it
            return None
        error = asking.exception()
        if error is None:
            self._recovered()
            return asking.result()
        if not isinstance(error, Exception):
            raise error
        await pause(self._failed(error), stop)
        return None

    def _failed(self, error: Exception) -> float:
        """Logs a failure the first time it comes in a row. Returns the seconds to wait."""
        self._failures += 1
        wait = min(self._pace.first_retry * 2.0 ** min(self._failures - 1, 20), self._pace.last_retry)
        level = logging.WARNING
        match error:
            case Conflict():
                level, text, wait = logging.ERROR, CONFLICT, max(wait, self._pace.same_offset)
            case InvalidToken():
                level, text = logging.ERROR, REVOKED
            case RetryAfter():
                text, wait = "Telegram asks for a pause.", max(wait, seconds(error))
            case NetworkError():
                text = f"Telegram can't be reached: {reason(error)}. The bot keeps trying."
            case TelegramError():
                text = f"Telegram refuses to hand out messages: {reason(error)}. The bot keeps trying."
            case _:
                self._unreadable()
                text = f"A batch of updates can't be read: {trace(error)}"
        if text != self._failure:
            _LOG.log(level, "%s", text)
        self._failure = text
        return wait

    def _recovered(self) -> None:
        if self._failures:
            _LOG.info("Telegram answers again, after %d failed tries.", self._failures)
        self._failures, self._failure = 0, None

    def _start(self, update: Update) -> None:
        number = update.update_id
        if number in self._running or number in self._ended:
            return  # handed out again because one before it still runs
        self._running[number] = asyncio.create_task(self._work(update))

    async def _work(self, update: Update) -> None:
        try:
            await self._process(update)
        except Exception as error:
            _LOG.error("An update failed outside its handler: %s", trace(error))
        finally:
            self._running.pop(update.update_id, None)
            self._ended.add(update.update_id)

    async def _settle(self, stop: asyncio.Event, *, news: bool) -> None:
        """Gives the batch time to end, and keeps from asking the same again too soon."""
        if self._running:
            await asyncio.wait(set(self._running.values()), timeout=self._pace.settle)
        self._advance()
        if self._offset != self._asked:
            return
        early = self._asked_at + self._pace.same_offset - asyncio.get_running_loop().time()
        if early <= 0:
            return
        if self._running:
            await asyncio.wait({self._running[min(self._running)]}, timeout=early)
            self._advance()
        elif not news:
            await pause(early, stop)

    def _advance(self) -> None:
        """Moves the offset up to the first update that has not ended."""
        if self._running:
            self._offset = min(self._running)
            self._ended = {number for number in self._ended if number > self._offset}
        elif self._ended:
            # The highest of these, not of all ever seen: after a quiet week Telegram numbers from a new place.
            self._offset = max(self._ended) + 1
            self._ended = set()

    async def _finish(self) -> None:
        if self._running:
            await asyncio.wait(set(self._running.values()), timeout=self._pace.drain)
        self._advance()
        left = list(self._running.values())
        if left:
            _LOG.warning("%d messages are not answered yet. They are when the bot starts again.", len(left))
        for task in left:
            await _end(task)
        if self._offset is not None and self._offset != self._asked:
            with suppress(TelegramError):  # then they come again at the next start, and that does no harm
                await self._bot.get_updates(offset=self._offset, limit=1, timeout=0, read_timeout=5)


async def _end(task: asyncio.Task[object]) -> None:
    """Cancels a task and waits until it has ended."""
    task.cancel()
    await asyncio.wait({task})
