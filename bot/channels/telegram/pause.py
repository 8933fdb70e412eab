"""Waiting that ends when the bot is told to stop."""

from __future__ import annotations

import asyncio
from contextlib import suppress
from datetime import timedelta

from telegram.error import RetryAfter


async def pause(time: float, *until: asyncio.Event) -> None:
    """Waits `time` seconds, or less when one of `until` is set."""
    waits = [asyncio.create_task(event.wait()) for event in until]
    try:
        if waits:
            await asyncio.wait(waits, timeout=max(time, 0), return_when=asyncio.FIRST_COMPLETED)
        else:
            await asyncio.sleep(time)
    finally:
        for wait in waits:
            wait.cancel()
            with suppress(asyncio.CancelledError):
                await wait


def seconds(error: RetryAfter) -> float:
    """How long Telegram asks to wait."""
    value = error.retry_after
    return value.total_seconds() if isinstance(value, timedelta) else float(value)
