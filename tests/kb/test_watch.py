"""Changes on disk are noticed, and only those that matter."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.kb.watch import changes
from tests.knowledge_folder import KnowledgeFolder

NOTICE = 10.0
QUIET = 1.5


@asynccontextmanager
async def watching(root: Path) -> AsyncIterator[asyncio.Queue[None]]:
    """Notices as they come, once the watch stands."""
    notices: asyncio.Queue[None] = asyncio.Queue()
    stop = asyncio.Event()

    async def watch() -> None:
        async for _ in changes(root, stop=stop):
            notices.put_nowait(None)

    task = asyncio.create_task(watch())
    # The watch is set up in a thread; a probe file tells when it stands.
    for attempt in range(100):
        (root / "probe.yaml").write_text(str(attempt))
        try:
            await asyncio.wait_for(notices.get(), 0.5)
            break
        except TimeoutError:
            continue
    await asyncio.sleep(1.0)
    while not notices.empty():
        notices.get_nowait()
    try:
        yield notices
    finally:
        stop.set()
        await asyncio.wait_for(task, NOTICE)


async def test_edits_new_files_and_removals_are_noticed(base: KnowledgeFolder) -> None:
    async with watching(base.root) as notices:
        base.replace("entries/limits/fees.yaml", "visa", "permit")
        await asyncio.wait_for(notices.get(), NOTICE)
        base.write("entries/about/new/deep.yaml", "entries: []\n")
        await asyncio.wait_for(notices.get(), NOTICE)
        base.remove("entries/about/new/deep.yaml")
        await asyncio.wait_for(notices.get(), NOTICE)


async def test_many_changes_at_once_are_few_notices(base: KnowledgeFolder) -> None:
    async with watching(base.root) as notices:
        for number in range(50):
            base.write(f"entries/about/{number}.yaml", "entries: []\n")
        await asyncio.wait_for(notices.get(), NOTICE)
        await asyncio.sleep(QUIET)
        assert notices.qsize() <= 2


async def test_editor_and_git_files_are_not_noticed(base: KnowledgeFolder) -> None:
    async with watching(base.root) as notices:
        for name in (".git/index", "entries/.fees.yaml.swp", "entries/fees.yaml~", "entries/#fees.yaml#", "x.tmp"):
            base.write(name, "x")
        await asyncio.sleep(QUIET)
        assert notices.empty()


async def test_a_base_below_a_hidden_folder_is_watched(tmp_path: Path) -> None:
    root = tmp_path / ".data" / "knowledge"
    root.mkdir(parents=True)
    async with watching(root) as notices:
        (root / "topics.yaml").write_text("topics: []\n")
        await asyncio.wait_for(notices.get(), NOTICE)


async def test_there_is_no_such_folder(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        await anext(changes(tmp_path / "nothing"))
