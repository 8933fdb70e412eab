"""The pure parts of the benchmark: its typing mistakes and its measures."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest
from rapidfuzz.distance import OSA, DamerauLevenshtein

from tests.bench.intent_data import DataError, IntentData, chosen, edited
from tests.bench.measures import Ranked, best_label_mcc, best_mcc, paper_rule, right, risk_coverage, three_way

TEXTS = ["how do i renew my visa", "my boss keeps my passport", "Wie heiß wird es heute?", "今天会下雨吗", "aa", "hi"]


def answer(label: str, confidence: float, choices: tuple[str, ...] = (), *, asks_back: bool = False) -> Ranked:
    return Ranked((label,), confidence, choices, asks_back)


# Typing mistakes


def test_the_same_seed_gives_the_same_mistakes_and_another_seed_others() -> None:
    assert edited(TEXTS) == edited(TEXTS)
    assert edited(TEXTS) != edited(TEXTS, seed=2)


def test_no_edits_leave_the_texts_alone() -> None:
    assert edited(TEXTS, 0) == TEXTS


def test_one_edit_is_exactly_one_mistake() -> None:
    for text, changed in zip(TEXTS * 50, edited(TEXTS * 50, 1), strict=True):
        assert OSA.distance(text, changed) == 1


def test_two_edits_are_one_more_than_one_and_never_undo_it() -> None:
    for seed in range(50):
        for text, once, twice in zip(TEXTS, edited(TEXTS, 1, seed), edited(TEXTS, 2, seed), strict=True):
            assert once != text
            assert text != twice
            assert 1 <= DamerauLevenshtein.distance(text, twice) <= 2


def test_each_further_edit_is_made_in_what_the_ones_before_left() -> None:
    for seed in range(50):
        versions = [edited(TEXTS, edits, seed) for edits in range(5)]
        for before, after in pairwise(versions):
            texts = [pair for pair in zip(before, after, strict=True) if any(map(str.isalpha, pair[0]))]
            assert all(OSA.distance(one, other) == 1 for one, other in texts)


def test_a_text_without_letters_stays_and_the_last_letter_is_never_taken() -> None:
    assert edited(["123 !?", ""], 2) == ["123 !?", ""]
    assert all(any(map(str.isalpha, text)) for text in edited(["a"] * 200, 4))


def test_every_kind_of_mistake_occurs() -> None:
    lengths = {len(text) - len("wonderful") for text in edited(["wonderful"] * 100, 1)}
    assert lengths == {-1, 0, 1}
    sorted_alike = [text for text in edited(["wonderful"] * 100, 1) if sorted(text) == sorted("wonderful")]
    assert sorted_alike, "exchanged letters"


# Right first


def test_right_counts_the_first_or_the_first_few() -> None:
    ranked = [
        Ranked(("a", "b", "c"), 1.0),
        Ranked(("b", "a"), 1.0),
        Ranked((), 0.0),
        Ranked(("x", "y", "z", "a"), 1.0),
    ]
    assert right(ranked, ["a"] * 4) == 25.0
    assert right(ranked, ["a"] * 4, among=3) == 50.0


# The paper's rule


def test_the_papers_rule_keeps_all_where_confidence_separates_perfectly() -> None:
    ranked = [answer("a", 0.8)] * 40
    assert paper_rule(ranked, ["a"] * 40, [answer("a", 0.3)] * 10) == (100.0, 100.0)


def test_the_papers_rule_gives_up_the_few_where_confidence_says_nothing() -> None:
    ranked = [answer("a", 0.5)] * 40
    assert paper_rule(ranked, ["a"] * 40, [answer("a", 0.5)] * 10) == (100.0, 0.0)


def test_the_papers_rule_may_refuse_everything() -> None:
    ranked = [answer("a", 0.9)] * 4
    assert paper_rule(ranked, ["a"] * 4, [answer("a", 0.9)] * 40) == (0.0, 100.0)


def test_a_message_of_a_sample_weighs_as_many_as_it_stands_for() -> None:
    ranked = [answer("a", 0.9)] * 4
    assert paper_rule(ranked, ["a"] * 4, [answer("a", 0.9)] * 40, weight=100.0) == (100.0, 0.0)


def test_the_papers_rule_counts_a_wrong_label_as_wrong_however_confident() -> None:
    ranked = [answer("a", 0.8), answer("b", 0.8)] * 20
    kept, refused = paper_rule(ranked, ["a"] * 40, [answer("a", 0.3)] * 10)
    assert 25.0 <= kept <= 75.0
    assert refused == 100.0


def test_the_threshold_is_measured_on_messages_it_was_not_chosen_on() -> None:
    """With one out-of-scope message a half has none, so nothing is to be gained by refusing."""
    kept, _ = paper_rule([answer("a", 0.9)] * 10, ["a"] * 10, [answer("a", 0.1)])
    assert kept == 100.0


# MCC


def test_mcc_is_one_where_confidence_tells_right_from_wrong_and_zero_where_it_tells_nothing() -> None:
    gold = ["a", "a", "_unknown", "_unknown"]
    assert best_mcc([answer("a", at) for at in (0.9, 0.8, 0.2, 0.1)], gold) == pytest.approx(1.0)
    assert best_mcc([answer("a", 0.5)] * 4, gold) == 0.0
    assert best_mcc([answer("a", at) for at in (0.1, 0.2, 0.8, 0.9)], gold) == 0.0


def test_mcc_is_that_of_the_best_threshold() -> None:
    gold = ["a", "_unknown", "a", "_unknown"]
    found = best_mcc([answer("a", at) for at in (0.9, 0.8, 0.7, 0.1)], gold)
    assert found == pytest.approx(1 / 3**0.5)  # from 0.7 or from 0.9: three of four judged rightly


def test_mcc_of_labels_is_one_where_all_labels_are_right_and_the_unknown_are_refused() -> None:
    gold = ["a", "b", "c", "_unknown"]
    ranked = [answer("a", 0.9), answer("b", 0.8), answer("c", 0.7), answer("a", 0.1)]
    assert best_label_mcc(ranked, gold) == pytest.approx(1.0)


def test_mcc_of_labels_is_gorodkins() -> None:
    ranked = [answer("a", 0.5), answer("a", 0.5), answer("b", 0.5), answer("b", 0.5)]
    # (3 right * 4 - (2 * 1 + 2 * 2)) / sqrt((16 - 8) * (16 - 6)); the fourth class is in `gold` alone
    assert best_label_mcc(ranked, ["a", "c", "b", "b"]) == pytest.approx((12 - 6) / 80**0.5)


def test_being_sure_of_the_few_right_answers_pays_in_mcc_but_not_in_that_of_labels() -> None:
    gold = ["a"] * 5 + ["_unknown"] * 5
    one_right_and_sure = [answer("a", 0.9)] + [answer("b", 0.5)] * 9
    assert best_mcc(one_right_and_sure, gold) == pytest.approx(1.0)
    assert best_label_mcc(one_right_and_sure, gold) < 0.5


def test_a_system_that_knows_no_label_has_no_correlation() -> None:
    assert best_label_mcc([Ranked((), 0.0)] * 3, ["a", "b", "_unknown"]) == 0.0
    assert best_mcc([], []) == best_label_mcc([], []) == 0.0


# Three-way


def test_three_way_answers_the_surest_and_offers_choices_for_the_rest() -> None:
    ranked = [
        answer("a", 0.9),
        answer("b", 0.8),
        answer("b", 0.2, ("b", "a")),
        answer("b", 0.1, ("b", "c", "d", "a")),
    ]
    helped, wrong = three_way(ranked, ["a"] * 4, answered=0.5)
    assert (helped, wrong) == (50.0, 25.0)  # the fourth has the right one only as a fourth choice


def test_three_way_answers_at_least_the_share_asked_for() -> None:
    ranked = [answer("a", 0.9 - at / 10) for at in range(3)]
    assert three_way(ranked, ["a", "x", "x"], answered=0.34)[1] == pytest.approx(100 / 3)
    assert three_way(ranked, ["a", "x", "x"], answered=0.33)[1] == 0.0


def test_equally_sure_messages_are_answered_together() -> None:
    assert three_way([answer("a", 0.5)] * 4, ["a"] * 4, answered=0.25) == (100.0, 0.0)


def test_a_message_that_is_always_asked_back_is_never_answered() -> None:
    ranked = [answer("b", 0.9, ("b", "a"), asks_back=True), answer("a", 0.5)]
    assert three_way(ranked, ["a", "a"], answered=1.0) == (100.0, 0.0)


def test_where_it_says_it_does_not_know_nobody_is_helped_or_misled() -> None:
    assert three_way([answer("a", 0.9), answer("a", 0.1)], ["a", "a"], answered=0.5) == (50.0, 0.0)


# Risk and coverage


def test_risk_rises_as_less_sure_messages_are_answered() -> None:
    curve = risk_coverage([answer("a", 0.2), answer("a", 0.9)], ["x", "a"])
    assert curve == [(50.0, 0.0), (100.0, 50.0)]
    assert risk_coverage([], []) == []


# Data


def test_rows_are_read_and_a_broken_line_is_named(tmp_path: Path) -> None:
    (tmp_path / "good.tsv").write_text("a text\tlabel\nanother\tother\n", encoding="utf-8")
    (tmp_path / "bad.tsv").write_text("a text\tlabel\nno label\n", encoding="utf-8")
    data = IntentData(tmp_path)
    assert data.rows("good.tsv") == [("a text", "label"), ("another", "other")]
    with pytest.raises(DataError) as error:
        data.rows("bad.tsv")
    assert str(error.value) == f"{tmp_path / 'bad.tsv'}:2: a line must be text, a tab and a label."
    with pytest.raises(DataError) as error:
        data.rows("none.tsv")
    assert str(error.value) == f"{tmp_path / 'none.tsv'} can't be read (FileNotFoundError). Fetch the data again."


def test_without_the_data_one_line_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(DataError) as error:
        IntentData(tmp_path).require(["clinc10"])
    assert str(error.value) == (
        f"No intent data in {tmp_path}: the folder clinc150 is missing. Give the folder that holds it with --data."
    )


def test_a_sample_is_the_same_each_time_and_all_when_there_are_few() -> None:
    assert chosen(1_000, 300) == chosen(1_000, 300)
    assert len(set(chosen(1_000, 300))) == 300
    assert chosen(5, 300) == [0, 1, 2, 3, 4]
