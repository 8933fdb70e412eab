"""Long messages."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from bot.matching.candidate import Candidate
from bot.matching.story import blended, pieces
from bot.text.normalise import fold


def candidate(entry: str, confidence: float) -> Candidate:
    return Candidate(entry, confidence, f"about {entry}", 0.5, (entry,))


def test_sentences_are_pieces_and_the_first_and_last_two_count_most() -> None:
    story = "One two three. Four five six. Seven eight nine. Ten eleven twelve. My boss keeps my passport!"
    assert [(" ".join(words), weight) for words, weight in pieces(fold(story))] == [
        ("one two three", 1.0),
        ("four five six", 0.7),
        ("seven eight nine", 0.7),
        ("ten eleven twelve", 1.0),
        ("my boss keeps my passport", 1.0),
    ]


def test_a_message_without_full_stops_is_read_through_overlapping_windows() -> None:
    words = [f"word{at}" for at in range(100)]
    found = [piece for piece, _ in pieces(" ".join(words))]
    assert found[0] == words[:20]
    assert found[1] == words[10:30]
    assert found[-1][-1] == "word99"


@given(st.lists(st.sampled_from(["a b c", "d e", ". ", "? ", " "]), max_size=400))
def test_the_number_of_pieces_is_bounded(parts: list[str]) -> None:
    assert len(pieces(fold(" ".join(parts)))) <= 18


def test_whole_and_piece_together_decide_and_only_both_are_sure() -> None:
    whole = [candidate("school", 0.5), candidate("passport", 0.4)]
    parts = [([candidate("passport", 0.9)], 1.0), ([candidate("lawyer", 0.95)], 0.7)]
    found = blended(whole, parts, ())
    assert [one.entry for one in found] == ["passport", "lawyer", "school"]
    assert found[0].confidence == round((0.4 + 0.9) / 1.5, 4)
    assert found[1].confidence < 0.5, "a piece alone is never sure"


def test_small_talk_in_a_story_is_not_what_it_is_about() -> None:
    found = blended([candidate("passport", 0.3)], [([candidate("greeting", 0.99)], 1.0)], {"greeting"})
    assert [one.entry for one in found] == ["passport"]


def test_nothing_found_is_nothing() -> None:
    assert blended([], [([], 1.0)], ()) == ()
