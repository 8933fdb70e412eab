"""The bot's own sentences, one gettext file a language: `msgid` is a key such as `unknown.lead`, `msgstr` the sentence.

A sentence that must exist in every language carries the comment `#. urgent` (or the flag `urgent`) in the file of the
source language.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from io import StringIO

from babel.messages.catalog import Message
from babel.messages.pofile import PoFileError, read_po

from bot.kb.fields import shown
from bot.kb.markup import markup_faults
from bot.kb.problem import Fault

MOST_SENTENCE = 1000

_KEY = re.compile(r"[a-z0-9]+([._-][a-z0-9]+)*")
_PLACEHOLDER = re.compile(r"\{([a-z][a-z0-9_]*)\}")
_LINE = re.compile(r'(?:(?:msgid|msgid_plural|msgctxt|msgstr(?:\[[0-9]\])?)\s+)?"(?:[^"\\]|\\.)*"')
_MSGID = re.compile(r'^msgid\s+"(.+)"\s*$')
_PREFIX = re.compile(r"on \d+$")


@dataclass(frozen=True, slots=True)
class Sentence:
    text: str
    line: int
    urgent: bool
    fuzzy: bool


@dataclass(frozen=True, slots=True)
class Catalogue:
    """One language's sentences by key; empty texts are those not written yet."""

    sentences: Mapping[str, Sentence]


def placeholders(text: str) -> frozenset[str]:
    """The names in `{braces}`."""
    return frozenset(_PLACEHOLDER.findall(text))


def read_catalogue(text: str) -> tuple[Catalogue | None, list[Fault]]:
    """The sentences of a `.po` file's text, None when it can't be read, with everything that is wrong with it alone."""
    malformed = [
        Fault(number, "po", 'this line is not msgid "...", msgstr "..." or a text in "quotes"; mend it')
        for number, line in enumerate(text.split("\n"), start=1)
        if line.strip() and not line.lstrip().startswith("#") and not _LINE.fullmatch(line.strip())
    ]
    if malformed:
        return None, malformed  # Babel would cut the first and last letter and go on
    try:
        catalog = read_po(StringIO(text), abort_invalid=True)
    except PoFileError as error:
        what = _PREFIX.sub("", str(error)).strip() or "this can't be read"
        return None, [Fault(error.lineno + 1, "po", f"this is not a line of a .po file: {what}")]
    except Exception:
        # Babel lets errors of every kind through on malformed input; whatever it is, the file is to blame.
        return None, [Fault(1, "po", "this is not a .po file that can be read; compare it with wording/en.po")]
    faults = list(_repeated(text))
    sentences: dict[str, Sentence] = {}
    for message in catalog:
        if message.id == "":
            continue
        line = message.lineno or 1
        if not isinstance(message.id, str) or not isinstance(message.string, str):
            faults.append(Fault(line, str(message.id[0])[:60], "has plural forms; write one sentence"))
        elif message.context is not None:
            faults.append(Fault(line, shown(message.id), "has a msgctxt; delete that line"))
        elif not _KEY.fullmatch(message.id):
            wanted = "is not a key such as unknown.lead (a-z, 0-9, - and _ with dots between)"
            faults.append(Fault(line, "msgid", f"{shown(message.id)} {wanted}"))
        else:
            sentences[message.id] = _sentence(message, message.string, line)
            faults += [Fault(line, message.id, what) for what in _faults_of(sentences[message.id].text)]
    return Catalogue(sentences), faults


def _sentence(message: Message, string: str, line: int) -> Sentence:
    urgent = "urgent" in message.flags or any(
        comment.strip().lower().startswith("urgent") for comment in message.auto_comments
    )
    text = "\n".join(map(str.rstrip, string.replace("\r", "").split("\n"))).strip()
    return Sentence(text, line, urgent, "fuzzy" in message.flags)


def _faults_of(text: str) -> list[str]:
    if len(text) > MOST_SENTENCE:
        return [f"has {len(text):,} characters; at most {MOST_SENTENCE:,}"]
    faults = markup_faults(text, bold=True, placeholders=True)
    rest = _PLACEHOLDER.sub("", text)
    if "{" in rest or "}" in rest:
        faults.append("has a brace that is not part of a placeholder such as {name}")
    if any(
        not character.isprintable() and character not in "\n\u200c\u200d\u00a0\u200e\u200f\u202f"
        for character in text
    ):
        faults.append("has a control character; delete it")
    return faults


def _repeated(text: str) -> list[Fault]:
    """Keys written twice; Babel would silently keep the last."""
    seen: dict[str, int] = {}
    faults = []
    for number, line in enumerate(text.split("\n"), start=1):
        found = _MSGID.match(line.strip())
        if found is None:
            continue
        if found[1] in seen:
            message = f"is written twice, first on line {seen[found[1]]}; keep one"
            faults.append(Fault(number, found[1][:60], message))
        seen.setdefault(found[1], number)
    return faults
