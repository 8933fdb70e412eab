"""Choosing what was offered by typing it: its number, its title, or what its button says."""

from __future__ import annotations

from bot.answering.message import Conversation
from bot.answering.reply import Action
from bot.answering.sentences import Sentences
from bot.kb.knowledge import Knowledge
from bot.text.normalise import fold

_LONGEST = 200
"""Characters of the longest message that is compared with what was offered."""


class Offered:
    """Finds the option that a person means, among those that their conversation was shown last."""

    def __init__(self, knowledge: Knowledge, sentences: Sentences) -> None:
        self._knowledge = knowledge
        self._sentences = sentences

    def taken(self, text: str, conversation: Conversation) -> Action | None:
        """The option that `text` names, by its number from 1 or by its label in any language; None when it names none."""
        if not conversation.choices or len(text) > _LONGEST:
            return None
        typed = _bare(text)
        actions = [Action.decode(choice) for choice in conversation.choices]
        if typed.isascii() and typed.isdigit() and len(typed) <= 2:
            n = int(typed)
            return actions[n - 1] if 1 <= n <= len(actions) else None
        return next((action for action in actions if action is not None and typed in self._labels(action)), None)

    def _labels(self, action: Action) -> set[str]:
        """What the button of an action says, in every language."""
        knowledge = self._knowledge
        labels: list[str] = []
        if action.name == "entry" and (entry := knowledge.entry(action.argument)) is not None:
            labels += [wording.title for wording in entry.wordings.values()]
        if action.name == "topic" and action.argument in knowledge.topics:
            titles = knowledge.topics[action.argument].titles.values()
            labels += self._said("topics.more") if action.page else titles
        if action.name == "topics":
            labels += self._said("topics.more") if action.page else self._said("topics.title", "topics.back")
        if action.name == "language" and action.argument in knowledge.languages:
            labels.append(knowledge.languages[action.argument].name)
        if action.name == "none":
            labels += self._said("choices.none")
        return {_bare(label) for label in labels} - {""}

    def _said(self, *keys: str) -> list[str]:
        return [self._sentences.say(key, lang) for key in keys for lang in self._knowledge.languages]


def _bare(text: str) -> str:
    return fold(text).strip(" .)?!¿¡")
