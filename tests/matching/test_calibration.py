from __future__ import annotations

import numpy as np
import pytest

from bot.matching.assembly import prepare
from bot.matching.build import build
from bot.matching.calibration import CHOICES_FROM, LEAST_ANSWER, LEAST_ASKED, LEAST_CHOICES, learn_heads
from bot.matching.matcher import Matcher
from bot.matching.model import Head, LanguageModel
from bot.matching.rank import CONFIDENCE_MEASURES, MEASURES
from tests.matching.small import MIGRATION, corpus, knowledge

ROUTINE = ("my boss keeps my passport", "can my child go to school", "landlord refuses foreigners", "visa expired")
GIBBERISH = ("xqzk wvvj brtz", "asdf asdf", "lorem ipsum dolor", "pizza with mushrooms", "qqqq")


def confidence(model: LanguageModel, text: str) -> float:
    candidates = Matcher(knowledge(), {model.lang: model}).match(text).candidates
    return candidates[0].confidence if candidates else 0.0


def test_thresholds_lie_within_bounds(model: LanguageModel) -> None:
    assert LEAST_ANSWER <= model.thresholds.answer <= 0.95
    assert LEAST_CHOICES <= model.thresholds.choices <= CHOICES_FROM
    assert 0 < CHOICES_FROM < LEAST_ANSWER


def test_heads_are_numbers_of_the_right_size(model: LanguageModel) -> None:
    for head, size in ((model.rerank, MEASURES), (model.confidence, CONFIDENCE_MEASURES)):
        assert isinstance(head, Head)
        assert len(head.weights) == len(head.mean) == len(head.scale) == size
        assert np.isfinite([*head.weights, head.bias, *head.mean, *head.scale]).all()
        assert min(head.scale) > 0


def test_what_was_learnt_is_surer_than_what_was_not(model: LanguageModel) -> None:
    known = [confidence(model, text) for text in ROUTINE]
    unknown = [confidence(model, text) for text in GIBBERISH]
    assert min(known) > max(unknown)
    assert min(known) > 0.5
    assert max(unknown) < model.thresholds.answer


def test_heads_are_the_same_each_time() -> None:
    one = corpus(MIGRATION)
    ready = prepare(one)
    assert learn_heads(one, ready) == learn_heads(one, ready)


def test_another_seed_hides_others_but_stays_within_bounds() -> None:
    one = corpus(MIGRATION)
    thresholds = [learn_heads(one, prepare(one), seed=seed).thresholds for seed in range(2, 6)]
    assert all(LEAST_ANSWER <= one.answer <= 0.95 for one in thresholds)


@pytest.mark.parametrize(
    "phrasings",
    [
        {"housing": ["my landlord refuses foreigners"]},
        {"housing": ["my landlord refuses foreigners", "no flat for us"], "visa": ["visa is over", "visa expired"]},
        {"housing": [f"my landlord refuses {word} foreigners" for word in "all some more other these".split()] * 6},  # noqa: SIM905
    ],
    ids=["one phrasing", "two entries", "one entry"],
)
def test_a_language_with_hardly_any_phrasings_is_sure_of_its_own_words_alone(phrasings: dict[str, list[str]]) -> None:
    """A head that says the share seen would answer anything at all."""
    model = build(corpus(phrasings))
    assert confidence(model, phrasings["housing"][0]) >= model.thresholds.answer
    for text in (*GIBBERISH, "hello", "re", "la la land"):
        assert confidence(model, text) < CHOICES_FROM, text


def test_few_phrasings_are_not_learnt_from() -> None:
    few = corpus({name: texts[:4] for name, texts in MIGRATION.items()})
    assert len(few.phrasings) * 2 < LEAST_ASKED  # each is asked twice at most
    untaught = learn_heads(few, prepare(few))
    assert untaught.thresholds.answer == LEAST_ANSWER
    assert set(untaught.rerank.mean) == {0.0}
