"""Replies made by hand, for tests of what is done with them."""

from __future__ import annotations

from typing import Any

from bot.answering.reply import Block, Recipe, Reply


def reply(*blocks: Block, **more: Any) -> Reply:
    """An answer in English of these blocks."""
    given: dict[str, Any] = {"kind": "answer", "lang": "en", "recipe": Recipe("answer", "en", ("housing",)), **more}
    return Reply(blocks=blocks or (Block("body", "Yes."),), **given)
