"""Kinds of values that keys of the knowledge base's files may hold, each with words for what is wanted.

YAML is read without guessing, so every value arrives as text, a list or a mapping.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Annotated, Any, Literal, TypeVar
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    GetJsonSchemaHandler,
)
from pydantic_core import PydanticCustomError, core_schema

from bot.kb.markup import markup_faults
from bot.kb.yaml_reader import Null

T = TypeVar("T")


class Strict(BaseModel):
    """Base of every schema: keys that nobody knows are refused."""

    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=False)


def wrong(message: str) -> PydanticCustomError:
    """An error whose text is shown as it stands."""
    return PydanticCustomError("plain", "{message}", {"message": message})


def utf16_units(text: str) -> int:
    """Length as Telegram counts it."""
    return len(text) if text.isascii() else len(text) + sum(character > "\uffff" for character in text)


def shown(value: str, most: int = 40) -> str:
    """A value as it is quoted in a message: one line, not long."""
    folded = " ".join(value.split())
    return f"'{folded}'" if len(folded) <= most else f"'{folded[: most - 1]}…'"


def _null(value: Any) -> Any:
    return None if isinstance(value, Null) else value


@dataclass(frozen=True, slots=True)
class Text:
    """Metadata of a text field: not empty, at most `most` UTF-16 units; trailing white space goes.

    `shape` is `line` (white space is folded to one line) or `paragraphs`; `markup` is `any` for texts that nobody is
    shown, `none` or `bold` for those that people read, which may hold no placeholders either.
    """

    most: int
    shape: Literal["line", "paragraphs"] = "line"
    markup: Literal["any", "none", "bold"] = "any"

    def check(self, text: str) -> str:
        lines = (" ".join(text.split()),) if self.shape == "line" else map(str.rstrip, text.split("\n"))
        text = "\n".join(lines).strip()
        if not text:
            raise wrong("is empty; write a text or delete the key")
        if len(text) * 2 > self.most and (units := utf16_units(text)) > self.most:
            raise wrong(f"has {units:,} characters; at most {self.most:,}")
        if self.markup != "any" and (faults := markup_faults(text, bold=self.markup == "bold")):
            raise wrong("; ".join(faults))
        return text

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        return core_schema.no_info_after_validator_function(self.check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "minLength": 1, "maxLength": self.most}


@dataclass(frozen=True, slots=True)
class Shape:
    """Metadata of a text field of a fixed shape; `wanted` completes "... is not"."""

    pattern: str
    wanted: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> core_schema.CoreSchema:
        compiled = re.compile(self.pattern)

        def check(text: str) -> str:
            if compiled.fullmatch(text) is None:
                raise wrong(f"{shown(text)} is not {self.wanted}")
            return text

        return core_schema.no_info_after_validator_function(check, handler(source))

    def __get_pydantic_json_schema__(
        self, schema: core_schema.CoreSchema, handler: GetJsonSchemaHandler
    ) -> dict[str, Any]:
        return {**handler(schema), "pattern": f"^(?:{self.pattern})$"}


def _unique(values: tuple[T, ...]) -> tuple[T, ...]:
    seen = set()
    for value in values:
        if value in seen:
            raise wrong(f"{shown(str(value))} is listed twice")
        seen.add(value)
    return values


def _web_address(text: str) -> str:
    text = text.strip()
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        _ = parts.port
    except ValueError:
        raise wrong(f"{shown(text)} is not a web address") from None
    if parts.scheme not in ("http", "https"):
        raise wrong(f"{shown(text)} must begin with http:// or https://")
    if not _HOST.fullmatch(host.encode("idna").decode() if _encodable(host) else ""):
        raise wrong(f"{shown(text)} has no host, such as www.unhcr.org")
    if parts.username is not None or _NOT_IN_ADDRESS.search(text):
        raise wrong(f"{shown(text)} holds a space, a quote or a password; copy the address from a browser")
    if len(text) > 2000:
        raise wrong("is longer than 2,000 characters")
    return text


_HOST = re.compile(
    r"(?=.{1,253}\.?$)[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)+\.?", re.IGNORECASE
)
_NOT_IN_ADDRESS = re.compile(r"[\s<>\"`{}|\\^]")


def _encodable(host: str) -> bool:
    try:
        host.encode("idna")
    except UnicodeError:
        return False
    return True


def _day(text: str) -> str:
    try:
        if len(text) != 10:
            raise ValueError
        date.fromisoformat(text)
    except ValueError:
        raise wrong(f"{shown(text)} is not a date such as 2026-03-31") from None
    return text


def _true_or_false(value: Any) -> Any:
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    raise wrong("is true or false")


def _believed_right(value: Any) -> Any:
    if value == "right":
        return "right"
    raise wrong(
        f"{shown(str(value))} is not enough: only numbers believed right are shown; confirm it or take it out"
    )


@cache
def countries() -> frozenset[str]:
    """ISO 3166-1 two-letter codes (and XK), as the Unicode data list them."""
    from babel import Locale

    groups = {"EU", "EZ", "UN", "QO", "XA", "XB", "ZZ"}
    names = map(str, Locale("en").territories)
    return frozenset(name for name in names if len(name) == 2 and name.isalpha() and name not in groups)


def _country(text: str) -> str:
    if text not in countries():
        hint = "; the United Kingdom is GB" if text == "UK" else ""
        raise wrong(f"{shown(text)} is not a two-letter ISO 3166-1 code in capitals, such as DE{hint}")
    return text


def _country_or_world(text: str) -> str:
    return text if text == "worldwide" else _country(text)


Nullable = Annotated[T | None, BeforeValidator(_null)]
"""The kind, or null."""
Some = Annotated[tuple[T, ...], Field(min_length=1, max_length=1000)]
"""A list with something in it; one that would be empty is left out."""
Many = Annotated[tuple[T, ...], Field(min_length=1, max_length=20_000)]
Different = Annotated[tuple[T, ...], Field(min_length=1, max_length=1000), AfterValidator(_unique)]
"""A list with something in it, nothing twice."""

WebAddress = Annotated[str, AfterValidator(_web_address), Field(json_schema_extra={"format": "uri"})]
Day = Annotated[str, AfterValidator(_day), Field(json_schema_extra={"format": "date"})]
Belief = Annotated[Literal["right"], BeforeValidator(_believed_right)]
Bool = Annotated[bool, BeforeValidator(_true_or_false)]
Country = Annotated[str, AfterValidator(_country)]
CountryOrWorld = Annotated[str, AfterValidator(_country_or_world)]
EntryId = Annotated[str, Shape("[a-z0-9-]{3,40}", "an id: 3 to 40 of a-z, 0-9 and -")]
BareId = Annotated[str, Shape(r"\S{1,64}", "an id: 1 to 64 characters without spaces")]
Slug = Annotated[str, Shape("[a-z0-9_-]{1,40}", "an id: 1 to 40 of a-z, 0-9, - and _")]
SourceId = Annotated[str, Shape("[A-Za-z0-9:_.-]{1,60}", "an id of sources.yaml, such as mimc:M03")]
LanguageCode = Annotated[str, Shape("[a-z]{2,3}", "a language code, such as en or ckb")]
PartialDate = Annotated[
    str,
    Shape(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?", "a date such as 2024, 2024-03 or 2024-03-31"),
]
PhoneNumber = Annotated[
    str,
    Shape("(?=(?:.*[0-9]){2})[+0-9*#][0-9 ()*#/.-]{1,30}", "a phone number: digits, spaces and + - ( ) . / * # only"),
]
Hash = Annotated[str, Shape("[0-9a-f]{6}", "a hash of six of 0-9 and a-f, as `check` tells it")]
Word = Annotated[str, Text(60)]
Name = Annotated[str, Text(100, markup="none")]
Note = Annotated[str, Text(500, markup="none")]
Remark = Annotated[str, Text(2000, "paragraphs")]
"""For editors only."""
