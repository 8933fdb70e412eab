"""What people get for what they send: everything real but Telegram itself."""

from __future__ import annotations

import logging
from typing import Any, cast

import pytest

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation
from bot.answering.reply import Reply, View
from bot.channels.telegram.render import render
from bot.store.store import Store
from tests.channels.telegram.running import Service, Stumbling
from tests.fake_bot_api import FakeBotApi, Person
from tests.fake_bot_api.updates import KINDS, message, private, text, user

OURS = ("bot", "telegram", "aiohttp", "asyncio")
"""Loggers that this channel answers for."""


@pytest.fixture
def ana(api: FakeBotApi) -> Person:
    return api.person()


@pytest.fixture
def says(assistant: Assistant) -> Any:
    """The text of one of the bot's own replies."""

    def text_of(view: View, lang: str = "en") -> str:
        return render(assistant.command(view, Conversation(lang=lang))).plain

    return text_of


def title(assistant: Assistant, entry: str, lang: str = "en") -> str:
    return assistant.knowledge.entries[entry].wording(lang).title


async def test_a_question_gets_its_answer(service: Service, ana: Person, assistant: Assistant) -> None:
    await ana.says("lanlord dont rent to forigners")
    heard = await ana.hears()
    assert heard.text.startswith(title(assistant, "housing-refused"))
    assert any(target.startswith("https://") for target in heard.buttons.values())


async def test_link_previews_are_off(service: Service, api: FakeBotApi, ana: Person) -> None:
    await ana.says("lanlord dont rent to forigners")
    await ana.hears()
    assert api.of("sendMessage")[0].params["link_preview_options"] == {"is_disabled": True}


@pytest.mark.parametrize(
    ("command", "view"),
    [
        ("/start", "start"),
        ("/start from-a-poster", "start"),
        ("/help", "help"),
        ("/help@mobility_test_bot", "help"),
        ("/HELP", "help"),
        ("/language", "languages"),
        ("/topics", "topics"),
        ("/weather", "unknown-command"),
    ],
)
async def test_commands(service: Service, ana: Person, says: Any, command: str, view: View) -> None:
    await ana.says(command)
    assert (await ana.hears()).text == says(view)


@pytest.mark.parametrize("kind", sorted(set(KINDS) - {"pinned_message"}))
async def test_what_is_not_text_gets_a_kind_sentence(service: Service, ana: Person, says: Any, kind: str) -> None:
    await ana.sends(kind)
    assert (await ana.hears()).text == says("not-text")


async def test_an_album_gets_one(service: Service, ana: Person, says: Any) -> None:
    for _ in range(3):
        await ana.sends("photo", media_group_id="77")
    await ana.says("/help")
    assert [(await ana.hears()).text for _ in range(2)] == [says("not-text"), says("help")]


async def test_words_under_a_picture_are_answered(service: Service, ana: Person, assistant: Assistant) -> None:
    await ana.sends("photo", caption="landlord says no foreigners")
    assert (await ana.hears()).text.startswith(title(assistant, "housing-refused"))


async def test_what_nobody_wrote_to_the_bot_is_left_alone(
    service: Service, api: FakeBotApi, ana: Person, says: Any
) -> None:
    group = {"id": -100, "type": "group", "title": "a group"}
    await api.push("message", message(1, group, user(7001, "en"), text("landlord says no foreigners")))
    await api.push("message", message(2, group, user(7001, "en"), text("/help")))
    await api.push("channel_post", message(3, {"id": -200, "type": "channel", "title": "c"}, None, text("hello")))
    pinned = message(
        4,
        private(7001),
        user(7001, "en"),
        {"pinned_message": api.messages.get((1, 1)) or message(5, private(7001), user(7001, "en"), text("old"))},
    )
    await api.push("message", pinned)
    moved = message(6, private(7001), user(7001, "en"), KINDS["location"])
    await api.push("edited_message", {**moved, "edit_date": moved["date"]})
    await ana.says("/help")
    assert (await ana.hears()).text == says("help")
    assert len(api.sent) == 1


async def test_a_vague_word_gets_choices_and_a_tap_its_answer(
    service: Service, api: FakeBotApi, ana: Person, assistant: Assistant, vague: str
) -> None:
    await ana.says(vague)
    choices = await ana.hears()
    entries = [data.split(":")[1] for data in choices.buttons.values() if data.startswith("entry:")]
    assert 2 <= len(entries) <= 4
    tap = await ana.taps(choices, title(assistant, entries[0]))
    assert title(assistant, entries[0]) in (await ana.hears()).text
    await api.until(lambda: tap in api.acknowledged)


async def test_a_choice_is_taken_by_its_number_too(
    service: Service, ana: Person, assistant: Assistant, vague: str
) -> None:
    await ana.says(vague)
    choices = await ana.hears()
    first = next(iter(choices.buttons.values())).split(":")[1]
    await ana.says("1")
    assert title(assistant, first) in (await ana.hears()).text


@pytest.mark.parametrize("data", ["", "nonsense", "entry", "rm -rf:/:0", "entry:housing:9999", "é" * 32])
async def test_forged_taps_get_help(service: Service, api: FakeBotApi, ana: Person, says: Any, data: str) -> None:
    await ana.says("/topics")
    tap = await ana.sends_tap(await ana.hears(), data)
    assert (await ana.hears()).text == says("help")
    await api.until(lambda: tap in api.acknowledged)


async def test_taps_for_what_is_gone_lead_to_the_topics(service: Service, ana: Person, says: Any) -> None:
    await ana.says("/help")
    await ana.sends_tap(await ana.hears(), "entry:no-such-entry:0")
    assert (await ana.hears()).text == says("topics")


async def test_taps_in_a_group_are_acknowledged_and_no_more(service: Service, api: FakeBotApi, ana: Person) -> None:
    api.taps.add("5")
    group = {"id": -100, "type": "group", "title": "a group"}
    await api.push(
        "callback_query",
        {
            "id": "5",
            "from": user(7001, "en"),
            "chat_instance": "1",
            "data": "topics::0",
            "message": message(1, group, None, text("a")),
        },
    )
    await api.until(lambda: api.acknowledged == ["5"])
    await ana.says("/help")
    await ana.hears()
    assert len(api.sent) == 1


async def test_taps_on_what_telegram_no_longer_shows_are_served(
    service: Service, api: FakeBotApi, ana: Person, says: Any
) -> None:
    api.taps.add("5")
    await api.push(
        "callback_query",
        {
            "id": "5",
            "from": user(7001, "en"),
            "chat_instance": "1",
            "data": "topics::0",
            "message": {"message_id": 1, "date": 0, "chat": private(7001)},
        },
    )
    assert (await ana.hears()).text == says("topics")


async def test_leafing_through_topics_changes_the_list_in_place(
    service: Service, api: FakeBotApi, ana: Person, assistant: Assistant
) -> None:
    await ana.says("/topics")
    topics = await ana.hears()
    label, data = next(iter(topics.buttons.items()))
    await ana.taps(topics, label)
    topic = await ana.sees_edit()
    assert topic.text.startswith(assistant.knowledge.topics[data.split(":")[1]].title("en"))
    back = next(label for label, data in topic.buttons.items() if data.startswith("topics::0"))
    await ana.taps(topic, back)
    assert (await ana.sees_edit()).text == topics.text
    assert len(api.sent) == 1


async def test_an_entry_of_a_list_is_a_new_message_and_the_list_stays(
    service: Service, ana: Person, assistant: Assistant
) -> None:
    await ana.says("/topics")
    topics = await ana.hears()
    await ana.taps(topics, next(iter(topics.buttons)))
    topic = await ana.sees_edit()
    entry = next(data.split(":")[1] for data in topic.buttons.values() if data.startswith("entry:"))
    await ana.sends_tap(topic, f"entry:{entry}:0")
    await ana.hears()
    assert ana.messages[0].text == topic.text


async def test_the_way_to_the_topics_does_not_wipe_the_reply_it_stands_under(
    service: Service, ana: Person, says: Any
) -> None:
    await ana.says("/start")
    start = await ana.hears()
    await ana.sends_tap(start, "topics::0")
    assert (await ana.hears()).text == says("topics")
    assert ana.messages[0].text == start.text


async def test_tapping_the_same_list_twice_does_no_harm(service: Service, ana: Person, says: Any) -> None:
    await ana.says("/topics")
    topics = await ana.hears()
    await ana.sends_tap(topics, "topics::0")
    await ana.says("/help")
    assert (await ana.hears()).text == says("help")


async def test_a_chosen_language_is_kept(service: Service, api: FakeBotApi, says: Any) -> None:
    bea = api.person(7002, language="en")
    await bea.says("/language")
    await bea.taps(await bea.hears(), "Español")
    await bea.hears()
    await bea.says("/help")
    assert (await bea.hears()).text == says("help", "es")


async def test_the_language_of_the_app_is_taken_as_a_hint(service: Service, api: FakeBotApi, says: Any) -> None:
    for number, code, lang in ((7002, "es-419", "es"), (7003, "fr", "en"), (7004, None, "en")):
        person = api.person(number, language=code)
        await person.says("/help")
        assert (await person.hears()).text == says("help", lang)


async def test_an_edited_message_changes_its_answer(service: Service, ana: Person, assistant: Assistant) -> None:
    number = await ana.says("qwertz asdfgh")
    unknown = await ana.hears()
    await ana.edits(number, "landlord says no foreigners")
    changed = await ana.sees_edit()
    assert changed.number == unknown.number
    assert changed.text.startswith(title(assistant, "housing-refused"))


async def test_an_edited_message_that_lies_back_is_answered_again(
    service: Service, api: FakeBotApi, ana: Person, assistant: Assistant
) -> None:
    number = await ana.says("qwertz asdfgh")
    await ana.hears()
    await ana.says("/help")
    await ana.hears()
    await ana.edits(number, "landlord says no foreigners")
    assert (await ana.hears()).text.startswith(title(assistant, "housing-refused"))
    assert api.edited == []


async def test_an_edit_that_changes_nothing_for_the_bot_is_left_alone(
    service: Service, api: FakeBotApi, ana: Person, says: Any
) -> None:
    number = await ana.says("landlord says no foreigners")
    await ana.hears()
    await ana.edits(number, "landlord says no foreigners!")
    await ana.says("/help")
    assert (await ana.hears()).text == says("help")
    assert api.of("editMessageText") == []


async def test_an_answer_that_can_not_be_changed_is_sent_anew(
    service: Service, api: FakeBotApi, ana: Person, assistant: Assistant
) -> None:
    number = await ana.says("qwertz asdfgh")
    gone = await ana.hears()
    kept = api.messages.pop((ana.number, gone.number))  # deleted by the person
    await ana.edits(number, "landlord says no foreigners")
    await api.until(lambda: len(api.sent) == 2)
    api.messages[(ana.number, gone.number)] = kept
    assert ana.messages[1].text.startswith(title(assistant, "housing-refused"))
    assert api.faults == ["editMessageText: message to edit not found"]
    api.faults.clear()


async def test_an_edited_command_is_obeyed(service: Service, ana: Person, says: Any) -> None:
    number = await ana.says("/hlep")
    await ana.hears()
    await ana.edits(number, "/help")
    assert (await ana.sees_edit()).text == says("help")


async def test_an_error_is_a_kind_sentence_and_the_bot_goes_on(
    service: Service, ana: Person, assistant: Assistant, says: Any, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    service.assistant = cast(Assistant, Stumbling(assistant))
    await ana.says("stumble over my passport number 123")
    assert (await ana.hears()).text == says("sorry")
    assert "An update could not be worked on: KeyError at " in caplog.text
    await ana.says("/help")
    assert (await ana.hears()).text == says("help")
    assert "my passport" not in caplog.text


async def test_an_error_of_the_store_is_a_kind_sentence_too(
    service: Service, store: Store, ana: Person, says: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken(chat: int) -> Conversation:
        raise OSError("disk full")

    monkeypatch.setattr(store, "conversation", broken)
    await ana.says("landlord says no foreigners")
    assert (await ana.hears()).text == says("sorry")


async def test_new_knowledge_is_served_with_the_next_message(
    service: Service, ana: Person, assistant: Assistant
) -> None:
    class Newer:
        def __getattr__(self, name: str) -> object:
            return getattr(assistant, name)

        def reply(self, *_: object) -> Reply:
            return assistant.command("help", Conversation(lang="es"))

    await ana.says("landlord says no foreigners")
    await ana.hears()
    service.assistant = cast(Assistant, Newer())
    await ana.says("landlord says no foreigners")
    assert (await ana.hears()).text == render(assistant.command("help", Conversation(lang="es"))).plain


async def test_500_messages_of_one_chat_leave_another_unharmed(
    service: Service, api: FakeBotApi, ana: Person, assistant: Assistant, says: Any
) -> None:
    bea = api.person(7002)
    for _ in range(500):
        await ana.says("landlord says no foreigners")
    await bea.says("landlord says no foreigners")
    assert (await bea.hears()).text.startswith(title(assistant, "housing-refused"))
    await ana.api.until(lambda: any(heard.text == says("too-many") for heard in ana.messages))
    assert len(ana.messages) < 500
    await bea.says("/help")
    assert (await bea.hears()).text == says("help")


async def test_nothing_of_what_people_write_is_logged(
    service: Service, api: FakeBotApi, ana: Person, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    logging.getLogger("bot").setLevel(logging.DEBUG)
    await ana.says("landlord says no foreigners qwertz")
    await ana.taps(await ana.hears(), "")
    await ana.hears()
    await api.push_raw({"update_id": api.next_number(), "message": {"message_id": 5, "text": "qwertz"}})
    await ana.says("/help")
    await ana.hears()
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith(OURS))
    assert "An update of an unknown form is left out." in logged
    for secret in ("qwertz", api.token, str(ana.number), "Ana"):
        assert secret not in logged
