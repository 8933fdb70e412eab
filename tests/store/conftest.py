"""A store on a real file, with a clock that tests turn."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.store.address import database_url
from bot.store.store import Store


class Clock:
    """Unix seconds, as many as the test says."""

    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "data" / "bot.db"


@pytest.fixture
async def store(file: Path, clock: Clock) -> AsyncIterator[Store]:
    opened = await Store.open(database_url(file), clock=clock)
    yield opened
    await opened.close()
