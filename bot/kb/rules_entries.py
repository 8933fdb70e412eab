"""What one entry must hold beyond the shape of its keys: danger has signals, services have an address."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, timedelta

from bot.kb.base import Base, Placed
from bot.kb.entry_schema import SERVICE_KEYS, EntrySchema, ListedLink
from bot.kb.problem import Problem

LINK_DAYS = 90
"""A link that was not opened for longer is told about."""

_NUMBER = re.compile(r"(?<![\w.,])\+?\d[\d ()-]{1,20}(?![\w%])")
_WEB_ADDRESS = re.compile(r"https?://|\bwww\.", re.IGNORECASE)


def entry_rules(base: Base) -> Iterator[Problem]:
    for placed in base.entries:
        yield from _danger(base, placed)
        yield from _service(placed)
        factual = placed.value.status in ("binding", "model") and "sources" not in placed.item.stubbed
        if factual and not placed.value.sources:
            yield placed.problem("sources", "is needed, but missing: where the facts come from (ids of sources.yaml)")
        if _WEB_ADDRESS.search(placed.value.answer):
            yield placed.problem("answer", "has a web address in the text; put it under links", "warning")


def _danger(base: Base, placed: Placed[EntrySchema]) -> Iterator[Problem]:
    entry = placed.value
    urgent = entry.kind == "urgent"
    if urgent and not entry.signals and "signals" not in placed.item.stubbed:
        yield placed.problem("signals", "is needed, but missing: an urgent entry says which words mean danger")
    if not urgent and "kind" not in placed.item.stubbed:
        for key in ("signals", "not_when"):
            if getattr(entry, key):
                yield placed.problem(key, "only entries of kind urgent have it; add 'kind: urgent' or take it out")
        if placed.file.part == "urgent":
            yield placed.problem(
                "kind", "entries in urgent/ have 'kind: urgent'; without it no alarm is raised", "warning"
            )
    if urgent and not _has_number(base, entry):
        message = "has no number to call, neither in its text nor at one of its links"
        yield placed.problem("answer", message, "warning")


def _has_number(base: Base, entry: EntrySchema) -> bool:
    linked = [base.first[link].value for link in entry.links if isinstance(link, str) and link in base.first]
    return _NUMBER.search(entry.answer) is not None or any(other.phones for other in (entry, *linked))


def _service(placed: Placed[EntrySchema]) -> Iterator[Problem]:
    entry = placed.value
    part = placed.file.part
    if part not in ("resources", "help"):
        for key in SERVICE_KEYS:
            if key in entry.model_fields_set and key not in placed.item.stubbed:
                yield placed.problem(key, "only entries in resources/ and help/ have it")
        return
    stubbed = placed.item.stubbed
    if entry.type is None and "type" not in stubbed:
        yield placed.problem("type", "is needed, but missing: article, video, organisation, hotline ...")
    if entry.url is None and not {"url", "url_note"} & stubbed and entry.url_note is None:
        yield placed.problem("url_note", "is needed when there is no url: why no address is known")


def unopened_links(base: Base, today: date) -> Iterator[Problem]:
    """One warning a file: how many of its links nobody has opened lately."""
    by_file: dict[str, list[tuple[Placed[EntrySchema], str | None]]] = {}
    for placed in base.entries:
        entry = placed.value
        dates: list[str | None] = []
        if entry.url or entry.alt_urls:
            dates.append(entry.checked)
        dates += [link.checked for link in entry.links if isinstance(link, ListedLink)]
        by_file.setdefault(placed.file.path, []).extend((placed, day) for day in dates)
    oldest = (today - timedelta(days=LINK_DAYS)).isoformat()
    for path, found in by_file.items():
        never = sum(day is None for _, day in found)
        old = sum(day is not None and day < oldest for _, day in found)
        if not never and not old:
            continue
        line = next(placed.item.lines.line for placed, day in found if day is None or day < oldest)
        parts = [f"never opened: {never}"] * bool(never) + [f"not opened for {LINK_DAYS} days: {old}"] * bool(old)
        message = f"links {', '.join(parts)} (of {len(found)}); open them and write the day under checked"
        yield Problem(path, line, "checked", message, "warning")


def count_unopened(base: Base, today: date) -> tuple[int, int]:
    """Links that were never opened or not for `LINK_DAYS`, and all links of the knowledge base."""
    oldest = (today - timedelta(days=LINK_DAYS)).isoformat()
    dates: list[str | None] = []
    for placed in base.entries:
        if placed.value.url or placed.value.alt_urls:
            dates.append(placed.value.checked)
        dates += [link.checked for link in placed.value.links if isinstance(link, ListedLink)]
    return sum(day is None or day < oldest for day in dates), len(dates)
