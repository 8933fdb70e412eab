"""A reply as the JSON that scripts read: its keys and what is in them."""

from __future__ import annotations

import json

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.channels.as_json import reply_as_json

NEW = Conversation()
KEYS = ["kind", "lang", "text", "entries", "choices", "links", "machine_translated", "evidence", "ms"]


def test_an_answer(small: Assistant) -> None:
    made = json.loads(json.dumps(reply_as_json(small.reply(Message("landlrod says no foreigners"), NEW), 1.23456)))
    assert list(made) == KEYS
    assert made["kind"] == "answer"
    assert made["lang"] == "en"
    assert made["text"].startswith("A landlord refuses me because I am foreign\n\nIn many countries")
    assert "Keep proof." in made["text"]
    assert made["entries"][0].pop("confidence") > 0.3
    assert made["entries"] == [
        {
            "id": "housing-refused",
            "title": "A landlord refuses me because I am foreign",
            "topics": ["equality", "practical_help"],
        }
    ]
    assert made["choices"] == []
    assert [link["url"] for link in made["links"]] == ["https://picum.org/", "https://treaties.un.org/"]
    assert all(set(link) == {"title", "url"} for link in made["links"])
    assert made["machine_translated"] is False
    assert set(made["evidence"]) == {"phrasing", "explained", "corrected"}
    assert made["evidence"]["corrected"] == {"landlrod": "landlord"}
    assert 0 < made["evidence"]["explained"] <= 1
    assert made["ms"] == 1.23


def test_choices_are_numbered(shipped_assistant: Assistant) -> None:
    made = reply_as_json(shipped_assistant.reply(Message("papers"), NEW), 0)
    assert made["kind"] == "choices"
    assert [choice["n"] for choice in made["choices"]] == list(range(1, len(made["choices"]) + 1))
    assert [(one["id"], one["title"]) for one in made["choices"]] == [
        (one["id"], one["title"]) for one in made["entries"]
    ]


def test_other_questions_of_the_message_are_entries_and_choices(shipped_assistant: Assistant) -> None:
    text = "my boss does not pay me. where can i find a free lawyer"
    made = reply_as_json(shipped_assistant.reply(Message(text), NEW), 0)
    assert made["kind"] == "answer"
    assert [one["id"] for one in made["entries"]] == ["wages-not-paid", "free-lawyer"]
    assert [(one["n"], one["id"]) for one in made["choices"]] == [(1, "free-lawyer")]


def test_explained_it_tells_all(small: Assistant) -> None:
    made = reply_as_json(small.reply(Message("our boat is sinking"), NEW), 0, explain=True)
    evidence = json.loads(json.dumps(made))["evidence"]
    assert list(evidence) == ["phrasing", "explained", "corrected", "words", "signal", "runners_up", "why"]
    assert evidence["signal"] == ["boat", "sinking"]
    assert evidence["why"] == "danger words: boat, sinking"


def test_a_machine_translation_is_marked(small: Assistant) -> None:
    made = reply_as_json(small.reply(Message("no alquilan a extranjeros"), Conversation(lang="es")), 0)
    assert (made["lang"], made["machine_translated"]) == ("es", True)
