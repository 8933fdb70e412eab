"""What goes in: one message, and what is remembered of the conversation (ids only, never text)."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Conversation:
    """All that is kept of a conversation. The channel stores it and hands it back with the next message."""

    lang: str | None = None
    """The language the person chose, if they did."""
    last: str | None = None
    """The entry answered last."""
    choices: tuple[str, ...] = ()
    """Actions behind the numbered options shown last, as `bot.answering.reply.Action.encode` writes them."""
    unknowns: int = 0
    """How many replies in a row were "I don't know"."""


@dataclass(frozen=True, slots=True)
class Message:
    text: str
    hint: str | None = None
    """A guess at the person's language from outside, such as Telegram's `language_code` (`pt-BR` is fine)."""
