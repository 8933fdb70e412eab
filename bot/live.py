"""The knowledge that is being served, kept up to date: a good edit is swapped in, a broken one is reported and ignored."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import aclosing
from pathlib import Path

import structlog

from bot.answering.assistant import Assistant
from bot.answering.decide import NO_OVERRIDE, Override
from bot.app import make_assistant, read_knowledge, servable
from bot.errors import BotError, KnowledgeError
from bot.kb.loader import ParseCache
from bot.kb.watch import changes
from bot.matching.train import clear_unused

Report = Callable[[str], Awaitable[None]]
"""Tells the moderators."""

MOST_REPORTED = 10
"""Problems told to moderators in one message; all are in the log."""

SETTLING = 0.3
"""Seconds after which a broken file is read once more before anybody is told."""

log = structlog.get_logger(__name__)


class Live:
    """Holds the assistant of now. `follow` watches the folder and swaps; readers call `current` for every message."""

    def __init__(self, root: Path, models: Path, override: Override = NO_OVERRIDE) -> None:
        self._root = root
        self._models = models
        self._override = override
        self._cache = ParseCache()
        self._digest = ""
        self._read = ""
        self._reported = ""
        self._assistant: Assistant | None = None

    @property
    def current(self) -> Assistant:
        """The assistant to answer with. Call `start` first."""
        if self._assistant is None:
            raise RuntimeError("start() was not awaited")
        return self._assistant

    async def start(self) -> None:
        """Loads and trains for the first time.

        Raises:
            KnowledgeError: the folder has errors.
            TrainingError: a model can't be made.
        """
        await self._load()
        clear_unused(self._models)

    async def follow(self, report: Report) -> None:
        """Reloads whenever a file changes, until cancelled. Nothing that is wrong with an edit ends it. What changed
        since `start` read the files, before anybody watched, is noticed too."""
        async with aclosing(changes(self._root)) as watching:
            first = asyncio.ensure_future(anext(watching))
            try:
                await asyncio.sleep(0)  # the watch is set up when the first change is asked for
                await self.reload(report)
                await first
            finally:
                first.cancel()
                await asyncio.wait({first})
            await self.reload(report)
            async for _ in watching:
                await self.reload(report)

    async def reload(self, report: Report) -> bool:
        """Serves the folder's newest state if it is good; True when it is being served after the call."""
        try:
            changed = await self._load_settled()
        except KnowledgeError as error:
            if self._read == self._reported:
                return False  # the same files, saved again
            self._reported = self._read
            log.error("knowledge.broken", problems=list(error.problems))
            shown = "\n".join(error.problems[:MOST_REPORTED])
            more = len(error.problems) - MOST_REPORTED
            rest = f"\n... and {more} more" if more > 0 else ""
            await report(f"The knowledge base was changed and has errors. The old one goes on.\n{shown}{rest}")
            return False
        except (BotError, OSError) as error:
            log.error("knowledge.not_trained", error=str(error))
            await report(f"The knowledge base was changed but can't be served yet. The old one goes on.\n{error}")
            return False
        if changed:
            log.info("knowledge.served", entries=len(self.current.knowledge.entries))
        return True

    async def _load_settled(self) -> bool:
        """Like `_load`, but errors count only when the files stay the same for a moment: editors empty a file before
        they fill it again."""
        while True:
            try:
                return await self._load()
            except KnowledgeError:
                broken = self._read
                await asyncio.sleep(SETTLING)
                try:
                    return await self._load()
                except KnowledgeError:
                    if self._read == broken:
                        raise

    async def _load(self) -> bool:
        begun = time.perf_counter()
        loaded = await asyncio.to_thread(read_knowledge, self._root, self._cache)  # others are answered meanwhile
        self._read = loaded.digest
        knowledge = servable(loaded, self._root)
        self._reported = ""
        if loaded.digest == self._digest:
            return False
        assistant = await make_assistant(knowledge, self._models, self._override)
        self._assistant, self._digest = assistant, loaded.digest
        log.info("knowledge.loaded", seconds=round(time.perf_counter() - begun, 2))
        return True
