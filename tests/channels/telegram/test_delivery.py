"""What becomes of a reply when Telegram is busy, slow, out of reach, or refuses it."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any, cast

import pytest
from aiohttp import web

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation
from bot.answering.reply import Recipe, Reply
from bot.channels.telegram.delivery import Patience
from bot.store.store import Store
from tests.channels.telegram.running import PATIENCE, Service, Settings, serving
from tests.fake_bot_api import FakeBotApi, Person, bad_gateway, blocked, cut, delayed, flood
from tests.fake_bot_api.trouble import Answer, refusal

QUESTION = "landlord says no foreigners"
FOREVER = 10**9


@pytest.fixture
def ana(api: FakeBotApi) -> Person:
    return api.person()


def refused(description: str) -> Answer:
    async def answer(_: web.Request) -> web.StreamResponse:
        return refusal(400, f"Bad Request: {description}")

    return answer


async def waiting(store: Store) -> int:
    return len(await store.due(time.time() + FOREVER, limit=1000))


async def until(ready: Callable[[], Awaitable[bool]]) -> None:
    """Waits for something in the store, which tells nobody of its changes."""
    async with asyncio.timeout(20):
        for _ in range(4000):
            if await ready():
                return
            await asyncio.sleep(0.005)


async def test_after_a_flood_the_answer_comes_later_and_tied_to_its_question(
    service: Service, api: FakeBotApi, store: Store, ana: Person
) -> None:
    api.trouble(flood(1), method="sendMessage")
    number = await ana.says(QUESTION)
    assert (await ana.hears()).text.startswith("A landlord")
    calls = api.of("sendMessage")
    assert [call.status for call in calls] == [429, 200]
    assert "reply_parameters" not in calls[0].params
    assert calls[1].params["reply_parameters"] == {"message_id": number, "allow_sending_without_reply": True}

    async def recorded() -> bool:
        return await waiting(store) == 0 and await store.reply_to(ana.number, number) is not None

    await until(recorded)


async def test_in_a_flood_the_handler_ends_at_once_and_the_conversation_is_kept(
    service: Service, api: FakeBotApi, store: Store, ana: Person
) -> None:
    api.trouble(flood(600), method="sendMessage")
    await ana.says(QUESTION)
    await api.until(lambda: api.confirmed > 0)
    rows = await store.due(time.time() + FOREVER)
    assert [row.recipe.entries for row in rows] == [("housing-refused",)]
    assert rows[0].not_before > time.time() + 500
    assert (await store.conversation(ana.number)).last == "housing-refused"


async def test_what_waits_is_sent_after_a_restart(
    api: FakeBotApi, store: Store, assistant: Assistant, ana: Person
) -> None:
    recipe = Recipe("answer", "es", ("housing-refused",))
    await store.wait(ana.number, Conversation(), question=None, edit=None, recipe=recipe, not_before=time.time() - 5)
    async with serving(Settings(api.base_url), assistant, store):
        heard = await ana.hears()
    assert heard.text.startswith(assistant.knowledge.entries["housing-refused"].wording("es").title)
    assert await waiting(store) == 0
    assert api.faults == []


async def test_a_flood_of_one_chat_is_no_matter_of_another(
    service: Service, api: FakeBotApi, store: Store, ana: Person
) -> None:
    api.trouble(flood(600), method="sendMessage", times=None, chat=ana.number)
    for _ in range(3):
        await ana.says(QUESTION)
    await ana.api.until(lambda: len(api.of("sendMessage")) == 3)
    bea = api.person(7002)
    await bea.says(QUESTION)
    assert (await bea.hears()).text.startswith("A landlord")
    assert ana.messages == []


async def test_short_failures_are_bridged_at_once(
    service: Service, api: FakeBotApi, store: Store, ana: Person
) -> None:
    api.trouble(bad_gateway(), method="sendMessage")
    api.trouble(cut(), method="sendMessage")
    await ana.says(QUESTION)
    await ana.hears()
    assert len(api.of("sendMessage")) == 3
    assert await waiting(store) == 0


async def test_longer_ones_are_waited_out_in_the_store(
    service: Service, api: FakeBotApi, store: Store, ana: Person
) -> None:
    api.trouble(bad_gateway(), method="sendMessage", times=3)
    number = await ana.says(QUESTION)
    await ana.hears()
    assert len(api.of("sendMessage")) == 4
    assert api.of("sendMessage")[3].params["reply_parameters"]["message_id"] == number


async def test_a_slow_send_holds_nobody_up_and_is_not_sent_twice(
    api: FakeBotApi, store: Store, assistant: Assistant, ana: Person
) -> None:
    gate = asyncio.Event()
    api.trouble(delayed(gate), method="sendMessage", chat=ana.number)
    patience = replace(PATIENCE, whole=0.05, under_way=0.05)
    async with serving(Settings(api.base_url), assistant, store, patience):
        number = await ana.says(QUESTION)
        await api.until(lambda: api.confirmed > 0)  # the handler has ended; its row is in the store
        assert await waiting(store) == 1
        gate.set()
        await ana.hears()

        async def recorded() -> bool:
            return await waiting(store) == 0 and await store.reply_to(ana.number, number) is not None

        await until(recorded)
    assert len(api.of("sendMessage")) == 1
    assert api.faults == []


async def test_a_slow_send_that_arrives_at_the_end_is_ticked_off(
    api: FakeBotApi, store: Store, assistant: Assistant, ana: Person
) -> None:
    gate = asyncio.Event()
    api.trouble(delayed(gate), method="sendMessage")
    async with serving(
        Settings(api.base_url), assistant, store, replace(PATIENCE, whole=0.05, under_way=20)
    ) as service:
        await ana.says(QUESTION)
        await api.until(lambda: api.confirmed > 0)
        service.stop.set()
        gate.set()
        await service.ended()
    assert len(api.sent) == 1
    assert await waiting(store) == 0


async def test_a_slow_send_that_fails_is_sent_again(
    api: FakeBotApi, store: Store, assistant: Assistant, ana: Person
) -> None:
    gate = asyncio.Event()
    patience = Patience(whole=0.05, retries=(), unreached=0.05, under_way=0.05)

    async def cut_later(request: web.Request) -> web.StreamResponse | None:
        await gate.wait()
        return await cut()(request)

    api.trouble(cut_later, method="sendMessage")
    async with serving(Settings(api.base_url), assistant, store, patience):
        await ana.says(QUESTION)
        await api.until(lambda: api.confirmed > 0)
        gate.set()
        await ana.hears()
    assert len(api.of("sendMessage")) == 2


async def test_whoever_blocked_the_bot_is_not_tried_again(
    service: Service, api: FakeBotApi, store: Store, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    api.trouble(blocked(), method="sendMessage", times=None, chat=ana.number)
    await ana.says(QUESTION)
    await api.until(lambda: api.confirmed > 0)
    assert len(api.of("sendMessage")) == 1
    assert await waiting(store) == 0
    assert "A reply is not sent: the person has blocked the bot or left Telegram." in caplog.text


async def test_what_waits_for_someone_who_blocked_the_bot_is_dropped(
    service: Service, api: FakeBotApi, store: Store, ana: Person
) -> None:
    api.trouble(flood(1), method="sendMessage")
    api.trouble(blocked(), method="sendMessage")
    await ana.says(QUESTION)
    await api.until(lambda: [call.status for call in api.of("sendMessage")] == [429, 403])

    async def gone() -> bool:
        return await waiting(store) == 0

    await until(gone)


async def test_a_reply_that_telegram_can_not_show_goes_out_as_plain_text(
    service: Service, api: FakeBotApi, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    api.trouble(refused("can't parse entities: unsupported start tag"), method="sendMessage")
    await ana.says(QUESTION)
    heard = await ana.hears()
    assert heard.text.startswith("A landlord")
    assert heard.buttons == {}
    assert "Telegram refused a reply (answer housing-refused): BadRequest" in caplog.text


async def test_a_reply_that_telegram_refuses_altogether_is_given_up(
    service: Service, api: FakeBotApi, store: Store, ana: Person
) -> None:
    api.trouble(refused("something"), method="sendMessage", times=2)
    await ana.says(QUESTION)
    await api.until(lambda: api.confirmed > 0)
    assert await waiting(store) == 0
    await ana.says("/help")
    await ana.hears()


async def test_an_edit_that_must_wait_is_made_later(
    service: Service, api: FakeBotApi, store: Store, ana: Person
) -> None:
    number = await ana.says("qwertz asdfgh")
    unknown = await ana.hears()
    api.trouble(flood(1), method="editMessageText")
    await ana.edits(number, QUESTION)
    changed = await ana.sees_edit()
    assert changed.number == unknown.number
    assert changed.text.startswith("A landlord")
    assert len(api.sent) == 1


async def test_what_was_answered_before_a_crash_is_not_answered_again(
    api: FakeBotApi, store: Store, assistant: Assistant, ana: Person
) -> None:
    number = await ana.says(QUESTION)
    await store.record(
        ana.number, Conversation(), question=number, message=900, recipe=Recipe("answer", "en", ("housing-refused",))
    )
    async with serving(Settings(api.base_url), assistant, store):
        await ana.says("/help")
        await ana.hears()
    assert len(api.sent) == 1


async def test_a_row_that_can_not_be_made_again_becomes_a_kind_sentence(
    api: FakeBotApi, store: Store, assistant: Assistant, ana: Person
) -> None:
    class Broken:
        def __getattr__(self, name: str) -> Any:
            return getattr(assistant, name)

        def rebuild(self, recipe: Recipe) -> Reply:
            raise LookupError(recipe.view)

    recipe = Recipe("answer", "en", ("housing-refused",))
    await store.wait(ana.number, Conversation(), question=None, edit=None, recipe=recipe, not_before=0)
    async with serving(Settings(api.base_url), cast(Assistant, Broken()), store):
        heard = await ana.hears()
    assert heard.text == assistant.command("sorry", Conversation(lang="en")).text
