"""How the bot speaks HTTP: python-telegram-bot's request interface on aiohttp.

httpx, the library's default, spends most of a busy bot's time on its connection pool, and the more connections the
more; aiohttp carries several times the messages. Nothing raised here names the address, because it holds the token.
"""

from __future__ import annotations

import io
import json
import logging
from typing import Any

import aiohttp
from telegram import Update
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

_LOG = logging.getLogger(__name__)
_KEEP_ALIVE = 60.0
"""Seconds an idle connection is kept. Longer than most pauses between two messages: a new one costs a TLS handshake."""


class AiohttpRequest(BaseRequest):
    """One pool of connections to the Bot API. All times are seconds; None means no bound.

    Per call, `connect_timeout` bounds the connecting, `pool_timeout` the wait for a free connection, `read_timeout`
    each wait for more of the answer, and their sum with `write_timeout` the call as a whole. `proxy` is the address of
    an http, socks4 or socks5 proxy with host and port.

    Raises, from every call: `TimedOut` for a bound that was reached, `NetworkError` for all else that went wrong on
    the way, and what `BaseRequest` makes of Telegram's own refusals.
    """

    def __init__(
        self,
        *,
        connections: int = 100,
        connect_timeout: float | None = 5.0,
        read_timeout: float | None = 8.0,
        write_timeout: float | None = 5.0,
        media_write_timeout: float | None = 30.0,
        pool_timeout: float | None = 5.0,
        proxy: str | None = None,
    ) -> None:
        self._connections = connections
        self._connect_timeout = connect_timeout
        self._read_timeout = read_timeout
        self._write_timeout = write_timeout
        self._media_write_timeout = media_write_timeout
        self._pool_timeout = pool_timeout
        self._proxy = proxy
        self._through_socks = proxy is not None and proxy.startswith("socks")
        self._session: aiohttp.ClientSession | None = None

    @property
    def read_timeout(self) -> float | None:
        return self._read_timeout

    async def initialize(self) -> None:
        """Opens the pool; connections are made when needed."""
        if self._session is not None:
            return
        pool: dict[str, Any] = {"limit": self._connections, "keepalive_timeout": _KEEP_ALIVE}
        self._session = aiohttp.ClientSession(
            connector=_socks(self._proxy, **pool) if self._through_socks else aiohttp.TCPConnector(**pool),
            cookie_jar=aiohttp.DummyCookieJar(),
            headers={"User-Agent": self.USER_AGENT},
        )

    async def shutdown(self) -> None:
        """Closes every connection. Calls still under way end with `NetworkError`."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Status and body of the answer, whatever they are. See the class for what is raised."""
        session = self._session
        if session is None:
            raise NetworkError("The connection to Telegram is closed")
        has_files = request_data is not None and request_data.contains_files
        connect = _bound(connect_timeout, self._connect_timeout)
        pool = _bound(pool_timeout, self._pool_timeout)
        read = _bound(read_timeout, self._read_timeout)
        write = _bound(write_timeout, self._media_write_timeout if has_files else self._write_timeout)
        timeout = aiohttp.ClientTimeout(
            total=_sum(connect, pool, write, read), connect=_sum(connect, pool), sock_connect=connect, sock_read=read
        )
        try:
            async with session.request(
                method,
                url,
                data=_body(request_data),
                timeout=timeout,
                proxy=None if self._through_socks else self._proxy,
                allow_redirects=False,  # the address holds the token: it goes nowhere else
            ) as response:
                return response.status, await response.read()
        except TimeoutError:
            raise TimedOut from None
        except Exception as error:
            # Every kind, because the base class would put the text of an unknown one, address and all, in its own.
            raise NetworkError(_told(error)) from None

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]  # a static one there
        """The answer as JSON.

        Raises:
            NetworkError: it is not JSON, so it is not Telegram's. Unlike in the base class nothing of it is logged:
                an answer repeats what people wrote.
        """
        try:
            found = json.loads(payload)
        except (ValueError, RecursionError):
            raise NetworkError("The answer is not JSON, so it is not Telegram's") from None
        if not isinstance(found, dict) or (found.get("ok") is True and "result" not in found):
            raise NetworkError("The answer is not of Telegram's form")
        return found


class PollingRequest(AiohttpRequest):
    """The pool for getUpdates, apart from the other so that waiting for news never takes a connection from a reply."""

    def __init__(self, *, proxy: str | None = None) -> None:
        super().__init__(connections=2, read_timeout=10.0, proxy=proxy)
        self._sift = False

    def sift(self) -> None:
        """In the next answer, empty every update that the library can't read.

        One such update, after a change of Telegram's, would otherwise make the library refuse its whole batch, and
        the same batch again for ever. Reading all twice is dear, so it is done only after a batch was refused.
        """
        self._sift = True

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]
        found = super().parse_json_payload(payload)
        if self._sift and isinstance(found.get("result"), list):
            self._sift = False
            found["result"] = [_readable(update) for update in found["result"]]
        return found


def _readable(update: dict[str, Any]) -> dict[str, Any]:
    """The update, or only its number when the library can't read the rest."""
    try:
        Update.de_json(update, None)
    except Exception:
        _LOG.error("An update of an unknown form is left out. A newer python-telegram-bot may know it.")
        return {"update_id": update["update_id"]}
    return update


def _body(request_data: RequestData | None) -> dict[str, str] | aiohttp.FormData | None:
    if request_data is None or not (request_data.parameters or request_data.contains_files):
        return None
    if not request_data.contains_files:
        return request_data.json_parameters
    form = aiohttp.FormData()
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, mimetype) in request_data.multipart_data.items():
        # Wrapped, since aiohttp warns of large plain bytes: they would be written in one piece.
        stream = io.BytesIO(content) if isinstance(content, bytes) else content
        form.add_field(name, stream, filename=filename, content_type=mimetype)
    return form


def _socks(proxy: str | None, **pool: Any) -> aiohttp.TCPConnector:
    """A connector through a socks proxy. The proxy looks names up: where Telegram is blocked its name often is too."""
    from aiohttp_socks import ProxyConnector

    return ProxyConnector.from_url(proxy or "", rdns=True, **pool)


def _bound(given: object, default: float | None) -> float | None:
    """A bound given with the call, else the pool's own. (The library marks "not given" with an object of its own.)"""
    if given is None:
        return None
    return float(given) if isinstance(given, int | float) else default


def _sum(*bounds: float | None) -> float | None:
    return None if None in bounds else sum(bound for bound in bounds if bound is not None)


def _told(error: Exception) -> str:
    """The kind of an error and the system's reason. Its own text may hold the address, and so the token."""
    reason = getattr(error, "strerror", None) or getattr(getattr(error, "os_error", None), "strerror", None)
    return f"{type(error).__name__}: {reason}" if reason else type(error).__name__
