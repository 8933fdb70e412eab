"""The fake server refuses what Telegram refuses: otherwise the tests that lean on it would prove nothing."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from tests.fake_bot_api import FakeBotApi, bad_gateway, blocked, flood
from tests.fake_bot_api.markup import read_html, utf16
from tests.fake_bot_api.updates import KINDS

CHAT = 7001
BUTTON = {"text": "a", "callback_data": "x"}


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as running:
        running.person(CHAT)
        yield running


async def post(api: FakeBotApi, method: str, token: str | None = None, **params: Any) -> tuple[int, Any]:
    """Status and body of a call made as a library makes it."""
    form = {name: value if isinstance(value, str) else json.dumps(value) for name, value in params.items()}
    async with (
        aiohttp.ClientSession() as session,
        session.post(f"{api.base_url}{token or api.token}/{method}", data=form) as response,
    ):
        return response.status, await response.json()


async def test_takes_a_good_message(api: FakeBotApi) -> None:
    status, body = await post(
        api,
        "sendMessage",
        chat_id=CHAT,
        text="<b>Yes</b> &amp; no",
        parse_mode="HTML",
        link_preview_options={"is_disabled": True},
        reply_markup={"inline_keyboard": [[BUTTON], [{"text": "b", "url": "https://example.org/x"}]]},
    )
    assert (status, body["result"]["text"], api.faults) == (200, "Yes & no", [])


@pytest.mark.parametrize(
    ("params", "fault"),
    [
        ({"text": ""}, "text: 0 UTF-16 units; 1 to 4096 may be"),
        ({"text": " \n "}, "text: 0 UTF-16 units; 1 to 4096 may be"),
        ({"text": "a" * 4097}, "text: 4097 UTF-16 units; 1 to 4096 may be"),
        ({"text": "😀" * 2049}, "text: 4098 UTF-16 units; 1 to 4096 may be"),
        ({}, "text: Field required"),
        ({"text": "a", "colour": "red"}, "colour: unknown"),
        ({"text": "a", "reply_markup": "{"}, "reply_markup: not JSON"),
        ({"text": "a", "disable_notification": "perhaps"}, "disable_notification: not JSON"),
        ({"text": "<b>a", "parse_mode": "HTML"}, "text: <b> is not closed"),
        ({"text": "<b><i>a</b></i>", "parse_mode": "HTML"}, "text: </b> closes nothing"),
        ({"text": "<h1>a</h1>", "parse_mode": "HTML"}, "text: <h1> is not a tag of Telegram's"),
        ({"text": "<b id='1'>a</b>", "parse_mode": "HTML"}, "text: '<' that opens no tag at 0"),
        (
            {"text": '<b class="x">a</b>', "parse_mode": "HTML"},
            "text: <b> has attributes that Telegram does not know",
        ),
        ({"text": "1 < 2", "parse_mode": "HTML"}, "text: '<' that opens no tag at 2"),
        ({"text": "a & b", "parse_mode": "HTML"}, "text: bare '&' at 2"),
        ({"text": "a", "parse_mode": "XML"}, "parse_mode: unknown"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{**BUTTON, "colour": 1}]]}},
            "reply_markup.inline_keyboard.0.0.colour: unknown",
        ),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[]]}}, "reply_markup: a row without buttons"),
        ({"text": "a", "reply_markup": {"inline_keyboard": [[BUTTON]] * 101}}, "reply_markup: more than 100 buttons"),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{**BUTTON, "text": " "}]]}},
            "reply_markup: a button without text",
        ),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a"}]]}},
            "reply_markup: a button must do exactly one thing",
        ),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{**BUTTON, "url": "https://a.org"}]]}},
            "reply_markup: a button must do exactly one thing",
        ),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": "ж" * 33}]]}},
            "callback_data: 66 bytes; 1 to 64 may be",
        ),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "callback_data": ""}]]}},
            "callback_data: 0 bytes; 1 to 64 may be",
        ),
        (
            {"text": "a", "reply_markup": {"inline_keyboard": [[{"text": "a", "url": "javascript:x"}]]}},
            "url: not an http or https address with a host",
        ),
        ({"text": "a", "chat_id": 1}, "chat not found"),
        ({"text": "a", "reply_parameters": {"message_id": 3}}, "message to be replied not found"),
    ],
)
async def test_refuses_a_bad_message(api: FakeBotApi, params: dict[str, Any], fault: str) -> None:
    status, body = await post(api, "sendMessage", **{"chat_id": CHAT, **params})
    assert (status, body["ok"], body["error_code"]) == (400, False, 400)
    assert api.faults[0] == f"sendMessage: {fault}"
    assert body["description"] == f"Bad Request: {fault}"
    assert api.sent == []


@pytest.mark.parametrize(
    ("method", "params", "fault"),
    [
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "a" * 201}, "text: more than 200 characters"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            "query is too old and response timeout expired or query ID is invalid",
        ),
        ("editMessageText", {"chat_id": CHAT, "message_id": 5, "text": "a"}, "message to edit not found"),
        ("getUpdates", {"limit": 101}, "limit: 1 to 100 may be"),
        ("sendPhoto", {"chat_id": CHAT, "photo": "attach://p"}, "p: this file did not come"),
        (
            "sendPhoto",
            {"chat_id": CHAT, "photo": "x", "caption": "a" * 1025},
            "caption: 1025 UTF-16 units; 0 to 1024 may be",
        ),
    ],
)
async def test_refuses_other_bad_calls(api: FakeBotApi, method: str, params: dict[str, Any], fault: str) -> None:
    status, _ = await post(api, method, **params)
    assert status == 400
    assert api.faults[0] == f"{method}: {fault}"


async def test_knows_no_other_methods_and_tokens(api: FakeBotApi) -> None:
    assert (await post(api, "sendMesage"))[0] == 404
    assert api.faults == ["sendMesage: no such method"]
    assert (await post(api, "getMe", token="1:wrong"))[0] == 401
    assert (await post(api, "GETME"))[0] == 200, "names of methods are case-insensitive"


async def test_refuses_an_edit_that_changes_nothing_without_calling_it_a_fault(api: FakeBotApi) -> None:
    _, sent = await post(api, "sendMessage", chat_id=CHAT, text="one")
    where = {"chat_id": CHAT, "message_id": sent["result"]["message_id"]}
    status, body = await post(api, "editMessageText", text="one", **where)
    assert (status, "message is not modified" in body["description"]) == (400, True)
    assert (await post(api, "editMessageText", text="two", **where))[0] == 200
    assert api.faults == []


async def test_hands_out_updates_until_they_are_confirmed(api: FakeBotApi) -> None:
    ana = api.person(CHAT)
    for words in ("one", "two", "three"):
        await ana.says(words)

    async def texts(**params: Any) -> list[str]:
        return [update["message"]["text"] for update in (await post(api, "getUpdates", **params))[1]["result"]]

    assert await texts() == ["one", "two", "three"]
    assert await texts(limit=2) == ["one", "two"]
    first = (await post(api, "getUpdates"))[1]["result"][0]["update_id"]
    assert await texts(offset=first + 1) == ["two", "three"]
    assert await texts() == ["two", "three"], "what was confirmed is gone for good"


async def test_holds_an_answer_back_until_there_is_news(api: FakeBotApi) -> None:
    asking = asyncio.create_task(post(api, "getUpdates", timeout=30))
    await api.until(lambda: len(api.of("getUpdates")) == 1)
    assert not asking.done()
    await api.person(CHAT).says("hello")
    assert len((await asking)[1]["result"]) == 1


async def test_serves_one_poller_only(api: FakeBotApi) -> None:
    first = asyncio.create_task(post(api, "getUpdates", timeout=30))
    await api.until(lambda: len(api.of("getUpdates")) == 1)
    second = asyncio.create_task(post(api, "getUpdates", timeout=30))
    status, body = await first
    assert (status, body["description"].startswith("Conflict: terminated by other getUpdates")) == (409, True)
    await api.person(CHAT).says("hello")
    assert (await second)[0] == 200


async def test_does_not_poll_while_a_webhook_is_set(api: FakeBotApi) -> None:
    api.webhook = "https://example.org/hook"
    assert (await post(api, "getUpdates"))[0] == 409
    await post(api, "deleteWebhook")
    assert (await post(api, "getUpdates"))[0] == 200


async def test_makes_trouble_as_often_as_told_and_for_whom(api: FakeBotApi) -> None:
    api.person(7002)
    api.trouble(flood(3), method="sendMessage", times=2, chat=CHAT)
    status, body = await post(api, "sendMessage", chat_id=CHAT, text="a")
    assert (status, body["parameters"]) == (429, {"retry_after": 3})
    assert (await post(api, "sendMessage", chat_id=7002, text="a"))[0] == 200
    assert (await post(api, "sendMessage", chat_id=CHAT, text="a"))[0] == 429
    assert (await post(api, "sendMessage", chat_id=CHAT, text="a"))[0] == 200
    lasting = api.trouble(blocked(), method="sendMessage", times=None)
    assert (await post(api, "sendMessage", chat_id=CHAT, text="a"))[0] == 403
    api.mended(lasting)
    assert (await post(api, "sendMessage", chat_id=CHAT, text="a"))[0] == 200
    api.trouble(bad_gateway(), method="getMe")
    with pytest.raises(aiohttp.ContentTypeError):
        await post(api, "getMe")


@pytest.mark.parametrize("kind", KINDS)
async def test_messages_of_every_kind_are_such_as_telegram_sends(api: FakeBotApi, kind: str) -> None:
    await api.person(CHAT).sends(kind)  # shown to aiogram on its way


async def test_an_update_that_telegram_would_not_send_is_noticed(api: FakeBotApi) -> None:
    with pytest.raises(AssertionError, match=r"Telegram sends no such names: \['message.mood'\]"):
        await api.person(CHAT).sends("sticker", mood="good")


def test_reads_html_as_telegram_does() -> None:
    assert read_html('<a href="https://a.org/?x=1&amp;y=2">a</a> &lt;<tg-spoiler>b</tg-spoiler>&#33;') == (
        "a <b!",
        [],
    )
    assert utf16("a😀") == 3
