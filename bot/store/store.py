"""What must survive a restart: where each conversation stands, what our messages show, and what waits to be sent.

Only numbers and ids of knowledge-base entries are kept, never what anyone wrote. Each call is one transaction.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any, Self

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.answering.message import Conversation
from bot.answering.reply import Recipe
from bot.store import migrate, sqlite, statements
from bot.store.address import database_path

CONTEXT_SECONDS = 30 * 60
"""How long the last answer, the choices shown and the row of unknowns are remembered. The language has no end."""


@dataclass(frozen=True, slots=True)
class SentReply:
    """A message of ours that answered a question, and what it shows."""

    chat: int
    question: int
    """The person's message."""
    message: int
    """Ours."""
    recipe: Recipe
    newest: bool
    """No other message of ours came after it in that chat."""


@dataclass(frozen=True, slots=True)
class Waiting:
    """A reply that is to be sent later."""

    id: int
    chat: int
    question: int | None
    edit: int | None
    """Our message that is to be edited; None: a new message is sent."""
    recipe: Recipe
    not_before: float
    """Unix seconds."""
    attempts: int
    """How often it was postponed."""


class Store:
    """The database. Made by `Store.open`; every method but `close` may raise StoreError."""

    def __init__(self, url: str, clock: Callable[[], float], busy: float) -> None:
        self._path = database_path(url)
        self._clock = clock
        self._busy = busy
        self._engine = sqlite.async_engine(self._path, busy)
        dialect = self._engine.dialect.name
        self._keep_conversation = statements.keep_conversation(dialect)
        self._keep_reply = statements.keep_reply(dialect)

    @classmethod
    async def open(
        cls, url: str, *, clock: Callable[[], float] = time.time, busy: float = sqlite.BUSY_SECONDS
    ) -> Self:
        """Opens the database at `url`, making it or bringing it to the newest form first.

        `clock` gives unix seconds; `busy` is how many seconds to wait for another process that is writing.

        Raises:
            SettingsError: the address is not one of SQLite.
            StoreError: the file is broken, locked, read-only, of a newer version, or another program's.
        """
        path = database_path(url)
        await asyncio.to_thread(migrate.prepare, path, busy)
        return cls(url, clock, busy)

    async def close(self) -> None:
        """Ends the connection. Nothing is lost without it."""
        await self._engine.dispose()

    async def conversation(self, chat: int) -> Conversation:
        """Where the conversation stands; an empty one when nothing is known. After half an hour only `lang` is."""
        async with self._reading() as connection:
            row = (await connection.execute(statements.CONVERSATION, {"of_chat": chat})).one_or_none()
        if row is None:
            return Conversation()
        if self._clock() - row.updated > CONTEXT_SECONDS:
            return Conversation(lang=row.lang)
        return Conversation(lang=row.lang, last=row.last, choices=tuple(row.choices), unknowns=row.unknowns)

    async def record(
        self, chat: int, conversation: Conversation, *, question: int | None, message: int | None, recipe: Recipe
    ) -> None:
        """Keeps where the conversation stands and what our `message` shows now.

        A message that is recorded again (it was edited) keeps its question when `question` is None. Without a
        `message` only the conversation is kept. What still waited to be sent for that question or message is dropped.
        """
        async with self._writing() as connection:
            await connection.execute(self._keep_conversation, self._row(chat, conversation))
            await connection.execute(
                statements.DROP_OUTDATED, {"of_chat": chat, "of_question": question, "of_message": message}
            )
            if message is not None:
                await connection.execute(self._keep_reply, self._reply(chat, question, message, recipe))

    async def reply_to(self, chat: int, question: int) -> SentReply | None:
        """The latest of our messages that answered `question`; None when there is none, or it was pruned."""
        async with self._reading() as connection:
            found = await connection.execute(statements.REPLY_TO, {"of_chat": chat, "of_question": question})
            row = found.one_or_none()
        if row is None:
            return None
        return SentReply(row.chat, row.question, row.message, _recipe(row), bool(row.newest))

    async def wait(
        self,
        chat: int,
        conversation: Conversation,
        *,
        question: int | None,
        edit: int | None,
        recipe: Recipe,
        not_before: float,
    ) -> None:
        """Keeps where the conversation stands, and the reply that can't be sent before `not_before` (unix seconds).

        It takes the place of one that waits for the same question, or for an edit of the same message.
        """
        async with self._writing() as connection:
            await connection.execute(self._keep_conversation, self._row(chat, conversation))
            await connection.execute(
                statements.DROP_OUTDATED, {"of_chat": chat, "of_question": question, "of_message": edit}
            )
            waiting = {"chat": chat, "question": question, "edit": edit, **_columns(recipe)}
            times = {"not_before": not_before, "attempts": 0, "created": self._clock()}
            await connection.execute(statements.ADD_WAITING, waiting | times)

    async def due(self, now: float, limit: int = 30) -> list[Waiting]:
        """What may be sent at `now` (unix seconds), longest due first: at most `limit`, and one of each chat, its
        oldest, so that answers keep the order of the questions. Ask again when they are sent."""
        async with self._reading() as connection:
            rows = (await connection.execute(statements.DUE, {"now": now, "at_most": limit})).all()
        return [
            Waiting(row.id, row.chat, row.question, row.edit, _recipe(row), row.not_before, row.attempts)
            for row in rows
        ]

    async def next_due(self) -> float | None:
        """When (unix seconds) `due` will have something; in the past when it has already. None: nothing waits."""
        async with self._reading() as connection:
            moment: float | None = (await connection.execute(statements.NEXT_DUE)).scalar_one()
        return moment

    async def sent(self, waiting: Waiting, message: int) -> None:
        """Turns what waited into a sent reply, our `message`. Nothing is kept when it was dropped meanwhile, or the
        whole chat forgotten."""
        async with self._writing() as connection:
            gone = await connection.execute(statements.DROP_WAITING, {"of_id": waiting.id})
            if gone.rowcount:
                await connection.execute(
                    self._keep_reply, self._reply(waiting.chat, waiting.question, message, waiting.recipe)
                )

    async def postpone(self, waiting: Waiting, not_before: float) -> None:
        """Tries again no sooner than `not_before` (unix seconds), and counts the attempt."""
        async with self._writing() as connection:
            await connection.execute(statements.POSTPONE, {"of_id": waiting.id, "until": not_before})

    async def drop(self, waiting: Waiting) -> None:
        """Gives up sending it."""
        async with self._writing() as connection:
            await connection.execute(statements.DROP_WAITING, {"of_id": waiting.id})

    async def forget(self, chat: int) -> None:
        """Deletes everything about a chat, from the file itself too."""
        async with self._writing() as connection:
            await connection.execute(statements.FORGET, {"of_chat": chat})
        await self._clean()

    async def prune(self, before: float) -> int:
        """Deletes what was sent before that moment (unix seconds), and the context of conversations that is too old
        to be used. Returns how many sent replies were deleted."""
        stale = {"stale": self._clock() - CONTEXT_SECONDS}
        async with self._writing() as connection:
            pruned = await connection.execute(statements.PRUNE_REPLIES, {"before": before})
            await connection.execute(statements.PRUNE_CONTEXT, stale)
            await connection.execute(statements.PRUNE_CHATS, stale)
        await self._clean()
        return pruned.rowcount

    async def ping(self) -> None:
        """Returns when the database can be read and written; changes nothing."""
        async with self._writing() as connection:
            await connection.execute(statements.DROP_WAITING, {"of_id": -1})

    async def _clean(self) -> None:
        async with self._reading() as connection:
            await connection.exec_driver_sql(sqlite.CLEAN_LOG)

    @asynccontextmanager
    async def _writing(self) -> AsyncIterator[AsyncConnection]:
        with sqlite.explained(self._path, self._busy):
            async with self._engine.begin() as connection:
                yield connection

    @asynccontextmanager
    async def _reading(self) -> AsyncIterator[AsyncConnection]:
        with sqlite.explained(self._path, self._busy):
            async with self._engine.connect() as connection:
                yield connection

    def _row(self, chat: int, conversation: Conversation) -> dict[str, Any]:
        return {
            "chat": chat,
            "lang": conversation.lang,
            "last": conversation.last,
            "choices": list(conversation.choices),
            "unknowns": conversation.unknowns,
            "updated": self._clock(),
        }

    def _reply(self, chat: int, question: int | None, message: int, recipe: Recipe) -> dict[str, Any]:
        return {"chat": chat, "question": question, "message": message, **_columns(recipe), "at": self._clock()}


def _columns(recipe: Recipe) -> dict[str, Any]:
    return {
        "view": recipe.view,
        "lang": recipe.lang,
        "entries": list(recipe.entries),
        "page": recipe.page,
        "urgent_line": recipe.urgent_line,
    }


def _recipe(row: Any) -> Recipe:
    return Recipe(row.view, row.lang, tuple(row.entries), row.page, row.urgent_line)
