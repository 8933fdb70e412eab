"""What the bot does with each kind of update. Each handler makes one call to the assistant and delivers one reply."""

from __future__ import annotations

import asyncio
import logging
import time
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from telegram import CallbackQuery, Message, Update
from telegram.error import TelegramError
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation
from bot.answering.message import Message as Question
from bot.answering.reply import Action, Reply, View
from bot.channels.telegram.delivery import Delivery
from bot.channels.telegram.failures import trace
from bot.channels.telegram.sending import send
from bot.store.store import SentReply, Store

_LOG = logging.getLogger(__name__)

ALLOWED_UPDATES = ("message", "edited_message", "callback_query")
"""All that Telegram is asked for."""

_COMMANDS: dict[str, View] = {"start": "start", "help": "help", "language": "languages", "topics": "topics"}
_PAGES: frozenset[View] = frozenset({"topics", "topic", "languages"})
"""Lists that one leafs through: a tap in one changes it in place."""
_CLOCKS = 60.0
"""Seconds by which this machine's clock may be behind Telegram's."""
_ALBUMS = 1000
"""Albums remembered, so that ten photos sent as one get one reply."""


class Handlers:
    """`assistant` gives the one of the moment: it is asked anew for each update, since new knowledge brings a new one."""

    def __init__(self, assistant: Callable[[], Assistant], store: Store, delivery: Delivery) -> None:
        self._assistant = assistant
        self._store = store
        self._delivery = delivery
        self._started = time.time()
        self._albums: OrderedDict[str, None] = OrderedDict()

    def register(self, application: Application[Any, Any, Any, Any, Any, Any]) -> None:
        """All that the bot reacts to, in order: the first that fits is taken. What fits none is left alone."""
        private = filters.ChatType.PRIVATE
        words = filters.TEXT | filters.CAPTION
        for command in _COMMANDS:
            application.add_handler(CommandHandler(command, self.on_command, filters=private))
        application.add_handler(MessageHandler(private & filters.COMMAND, self.on_unknown_command))
        application.add_handler(MessageHandler(private & words, self.on_words))
        # What remains of edits is left alone: a shared live location is "edited" every few seconds.
        application.add_handler(
            MessageHandler(private & filters.UpdateType.MESSAGE & ~filters.StatusUpdate.ALL, self.on_not_text)
        )
        application.add_handler(CallbackQueryHandler(self.on_tap))
        application.add_error_handler(self.on_error)

    async def on_words(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """Free text, or the words under a picture."""
        message = _message(update)
        question = Question(message.text or message.caption or "", _hint(update))
        await self._answer(update, lambda conversation: self._assistant().reply(question, conversation))

    async def on_command(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        name = (_message(update).text or "").removeprefix("/").split(maxsplit=1)[0].partition("@")[0]
        await self._say(update, _COMMANDS[name.lower()])

    async def on_unknown_command(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        await self._say(update, "unknown-command")

    async def on_not_text(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A sticker, a photo, a voice message, a place ..."""
        album = _message(update).media_group_id
        if album is not None and album in self._albums:
            return
        if album is not None:
            self._albums[album] = None
            if len(self._albums) > _ALBUMS:
                self._albums.popitem(last=False)
        await self._say(update, "not-text")

    async def too_many(self, update: Update) -> None:
        """One reply for all that a person sent faster than it could be answered."""
        try:
            await self._say(update, "too-many")
        except Exception as error:
            _LOG.error("A person could not be told to slow down: %s", trace(error))

    async def on_tap(self, update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        """A button. Its data is anything at all: it may be forged, or of a version long gone."""
        query = update.callback_query
        if query is None:
            return
        acknowledged = asyncio.create_task(_acknowledge(query))  # or the button goes on glowing for a minute
        try:
            if query.message is not None and query.message.chat.type == "private":
                await self._act(query, query.message.chat.id)
        finally:
            await acknowledged

    async def _act(self, query: CallbackQuery, chat: int) -> None:
        action = Action.decode(query.data or "")
        conversation = await self._store.conversation(chat)
        assistant, hint = self._assistant(), query.from_user.language_code
        if action is None:
            await self._delivery.deliver(chat, assistant.command("help", conversation, hint))
            return
        reply = assistant.act(action, conversation, hint)
        await self._delivery.deliver(chat, reply, edit=_page(query) if reply.recipe.view in _PAGES else None)

    async def on_error(self, update: object, context: ContextTypes.DEFAULT_TYPE) -> None:
        """Whatever a handler raised: logged without what the person wrote; the person gets a kind sentence."""
        if context.error is not None:
            _LOG.error("An update could not be worked on: %s", trace(context.error))
        if not isinstance(update, Update) or update.effective_chat is None or update.effective_chat.type != "private":
            return
        chat = update.effective_chat.id
        try:
            try:
                conversation = await self._store.conversation(chat)
            except Exception:  # the store itself may be what failed
                conversation = Conversation()
            await send(context.bot, chat, self._assistant().command("sorry", conversation, _hint(update)))
        except Exception as error:
            _LOG.error("Nor could the person be told so: %s", trace(error))

    async def _say(self, update: Update, view: View) -> None:
        hint = _hint(update)
        await self._answer(update, lambda conversation: self._assistant().command(view, conversation, hint))

    async def _answer(self, update: Update, make: Callable[[Conversation], Reply]) -> None:
        """Answers an update. To an edited message the first answer is changed, if nothing came after that."""
        chat = update.effective_chat
        if chat is None:
            return
        message = update.message or update.edited_message
        question = message.message_id if message is not None else None
        before = await self._before(update)
        if before is not None and update.message is not None:
            return  # handed out again after a crash, but it was answered
        reply = make(await self._store.conversation(chat.id))
        if before is not None and before.recipe == reply.recipe:
            return
        edit = before.message if before is not None and before.newest else None
        await self._delivery.deliver(chat.id, reply, question=question, edit=edit)

    async def _before(self, update: Update) -> SentReply | None:
        """What answered this message already. A new message is looked up only when it is older than this process:
        only such a one can have been handed out before."""
        message = update.message or update.edited_message
        if message is None or (update.message and message.date.timestamp() > self._started + _CLOCKS):
            return None
        return await self._store.reply_to(message.chat.id, message.message_id)


def _message(update: Update) -> Message:
    message = update.message or update.edited_message
    if message is None:
        raise TypeError("This handler was registered for messages only")
    return message


def _hint(update: Update) -> str | None:
    """The language of the person's Telegram."""
    return update.effective_user.language_code if update.effective_user is not None else None


async def _acknowledge(query: CallbackQuery) -> None:
    try:
        await query.answer()
    except TelegramError:
        _LOG.debug("A tap could not be acknowledged; it was too old, or Telegram was not reached.")


def _page(query: CallbackQuery) -> int | None:
    """The tapped message when it is itself a list to leaf through, so that nothing is lost by changing it.

    Read off its buttons: a list of topics leads to topics, a topic to entries and back. Other replies have links, or
    only entries, or only a way to the topics.
    """
    message = query.message
    if not isinstance(message, Message) or message.reply_markup is None:
        return None
    names = set()
    for button in (button for row in message.reply_markup.inline_keyboard for button in row):
        action = Action.decode(button.callback_data) if isinstance(button.callback_data, str) else None
        if action is None:
            return None
        names.add(action.name)
    return message.message_id if "topic" in names or {"entry", "topics"} <= names else None
