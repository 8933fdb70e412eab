"""The rule that no reply gets longer than a person should read: measured on replies as they are shown."""

from __future__ import annotations

from collections.abc import Iterator

from bot.answering.compose import LIMIT, Composer, LanguageName, utf16_length
from bot.answering.reply import plain
from bot.answering.sentences import Sentences
from bot.kb.knowledge import Knowledge
from bot.kb.problem import ExtraRule, Finding


def reply_length_rule(language_name: LanguageName) -> ExtraRule:
    """A rule for the loader: every entry's reply, in every language it is written in, stays within the limit."""

    def rule(knowledge: Knowledge) -> Iterator[Finding]:
        composer = Composer(knowledge, Sentences(knowledge.sentences, knowledge.source_language), language_name)
        for entry in knowledge.entries.values():
            for lang in entry.wordings:
                urgent = entry.kind == "urgent"
                blocks = composer.urgent([entry], lang) if urgent else composer.answer(entry, lang, urgent_line=True)
                length = utf16_length("\n\n".join(plain(block) for block in blocks))
                if length > LIMIT:
                    message = f"the whole reply is {length} characters long and may have {LIMIT}; shorten the answer"
                    yield Finding(entry.id, lang, "answer", message)

    return rule
