"""What goes wrong on purpose: answers that the fake server gives instead of the right one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from aiohttp import web

Answer = Callable[[web.Request], Awaitable[web.StreamResponse | None]]
"""None: after this, the right answer."""


@dataclass(slots=True)
class Trouble:
    """`answer` is given to `times` calls of `method` (None: all there will be), of one `chat` or of every one."""

    answer: Answer
    method: str
    times: int | None = 1
    chat: int | None = None


def refusal(code: int, description: str, **parameters: object) -> web.Response:
    """A refusal in Telegram's form."""
    body: dict[str, object] = {"ok": False, "error_code": code, "description": description}
    if parameters:
        body["parameters"] = parameters
    return web.json_response(body, status=code)


def flood(retry_after: int) -> Answer:
    """429: no more for so many seconds."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return refusal(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)

    return answer


def blocked() -> Answer:
    """403: the person has blocked the bot."""

    async def answer(_: web.Request) -> web.StreamResponse:
        return refusal(403, "Forbidden: bot was blocked by the user")

    return answer


def bad_gateway() -> Answer:
    """502 with a web page, as a proxy in front of Telegram gives it."""

    async def answer(_: web.Request) -> web.StreamResponse:
        page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>"
        return web.Response(status=502, text=page, content_type="text/html")

    return answer


def cut() -> Answer:
    """The connection ends without an answer."""

    async def answer(request: web.Request) -> web.StreamResponse:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    return answer


def delayed(until: asyncio.Event) -> Answer:
    """The right answer, but not before `until` is set."""

    async def answer(_: web.Request) -> None:
        await until.wait()

    return answer


def slow_body(until: asyncio.Event) -> Answer:
    """Half an answer; the rest does not come before `until` is set."""

    async def answer(request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": "1000"})
        await response.prepare(request)
        await response.write(b'{"ok": true, "result":')
        await until.wait()
        return response

    return answer
