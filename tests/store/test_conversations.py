"""Where a conversation stands, and what our messages show."""

from __future__ import annotations

from pathlib import Path

from bot.answering.message import Conversation
from bot.answering.reply import Recipe
from bot.store.address import database_url
from bot.store.store import SentReply, Store
from tests.store.conftest import Clock

ANSWER = Recipe("answer", "en", ("housing-refused",), urgent_line=True)
CHOICES = Recipe("choices", "es", ("housing-refused", "work-papers"), page=2)
TALK = Conversation("es", "housing-refused", ("entry:housing-refused:0", "none::0"), 1)


async def test_an_unknown_chat_has_an_empty_conversation(store: Store) -> None:
    assert await store.conversation(7) == Conversation()


async def test_a_conversation_comes_back_as_it_was_also_after_a_restart(
    store: Store, file: Path, clock: Clock
) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=ANSWER)
    assert await store.conversation(7) == TALK
    await store.close()
    again = await Store.open(database_url(file), clock=clock)
    assert await again.conversation(7) == TALK
    assert await again.reply_to(7, 1) == SentReply(7, 1, 2, ANSWER, newest=True)
    await again.close()


async def test_a_later_reply_takes_the_place_of_the_whole_conversation(store: Store) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=ANSWER)
    await store.record(7, Conversation(unknowns=2), question=3, message=4, recipe=CHOICES)
    assert await store.conversation(7) == Conversation(unknowns=2)


async def test_chats_do_not_see_each_other(store: Store) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=ANSWER)
    await store.record(-8, Conversation("fr"), question=1, message=2, recipe=CHOICES)
    assert await store.conversation(7) == TALK
    assert await store.conversation(-8) == Conversation("fr")
    assert await store.reply_to(-8, 1) == SentReply(-8, 1, 2, CHOICES, newest=True)


async def test_context_is_kept_for_half_an_hour_and_the_language_for_good(store: Store, clock: Clock) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=ANSWER)
    clock.now += 30 * 60
    assert await store.conversation(7) == TALK
    clock.now += 1
    assert await store.conversation(7) == Conversation("es")
    clock.now += 365 * 86_400
    assert await store.conversation(7) == Conversation("es")


async def test_a_clock_that_was_set_back_forgets_nothing(store: Store, clock: Clock) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=ANSWER)
    clock.now -= 86_400
    assert await store.conversation(7) == TALK


async def test_a_reply_is_found_by_its_question_and_knows_when_it_is_not_the_newest(store: Store) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=ANSWER)
    await store.record(7, TALK, question=3, message=4, recipe=CHOICES)
    assert await store.reply_to(7, 1) == SentReply(7, 1, 2, ANSWER, newest=False)
    assert await store.reply_to(7, 3) == SentReply(7, 3, 4, CHOICES, newest=True)
    assert await store.reply_to(7, 2) is None


async def test_a_message_sent_for_a_tap_is_newer_than_the_reply_before(store: Store) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=CHOICES)
    await store.record(7, TALK, question=None, message=3, recipe=ANSWER)
    assert await store.reply_to(7, 1) == SentReply(7, 1, 2, CHOICES, newest=False)


async def test_a_message_edited_by_a_tap_still_answers_its_question(store: Store) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=CHOICES)
    await store.record(7, TALK, question=None, message=2, recipe=ANSWER)
    assert await store.reply_to(7, 1) == SentReply(7, 1, 2, ANSWER, newest=True)


async def test_a_question_answered_again_has_the_later_reply(store: Store) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=CHOICES)
    await store.record(7, TALK, question=3, message=4, recipe=CHOICES)
    await store.record(7, TALK, question=1, message=6, recipe=ANSWER)
    assert await store.reply_to(7, 1) == SentReply(7, 1, 6, ANSWER, newest=True)


async def test_without_a_message_only_the_conversation_is_kept(store: Store) -> None:
    await store.record(7, TALK, question=1, message=None, recipe=ANSWER)
    assert await store.conversation(7) == TALK
    assert await store.reply_to(7, 1) is None


async def test_ids_as_large_as_telegram_makes_them_are_kept(store: Store) -> None:
    chat, message = -(2**52) + 1, 2**31 - 1
    await store.record(chat, TALK, question=message - 1, message=message, recipe=ANSWER)
    assert await store.reply_to(chat, message - 1) == SentReply(chat, message - 1, message, ANSWER, newest=True)


async def test_what_was_sent_long_ago_is_pruned(store: Store, clock: Clock) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=ANSWER)
    clock.now += 100
    await store.record(7, TALK, question=3, message=4, recipe=ANSWER)
    assert await store.prune(clock.now - 100) == 0
    assert await store.prune(clock.now) == 1
    assert await store.reply_to(7, 1) is None
    assert await store.reply_to(7, 3) is not None
    assert await store.conversation(7) == TALK


async def test_pruning_takes_old_context_out_of_the_file_and_leaves_the_language(
    store: Store, file: Path, clock: Clock
) -> None:
    await store.record(7, TALK, question=1, message=2, recipe=ANSWER)
    await store.record(8, Conversation(None, "work-papers"), question=1, message=2, recipe=ANSWER)
    clock.now += 31 * 60
    assert await store.prune(clock.now) == 2
    everything = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"housing-refused" not in everything
    assert b"work-papers" not in everything
    assert await store.conversation(7) == Conversation("es")


async def test_a_forgotten_chat_is_gone_from_every_file(store: Store, file: Path) -> None:
    secret = Recipe("answer", "en", ("marked-entry",))
    await store.record(7, Conversation("xx-mark", "marked-last"), question=1, message=2, recipe=secret)
    await store.wait(7, Conversation("xx-mark"), question=3, edit=None, recipe=secret, not_before=0.0)
    await store.record(8, TALK, question=1, message=2, recipe=ANSWER)
    await store.forget(7)
    assert await store.conversation(7) == Conversation()
    assert await store.reply_to(7, 1) is None
    assert await store.due(1.0) == []
    everything = b"".join(path.read_bytes() for path in file.parent.iterdir())
    assert b"mark" not in everything
    assert await store.conversation(8) == TALK
    assert await store.reply_to(8, 1) is not None


async def test_forgetting_a_chat_that_is_not_known_is_fine(store: Store) -> None:
    await store.forget(99)


async def test_a_ping_changes_nothing(store: Store) -> None:
    await store.wait(7, TALK, question=1, edit=None, recipe=ANSWER, not_before=0.0)
    await store.ping()
    assert len(await store.due(1.0)) == 1
