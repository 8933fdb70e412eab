"""What comes out: a `Reply` that explains itself. Channels turn it into text and buttons and decide nothing."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Literal, cast

from bot.answering.message import Conversation
from bot.kb.knowledge import Link

Kind = Literal["answer", "choices", "resources", "urgent", "unknown", "refused", "smalltalk"]
BlockRole = Literal["urgent", "title", "body", "law", "model", "note"]
ActionName = Literal["entry", "topic", "topics", "language", "none"]
View = Literal[
    "answer",
    "choices",
    "resources",
    "urgent",
    "unknown",
    "refused",
    "smalltalk",
    "start",
    "help",
    "languages",
    "topics",
    "topic",
    "people",
    "none",
    "not-text",
    "unknown-command",
    "sorry",
    "too-many",
]
"""The shapes a reply can have: the seven kinds, the commands' answers, and the bot's own small sentences."""

_LONGEST = 80
"""Of an encoded action: room for the ids of bare folders, which reach no callback."""
_ENCODED = re.compile(r"(entry|topic|topics|language|none):([^\s:]{0,64}):([0-9]{1,3})(?::([a-z]{2,3}))?")


@dataclass(frozen=True, slots=True)
class Action:
    """What a button does. Written into a callback it holds no state, so buttons survive a restart."""

    name: ActionName
    argument: str = ""
    """An entry id, a topic id or a language code."""
    page: int = 0
    lang: str = ""
    """The language that the button was shown in, which is the one its reply should have; empty when not known."""

    def encode(self) -> str:
        """As callback data, `name:argument:page` or `name:argument:page:lang`; below Telegram's 64 bytes for every id
        the loader accepts."""
        return f"{self.name}:{self.argument}:{self.page}{self.lang and ':'}{self.lang}"

    @classmethod
    def decode(cls, data: str) -> Action | None:
        """The action written in `data`, or None when it is not one of ours. Nothing in it is trusted: whoever acts on
        the argument looks it up first."""
        found = _ENCODED.fullmatch(data) if len(data) <= _LONGEST else None
        if found is None:
            return None
        return cls(cast(ActionName, found[1]), found[2], int(found[3]), found[4] or "")


@dataclass(frozen=True, slots=True)
class Button:
    """A choice the person can tap, or type the number of."""

    label: str
    action: Action


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph. `text` is plain but for *bold* in bodies; the channel escapes it."""

    role: BlockRole
    text: str
    heading: str = ""
    """Shown in bold before the text, such as "What binds states"."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """An entry of the reply with how sure the bot is of it, 0 to 1."""

    id: str
    title: str
    topics: tuple[str, ...]
    confidence: float


@dataclass(frozen=True, slots=True)
class Choice:
    n: int
    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """Why the bot said this."""

    phrasing: str = ""
    """The known phrasing nearest to the message."""
    explained: float = 0.0
    """Share of the message's weight (idf) that the entry's words explain, 0 to 1."""
    words: tuple[str, ...] = ()
    """Words of the message that carried the match, heaviest first."""
    corrected: Mapping[str, str] = field(default_factory=dict)
    """Typing mistakes mended: as typed → as understood."""
    runners_up: tuple[tuple[str, float], ...] = ()
    """Other candidates with their confidence."""
    signal: tuple[str, ...] = ()
    """The danger words found, when the reply is urgent."""
    why: str = ""
    """In words: why it answered, asked back, or declined."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """Enough to make a reply again later: what is stored instead of its text. Ids only."""

    view: View
    lang: str
    entries: tuple[str, ...] = ()
    """Entry ids in order; for `topic` the topic id."""
    page: int = 0
    urgent_line: bool = False
    """The one line about danger stands under the answer."""


@dataclass(frozen=True, slots=True)
class Reply:
    kind: Kind
    lang: str
    recipe: Recipe
    blocks: tuple[Block, ...]
    entries: tuple[Ranked, ...] = ()
    choices: tuple[Choice, ...] = ()
    buttons: tuple[Button, ...] = ()
    """Everything that can be tapped, in order: choices, neighbours, topics, languages, "none of these"."""
    links: tuple[Link, ...] = ()
    rtl: bool = False
    machine_translated: bool = False
    evidence: Evidence = field(default_factory=Evidence)
    then: Conversation = field(default_factory=Conversation)
    """What the conversation is after this reply."""

    @property
    def text(self) -> str:
        """What the person reads, as plain text."""
        return "\n\n".join(plain(block) for block in self.blocks)


def in_language(buttons: Iterable[Button], lang: str) -> tuple[Button, ...]:
    """The buttons as shown in `lang`: what they lead to will be in it too."""
    return tuple(replace(button, action=replace(button.action, lang=lang)) for button in buttons)


def plain(block: Block) -> str:
    """A block without markup."""
    text = block.text.replace("*", "")
    return f"{block.heading}: {text}" if block.heading else text
