"""One try to send a reply, and what came of it."""

from __future__ import annotations

import logging
from dataclasses import dataclass

from telegram import Bot, LinkPreviewOptions, Message, ReplyParameters
from telegram.constants import ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, RetryAfter, TelegramError

from bot.answering.reply import Reply
from bot.channels.telegram.failures import reason
from bot.channels.telegram.pause import seconds
from bot.channels.telegram.render import LIMIT, render

_LOG = logging.getLogger(__name__)
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)


@dataclass(frozen=True, slots=True)
class Sent:
    """It arrived, as message `message` of the chat."""

    message: int


@dataclass(frozen=True, slots=True)
class Flooded:
    """Telegram wants no more for `wait` seconds."""

    wait: float


@dataclass(frozen=True, slots=True)
class Unreached:
    """Telegram gave no answer. The reply may have arrived or not."""


@dataclass(frozen=True, slots=True)
class Undeliverable:
    """There is no use in trying again: the person blocked the bot, or has gone."""


Outcome = Sent | Flooded | Unreached | Undeliverable


async def send(bot: Bot, chat: int, reply: Reply, *, edit: int | None = None, answers: int | None = None) -> Outcome:
    """Sends `reply` to `chat`, or edits our message `edit` to show it; a new one when that can't be edited any more.

    `answers` is the person's message that the new one is tied to visibly, for an answer that comes late.
    Never raises a `TelegramError`.
    """
    try:
        if edit is not None and await _edit(bot, chat, reply, edit):
            return Sent(edit)
        return Sent((await _post(bot, chat, reply, answers)).message_id)
    except Forbidden:
        _LOG.info("A reply is not sent: the person has blocked the bot or left Telegram.")
        return Undeliverable()
    except RetryAfter as error:
        return Flooded(seconds(error))
    except (BadRequest, ChatMigrated) as error:
        _LOG.error("Telegram refused a reply (%s): %s", _name(reply), reason(error))
        return Undeliverable()
    except TelegramError:  # the network, or a server in trouble; a refused token may be a proxy's doing
        return Unreached()


async def _post(bot: Bot, chat: int, reply: Reply, answers: int | None) -> Message:
    shown = render(reply)
    tied = ReplyParameters(answers, allow_sending_without_reply=True) if answers is not None else None
    try:
        return await bot.send_message(
            chat,
            shown.text,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=shown.keyboard,
            reply_parameters=tied,
        )
    except BadRequest as error:
        if "chat not found" in str(error).lower():
            raise
        # Better plain words than none: the markup or a button is at fault, and the person waits for help.
        _LOG.error("Telegram refused a reply (%s): %s. It goes out as plain text.", _name(reply), reason(error))
        return await bot.send_message(chat, shown.plain[: LIMIT // 2], link_preview_options=_NO_PREVIEW)


async def _edit(bot: Bot, chat: int, reply: Reply, message: int) -> bool:
    """Whether our message shows the reply now."""
    shown = render(reply)
    try:
        await bot.edit_message_text(
            shown.text,
            chat_id=chat,
            message_id=message,
            parse_mode=ParseMode.HTML,
            link_preview_options=_NO_PREVIEW,
            reply_markup=shown.keyboard,
        )
    except BadRequest as error:
        return "not modified" in str(error).lower()
    return True


def _name(reply: Reply) -> str:
    return " ".join((reply.recipe.view, *reply.recipe.entries))
