"""Noticing that files of a knowledge base changed on disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from pathlib import Path

from watchfiles import Change, awatch

from bot.kb.folder import is_hidden

DEBOUNCE_MS = 600
"""Longest wait for more changes to come together before one notice is given; with `STEP_MS` below 2 s in all."""
STEP_MS = 100
"""Quiet time after which changes count as done."""


class _Visible:
    """Lets through what lies below the root under no hidden name: editors and git leave backups and swap files beside
    the real ones. The root's own path may have hidden folders in it."""

    def __init__(self, root: Path) -> None:
        self.root = root.resolve(strict=True)
        self._depth = len(self.root.parts)

    def __call__(self, change: Change, path: str) -> bool:
        return not any(is_hidden(step) for step in Path(path).parts[self._depth :])


async def changes(root: Path, *, stop: asyncio.Event | None = None) -> AsyncGenerator[None, None]:
    """Yields once each time that files below `root` changed, within 2 s, until `stop` is set.

    Several changes at once are one notice. Where the system can't watch folders (network drives, no watches left) the
    folder is compared every second instead. Raises FileNotFoundError when there is no such folder at the start.
    """
    stop = stop or asyncio.Event()
    visible = _Visible(root)
    for polling in (False, True):
        try:
            async for _ in awatch(
                visible.root,
                watch_filter=visible,
                debounce=DEBOUNCE_MS,
                step=STEP_MS,
                stop_event=stop,
                rust_timeout=1_000,
                force_polling=polling or None,
                poll_delay_ms=1_000,
                ignore_permission_denied=True,
            ):
                yield None
            return
        except FileNotFoundError:
            raise
        except OSError:
            if polling:
                raise
