"""One file's bytes to checked items with line numbers, and the memory that saves doing it twice."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from threading import Lock
from types import MappingProxyType
from typing import Any, Generic, TypeVar

from pydantic import BaseModel, ValidationError

from bot.kb.catalogue import Catalogue, read_catalogue
from bot.kb.entry_schema import BareEntrySchema, CheckSchema, EntrySchema, TranslationSchema
from bot.kb.fields import shown
from bot.kb.file_text import DISK_BYTES, read_text
from bot.kb.folder import FileKind
from bot.kb.problem import Fault, at_most
from bot.kb.schema_words import did_you_mean, faults_of
from bot.kb.table_schema import (
    CountrySchema,
    InstrumentSchema,
    KnowledgeSchema,
    RetiredSchema,
    SourceSchema,
    SynonymsSchema,
    TopicSchema,
)
from bot.kb.yaml_reader import Lines, read_yaml

M = TypeVar("M", bound=BaseModel)


@dataclass(frozen=True, slots=True)
class ListShape:
    """A file that is a list of items under one key."""

    key: str
    model: type[BaseModel]
    stubs: Mapping[str, Any] = field(default_factory=dict)
    """What stands in for a broken value, so that the rules between files can still look at the rest of the item."""


_STUB = {"title": "-", "asks": ["-"], "answer": "-"}

LISTS: Mapping[FileKind, ListShape] = MappingProxyType(
    {
        "entries": ListShape(
            "entries",
            EntrySchema,
            {**_STUB, "topics": ["-"], "status": "guidance", "confidence": "inference"},
        ),
        "translations": ListShape("entries", TranslationSchema, {**_STUB, "of": "000000", "by": "machine"}),
        "bare": ListShape("entries", BareEntrySchema, _STUB),
        "checks": ListShape("checks", CheckSchema, {"text": "-"}),
        "topics": ListShape("topics", TopicSchema, {"title": {}}),
        "instruments": ListShape("instruments", InstrumentSchema, {"names": {}, "nature": "treaty"}),
        "sources": ListShape("sources", SourceSchema, {"what": "-", "seen": "inference"}),
        "emergency_numbers": ListShape("countries", CountrySchema),
    }
)
WHOLES: Mapping[FileKind, type[BaseModel]] = MappingProxyType(
    {"knowledge": KnowledgeSchema, "retired": RetiredSchema, "synonyms": SynonymsSchema}
)


@dataclass(frozen=True, slots=True)
class Item(Generic[M]):
    """One checked item of a file with the lines it stands on."""

    value: M
    lines: Lines
    stubbed: frozenset[str] = frozenset()
    """Keys that were broken or missing; their values are stand-ins."""

    def line(self, *path: str | int) -> int:
        return self.lines.at(path)


@dataclass(frozen=True, slots=True)
class Parsed:
    """What one file holds. A file with errors still gives what could be read, so that all problems are found in one
    go."""

    faults: tuple[Fault, ...]
    items: tuple[Item[Any], ...] = ()
    whole: Item[Any] | None = None
    catalogue: Catalogue | None = None
    ids: frozenset[str] = frozenset()
    """Ids that are written in the file, also in items too broken to be read."""
    readable: bool = True
    """False when items may be missing from `items`."""


class ParseCache:
    """Files that were parsed before, by kind and content, so that a reload reads only what changed.

    Safe to share between threads. What no load has used for a while is dropped.
    """

    _KEEP_FOR = 8

    def __init__(self) -> None:
        self._parsed: dict[tuple[FileKind, bytes], tuple[Parsed, int]] = {}
        self._loads = 0
        self._lock = Lock()

    def begin(self) -> None:
        """A load begins: forget what the last few did not use."""
        with self._lock:
            self._loads += 1
            oldest = self._loads - self._KEEP_FOR
            self._parsed = {key: kept for key, kept in self._parsed.items() if kept[1] >= oldest}

    def parse(self, kind: FileKind, data: bytes, digest: bytes) -> Parsed:
        """`parse(kind, data)`, remembered under `digest`, the SHA-256 of `data`."""
        key = kind, digest
        with self._lock:
            kept = self._parsed.get(key)
        parsed = kept[0] if kept else parse(kind, data)
        with self._lock:
            self._parsed[key] = parsed, self._loads
        return parsed

    def __len__(self) -> int:
        return len(self._parsed)


def content_digest(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()


def parse(kind: FileKind, data: bytes, *, most_bytes: int = DISK_BYTES) -> Parsed:
    """Check one file by itself. Never raises, whatever the bytes."""
    text, faults = read_text(data, most_bytes)
    if text is None:
        return Parsed(tuple(at_most(faults)), ids=_ids_in(data.decode("utf-8", "replace")), readable=False)
    if kind == "wording":
        catalogue, faults = read_catalogue(text)
        return Parsed(tuple(at_most(faults)), catalogue=catalogue, readable=catalogue is not None)
    document = read_yaml(text)
    faults = document.faults
    if kind in WHOLES:
        whole = None
        if not faults:
            whole, faults = check_item(WHOLES[kind], document.data, document.lines)
        return Parsed(tuple(at_most(faults)), whole=whole, readable=whole is not None)
    # Without a fault of its own a document is empty, which the list's shape has words for.
    readable = document.data is not None or not faults
    items: list[Item[Any]] = []
    if readable:
        items, more = _check_list(LISTS[kind], document.data, document.lines)
        faults = [*faults, *more]
    return Parsed(
        tuple(at_most(faults)),
        tuple(items),
        ids=frozenset(item.value.id for item in items if hasattr(item.value, "id"))
        | (_ids_in(text) if faults else frozenset()),
        readable=readable,
    )


def _check_list(shape: ListShape, data: Any, lines: Lines) -> tuple[list[Item[Any]], list[Fault]]:
    faults: list[Fault] = []
    if not isinstance(data, dict):
        return [], [Fault(lines.line, "file", f"must begin with '{shape.key}:' and a list below it")]
    for key in data:
        if key != shape.key:
            message = f"'{key}' is not a known key here{did_you_mean(key, [shape.key]) or f'; known is {shape.key}'}"
            faults.append(Fault(lines.at([key]), key, message))
    values = data.get(shape.key)
    if values is None:
        return [], [*faults, Fault(lines.line, shape.key, "is needed, but missing")]
    if not isinstance(values, list) or not values:
        what = "at least 1 needed" if not values else "a list is wanted here: one line each, beginning with '- '"
        return [], [*faults, Fault(lines.at([shape.key]), shape.key, what)]
    items = []
    for value, below in zip(values, _children(lines, shape.key), strict=True):
        item, more = check_item(shape.model, value, below, shape.stubs)
        faults += more
        if item is not None:
            items.append(item)
    return items, faults


def _children(lines: Lines, key: str) -> list[int | Lines]:
    """Lines of the items of the list under `key`."""
    below = lines.children[key] if isinstance(lines.children, dict) else lines
    return below.children if isinstance(below, Lines) and isinstance(below.children, list) else []


def check_item(
    model: type[BaseModel], raw: Any, lines: int | Lines, stubs: Mapping[str, Any] | None = None
) -> tuple[Item[Any] | None, list[Fault]]:
    """`raw` as a `model` with its faults. With `stubs` a broken item still comes out, with stand-ins for what is
    broken; without, None."""
    here = lines if isinstance(lines, Lines) else Lines(lines, [])
    try:
        return Item(model.model_validate(raw), here), []
    except ValidationError as error:
        name = raw.get("id") if isinstance(raw, dict) else None
        faults = faults_of(error, model, raw, here, name if isinstance(name, str) else "")
        if isinstance(raw, str) and len(faults) == 1:
            faults = [Fault(here.line, faults[0].field, f"{faults[0].message}, not {shown(raw)}")]
        return (None if stubs is None else _salvage(model, raw, here, error, stubs)), faults


def _salvage(
    model: type[BaseModel], raw: Any, lines: Lines, error: ValidationError, stubs: Mapping[str, Any]
) -> Item[Any] | None:
    """The item without its broken parts. Broken values of lists are taken out one by one, other keys as a whole."""
    if not isinstance(raw, dict):
        return None
    data = dict(raw)
    broken: dict[str, set[int]] = {}
    for detail in error.errors(include_url=False, include_context=False, include_input=False):
        key, *rest = detail["loc"]
        if detail["type"] == "too_short" and raw.get(str(key)):
            continue
        places = broken.setdefault(str(key), set())
        places.add(rest[0] if rest and isinstance(rest[0], int) and isinstance(raw.get(str(key)), list) else -1)
    for key, places in broken.items():
        if -1 in places:
            data.pop(key, None)
        else:
            data[key] = [value for place, value in enumerate(raw[key]) if place not in places]
            if not data[key]:
                del data[key]
    stubbed = frozenset(broken) | {key for key in stubs if key not in data}
    try:
        return Item(model.model_validate({**stubs, **data}), _without(lines, broken), stubbed)
    except ValidationError:
        return None


def _without(lines: Lines, broken: Mapping[str, set[int]]) -> Lines:
    """The lines of an item whose broken list values are gone."""
    if not isinstance(lines.children, dict):
        return lines
    children = dict(lines.children)
    for key, places in broken.items():
        below = children.get(key)
        if isinstance(below, Lines) and isinstance(below.children, list):
            kept = [child for place, child in enumerate(below.children) if place not in places]
            children[key] = Lines(below.line, kept)
    mended = Lines(lines.line, children)
    mended.keys = lines.keys
    return mended


_ID = re.compile(r"(?:^|[\s{,])[\"']?id[\"']?:\s*[\"']?([^\s\"',}#]+)", re.MULTILINE)


def _ids_in(text: str) -> frozenset[str]:
    """Ids as they are written, found without parsing: of a broken file, so that its entries aren't called unknown."""
    return frozenset(_ID.findall(text))
