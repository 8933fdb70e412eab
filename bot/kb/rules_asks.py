"""A phrasing belongs to one entry: shared ones make the bot waver."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.kb.base import Base, Placed
from bot.kb.fields import shown
from bot.kb.problem import Level, Problem

_EDGES = " .,;:!?…¿¡؟،。！？「」\"'“”‘’()-"


def ask_rules(base: Base) -> Iterator[Problem]:
    level: Level = "warning" if base.bare else "error"
    seen: dict[tuple[str, str], tuple[Placed[Any], int]] = {}
    for lang, placed in _wordings(base):
        if "asks" in placed.item.stubbed and placed.value.asks == ("-",):
            continue
        own: set[str] = set()
        for place, ask in enumerate(placed.value.asks):
            key = same_ask(ask)
            first, first_place = seen.setdefault((lang, key), (placed, place))
            if first.value.id != placed.value.id:
                where = f"{first.file.path}:{first.item.line('asks', first_place)}"
                message = f"{shown(ask)} is also an ask of '{first.value.id}' ({where}); keep it in one of them"
                yield placed.problem("asks", message, level, "asks", place)
            elif key in own and not base.bare:
                yield placed.problem("asks", f"{shown(ask)} is written twice in this entry", "warning", "asks", place)
            own.add(key)


def same_ask(ask: str) -> str:
    """Asks that differ only in letter case, spaces and the marks around them are the same."""
    return " ".join(ask.casefold().strip(_EDGES).split()) or ask


def _wordings(base: Base) -> Iterator[tuple[str, Placed[Any]]]:
    for entry in base.entries:
        yield base.source, entry
    for bare in base.bare_entries:
        yield bare.value.lang, bare
    for translation in base.translations:
        yield translation.file.lang, translation


def title_rules(base: Base) -> Iterator[Problem]:
    """Titles stand on buttons, where two that are equal can't be told apart."""
    if base.bare:
        return
    seen: dict[tuple[str, str], Placed[Any]] = {}
    for lang, placed in _wordings(base):
        if "title" in placed.item.stubbed:
            continue
        first = seen.setdefault((lang, placed.value.title.casefold()), placed)
        if first.value.id != placed.value.id:
            yield placed.problem(
                "title", f"is also the title of '{first.value.id}'; people see it on buttons", "warning"
            )
