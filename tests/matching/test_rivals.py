from __future__ import annotations

from bot.matching.assembly import assemble, prepare
from bot.matching.corpus import Corpus
from bot.matching.rivals import ALL_UP_TO, CHANCE, SHARING, rivals
from tests.matching.small import corpus


def many(entries: int) -> Corpus:
    """Entries of one phrasing each; those with the same number of hundreds share a word."""
    return corpus({f"e{at:04d}": [f"word{at} about group{at // 100}"] for at in range(entries)})


def test_few_entries_are_all_told_apart() -> None:
    ready = prepare(many(ALL_UP_TO))
    assert rivals(ready, assemble(many(ALL_UP_TO), ready).stems, ALL_UP_TO) is None


def test_of_many_entries_those_with_words_in_common_are_told_apart() -> None:
    ready = prepare(many(400))
    model = assemble(many(400), ready)
    table = rivals(ready, model.stems, 400)
    assert table is not None
    assert table.shape == (400, 1 + SHARING + CHANCE)
    for row, phrasing in enumerate(ready):
        own, others = int(table[row, 0]), table[row, 1:]
        assert own == phrasing.entry
        assert own not in others
        assert {at // 100 for at in others[:SHARING].tolist()} == {own // 100}
    assert 0 <= int(table.min()) <= int(table.max()) < 400


def test_rivals_are_the_same_each_time() -> None:
    ready = prepare(many(300))
    stems = assemble(many(300), ready).stems
    one, other = (rivals(ready, stems, 300) for _ in range(2))
    assert one is not None
    assert other is not None
    assert (one == other).all()
