"""What an operator reads when the database can't be used: one line, word by word."""

from __future__ import annotations

import os
import shutil
import sqlite3
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from bot.answering.message import Conversation
from bot.answering.reply import Recipe
from bot.errors import BotError, SettingsError, StoreError
from bot.store import migrate
from bot.store.address import database_path, database_url
from bot.store.store import Store

ROOT = Path(__file__).parents[2]
ANSWER = Recipe("answer", "en", ("housing-refused",))


async def refusal(file: Path) -> str:
    """What opening the file says, which is one line."""
    with pytest.raises(BotError) as caught:
        await Store.open(database_url(file), busy=0.2)
    assert "\n" not in str(caught.value)
    return str(caught.value)


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def overwrite(file: Path, start: int, end: int | None = None) -> None:
    """What a dying disk does."""
    content = bytearray(file.read_bytes())
    content[start:end] = b"\xff" * len(content[start:end])
    file.write_bytes(content)


async def test_the_file_and_its_folder_are_for_their_owner_only(store: Store, file: Path) -> None:
    await store.record(7, Conversation("es"), question=1, message=2, recipe=ANSWER)
    assert mode(file.parent) == 0o700
    found = {path.name: mode(path) for path in file.parent.iterdir()}
    assert found == {"bot.db": 0o600, "bot.db-wal": 0o600, "bot.db-shm": 0o600}


def test_a_folder_that_is_there_keeps_its_permissions(tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    migrate.prepare(tmp_path / "bot.db", busy=1.0)
    assert mode(tmp_path) == 0o750


async def test_a_file_of_something_else(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    file.write_bytes(b"dear diary, " * 1000)
    assert await refusal(file) == (
        f"{file} is not a SQLite database. Set DATABASE_URL to another file, or move this one away and a new one is made."
    )
    assert file.read_bytes() == b"dear diary, " * 1000


async def test_a_damaged_file(store: Store, file: Path) -> None:
    for chat in range(300):
        await store.record(chat, Conversation("es"), question=1, message=2, recipe=ANSWER)
    await store.close()
    overwrite(file, 4096)
    told = (
        f"The database {file} is damaged. Put a backup in its place, or move it away and a new one is made "
        "(people then choose their language again)."
    )
    assert await refusal(file) == told


async def test_damage_that_only_shows_later(store: Store, file: Path) -> None:
    for chat in range(300):
        await store.record(chat, Conversation("es", "x" * 60), question=1, message=2, recipe=ANSWER)
    await store.close()
    with closing(sqlite3.connect(file)) as raw:
        [(root,)] = raw.execute("SELECT rootpage FROM sqlite_master WHERE name = 'conversations'").fetchall()
    overwrite(file, (root - 1) * 4096, root * 4096)
    broken = await Store.open(database_url(file))
    with pytest.raises(StoreError, match="is damaged"):
        await broken.conversation(7)
    await broken.close()


async def test_a_file_that_another_program_keeps_locked(store: Store, file: Path) -> None:
    await store.ping()
    told = (
        f"The database {file} is locked: another program has kept it for more than 0.2 seconds. "
        "Stop that program, then start the bot again."
    )
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("BEGIN EXCLUSIVE")
        assert await refusal(file) == told
        other.execute("ROLLBACK")
        impatient = await Store.open(database_url(file), busy=0.2)
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StoreError) as caught:
            await impatient.record(7, Conversation("es"), question=1, message=2, recipe=ANSWER)
        assert str(caught.value) == told
        assert await impatient.conversation(7) == Conversation()
        other.execute("ROLLBACK")
        await impatient.record(7, Conversation("es"), question=1, message=2, recipe=ANSWER)
        assert await impatient.conversation(7) == Conversation("es")
        await impatient.close()


async def test_a_file_of_a_newer_version(store: Store, file: Path) -> None:
    await store.close()
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("UPDATE store_version SET version_num = 'store_9999'")
    assert await refusal(file) == (
        f"The database {file} was made by a newer version of the bot. Start that version, or set DATABASE_URL to "
        "another file."
    )


async def test_a_file_of_another_program(tmp_path: Path) -> None:
    file = tmp_path / "photos.db"
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("CREATE TABLE photos (id INTEGER)")
    assert await refusal(file) == (
        f"The database {file} belongs to another program: it has tables, and none of them is the bot's. Set "
        "DATABASE_URL to a file of the bot's own."
    )
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT name FROM sqlite_master").fetchall() == [("photos",)]


async def test_a_folder_in_the_place_of_the_file(tmp_path: Path) -> None:
    assert (await refusal(tmp_path)).startswith(f"The database {tmp_path} can't be opened")


async def test_a_file_in_the_place_of_the_folder(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("x")
    file = tmp_path / "data" / "bot.db"
    assert (await refusal(file)) == (
        f"The database {file} can't be opened (File exists). Check DATA_DIR and DATABASE_URL, and that the bot's user "
        "may write there."
    )


@pytest.fixture
def public() -> Iterator[Path]:
    """A folder that every user of the machine may enter; pytest's own are for their owner."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o755)
    yield folder
    folder.chmod(0o755)
    shutil.rmtree(folder)


OPEN = """
import asyncio, os, sys
from bot.errors import StoreError
from bot.store.store import Store

async def main():
    # Loads every library first: another user may not be allowed to read them.
    await (await Store.open(sys.argv[2])).close()
    if sys.argv[3] == "full":
        import resource, signal
        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    elif os.geteuid() == 0:  # permissions don't bind root
        os.setgid(65534)
        os.setuid(65534)
    try:
        await Store.open(sys.argv[1])
    except StoreError as error:
        print(error)

asyncio.run(main())
"""


def told_by_a_child(file: Path, spare: Path, how: str) -> str:
    """What a process reads that opens `file` with no right to write it, or with no room on the disk."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", OPEN, database_url(file), database_url(spare), how]
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert done.stderr == ""
    return done.stdout.strip()


def test_a_file_that_may_only_be_read(public: Path, tmp_path: Path) -> None:
    file = public / "bot.db"
    migrate.prepare(file, busy=1.0)
    file.chmod(0o444)
    public.chmod(0o555)
    assert told_by_a_child(file, tmp_path / "spare.db", "read-only") == (
        f"The database {file} can be read but not written. Give the bot's user the right to write the file and its "
        "folder."
    )


def test_a_folder_where_nothing_may_be_made(public: Path, tmp_path: Path) -> None:
    public.chmod(0o555)
    file = public / "bot.db"
    assert told_by_a_child(file, tmp_path / "spare.db", "read-only") == (
        f"The database {file} can't be opened (Permission denied). Check DATA_DIR and DATABASE_URL, and that the bot's "
        "user may write there."
    )


def test_a_full_disk(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    assert told_by_a_child(file, tmp_path / "spare.db", "full") == (
        f"The database {file} can't be written: the disk is full or broken. Make room, or mend the disk."
    )


async def test_errors_hold_no_ids_of_people(store: Store, file: Path) -> None:
    await store.ping()
    with closing(sqlite3.connect(file)) as raw, raw:
        raw.execute("DROP TABLE replies")
    with pytest.raises(StoreError) as caught:
        await store.record(123454321, Conversation("es"), question=1, message=2, recipe=ANSWER)
    cause: BaseException | None = caught.value
    assert str(cause) == f"The database {file} could not do its work: no such table: replies."
    while cause is not None:
        assert "123454321" not in str(cause)
        cause = cause.__cause__


@pytest.mark.parametrize(
    ("url", "told"),
    [
        (
            "postgresql+asyncpg://bot:secret@db/bot",
            "DATABASE_URL must be sqlite+aiosqlite:///PATH; this version keeps its data in SQLite only.",
        ),
        (
            "sqlite:///bot.db",
            "DATABASE_URL must be sqlite+aiosqlite:///PATH; this version keeps its data in SQLite only.",
        ),
        ("", "DATABASE_URL must be sqlite+aiosqlite:///PATH; this version keeps its data in SQLite only."),
        (
            "sqlite+aiosqlite:///:memory:",
            "DATABASE_URL must name a file after sqlite+aiosqlite:///, such as /var/lib/bot/bot.db.",
        ),
        (
            "sqlite+aiosqlite:///",
            "DATABASE_URL must name a file after sqlite+aiosqlite:///, such as /var/lib/bot/bot.db.",
        ),
        (
            "sqlite+aiosqlite:///bot.db?timeout=3",
            "DATABASE_URL takes no options: end it before the question mark.",
        ),
    ],
)
async def test_addresses_that_are_not_taken(url: str, told: str) -> None:
    with pytest.raises(SettingsError) as caught:
        await Store.open(url)
    assert str(caught.value) == told


def test_a_short_address_is_taken_from_the_current_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert database_path("sqlite+aiosqlite:///bot.db") == tmp_path / "bot.db"
    assert database_path("sqlite+aiosqlite:////var/lib/bot.db") == Path("/var/lib/bot.db")
