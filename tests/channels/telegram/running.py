"""The channel as a whole, run inside a test."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pydantic import SecretStr

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.answering.reply import Reply
from bot.channels.telegram.delivery import Patience
from bot.channels.telegram.poller import Pace
from bot.channels.telegram.reports import Reports
from bot.channels.telegram.service import serve
from bot.store.store import Store
from tests.fake_bot_api import TOKEN

PATIENCE = Patience(whole=1.0, retries=(0.01, 0.01), unreached=0.05, under_way=0.1)
PACE = Pace(long_poll=20, settle=0.5, same_offset=0.05, first_retry=0.01, last_retry=0.05, drain=5)


@dataclass(frozen=True)
class Settings:
    """What the channel reads of the settings."""

    telegram_api_base_url: str
    telegram_bot_token: SecretStr | None = field(default_factory=lambda: SecretStr(TOKEN))
    telegram_proxy: str | None = None

    @property
    def telegram_file_url(self) -> str:
        return self.telegram_api_base_url.removesuffix("/bot") + "/file/bot"


class Stumbling:
    """An assistant that raises on the words "stumble over", with the words in the error, as a bug might."""

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant

    def __getattr__(self, name: str) -> object:
        return getattr(self._assistant, name)

    def reply(self, message: Message, conversation: Conversation) -> Reply:
        if message.text.startswith("stumble over"):
            raise KeyError(message.text)
        return self._assistant.reply(message, conversation)


@dataclass
class Service:
    """A running channel. Set `assistant` to swap it, as a reload does."""

    assistant: Assistant
    stop: asyncio.Event = field(default_factory=asyncio.Event)
    reports: Reports = field(default_factory=lambda: Reports([9001, 9002]))
    task: asyncio.Task[None] | None = None

    async def ended(self) -> None:
        """Stops it, and waits until it has."""
        self.stop.set()
        if self.task is not None:
            await asyncio.wait_for(self.task, 20)


@asynccontextmanager
async def serving(
    settings: Settings, assistant: Assistant, store: Store, patience: Patience = PATIENCE
) -> AsyncIterator[Service]:
    """Runs the channel for as long as the block lasts, and ends it well."""
    service = Service(assistant)
    service.task = asyncio.create_task(
        serve(
            settings,
            lambda: service.assistant,
            store,
            service.stop,
            reports=service.reports,
            pace=PACE,
            patience=patience,
        )
    )
    try:
        yield service
    finally:
        await service.ended()
