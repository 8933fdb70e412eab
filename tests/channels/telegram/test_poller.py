"""The poller against a real server: what it confirms, and when."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
from telegram import Update
from telegram.ext import ExtBot

from bot.channels.telegram.poller import CONFLICT, REVOKED, Pace, Poller
from bot.channels.telegram.request import AiohttpRequest, PollingRequest
from tests.fake_bot_api import TOKEN, FakeBotApi, bad_gateway, cut, flood

QUICK = Pace(long_poll=20, settle=0.05, same_offset=0.05, first_retry=0.01, last_retry=0.02, drain=5)


@dataclass
class Work:
    """What is done with updates: noted, and held up where told."""

    begun: list[str] = field(default_factory=list)
    ended: list[str] = field(default_factory=list)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    fails: set[str] = field(default_factory=set)
    news: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def process(self, update: Update) -> None:
        words = update.message.text or "" if update.message else "nothing"
        await self.note(self.begun, words)
        if words in self.fails:
            raise RuntimeError(words)
        if words in self.gates:
            await self.gates[words].wait()
        await self.note(self.ended, words)

    async def note(self, where: list[str], words: str) -> None:
        async with self.news:
            where.append(words)
            self.news.notify_all()

    async def until(self, ready: Callable[[], bool]) -> None:
        async with self.news:
            await asyncio.wait_for(self.news.wait_for(ready), 20)

    def hold(self, words: str) -> asyncio.Event:
        return self.gates.setdefault(words, asyncio.Event())


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as running:
        yield running


@pytest.fixture
def work() -> Work:
    return Work()


@dataclass
class Running:
    stop: asyncio.Event
    task: asyncio.Task[None]

    async def ended(self) -> None:
        self.stop.set()
        await asyncio.wait_for(self.task, 20)


@asynccontextmanager
async def polling(api: FakeBotApi, work: Work, pace: Pace = QUICK) -> AsyncIterator[Running]:
    request = PollingRequest()
    async with ExtBot(TOKEN, base_url=api.base_url, request=AiohttpRequest(), get_updates_request=request) as bot:
        stop = asyncio.Event()
        poller = Poller(bot, work.process, allowed_updates=("message",), unreadable=request.sift, pace=pace)
        task = asyncio.create_task(poller.run(stop))
        try:
            yield Running(stop, task)
        finally:
            task.cancel()
            await asyncio.wait({task})


async def test_asks_for_what_is_used_only(api: FakeBotApi, work: Work) -> None:
    async with polling(api, work):
        await api.until(lambda: bool(api.of("getUpdates")))
    assert api.of("getUpdates")[0].params == {"allowed_updates": ["message"], "limit": 100, "timeout": 20}


async def test_confirms_a_batch_when_all_of_it_has_ended(api: FakeBotApi, work: Work) -> None:
    ana = api.person()
    await ana.says("one")
    await ana.says("two")
    async with polling(api, work):
        await work.until(lambda: work.ended == ["one", "two"])
        await api.until(lambda: api.confirmed > 0)
        first_free = api.confirmed
        await ana.says("three")
        await work.until(lambda: work.ended == ["one", "two", "three"])
        await api.until(lambda: api.confirmed > first_free)
    assert api.faults == []


async def test_a_batch_is_worked_on_side_by_side(api: FakeBotApi, work: Work) -> None:
    ana, gate = api.person(), work.hold("slow")
    await ana.says("slow")
    await ana.says("quick")
    async with polling(api, work):
        await work.until(lambda: work.ended == ["quick"])
        gate.set()
        await work.until(lambda: work.ended == ["quick", "slow"])


async def test_what_runs_is_not_confirmed_and_what_comes_behind_it_is_served(api: FakeBotApi, work: Work) -> None:
    ana, gate = api.person(), work.hold("slow")
    before = await ana.says("before")
    await ana.says("slow")
    async with polling(api, work):
        await work.until(lambda: work.begun == ["before", "slow"])
        await api.until(lambda: api.confirmed > before)
        stuck = api.confirmed
        await ana.says("behind")
        await work.until(lambda: "behind" in work.ended)
        asked = len(api.of("getUpdates"))
        await api.until(lambda: len(api.of("getUpdates")) > asked + 2)
        assert api.confirmed == stuck, "only what came before the one that runs"
        assert work.begun == ["before", "slow", "behind"], "handed out again and again, but begun once"
        gate.set()
        await api.until(lambda: api.confirmed > stuck)
    assert work.begun == ["before", "slow", "behind"]


async def test_an_update_that_fails_is_confirmed_and_logged_without_its_words(
    api: FakeBotApi, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    work.fails.add("my secret")
    await api.person().says("my secret")
    async with polling(api, work):
        await api.until(lambda: api.confirmed > 0)
    assert "An update failed outside its handler: RuntimeError at " in caplog.text
    assert "my secret" not in caplog.text


async def test_at_the_end_it_finishes_and_confirms_what_is_in_hand(api: FakeBotApi, work: Work) -> None:
    ana, gate = api.person(), work.hold("slow")
    await ana.says("slow")
    async with polling(api, work) as running:
        await work.until(lambda: work.begun == ["slow"])
        running.stop.set()
        gate.set()
        await running.ended()
    assert work.ended == ["slow"]
    assert api.of("getUpdates")[-1].params["timeout"] == 0
    assert api.of("getUpdates")[-1].params["limit"] == 1
    assert api.confirmed == api.of("getUpdates")[-1].params["offset"]


async def test_at_the_end_it_does_not_ask_in_vain(api: FakeBotApi, work: Work) -> None:
    async with polling(api, work) as running:
        await api.until(lambda: bool(api.of("getUpdates")))
        await running.ended()
    assert len(api.of("getUpdates")) == 1


async def test_what_does_not_end_in_time_stays_unconfirmed(
    api: FakeBotApi, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    ana = api.person()
    work.hold("endless")
    await ana.says("quick")
    await ana.says("endless")
    async with polling(api, work, Pace(settle=0.02, same_offset=0.02, drain=0.05)) as running:
        await work.until(lambda: "endless" in work.begun)
        await running.ended()
    assert "1 messages are not answered yet. They are when the bot starts again." in caplog.text
    again = Work()
    async with polling(api, again):
        await again.until(lambda: again.ended == ["endless"])


async def test_what_was_in_hand_in_a_crash_is_handed_out_again(api: FakeBotApi, work: Work) -> None:
    ana = api.person()
    work.hold("second")
    for words in ("first", "second", "third"):
        await ana.says(words)
    async with polling(api, work, Pace(settle=60)) as running:
        await work.until(lambda: work.ended == ["first", "third"])
        running.task.cancel()  # nothing is finished or confirmed
    again = Work()
    async with polling(api, again):
        await again.until(lambda: again.ended == ["first", "second", "third"])


async def test_another_poller_is_one_clear_line(
    api: FakeBotApi, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    api.webhook = "https://example.org/"  # gives the same 409 as another poller
    async with polling(api, work, Pace(long_poll=20, same_offset=0.01, first_retry=0.01, last_retry=0.01)):
        await api.until(lambda: len(api.of("getUpdates")) > 3)
        api.webhook = ""
        await api.person().says("hello")
        await work.until(lambda: work.ended == ["hello"])
    assert caplog.text.count(CONFLICT) == 1
    assert "Telegram answers again, after" in caplog.text


async def test_goes_on_after_failures_of_the_network(
    api: FakeBotApi, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    await api.person().says("hello")
    for answer in (bad_gateway(), bad_gateway(), cut(), flood(1)):
        api.trouble(answer, method="getUpdates")
    async with polling(api, work):
        await work.until(lambda: work.ended == ["hello"])
    assert [record.getMessage() for record in caplog.records if record.levelno == logging.WARNING] == [
        "Telegram can't be reached: NetworkError (Bad Gateway (502)). The bot keeps trying.",
        "Telegram can't be reached: NetworkError (ServerDisconnectedError). The bot keeps trying.",
        "Telegram asks for a pause.",
    ]
    assert TOKEN not in caplog.text


async def test_a_token_that_was_taken_back_is_told(
    api: FakeBotApi, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    async with polling(api, work):
        await api.until(lambda: bool(api.of("getUpdates")))
        api.token = "another"
        await api.push_raw({"update_id": 1})  # ends the request that is held back
        await api.until(lambda: api.strangers > 2)
    assert caplog.text.count(REVOKED) == 1


async def test_an_update_of_an_unknown_form_does_not_hold_up_the_others(
    api: FakeBotApi, work: Work, caplog: pytest.LogCaptureFixture
) -> None:
    logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)
    await api.push_raw({"update_id": 1, "message": {"message_id": 5, "text": "my secret"}})
    await api.person().says("hello")
    async with polling(api, work):
        await work.until(lambda: "hello" in work.ended)
        await api.until(lambda: api.confirmed > 1000)
    assert "An update of an unknown form is left out." in caplog.text
    assert "my secret" not in caplog.text


async def test_numbers_that_begin_anew_are_followed(api: FakeBotApi, work: Work) -> None:
    ana = api.person()
    await ana.says("before")
    async with polling(api, work) as running:
        await api.until(lambda: api.confirmed > 0)
        await running.ended()
    api._number, api.confirmed = 10, 0  # after a quiet week Telegram numbers updates from anywhere
    await ana.says("after")
    async with polling(api, work):
        await work.until(lambda: work.ended == ["before", "after"])
        await api.until(lambda: 10 < api.confirmed < 1000)
