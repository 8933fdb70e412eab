"""The Telegram bot as a running process: knowledge that follows its folder, the store, the channel, a clean stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
import time
from collections.abc import Coroutine
from typing import Any

import structlog

from bot.answering.decide import Override
from bot.channels.telegram.reports import Reports
from bot.channels.telegram.service import serve
from bot.errors import StoreError
from bot.live import Live
from bot.settings import Settings
from bot.store.store import Store

DAY = 86_400.0
KEEP_REPLIES = 2 * DAY
"""Seconds; Telegram lets a person edit a message for 48 hours."""

log = structlog.get_logger(__name__)


async def serve_telegram(settings: Settings) -> None:
    """Serves until SIGTERM or Ctrl-C, then finishes what is in hand.

    Raises:
        KnowledgeError: the knowledge base can't be served.
        SettingsError: Telegram refuses the token.
        StoreError: the database can't be used.
    """
    stop = asyncio.Event()
    _on_signals(stop)
    live = Live(settings.knowledge_dir, settings.models_dir, Override(settings.answer_from, settings.choices_from))
    if not await _unless(stop, live.start()):
        return
    store = await Store.open(settings.database_url)
    reports = Reports(settings.moderators)
    following = asyncio.create_task(live.follow(reports))
    following.add_done_callback(_watch_ended)
    pruning = asyncio.create_task(_prune_daily(store))
    try:
        await serve(settings, lambda: live.current, store, stop, reports=reports)
    finally:
        for task in (following, pruning):
            task.cancel()
            await asyncio.wait({task})
        await store.close()


async def _prune_daily(store: Store) -> None:
    """Forgets which replies were sent once nobody can expect an edit of them any more."""
    while True:
        try:
            await store.prune(time.time() - KEEP_REPLIES)
        except StoreError as error:
            log.warning("store.not_pruned", error=str(error))
        await asyncio.sleep(DAY)


def _on_signals(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for name in ("SIGTERM", "SIGINT"):
        with contextlib.suppress(NotImplementedError, ValueError):
            loop.add_signal_handler(getattr(signal, name), stop.set)


async def _unless(stop: asyncio.Event, work: Coroutine[Any, Any, None]) -> bool:
    """Awaits `work`; False when told to stop before it ended."""
    task = asyncio.create_task(work)
    stopping = asyncio.create_task(stop.wait())
    await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
    stopping.cancel()
    if not task.done():
        task.cancel()
        await asyncio.wait({task})
        return False
    await task
    return True


def _watch_ended(task: asyncio.Task[None]) -> None:
    if not task.cancelled() and (error := task.exception()) is not None:
        log.error("knowledge.not_watched", error=type(error).__name__, mend="Restart the bot to serve later changes.")
