"""Telegram's HTML, read as strictly as Telegram reads it, and a little more: a bare `&` is a fault too."""

from __future__ import annotations

import html
import re

_PLAIN = frozenset(
    {"b", "strong", "i", "em", "u", "ins", "s", "strike", "del", "tg-spoiler", "blockquote", "code", "pre"}
)
_TAG = re.compile(r'<(/?)([a-z][a-z0-9-]*)((?:\s+[a-z-]+(?:="[^"<>]*")?)*)\s*>')
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#[0-9]{1,7}|#x[0-9a-fA-F]{1,6});")
_ATTRIBUTES = {
    "a": re.compile(r'\s+href="[^"]+"'),
    "span": re.compile(r'\s+class="tg-spoiler"'),
    "tg-emoji": re.compile(r'\s+emoji-id="[0-9]+"'),
    "blockquote": re.compile(r"(?:\s+expandable)?"),
    "code": re.compile(r'(?:\s+class="language-[^"]+")?'),
}


def read_html(text: str) -> tuple[str, list[str]]:
    """The text that people see, and what is wrong with the markup."""
    plain: list[str] = []
    faults: list[str] = []
    opened: list[str] = []
    at = 0
    while at < len(text):
        char = text[at]
        if char == "<":
            found = _TAG.match(text, at)
            if found is None:
                return "".join(plain), [*faults, f"'<' that opens no tag at {at}"]
            closing, name, attributes = found[1], found[2], found[3]
            faults += _tag(closing, name, attributes, opened)
            at = found.end()
        elif char == "&":
            entity = _ENTITY.match(text, at)
            if entity is None:
                faults.append(f"bare '&' at {at}")
                plain.append(char)
                at += 1
            else:
                plain.append(html.unescape(entity[0]))
                at = entity.end()
        else:
            plain.append(char)
            at += 1
    faults += [f"<{name}> is not closed" for name in opened]
    return "".join(plain), faults


def _tag(closing: str, name: str, attributes: str, opened: list[str]) -> list[str]:
    if closing:
        if not opened or opened.pop() != name:
            return [f"</{name}> closes nothing"]
        return [f"</{name}> has attributes"] if attributes else []
    opened.append(name)
    if name not in _PLAIN and name not in _ATTRIBUTES:
        return [f"<{name}> is not a tag of Telegram's"]
    allowed = _ATTRIBUTES.get(name)
    fits = allowed.fullmatch(attributes) if allowed else not attributes
    return [] if fits else [f"<{name}> has attributes that Telegram does not know"]


def utf16(text: str) -> int:
    """Length in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
