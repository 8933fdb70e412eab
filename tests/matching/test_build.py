from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.matching import assembly
from bot.matching.assembly import assemble, prepare
from bot.matching.build import build
from bot.matching.corpus import Corpus
from bot.matching.matcher import Matcher
from bot.matching.model import LanguageModel
from bot.matching.model_file import save
from tests.matching.small import MIGRATION, corpus, knowledge
from tests.text.unicode_text import ANY_TEXT


def first(model: LanguageModel, text: str) -> str | None:
    candidates = Matcher(knowledge(), {model.lang: model}).match(text).candidates
    return candidates[0].entry if candidates else None


WORDS = st.sampled_from(
    [
        "visa",
        "boss",
        "rent",
        "school",
        "passport",
        "child",
        "wages",
        "police",
        "not",
        "my",
        "the",
        "expired",
        "wife",
        "need",
    ]
)
PHRASINGS = st.lists(WORDS, min_size=1, max_size=6, unique=True).map(" ".join)
"""A word twice is no feature of its own, so none is repeated."""
OTHERS = st.lists(PHRASINGS, min_size=4, max_size=15, unique_by=lambda text: tuple(sorted(text.split())))


def with_exact_phrasing_added(texts: list[str], owner: int, message: str) -> Corpus:
    entries = {f"entry-{at}": texts[at::3] for at in range(3)}
    others = {entry: [text for text in asks if text != message] for entry, asks in entries.items()}
    return corpus({**others, f"entry-{owner}": [*others[f"entry-{owner}"], message]})


@given(OTHERS, st.integers(0, 2), st.data())
@settings(max_examples=100)
def test_an_entry_wins_once_the_exact_phrasing_is_added(texts: list[str], owner: int, data: st.DataObject) -> None:
    """The promise to moderators: what a person wrote, taught to an entry, finds that entry."""
    message = data.draw(
        PHRASINGS.filter(lambda text: sorted(text.split()) not in [sorted(one.split()) for one in texts])
    )
    assert first(build(with_exact_phrasing_added(texts, owner, message)), message) == f"entry-{owner}"


def test_every_phrasing_of_a_real_corpus_finds_its_own_entry(model: LanguageModel) -> None:
    matcher = Matcher(knowledge(), {"en": model})
    missed = [
        text
        for entry, texts in MIGRATION.items()
        for text in texts
        if matcher.match(text).candidates[0].entry != entry
    ]
    assert not missed


@pytest.mark.parametrize(
    "message", ["they want money for the certificate of my birth", "qwrt", "घर से निकाल दिया", "👍"]
)
def test_teaching_any_message_to_an_entry_works_at_once(message: str) -> None:
    taught = {**MIGRATION, "school": (*MIGRATION["school"], message)}
    assert first(build(corpus(taught)), message) == "school"


def test_two_builds_give_the_same_file(tmp_path: Path) -> None:
    for name in ("one", "other"):
        save(build(corpus(MIGRATION)), tmp_path / name)
    assert (tmp_path / "one").read_bytes() == (tmp_path / "other").read_bytes()


def test_entries_and_phrasings_are_kept_as_folded_words(model: LanguageModel) -> None:
    assert model.entries == tuple(sorted(MIGRATION))
    assert len(model.phrasings) == sum(map(len, MIGRATION.values()))
    at = model.entries.index("visa-expired")
    mine = model.phrasings[int(model.rows_of[at]) : int(model.rows_of[at + 1])]
    assert mine == MIGRATION["visa-expired"]
    assert model.words["passport"] == 7
    assert model.never == (("expired", "expected"),)


def test_phrasings_may_come_in_any_order() -> None:
    ordered = corpus(MIGRATION)
    shuffled = replace(ordered, phrasings=ordered.phrasings[::-1])
    for text in ("my boss took the passport", "school for my kids"):
        assert first(build(ordered), text) == first(build(shuffled), text)


def test_phrasings_without_words_are_left_out() -> None:
    assert len(prepare(corpus({"a": ["...", "visa", "\u200b"]}))) == 1


@pytest.mark.parametrize(
    "phrasings",
    [
        {"a": []},
        {"a": ["..."]},
        {"a": ["...", "?"], "b": ["!"]},
        {"a": ["visa"]},
        {"a": ["visa"], "b": []},
        {"a": ["visa"], "b": ["visa"]},
        {"a": ["visa"] * 50},
        {"a": ["x" * 5000]},
    ],
)
def test_a_corpus_of_hardly_anything_builds(phrasings: dict[str, list[str]]) -> None:
    model = build(corpus(phrasings))
    assert first(model, "what about my visa") in {None, *phrasings}
    assert first(model, "") is None


@given(st.lists(ANY_TEXT, max_size=5), st.lists(ANY_TEXT, max_size=5), ANY_TEXT)
@settings(max_examples=40)
def test_a_corpus_of_any_text_builds_and_matches(some: list[str], others: list[str], message: str) -> None:
    model = build(corpus({"a": some, "b": others}))
    assert first(model, message) in {None, "a", "b"}


def test_rare_features_are_dropped_from_large_corpora_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    ready = prepare(corpus(MIGRATION))
    small = assemble(corpus(MIGRATION), ready)
    monkeypatch.setattr(assembly, "MANY", 10)
    large = assemble(corpus(MIGRATION), ready)
    assert len(large.space.keys) < len(small.space.keys)
    assert np.isin(large.space.keys, small.space.keys).all()
    assert first(large, "my boss keeps my passport") == "passport-kept"


def test_the_rows_of_a_model_are_unit_vectors(model: LanguageModel) -> None:
    for row in range(len(model.phrasings)):
        values = model.row_values[model.row_start[row] : model.row_start[row + 1]].astype(np.float64)
        assert np.sqrt(values @ values) == pytest.approx(1.0, abs=0.01)


def test_a_phrasing_is_its_own_nearest(model: LanguageModel) -> None:
    for entry in range(len(model.entries)):
        for row in range(int(model.rows_of[entry]), int(model.rows_of[entry + 1])):
            vector, _ = model.vector(model.phrasings[row].split())
            cosines = model.cosines(model.spread(vector), entry)
            assert int(cosines.argmax()) == row - int(model.rows_of[entry])
            assert cosines.max() == pytest.approx(1.0, abs=0.01)
            assert (cosines >= 0).all()
            assert (cosines <= 1.01).all()


def test_an_unknown_message_has_no_vector_and_the_scores_of_no_words(model: LanguageModel) -> None:
    vector, stems = model.vector(["護", "照"])
    assert not len(vector.columns)
    assert stems == ["護", "照"]
    assert np.array_equal(model.scores(vector), model.weights.bias.astype(np.float64))
    assert not model.cosines(model.spread(vector), 0).any()
