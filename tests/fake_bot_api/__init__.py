"""A Bot API server for tests: real HTTP on loopback, strict where Telegram is, and where Telegram is not.

`async with FakeBotApi() as api:` then `ana = api.person()`, `await ana.says("hello")`, `await ana.hears()`.
"""

from tests.fake_bot_api.people import Person
from tests.fake_bot_api.server import TOKEN, Call, FakeBotApi
from tests.fake_bot_api.trouble import Trouble, bad_gateway, blocked, cut, delayed, flood, slow_body

__all__ = [
    "TOKEN",
    "Call",
    "FakeBotApi",
    "Person",
    "Trouble",
    "bad_gateway",
    "blocked",
    "cut",
    "delayed",
    "flood",
    "slow_body",
]
