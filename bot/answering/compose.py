"""Puts a reply together: which paragraphs, in which order, and what is left out when it gets long."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from bot.answering.reply import Block, plain
from bot.answering.sentences import Sentences
from bot.kb.knowledge import BINDING_NATURES, Entry, Knowledge, Link, Wording

LIMIT = 1500
"""UTF-16 units of a whole reply, the measure of Telegram's own limits."""

LanguageName = Callable[[str, str], str]
"""(language code, language to say it in) → its name."""

_GENERAL = frozenset({"law", "situations", "convention"})
"""Parts whose answers are general information and say so."""
_SEEN = frozenset({"seen-text", "seen-secondary"})


def utf16_length(text: str) -> int:
    """Length in UTF-16 units: what Telegram counts."""
    return len(text) + sum(char > "\uffff" for char in text)


class Composer:
    """Writes the paragraphs of replies in any language of a knowledge base."""

    def __init__(self, knowledge: Knowledge, sentences: Sentences, language_name: LanguageName) -> None:
        self._knowledge = knowledge
        self._sentences = sentences
        self._language_name = language_name

    def answer(
        self, entry: Entry, lang: str, *, corrected: Iterable[str] = (), urgent_line: bool = False
    ) -> list[Block]:
        """An entry as a reply: title, answer, what binds states, what the Convention proposes, notes.

        `corrected` are the words that were read in place of mistyped ones. `urgent_line` puts the one line about danger
        under the answer.
        """
        wording = self._wording(entry, lang)
        say = self._sentences.say
        blocks = [Block("title", wording.title), Block("body", wording.answer)]
        blocks += self._service(entry, lang)
        blocks += self._law(entry, lang)
        if wording.model:
            blocks.append(Block("model", wording.model, say("model.heading", lang)))
        if urgent_line:
            blocks.append(Block("note", say("urgent.line", lang)))
        blocks += [Block("note", text) for text in self._notes(entry, wording, lang, tuple(corrected))]
        return blocks

    def urgent(self, entries: list[Entry], lang: str) -> list[Block]:
        """What to do now. A machine translation is followed by the English, for whoever stands by."""
        blocks = [Block("urgent", self._wording(entry, lang).answer) for entry in entries]
        source = self._knowledge.source_language
        for entry in entries[:1]:
            wording = self._wording(entry, lang)
            if wording.by == "machine" and wording.lang != source:
                blocks.append(Block("note", self._sentences.say("note.machine", lang)))
                blocks.append(Block("note", entry.wording(source, source).answer))
        return blocks

    def sentence(self, name: str, lang: str, *, titled: bool = False) -> list[Block]:
        """One of the bot's own sentences, with its title where it has one."""
        title = [Block("title", self._sentences.say(f"{name}.title", lang))] if titled else []
        return [*title, Block("body", self._sentences.say(f"{name}.body", lang))]

    def link_title(self, link: Link, lang: str) -> str:
        """What the person reads on a link: its title, its language when another, whether anybody opened it yet."""
        details = []
        if link.language and link.language != lang:
            details.append(self._language_name(link.language, lang))
        if link.checked:
            details.append(self._sentences.say("link.checked", lang, date=link.checked))
        else:
            details.append(self._sentences.say("link.not-opened", lang))
        return f"{link.title} ({', '.join(details)})"

    def _wording(self, entry: Entry, lang: str) -> Wording:
        return entry.wording(lang, self._knowledge.source_language)

    def _law(self, entry: Entry, lang: str) -> list[Block]:
        say = self._sentences.say
        binding: list[str] = []
        agreed: list[str] = []
        for ref in entry.law:
            instrument = self._knowledge.instruments[ref.instrument]
            name = instrument.name(lang)
            cited = say("law.article", lang, name=name, articles=ref.articles) if _numbered(ref.articles) else name
            (binding if instrument.nature in BINDING_NATURES else agreed).append(cited)
        unchecked = "" if entry.confidence in _SEEN else " " + say("law.unchecked", lang)
        blocks = []
        if binding:
            text = f"{'; '.join(binding)}. {say('law.differ', lang)}{unchecked}"
            blocks.append(Block("law", text, say("law.binding", lang)))
        if agreed:
            blocks.append(Block("law", f"{'; '.join(agreed)}.{'' if binding else unchecked}", say("law.other", lang)))
        return blocks

    def _service(self, entry: Entry, lang: str) -> list[Block]:
        service = entry.service
        if service is None:
            return []
        say = self._sentences.say
        numbers = ", ".join(
            f"{phone.number} ({phone.note})" if phone.note else phone.number for phone in service.phones
        )
        region = service.region if lang == self._knowledge.source_language else ""  # its words are not translated
        facts = [
            ("service.phone", numbers),
            ("service.region", region),
            ("service.languages", ", ".join(self._language_name(code, lang) for code in service.languages)),
            ("service.people", ", ".join(service.people)),
            ("service.date", service.date or ""),
        ]
        lines = [f"{say(key, lang)}: {value}" for key, value in facts if value]
        if not service.url and not service.alt_urls:
            lines.append(say("service.no-address", lang))
        return [Block("body", "\n".join(lines))] if lines else []

    def _notes(self, entry: Entry, wording: Wording, lang: str, corrected: tuple[str, ...]) -> list[str]:
        say = self._sentences.say
        notes = []
        if wording.lang != lang:
            notes.append(say("note.only", lang, language=self._language_name(wording.lang, lang)))
        if wording.by == "machine":
            notes.append(say("note.machine", lang))
        if corrected:
            notes.append(say("note.resembles", lang, words=", ".join(corrected[:6])))
        if entry.part in _GENERAL:
            notes.append(say("note.general", lang))
        return notes


def fit(blocks: Iterable[Block], limit: int = LIMIT) -> tuple[Block, ...]:
    """The blocks within `limit`: dropped from the end, but never one about danger, nor the first."""
    kept = list(blocks)
    while len(kept) > 1 and utf16_length("\n\n".join(plain(block) for block in kept)) > limit:
        last = next((at for at in range(len(kept) - 1, 0, -1) if kept[at].role != "urgent"), None)
        if last is None:
            break
        del kept[last]
    return tuple(kept)


def _numbered(articles: str) -> bool:
    """Whether `articles` are numbers, rather than words such as "whole text"."""
    return articles[:1].isdigit() or articles.isupper() or articles[:1] in "IVX"
