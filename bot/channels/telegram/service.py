"""Puts the Telegram channel together and runs it until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any, Protocol

from pydantic import SecretStr
from telegram import Update
from telegram.error import InvalidToken, RetryAfter, TelegramError
from telegram.ext import Application, ApplicationBuilder, ExtBot

from bot.answering.assistant import Assistant
from bot.channels.telegram.delivery import Delivery, Patience
from bot.channels.telegram.failures import reason
from bot.channels.telegram.handlers import ALLOWED_UPDATES, Handlers
from bot.channels.telegram.outbox import Outbox
from bot.channels.telegram.pause import pause, seconds
from bot.channels.telegram.poller import Pace, Poller
from bot.channels.telegram.processor import ChatOrder
from bot.channels.telegram.reports import Reports
from bot.channels.telegram.request import AiohttpRequest, PollingRequest
from bot.errors import SettingsError
from bot.store.store import Store

_LOG = logging.getLogger(__name__)
_START_RETRIES = (1.0, 2.0, 5.0, 10.0, 30.0)
"""Seconds between tries to reach Telegram at the start; the last goes on."""
_LATE = 2.0
"""Seconds that sends under way get at the end."""

REFUSED = (
    "Telegram refused the token. Copy it again from @BotFather into TELEGRAM_BOT_TOKEN; if TELEGRAM_API_BASE_URL is "
    "set, check it too."
)
MISSING = "TELEGRAM_BOT_TOKEN is not set. Get a token from @BotFather in Telegram and put it there."

AnyApplication = Application[Any, Any, Any, Any, Any, Any]


class TelegramSettings(Protocol):
    """What this channel reads of the settings."""

    @property
    def telegram_bot_token(self) -> SecretStr | None: ...
    @property
    def telegram_api_base_url(self) -> str: ...
    @property
    def telegram_file_url(self) -> str: ...
    @property
    def telegram_proxy(self) -> str | None: ...


async def serve(
    settings: TelegramSettings,
    assistant: Callable[[], Assistant],
    store: Store,
    stop: asyncio.Event,
    *,
    reports: Reports | None = None,
    pace: Pace | None = None,
    patience: Patience | None = None,
) -> None:
    """Answers people on Telegram until `stop` is set, then finishes what is in hand.

    `assistant` is asked anew for each message, so new knowledge is served at once. `store` stays open.
    What `reports` is called with goes to the moderators. `pace` and `patience` are for tests.

    Raises:
        SettingsError: there is no token, or Telegram refuses it.
    """
    silence_library()
    polling = PollingRequest(proxy=settings.telegram_proxy)
    bot = _bot(settings, polling)
    outbox = Outbox(bot, store, assistant)
    delivery = Delivery(bot, store, outbox.wake, patience=patience)
    handlers = Handlers(assistant, store, delivery)
    order = ChatOrder(handlers.too_many)
    application = ApplicationBuilder().bot(bot).concurrent_updates(order).updater(None).job_queue(None).build()
    handlers.register(application)

    async def process(update: Update) -> None:
        await application.update_processor.process_update(update, application.process_update(update))

    poller = Poller(bot, process, allowed_updates=ALLOWED_UPDATES, unreadable=polling.sift, pace=pace)
    try:
        if not await _start(application, stop):
            return
        _LOG.info("@%s answers on Telegram.", bot.username)
        sending = asyncio.create_task(outbox.run(delivery, stop))
        reporting = asyncio.create_task(reports.run(bot)) if reports is not None else None
        try:
            await poller.run(stop)
            await sending
        finally:
            for task in (sending, reporting):
                if task is not None:
                    task.cancel()
                    await asyncio.wait({task})
            await delivery.finish(_LATE)
        _LOG.info("Stopped; nothing was left half done.")
    finally:
        await application.shutdown()
        await bot.shutdown()  # what `application` leaves open when it was never started


def silence_library() -> None:
    """Turns the library's own log off: it has the token at DEBUG, and whole messages even at CRITICAL. All that an
    operator needs to know is logged here."""
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)


def _bot(settings: TelegramSettings, polling: PollingRequest) -> ExtBot[None]:
    if settings.telegram_bot_token is None:
        raise SettingsError(MISSING)
    return ExtBot(
        settings.telegram_bot_token.get_secret_value(),
        base_url=settings.telegram_api_base_url,
        base_file_url=settings.telegram_file_url,
        request=AiohttpRequest(proxy=settings.telegram_proxy),
        get_updates_request=polling,
    )


async def _start(application: AnyApplication, stop: asyncio.Event) -> bool:
    """Reaches Telegram, however long it takes. False when told to stop before that."""
    tries = 0
    while not stop.is_set():
        try:
            await application.initialize()  # asks who the bot is, and so tries the token
            if (await application.bot.get_webhook_info()).url:
                await application.bot.delete_webhook(drop_pending_updates=False)
                _LOG.info("Removed the webhook of this bot: it asks for messages itself now.")
        except InvalidToken:
            raise SettingsError(REFUSED) from None  # the library's own error quotes the token
        except TelegramError as error:
            wait = _START_RETRIES[min(tries, len(_START_RETRIES) - 1)]
            wait = max(wait, seconds(error)) if isinstance(error, RetryAfter) else wait
            if tries == 0:
                _LOG.warning("Telegram can't be reached: %s. The bot keeps trying.", reason(error))
            tries += 1
            await pause(wait, stop)
        else:
            return True
    return False
