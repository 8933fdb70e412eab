from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.app import make_assistant, read_knowledge, servable
from bot.store.store import Store
from tests.channels.telegram.running import Service, Settings, serving
from tests.fake_bot_api import FakeBotApi

ROOT = Path(__file__).parents[3]


@pytest.fixture
def unused_port() -> int:
    """A port on loopback where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@pytest.fixture(scope="session")
def trained(tmp_path_factory: pytest.TempPathFactory) -> tuple[Assistant, Path]:
    """The assistant on the shipped knowledge base, and the folder of its models."""
    root, models = ROOT / "knowledge", tmp_path_factory.mktemp("models")
    knowledge = servable(read_knowledge(root), root)
    return asyncio.run(make_assistant(knowledge, models)), models


@pytest.fixture(scope="session")
def assistant(trained: tuple[Assistant, Path]) -> Assistant:
    """The assistant on the shipped knowledge base. It keeps nothing, so one serves all tests."""
    return trained[0]


@pytest.fixture(scope="session")
def models(trained: tuple[Assistant, Path]) -> Path:
    """The models of the shipped knowledge base, so that no process has to train them again."""
    return trained[1]


@pytest.fixture(scope="session")
def vague(assistant: Assistant) -> str:
    """A word that may mean several entries equally well."""
    words = ("police", "papers", "passport", "boss", "work", "school", "doctor", "family", "house", "pay", "border")
    return next(word for word in words if assistant.reply(Message(word), Conversation()).kind == "choices")


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as running:
        yield running


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}")
    yield opened
    await opened.close()


@pytest.fixture
async def service(api: FakeBotApi, assistant: Assistant, store: Store) -> AsyncIterator[Service]:
    """The whole channel, running against the fake server. A test that ends well has made no faulty call."""
    async with serving(Settings(api.base_url), assistant, store) as running:
        yield running
    assert api.faults == []
