"""A reply as the JSON object that scripts read."""

from __future__ import annotations

from typing import Any

from bot.answering.reply import Evidence, Reply


def reply_as_json(reply: Reply, milliseconds: float, *, explain: bool = False) -> dict[str, Any]:
    """The object of `ask --json`. `explain` adds everything that is known about why."""
    return {
        "kind": reply.kind,
        "lang": reply.lang,
        "text": reply.text,
        "entries": [
            {"id": one.id, "title": one.title, "topics": list(one.topics), "confidence": one.confidence}
            for one in reply.entries
        ],
        "choices": [{"n": choice.n, "id": choice.id, "title": choice.title} for choice in reply.choices],
        "links": [{"title": link.title, "url": link.url} for link in reply.links],
        "machine_translated": reply.machine_translated,
        "evidence": _evidence(reply.evidence, explain),
        "ms": round(milliseconds, 2),
    }


def _evidence(evidence: Evidence, explain: bool) -> dict[str, Any]:
    short: dict[str, Any] = {
        "phrasing": evidence.phrasing,
        "explained": evidence.explained,
        "corrected": dict(evidence.corrected),
    }
    if not explain:
        return short
    return {
        **short,
        "words": list(evidence.words),
        "signal": list(evidence.signal),
        "runners_up": [{"id": entry, "confidence": sure} for entry, sure in evidence.runners_up],
        "why": evidence.why,
    }
