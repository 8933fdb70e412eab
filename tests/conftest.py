"""What many tests share: the shipped knowledge base, trained once, and conversations with it on one line."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.answering.assistant import Assistant
from bot.app import make_assistant, read_knowledge, servable
from bot.kb.knowledge import Knowledge
from bot.matching.train import clear_unused
from tests.conversation import Talk
from tests.knowledge_folder import KnowledgeFolder, write_knowledge

SHIPPED = Path(__file__).parents[1] / "knowledge"


@pytest.fixture(scope="session")
def shipped() -> Knowledge:
    """The knowledge base that ships with the code."""
    return servable(read_knowledge(SHIPPED), SHIPPED)


@pytest.fixture(scope="session")
def data_dir(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A `DATA_DIR` whose `models` stay from one run of the tests to the next: training takes seconds."""
    cache = getattr(request.config, "cache", None)
    folder: Path = cache.mkdir("bot-data") if cache is not None else tmp_path_factory.mktemp("bot-data")
    clear_unused(folder / "models")
    return folder


@pytest.fixture(scope="session")
def shipped_assistant(shipped: Knowledge, data_dir: Path) -> Assistant:
    """The assistant on the shipped knowledge base. It keeps nothing, so one serves all tests."""
    return asyncio.run(make_assistant(shipped, data_dir / "models"))


@pytest.fixture
def say(shipped_assistant: Assistant) -> Talk:
    """A new conversation in which no language was chosen: `say("boss not pay") == "wages-not-paid"`."""
    return Talk(shipped_assistant)


@pytest.fixture
def talk(shipped_assistant: Assistant) -> Callable[[str], Talk]:
    """A new conversation with somebody who chose a language."""
    return lambda lang: Talk(shipped_assistant, lang)


@pytest.fixture(scope="session")
def small_folder(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeFolder:
    """The small knowledge base on disk. Tests that change it write one of their own."""
    return write_knowledge(tmp_path_factory.mktemp("small") / "knowledge")


@pytest.fixture(scope="session")
def small(small_folder: KnowledgeFolder, data_dir: Path) -> Assistant:
    """An assistant on the small knowledge base, which has six entries of different kinds and two retired ids."""
    knowledge = servable(read_knowledge(small_folder.root), small_folder.root)
    return asyncio.run(make_assistant(knowledge, data_dir / "models"))
