"""Asks questions whose right outcome is known, and writes down what came out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.answering.reply import Kind
from bot.kb.knowledge import Check, Knowledge

Category = Literal["answerable", "unanswerable", "urgent", "other"]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One question, asked."""

    check: Check
    category: Category
    kind: Kind
    entries: tuple[str, ...]
    """Of the reply, in order: the answer, the choices, or the resources."""
    ranked: tuple[str, ...]
    """Candidates before any abstaining."""
    confidence: float
    """Of the first candidate."""
    right_at: int | None
    """Place of the right entry among the candidates, from 0."""
    shown_at: int | None
    """Place of the right entry among the reply's entries, from 0."""
    other_help: bool = False
    """An entry is shown that the question accepts beside an urgent one, such as a hotline."""

    @property
    def answered(self) -> bool:
        """One answer was given. Small talk instead of an answer counts: the person got one thing, and it was that."""
        return self.kind in ("answer", "smalltalk")

    @property
    def right_answer(self) -> bool:
        if self.check.in_order:
            return self.kind == "answer" and self.entries[: len(self.check.expect)] == self.check.expect
        return self.answered and self.shown_at == 0

    @property
    def helped(self) -> bool:
        """The right answer, or the right entry among the first three offered."""
        offered = self.kind in ("choices", "resources") and self.shown_at is not None and self.shown_at < 3
        return self.right_answer or offered


def ask_all(assistant: Assistant, checks: Iterable[Check]) -> list[Outcome]:
    """Asks every question in a conversation of its own, in the language it is written in."""
    return [ask(assistant, check) for check in checks]


def ask(assistant: Assistant, check: Check) -> Outcome:
    """Asks one question."""
    knowledge = assistant.knowledge
    chosen = check.lang if check.lang in knowledge.languages else None
    reply = assistant.reply(Message(check.text), Conversation(lang=chosen))
    match = assistant.matcher.match(check.text, preferred=chosen)
    ranked = tuple(candidate.entry for candidate in match.candidates)
    entries = tuple(entry.id for entry in reply.entries)
    return Outcome(
        check=check,
        category=category(check, knowledge),
        kind=reply.kind,
        entries=entries,
        ranked=ranked,
        confidence=match.candidates[0].confidence if match.candidates else 0.0,
        right_at=_place(check, ranked, knowledge),
        shown_at=_place(check, entries, knowledge),
        other_help=any(entry in check.expect and knowledge.entries[entry].kind != "urgent" for entry in entries),
    )


def category(check: Check, knowledge: Knowledge) -> Category:
    """What a question counts as; see `evaluate` in the README."""
    kinds = {knowledge.entries[entry].kind for entry in check.expect if entry in knowledge.entries}
    if check.kind == "urgent" or "urgent" in kinds:
        return "urgent"
    if check.topics or check.kind == "answer" or "answer" in kinds:
        return "answerable"
    if check.kind in ("unknown", "refused") or kinds & {"unknown", "refused"}:
        return "unanswerable"
    return "other"


def _place(check: Check, entries: Sequence[str], knowledge: Knowledge) -> int | None:
    for place, entry_id in enumerate(entries):
        entry = knowledge.entries.get(entry_id)
        if entry_id in check.expect or (entry is not None and set(check.topics) & set(entry.topics)):
            return place
    return None
