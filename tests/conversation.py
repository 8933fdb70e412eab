"""A conversation on one line: plain words to the pure core, and what came of them in one word."""

from __future__ import annotations

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.answering.reply import Action, Block, Reply, View

OFFERED = ("choices", "topics", "topic", "languages")
"""Replies that are told by what they are, not by an entry."""


class Talk:
    """A person's conversation with the bot. Calling it says something and gives the id of the entry that answered,
    or the view of a reply that is no entry's: `choices`, `unknown`, `people`, `none`, `topics`, ..."""

    def __init__(self, assistant: Assistant, lang: str | None = None) -> None:
        self.assistant = assistant
        self._reply: Reply | None = None
        self.conversation = Conversation(lang=lang)

    def __call__(self, text: str, hint: str | None = None) -> str:
        return self._heard(self.assistant.reply(Message(text, hint), self.conversation))

    def tap(self, label: str, hint: str | None = None) -> str:
        """Taps the button of the last reply that says `label`."""
        action = next(button.action for button in self.reply.buttons if button.label == label)
        return self.act(Action.decode(action.encode()) or Action("none"), hint)

    def act(self, action: Action, hint: str | None = None) -> str:
        """Taps a button of a message that may be long gone."""
        return self._heard(self.assistant.act(action, self.conversation, hint))

    def command(self, view: View, hint: str | None = None) -> str:
        return self._heard(self.assistant.command(view, self.conversation, hint))

    @property
    def reply(self) -> Reply:
        """The last reply."""
        assert self._reply is not None, "nothing was said yet"
        return self._reply

    @property
    def entries(self) -> list[str]:
        """Of the last reply."""
        return [entry.id for entry in self.reply.entries]

    @property
    def labels(self) -> list[str]:
        """What the buttons of the last reply say."""
        return [button.label for button in self.reply.buttons]

    @property
    def notes(self) -> list[str]:
        """The one-line notes of the last reply."""
        return [block.text for block in blocks(self.reply, "note")]

    def _heard(self, reply: Reply) -> str:
        self._reply = reply
        self.conversation = reply.then
        if reply.entries and reply.recipe.view not in OFFERED:
            return reply.entries[0].id
        return reply.recipe.view


def blocks(reply: Reply, role: str) -> list[Block]:
    """The paragraphs of a reply that have a role."""
    return [block for block in reply.blocks if block.role == role]
