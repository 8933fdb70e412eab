"""What stands in a reply, in which order, and what is left out first."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.answering.assistant import Assistant
from bot.answering.compose import LIMIT, Composer, fit, utf16_length
from bot.answering.reply import Block, BlockRole, plain
from bot.answering.sentences import Sentences
from bot.kb.knowledge import Confidence, Entry, Instrument, Knowledge, LawRef, Link, Phone, Wording
from bot.language_names import language_name

SAY = {
    "law.binding": "What binds states",
    "law.other": "Not binding, but agreed",
    "law.article": "{name} art. {articles}",
    "law.differ": "Countries differ.",
    "law.unchecked": "Not checked against the text.",
    "model.heading": "The Convention proposes (not law)",
    "note.machine": "Translated by machine.",
    "note.only": "I have this in {language} only.",
    "note.resembles": "I read your words as: {words}.",
    "note.general": "General information.",
    "urgent.line": "In danger? Call.",
    "service.phone": "Phone",
    "service.region": "Where",
    "service.languages": "Languages",
    "service.people": "With",
    "service.date": "Date",
    "service.no-address": "No address is known for this.",
    "link.not-opened": "not opened yet",
    "link.checked": "opened {date}",
}
INSTRUMENTS = {
    "cerd": Instrument("cerd", {"en": ("CERD",), "es": ("CERD-ES",)}, "treaty", None),
    "echr": Instrument("echr", {"en": ("European Convention",)}, "regional-treaty", None),
    "eu": Instrument("eu", {"en": ("EU rule",)}, "eu-law", None),
    "udhr": Instrument("udhr", {"en": ("UDHR",)}, "declaration", None),
    "gcm": Instrument("gcm", {"en": ("Global Compact",)}, "non-binding", None),
}


@pytest.fixture
def entry(small: Assistant) -> Entry:
    """The entry about housing of the small knowledge base, with English alone."""
    found = small.knowledge.entries["housing-refused"]
    wording = Wording("en", "source", "A title", (), "An answer.", model="A proposal.")
    return replace(found, wordings={"en": wording}, law=(LawRef("cerd", "5"),), confidence="seen-text")


@pytest.fixture
def composer(small: Assistant) -> Composer:
    knowledge: Knowledge = replace(small.knowledge, instruments=INSTRUMENTS)
    return Composer(knowledge, Sentences({"en": SAY}), language_name)


def lines(blocks: list[Block]) -> list[str]:
    return [plain(block) for block in blocks]


def test_the_paragraphs_stand_in_their_order(composer: Composer, entry: Entry) -> None:
    blocks = composer.answer(entry, "en", corrected=("landlord",), urgent_line=True)
    assert lines(blocks) == [
        "A title",
        "An answer.",
        "What binds states: CERD art. 5. Countries differ.",
        "The Convention proposes (not law): A proposal.",
        "In danger? Call.",
        "I read your words as: landlord.",
        "General information.",
    ]
    assert [block.role for block in blocks] == ["title", "body", "law", "model", "note", "note", "note"]


def test_what_binds_and_what_does_not_stand_apart(composer: Composer, entry: Entry) -> None:
    law = tuple(LawRef(name, "13") for name in ("udhr", "cerd", "gcm", "echr", "eu"))
    blocks = composer.answer(replace(entry, law=law), "en")
    assert [plain(block) for block in blocks if block.role == "law"] == [
        "What binds states: CERD art. 13; European Convention art. 13; EU rule art. 13. Countries differ.",
        "Not binding, but agreed: UDHR art. 13; Global Compact art. 13.",
    ]


@pytest.mark.parametrize(
    ("articles", "cited"),
    [("5", "CERD art. 5"), ("1(2), 1(3), 5", "CERD art. 1(2), 1(3), 5"), ("whole text", "CERD")],
)
def test_articles_are_cited_when_they_are_numbers(
    composer: Composer, entry: Entry, articles: str, cited: str
) -> None:
    blocks = composer.answer(replace(entry, law=(LawRef("cerd", articles),)), "en")
    assert f"What binds states: {cited}. Countries differ." in lines(blocks)


@pytest.mark.parametrize("confidence", ["general-knowledge", "inference"])
def test_law_from_memory_says_so_once(composer: Composer, entry: Entry, confidence: Confidence) -> None:
    law = (LawRef("cerd", "5"), LawRef("udhr", "13"))
    text = "\n".join(lines(composer.answer(replace(entry, law=law, confidence=confidence), "en")))
    assert text.count("Not checked against the text.") == 1
    assert "Countries differ. Not checked against the text." in text


def test_what_is_agreed_alone_says_so_too(composer: Composer, entry: Entry) -> None:
    unchecked = replace(entry, law=(LawRef("udhr", "13"),), confidence="inference")
    assert "Not binding, but agreed: UDHR art. 13. Not checked against the text." in lines(
        composer.answer(unchecked, "en")
    )


@pytest.mark.parametrize("confidence", ["seen-text", "seen-secondary"])
def test_law_that_was_seen_says_nothing_of_it(composer: Composer, entry: Entry, confidence: Confidence) -> None:
    blocks = composer.answer(replace(entry, confidence=confidence), "en")
    assert not any("Not checked" in text for text in lines(blocks))


def test_a_machine_translation_says_so(composer: Composer, entry: Entry) -> None:
    spanish = Wording("es", "machine", "Un título", (), "Una respuesta.")
    blocks = composer.answer(replace(entry, wordings={**entry.wordings, "es": spanish}), "es")
    assert lines(blocks)[:3] == [
        "Un título",
        "Una respuesta.",
        "What binds states: CERD-ES art. 5. Countries differ.",
    ]
    assert "Translated by machine." in lines(blocks)


def test_a_translation_by_a_person_says_nothing_of_it(composer: Composer, entry: Entry) -> None:
    spanish = Wording("es", "person", "Un título", (), "Una respuesta.")
    blocks = composer.answer(replace(entry, wordings={**entry.wordings, "es": spanish}), "es")
    assert "Translated by machine." not in lines(blocks)


def test_an_entry_of_another_language_only_says_so(composer: Composer, entry: Entry) -> None:
    assert "I have this in inglés only." in lines(composer.answer(entry, "es"))


@pytest.mark.parametrize(
    ("part", "said"), [("law", True), ("situations", True), ("convention", True), ("help", False)]
)
def test_general_information_is_said_where_it_is(composer: Composer, entry: Entry, part: str, said: bool) -> None:
    blocks = composer.answer(replace(entry, part=part), "en")  # type: ignore[arg-type]
    assert ("General information." in lines(blocks)) is said


def test_a_service_shows_its_facts(composer: Composer, small: Assistant) -> None:
    picum = small.knowledge.entries["picum"]
    assert lines(composer.answer(picum, "en")) == [
        "PICUM",
        "A network for people without papers.",
        "Phone: +32 2 210 17 80 (Office hours)\nWhere: Europe\nLanguages: English",
    ]


def test_words_that_are_not_translated_are_shown_in_their_own_language_only(
    composer: Composer, small: Assistant
) -> None:
    assert "Europe" not in "".join(lines(composer.answer(small.knowledge.entries["picum"], "es")))


def test_a_service_without_an_address_says_so(composer: Composer, small: Assistant) -> None:
    picum = small.knowledge.entries["picum"]
    assert picum.service is not None
    lost = replace(picum.service, url=None, alt_urls=(), phones=(Phone("112"),), people=("Ann",), date="2017-04")
    assert lines(composer.answer(replace(picum, service=lost), "en"))[-1] == (
        "Phone: 112\nWhere: Europe\nLanguages: English\nWith: Ann\nDate: 2017-04\nNo address is known for this."
    )


def test_links_say_their_language_and_when_they_were_opened(composer: Composer) -> None:
    assert composer.link_title(Link("Guide", "https://a.example", "de"), "en") == "Guide (German, not opened yet)"
    assert composer.link_title(Link("Guide", "https://a.example", "en", "2026-11-01"), "en") == (
        "Guide (opened 2026-11-01)"
    )


def test_urgent_help_in_a_machine_translation_is_followed_by_the_english(composer: Composer, entry: Entry) -> None:
    spanish = Wording("es", "machine", "Peligro", (), "Llama ya.")
    blocks = composer.urgent([replace(entry, wordings={**entry.wordings, "es": spanish})], "es")
    assert [(block.role, plain(block)) for block in blocks] == [
        ("urgent", "Llama ya."),
        ("note", "Translated by machine."),
        ("note", "An answer."),
    ]


def test_two_dangers_both_come_before_any_note(composer: Composer, entry: Entry) -> None:
    spanish = Wording("es", "machine", "Peligro", (), "Llama ya.")
    danger = replace(entry, wordings={**entry.wordings, "es": spanish})
    assert [block.role for block in composer.urgent([danger, danger], "es")] == ["urgent", "urgent", "note", "note"]


@pytest.mark.parametrize(("text", "length"), [("", 0), ("abc", 3), ("é", 1), ("字", 1), ("🍌", 2), ("👍🏽", 4)])
def test_length_is_counted_in_utf16_units(text: str, length: int) -> None:
    assert utf16_length(text) == length == len(text.encode("utf-16-le")) // 2


def test_a_reply_that_fits_is_left_alone() -> None:
    blocks = [Block("title", "t" * 10), Block("body", "b" * (LIMIT - 12))]
    assert fit(blocks) == tuple(blocks)


def test_of_a_reply_too_long_the_end_is_left_out() -> None:
    blocks = [Block("title", "t"), Block("body", "b" * 700), Block("model", "m" * 700), Block("note", "n" * 200)]
    assert [block.role for block in fit(blocks)] == ["title", "body", "model"]


def test_emoji_count_double() -> None:
    assert len(fit([Block("title", "t"), Block("body", "🍌" * 749)])) == 1
    assert len(fit([Block("title", "t"), Block("body", "🍌" * 748)])) == 2


def test_a_heading_counts() -> None:
    blocks = [Block("title", "t"), Block("law", "l" * 1490, "What binds states")]
    assert len(fit(blocks)) == 1


def test_help_in_danger_is_never_left_out() -> None:
    blocks = [Block("body", "b" * 800), Block("note", "n" * 100), Block("urgent", "u" * 1000), Block("note", "n")]
    assert [block.role for block in fit(blocks)] == ["body", "urgent"]


def test_the_first_paragraph_is_never_left_out() -> None:
    assert fit([Block("body", "b" * 5000)]) == (Block("body", "b" * 5000),)


ROLES: list[BlockRole] = ["urgent", "title", "body", "law", "model", "note"]
BLOCKS = st.lists(
    st.builds(Block, st.sampled_from(ROLES), st.text(max_size=40), st.sampled_from(["", "Heading"])), max_size=8
)


@given(BLOCKS, st.integers(min_value=0, max_value=120))
def test_what_is_left_is_in_order_and_fits_if_it_can(blocks: list[Block], limit: int) -> None:
    kept = fit(blocks, limit)
    rest = iter(blocks)
    assert all(any(block is other for other in rest) for block in kept), "in their order"
    assert [b for b in kept if b.role == "urgent"] == [b for b in blocks if b.role == "urgent"]
    assert kept[:1] == tuple(blocks[:1])
    needed = all(block.role == "urgent" for block in kept[1:])
    assert needed or utf16_length("\n\n".join(map(plain, kept))) <= limit


def test_stars_of_bold_are_not_in_plain_text() -> None:
    assert plain(Block("body", "Keep *proof* of it.")) == "Keep proof of it."
