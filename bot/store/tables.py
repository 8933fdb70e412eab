"""The tables, as data. They hold numbers and ids of knowledge-base entries, never what anyone wrote."""

from __future__ import annotations

from sqlalchemy import JSON, BigInteger, Boolean, Column, Double, ForeignKey, Index, Integer, MetaData, String, Table

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""Names of constraints follow a rule, so that a migration can drop one by name on every database."""


def _chat(*, key: bool = False) -> Column[int]:
    """The chat that a row belongs to. The row goes when the chat's conversation goes: nothing can be left behind."""
    owner = ForeignKey("conversations.chat", ondelete="CASCADE")
    return Column("chat", BigInteger, owner, primary_key=key, nullable=False, autoincrement=False)


def _recipe() -> list[Column[object]]:
    """A `Recipe`, field by field: what a reply can be made from again."""
    return [
        Column("view", String(32), nullable=False),
        Column("lang", String(16), nullable=False),
        Column("entries", JSON, nullable=False),
        Column("page", Integer, nullable=False),
        Column("urgent_line", Boolean, nullable=False),
    ]


conversations = Table(
    "conversations",
    metadata,
    Column("chat", BigInteger, primary_key=True, autoincrement=False),
    Column("lang", String(16)),
    Column("last", String(64)),
    Column("choices", JSON, nullable=False),
    Column("unknowns", Integer, nullable=False),
    Column("updated", Double, nullable=False),
)
"""One row a chat. `updated` is in unix seconds, as are all times here."""

replies = Table(
    "replies",
    metadata,
    _chat(key=True),
    Column("message", BigInteger, primary_key=True, autoincrement=False),
    Column("question", BigInteger),
    *_recipe(),
    Column("at", Double, nullable=False),
    Index("ix_replies_chat_question", "chat", "question"),
    Index("ix_replies_at", "at"),
)
"""What our messages show, by chat and message. `question` is the person's message that was answered, if it was one."""

outbox = Table(
    "outbox",
    metadata,
    Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True),
    _chat(),
    Column("question", BigInteger),
    Column("edit", BigInteger),
    *_recipe(),
    Column("not_before", Double, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("created", Double, nullable=False),
    Index("ix_outbox_chat_id", "chat", "id"),
    Index("ix_outbox_not_before", "not_before"),
    # An id is never given twice: whoever holds a row that has gone meanwhile must not meet another under its id.
    sqlite_autoincrement=True,
)
"""Replies that wait to be sent. `edit` is our message that is to be edited; without it a new one is sent."""
