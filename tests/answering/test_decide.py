"""Each branch of the decision, from a match made by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.answering.assistant import Assistant
from bot.answering.decide import (
    LIMIT_FROM,
    MOST_CHOICES,
    NOTHING_ELSE,
    SMALLTALK_FROM,
    URGENT_FROM,
    Decision,
    Override,
    decide,
)
from bot.kb.knowledge import Knowledge
from bot.matching.candidate import Candidate
from bot.matching.matcher import Match
from bot.matching.model import Thresholds
from bot.matching.signals import Alarm, Alarms
from bot.text.language import Guess


@pytest.fixture(scope="session")
def knowledge(shipped_assistant: Assistant) -> Knowledge:
    return shipped_assistant.knowledge


def candidate(entry: str, confidence: float) -> Candidate:
    return Candidate(entry, confidence, "a phrasing", confidence, ("word",))


def match(
    *candidates: tuple[str, float], now: tuple[Alarm, ...] = (), withheld: tuple[str, ...] = (), vague: bool = False
) -> Match:
    return Match(
        guess=Guess(("en",), clear=True),
        lang="en",
        candidates=tuple(candidate(*one) for one in candidates),
        alarms=Alarms(now, withheld),
        corrected={},
        thresholds=Thresholds(0.7, 0.3),
        vague=vague,
    )


def entries(decision: Decision) -> list[str]:
    return [one.entry for one in decision.candidates]


def test_a_sure_candidate_is_answered(knowledge: Knowledge) -> None:
    decision = decide(match(("housing-refused", 0.7), ("wages-not-paid", 0.2)), knowledge)
    assert (decision.outcome, decision.candidates[0].entry) == ("answer", "housing-refused")
    assert decision.why == "confidence 0.70, at least 0.70"


def test_a_less_sure_one_is_offered_with_the_next(knowledge: Knowledge) -> None:
    decision = decide(match(("housing-refused", 0.69), ("wages-not-paid", 0.2)), knowledge)
    assert (decision.outcome, entries(decision)) == ("choices", ["housing-refused", "wages-not-paid"])
    assert decision.why == "confidence 0.69, below 0.70 and at least 0.30"


def test_an_unsure_one_is_not_known(knowledge: Knowledge) -> None:
    decision = decide(match(("housing-refused", 0.29), ("wages-not-paid", 0.2)), knowledge)
    assert decision.outcome == "unknown"
    assert decision.why == "confidence 0.29, below 0.30"


def test_nothing_is_not_known(knowledge: Knowledge) -> None:
    assert decide(match(), knowledge) == Decision("unknown", (), why="no word of the message is known")


def test_one_candidate_alone_is_no_choice(knowledge: Knowledge) -> None:
    assert decide(match(("housing-refused", 0.5)), knowledge).outcome == "unknown"


def test_at_most_four_are_offered_and_only_those_that_are_near_the_first(knowledge: Knowledge) -> None:
    near = ["housing-refused", "wages-not-paid", "lost-passport", "free-lawyer", "change-employer"]
    offered = decide(match(*((one, 0.5) for one in near)), knowledge)
    assert entries(offered) == near[:MOST_CHOICES]
    few = decide(match((near[0], 0.6), (near[1], 0.1), (near[2], 0.14), (near[3], 0.15)), knowledge)
    assert entries(few) == [near[0], near[1], near[3]], "two at least, then from a quarter of the first on"


def test_small_talk_is_offered_only_when_it_comes_first(knowledge: Knowledge) -> None:
    second = decide(match(("housing-refused", 0.5), ("greeting", 0.4), ("wages-not-paid", 0.3)), knowledge)
    assert entries(second) == ["housing-refused", "wages-not-paid"]
    first = decide(match(("greeting", 0.5), ("housing-refused", 0.4)), knowledge)
    assert entries(first) == ["greeting", "housing-refused"]


@pytest.mark.parametrize(("entry", "bar"), [("limit-visa-fees", LIMIT_FROM), ("refused-routes", LIMIT_FROM)])
def test_limits_and_refusals_need_less(knowledge: Knowledge, entry: str, bar: float) -> None:
    assert decide(match((entry, bar)), knowledge).outcome == "answer"
    assert decide(match((entry, bar - 0.01), ("housing-refused", 0.4)), knowledge).outcome == "choices"


def test_an_urgent_entry_needs_less_and_is_shown_at_once(knowledge: Knowledge) -> None:
    assert decide(match(("urgent-at-sea", URGENT_FROM)), knowledge).outcome == "urgent"
    offered = decide(match(("urgent-at-sea", URGENT_FROM - 0.01), ("housing-refused", 0.5)), knowledge)
    assert offered.outcome == "choices"
    assert offered.urgent_line, "an urgent entry among the choices"


def test_danger_words_come_before_everything(knowledge: Knowledge) -> None:
    alarm = Alarm("urgent-at-sea", "en", ("boat", "sinking"), 0, 1)
    decision = decide(match(("housing-refused", 0.99), now=(alarm,)), knowledge)
    assert decision.outcome == "urgent"
    assert entries(decision) == ["urgent-at-sea", "housing-refused"], "what else it may be about is offered below"
    assert decision.signal == ("boat", "sinking")
    assert decision.why == "danger words: boat, sinking"


def test_of_many_dangers_two_are_shown(knowledge: Knowledge) -> None:
    alarms = tuple(Alarm(one, "en", ("x",), 0, 1) for one in ("urgent-at-sea", "urgent-child", "urgent-violence"))
    assert entries(decide(match(now=alarms), knowledge)) == ["urgent-at-sea", "urgent-child"]


def test_danger_of_the_past_leaves_its_entries_out_and_asks_for_the_line(knowledge: Knowledge) -> None:
    decision = decide(match(("urgent-at-sea", 0.9), ("housing-refused", 0.8), withheld=("urgent-at-sea",)), knowledge)
    assert (decision.outcome, entries(decision)) == ("answer", ["housing-refused"])
    assert decision.urgent_line


def test_danger_of_the_past_alone_is_not_known_with_the_line(knowledge: Knowledge) -> None:
    decision = decide(match(("urgent-at-sea", 0.9), withheld=("urgent-at-sea",)), knowledge)
    assert decision == Decision("unknown", (), urgent_line=True, why="only danger entries, of the past")


def test_danger_of_the_past_keeps_its_line_under_choices_and_i_dont_know(knowledge: Knowledge) -> None:
    past = ("urgent-at-sea",)
    assert decide(match(("housing-refused", 0.5), ("wages-not-paid", 0.4), withheld=past), knowledge).urgent_line
    assert decide(match(("housing-refused", 0.1), withheld=past), knowledge).urgent_line


def test_a_vague_word_is_asked_back_however_sure(knowledge: Knowledge) -> None:
    decision = decide(match(("housing-refused", 0.95), ("wages-not-paid", 0.01), vague=True), knowledge)
    assert (decision.outcome, entries(decision)) == ("choices", ["housing-refused", "wages-not-paid"])


def test_a_word_of_small_talk_is_never_vague(knowledge: Knowledge) -> None:
    assert decide(match(("greeting", 0.95), ("wages-not-paid", 0.01), vague=True), knowledge).outcome == "answer"


@pytest.mark.parametrize(
    ("override", "confidence", "outcome"),
    [
        (Override(answer=0.9), 0.8, "choices"),
        (Override(answer=0.4), 0.4, "answer"),
        (Override(choices=0.1), 0.1, "choices"),
        (Override(choices=0.6), 0.5, "unknown"),
        (Override(answer=0.2), 0.1, "unknown"),
        (Override(answer=0.2, choices=0.5), 0.19, "unknown"),
        (Override(answer=0.0), 0.0, "answer"),
        (Override(answer=1.0, choices=0.0), 0.99, "choices"),
    ],
)
def test_an_operator_may_move_both_thresholds(
    knowledge: Knowledge, override: Override, confidence: float, outcome: str
) -> None:
    found = match(("housing-refused", confidence), ("wages-not-paid", confidence))
    assert decide(found, knowledge, override).outcome == outcome


def test_a_higher_bar_for_answers_does_not_hide_danger_or_limits(knowledge: Knowledge) -> None:
    strict = Override(answer=0.95)
    assert decide(match(("urgent-at-sea", URGENT_FROM)), knowledge, strict).outcome == "urgent"
    assert decide(match(("limit-visa-fees", LIMIT_FROM)), knowledge, strict).outcome == "answer"


def test_short_small_talk_needs_less_unless_there_is_more_in_the_message(knowledge: Knowledge) -> None:
    alone = Candidate("greeting", SMALLTALK_FROM, "", NOTHING_ELSE, ())
    assert decide(replace(match(), candidates=(alone,)), knowledge).outcome == "answer"
    with_more = replace(alone, explained=NOTHING_ELSE - 0.1)
    other = Candidate("housing-refused", 0.4, "", 0.5, ())
    assert decide(replace(match(), candidates=(with_more, other)), knowledge).outcome == "choices"


def test_to_a_vague_word_choices_are_offered_however_unsure(knowledge: Knowledge) -> None:
    unsure = tuple(Candidate(one, 0.05, "", 0.5, ("visa",)) for one in ("housing-refused", "wages-not-paid"))
    assert decide(replace(match(), candidates=unsure, vague=True), knowledge).outcome == "choices"
    assert decide(replace(match(), candidates=unsure), knowledge).outcome == "unknown"
