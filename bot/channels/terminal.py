"""The bot in a terminal: the same brain, options as numbers."""

from __future__ import annotations

import re
from collections.abc import Callable

from rich.console import Console
from rich.text import Text

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.answering.reply import Block, Reply, View

_COMMANDS: dict[str, View] = {
    "/start": "start",
    "/help": "help",
    "/topics": "topics",
    "/language": "languages",
}
_STYLES = {"title": "bold", "urgent": "bold", "note": "dim"}
_BOLD = re.compile(r"\*([^*\n]+)\*")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")


def chat(assistant: Assistant, console: Console, read: Callable[[], str | None], lang: str | None = None) -> None:
    """Talks until `read` gives None (end of input) or the person types /quit.

    `read` gives what the person typed, without the line end. `lang` is the language that the person chose.
    """
    conversation = Conversation(lang=lang)
    reply = assistant.command("start", conversation)
    show(reply, console)
    conversation = reply.then
    while (typed := read()) is not None:
        text = typed.strip()
        if text in ("/quit", "/exit"):
            return
        if not text:
            continue
        if text.startswith("/"):
            reply = assistant.command(_COMMANDS.get(text, "unknown-command"), conversation)
        else:
            reply = assistant.reply(Message(text), conversation)
        show(reply, console)
        conversation = reply.then


def show(reply: Reply, console: Console) -> None:
    """Prints a reply: paragraphs, links, numbered options."""
    lines = [Text(), *map(_paragraph, reply.blocks)]
    for link in reply.links:
        lines += [Text(f"  {_safe(link.title)}"), Text(f"  {_safe(link.url)}")]
    for n, button in enumerate(reply.buttons, 1):
        lines.append(Text.assemble("  ", (str(n), "bold"), f"  {_safe(button.label)}"))
    console.print(Text("\n").join(lines), highlight=False, soft_wrap=True)


def explained(reply: Reply) -> str:
    """Why the bot said this, in lines."""
    evidence = reply.evidence
    facts = [
        ("kind", f"{reply.kind} ({evidence.why})" if evidence.why else reply.kind),
        ("entry", ", ".join(f"{one.id} {one.confidence:.2f}" for one in reply.entries)),
        ("nearest phrasing", evidence.phrasing),
        ("words that carried it", ", ".join(evidence.words)),
        ("share explained", f"{evidence.explained:.2f}"),
        ("corrected", ", ".join(f"{typed} → {meant}" for typed, meant in evidence.corrected.items())),
        ("danger words", ", ".join(evidence.signal)),
        ("runners-up", ", ".join(f"{entry} {sure:.2f}" for entry, sure in evidence.runners_up)),
    ]
    return "\n".join(f"  {name}: {_safe(value)}" for name, value in facts if value)


def _paragraph(block: Block) -> Text:
    style = _STYLES.get(block.role, "")
    heading = [(f"{_safe(block.heading)}: ", "bold")] if block.heading else []
    pieces = _BOLD.split(_safe(block.text))  # every second one stood between stars
    return Text.assemble(*heading, *((piece, "bold" if at % 2 else style) for at, piece in enumerate(pieces)), "\n")


def _safe(text: str) -> str:
    """Without control characters: a terminal obeys them."""
    return _CONTROL.sub("", text)
