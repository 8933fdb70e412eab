"""The decision: answer, offer choices, or say "I don't know". Danger was looked for before and comes first."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.kb.knowledge import Entry, Knowledge
from bot.matching.candidate import Candidate
from bot.matching.matcher import Match
from bot.matching.model import Thresholds

MOST_CHOICES = 4
LEAST_CHOICES = 2
_CHOICE_SHARE = 0.25
"""A choice must be at least this likely compared with the first."""

URGENT_FROM = 0.6
"""From this confidence an urgent entry is shown at once: to ask back costs more than a false alarm."""
SMALLTALK_FROM = 0.6
"""From this confidence small talk is answered: "help me please" deserves better than a question back."""
NOTHING_ELSE = 0.8
"""Share of a message that small talk must explain for that: there is nothing else in it."""
LIMIT_FROM = 0.4
"""From this confidence a known limit or a refusal is said: it claims nothing, so it may be less sure than an answer."""

Outcome = Literal["urgent", "answer", "choices", "unknown"]


@dataclass(frozen=True, slots=True)
class Override:
    """Thresholds that the operator set; None: as learnt from the knowledge base."""

    answer: float | None = None
    choices: float | None = None


NO_OVERRIDE = Override()


@dataclass(frozen=True, slots=True)
class Decision:
    outcome: Outcome
    candidates: tuple[Candidate, ...]
    """What is answered (the first) or offered; for `unknown` the best guesses, which are not shown."""
    signal: tuple[str, ...] = ()
    """The danger words found."""
    urgent_line: bool = False
    """One line about danger goes under the answer."""
    why: str = ""


def decide(match: Match, knowledge: Knowledge, override: Override = NO_OVERRIDE) -> Decision:
    """What to do about a message. `override` replaces thresholds that were learnt."""
    limits = match.thresholds.overridden(override.answer, override.choices)
    alarms = match.alarms.now
    if alarms:
        known = {candidate.entry: candidate for candidate in match.candidates}
        urgent = tuple(
            known.get(alarm.entry) or Candidate(alarm.entry, 1.0, "", 1.0, alarm.words) for alarm in alarms[:2]
        )
        beside = _beside(match.candidates, knowledge, limits)
        why = "danger words: " + ", ".join(alarms[0].words)
        return Decision("urgent", (*urgent, *beside), alarms[0].words, why=why)
    withheld = bool(match.alarms.withheld)
    candidates = tuple(
        candidate for candidate in match.candidates if not (withheld and _urgent(knowledge, candidate.entry))
    )
    if not candidates:
        why = "no word of the message is known" if not match.candidates else "only danger entries, of the past"
        return Decision("unknown", (), urgent_line=withheld, why=why)
    first = candidates[0]
    needed = _needed(knowledge, first, limits)
    vague = match.vague and knowledge.entries[first.entry].kind != "smalltalk"
    if first.confidence >= needed and not vague:
        outcome: Outcome = "urgent" if _urgent(knowledge, first.entry) else "answer"
        why = f"confidence {first.confidence:.2f}, at least {needed:.2f}"
        if outcome == "urgent":
            candidates = (first, *_beside(candidates, knowledge, limits))
        return Decision(outcome, candidates, urgent_line=withheld, why=why)
    if first.confidence >= limits.choices or vague:
        offered = _offered(candidates, knowledge, vague=vague)
        if len(offered) >= LEAST_CHOICES:
            why = f"confidence {first.confidence:.2f}, below {needed:.2f} and at least {limits.choices:.2f}"
            why = "one word that several entries use" if vague else why
            line = withheld or any(_urgent(knowledge, candidate.entry) for candidate in offered)
            return Decision("choices", offered, urgent_line=line, why=why)
    if withheld and match.candidates[0].confidence >= limits.choices:
        # `not_when` groups can be mistaken: what else would get no answer may still be about danger.
        offered = tuple(one for one in match.candidates if knowledge.entries[one.entry].kind != "smalltalk")
        if len(offered) >= LEAST_CHOICES:
            return Decision(
                "choices", offered[:MOST_CHOICES], urgent_line=True, why="danger words, of the past or in doubt"
            )
    why = f"confidence {first.confidence:.2f}, below {limits.choices:.2f}"
    return Decision("unknown", candidates, urgent_line=withheld, why=why)


def _beside(candidates: tuple[Candidate, ...], knowledge: Knowledge, limits: Thresholds) -> tuple[Candidate, ...]:
    """What a message in danger may be about as well: offered below the help, in case the alarm was false."""
    return tuple(
        one
        for one in candidates
        if one.confidence >= limits.choices and knowledge.entries[one.entry].kind not in ("urgent", "smalltalk")
    )


def _offered(candidates: tuple[Candidate, ...], knowledge: Knowledge, *, vague: bool) -> tuple[Candidate, ...]:
    """2 to 4 candidates that a person could mean: the bot's small talk is one only when it comes first. To a single
    vague word all that use it are offered, however unequal."""
    chat = {one.entry for one in candidates[1:] if knowledge.entries[one.entry].kind == "smalltalk"}
    real = [one for one in candidates if one.entry not in chat]
    if vague:
        return tuple(one for one in real if one.words)[:MOST_CHOICES]
    least = _CHOICE_SHARE * real[0].confidence
    kept = [one for at, one in enumerate(real) if at < LEAST_CHOICES or one.confidence >= least]
    return tuple(kept[:MOST_CHOICES])


def _needed(knowledge: Knowledge, candidate: Candidate, limits: Thresholds) -> float:
    """The confidence from which an entry is given as the one reply."""
    entry = knowledge.entries.get(candidate.entry)
    if entry is not None and entry.kind == "urgent":
        return min(limits.answer, URGENT_FROM)
    if entry is not None and entry.kind in ("unknown", "refused"):
        return min(limits.answer, LIMIT_FROM)
    if entry is not None and entry.kind == "smalltalk" and candidate.explained >= NOTHING_ELSE:
        return min(limits.answer, SMALLTALK_FROM)
    return limits.answer


def _urgent(knowledge: Knowledge, entry_id: str) -> bool:
    entry: Entry | None = knowledge.entries.get(entry_id)
    return entry is not None and entry.kind == "urgent"
