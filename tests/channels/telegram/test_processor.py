from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from typing import Any

import pytest
from telegram import Chat, InlineQuery, Message, Update, User
from telegram.ext import BaseUpdateProcessor

from bot.channels.telegram.processor import ChatOrder
from tests.fake_bot_api.updates import message, private, text, user


def said(chat: int, number: int, kind: str = "message") -> Update:
    made = Update.de_json(
        {"update_id": number, kind: message(number, private(chat), user(chat, "en"), text("hello"))}, None
    )
    assert made is not None
    return made


def tapped(chat: int, number: int) -> Update:
    body = {
        "id": "1",
        "from": user(chat, "en"),
        "chat_instance": "1",
        "message": message(number, private(chat), None, text("a")),
        "data": "x",
    }
    made = Update.de_json({"update_id": number, "callback_query": body}, None)
    assert made is not None
    return made


class Desk:
    """Work that ends when told, and a note of what happened in which order."""

    def __init__(self) -> None:
        self.log: list[str] = []
        self.gates: dict[str, asyncio.Event] = {}

    async def work(self, name: str) -> None:
        self.log.append(f"{name} begins")
        if name in self.gates:
            await self.gates[name].wait()
        self.log.append(f"{name} ends")

    def hold(self, name: str) -> asyncio.Event:
        return self.gates.setdefault(name, asyncio.Event())

    async def too_many(self, update: Update) -> None:
        self.log.append(f"too many: {update.update_id}")


@pytest.fixture
def desk() -> Desk:
    return Desk()


def begin(order: BaseUpdateProcessor, update: object, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
    return asyncio.create_task(order.process_update(update, work))


async def rest() -> None:
    """Lets everything that can go on go on."""
    for _ in range(50):
        await asyncio.sleep(0)


async def test_a_chat_is_served_in_order(desk: Desk) -> None:
    order, gate = ChatOrder(desk.too_many), desk.hold("first")
    tasks = [
        begin(order, said(1, 1), desk.work("first")),
        begin(order, tapped(1, 2), desk.work("tap")),
        begin(order, said(1, 3, "edited_message"), desk.work("edit")),
    ]
    await rest()
    assert desk.log == ["first begins"]
    gate.set()
    await asyncio.gather(*tasks)
    assert desk.log == ["first begins", "first ends", "tap begins", "tap ends", "edit begins", "edit ends"]


async def test_chats_are_served_side_by_side(desk: Desk) -> None:
    order, gate = ChatOrder(desk.too_many), desk.hold("slow")
    slow = begin(order, said(1, 1), desk.work("slow"))
    await begin(order, said(2, 2), desk.work("other"))
    assert desk.log == ["slow begins", "other begins", "other ends"]
    gate.set()
    await slow


async def test_what_belongs_to_no_chat_is_in_order_for_its_person(desk: Desk) -> None:
    order, gate = ChatOrder(desk.too_many), desk.hold("first")
    person = User(1, "Ana", is_bot=False)
    updates = [Update(n, inline_query=InlineQuery(str(n), person, "house", "")) for n in (1, 2)]
    tasks = [begin(order, update, desk.work(name)) for update, name in zip(updates, ("first", "second"), strict=True)]
    await rest()
    assert desk.log == ["first begins"]
    gate.set()
    await asyncio.gather(*tasks)
    assert desk.log[2:] == ["second begins", "second ends"]


async def test_what_belongs_to_nobody_waits_for_nothing(desk: Desk) -> None:
    order, gate = ChatOrder(desk.too_many), desk.hold("first")
    slow = begin(order, Update(1), desk.work("first"))
    await begin(order, Update(2), desk.work("second"))
    gate.set()
    await slow
    await begin(order, "not an update", desk.work("third"))
    assert desk.log[-1] == "third ends"


async def test_only_so_many_are_worked_on_at_once(desk: Desk) -> None:
    order = ChatOrder(desk.too_many, at_once=2)
    gates = [desk.hold(f"{chat}") for chat in range(4)]
    tasks = [begin(order, said(chat, chat), desk.work(f"{chat}")) for chat in range(4)]
    await rest()
    assert desk.log == ["0 begins", "1 begins"]
    gates[1].set()
    await rest()
    assert desk.log[2:] == ["1 ends", "2 begins"]
    for gate in gates:
        gate.set()
    await asyncio.gather(*tasks)


async def test_those_that_wait_for_their_chat_take_no_place(desk: Desk) -> None:
    order, gate = ChatOrder(desk.too_many, at_once=2), desk.hold("first")
    waiting = [begin(order, said(1, 1), desk.work("first"))]
    waiting += [begin(order, said(1, number), desk.work(f"{number}")) for number in range(2, 15)]
    await begin(order, said(2, 20), desk.work("other chat"))
    assert desk.log == ["first begins", "other chat begins", "other chat ends"]
    gate.set()
    await asyncio.gather(*waiting)


async def test_too_many_of_a_chat_are_answered_once_and_dropped(desk: Desk) -> None:
    order, gate = ChatOrder(desk.too_many, longest=20), desk.hold("1")
    tasks = [begin(order, said(1, number), desk.work(f"{number}")) for number in range(1, 501)]
    await rest()
    gate.set()
    await asyncio.gather(*tasks)
    assert [line for line in desk.log if line.startswith("too many")] == ["too many: 22"]
    assert desk.log[-1] == "too many: 22", "it is said after those that were answered"
    assert sum(line.endswith(" ends") for line in desk.log) == 21, "one that was worked on, and twenty that waited"


async def test_after_that_the_chat_is_served_again(desk: Desk) -> None:
    order, gate = ChatOrder(desk.too_many, longest=1), desk.hold("1")
    tasks = [begin(order, said(1, number), desk.work(f"{number}")) for number in range(1, 9)]
    await rest()
    gate.set()
    await asyncio.gather(*tasks)
    await begin(order, said(1, 9), desk.work("9"))
    assert desk.log[-1] == "9 ends"
    assert not order._lines, "nothing is kept of chats that are quiet"


async def test_an_update_that_was_cancelled_lets_nobody_overtake(desk: Desk) -> None:
    order, gate = ChatOrder(desk.too_many), desk.hold("first")
    first = begin(order, said(1, 1), desk.work("first"))
    second = begin(order, said(1, 2), desk.work("second"))
    third = begin(order, said(1, 3), desk.work("third"))
    await rest()
    second.cancel()
    await rest()
    assert desk.log == ["first begins"]
    gate.set()
    await asyncio.gather(first, third)
    assert desk.log == ["first begins", "first ends", "third begins", "third ends"]


async def test_an_error_holds_nobody_up(desk: Desk) -> None:
    async def fail() -> None:
        raise RuntimeError("hello")

    order = ChatOrder(desk.too_many)
    failing = begin(order, said(1, 1), fail())
    await begin(order, said(1, 2), desk.work("next"))
    assert desk.log[-1] == "next ends"
    with pytest.raises(RuntimeError):
        await failing


async def test_an_update_that_never_ends_is_given_up(desk: Desk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.ERROR)
    order = ChatOrder(desk.too_many, limit=0.01)
    desk.hold("endless")
    await begin(order, said(1, 1), desk.work("endless"))
    await begin(order, said(1, 2), desk.work("next"))
    assert desk.log == ["endless begins", "next begins", "next ends"]
    assert "An update took more than 0.01 s and was given up" in caplog.text


async def test_in_a_group_the_chat_counts(desk: Desk) -> None:
    order, gate = ChatOrder(desk.too_many), desk.hold("first")
    group = Chat(-5, "group", title="a group")
    updates = [
        Update(n, message=Message(n, date=said(1, 1).message.date, chat=group, from_user=User(n, "A", is_bot=False)))  # type: ignore[union-attr]
        for n in (1, 2)
    ]
    tasks = [begin(order, update, desk.work(name)) for update, name in zip(updates, ("first", "second"), strict=True)]
    await rest()
    assert desk.log == ["first begins"]
    gate.set()
    await asyncio.gather(*tasks)
