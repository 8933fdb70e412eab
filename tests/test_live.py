"""Knowledge that follows its folder: real files, the real watcher, real training in a child process."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import pytest
import structlog
from structlog.testing import capture_logs
from structlog.typing import EventDict

from bot.answering.message import Conversation, Message
from bot.errors import KnowledgeError
from bot.live import MOST_REPORTED, SETTLING, Live
from tests.knowledge_folder import KnowledgeFolder, write_knowledge

PATIENCE = 60.0  # seconds until a test gives up; nothing here takes so long
HOUSING = "entries/situations/housing.yaml"


@pytest.fixture
def base(tmp_path: Path) -> KnowledgeFolder:
    return write_knowledge(tmp_path / "knowledge")


@pytest.fixture
def told() -> list[str]:
    """What the moderators were told."""
    return []


@pytest.fixture
def logged() -> Iterator[list[EventDict]]:
    structlog.reset_defaults()
    with capture_logs() as events:
        yield events


@pytest.fixture
async def live(base: KnowledgeFolder, tmp_path: Path, small: object, data_dir: Path) -> Live:
    """Started, but following nothing yet. Its first model is taken from those trained already."""
    shutil.copytree(data_dir / "models", tmp_path / "models")
    made = Live(base.root, tmp_path / "models")
    await made.start()
    return made


@pytest.fixture
async def following(live: Live, told: list[str]) -> AsyncIterator[Live]:
    async def report(text: str) -> None:
        told.append(text)

    task = asyncio.create_task(live.follow(report))
    yield live
    assert not task.done(), "it follows until it is cancelled"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not true():  # noqa: ASYNC110 - what is waited for is seen from outside only
            await asyncio.sleep(0.05)


def answer(live: Live, text: str) -> str:
    return live.current.reply(Message(text), Conversation()).text


def add_library_entry(base: KnowledgeFolder) -> None:
    """A new entry, which no trained model knows."""
    base.write(
        "entries/help/library.yaml",
        """\
entries:
  - id: public-library
    title: A library
    topics: [practical_help]
    asks: [where can i borrow books, is there a library]
    answer: Ask at the town hall.
    status: service
    confidence: inference
    type: organisation
    url: https://library.example/
    checked: 2026-11-01
""",
    )


async def test_before_it_started_there_is_nobody_to_answer(base: KnowledgeFolder, tmp_path: Path) -> None:
    with pytest.raises(RuntimeError, match=r"start\(\) was not awaited"):
        _ = Live(base.root, tmp_path / "models").current


async def test_a_broken_folder_does_not_start(base: KnowledgeFolder, tmp_path: Path) -> None:
    base.write("topics.yaml", "topics: [")
    with pytest.raises(KnowledgeError) as caught:
        await Live(base.root, tmp_path / "models").start()
    assert any(problem.startswith("knowledge/topics.yaml:1: ") for problem in caught.value.problems)


async def test_a_changed_answer_is_served(base: KnowledgeFolder, following: Live, told: list[str]) -> None:
    before = following.current
    base.replace(HOUSING, "Ask a union. Keep proof of your hours.", "Ask a union at once.")
    await until(lambda: following.current is not before)
    assert "Ask a union at once." in answer(following, "boss not pay")
    assert told == []


async def test_a_new_entry_is_trained_and_served(base: KnowledgeFolder, following: Live) -> None:
    before = following.current
    assert "town hall" not in answer(following, "where can i borrow books")
    add_library_entry(base)
    await until(lambda: following.current is not before)
    assert "public-library" in following.current.knowledge.entries
    assert "public-library" in following.current.matcher.models["en"].entries
    assert "town hall" in answer(following, "where can i borrow books")


async def test_a_file_caught_half_written_is_not_reported(
    base: KnowledgeFolder, following: Live, told: list[str], logged: list[EventDict]
) -> None:
    path = base.root / HOUSING
    whole = path.read_text(encoding="utf-8")
    before = following.current
    path.write_text("", encoding="utf-8")
    assert await following.reload(refuse_to_report(path, whole.replace("Ask a union.", "Ask a union at once.")))
    await until(lambda: following.current is not before)
    assert told == []
    assert "Ask a union at once." in answer(following, "boss not pay")


def refuse_to_report(path: Path, whole: str) -> Callable[[str], Awaitable[None]]:
    """Fills the file while the broken state settles, and must never be told of it."""
    asyncio.get_running_loop().call_later(SETTLING / 3, lambda: path.write_text(whole, encoding="utf-8"))

    async def report(text: str) -> None:
        raise AssertionError(text)

    return report


async def test_a_broken_edit_is_reported_and_the_old_knowledge_goes_on(
    base: KnowledgeFolder, following: Live, told: list[str], logged: list[EventDict]
) -> None:
    before = following.current
    base.replace(HOUSING, "status: guidance", "status: advice")
    await until(lambda: told != [])
    assert following.current is before
    assert "Ask a union" in answer(following, "boss not pay")
    first, *lines = told[0].splitlines()
    assert first == "The knowledge base was changed and has errors. The old one goes on."
    assert len(lines) == 1
    assert lines[0].startswith("knowledge/entries/situations/housing.yaml:30: status: 'advice' is not known; ")
    broken = [event for event in logged if event["event"] == "knowledge.broken"]
    assert broken[0]["log_level"] == "error"
    assert broken[0]["problems"] == lines


async def test_a_broken_edit_that_is_mended_is_served(
    base: KnowledgeFolder, following: Live, told: list[str]
) -> None:
    before = following.current
    base.replace(HOUSING, "status: guidance", "status: advice")
    await until(lambda: told != [])
    base.replace(HOUSING, "status: advice", "status: guidance")
    base.replace(HOUSING, "Ask a union. Keep proof of your hours.", "Ask a union first.")
    await until(lambda: following.current is not before)
    assert "Ask a union first." in answer(following, "boss not pay")
    assert len(told) == 1


async def test_a_broken_edit_that_is_undone_needs_no_training(
    base: KnowledgeFolder, live: Live, told: list[str]
) -> None:
    async def report(text: str) -> None:
        told.append(text)

    before = live.current
    base.replace(HOUSING, "status: guidance", "status: advice")
    assert not await live.reload(report)
    base.replace(HOUSING, "status: advice", "status: guidance")
    assert await live.reload(report)
    assert live.current is before
    assert len(told) == 1


async def test_a_broken_edit_is_told_once_and_again_after_it_was_mended(
    base: KnowledgeFolder, live: Live, told: list[str]
) -> None:
    async def report(text: str) -> None:
        told.append(text)

    for _ in range(2):
        base.replace(HOUSING, "status: guidance", "status: advice")
        assert not await live.reload(report)
        base.write(HOUSING, base.read(HOUSING))
        assert not await live.reload(report)
        base.replace(HOUSING, "status: advice", "status: guidance")
        assert await live.reload(report)
    assert len(told) == 2


async def test_of_very_many_problems_the_first_are_told_and_the_rest_counted(
    base: KnowledgeFolder, live: Live, told: list[str]
) -> None:
    async def report(text: str) -> None:
        told.append(text)

    base.write("checks/en/many.yaml", "checks:\n" + "  - {text: hello, expect: [nobody]}\n" * 30)
    assert not await live.reload(report)
    lines = told[0].splitlines()
    assert len(lines) == 1 + MOST_REPORTED + 1
    assert lines[-1].startswith("... and ")


async def test_what_changed_while_it_started_is_served_too(
    base: KnowledgeFolder, live: Live, told: list[str]
) -> None:
    async def report(text: str) -> None:
        told.append(text)

    before = live.current
    base.replace(HOUSING, "Ask a union. Keep proof of your hours.", "Ask a union early.")
    task = asyncio.create_task(live.follow(report))
    await until(lambda: live.current is not before)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert "Ask a union early." in answer(live, "boss not pay")


async def test_a_model_that_cannot_be_made_is_reported_and_the_old_knowledge_goes_on(
    base: KnowledgeFolder, live: Live, tmp_path: Path, told: list[str], logged: list[EventDict]
) -> None:
    async def report(text: str) -> None:
        told.append(text)

    before = live.current
    shutil.rmtree(tmp_path / "models")
    (tmp_path / "models").write_text("a file where the folder was")
    add_library_entry(base)
    assert not await live.reload(report)
    assert live.current is before
    assert told[0].startswith(
        "The knowledge base was changed but can't be served yet. The old one goes on.\nTraining "
    )
    assert [event["event"] for event in logged if event["log_level"] == "error"] == ["knowledge.not_trained"]
    (tmp_path / "models").unlink()
    assert await live.reload(report)
    assert "town hall" in answer(live, "where can i borrow books")


async def test_a_conversation_goes_on_over_a_change(base: KnowledgeFolder, live: Live, told: list[str]) -> None:
    async def report(text: str) -> None:
        told.append(text)

    shown = live.current.reply(Message("landlord says no foreigners"), Conversation())
    base.replace(HOUSING, "Ask a union. Keep proof of your hours.", "Ask a union soon.")
    assert await live.reload(report)
    assert "Ask a union soon." in live.current.reply(Message("1"), shown.then).text
