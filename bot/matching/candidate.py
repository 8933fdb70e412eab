"""An entry that may be meant."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Candidate:
    """An entry that may be meant, and why."""

    entry: str
    confidence: float
    """How likely it is the right one, 0 to 1."""
    phrasing: str
    """The known phrasing nearest to the message."""
    explained: float
    """Share of the message's weight that the entry's words explain, 0 to 1."""
    words: tuple[str, ...]
    """Those words, as understood."""
