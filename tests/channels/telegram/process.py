"""The real thing: `python run_bot.py serve` as a process of its own, pointed at the fake server."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from tests.fake_bot_api import TOKEN, FakeBotApi

ROOT = Path(__file__).parents[3]


class BotProcess:
    """A running bot. Its database and log lie in `folder`, so a second process there goes on where the first ended."""

    def __init__(self, api: FakeBotApi, folder: Path, models: Path, env: Mapping[str, str] | None = None) -> None:
        self._api = api
        self._folder = folder
        self._models = models
        self._env = env or {}
        self._process: asyncio.subprocess.Process | None = None

    @property
    def log(self) -> str:
        """All that this and earlier processes of the folder have written."""
        return (self._folder / "log").read_text(encoding="utf-8")

    async def start(self) -> None:
        """Starts it. It may not have reached Telegram yet."""
        data = self._folder / "data"
        data.mkdir(exist_ok=True)
        if not (data / "models").exists():
            (data / "models").symlink_to(self._models)  # trained once for all tests
        inherited = {name: os.environ[name] for name in ("PATH", "HOME", "SYSTEMROOT", "LANG") if name in os.environ}
        env = {
            **inherited,
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": self._api.base_url,
            "DATA_DIR": str(data),
            "PYTHONWARNINGS": "error",
            **self._env,
        }
        with (self._folder / "log").open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                str(ROOT / "run_bot.py"),
                "serve",
                cwd=self._folder,
                env=env,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
            )

    async def started(self) -> None:
        """Starts it and waits until it asks for messages."""
        before = len(self._api.of("getUpdates"))
        await self.start()
        await self._api.until(lambda: len(self._api.of("getUpdates")) > before, 60)

    def terminate(self) -> None:
        """SIGTERM."""
        self._running.send_signal(signal.SIGTERM)

    async def kill(self) -> None:
        """SIGKILL, and waits until it is dead."""
        self._running.kill()
        await self._running.wait()

    async def ended(self) -> int:
        """Waits until it ends of its own. Returns the exit code."""
        return await asyncio.wait_for(self._running.wait(), 60)

    async def stop(self) -> int:
        """SIGTERM, and waits until it has ended; kills it when it does not."""
        if self._running.returncode is None:
            self.terminate()
            try:
                await self.ended()
            except TimeoutError:
                await self.kill()
        return self._running.returncode or 0

    @property
    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise RuntimeError("It was never started")
        return self._process
