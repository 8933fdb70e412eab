"""Brings a database to the newest form. The migration library is only loaded when there is something to do."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from bot.errors import StoreError
from bot.store import sqlite
from bot.store.tables import metadata

if TYPE_CHECKING:
    from alembic.config import Config

NEWEST = "store_0001"
"""The last revision in `migrations/versions`."""

_VERSION_TABLE = "store_version"
MIGRATIONS = Path(__file__).parent / "migrations"


def prepare(path: Path, busy: float) -> None:
    """Makes the file at `path` if need be, and gives it the newest tables: all of a step, or nothing of it.

    Blocks: `busy` is how many seconds it may wait for another process.

    Raises:
        StoreError: the file can't be used; it is as it was.
    """
    sqlite.make_file(path)
    engine = sqlite.sync_engine(path, busy)
    with sqlite.explained(path, busy):
        sqlite.use_wal(engine, busy)
        # Holding the write lock all along: of two processes that start together, one migrates and the other waits.
        with engine.begin() as connection:
            revision = current(connection)
            if revision == NEWEST:
                return
            if revision is None and set(inspect(connection).get_table_names()) - {_VERSION_TABLE}:
                raise StoreError(
                    f"The database {path} belongs to another program: it has tables, and none of them is the bot's. "
                    "Set DATABASE_URL to a file of the bot's own."
                )
            if revision is not None and not _known(revision):
                raise StoreError(
                    f"The database {path} was made by a newer version of the bot. Start that version, or set "
                    "DATABASE_URL to another file."
                )
            upgrade(connection)


def current(connection: Connection) -> str | None:
    """The revision the database is at; None when it has none yet."""
    if not inspect(connection).has_table(_VERSION_TABLE):
        return None
    return connection.execute(text(f"SELECT version_num FROM {_VERSION_TABLE}")).scalar()  # noqa: S608 - a constant


def upgrade(connection: Connection, to: str = "head") -> None:
    """Runs the revisions up to `to`, inside the connection's transaction."""
    from alembic import command

    command.upgrade(configuration(connection), to)


def downgrade(connection: Connection, to: str = "base") -> None:
    """Undoes the revisions down to `to`, inside the connection's transaction."""
    from alembic import command

    command.downgrade(configuration(connection), to)


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's settings, without an ini file: the migrations travel inside the package.

    A new revision is written by `alembic.command.revision(configuration(connection), "what it does",
    autogenerate=True)`; then `NEWEST` follows it.
    """
    from alembic.config import Config

    config = Config(attributes={"connection": connection, "metadata": metadata, "version_table": _VERSION_TABLE})
    config.set_main_option("script_location", str(MIGRATIONS).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _known(revision: str) -> bool:
    from alembic.script import ScriptDirectory
    from alembic.util.exc import CommandError

    try:
        return ScriptDirectory.from_config(configuration()).get_revision(revision) is not None
    except CommandError:
        return False
