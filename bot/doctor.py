"""The checks behind the verb `doctor`: what could keep the bot from working, each with its mend."""

from __future__ import annotations

import asyncio
import platform
import shutil
import sqlite3
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from importlib import metadata
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import aiohttp
from rich.console import Console
from rich.table import Table
from rich.text import Text
from telegram import Bot, User, WebhookInfo
from telegram.error import InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.request import AiohttpRequest
from bot.errors import BotError
from bot.redact import redact
from bot.settings import Settings
from bot.store.store import Store

Outcome = Literal["ok", "warn", "bad"]

TIMEOUT = 5.0  # seconds for each question to a server
CLOCK_TOLERANCE = 60.0  # seconds
DISK_WARN, DISK_BAD = 500_000_000, 50_000_000  # bytes
LIBRARIES = ("python-telegram-bot", "aiohttp", "SQLAlchemy", "aiosqlite", "pydantic", "rapidfuzz", "numpy")

_COLOURS: dict[Outcome, str] = {"ok": "green", "warn": "yellow", "bad": "red"}


@dataclass(frozen=True, slots=True)
class Finding:
    """The outcome of one check."""

    name: str
    outcome: Outcome
    """`warn`: the bot works, but not as well as it could. `bad`: it won't work."""
    what: str
    """What was found, in a sentence."""
    mend: str = ""
    """What to do about it; empty when it is fine."""


async def examine(settings: Settings, knowledge: Callable[[], str]) -> AsyncIterator[Finding]:
    """Runs every check and yields its finding as soon as it is there. Never raises because of what it finds.

    `knowledge` loads the knowledge base and describes it in a few words, or raises BotError.
    """
    async for finding in telegram(settings):
        yield finding
    yield await database(settings.database_url)
    yield await loads(knowledge)
    compared = await clock(settings.telegram_api_base_url, settings.telegram_proxy)
    if compared is not None:
        yield compared
    yield folder(settings.data_dir)
    yield versions()


async def telegram(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the token is there and accepted, the bot's name and modes, and whether a webhook is set."""
    token = settings.telegram_bot_token
    if token is None:
        yield Finding(
            "token",
            "warn",
            "No TELEGRAM_BOT_TOKEN is set: only the terminal chat works.",
            "Open @BotFather in Telegram, send /newbot, and put the token it gives you into TELEGRAM_BOT_TOKEN.",
        )
        return
    try:
        async with AiohttpRequest(proxy=settings.telegram_proxy) as way:
            bot = Bot(
                token.get_secret_value(),
                base_url=settings.telegram_api_base_url,
                base_file_url=settings.telegram_file_url,
                request=way,
                get_updates_request=way,
            )
            me = await bot.get_me(connect_timeout=TIMEOUT, read_timeout=TIMEOUT)
            webhook = await bot.get_webhook_info(connect_timeout=TIMEOUT, read_timeout=TIMEOUT)
    except Exception as error:  # whatever a wrong server makes the library do, it is a finding
        yield _no_telegram(error, urlsplit(settings.telegram_api_base_url).netloc.rpartition("@")[2])
        return
    yield Finding("token", "ok", "The token is accepted.")
    yield Finding("bot name", "ok", f"{me.first_name} (@{me.username}), https://t.me/{me.username}")
    yield _privacy(me)
    yield _inline(me)
    yield _webhook(webhook)


def _no_telegram(error: Exception, host: str) -> Finding:
    """Says why there was no answer. The library's own words are left out: they may hold the token."""
    if isinstance(error, InvalidToken):
        return Finding(
            "token",
            "bad",
            f"{host} refuses the token.",
            "Copy it again from @BotFather (/mybots, API Token) into TELEGRAM_BOT_TOKEN. If TELEGRAM_API_BASE_URL is "
            "set, check that it is a Bot API server.",
        )
    if isinstance(error, RetryAfter):
        return Finding("token", "warn", f"{host} has had too many requests.", "Wait some minutes and ask again.")
    reason = (
        "its answer was not understood" if not isinstance(error, TelegramError | OSError) else type(error).__name__
    )
    return Finding(
        "token",
        "bad",
        f"The token could not be tried: no good answer from {host} ({reason}).",
        "Check the network. Where Telegram is blocked, set TELEGRAM_PROXY. If TELEGRAM_API_BASE_URL is set, check it.",
    )


def _privacy(me: User) -> Finding:
    if me.can_read_all_group_messages:
        return Finding(
            "privacy mode",
            "warn",
            "Off: in groups the bot would be sent everything that people write.",
            "In @BotFather: /setprivacy, choose the bot, Enable. It answers in private chats only.",
        )
    return Finding("privacy mode", "ok", "On: in groups the bot does not see what people write to each other.")


def _inline(me: User) -> Finding:
    if me.supports_inline_queries:
        return Finding(
            "inline mode",
            "warn",
            "On, but this version does not answer inline questions: people would wait for nothing.",
            "In @BotFather: /setinline, choose the bot, /empty.",
        )
    return Finding("inline mode", "ok", "Off, as this version needs it.")


def _webhook(info: WebhookInfo) -> Finding:
    if info.url:
        return Finding(
            "webhook",
            "warn",
            f"One is set, to {urlsplit(info.url).hostname}: Telegram gives messages to that program only. "
            "The bot removes it when it starts.",
            "If another program still answers with this token, stop it, or get a second bot from @BotFather.",
        )
    return Finding("webhook", "ok", "None is set: the bot can ask for messages itself.")


async def database(url: str) -> Finding:
    """Whether the database opens (it is made, or brought to its newest form) and can be written."""
    try:
        store = await Store.open(url)
        try:
            await store.ping()
        finally:
            await store.close()
    except BotError as error:
        return _from_error("database", error)
    return Finding("database", "ok", "It opens and can be written.")


async def loads(knowledge: Callable[[], str]) -> Finding:
    """Whether the knowledge base can be served."""
    try:
        return Finding("knowledge", "ok", await asyncio.to_thread(knowledge))
    except BotError as error:
        return Finding(
            "knowledge", "bad", str(error), "`python run_bot.py check` lists every problem with its place."
        )


async def clock(base_url: str, proxy: str | None) -> Finding | None:
    """How far this machine's clock is from that of the API's server; None when the server does not say."""
    parts = urlsplit(base_url)
    begun = time.time()
    try:
        connector, way = _proxied(proxy)
        async with (
            aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=TIMEOUT)) as session,
            session.head(f"{parts.scheme}://{parts.netloc}/", proxy=way, allow_redirects=False) as answer,
        ):
            theirs = parsedate_to_datetime(answer.headers["Date"]).timestamp()
    except Exception:  # no answer, no date, a broken proxy: all the same here, and told elsewhere
        return None
    ours = (begun + time.time()) / 2
    off = round(ours - theirs)
    if abs(off) <= CLOCK_TOLERANCE:
        return Finding("clock", "ok", "It agrees with the server's.")
    return Finding(
        "clock",
        "warn",
        f"It is {abs(off)} seconds {'ahead of' if off > 0 else 'behind'} the server's.",
        "Let the machine set its clock itself (`timedatectl set-ntp true` on most Linux systems).",
    )


def _proxied(proxy: str | None) -> tuple[aiohttp.BaseConnector | None, str | None]:
    """aiohttp speaks to HTTP proxies itself, and to SOCKS proxies through a connector of their own."""
    if proxy is None or proxy.startswith("http"):
        return None, proxy
    from aiohttp_socks import ProxyConnector

    return ProxyConnector.from_url(proxy), None


def folder(path: Path) -> Finding:
    """Whether the bot can write in DATA_DIR (it is made if it isn't there), and how much room is left."""
    try:
        path.mkdir(mode=0o700, parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=path) as file:
            file.write(b"x")
        free = shutil.disk_usage(path).free
    except OSError as error:
        return Finding(
            "disk",
            "bad",
            f"{path} can't be written ({error.strerror or 'unknown reason'}).",
            "Give the bot's user the right to write there, or set DATA_DIR to another folder.",
        )
    outcome: Outcome = "bad" if free < DISK_BAD else "warn" if free < DISK_WARN else "ok"
    mend = "" if outcome == "ok" else "Make room on this disk, or set DATA_DIR to a folder on another one."
    return Finding("disk", outcome, f"{path} can be written; {free / 1e9:.1f} GB are free.", mend)


def versions() -> Finding:
    """What the bot runs on, for reports of faults."""
    parts = [f"Python {platform.python_version()}", f"SQLite {sqlite3.sqlite_version}"]
    missing = []
    for name in LIBRARIES:
        try:
            parts.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    if missing:
        return Finding("versions", "bad", f"Not installed: {', '.join(missing)}.", "Run the README's first command.")
    return Finding("versions", "ok", ", ".join(parts))


def table(findings: Iterable[Finding], console: Console | None = None) -> None:
    """Prints the findings, mends under what they mend. To stdout unless another console is given."""
    grid = Table("check", "", "finding", show_edge=False, pad_edge=False)
    for finding in findings:
        found = Text(redact(finding.what))
        if finding.mend:
            found.append(f"\n→ {redact(finding.mend)}", style="bold")
        grid.add_row(Text(finding.name), Text(finding.outcome, style=_COLOURS[finding.outcome]), found)
    (console or Console()).print(grid)


def _from_error(name: str, error: BotError) -> Finding:
    """A BotError says what is wrong in its first sentence, and what to do in the rest."""
    what, dot, mend = str(error).partition(". ")
    return Finding(name, "bad", what + dot.strip(), mend)
