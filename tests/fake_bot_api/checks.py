"""Whether a call is one that Telegram would take: names, types, lengths, markup. aiogram's classes are the second
opinion on names and types; what they don't know, lengths above all, stands here."""

from __future__ import annotations

import json
import types
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Union, get_args, get_origin
from urllib.parse import urlsplit

import aiogram.methods
from aiogram.client.default import Default
from aiogram.methods import TelegramMethod
from aiogram.types import InlineKeyboardMarkup, InputFile
from pydantic import BaseModel, ValidationError

from tests.fake_bot_api.markup import read_html, utf16

METHODS: dict[str, type[TelegramMethod[Any]]] = {
    method.__api_method__.lower(): method
    for method in vars(aiogram.methods).values()
    if isinstance(method, type) and issubclass(method, TelegramMethod) and method is not TelegramMethod
}
"""By lower-case name: the server's names are case-insensitive."""

_FILE = "a file that came with the request"
_TEXTS = {"sendmessage": ("text", 1, 4096), "editmessagetext": ("text", 1, 4096)}
_CAPTION = ("caption", 0, 1024)


def check(
    method: str, params: Mapping[str, object], files: Mapping[str, object] | None = None
) -> tuple[dict[str, Any], list[str]]:
    """The decoded parameters of a call, and everything that is wrong with it.

    Args:
        method: its name; known to be one.
        params: as they came. Values are text, except in a JSON body.
        files: parts of a multipart request that are files, by name.
    """
    model = METHODS[method.lower()]
    files = files or {}
    decoded: dict[str, Any] = {}
    faults: list[str] = []
    for name, value in params.items():
        field = model.model_fields.get(name)
        try:
            decoded[name] = _decode(value, field.annotation) if field is not None else value
        except ValueError:
            faults.append(f"{name}: not JSON")
    for name in files:
        if name in model.model_fields:
            decoded[name] = _FILE
        elif not any(f"attach://{name}" in str(value) for value in params.values()):
            faults.append(f"{name}: an unknown file")
    for name in _attached(decoded):
        if name not in files:
            faults.append(f"{name}: this file did not come")
    try:
        made = model.model_validate(decoded)
    except ValidationError as error:
        faults += [f"{'.'.join(str(part) for part in e['loc'])}: {e['msg']}" for e in error.errors()]
    else:
        faults += [f"{name}: unknown" for name in unknown_names(made)]
        faults += _lengths(method.lower(), decoded)
        faults += _keyboard(getattr(made, "reply_markup", None))
    return decoded, faults


def _leaves(annotation: Any) -> Iterator[Any]:
    """The types a field may have, without the wrapping."""
    origin = get_origin(annotation)
    if origin in (Union, types.UnionType):
        for inner in get_args(annotation):
            yield from _leaves(inner)
    elif origin is Annotated:
        yield from _leaves(get_args(annotation)[0])
    elif annotation not in (type(None), Default):
        yield annotation


def _decode(value: object, annotation: Any) -> object:
    """A value of a form, by its declared type: text stays text, the rest is JSON."""
    if not isinstance(value, str):
        return value
    leaves = set(_leaves(annotation))
    if leaves <= {str, InputFile}:
        return value
    try:
        return json.loads(value)
    except ValueError:
        if str in leaves:
            return value
        raise


def _attached(value: object) -> Iterator[str]:
    if isinstance(value, str) and value.startswith("attach://"):
        yield value.removeprefix("attach://")
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _attached(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _attached(inner)


def unknown_names(value: object, path: str = "") -> Iterator[str]:
    """Names that aiogram took without knowing them, at any depth."""
    if isinstance(value, BaseModel):
        for name in value.model_extra or {}:
            yield f"{path}{name}"
        for name in type(value).model_fields:
            yield from unknown_names(getattr(value, name), f"{path}{name}.")
    elif isinstance(value, list | tuple):
        for number, inner in enumerate(value):
            yield from unknown_names(inner, f"{path}{number}.")


def _lengths(method: str, params: Mapping[str, Any]) -> Iterator[str]:
    name, least, most = _TEXTS.get(method, _CAPTION)
    text = params.get(name)
    if isinstance(text, str):
        if params.get("parse_mode") == "HTML":
            text, wrong = read_html(text)
            yield from (f"{name}: {fault}" for fault in wrong)
        length = utf16(text.strip())
        if not least <= length <= most:
            yield f"{name}: {length} UTF-16 units; {least} to {most} may be"
    mode = params.get("parse_mode")
    if mode not in (None, "HTML", "Markdown", "MarkdownV2"):
        yield "parse_mode: unknown"
    if method == "answercallbackquery" and len(params.get("text") or "") > 200:
        yield "text: more than 200 characters"
    if method == "getupdates" and not 1 <= params.get("limit", 100) <= 100:
        yield "limit: 1 to 100 may be"


def _keyboard(markup: object) -> Iterator[str]:
    if not isinstance(markup, InlineKeyboardMarkup):
        return
    buttons = [button for row in markup.inline_keyboard for button in row]
    if not buttons or not all(markup.inline_keyboard):
        yield "reply_markup: a row without buttons"
    if len(buttons) > 100:
        yield "reply_markup: more than 100 buttons"
    for button in buttons:
        if not button.text.strip():
            yield "reply_markup: a button without text"
        does = button.model_dump(exclude_none=True, exclude={"text", "style", "icon_custom_emoji_id"})
        if len(does) != 1:
            yield "reply_markup: a button must do exactly one thing"
        if button.callback_data is not None and not 1 <= len(button.callback_data.encode()) <= 64:
            yield f"callback_data: {len(button.callback_data.encode())} bytes; 1 to 64 may be"
        if button.url is not None and not _is_web(button.url):
            yield "url: not an http or https address with a host"


def _is_web(url: str) -> bool:
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and bool(parts.hostname) and not any(char.isspace() for char in url)
