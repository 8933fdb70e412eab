"""Logging: what is written, and that no token gets through, whoever logs it and in whatever shape."""

from __future__ import annotations

import io
import json
import logging
import os
import subprocess
import sys
import threading
import warnings
from collections.abc import Iterator
from pathlib import Path

import aiohttp
import httpx
import pytest
import structlog
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot
from telegram.error import TelegramError

from bot import log
from bot.redact import is_token, redact

TOKEN = "123456789:AAF-fictional_token_for_tests_00000"
SECRET = TOKEN.split(":")[1]
ROOT = Path(__file__).parents[1]


@pytest.fixture
def out() -> Iterator[io.StringIO]:
    """Where the log goes. Everything that `configure` changes in the process is put back afterwards."""
    names = ["", "bot", *log.QUIET, "httpcore.connection", "httpcore.http11", "telegram.Bot", "telegram.ext"]
    levels = {name: logging.getLogger(name).level for name in names}
    handlers = logging.getLogger().handlers[:]
    hooks = sys.excepthook, threading.excepthook
    yield io.StringIO()
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger().handlers[:] = handlers
    sys.excepthook, threading.excepthook = hooks
    logging.captureWarnings(False)
    structlog.reset_defaults()


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_text_says_when_how_bad_what_and_who(out: io.StringIO) -> None:
    log.configure("INFO", "text", out)
    logging.getLogger("bot.kb").warning("%d entries are stale", 3)
    structlog.get_logger("bot.app").info("started", entries=400)
    first, second = out.getvalue().splitlines()
    assert first.split()[1:] == ["[warning", "]", "3", "entries", "are", "stale", "[bot.kb]"]
    assert second.split()[1:] == ["[info", "]", "started", "[bot.app]", "entries=400"]
    assert first.split()[0].endswith("Z")


def test_json_is_one_object_a_line_with_the_traceback_in_it(out: io.StringIO) -> None:
    log.configure("INFO", "json", out)
    structlog.get_logger("bot.app").info("gestartet – ok", entries=400)
    try:
        raise ValueError("no")
    except ValueError:
        logging.getLogger("bot.kb").exception("it failed")
    first, second = map(json.loads, out.getvalue().splitlines())
    assert (first["event"], first["level"], first["logger"], first["entries"]) == (
        "gestartet – ok",
        "info",
        "bot.app",
        400,
    )
    assert (second["event"], second["level"]) == ("it failed", "error")
    assert "ValueError: no" in second["exception"]


def test_colours_are_for_terminals_only(out: io.StringIO, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    screen = Screen()
    log.configure("INFO", "text", out)
    logging.getLogger("bot").info("plain")
    log.configure("INFO", "text", screen)
    logging.getLogger("bot").info("bright")
    monkeypatch.setenv("NO_COLOR", "1")
    log.configure("INFO", "text", screen)
    logging.getLogger("bot").info("asked not to")
    assert "\x1b[" not in out.getvalue()
    bright, plain = screen.getvalue().splitlines()
    assert "\x1b[" in bright
    assert "\x1b[" not in plain


def test_configured_twice_each_record_is_written_once(out: io.StringIO) -> None:
    log.configure("INFO", "text", out)
    log.configure("INFO", "text", out)
    logging.getLogger("bot").info("once")
    assert out.getvalue().count("once") == 1


def test_the_level_is_for_the_bots_own_loggers_and_libraries_only_warn(out: io.StringIO) -> None:
    log.configure("DEBUG", "text", out)
    for name in ["bot.kb", "somelib", *log.QUIET]:
        logging.getLogger(name).debug("debug of %s", name)
        logging.getLogger(name).info("info of %s", name)
        logging.getLogger(name).warning("warning of %s", name)
    written = out.getvalue()
    assert "debug of bot.kb" in written
    for name in ["somelib", "httpx", "httpcore", "aiohttp.access", "telegram"]:
        assert f"debug of {name}" not in written
        assert f"info of {name}" not in written
        assert f"warning of {name}" in written


def test_an_error_level_quietens_libraries_too(out: io.StringIO) -> None:
    log.configure("ERROR", "text", out)
    logging.getLogger("somelib").warning("hush")
    logging.getLogger("bot").warning("hush")
    assert out.getvalue() == ""


@pytest.mark.parametrize("form", ["text", "json"])
def test_a_token_is_taken_out_of_everything_a_record_can_hold(out: io.StringIO, form: str) -> None:
    log.configure("INFO", "json" if form == "json" else "text", out)
    logger = logging.getLogger("bot")
    logger.info("message %s", f"https://api.telegram.org/bot{TOKEN}/getMe")
    logger.info("arguments %s %r", {"url": TOKEN}, [TOKEN])
    logger.info("encoded %s", TOKEN.replace(":", "%3A"))
    logger.info("extra", extra={"address": TOKEN})
    logger.info("stack", stack_info=True)
    structlog.get_logger("bot").warning(f"event {TOKEN}", url=TOKEN, **{TOKEN: {"deep": [TOKEN]}})
    try:
        try:
            raise ValueError(f"inner {TOKEN}")
        except ValueError as error:
            error.add_note(f"note {TOKEN}")
            raise RuntimeError(f"outer {TOKEN}") from error
    except RuntimeError:
        logger.exception("failed")
        structlog.get_logger("bot").exception("failed too")
    written = out.getvalue()
    assert SECRET not in written
    assert "https://api.telegram.org/bot<token>/getMe" in written
    assert "inner <token>" in written
    assert "note <token>" in written
    assert "outer <token>" in written


def test_a_traceback_shows_no_local_variables(out: io.StringIO) -> None:
    log.configure("INFO", "text", out)

    def answer(text: str) -> None:
        raise KeyError("lookup")

    try:
        answer("I am " + "Amina")
    except KeyError:
        logging.getLogger("bot").exception("failed")
    assert "KeyError: 'lookup'" in out.getvalue()
    assert "I am Amina" not in out.getvalue()


def test_a_record_that_can_not_be_formatted_is_told_without_its_arguments(
    out: io.StringIO, capsys: pytest.CaptureFixture[str]
) -> None:
    log.configure("INFO", "text", out)
    del logging.getLogger().handlers[:-1]  # pytest's own would raise what ours has to bear
    logging.getLogger("bot").info("%d messages", TOKEN)
    assert out.getvalue().startswith("A record of bot (test_log.py:")
    assert out.getvalue().endswith(") could not be written.\n")
    assert capsys.readouterr().err == ""


def test_a_closed_stderr_stops_nobody(out: io.StringIO) -> None:
    log.configure("INFO", "text", out)
    out.close()
    logging.getLogger("bot").info("into the void")


def test_warnings_are_records_too(out: io.StringIO) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        log.configure("INFO", "text", out)
        warnings.warn(f"unclosed {TOKEN}", ResourceWarning, stacklevel=1)
        logging.captureWarnings(False)
    assert "unclosed <token>" in out.getvalue()


async def test_a_failing_aiohttp_request_to_an_address_with_the_token(out: io.StringIO) -> None:
    log.configure("DEBUG", "text", out)
    logging.getLogger("aiohttp").setLevel(logging.DEBUG)
    async with aiohttp.ClientSession() as session:
        try:
            await session.get(f"http://127.0.0.1:1/bot{TOKEN}/getMe")
        except aiohttp.ClientError:
            logging.getLogger("bot").exception("no way through")
        try:
            await session.get(f"nowhere://localhost/bot{TOKEN}/getMe")
        except (aiohttp.ClientError, ValueError) as error:
            structlog.get_logger("bot").error("no such way", error=str(error), exc_info=error)
    logging.getLogger("aiohttp").setLevel(logging.NOTSET)
    assert "no way through" in out.getvalue()
    assert "nowhere://localhost/bot<token>/getMe" in out.getvalue()
    assert SECRET not in out.getvalue()


async def test_aiohttps_access_log_and_an_error_in_a_handler(out: io.StringIO) -> None:
    log.configure("DEBUG", "text", out)
    logging.getLogger("aiohttp.access").setLevel(logging.DEBUG)

    async def fail(request: web.Request) -> web.Response:
        raise RuntimeError(f"no {request.path}")

    app = web.Application()
    app.router.add_get("/{rest:.*}", fail)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    async with aiohttp.ClientSession() as session, session.get(f"http://{address(runner)}/bot{TOKEN}/getMe") as got:
        assert got.status == 500
    await runner.cleanup()
    assert "GET /bot<token>/getMe" in out.getvalue()
    assert "RuntimeError: no /bot<token>/getMe" in out.getvalue()
    assert SECRET not in out.getvalue()


async def test_httpx_and_telegram_at_debug(out: io.StringIO) -> None:
    log.configure("DEBUG", "json", out)
    for name in ["httpx", "httpcore", "httpcore.connection", "httpcore.http11", "telegram", "telegram.Bot"]:
        logging.getLogger(name).setLevel(logging.DEBUG)
    logging.getLogger().setLevel(logging.DEBUG)

    async def refuse(_: web.Request) -> web.Response:
        return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)

    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", refuse)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    base = f"http://{address(runner)}/bot"
    async with httpx.AsyncClient() as client:
        await client.get(f"{base}{TOKEN}/getMe")
    with pytest.raises(TelegramError):
        async with Bot(TOKEN, base_url=base):
            pass
    await runner.cleanup()
    loggers = {json.loads(line)["logger"] for line in out.getvalue().splitlines()}
    assert {"httpx", "httpcore.http11", "telegram.Bot"} <= loggers
    assert "/bot<token>/getMe" in out.getvalue()
    assert SECRET not in out.getvalue()


@pytest.mark.parametrize("place", ["main", "thread"])
def test_an_error_that_nobody_caught_goes_through_the_log(place: str) -> None:
    code = (
        "import sys, threading\n"
        "from bot import log\n"
        "log.configure()\n"
        "def fail():\n"
        "    raise RuntimeError('at ' + sys.argv[1])\n"
        f"{'fail()' if place == 'main' else 'threading.Thread(target=fail).start()'}\n"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        [sys.executable, "-c", code, TOKEN], env=environment, capture_output=True, text=True, check=False
    )
    assert done.returncode == (1 if place == "main" else 0)
    assert "stopped by an unexpected error" in done.stderr
    assert "RuntimeError: at <token>" in done.stderr
    assert SECRET not in done.stderr
    assert done.stdout == ""


@given(st.text(max_size=20), st.text(max_size=20))
def test_redacting_finds_a_token_anywhere_and_changes_nothing_else(before: str, after: str) -> None:
    redacted = redact(f"{before} {TOKEN} {after}")
    assert SECRET not in redacted
    assert redact(redacted) == redacted


def test_what_is_not_shaped_like_a_token_stays() -> None:
    for text in ["at 12:30", "http://localhost:8080/a-long-path-of-more-than-twenty-letters", "123456789", "1:abc"]:
        assert redact(text) == text
    assert is_token(TOKEN)
    assert not is_token(f" {TOKEN}")
    assert not is_token(TOKEN.replace(":", "%3A"))


def address(runner: web.AppRunner) -> str:
    host, port = runner.addresses[0][:2]
    return f"{host}:{port}"
