"""What pydantic found, in words that a moderator understands, at the line where it stands."""

from __future__ import annotations

import re
import types
from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from rapidfuzz.distance import OSA

from bot.kb.fields import shown
from bot.kb.problem import Fault
from bot.kb.yaml_reader import Lines

_QUOTED = re.compile(r"'([^']*)'")


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """`; did you mean 'status'?` when a known word is near, else nothing."""
    folded = word.casefold()
    best, score = "", 0.6
    for candidate in known:
        similarity = OSA.normalized_similarity(folded, candidate.casefold())
        if similarity > score:
            best, score = candidate, similarity
    return f"; did you mean '{best}'?" if best else ""


def faults_of(error: ValidationError, model: type[BaseModel], raw: Any, lines: Lines, entry: str = "") -> list[Fault]:
    """Every fault that `error` tells of `raw`, which was to be a `model`."""
    faults = []
    for detail in error.errors(include_url=False, include_context=True):
        path, names, value = _resolve(detail["loc"], raw)
        message = _message(detail, model, names, value)
        if message:
            faults.append(Fault(lines.at(path), ".".join(names) or "file", message, entry=entry))
    return faults


def _resolve(loc: Sequence[str | int], raw: Any) -> tuple[list[str | int], list[str], Any]:
    """The path that exists in the data, the key names to show, and the value. Parts of `loc` that only pydantic knows,
    such as which branch of an alternative it took, are dropped."""
    path: list[str | int] = []
    names: list[str] = []
    here = raw
    for number, step in enumerate(loc):
        if isinstance(here, dict) and step in here:
            names.append(str(step))
        elif not (isinstance(here, list) and isinstance(step, int) and step < len(here)):
            if number == len(loc) - 1 and isinstance(here, dict) and step != "[key]":
                names.append(str(step))
                here = None
            continue
        path.append(step)
        here = here[step]
    return path, names, here


def _message(detail: ErrorDetails, model: type[BaseModel], names: list[str], value: Any) -> str | None:
    kind = detail["type"]
    context = detail.get("ctx") or {}
    if kind == "plain":
        return str(context["message"])
    if kind == "missing":
        return "one more is needed" if isinstance(detail["loc"][-1], int) else "is needed, but missing"
    if kind == "extra_forbidden":
        known = known_keys(model, names[:-1])
        return f"'{names[-1]}' is not a known key{did_you_mean(names[-1], known) or f'; known are {_list(known)}'}"
    if kind == "literal_error":
        known = _QUOTED.findall(str(context["expected"]))
        if not isinstance(value, str):
            return f"one of {_list(known)} is wanted here"
        return f"{shown(value)} is not known{did_you_mean(value, known) or f'; it is one of {_list(known)}'}"
    if kind == "too_short":
        # pydantic counts what passed; the items that did not are told on their own.
        there = len(value) if isinstance(value, list | dict) else 0
        return None if there >= context["min_length"] else f"at least {context['min_length']} needed"
    if kind == "too_long":
        there = len(value) if isinstance(value, list | dict) else context["actual_length"]
        return f"at most {context['max_length']:,} allowed, there are {there:,}"
    return _WANTED.get(kind, "this is not what is wanted here")


_WANTED = {
    "string_type": "a text is wanted here; if it has a colon, put it in quotes",
    "tuple_type": "a list is wanted here: one line each, beginning with '- '",
    "model_type": "keys with values are wanted here, such as 'id: ...'",
    "dict_type": "keys with values are wanted here, such as 'en: ...'",
}


def _list(words: Sequence[str]) -> str:
    return ", ".join(words)


@cache
def _fields(model: type[BaseModel]) -> dict[str, tuple[type[BaseModel], ...]]:
    return {field.alias or name: tuple(_models_in(field.annotation)) for name, field in model.model_fields.items()}


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [model for part in get_args(annotation) for model in _models_in(part)]


def known_keys(model: type[BaseModel], names: Sequence[str]) -> list[str]:
    """The keys that may stand below `names` in a `model`. Names of a free mapping, such as languages, are stepped over."""
    here: tuple[type[BaseModel], ...] = (model,)
    for name in names:
        below = [inner for each in here for inner in _fields(each).get(name, ())]
        here = tuple(below) or here
    return [key for each in here for key in _fields(each)]
