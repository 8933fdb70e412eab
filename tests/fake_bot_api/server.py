"""The server: hands out updates, keeps messages, records calls."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Self

from aiohttp import BodyPartReader, web

from tests.fake_bot_api.checks import METHODS, check
from tests.fake_bot_api.markup import read_html
from tests.fake_bot_api.people import Person
from tests.fake_bot_api.trouble import Answer, Trouble, refusal
from tests.fake_bot_api.updates import Json, message, private, update

TOKEN = "123456789:AAfakefakefakefakefakefakefakefakefa"
BOT: Json = {"id": 123456789, "is_bot": True, "first_name": "Mobility", "username": "mobility_test_bot"}
_LONGEST_POLL = 50
_FILES = frozenset({"sendPhoto", "sendDocument", "sendMediaGroup"})
"""Methods whose only effect here is that they were called."""


@dataclass(slots=True)
class Call:
    """A call as it came. `status` is that of the answer, 0 while there is none."""

    method: str
    params: Json
    files: dict[str, tuple[str, str, bytes]]
    """Name, media type and content of each file, by the name of its part."""
    headers: dict[str, str]
    connection: int
    """The caller's port: calls with the same one came over the same connection."""
    status: int = 0


@dataclass(slots=True)
class _Form:
    params: dict[str, object] = field(default_factory=dict)
    files: dict[str, tuple[str, str, bytes]] = field(default_factory=dict)


class FakeBotApi:
    """Use as `async with FakeBotApi() as api`. `faults` holds what was wrong with the calls; a good test ends with
    `assert api.faults == []`."""

    def __init__(self, token: str = TOKEN) -> None:
        self.token = token
        self.calls: list[Call] = []
        self.faults: list[str] = []
        self.messages: dict[tuple[int, int], Json] = {}
        """Every message of every chat as it is now, by chat and number."""
        self.sent: list[tuple[int, int]] = []
        """Chat and number of each message of the bot, in order."""
        self.edited: list[tuple[int, int]] = []
        self.acknowledged: list[str] = []
        """Taps that the bot has answered."""
        self.taps: set[str] = set()
        self.strangers = 0
        """Calls with another token."""
        self.webhook = ""
        self.confirmed = 0
        """All updates below this number are confirmed."""
        self.files: dict[str, bytes] = {}
        """What can be fetched, by path."""
        self._updates: list[Json] = []
        self._troubles: list[Trouble] = []
        self._chats: set[int] = set()
        self._number = 1000
        self._poll = 0
        self._closing = False
        self._news = asyncio.Condition()
        self._runner: web.AppRunner | None = None
        self.port = 0

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=64 * 2**20)
        app.router.add_route("*", "/bot{token:[^/]*}/{method}", self._handle)
        app.router.add_get("/file/bot{token:[^/]*}/{path:.+}", self._file)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        await self._listen()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._closing = True
        await self.happened()
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def base_url(self) -> str:
        """The value of TELEGRAM_API_BASE_URL."""
        return f"http://127.0.0.1:{self.port}/bot"

    def person(self, number: int = 7001, language: str | None = "en") -> Person:
        """Somebody with a private chat."""
        self._chats.add(number)
        return Person(self, number, language)

    def trouble(self, answer: Answer, *, method: str, times: int | None = 1, chat: int | None = None) -> Trouble:
        """From now on `answer` is given to such calls, as often as said. Returns it, to be ended with `mended`."""
        made = Trouble(answer, method, times, chat)
        self._troubles.append(made)
        return made

    def mended(self, trouble: Trouble) -> None:
        """Ends a trouble."""
        trouble.times = 0

    def of(self, method: str) -> list[Call]:
        """The calls of a method."""
        return [call for call in self.calls if call.method == method]

    def next_number(self) -> int:
        """A number that nothing has yet."""
        self._number += 1
        return self._number

    async def push(self, kind: str, body: Json) -> int:
        """Hands out an update of the kind. Returns its number."""
        number = self.next_number()
        self._updates.append(update(number, kind, body))
        await self.happened()
        return number

    async def push_raw(self, made: Json) -> None:
        """Hands out an update that is not shown to aiogram: of a form that is not known yet."""
        self._updates.append(made)
        await self.happened()

    async def until(self, ready: Callable[[], bool], seconds: float = 30) -> None:
        """Waits until something has come true.

        Raises:
            TimeoutError: it has not, in that time.
        """
        async with self._news:
            await asyncio.wait_for(self._news.wait_for(ready), seconds)

    async def happened(self) -> None:
        """Lets everyone who waits look again."""
        async with self._news:
            self._news.notify_all()

    async def _listen(self) -> None:
        if self._runner is not None:
            site = web.TCPSite(self._runner, "127.0.0.1", self.port)
            await site.start()
            self.port = self._runner.addresses[0][1]

    async def _handle(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != self.token:
            self.strangers += 1
            await self.happened()
            return refusal(401, "Unauthorized")
        model = METHODS.get(request.match_info["method"].lower())
        if model is None:
            self.faults.append(f"{request.match_info['method']}: no such method")
            return refusal(404, "Not Found: method not found")
        name = model.__api_method__
        form = await _read(request)
        params, faults = check(name, form.params, form.files)
        self.faults += [f"{name}: {fault}" for fault in faults]
        peer = request.transport.get_extra_info("peername") if request.transport is not None else None
        call = Call(name, params, form.files, dict(request.headers), peer[1] if peer else 0)
        self.calls.append(call)
        await self.happened()
        response = await self._trouble_for(call, request)
        if response is None:
            if faults:
                response = refusal(400, f"Bad Request: {faults[0]}")
            else:
                response = await self._do(name, params)
        call.status = response.status
        await self.happened()
        return response

    async def _trouble_for(self, call: Call, request: web.Request) -> web.StreamResponse | None:
        for trouble in self._troubles:
            if trouble.method != call.method or trouble.times == 0:
                continue
            if trouble.chat is not None and trouble.chat != call.params.get("chat_id"):
                continue
            if trouble.times is not None:
                trouble.times -= 1
            return await trouble.answer(request)
        return None

    async def _do(self, name: str, params: Json) -> web.Response:
        methods: dict[str, Callable[[Json], Awaitable[web.Response]]] = {
            "getMe": self._get_me,
            "getUpdates": self._get_updates,
            "getWebhookInfo": self._get_webhook_info,
            "deleteWebhook": self._delete_webhook,
            "sendMessage": self._send_message,
            "editMessageText": self._edit_message_text,
            "answerCallbackQuery": self._answer_callback_query,
        }
        if name in _FILES:
            made = message(self.next_number(), private(params["chat_id"]), BOT, {"text": "a file"})
            return _ok([made] if name == "sendMediaGroup" else made)
        if name not in methods:
            self.faults.append(f"{name}: the fake server does not know what this does")
            return refusal(400, "Bad Request: not supported by the fake server")
        return await methods[name](params)

    async def _get_me(self, _: Json) -> web.Response:
        return _ok(
            {**BOT, "can_join_groups": True, "can_read_all_group_messages": False, "supports_inline_queries": False}
        )

    async def _get_webhook_info(self, _: Json) -> web.Response:
        waiting = len(self._updates)
        return _ok({"url": self.webhook, "has_custom_certificate": False, "pending_update_count": waiting})

    async def _delete_webhook(self, params: Json) -> web.Response:
        self.webhook = ""
        if params.get("drop_pending_updates"):
            self._updates.clear()
        return _ok(True)

    async def _get_updates(self, params: Json) -> web.Response:
        if self.webhook:
            return refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the "
                "webhook first",
            )
        self._poll += 1
        mine = self._poll
        await self.happened()
        offset = params.get("offset") or 0
        if offset < 0:
            return self._refused("getUpdates", "the fake server knows no negative offset")
        self.confirmed = max(self.confirmed, offset)
        self._updates = [waiting for waiting in self._updates if waiting["update_id"] >= offset]
        held_back = min(params.get("timeout", 0), _LONGEST_POLL)
        if held_back and not self._updates:
            with suppress(TimeoutError):
                await self.until(lambda: bool(self._updates) or self._poll != mine or self._closing, held_back)
        if self._poll != mine:
            return refusal(
                409,
                "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running",
            )
        return _ok(self._updates[: params.get("limit", 100)])

    async def _send_message(self, params: Json) -> web.Response:
        chat = params["chat_id"]
        if chat not in self._chats:
            return self._refused("sendMessage", "chat not found")
        tied = params.get("reply_parameters") or {}
        if tied and not tied.get("allow_sending_without_reply") and (chat, tied["message_id"]) not in self.messages:
            return self._refused("sendMessage", "message to be replied not found")
        made = message(self.next_number(), private(chat), BOT, _shown(params))
        self.messages[(chat, made["message_id"])] = made
        self.sent.append((chat, made["message_id"]))
        return _ok(made)

    async def _edit_message_text(self, params: Json) -> web.Response:
        key = (params.get("chat_id"), params.get("message_id"))
        before = self.messages.get(key)  # type: ignore[arg-type]  # an inline message has neither, and is not found
        if before is None or before["from"] != BOT:
            return self._refused("editMessageText", "message to edit not found")
        shown = _shown(params)
        if all(before.get(name) == shown.get(name) for name in ("text", "reply_markup")):
            return refusal(
                400,
                "Bad Request: message is not modified: specified new message content and reply markup are exactly the "
                "same as a current content and reply markup of the message",
            )
        after = {name: value for name, value in before.items() if name != "reply_markup"}
        self.messages[key] = {**after, **shown, "edit_date": int(time.time())}  # type: ignore[index]
        self.edited.append(key)  # type: ignore[arg-type]
        return _ok(self.messages[key])  # type: ignore[index]

    async def _answer_callback_query(self, params: Json) -> web.Response:
        tap = params["callback_query_id"]
        if tap not in self.taps:
            return self._refused(
                "answerCallbackQuery", "query is too old and response timeout expired or query ID is invalid"
            )
        self.acknowledged.append(tap)
        return _ok(True)

    def _refused(self, method: str, why: str) -> web.Response:
        self.faults.append(f"{method}: {why}")
        return refusal(400, f"Bad Request: {why}")

    async def _file(self, request: web.Request) -> web.Response:
        content = self.files.get(request.match_info["path"])
        if content is None or request.match_info["token"] != self.token:
            return refusal(404, "Not Found")
        return web.Response(body=content)


async def _read(request: web.Request) -> _Form:
    form = _Form()
    if request.content_type == "multipart/form-data":
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                continue
            if part.filename is None:
                form.params[part.name] = await part.text()
            else:
                media = part.headers.get("Content-Type", "")
                form.files[part.name] = (part.filename, media, bytes(await part.read()))
    elif request.content_type == "application/json":
        form.params.update(await request.json())
    else:
        form.params.update({name: value for name, value in (await request.post()).items() if isinstance(value, str)})
    form.params.update(request.query)
    return form


def _shown(params: Json) -> Json:
    """What a message keeps of the call that made it."""
    words = params["text"]
    plain = read_html(words)[0] if params.get("parse_mode") == "HTML" else words
    shown: Json = {"text": plain}
    if params.get("reply_markup"):
        shown["reply_markup"] = params["reply_markup"]
    return shown


def _ok(result: Any) -> web.Response:
    return web.json_response({"ok": True, "result": result})
