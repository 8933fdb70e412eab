"""Killed processes, several processes, cancelled tasks: what was acknowledged is there, and the file stays whole."""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from bot.answering.message import Conversation
from bot.answering.reply import Recipe
from bot.store.address import database_url
from bot.store.store import Store

ROOT = Path(__file__).parents[2]
ANSWER = Recipe("answer", "en", ("housing-refused",))

WRITER = """
import asyncio, sys
from bot.answering.message import Conversation
from bot.answering.reply import Recipe
from bot.store.store import Store

async def main():
    store = await Store.open(sys.argv[1])
    for n in range(1, 1_000_000):
        recipe = Recipe("answer", "en", ("entry-%d" % n,))
        if n % 2:
            await store.record(1, Conversation("es", "entry-%d" % n), question=n, message=n, recipe=recipe)
        else:
            await store.wait(1, Conversation("es", "entry-%d" % n), question=n, edit=None, recipe=recipe, not_before=n)
        print(n, flush=True)

asyncio.run(main())
"""


def child(code: str, *arguments: str) -> subprocess.Popen[str]:
    """A Python process that can import the bot."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONWARNINGS": "error"}
    return subprocess.Popen(
        [sys.executable, "-c", code, *arguments],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


@pytest.mark.parametrize("acknowledged", [1, 40, 333])
async def test_a_process_killed_while_it_writes_loses_nothing_it_acknowledged(file: Path, acknowledged: int) -> None:
    with child(WRITER, database_url(file)) as process:
        assert process.stdout is not None
        last = 0
        for line in process.stdout:
            last = int(line)
            if last >= acknowledged:
                process.send_signal(signal.SIGKILL)
                break
        last = max(
            [last, *(int(line) for line in process.stdout.read().splitlines(keepends=True) if line.endswith("\n"))]
        )
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    store = await Store.open(database_url(file))
    context = (await store.conversation(1)).last
    assert context in (f"entry-{last}", f"entry-{last + 1}")
    for n in range(1, last + 1, 2):
        assert await store.reply_to(1, n) is not None
    for n in range(2, last + 1, 2):
        [row] = await store.due(1e12)
        assert row.question == n
        await store.drop(row)
    await store.record(1, Conversation("fr"), question=5, message=10_000_000, recipe=ANSWER)
    assert await store.conversation(1) == Conversation("fr")
    await store.close()


async def test_two_stores_write_to_one_file_at_once(file: Path) -> None:
    first, second = await asyncio.gather(Store.open(database_url(file)), Store.open(database_url(file)))

    async def work(store: Store, start: int) -> None:
        for n in range(start, start + 150):
            talk = await store.conversation(n % 10)
            await store.record(
                n % 10, Conversation("es", unknowns=talk.unknowns), question=n, message=n, recipe=ANSWER
            )

    await asyncio.gather(work(first, 0), work(second, 1000), work(first, 2000))
    for n in [*range(150), *range(1000, 1150), *range(2000, 2150)]:
        assert await second.reply_to(n % 10, n) is not None
        assert await first.reply_to(n % 10, n) is not None
    await first.close()
    await second.close()


def test_processes_that_start_together_make_one_database(file: Path) -> None:
    code = (
        "import asyncio, sys\n"
        "from bot.store.store import Store\n"
        "async def main():\n"
        "    store = await Store.open(sys.argv[1], busy=60)\n"
        "    await store.ping()\n"
        "    await store.close()\n"
        "asyncio.run(main())\n"
    )
    processes = [child(code, database_url(file)) for _ in range(4)]
    for process in processes:
        _, errors = process.communicate()
        assert (process.returncode, errors) == (0, "")


async def test_many_tasks_share_one_store(store: Store) -> None:
    async def one(chat: int) -> None:
        await store.record(chat, Conversation("es"), question=1, message=2, recipe=ANSWER)
        assert await store.conversation(chat) == Conversation("es")

    await asyncio.gather(*(one(chat) for chat in range(300)))


async def test_a_cancelled_task_leaves_whole_transactions_and_a_store_that_works(store: Store) -> None:
    for rounds in range(40):
        task = asyncio.create_task(
            store.record(rounds, Conversation("es", "x"), question=1, message=2, recipe=ANSWER)
        )
        for _ in range(rounds):
            await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait({task})
        kept, reply = await store.conversation(rounds), await store.reply_to(rounds, 1)
        assert (kept == Conversation()) == (reply is None)
    await store.record(7, Conversation("fr"), question=8, message=9, recipe=ANSWER)
    assert await store.conversation(7) == Conversation("fr")
