"""Ids that one file mentions and another defines: none may point nowhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal

from bot.kb.base import Base, Placed
from bot.kb.problem import Problem
from bot.kb.schema_words import did_you_mean

_SERVICE_PARTS = ("resources", "help")
SPECIAL_CHECKS = ("_unknown.yaml", "_near_urgent.yaml", "_known_failures.yaml")


def reference_rules(base: Base) -> Iterator[Problem]:
    for placed in base.entries:
        yield from _of_entry(base, placed)
    for country in base.countries:
        for name, number in country.value.services.items():
            if _is_known_source(base, number.source):
                continue
            steps = ("services", name, "source")
            yield country.problem(".".join(steps), _nowhere(base, number.source), "error", *steps)
    for check in base.checks:
        yield from _of_check(base, check)


def _nowhere(base: Base, name: str) -> str:
    known = base.ids.get("sources", set())
    return f"'{name}' is not an id of sources.yaml{did_you_mean(name, known)}"


def _is_known_source(base: Base, name: str) -> bool:
    """Numbers may name a source, or the help entry that they come from."""
    return "sources" in base.broken or name in base.ids.get("sources", ()) or name in base.entry_ids


def _of_entry(base: Base, placed: Placed[Any]) -> Iterator[Problem]:
    entry = placed.value
    if "topics" not in placed.item.stubbed:
        yield from _listed(base, placed, "topics", entry.topics)
    yield from _listed(base, placed, "sources", entry.sources)
    known = base.ids.get("instruments")
    for place, law in enumerate(entry.law):
        if known is not None and "instruments" not in base.broken and law.instrument not in known:
            message = f"'{law.instrument}' is not an id of instruments.yaml{did_you_mean(law.instrument, known)}"
            yield placed.problem("law.instrument", message, "error", "law", place, "instrument")
    for place, name in enumerate(entry.see):
        if name == entry.id:
            yield placed.problem("see", f"'{name}' is this entry itself", "error", "see", place)
        elif name not in base.entry_ids:
            yield placed.problem("see", _no_entry(base, name), "error", "see", place)
    seen: set[str] = set()
    for place, link in enumerate(entry.links):
        if not isinstance(link, str):
            continue
        target = base.first.get(link)
        if link not in base.entry_ids:
            yield placed.problem("links", _no_entry(base, link), "error", "links", place)
        elif target is not None and target.file.part not in _SERVICE_PARTS:
            message = f"'{link}' is not a resource or help entry; put it under see"
            yield placed.problem("links", message, "error", "links", place)
        elif link == entry.id:
            yield placed.problem(
                "links", f"'{link}' is this entry itself; its own address is shown", "error", "links", place
            )
        elif link in seen:
            yield placed.problem("links", f"'{link}' is listed twice", "error", "links", place)
        seen.add(link)


def _listed(
    base: Base, placed: Placed[Any], key: Literal["topics", "sources"], names: Sequence[str]
) -> Iterator[Problem]:
    """Ids of the table that is named like the key."""
    known = base.ids.get(key)
    if known is None or key in base.broken:
        return
    for place, name in enumerate(names):
        if name not in known:
            message = f"'{name}' is not an id of {key}.yaml{did_you_mean(name, known)}"
            yield placed.problem(key, message, "error", key, place)


def _no_entry(base: Base, name: str) -> str:
    retired = base.retired.value.retired if base.retired else {}
    if name in retired:
        successor = retired[name]
        return f"'{name}' is retired" + (f"; write '{successor}'" if successor else "; take it out")
    return f"'{name}' is not the id of an entry{did_you_mean(name, base.entry_ids)}"


def _of_check(base: Base, placed: Placed[Any]) -> Iterator[Problem]:
    check, file = placed.value, placed.file
    if "expect" not in placed.item.stubbed:
        for place, name in enumerate(check.expect):
            if name not in base.entry_ids:
                yield placed.problem("expect", _no_entry(base, name), "error", "expect", place)
    if not base.bare:
        yield from _listed(base, placed, "topics", check.topics)
    if file.inner not in SPECIAL_CHECKS and not (
        check.expect or check.topics or check.kind or {"expect", "topics", "kind"} & placed.item.stubbed
    ):
        yield placed.problem("expect", "is needed, but missing: the ids of the entries that this question must reach")
    if check.lang is not None and check.lang != file.lang:
        yield placed.problem("lang", f"'{check.lang}' does not fit the folder, checks/{file.lang}")


def misplaced_checks(base: Base) -> Iterator[Problem]:
    """Checks lie at the path of the entries that they test, so that people find them."""
    homes = {file.inner for file in base.files if file.kind in ("entries", "bare")}
    for file in base.files:
        if file.kind == "checks" and file.inner not in homes and file.inner not in SPECIAL_CHECKS:
            special = ", ".join(SPECIAL_CHECKS)
            hint = did_you_mean(file.inner, [*homes, *SPECIAL_CHECKS])
            message = f"there is no entries/{file.inner} that it could test, and it is not one of {special}{hint}"
            yield Problem(file.path, 1, "file", message, "warning")
