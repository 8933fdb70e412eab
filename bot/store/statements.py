"""The statements of the hot path, built once. They run on SQLite and on PostgreSQL alike."""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    Delete,
    Insert,
    Select,
    String,
    Table,
    Update,
    and_,
    bindparam,
    cast,
    delete,
    exists,
    func,
    insert,
    or_,
    select,
    update,
)

from bot.store.tables import conversations, outbox, replies


def _upserting(dialect: str, table: Table) -> Any:
    """An insert that can update on conflict: every dialect has a class of its own for it, with the same methods."""
    if dialect == "postgresql":
        from sqlalchemy.dialects.postgresql import insert as upsert

        return upsert(table)
    from sqlalchemy.dialects.sqlite import insert as upsert_sqlite

    return upsert_sqlite(table)


def keep_conversation(dialect: str) -> Insert:
    """Writes a conversation over what there was."""
    new = _upserting(dialect, conversations)
    changed = {name: new.excluded[name] for name in ("lang", "last", "choices", "unknowns", "updated")}
    made: Insert = new.on_conflict_do_update(index_elements=["chat"], set_=changed)
    return made


def keep_reply(dialect: str) -> Insert:
    """Writes what a message of ours shows now. A tap knows no question; the one that the message answered stays."""
    new = _upserting(dialect, replies)
    changed = {name: new.excluded[name] for name in ("view", "lang", "entries", "page", "urgent_line", "at")}
    changed["question"] = func.coalesce(new.excluded.question, replies.c.question)
    made: Insert = new.on_conflict_do_update(index_elements=["chat", "message"], set_=changed)
    return made


CONVERSATION: Select[Any] = select(conversations).where(conversations.c.chat == bindparam("of_chat"))

_later = replies.alias("later")
REPLY_TO: Select[Any] = (
    select(
        replies,
        ~exists().where(_later.c.chat == replies.c.chat, _later.c.message > replies.c.message).label("newest"),
    )
    .where(replies.c.chat == bindparam("of_chat"), replies.c.question == bindparam("of_question"))
    .order_by(replies.c.message.desc())
    .limit(1)
)
"""The latest reply to a question, and whether no message of ours came after it in that chat."""

ADD_WAITING: Insert = insert(outbox)

DROP_OUTDATED: Delete = delete(outbox).where(
    outbox.c.chat == bindparam("of_chat"),
    or_(outbox.c.question == bindparam("of_question"), outbox.c.edit == bindparam("of_message")),
)
"""Waiting replies to the same question, or for the same message: a newer reply takes their place."""

_earlier = outbox.alias("earlier")
_FIRST_OF_ITS_CHAT = ~exists().where(_earlier.c.chat == outbox.c.chat, _earlier.c.id < outbox.c.id)

DUE: Select[Any] = (
    select(outbox)
    .where(outbox.c.not_before <= bindparam("now"), _FIRST_OF_ITS_CHAT)
    .order_by(outbox.c.not_before, outbox.c.id)
    .limit(bindparam("at_most"))
)
"""Only the oldest of each chat: answers arrive in the order of the questions."""

NEXT_DUE: Select[Any] = select(func.min(outbox.c.not_before)).where(_FIRST_OF_ITS_CHAT)

DROP_WAITING: Delete = delete(outbox).where(outbox.c.id == bindparam("of_id"))

POSTPONE: Update = (
    update(outbox)
    .where(outbox.c.id == bindparam("of_id"))
    .values(not_before=bindparam("until"), attempts=outbox.c.attempts + 1)
)

FORGET: Delete = delete(conversations).where(conversations.c.chat == bindparam("of_chat"))
"""What else there is of the chat goes with it (see `tables`)."""

PRUNE_REPLIES: Delete = delete(replies).where(replies.c.at < bindparam("before"))

PRUNE_CONTEXT: Update = (
    update(conversations)
    .where(
        conversations.c.updated < bindparam("stale"),
        or_(
            conversations.c.last.is_not(None),
            conversations.c.unknowns > 0,
            cast(conversations.c.choices, String) != "[]",
        ),
    )
    .values(last=None, choices=[], unknowns=0)
)
"""Rows that have nothing to forget are left alone."""

PRUNE_CHATS: Delete = delete(conversations).where(
    and_(
        conversations.c.updated < bindparam("stale"),
        conversations.c.lang.is_(None),
        ~exists().where(replies.c.chat == conversations.c.chat),
        ~exists().where(outbox.c.chat == conversations.c.chat),
    )
)
"""Chats of which nothing is left to know but their number."""
