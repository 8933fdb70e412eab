"""The shipped knowledge itself: how much there is, what must never be said in it, and that its questions reach it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

import pytest
import yaml

from bot.answering.assistant import Assistant
from bot.app import read_knowledge
from bot.evaluation.asking import Outcome, ask_all
from bot.evaluation.gate import harms, mended
from bot.kb.knowledge import Entry, Knowledge, Wording
from bot.kb.loader import Loaded
from bot.matching.signals import WITHIN, SignalEngine
from bot.text.normalise import fold
from bot.text.tokens import tokens
from tests.conftest import SHIPPED

FIRST_PAGE = (
    "mimc-initiative",
    "mimc-convention-text",
    "uk-home-secretary-2024",
    "climate-mobility-unlocking-cooperation",
    "space-data-refugees",
    "climate-mobility-causality",
    "darien-gap",
    "mimc-st-francis-conference",
    "venezuela-brazil-children",
    "inter-american-noncriminalization",
    "reframing-refugee-crisis",
    "forced-migrants-climate-refugees",
)
"""What stood on the page that the project started from."""
PHONES = {
    "eu-112": {"112"},
    "jumamap": {"800 905 570", "+39 351 137 6335"},
    "missing-children-europe": {"116 000"},
    "us-trafficking-hotline": {"1-888-373-7888"},
    "uk-modern-slavery-helpline": {"08000 121 700"},
    "eoir-acis": {"1-800-898-7180"},
}
"""The only numbers that are believed to be right."""
ABOUT_TREATIES = {"help", "resources", "convention"}
"""Parts that may name a treaty without relying on it: a service that works on one, an article about one, and what the
Convention says of the law beside it."""
SENTENCE = re.compile(r"(?<=[.!?:])\s+|\n+")
ARTICLE = re.compile(r"\bart(icles?|ículos?|s?\.)?\s*\d|\bart\.", re.IGNORECASE)
UNSOURCED = ("clearing house", "clearinghouse", "interdependence", "mobility visa", "visado de movilidad")
NUMBER = re.compile(
    r"((?:call|dial|phone|ring|text|number is|is|llama|marca|número es|es)(?: al| a)? )?(\+?\d[\d ()-]+\d)",
    re.IGNORECASE,
)
"""A number of more than one digit, and whether a word before it says to call it."""


@pytest.fixture(scope="module")
def loaded() -> Loaded:
    return read_knowledge(SHIPPED)


@pytest.fixture(scope="module")
def outcomes(shipped_assistant: Assistant) -> list[Outcome]:
    """Every check of the knowledge base, asked."""
    return ask_all(shipped_assistant, shipped_assistant.knowledge.checks)


def wordings(knowledge: Knowledge) -> Iterator[tuple[Entry, Wording]]:
    for entry in knowledge.entries.values():
        for wording in entry.wordings.values():
            yield entry, wording


def shown(wording: Wording) -> str:
    """All of a wording that a person reads."""
    return f"{wording.title}\n{wording.answer}\n{wording.model}"


def sentences(text: str) -> list[str]:
    return [sentence.strip("- *") for sentence in SENTENCE.split(text) if sentence.strip("- *")]


def words(sentence: str) -> int:
    return len(sentence.split())


def files(pattern: str) -> str:
    """All text of the files that match."""
    return "\n".join(path.read_text(encoding="utf-8") for path in sorted(SHIPPED.glob(pattern)))


class TestLoading:
    def test_it_has_no_error(self, loaded: Loaded) -> None:
        assert loaded.errors == ()

    def test_its_warnings_are_those_that_only_people_with_a_network_or_a_say_can_mend(self, loaded: Loaded) -> None:
        allowed = (
            "links never opened: ",
            "has no number to call, neither in its text nor at one of its links",
            "urgent texts were not reviewed by a person",
        )
        assert [str(one) for one in loaded.warnings if not any(kind in one.message for kind in allowed)] == []


class TestHowMuch:
    @pytest.mark.parametrize(
        ("part", "least"),
        [
            ("convention", 3),
            ("law", 12),
            ("situations", 30),
            ("urgent", 5),
            ("help", 15),
            ("limits", 15),
            ("about", 3),
        ],
    )
    def test_each_part_has_its_entries(self, shipped: Knowledge, part: str, least: int) -> None:
        assert sum(entry.part == part for entry in shipped.entries.values()) >= least

    def test_everything_of_the_first_page_is_there(self, shipped: Knowledge) -> None:
        found = {entry.id for entry in shipped.entries.values() if entry.part == "resources"}
        assert found >= set(FIRST_PAGE)

    def test_greetings_privacy_and_languages_are_there(self, shipped: Knowledge) -> None:
        assert {"greeting", "about-privacy", "about-languages"} <= set(shipped.entries)

    def test_every_entry_has_eight_varied_asks_in_english(self, shipped: Knowledge) -> None:
        few = {entry.id: len(asks) for entry in shipped.entries.values() if len(asks := varied(entry)) < 8}
        assert few == {}

    def test_every_entry_is_in_every_language(self, shipped: Knowledge) -> None:
        missing = [
            (entry.id, lang) for entry in shipped.entries.values() for lang in shipped.languages
            if lang not in entry.wordings or not entry.wordings[lang].asks
        ]  # fmt: skip
        assert missing == []

    def test_no_translation_is_stale(self, shipped: Knowledge) -> None:
        assert [entry.id for entry, wording in wordings(shipped) if wording.stale] == []

    def test_every_entry_has_three_checks_in_english(self, shipped: Knowledge) -> None:
        counts = Counter(
            entry
            for check in shipped.checks
            if check.lang == "en" and not check.near_urgent
            for entry in check.expect
        )
        assert {entry: counts[entry] for entry in shipped.entries if counts[entry] < 3} == {}

    def test_forty_questions_must_not_be_known(self, shipped: Knowledge) -> None:
        assert sum(check.lang == "en" and check.kind in ("unknown", "refused") for check in shipped.checks) >= 40

    def test_twenty_questions_must_not_raise_the_alarm(self, shipped: Knowledge) -> None:
        assert sum(check.lang == "en" and check.near_urgent for check in shipped.checks) >= 20

    def test_checks_are_not_what_the_matcher_learnt(self, shipped: Knowledge) -> None:
        """Greetings and names of services have few ways to be said; of all else few may be the same by chance."""
        learnt = {
            " ".join(tokens(fold(ask)))
            for entry, wording in wordings(shipped)
            if entry.part not in ("about", "help")
            for ask in wording.asks
        }
        same = [check.text for check in shipped.checks if " ".join(tokens(fold(check.text))) in learnt]
        assert len(same) <= len(shipped.checks) // 50, same


class TestWhatIsSaid:
    def test_nothing_unsourced_is_anywhere(self) -> None:
        everything = files("**/*.yaml").casefold() + files("**/*.po").casefold()
        assert [term for term in UNSOURCED if term in everything] == []

    def test_no_article_of_the_convention_is_written(self, shipped: Knowledge) -> None:
        told = [
            (entry.id, wording.lang)
            for entry, wording in wordings(shipped)
            if ARTICLE.search(wording.model) or (entry.part == "convention" and ARTICLE.search(shown(wording)))
        ]
        assert told == []

    def test_article_numbers_stand_in_law_and_not_in_answers(self, shipped: Knowledge) -> None:
        assert [
            (entry.id, wording.lang) for entry, wording in wordings(shipped) if ARTICLE.search(wording.answer)
        ] == []

    def test_an_answer_names_no_treaty_that_its_law_lacks(self, shipped: Knowledge) -> None:
        told = {
            (entry.id, wording.lang): found
            for entry, wording in wordings(shipped)
            if entry.part not in ABOUT_TREATIES
            and (found := named(shown(wording), shipped) - {ref.instrument for ref in entry.law})
        }
        assert told == {}

    def test_what_is_proposed_is_never_called_a_right(self, shipped: Knowledge) -> None:
        rights = re.compile(r"\byou have (a|the) right\b|\btienes (el )?derecho\b", re.IGNORECASE)
        assert [
            (entry.id, wording.lang) for entry, wording in wordings(shipped) if rights.search(wording.model)
        ] == []

    def test_no_promise_is_made(self, shipped: Knowledge) -> None:
        promises = re.compile(
            r"they (can't|cannot) deport you\b(?! (if|when|unless|until))|complaining is safe|"
            r"no (te )?pueden deportarte\b|denunciar es seguro",
            re.IGNORECASE,
        )
        assert [
            (entry.id, wording.lang) for entry, wording in wordings(shipped) if promises.search(shown(wording))
        ] == []

    def test_answers_have_no_address_in_their_text(self, shipped: Knowledge) -> None:
        address = re.compile(r"https?://|www\.", re.IGNORECASE)
        assert [
            (entry.id, wording.lang) for entry, wording in wordings(shipped) if address.search(shown(wording))
        ] == []

    def test_no_answer_asks_for_names_or_case_numbers(self, shipped: Knowledge) -> None:
        asking = re.compile(
            r"\b(send|tell|write|give) (me|us) your (full )?(name|address|case|passport)", re.IGNORECASE
        )
        assert [
            (entry.id, wording.lang) for entry, wording in wordings(shipped) if asking.search(wording.answer)
        ] == []

    def test_sentences_in_danger_are_under_12_words(self, shipped: Knowledge) -> None:
        long = [
            (entry.id, wording.lang, sentence)
            for entry, wording in wordings(shipped)
            if entry.kind == "urgent"
            for sentence in sentences(wording.answer)
            if words(sentence) >= 12
        ]
        assert long == []

    def test_no_sentence_is_above_25_words(self, shipped: Knowledge) -> None:
        long = [
            (entry.id, wording.lang, sentence)
            for entry, wording in wordings(shipped)
            for sentence in sentences(f"{wording.answer}\n{wording.model}")
            if words(sentence) > 25
        ]
        assert long == []

    def test_answers_have_at_most_700_characters(self, shipped: Knowledge) -> None:
        assert [entry.id for entry, wording in wordings(shipped) if len(wording.answer) > 700] == []


class TestNumbers:
    def test_services_show_only_numbers_believed_to_be_right(self, shipped: Knowledge) -> None:
        told = {
            (entry.id, phone.number)
            for entry in shipped.entries.values()
            for phone in (entry.service.phones if entry.service is not None else ())
        }
        assert told <= {(entry, number) for entry, numbers in PHONES.items() for number in numbers}

    def test_texts_hold_no_other_number_to_call(self, shipped: Knowledge) -> None:
        known = {re.sub(r"\D", "", number) for numbers in PHONES.values() for number in numbers}
        told = {
            (entry.id, number)
            for entry, wording in wordings(shipped)
            for call, found in NUMBER.findall(f"{wording.answer}\n{wording.model}")
            if ((number := re.sub(r"\D", "", found)) not in known) and (call or len(number) > 8)
        }
        assert told == set()

    def test_emergency_numbers_are_among_them(self, shipped: Knowledge) -> None:
        assert {row.number for row in shipped.emergency} <= {one for numbers in PHONES.values() for one in numbers}

    def test_a_link_that_nobody_opened_says_so(self, shipped: Knowledge) -> None:
        services = [entry.service for entry in shipped.entries.values() if entry.service is not None]
        assert {service.checked for service in services} == {None}, "nobody had a network yet"

    def test_what_urgent_entries_link_to_has_an_address(self, shipped: Knowledge) -> None:
        assert [entry.id for entry in shipped.entries.values() if entry.kind == "urgent" and not entry.links] == []


def alternatives(group: tuple[str, ...]) -> list[tuple[str, ...]]:
    """Ways to say a signal such that every alternative of every word is said at least once."""
    choices = [word.split("/") for word in group]
    most = max(len(choice) for choice in choices)
    return [tuple(choice[at % len(choice)] for choice in choices) for at in range(most)]


class TestSafety:
    def test_nobody_in_danger_is_sent_to_a_consulate(self, shipped: Knowledge) -> None:
        consulate = re.compile(r"\b(consulate|embassy|consulado|embajada)\b", re.IGNORECASE)
        afraid = ("afraid-of-my-embassy", "urgent-")
        sent = [
            (entry.id, sentence)
            for entry, wording in wordings(shipped)
            if entry.id.startswith(afraid) and wording.lang == "en"
            for sentence in sentences(wording.answer)
            if consulate.search(sentence) and re.match(r"(go|turn|write|call|contact|ask)\b", sentence, re.IGNORECASE)
        ]
        assert sent == []

    def test_every_signal_raises_its_own_alarm(self, shipped: Knowledge) -> None:
        silent = []
        for lang in shipped.languages:
            engine = SignalEngine(lang, shipped)
            for entry in shipped.entries.values():
                wording = entry.wordings.get(lang)
                for group in wording.signals if wording is not None else ():
                    for said in alternatives(group):
                        apart = " xx ".join(said)  # so that the words are no neighbours of `not_when`
                        alarms = engine.find(fold(apart if words(apart) <= WITHIN else " ".join(said)))
                        if entry.id not in {alarm.entry for alarm in alarms.now}:
                            silent.append((lang, entry.id, said))
        assert silent == []

    def test_asks_of_urgent_entries_reach_help_and_never_another_entry(self, shipped_assistant: Assistant) -> None:
        from bot.answering.message import Conversation, Message

        missed = []
        for entry in shipped_assistant.knowledge.entries.values():
            if entry.kind != "urgent":
                continue
            for wording in entry.wordings.values():
                for ask in wording.asks:
                    reply = shipped_assistant.reply(Message(ask), Conversation(lang=wording.lang))
                    if reply.kind not in ("urgent", "choices"):
                        missed.append((entry.id, ask, reply.kind))
        assert missed == []


class TestQuestionsReachTheirEntries:
    """The over-match gate: all known questions, asked of the whole knowledge base."""

    def test_none_goes_wrong_in_a_way_that_harms(self, outcomes: list[Outcome]) -> None:
        assert [str(harm) for harm in harms(outcomes)] == []

    def test_known_failures_still_fail(self, outcomes: list[Outcome]) -> None:
        assert [one.check.text for one in mended(outcomes)] == []

    def test_known_failures_are_few(self, outcomes: list[Outcome]) -> None:
        assert sum(one.check.known_failure for one in outcomes) <= len(outcomes) // 10

    def test_most_questions_are_helped(self, outcomes: list[Outcome]) -> None:
        answerable = [one for one in outcomes if one.category == "answerable"]
        assert sum(one.helped for one in answerable) / len(answerable) > 0.85


def varied(entry: Entry) -> set[tuple[str, ...]]:
    """The asks of an entry in English that differ in more than order and case."""
    return {tuple(sorted(tokens(fold(ask)))) for ask in entry.wordings["en"].asks}


def named(text: str, knowledge: Knowledge) -> set[str]:
    """The treaties that a text names by any name of theirs. Of names within names the longest counts."""
    names = sorted(
        {
            (name.casefold(), instrument.id)
            for instrument in knowledge.instruments.values()
            for many in instrument.names.values()
            for name in many
        },
        key=lambda pair: -len(pair[0]),
    )
    rest = text.casefold()
    found = set()
    for name, instrument in names:
        pattern = rf"(?<!\w){re.escape(name)}(?!\w)"
        if re.search(pattern, rest):
            found.add(instrument)
            rest = re.sub(pattern, "·", rest)
    return found


def test_files_hold_no_key_of_the_yaml_reader_alone() -> None:
    """The plain YAML library reads every file too, so that other programs can use them."""
    for path in sorted(SHIPPED.rglob("*.yaml")):
        assert yaml.safe_load(path.read_text(encoding="utf-8")) is not None, path
