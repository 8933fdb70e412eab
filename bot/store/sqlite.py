"""Everything that is true of SQLite only: how the file is made, how connections are set up, what its errors mean."""

from __future__ import annotations

import os
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import URL
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from bot.errors import StoreError

BUSY_SECONDS = 5.0
"""How long a statement waits for another process that is writing."""

_PRAGMAS = (
    # With WAL, NORMAL can't break the file, and a killed process loses nothing. Only a power cut can take the last
    # moments: a chosen language, or an answer that waited. That isn't worth a disk flush for every message.
    "PRAGMA synchronous = NORMAL",
    # What is deleted is overwritten, so that forgetting a person forgets them in the file too.
    "PRAGMA secure_delete = ON",
)


def make_file(path: Path) -> None:
    """Makes the file and its folder, if they aren't there, for their owner only. What is there keeps its permissions.

    SQLite gives its own `-wal` and `-shm` files the permissions of the database.
    """
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDONLY | os.O_CREAT, 0o600))
    except OSError as error:
        reason = error.strerror or "unknown reason"
        raise StoreError(
            f"The database {path} can't be opened ({reason}). Check DATA_DIR and DATABASE_URL, and that the bot's "
            "user may write there."
        ) from error


def async_engine(path: Path, busy: float) -> AsyncEngine:
    """The engine that serves.

    One connection: SQLite has one writer at a time anyway, and tasks that queue for the connection in order do better
    than threads that wake up to ask whether the lock is free.

    `IMMEDIATE`: a transaction begins with its first insert, update or delete, and takes the write lock there and then.
    One that begins as a reader and writes later fails at once when another process has written meanwhile.
    """
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        pool_size=1,
        max_overflow=0,
        connect_args={"timeout": busy, "isolation_level": "IMMEDIATE"},
        hide_parameters=True,
    )
    _set_up(engine.sync_engine, *_PRAGMAS, "PRAGMA foreign_keys = ON")
    return engine


def sync_engine(path: Path, busy: float) -> Engine:
    """An engine for the moments before serving: every use is a new connection, closed at once.

    A transaction holds the write lock from its beginning, for changes of tables too (the driver's own ones don't).
    Foreign keys are not enforced: a migration that must copy a table drops the old one, and that would delete all rows
    that refer to it.
    """
    engine = create_engine(
        URL.create("sqlite", database=str(path)),
        poolclass=NullPool,
        connect_args={"timeout": busy, "isolation_level": None},
        hide_parameters=True,
    )
    _set_up(engine, *_PRAGMAS)

    @event.listens_for(engine, "begin")
    def _begun(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")

    return engine


def use_wal(engine: Engine, busy: float) -> None:
    """Turns on the write-ahead log: readers and the writer don't wait for each other. The file remembers it.

    The switch needs the file for itself and does not always wait for it, so it is tried until `busy` seconds are over.
    """
    until = time.monotonic() + busy
    with closing(engine.raw_connection()) as connection:
        while True:
            try:
                connection.cursor().execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as error:
                if _code(error) not in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED) or time.monotonic() >= until:
                    raise
                time.sleep(0.05)
            else:
                return


CLEAN_LOG = "PRAGMA wal_checkpoint(TRUNCATE)"
"""Empties the write-ahead log into the file: until then, deleted rows still stand in the log."""


def _set_up(engine: Engine, *pragmas: str) -> None:
    @event.listens_for(engine, "connect")
    def _connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in pragmas:
            cursor.execute(pragma)
        cursor.close()


def _code(error: BaseException) -> int | None:
    """SQLite's primary result code, from the error or from what caused it."""
    found: BaseException | None = error.orig if isinstance(error, DBAPIError) else error
    while found is not None:
        code = getattr(found, "sqlite_errorcode", None)
        if isinstance(code, int):
            return code & 0xFF
        found = found.__cause__
    return None


@contextmanager
def explained(path: Path, busy: float) -> Iterator[None]:
    """Turns the database's errors into a StoreError of one line that says what to do. Holds no values of any row."""
    try:
        yield
    except PoolTimeoutError as error:
        raise StoreError(f"The database {path} is too slow: a task waited 30 seconds for its turn.") from error
    except DBAPIError as error:
        raise StoreError(_sentence(path, busy, error)) from error
    except sqlite3.Error as error:
        raise StoreError(_sentence(path, busy, error)) from error


def _sentence(path: Path, busy: float, error: Exception) -> str:
    match _code(error):
        case sqlite3.SQLITE_BUSY | sqlite3.SQLITE_LOCKED:
            return (
                f"The database {path} is locked: another program has kept it for more than {busy:g} seconds. "
                "Stop that program, then start the bot again."
            )
        case sqlite3.SQLITE_READONLY | sqlite3.SQLITE_PERM | sqlite3.SQLITE_AUTH:
            return (
                f"The database {path} can be read but not written. "
                "Give the bot's user the right to write the file and its folder."
            )
        case sqlite3.SQLITE_NOTADB:
            return (
                f"{path} is not a SQLite database. Set DATABASE_URL to another file, or move this one away and a new "
                "one is made."
            )
        case sqlite3.SQLITE_CORRUPT:
            return (
                f"The database {path} is damaged. Put a backup in its place, or move it away and a new one is made "
                "(people then choose their language again)."
            )
        case sqlite3.SQLITE_FULL | sqlite3.SQLITE_IOERR:
            return f"The database {path} can't be written: the disk is full or broken. Make room, or mend the disk."
        case sqlite3.SQLITE_CANTOPEN:
            return (
                f"The database {path} can't be opened. Check DATA_DIR and DATABASE_URL, and that the bot's user may "
                "write there."
            )
        case _:
            reason = error.orig if isinstance(error, DBAPIError) else error
            return f"The database {path} could not do its work: {reason}."
