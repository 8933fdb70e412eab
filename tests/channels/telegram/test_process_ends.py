"""How the real process ends, and what the next one makes of it."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.channels.telegram.service import REFUSED
from tests.channels.telegram.process import BotProcess
from tests.fake_bot_api import FakeBotApi, delayed, flood

WRONG = "123456789:AAwrongwrongwrongwrongwrongwrongwron"


@pytest.fixture
async def process(api: FakeBotApi, models: Path, tmp_path: Path) -> AsyncIterator[BotProcess]:
    made = BotProcess(api, tmp_path, models)
    yield made
    await made.stop()
    assert api.faults == []


async def test_sigterm_in_the_middle_loses_nothing(api: FakeBotApi, process: BotProcess) -> None:
    people = [api.person(number) for number in range(7001, 7041)]
    gate = asyncio.Event()
    api.trouble(delayed(gate), method="sendMessage", times=20)
    await process.started()
    for person in people:
        await person.says("landlord says no foreigners")
    await api.until(lambda: len(api.of("sendMessage")) >= 20)
    process.terminate()
    gate.set()
    assert await process.ended() == 0, process.log
    assert "Traceback" not in process.log
    await process.started()
    await api.until(lambda: len({chat for chat, _ in api.sent}) == len(people))
    assert await process.stop() == 0
    assert set(Counter(chat for chat, _ in api.sent).values()) == {1}, "nobody was answered twice"


async def test_after_sigkill_in_the_middle_of_a_batch_no_question_stays_unanswered(
    api: FakeBotApi, process: BotProcess
) -> None:
    people = [api.person(number) for number in range(7001, 7041)]
    for person in people:  # all of them in one batch
        await person.says("landlord says no foreigners")
    stuck = [
        api.trouble(delayed(asyncio.Event()), method="sendMessage", times=None, chat=number)
        for number in range(7001, 7041, 4)
    ]
    await process.start()
    await api.until(lambda: len({chat for chat, _ in api.sent}) >= 20, 60)
    assert api.confirmed == 0
    await process.kill()
    for trouble in stuck:
        api.mended(trouble)
    await process.start()
    await api.until(lambda: len({chat for chat, _ in api.sent}) == len(people), 60)
    assert await process.stop() == 0, process.log
    assert not [call for call in api.of("getUpdates") if call.params.get("limit") == 1 and call.status != 200]


async def test_what_must_wait_is_sent_after_a_restart(api: FakeBotApi, process: BotProcess) -> None:
    ana = api.person()
    api.trouble(flood(3), method="sendMessage")
    await process.started()
    number = await ana.says("landlord says no foreigners")
    await api.until(lambda: api.confirmed > 0)
    assert await process.stop() == 0
    assert ana.messages == []
    await process.start()
    assert (await ana.hears(60)).text.startswith("A landlord")
    assert api.of("sendMessage")[-1].params["reply_parameters"]["message_id"] == number
    assert len(api.of("sendMessage")) == 2


async def test_buttons_and_the_conversation_survive_a_restart(
    api: FakeBotApi, process: BotProcess, vague: str
) -> None:
    ana = api.person()
    await process.started()
    await ana.says(vague)
    choices = await ana.hears()
    await process.stop()
    await process.started()
    await ana.taps(choices, next(iter(choices.buttons)))
    assert next(iter(choices.buttons))[:20] in (await ana.hears()).text
    number = await ana.says("qwertz asdfgh yxcvbn")
    before = await ana.hears()
    await process.stop()
    await process.started()
    await ana.edits(number, "landlord says no foreigners")
    assert (await ana.sees_edit()).number == before.number


@pytest.mark.parametrize("signal_early", [True, False])
async def test_it_ends_cleanly_when_nothing_happened(
    api: FakeBotApi, process: BotProcess, *, signal_early: bool
) -> None:
    if signal_early:
        await process.start()
        await api.until(lambda: bool(api.of("getMe")), 60)
    else:
        await process.started()
    assert await process.stop() == 0
    assert "Traceback" not in process.log


async def test_a_wrong_token_is_one_line_and_exit_code_2(api: FakeBotApi, models: Path, tmp_path: Path) -> None:
    process = BotProcess(api, tmp_path, models, {"TELEGRAM_BOT_TOKEN": WRONG, "LOG_LEVEL": "ERROR"})
    await process.start()
    assert await process.ended() == 2
    assert process.log.splitlines() == [REFUSED]


async def test_two_copies_of_the_bot_are_told(api: FakeBotApi, models: Path, tmp_path: Path) -> None:
    copies = [BotProcess(api, tmp_path / name, models) for name in ("one", "two")]
    for copy, name in zip(copies, ("one", "two"), strict=True):
        (tmp_path / name).mkdir()
        await copy.started()
    await api.until(lambda: any(call.status == 409 for call in api.of("getUpdates")), 60)
    ana = api.person()
    await ana.says("/help")
    await ana.hears()
    for copy in copies:
        assert await copy.stop() == 0
    told = "".join(copy.log for copy in copies)
    assert "Another copy of this bot is running with the same token." in told
