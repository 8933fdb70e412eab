"""Replies that wait to be sent."""

from __future__ import annotations

from pathlib import Path

from bot.answering.message import Conversation
from bot.answering.reply import Recipe
from bot.store.address import database_url
from bot.store.store import SentReply, Store, Waiting
from tests.store.conftest import Clock

ANSWER = Recipe("answer", "en", ("housing-refused",))
OTHER = Recipe("urgent", "es", ("urgent-violence", "housing-refused"), page=1, urgent_line=True)
TALK = Conversation("es", "housing-refused")


async def wait(
    store: Store,
    chat: int,
    not_before: float,
    *,
    question: int | None = None,
    edit: int | None = None,
    recipe: Recipe = ANSWER,
) -> None:
    await store.wait(chat, TALK, question=question, edit=edit, recipe=recipe, not_before=not_before)


async def test_nothing_waits_at_first(store: Store) -> None:
    assert await store.due(1e12) == []
    assert await store.next_due() is None


async def test_a_reply_waits_until_its_time_and_keeps_the_conversation(store: Store) -> None:
    await wait(store, 7, 50.0, question=1, edit=2, recipe=OTHER)
    assert await store.conversation(7) == TALK
    assert await store.next_due() == 50.0
    assert await store.due(49.9) == []
    assert await store.due(50.0) == [
        Waiting(id=1, chat=7, question=1, edit=2, recipe=OTHER, not_before=50.0, attempts=0)
    ]


async def test_it_still_waits_after_a_restart(store: Store, file: Path, clock: Clock) -> None:
    await wait(store, 7, 50.0, question=1)
    await store.close()
    again = await Store.open(database_url(file), clock=clock)
    assert [row.chat for row in await again.due(50.0)] == [7]
    await again.close()


async def test_what_was_sent_is_a_reply_and_waits_no_more(store: Store) -> None:
    await wait(store, 7, 0.0, question=1, recipe=OTHER)
    [row] = await store.due(1.0)
    await store.sent(row, 9)
    assert await store.due(1e12) == []
    assert await store.reply_to(7, 1) == SentReply(7, 1, 9, OTHER, newest=True)


async def test_an_edit_that_was_made_keeps_the_question_of_the_message(store: Store) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=ANSWER)
    await wait(store, 7, 0.0, edit=2, recipe=OTHER)
    [row] = await store.due(1.0)
    await store.sent(row, 2)
    assert await store.reply_to(7, 1) == SentReply(7, 1, 2, OTHER, newest=True)


async def test_a_postponed_reply_counts_its_attempts(store: Store) -> None:
    await wait(store, 7, 0.0)
    [row] = await store.due(1.0)
    await store.postpone(row, 100.0)
    assert await store.due(99.0) == []
    assert await store.next_due() == 100.0
    [row] = await store.due(100.0)
    assert (row.not_before, row.attempts) == (100.0, 1)


async def test_a_dropped_reply_is_gone_and_leaves_no_trace(store: Store) -> None:
    await wait(store, 7, 0.0, question=1)
    [row] = await store.due(1.0)
    await store.drop(row)
    assert await store.next_due() is None
    assert await store.reply_to(7, 1) is None


async def test_a_chat_gets_its_answers_in_the_order_of_its_questions(store: Store) -> None:
    await wait(store, 7, 50.0, question=1)
    await wait(store, 7, 10.0, question=2)
    await wait(store, 8, 20.0, question=3)
    assert [row.question for row in await store.due(30.0)] == [3]
    assert await store.next_due() == 20.0
    assert [row.question for row in await store.due(60.0)] == [3, 1]
    [_, first] = await store.due(60.0)
    await store.sent(first, 100)
    assert [row.question for row in await store.due(60.0)] == [2, 3]


async def test_those_that_wait_longest_come_first_and_not_more_than_asked_for(store: Store) -> None:
    for chat in range(1, 6):
        await wait(store, chat, 100.0 - chat)
    assert [row.chat for row in await store.due(100.0, limit=2)] == [5, 4]


async def test_a_newer_reply_to_the_same_question_takes_the_place_of_the_one_that_waits(store: Store) -> None:
    await wait(store, 7, 0.0, question=1, recipe=ANSWER)
    await wait(store, 7, 0.0, question=1, recipe=OTHER)
    await wait(store, 8, 0.0, question=1, recipe=ANSWER)
    assert [(row.chat, row.recipe) for row in await store.due(1.0)] == [(7, OTHER), (8, ANSWER)]
    await store.record(7, TALK, question=1, message=5, recipe=ANSWER)
    assert [row.chat for row in await store.due(1.0)] == [8]


async def test_a_newer_edit_of_the_same_message_takes_the_place_of_the_one_that_waits(store: Store) -> None:
    await wait(store, 7, 0.0, edit=2, recipe=ANSWER)
    await wait(store, 7, 0.0, edit=2, recipe=OTHER)
    assert [row.recipe for row in await store.due(1.0)] == [OTHER]
    await store.record(7, TALK, question=None, message=2, recipe=ANSWER)
    assert await store.due(1.0) == []


async def test_replies_to_taps_do_not_push_each_other_out(store: Store) -> None:
    await wait(store, 7, 0.0)
    await wait(store, 7, 0.0)
    [row] = await store.due(1.0)
    await store.drop(row)
    assert len(await store.due(1.0)) == 1


async def test_a_reply_sent_while_its_chat_was_forgotten_leaves_nothing(store: Store) -> None:
    await wait(store, 7, 0.0, question=1)
    [row] = await store.due(1.0)
    await store.forget(7)
    await store.sent(row, 9)
    await store.postpone(row, 5.0)
    await store.drop(row)
    assert await store.conversation(7) == Conversation()
    assert await store.reply_to(7, 1) is None


async def test_an_id_is_never_given_twice(store: Store) -> None:
    await wait(store, 7, 0.0, question=1)
    [old] = await store.due(1.0)
    await store.drop(old)
    await wait(store, 7, 0.0, question=2)
    await store.sent(old, 9)
    assert [row.question for row in await store.due(1.0)] == [2]


async def test_a_chat_with_a_waiting_reply_is_not_pruned(store: Store, clock: Clock) -> None:
    await store.wait(7, Conversation(), question=1, edit=None, recipe=ANSWER, not_before=0.0)
    clock.now += 7 * 86_400
    assert await store.prune(clock.now) == 0
    assert len(await store.due(1.0)) == 1
