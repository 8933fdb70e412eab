from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.matching.corpus import Corpus, corpora
from tests.matching.small import entry, knowledge, wording
from tests.text.unicode_text import ANY_TEXT


def test_asks_title_and_keywords_are_phrasings_and_each_is_there_once() -> None:
    one = entry("rent", wording(title="Rent", asks=["no flat", "rent", "no flat"], keywords=["landlord", "no flat"]))
    (found,) = corpora(knowledge(one)).values()
    assert found == Corpus("en", ("rent",), ((0, "no flat"), (0, "rent"), (0, "Rent"), (0, "landlord")))


def test_a_bare_folder_is_measured_by_its_asks_alone() -> None:
    one = entry("rent", wording(title="Rent", asks=["no flat"], keywords=["landlord"]))
    assert corpora(knowledge(one, bare=True))["en"].phrasings == ((0, "no flat"),)


def test_each_language_has_the_entries_worded_in_it() -> None:
    base = knowledge(
        entry("b", wording("en", "B", ["b"]), wording("es", "Be", ["be"])),
        entry("a", wording("en", "A", ["a"])),
        never={"es": [("uno", "otro")]},
    )
    found = corpora(base)
    assert found["en"].entries == ("a", "b")
    assert found["es"] == Corpus("es", ("b",), ((0, "be"), (0, "Be")), (("uno", "otro"),))


def test_the_order_of_entries_doesnt_matter() -> None:
    one, other = entry("a", wording(asks=["x"])), entry("b", wording(asks=["y"]))
    assert corpora(knowledge(one, other))["en"].to_json() == corpora(knowledge(other, one))["en"].to_json()


def test_a_language_without_phrasings_has_no_corpus() -> None:
    assert corpora(knowledge(entry("a", wording(title="")))) == {}
    assert corpora(knowledge()) == {}


@given(st.lists(ANY_TEXT, min_size=1, max_size=5), st.lists(st.tuples(ANY_TEXT, ANY_TEXT), max_size=2))
def test_a_corpus_travels_as_text(texts: list[str], never: list[tuple[str, str]]) -> None:
    sent = Corpus("en", ("a",), tuple((0, text) for text in texts), tuple(never))
    assert Corpus.from_json(sent.to_json()) == sent
