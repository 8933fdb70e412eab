"""The checks of `doctor`, against a small Bot API server on this machine."""

from __future__ import annotations

import asyncio
import io
import time
from collections.abc import AsyncIterator, Callable
from email.utils import formatdate
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from rich.console import Console

from bot import doctor
from bot.doctor import Finding
from bot.errors import KnowledgeError
from bot.settings import Settings

TOKEN = "123456789:AAF-fictional_token_for_tests_00000"
SECRET = TOKEN.split(":")[1]
ME = {
    "id": 123456789,
    "is_bot": True,
    "first_name": "Mobility",
    "username": "mobility_test_bot",
    "can_join_groups": True,
    "can_read_all_group_messages": False,
    "supports_inline_queries": False,
}


class BotApi:
    """Answers getMe and getWebhookInfo for one token, with a clock of its own."""

    def __init__(self) -> None:
        self.me: dict[str, Any] = dict(ME)
        self.webhook = ""
        self.seconds_ahead = 0.0
        self.answers: Callable[[], web.Response] | None = None
        self.base_url = ""

    async def answer(self, request: web.Request) -> web.Response:
        method = request.path.rpartition("/")[2]
        if self.answers is not None:
            response = self.answers()
        elif request.method == "HEAD":
            response = web.Response()
        elif request.path != f"/bot{TOKEN}/{method}":
            response = web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
        else:
            webhook = {"url": self.webhook, "has_custom_certificate": False, "pending_update_count": 0}
            response = web.json_response({"ok": True, "result": self.me if method == "getMe" else webhook})
        response.headers["Date"] = formatdate(time.time() + self.seconds_ahead, usegmt=True)
        return response


@pytest.fixture
async def api() -> AsyncIterator[BotApi]:
    served = BotApi()
    app = web.Application()
    app.router.add_route("*", "/{rest:.*}", served.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    host, port = runner.addresses[0][:2]
    served.base_url = f"http://{host}:{port}/bot"
    yield served
    await runner.cleanup()


@pytest.fixture
def settings(api: BotApi, tmp_path: Path) -> Settings:
    return Settings.load(
        {
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_API_BASE_URL": api.base_url,
            "DATA_DIR": str(tmp_path / "data"),
        }
    )


async def of_telegram(settings: Settings) -> dict[str, Finding]:
    return {finding.name: finding async for finding in doctor.telegram(settings)}


def changed(settings: Settings, **values: object) -> Settings:
    return settings.model_copy(update=values)


async def test_all_is_well(settings: Settings) -> None:
    found = [finding async for finding in doctor.examine(settings, lambda: "120 entries in 2 languages")]
    assert [(finding.name, finding.outcome) for finding in found if finding.name != "disk"] == [
        ("token", "ok"),
        ("bot name", "ok"),
        ("privacy mode", "ok"),
        ("inline mode", "ok"),
        ("webhook", "ok"),
        ("database", "ok"),
        ("knowledge", "ok"),
        ("clock", "ok"),
        ("versions", "ok"),
    ]
    told = {finding.name: finding.what for finding in found}
    assert told["bot name"] == "Mobility (@mobility_test_bot), https://t.me/mobility_test_bot"
    assert told["knowledge"] == "120 entries in 2 languages"
    assert "disk" in told


async def test_without_a_token_it_says_how_to_get_one_and_goes_on(settings: Settings) -> None:
    found = [f async for f in doctor.examine(changed(settings, telegram_bot_token=None), lambda: "fine")]
    assert found[0] == Finding(
        "token",
        "warn",
        "No TELEGRAM_BOT_TOKEN is set: only the terminal chat works.",
        "Open @BotFather in Telegram, send /newbot, and put the token it gives you into TELEGRAM_BOT_TOKEN.",
    )
    assert [finding.name for finding in found] == ["token", "database", "knowledge", "clock", "disk", "versions"]


async def test_a_refused_token(api: BotApi, tmp_path: Path) -> None:
    wrong = Settings.load({"TELEGRAM_BOT_TOKEN": TOKEN[:-1], "TELEGRAM_API_BASE_URL": api.base_url})
    host = api.base_url.split("/")[2]
    assert await of_telegram(wrong) == {
        "token": Finding(
            "token",
            "bad",
            f"{host} refuses the token.",
            "Copy it again from @BotFather (/mybots, API Token) into TELEGRAM_BOT_TOKEN. If TELEGRAM_API_BASE_URL is "
            "set, check that it is a Bot API server.",
        )
    }


CHECK = "Check the network. Where Telegram is blocked, set TELEGRAM_PROXY. If TELEGRAM_API_BASE_URL is set, check it."


async def test_a_server_that_is_not_there(settings: Settings) -> None:
    nowhere = changed(settings, telegram_api_base_url="http://127.0.0.1:1/bot")
    assert await of_telegram(nowhere) == {
        "token": Finding(
            "token", "bad", "The token could not be tried: no good answer from 127.0.0.1:1 (NetworkError).", CHECK
        )
    }


async def test_a_proxy_that_is_not_there(settings: Settings) -> None:
    for proxy in ("http://127.0.0.1:1", "socks5://127.0.0.1:1"):
        found = await of_telegram(changed(settings, telegram_proxy=proxy))
        assert (found["token"].outcome, found["token"].mend) == ("bad", CHECK)
        assert await doctor.clock(settings.telegram_api_base_url, proxy) is None


async def test_the_way_through_a_proxy_is_the_one_that_is_tried(settings: Settings, api: BotApi) -> None:
    """An HTTP proxy is sent the whole address, so the server itself can play one."""
    proxy = api.base_url.removesuffix("/bot")
    behind = changed(settings, telegram_api_base_url="http://telegram.invalid/bot", telegram_proxy=proxy)
    assert (await of_telegram(behind))["token"].outcome == "ok"
    assert await doctor.clock(behind.telegram_api_base_url, proxy) is not None


@pytest.mark.parametrize(
    "answer",
    [
        web.Response,
        lambda: web.Response(text="<html>Welcome to the hotel's Wi-Fi</html>", content_type="text/html"),
        lambda: web.Response(status=502, text="<html>Bad Gateway</html>"),
        lambda: web.json_response([]),
        lambda: web.json_response({"ok": True}),
        lambda: web.json_response({"ok": True, "result": {}}),
        lambda: web.json_response({"ok": True, "result": "yes"}),
    ],
)
async def test_a_server_that_is_no_bot_api(
    settings: Settings, api: BotApi, answer: Callable[[], web.Response]
) -> None:
    api.answers = answer
    found = await of_telegram(settings)
    assert list(found) == ["token"]
    assert found["token"].outcome == "bad"
    assert found["token"].what.startswith("The token could not be tried: no good answer from 127.0.0.1:")
    assert found["token"].mend == CHECK
    assert SECRET not in found["token"].what


async def test_too_many_requests(settings: Settings, api: BotApi) -> None:
    busy = {"ok": False, "error_code": 429, "description": "Too Many", "parameters": {"retry_after": 60}}
    api.answers = lambda: web.json_response(busy, status=429)
    found = await of_telegram(settings)
    host = api.base_url.split("/")[2]
    assert found["token"] == Finding(
        "token", "warn", f"{host} has had too many requests.", "Wait some minutes and ask again."
    )


async def test_modes_that_do_not_fit(settings: Settings, api: BotApi) -> None:
    api.me |= {"can_read_all_group_messages": True, "supports_inline_queries": True}
    found = await of_telegram(settings)
    assert found["privacy mode"] == Finding(
        "privacy mode",
        "warn",
        "Off: in groups the bot would be sent everything that people write.",
        "In @BotFather: /setprivacy, choose the bot, Enable. It answers in private chats only.",
    )
    assert found["inline mode"] == Finding(
        "inline mode",
        "warn",
        "On, but this version does not answer inline questions: people would wait for nothing.",
        "In @BotFather: /setinline, choose the bot, /empty.",
    )


async def test_a_webhook_is_told_by_its_host_only(settings: Settings, api: BotApi) -> None:
    api.webhook = f"https://bots.example.org/hook/{TOKEN}"
    assert (await of_telegram(settings))["webhook"] == Finding(
        "webhook",
        "warn",
        "One is set, to bots.example.org: Telegram gives messages to that program only. The bot removes it when it "
        "starts.",
        "If another program still answers with this token, stop it, or get a second bot from @BotFather.",
    )


@pytest.mark.parametrize(("ahead", "told"), [(3600, "behind"), (-3600, "ahead of")])
async def test_a_wrong_clock(settings: Settings, api: BotApi, ahead: int, told: str) -> None:
    api.seconds_ahead = ahead
    found = await doctor.clock(settings.telegram_api_base_url, None)
    assert found is not None
    assert found.outcome == "warn"
    assert f" seconds {told} the server's." in found.what
    assert found.mend == "Let the machine set its clock itself (`timedatectl set-ntp true` on most Linux systems)."


async def test_the_clock_is_left_out_when_nobody_tells_the_time(api: BotApi) -> None:
    assert await doctor.clock("http://127.0.0.1:1/bot", None) is None

    async def mute(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(mute, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    assert await doctor.clock(f"http://127.0.0.1:{port}/bot", None) is None
    server.close()
    await server.wait_closed()


async def test_a_broken_database_has_its_mend(tmp_path: Path) -> None:
    file = tmp_path / "bot.db"
    file.write_bytes(b"x" * 5000)
    found = await doctor.database(f"sqlite+aiosqlite:///{file}")
    assert found == Finding(
        "database",
        "bad",
        f"{file} is not a SQLite database.",
        "Set DATABASE_URL to another file, or move this one away and a new one is made.",
    )


async def test_a_knowledge_base_with_errors() -> None:
    def load() -> str:
        raise KnowledgeError("The knowledge base has 3 errors.", ["a.yaml:1: id: twice"])

    assert await doctor.loads(load) == Finding(
        "knowledge",
        "bad",
        "The knowledge base has 3 errors.",
        "`python run_bot.py check` lists every problem with its place.",
    )


def test_a_folder_that_can_not_be_written(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert doctor.folder(tmp_path / "file" / "data") == Finding(
        "disk",
        "bad",
        f"{tmp_path}/file/data can't be written (Not a directory).",
        "Give the bot's user the right to write there, or set DATA_DIR to another folder.",
    )


@pytest.mark.parametrize(("least", "outcome"), [("DISK_WARN", "warn"), ("DISK_BAD", "bad")])
def test_a_full_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, least: str, outcome: str) -> None:
    monkeypatch.setattr(doctor, least, 10**18)
    found = doctor.folder(tmp_path)
    assert found.outcome == outcome
    assert found.mend == "Make room on this disk, or set DATA_DIR to a folder on another one."


def test_the_folder_is_made_for_its_owner_and_left_empty(tmp_path: Path) -> None:
    assert doctor.folder(tmp_path / "data").what.startswith(f"{tmp_path}/data can be written; ")
    assert (tmp_path / "data").stat().st_mode & 0o777 == 0o700
    assert list((tmp_path / "data").iterdir()) == []


def test_a_missing_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "LIBRARIES", ("aiohttp", "no-such-library"))
    assert doctor.versions() == Finding(
        "versions", "bad", "Not installed: no-such-library.", "Run the README's first command."
    )


def test_the_table_shows_each_finding_with_its_mend_and_no_token() -> None:
    out = io.StringIO()
    findings = [
        Finding("token", "bad", f"refused [bold]{TOKEN}[/bold]", "Copy it again."),
        Finding("database", "ok", "It opens."),
    ]
    doctor.table(findings, Console(file=out, width=80))
    lines = [line.split() for line in out.getvalue().splitlines()]
    assert ["token", "│", "bad", "│", "refused", "[bold]<token>[/bold]"] in lines
    assert ["│", "│", "→", "Copy", "it", "again."] in lines
    assert ["database", "│", "ok", "│", "It", "opens."] in lines
    assert SECRET not in out.getvalue()
