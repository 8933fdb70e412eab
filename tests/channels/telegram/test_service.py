"""Starting and stopping."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import pytest
from pydantic import SecretStr

from bot.answering.assistant import Assistant
from bot.channels.telegram.service import MISSING, REFUSED, serve
from bot.errors import SettingsError
from bot.store.store import Store
from tests.channels.telegram.running import Service, Settings, serving
from tests.fake_bot_api import FakeBotApi, bad_gateway, blocked

WRONG = "123456789:AAwrongwrongwrongwrongwrongwrongwron"


async def test_a_token_that_telegram_refuses_is_one_clear_line(
    api: FakeBotApi, assistant: Assistant, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    with pytest.raises(SettingsError) as caught:
        await serve(Settings(api.base_url, SecretStr(WRONG)), lambda: assistant, store, asyncio.Event())
    assert str(caught.value) == REFUSED
    assert caught.value.__suppress_context__, "the library's own error quotes the token"
    assert WRONG not in caplog.text


async def test_without_a_token_there_is_no_service(assistant: Assistant, store: Store) -> None:
    with pytest.raises(SettingsError) as caught:
        await serve(Settings("http://127.0.0.1:1/bot", None), lambda: assistant, store, asyncio.Event())
    assert str(caught.value) == MISSING


async def test_a_bad_start_is_got_over(
    api: FakeBotApi, assistant: Assistant, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    api.trouble(bad_gateway(), method="getMe")
    async with serving(Settings(api.base_url), assistant, store):
        await api.until(lambda: bool(api.of("getUpdates")))
    assert "Telegram can't be reached: NetworkError (Bad Gateway (502)). The bot keeps trying." in caplog.text
    assert "@mobility_test_bot answers on Telegram." in caplog.text
    assert "Stopped; nothing was left half done." in caplog.text


async def test_it_stops_even_when_it_has_not_started(unused_port: int, assistant: Assistant, store: Store) -> None:
    stop = asyncio.Event()
    settings = Settings(f"http://127.0.0.1:{unused_port}/bot")
    task = asyncio.create_task(serve(settings, lambda: assistant, store, stop))
    await asyncio.sleep(0.05)
    assert not task.done()
    stop.set()
    await asyncio.wait_for(task, 10)


async def test_a_webhook_is_removed_and_what_waited_behind_it_is_served(
    api: FakeBotApi, assistant: Assistant, store: Store
) -> None:
    api.webhook = "https://example.org/hook"
    ana = api.person()
    await ana.says("/help")
    async with serving(Settings(api.base_url), assistant, store):
        await ana.hears()
    assert api.of("deleteWebhook")[0].params == {"drop_pending_updates": False}
    assert api.faults == []


async def test_what_was_answered_before_the_end_is_confirmed_and_not_answered_again(
    service: Service, api: FakeBotApi, assistant: Assistant, tmp_path: Path
) -> None:
    people = [api.person(number) for number in range(7001, 7031)]
    for person in people:
        await person.says("/help")
    await api.until(lambda: bool(api.of("sendMessage")))
    await service.ended()
    assert api.confirmed == api.of("getUpdates")[-1].params["offset"]
    forgetful = await Store.open(f"sqlite+aiosqlite:///{tmp_path / 'another.db'}")  # knows nothing of what was sent
    async with serving(Settings(api.base_url), assistant, forgetful):
        await api.until(lambda: len({chat for chat, _ in api.sent}) == len(people))
    await forgetful.close()
    assert len(api.sent) == len(people)


async def test_moderators_are_told(service: Service, api: FakeBotApi, caplog: pytest.LogCaptureFixture) -> None:
    first, second = api.person(9001), api.person(9002)
    api.trouble(blocked(), method="sendMessage", chat=9001)
    await service.reports("knowledge/entries/a.yaml:3: title: is <missing> & " + "x" * 5000)
    heard = await second.hears()
    assert heard.text.startswith("knowledge/entries/a.yaml:3: title: is <missing> & xxx")
    assert len(heard.text) == 4096
    assert first.messages == []
    assert "A moderator could not be told: Forbidden" in caplog.text


async def test_of_many_reports_the_newest_are_kept(api: FakeBotApi, assistant: Assistant, store: Store) -> None:
    person = api.person(9001)
    api.person(9002)
    async with serving(Settings(api.base_url), assistant, store) as service:
        for number in range(30):
            await service.reports(f"report {number}")
        await api.until(lambda: any(heard.text == "report 29" for heard in person.messages))
    assert [heard.text for heard in person.messages] == [f"report {number}" for number in range(10, 30)]
