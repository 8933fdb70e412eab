"""Small knowledge bases and corpora, made in Python."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from bot.kb.knowledge import Entry, Knowledge, Language, Synonyms, Wording
from bot.matching.corpus import Corpus

Groups = Sequence[Sequence[str]]


def corpus(phrasings: Mapping[str, Sequence[str]], lang: str = "en", never: Sequence[tuple[str, str]] = ()) -> Corpus:
    """The phrasings of each entry as a corpus."""
    entries = tuple(sorted(phrasings))
    pairs = tuple((at, text) for at, entry in enumerate(entries) for text in phrasings[entry])
    return Corpus(lang, entries, pairs, tuple(never))


def wording(
    lang: str = "en",
    title: str = "A title",
    asks: Iterable[str] = (),
    signals: Groups = (),
    not_when: Groups = (),
    keywords: Iterable[str] = (),
) -> Wording:
    return Wording(
        lang=lang,
        by="source",
        title=title,
        asks=tuple(asks),
        answer="An answer.",
        keywords=tuple(keywords),
        signals=tuple(map(tuple, signals)),
        not_when=tuple(map(tuple, not_when)),
    )


def entry(entry_id: str, *wordings: Wording, urgent: bool = False) -> Entry:
    return Entry(
        id=entry_id,
        part="urgent" if urgent else "situations",
        kind="urgent" if urgent else "answer",
        topics=("emergency" if urgent else "practical_help",),
        status="guidance",
        applies_to=("everyone",),
        law=(),
        links=(),
        see=(),
        sources=(),
        confidence="inference",
        reviewed=False,
        wordings={one.lang: one for one in wordings},
    )


def urgent(entry_id: str, signals: Groups, not_when: Groups = (), lang: str = "en") -> Entry:
    """An urgent entry in one language."""
    return entry(entry_id, wording(lang, signals=signals, not_when=not_when), urgent=True)


def knowledge(
    *entries: Entry, never: Mapping[str, Sequence[tuple[str, str]]] | None = None, bare: bool = False
) -> Knowledge:
    """A knowledge base of these entries, in the languages they have wordings in."""
    langs = dict.fromkeys(lang for one in entries for lang in one.wordings)
    return Knowledge(
        name="Small",
        disclaimer={},
        source_language="en",
        languages={lang: Language(lang, lang, "full", "rtl" if lang == "ar" else "ltr") for lang in langs},
        topics={},
        instruments={},
        entries={one.id: one for one in entries},
        emergency=(),
        synonyms={lang: Synonyms(never=tuple(pairs)) for lang, pairs in (never or {}).items()},
        sentences={},
        bare=bare,
    )


MIGRATION = {
    "housing-refused": (
        "landlord says no foreigners",
        "nobody rents me a flat when they hear my accent",
        "they refuse to rent to immigrants",
        "the agency told me the apartment is not for people from abroad",
        "can a landlord refuse me because of my nationality",
        "i was rejected for a room because i am foreign",
        "owner does not want to rent house to migrants",
        "is it legal to say no to foreign tenants",
    ),
    "passport-kept": (
        "my boss keeps my passport",
        "employer took my passport and does not give it back",
        "can the company hold my passport",
        "they took our documents at work",
        "i want my passport back from my employer",
        "the agency has my passport since i arrived",
        "boss says passport is safer with him",
        "my passport is locked in the office",
    ),
    "visa-expired": (
        "my visa expired what can i do",
        "i overstayed my visa",
        "visa ended last month and i am still here",
        "what happens if my visa runs out",
        "my permit is not valid any more",
        "i stayed longer than my visa allowed",
        "can i renew a visa that has expired",
        "my residence permit ran out yesterday",
    ),
    "wages-unpaid": (
        "my boss does not pay me",
        "i worked three months without salary",
        "employer owes me wages",
        "they did not pay my last month",
        "how to get my unpaid salary",
        "company refuses to pay what it promised",
        "i have not been paid for my work",
        "he pays less than agreed",
    ),
    "school": (
        "can my children go to school without papers",
        "school refuses my son because we have no permit",
        "how do i register my daughter at school",
        "does my child need a residence permit for school",
        "education for children of undocumented migrants",
        "the school asks for an address registration",
        "my kids want to study here",
        "is school free for refugee children",
    ),
    "family-join": (
        "how can my wife join me here",
        "i want to bring my family",
        "family reunification rules",
        "my husband is still in our country",
        "can my parents come to live with me",
        "visa for my spouse and children",
        "bring my mother to this country",
        "reunite with my kids",
    ),
}
"""Six entries of eight phrasings: enough to learn heads from."""
