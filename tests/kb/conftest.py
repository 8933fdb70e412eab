"""A small valid knowledge base, and what the loader says of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from bot.kb.loader import Loaded, load
from tests.knowledge_folder import TODAY, KnowledgeFolder, write_knowledge


@pytest.fixture
def base(tmp_path: Path) -> KnowledgeFolder:
    return write_knowledge(tmp_path / "knowledge")


@pytest.fixture
def check(base: KnowledgeFolder) -> Callable[[], list[str]]:
    """Every problem of the base as lines, errors before warnings."""

    def run() -> list[str]:
        loaded = read(base)
        return [*map(str, loaded.errors), *(f"warning {problem}" for problem in loaded.warnings)]

    return run


def read(base: KnowledgeFolder) -> Loaded:
    return load(base.root, today=date.fromisoformat(TODAY))
