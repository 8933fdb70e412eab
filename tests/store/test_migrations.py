"""The steps between forms of the database: up, down, and exactly what the tables say."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect
from sqlalchemy.dialects import postgresql
from sqlalchemy.schema import CreateTable

from bot.answering.message import Conversation
from bot.answering.reply import Recipe
from bot.store import migrate, sqlite, statements
from bot.store.address import database_url
from bot.store.store import Store
from bot.store.tables import metadata, outbox

ROOT = Path(__file__).parents[2]


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    return sqlite.sync_engine(tmp_path / "bot.db", busy=1.0)


def test_the_migrated_tables_are_those_of_the_metadata(engine: Engine) -> None:
    with engine.begin() as connection:
        migrate.upgrade(connection)
        context = MigrationContext.configure(
            connection, opts={"version_table": "store_version", "compare_type": True, "compare_server_default": True}
        )
        assert compare_metadata(context, metadata) == []


def test_each_step_can_be_undone_and_done_again(engine: Engine) -> None:
    steps = [step.revision for step in ScriptDirectory.from_config(migrate.configuration()).walk_revisions()]
    with engine.begin() as connection:
        for revision in reversed(steps):
            migrate.upgrade(connection, revision)
            assert migrate.current(connection) == revision
        for _ in steps:
            migrate.downgrade(connection, "-1")
        assert inspect(connection).get_table_names() == ["store_version"]
        assert migrate.current(connection) is None
        migrate.upgrade(connection)
        assert migrate.current(connection) == migrate.NEWEST


def test_the_newest_revision_is_named_without_asking_the_library(engine: Engine) -> None:
    assert ScriptDirectory.from_config(migrate.configuration()).get_current_head() == migrate.NEWEST


def test_a_step_that_fails_halfway_leaves_the_file_as_it_was(engine: Engine) -> None:
    def fail() -> None:
        with engine.begin() as connection:
            migrate.upgrade(connection)
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    with engine.begin() as connection:
        assert inspect(connection).get_table_names() == []


def test_the_file_ids_are_never_reused_and_deletes_are_overwritten(engine: Engine) -> None:
    with engine.begin() as connection:
        migrate.upgrade(connection)
        made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name = 'outbox'").scalar_one()
        assert "AUTOINCREMENT" in made
        assert "AUTOINCREMENT" in str(CreateTable(outbox).compile(connection))
        assert connection.exec_driver_sql("PRAGMA secure_delete").scalar_one() == 1


async def test_how_a_served_file_is_opened(store: Store, file: Path) -> None:
    await store.ping()
    engine = sqlite.async_engine(file, busy=5.0)
    async with engine.connect() as connection:
        for pragma, value in {
            "journal_mode": "wal",
            "busy_timeout": 5000,
            "foreign_keys": 1,
            "synchronous": 1,
            "secure_delete": 1,
        }.items():
            assert (await connection.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one() == value
    await engine.dispose()


async def test_an_emptied_version_is_filled_again(store: Store, file: Path) -> None:
    """A downgrade to nothing leaves the version's table behind; that is a file of ours all the same."""
    await store.close()
    with sqlite.sync_engine(file, busy=1.0).begin() as connection:
        migrate.downgrade(connection)
    again = await Store.open(database_url(file))
    await again.ping()
    await again.close()


async def test_rows_survive_a_second_opening(file: Path) -> None:
    for _ in range(2):
        store = await Store.open(database_url(file))
        await store.record(7, Conversation("es"), question=1, message=2, recipe=Recipe("answer", "en", ("a",)))
        await store.close()
    with closing(sqlite3.connect(file)) as raw:
        assert raw.execute("SELECT chat, lang FROM conversations").fetchall() == [(7, "es")]


def test_opening_a_current_database_loads_no_migration_library(file: Path) -> None:
    code = (
        "import asyncio, sys\n"
        "from bot.store.store import Store\n"
        "async def main():\n"
        "    store = await Store.open(sys.argv[1])\n"
        "    await store.ping()\n"
        "    await store.close()\n"
        "asyncio.run(main())\n"
        "print('alembic' in sys.modules)\n"
    )
    command = [sys.executable, "-c", code, database_url(file)]
    runs = [subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout for _ in range(2)]
    assert runs == ["True\n", "False\n"]


def test_the_statements_are_no_dialects_own() -> None:
    """They compile for PostgreSQL too, upserts included."""
    dialect = postgresql.dialect()  # type: ignore[no-untyped-call]
    for name, statement in vars(statements).items():
        if name.isupper() and not name.startswith("_"):
            assert str(statement.compile(dialect=dialect))
    for upsert in (statements.keep_conversation("postgresql"), statements.keep_reply("postgresql")):
        assert "ON CONFLICT" in str(upsert.compile(dialect=dialect))
