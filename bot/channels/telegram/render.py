"""From a `Reply` to what Telegram shows: HTML text and an inline keyboard. Pure."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import category

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.answering.compose import utf16_length
from bot.answering.reply import Block, BlockRole, Reply
from bot.channels.telegram.direction import isolate, mark

LIMIT = 4096
"""UTF-16 units of a message, counted without its markup."""
LABEL = 60
"""Characters of a button's label: about two lines on a small phone."""
_BUTTONS = 100
"""Buttons of a message."""
_WITH_BOLD: frozenset[BlockRole] = frozenset({"urgent", "body", "model"})
_BOLD = re.compile(r"\*(?=\S)([^*\n]+)(?<=\S)\*")
_GAP = "\n\n"
_CUT = "…"
_NOTE = re.compile(r" \([^()]{1,38}\)$")


@dataclass(frozen=True, slots=True)
class Rendered:
    """Arguments of sendMessage. `text` is Telegram's HTML; `plain` the same without markup."""

    text: str
    plain: str
    keyboard: InlineKeyboardMarkup | None


def render(reply: Reply) -> Rendered:
    """What Telegram shows of `reply`, always within Telegram's limits.

    Urgent blocks come first. When the text is too long, blocks are left out from the end, but never an urgent one.
    """
    blocks = sorted(reply.blocks, key=lambda block: block.role != "urgent")  # sorting keeps the order of equals
    parts = [_spans(block, rtl=reply.rtl) for block in blocks]
    while _length(parts) > LIMIT and blocks[-1].role != "urgent":
        del blocks[-1], parts[-1]
    parts = _within(parts)
    return Rendered(
        text=_GAP.join("".join(_html(*span) for span in spans) for spans in parts),
        plain=_GAP.join("".join(text for text, _ in spans) for spans in parts),
        keyboard=_keyboard(reply),
    )


def label(text: str, *, rtl: bool = False) -> str:
    """A button's label of at most `LABEL` characters, cut at a word where there is one. What stands in brackets at the
    end stays, since it says in which language a page is and whether anybody has opened it."""
    text = " ".join(_sound(text).split())
    if len(text) > LABEL:
        note = found[0] if (found := _NOTE.search(text)) else ""
        text = _shortened(text.removesuffix(note), LABEL - len(note)) + note
    return mark(text) if rtl else text


def _shortened(text: str, room: int) -> str:
    """The beginning of `text` and an ellipsis, at most `room` characters."""
    at = text.rfind(" ", 0, room)
    if at < room // 2:  # a script without spaces: cut between letters, not between a letter and its marks
        at = room - 1
        while at > 1 and (category(text[at]).startswith("M") or text[at] == "\u200d"):
            at -= 1
    return text[:at].rstrip(" ,;:.-") + _CUT


Span = tuple[str, bool]
"""A piece of text, and whether it is bold."""


def _spans(block: Block, *, rtl: bool) -> list[Span]:
    spans = [(f"{block.heading}:", True), (" ", False)] if block.heading else []
    if block.role == "title":
        spans.append((block.text, True))
    elif block.role in _WITH_BOLD:
        spans.extend(_bold(block.text))
    else:
        spans.append((block.text, False))
    spans = [(_sound(text), bold) for text, bold in spans if text]
    return _right_to_left(spans) if rtl else spans


def _bold(text: str) -> Iterator[Span]:
    at = 0
    for found in _BOLD.finditer(text):
        yield text[at : found.start()], False
        yield found[1], True
        at = found.end()
    yield text[at:], False


def _right_to_left(spans: list[Span]) -> list[Span]:
    """Marks every line, and isolates what runs from left to right. A line may go over several spans."""
    lines = "".join(text for text, _ in spans).split("\n")
    needs = [mark(line) != line for line in lines]
    done: list[Span] = []
    line, at_start = 0, True
    for text, bold in spans:
        pieces = text.split("\n")
        out: list[str] = []
        for number, piece in enumerate(pieces):
            if number:
                line, at_start = line + 1, True
            out.append(("\u200f" if at_start and needs[line] else "") + isolate(piece))
            at_start = False
        done.append(("\n".join(out), bold))
    return done


def _html(text: str, bold: bool) -> str:
    escaped = html.escape(text, quote=False)
    return f"<b>{escaped}</b>" if bold and text.strip() else escaped


def _length(parts: list[list[Span]]) -> int:
    texts = sum(utf16_length(text) for spans in parts for text, _ in spans)
    return texts + len(_GAP) * (len(parts) - 1)


def _within(parts: list[list[Span]]) -> list[list[Span]]:
    """The parts, cut in the middle of a text if there is no other way to stay below the limit."""
    room = LIMIT
    kept: list[list[Span]] = []
    for spans in parts:
        fitting: list[Span] = []
        for text, bold in spans:
            if utf16_length(text) <= room:
                fitting.append((text, bold))
                room -= utf16_length(text)
                continue
            return [*kept, [*fitting, (_head(text, room - 1) + _CUT, bold)]]
        kept.append(fitting)
        room -= len(_GAP)
    return kept


def _head(text: str, units: int) -> str:
    """The beginning of `text`, at most `units` long."""
    while text and utf16_length(text) > units:
        text = text[:-1]
    return text


def _keyboard(reply: Reply) -> InlineKeyboardMarkup | None:
    rows = [
        *(InlineKeyboardButton(label(link.title, rtl=reply.rtl), url=link.url) for link in reply.links),
        *(
            InlineKeyboardButton(label(button.label, rtl=reply.rtl), callback_data=button.action.encode())
            for button in reply.buttons
        ),
    ]
    return InlineKeyboardMarkup([[button] for button in rows[:_BUTTONS]]) if rows else None


def _sound(text: str) -> str:
    """Without half characters (lone surrogates), which no request could carry. They may come with a person's words."""
    return text.encode("utf-8", "replace").decode("utf-8")
