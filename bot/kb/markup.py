"""What may not stand in texts that people read: every markup but *bold* and lists that begin with "- "."""

from __future__ import annotations

import re

_RULES = (
    (re.compile(r"</?[A-Za-z][^<>]*>|<!--"), "has an HTML tag ({}); only *bold* and lists with '- ' are shown"),
    (re.compile(r"!?\[[^\]\n]*\]\([^)\n]*\)"), "has a Markdown link ({}); put it under links"),
    (re.compile(r"`+[^`\n]*`*"), "has a backtick ({}); use plain quotes"),
    (re.compile(r"\*\*[^*\n]*\*{0,2}"), "has two stars ({}); bold is written *like this*, with one"),
    (re.compile(r"(?<!\w)__[^_\n]+__(?!\w)"), "has underscores for emphasis ({}); bold is written *like this*"),
    (re.compile(r"^#{1,6} .*", re.MULTILINE), "has a Markdown heading ({}); write plain text"),
    (re.compile(r"[{}][^{}\n]{0,20}[}]?"), "has a placeholder or a brace ({}); entries are shown as they stand"),
)
_STARS = re.compile(r"\*")


def markup_faults(text: str, *, bold: bool, placeholders: bool = False) -> list[str]:
    """What is wrong with `text`, in words; empty when all is well.

    `bold` allows *bold*, `placeholders` allows `{name}` (whoever allows them checks them).
    """
    if text.isalnum():
        return []
    rules = _RULES[:-1] if placeholders else _RULES
    faults = [words.format(_cut(found[0])) for pattern, words in rules if (found := pattern.search(text))]
    if "**" in text or "*" not in text:
        return faults
    if not bold:
        faults.append("has a star; this text is plain, without *bold*")
    elif any(len(_STARS.findall(paragraph)) % 2 for paragraph in text.split("\n")):
        faults.append("has a * without its partner in the same line; bold is written *like this*")
    return faults


def _cut(text: str) -> str:
    return text if len(text) <= 30 else text[:29] + "…"
