"""Conversations with the real process on the shipped knowledge. One process serves all tests of this file."""

from __future__ import annotations

from collections.abc import AsyncIterator
from itertools import count
from pathlib import Path

import pytest
import pytest_asyncio

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation
from bot.answering.reply import View
from bot.channels.telegram.render import render
from tests.channels.telegram.process import BotProcess
from tests.fake_bot_api import TOKEN, FakeBotApi, Person, bad_gateway, cut, flood
from tests.fake_bot_api.updates import message, text, user

pytestmark = pytest.mark.asyncio(loop_scope="module")

WORDS = "zanzibarian"
"""In every message of the test of the log, and in no knowledge base."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as running:
        yield running


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def process(
    api: FakeBotApi, models: Path, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[BotProcess]:
    made = BotProcess(api, tmp_path_factory.mktemp("bot"), models, {"LOG_LEVEL": "DEBUG"})
    await made.started()
    yield made
    assert await made.stop() == 0, made.log
    assert api.faults == []
    assert "Traceback" not in made.log


numbers = count(7001)


@pytest_asyncio.fixture(loop_scope="module")
async def ana(api: FakeBotApi, process: BotProcess) -> Person:
    """Somebody new in each test."""
    return api.person(next(numbers))


@pytest_asyncio.fixture(loop_scope="module")
async def bea(api: FakeBotApi, process: BotProcess) -> Person:
    return api.person(next(numbers), language="es")


def title(assistant: Assistant, entry: str, lang: str = "en") -> str:
    return assistant.knowledge.entries[entry].wording(lang).title


def own(assistant: Assistant, view: View, lang: str = "en") -> str:
    return render(assistant.command(view, Conversation(lang=lang))).plain


async def test_a_question_gets_its_answer(ana: Person, assistant: Assistant) -> None:
    await ana.says("My landlord does not rent to foreigners")
    heard = await ana.hears()
    assert heard.text.startswith(title(assistant, "housing-refused"))
    assert any(target.startswith("https://") for target in heard.buttons.values())


async def test_with_typing_mistakes_too(ana: Person, assistant: Assistant) -> None:
    await ana.says("lanlord dont rent to forigners")
    assert (await ana.hears()).text.startswith(title(assistant, "housing-refused"))


async def test_a_vague_word_gets_choices_and_a_tap_its_answer(
    api: FakeBotApi, ana: Person, assistant: Assistant, vague: str
) -> None:
    await ana.says(vague)
    choices = await ana.hears()
    entry = next(data.split(":")[1] for data in choices.buttons.values() if data.startswith("entry:"))
    tap = await ana.sends_tap(choices, f"entry:{entry}:0")
    assert title(assistant, entry) in (await ana.hears()).text
    await api.until(lambda: tap in api.acknowledged)


async def test_spanish(bea: Person, assistant: Assistant) -> None:
    await bea.says("mi jefe no me paga")
    assert (await bea.hears()).text.startswith(title(assistant, "wages-not-paid", "es"))


async def test_the_longest_message_that_telegram_allows(ana: Person) -> None:
    await ana.says(("my boss does not pay me and " * 200)[:4096])
    assert (await ana.hears()).text


@pytest.mark.parametrize("words", ["😀", "👩‍👩‍👧‍👦🇺🇳", "؟!", "\u202e", "م" * 4096, "\u0301\u0301", "0"])
async def test_odd_messages_get_something_kind(ana: Person, words: str) -> None:
    await ana.says(words)
    assert (await ana.hears()).text


async def test_text_from_right_to_left(ana: Person) -> None:
    await ana.says("صاحب العمل لا يدفع راتبي")
    assert (await ana.hears()).text


async def test_an_edited_message(ana: Person, assistant: Assistant) -> None:
    number = await ana.says("qwertz asdfgh yxcvbn")
    unknown = await ana.hears()
    await ana.edits(number, "landlord says no foreigners")
    changed = await ana.sees_edit()
    assert changed.number == unknown.number
    assert changed.text.startswith(title(assistant, "housing-refused"))


async def test_an_unknown_command(ana: Person, assistant: Assistant) -> None:
    await ana.says("/weather")
    assert (await ana.hears()).text == own(assistant, "unknown-command")


async def test_updates_that_nobody_asked_for(api: FakeBotApi, ana: Person, assistant: Assistant) -> None:
    channel = {"id": -200, "type": "channel", "title": "c"}
    await api.push("channel_post", message(3, channel, None, text("hello")))
    await api.push(
        "my_chat_member",
        {
            "chat": channel,
            "from": user(1, "en"),
            "date": 1,
            "old_chat_member": {"status": "left", "user": user(1, "en")},
            "new_chat_member": {"status": "member", "user": user(1, "en")},
        },
    )
    await api.push_raw({"update_id": api.next_number(), "from_the_future": {"x": [1]}})
    await api.push_raw({"update_id": api.next_number(), "message": {"from_the_future": 1}})
    await ana.says("/help")
    assert (await ana.hears()).text == own(assistant, "help")


async def test_two_chats_at_once(ana: Person, bea: Person, assistant: Assistant) -> None:
    for _ in range(3):
        await ana.says("landlord says no foreigners")
        await bea.says("mi jefe no me paga")
    for _ in range(3):
        assert (await ana.hears()).text.startswith(title(assistant, "housing-refused"))
        assert (await bea.hears()).text.startswith(title(assistant, "wages-not-paid", "es"))


async def test_neither_token_nor_words_nor_people_are_logged(
    api: FakeBotApi, process: BotProcess, ana: Person
) -> None:
    for answer in (bad_gateway(), cut(), flood(1)):
        api.trouble(answer, method="sendMessage", chat=ana.number)
        await ana.says(f"{WORDS} landlord")
        heard = await ana.hears()
    await api.push_raw({"update_id": api.next_number(), "message": {"text": WORDS}})
    await ana.taps(heard, "")
    await ana.hears()
    log = process.log
    assert "@mobility_test_bot answers on Telegram." in log
    assert "An update of an unknown form is left out." in log
    for secret in (TOKEN, TOKEN.partition(":")[2], WORDS, str(ana.number)):
        assert secret not in log
