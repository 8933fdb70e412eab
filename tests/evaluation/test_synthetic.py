"""Made-up knowledge bases are the same everywhere, or figures of two machines could not be compared."""

from __future__ import annotations

import hashlib

import pytest

from bot.evaluation import synthetic


def test_the_same_size_is_the_same_base() -> None:
    corpus = synthetic.corpus(1000, 25)
    assert corpus == synthetic.corpus(1000, 25)
    assert synthetic.messages(corpus, 50) == synthetic.messages(corpus, 50)
    digest = hashlib.sha256(corpus.to_json().encode()).hexdigest()
    assert digest == hashlib.sha256(synthetic.corpus(1000, 25).to_json().encode()).hexdigest()


@pytest.mark.parametrize(("phrasings", "entries"), [(25, 1), (100, 4), (1000, 40), (1010, 40)])
def test_it_has_the_size_asked_for(phrasings: int, entries: int) -> None:
    corpus = synthetic.corpus(phrasings, 25)
    assert len(corpus.entries) == entries
    assert len(corpus.phrasings) == entries * 25
    assert {at for at, _ in corpus.phrasings} == set(range(entries))
    assert all(4 <= len(text.split()) <= 12 for _, text in corpus.phrasings)


def test_as_a_knowledge_base_it_holds_the_same() -> None:
    corpus = synthetic.corpus(100, 25)
    knowledge = synthetic.knowledge(corpus)
    assert tuple(knowledge.entries) == corpus.entries
    assert [ask for entry in knowledge.entries.values() for ask in entry.wordings["en"].asks] == [
        text for _, text in corpus.phrasings
    ]


def test_messages_are_like_the_phrasings_but_none_is_one() -> None:
    corpus = synthetic.corpus(1000, 25)
    known = {text for _, text in corpus.phrasings}
    made = synthetic.messages(corpus, 200)
    assert len(made) == 200
    assert sum(text in known for text in made) < 20
