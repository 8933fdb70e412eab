"""The request class against a real server that behaves, and one that does not."""

from __future__ import annotations

import asyncio
import io
import logging
from collections.abc import AsyncIterator

import pytest
from telegram import Bot, InputMediaPhoto
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut
from telegram.ext import ExtBot

from bot.channels.telegram.request import AiohttpRequest, PollingRequest
from tests.channels.telegram.proxies import SocksProxy
from tests.fake_bot_api import TOKEN, FakeBotApi, bad_gateway, blocked, cut, delayed, flood, slow_body

CHAT = 7001


@pytest.fixture
async def api() -> AsyncIterator[FakeBotApi]:
    async with FakeBotApi() as running:
        running.person(CHAT)
        yield running


@pytest.fixture
async def bot(api: FakeBotApi) -> AsyncIterator[ExtBot[None]]:
    async with connected(api) as made:
        yield made


def connected(api: FakeBotApi, request: AiohttpRequest | None = None) -> ExtBot[None]:
    return ExtBot(
        TOKEN,
        base_url=api.base_url,
        base_file_url=api.base_url.replace("/bot", "/file/bot"),
        request=request or AiohttpRequest(),
        get_updates_request=PollingRequest(),
    )


async def test_sends_text_as_it_is(api: FakeBotApi, bot: Bot) -> None:
    words = "a=b&c=d%20 +\n“ö” 你好 😀 مرحبا"
    sent = await bot.send_message(CHAT, words)
    assert (sent.text, api.of("sendMessage")[0].params) == (words, {"chat_id": CHAT, "text": words})
    assert api.faults == []


async def test_says_who_it_is_and_keeps_the_connection(api: FakeBotApi, bot: Bot) -> None:
    for _ in range(3):
        await bot.send_message(CHAT, "hello")
    assert len({call.connection for call in api.calls}) == 1
    assert api.calls[0].headers["User-Agent"].startswith("python-telegram-bot v")


async def test_polls_over_a_connection_of_its_own(api: FakeBotApi, bot: Bot) -> None:
    await bot.get_updates(timeout=0)
    assert api.of("getUpdates")[0].connection != api.of("getMe")[0].connection


async def test_sends_a_photo(api: FakeBotApi, bot: Bot) -> None:
    await bot.send_photo(CHAT, b"\x89PNG not really", caption="a & b", filename="qr.png")
    call = api.of("sendPhoto")[0]
    assert call.files == {"photo": ("qr.png", "image/png", b"\x89PNG not really")}
    assert (call.params["caption"], api.faults) == ("a & b", [])


async def test_sends_a_large_file_from_memory_and_from_a_handle(api: FakeBotApi, bot: Bot) -> None:
    content = bytes(range(256)) * 8192  # 2 MB
    await bot.send_document(CHAT, content, filename="one.bin")
    await bot.send_document(CHAT, io.BytesIO(content), filename="two.bin")
    assert [call.files["document"][2] == content for call in api.of("sendDocument")] == [True, True]
    assert api.faults == []


async def test_sends_files_that_the_parameters_refer_to(api: FakeBotApi, bot: Bot) -> None:
    await bot.send_media_group(CHAT, [InputMediaPhoto(b"one"), InputMediaPhoto(b"two")])
    assert sorted(content for _, _, content in api.of("sendMediaGroup")[0].files.values()) == [b"one", b"two"]
    assert api.faults == []


async def test_fetches_a_file(api: FakeBotApi) -> None:
    api.files["letters/1.pdf"] = b"%PDF"
    async with AiohttpRequest() as request:
        assert await request.retrieve(f"{api.base_url.replace('/bot', '/file/bot')}{TOKEN}/letters/1.pdf") == b"%PDF"


async def test_a_flood_says_how_long_to_wait(api: FakeBotApi, bot: Bot) -> None:
    api.trouble(flood(17), method="sendMessage")
    with pytest.raises(RetryAfter) as caught:
        await bot.send_message(CHAT, "a")
    assert caught.value._retry_after.total_seconds() == 17


async def test_refusals_have_their_kinds(api: FakeBotApi, bot: Bot) -> None:
    api.trouble(blocked(), method="sendMessage")
    with pytest.raises(Forbidden):
        await bot.send_message(CHAT, "a")
    with pytest.raises(BadRequest):
        await bot.send_message(CHAT, "")
    api.token = "another"
    with pytest.raises(InvalidToken):
        await bot.send_message(CHAT, "a")


async def test_a_web_page_in_place_of_an_answer_is_an_error_of_the_network(api: FakeBotApi, bot: Bot) -> None:
    api.trouble(bad_gateway(), method="sendMessage")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.send_message(CHAT, "a")


async def test_nothing_of_a_strange_answer_is_logged(
    api: FakeBotApi, bot: Bot, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    api.trouble(bad_gateway(), method="sendMessage")
    with pytest.raises(NetworkError):
        await bot.send_message(CHAT, "a")
    assert "502 Bad Gateway</title>" not in caplog.text


@pytest.mark.parametrize("answer", [b"", b"[]", b'"ok"', b'{"ok": true}', b"\xff\xfe", b"[" * 100_000])
def test_a_strange_answer_is_an_error_of_the_network(answer: bytes) -> None:
    with pytest.raises(NetworkError):
        AiohttpRequest().parse_json_payload(answer)


async def test_a_cut_connection_is_an_error_of_the_network(api: FakeBotApi, bot: Bot) -> None:
    api.trouble(cut(), method="sendMessage")
    with pytest.raises(NetworkError) as caught:
        await bot.send_message(CHAT, "a")
    assert type(caught.value) is NetworkError
    await bot.send_message(CHAT, "and goes on")


async def test_a_slow_answer_is_waited_for_as_long_as_the_call_says(api: FakeBotApi, bot: Bot) -> None:
    never = asyncio.Event()
    api.trouble(delayed(never), method="sendMessage")
    with pytest.raises(TimedOut):
        await bot.send_message(CHAT, "a", read_timeout=0.05)


async def test_half_an_answer_is_waited_for_as_long_as_the_call_says(api: FakeBotApi, bot: Bot) -> None:
    never = asyncio.Event()
    api.trouble(slow_body(never), method="sendMessage")
    with pytest.raises(TimedOut):
        await bot.send_message(CHAT, "a", read_timeout=0.05)


async def test_its_own_bounds_hold_when_the_call_says_nothing(api: FakeBotApi) -> None:
    never = asyncio.Event()
    async with connected(api, AiohttpRequest(read_timeout=0.05)) as bot:
        api.trouble(delayed(never), method="sendMessage")
        with pytest.raises(TimedOut):
            await bot.send_message(CHAT, "a")


async def test_an_answer_in_drops_is_bounded_as_a_whole() -> None:
    async def drip(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readline()
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        try:
            while not writer.is_closing():
                writer.write(b" ")
                await writer.drain()
                await asyncio.sleep(0.02)
        except ConnectionError:
            pass
        finally:
            writer.close()
            ended.set()

    ended = asyncio.Event()
    server = await asyncio.start_server(drip, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with AiohttpRequest(connect_timeout=0.1, pool_timeout=0.1, write_timeout=0.1, read_timeout=0.2) as request:
        with pytest.raises(TimedOut):
            await request.post(f"http://127.0.0.1:{port}/bot{TOKEN}/getMe")
    await ended.wait()
    server.close()


async def test_no_error_names_the_address(api: FakeBotApi, unused_port: int) -> None:
    addresses = [f"http://127.0.0.1:{unused_port}/bot", "http://nowhere.invalid/bot", "http://[/bot", "nothing/bot"]
    for address in addresses:
        async with AiohttpRequest() as request:
            with pytest.raises(NetworkError) as caught:
                await request.post(f"{address}{TOKEN}/getMe")
        assert TOKEN not in str(caught.value)
        assert caught.value.__cause__ is None
        assert caught.value.__suppress_context__


async def test_after_the_end_there_are_no_calls(api: FakeBotApi) -> None:
    request = AiohttpRequest()
    await request.initialize()
    await request.initialize()
    await request.shutdown()
    await request.shutdown()
    with pytest.raises(NetworkError, match="The connection to Telegram is closed"):
        await request.post(f"{api.base_url}{TOKEN}/getMe")


async def test_goes_through_an_http_proxy(api: FakeBotApi) -> None:
    # The fake server takes a proxy's kind of request, with the whole address in the first line, as one to itself.
    request = AiohttpRequest(proxy=f"http://ana:secret@127.0.0.1:{api.port}")
    async with request:
        assert await request.post(f"http://telegram.invalid/bot{TOKEN}/getMe")
    assert api.of("getMe")[0].headers["Host"] == "telegram.invalid"
    assert api.of("getMe")[0].headers["Proxy-Authorization"].startswith("Basic ")


async def test_goes_through_a_socks_proxy_that_looks_the_name_up(api: FakeBotApi) -> None:
    async with SocksProxy(api.port) as proxy:
        async with AiohttpRequest(proxy=f"socks5://127.0.0.1:{proxy.port}") as request:
            assert await request.post(f"http://telegram.invalid:80/bot{TOKEN}/getMe")
        assert proxy.asked == ["telegram.invalid"]


async def test_a_proxy_that_is_not_there_is_an_error_of_the_network(unused_port: int) -> None:
    for scheme in ("http", "socks5"):
        async with AiohttpRequest(proxy=f"{scheme}://ana:secret@127.0.0.1:{unused_port}") as request:
            with pytest.raises(NetworkError) as caught:
                await request.post(f"http://telegram.invalid/bot{TOKEN}/getMe")
        assert "secret" not in str(caught.value)


async def test_an_update_that_can_not_be_read_is_emptied_when_asked(api: FakeBotApi) -> None:
    polling = PollingRequest()
    async with ExtBot(TOKEN, base_url=api.base_url, request=AiohttpRequest(), get_updates_request=polling) as bot:
        await api.push_raw({"update_id": 1, "message": {"message_id": 5}})  # neither date nor chat
        await api.person(CHAT).says("hello")
        with pytest.raises(KeyError):
            await bot.get_updates()
        polling.sift()
        found = await bot.get_updates()
        assert [update.message.text if update.message else None for update in found] == [None, "hello"]
