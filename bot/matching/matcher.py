"""Text in, ranked candidates with evidence out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from bot.kb.knowledge import Knowledge
from bot.matching.candidate import Candidate
from bot.matching.model import LanguageModel, Thresholds
from bot.matching.rank import confidence_measures, reranked, shortlist
from bot.matching.signals import Alarms, SignalEngine
from bot.matching.spelling import RUN_TOGETHER, Speller
from bot.matching.story import LONG, blended, pieces
from bot.text.language import Guess, guess_language
from bot.text.normalise import excerpt, fold
from bot.text.scripts import Script, scripts_in
from bot.text.tokens import tokens


@dataclass(frozen=True, slots=True)
class Match:
    """All that is known about a message before anything is decided."""

    guess: Guess
    lang: str
    """The language of the phrasings that matched."""
    candidates: tuple[Candidate, ...]
    alarms: Alarms
    corrected: Mapping[str, str]
    thresholds: Thresholds
    empty: bool = False
    """The message holds no word at all."""
    vague: bool = False
    """The message is one word that several entries use: it may mean any of them."""
    parts: tuple[Candidate, ...] = ()
    """Of a story, the best candidate of each of its pieces, in order."""


_SWITCH = 0.1
"""Another language than the likeliest must be so much surer to be taken."""
_MOST_CANDIDATES = 5
_VAGUE = 3
"""A single word that so many entries use says too little."""


class Matcher:
    """Matches messages against the models of all languages of a knowledge base."""

    def __init__(self, knowledge: Knowledge, models: Mapping[str, LanguageModel]) -> None:
        self.models = dict(models)
        self._spellers: dict[str, Speller] = {lang: model.speller() for lang, model in self.models.items()}
        self._exact = {lang: _only_owners(model) for lang, model in self.models.items()}
        self._vocabularies = {lang: model.words.keys() for lang, model in self.models.items()}
        self._scripts = {lang: _scripts(model) for lang, model in self.models.items()}
        self._asides = frozenset(
            entry.id for entry in knowledge.entries.values() if entry.kind in ("smalltalk", "urgent")
        )
        self._engines = [SignalEngine(lang, knowledge) for lang in knowledge.languages]

    def match(self, text: str, *, preferred: str | None = None, hint: str | None = None) -> Match:
        """Ranks the entries for a message. `preferred` is the language that the person chose, `hint` a guess from outside."""
        folded = fold(excerpt(text))
        words = tokens(folded)
        guess = guess_language(words, self._vocabularies, scripts=self._scripts, preferred=preferred, hint=hint)
        folded = self._cut_apart(folded, words, guess)
        alarms = self._alarms(folded)
        tried = [self._in_language(lang, words, guess, alarms) for lang in guess.ranked[: 1 if guess.clear else 2]]
        if not tried:
            return Match(guess, "", (), alarms, {}, Thresholds(0.5, 0.3), empty=True)
        best = tried[0]
        for other in () if best.vague else tried[1:]:
            if _first(other) > _first(best) + _SWITCH:
                best = other
        if len(words) >= LONG and best.candidates:
            best = self._of_story(best, folded)
        return replace(best, vague=any(one.vague for one in tried))

    def _cut_apart(self, folded: str, words: Sequence[str], guess: Guess) -> str:
        """The message with words that were run together cut apart: danger is looked for before typos are mended."""
        if guess.ranked:
            for word in dict.fromkeys(words):
                if len(word) >= RUN_TOGETHER and " " in (meant := self._spellers[guess.ranked[0]].correct(word)):
                    folded = folded.replace(word, meant)
        return folded

    def _of_story(self, whole: Match, folded: str) -> Match:
        parts = [
            (self._in_language(whole.lang, words, whole.guess, whole.alarms).candidates, weight)
            for words, weight in pieces(folded)
        ]
        together = blended(whole.candidates, parts, self._asides)[:_MOST_CANDIDATES]
        return replace(whole, candidates=together, parts=tuple(found[0] for found, _ in parts if found))

    def _alarms(self, folded: str) -> Alarms:
        found = [engine.find(folded) for engine in self._engines]
        now = [alarm for alarms in found for alarm in alarms.now]
        now.sort(key=lambda alarm: (-alarm.groups, alarm.position))
        raised = dict.fromkeys(alarm.entry for alarm in now)
        unique = tuple(next(alarm for alarm in now if alarm.entry == entry) for entry in raised)
        withheld = tuple(entry for alarms in found for entry in alarms.withheld if entry not in raised)
        return Alarms(unique, tuple(dict.fromkeys(withheld)))

    def _in_language(self, lang: str, typed: Sequence[str], guess: Guess, alarms: Alarms) -> Match:
        model = self.models[lang]
        words, corrected = self._spellers[lang].mend(list(typed))
        if not words or not model.entries:
            return Match(guess, lang, (), alarms, {}, model.thresholds, empty=not words)
        vector, stems = model.vector(words)
        if not len(vector.columns):
            return Match(guess, lang, (), alarms, {}, model.thresholds)
        exact = self._exact[lang].get(" ".join(words))
        found = shortlist(model, words, stems, vector, exact=exact)
        order, likelihood = reranked(model, found, exact)
        sure = float(likelihood[order[0]])
        if model.confidence is not None:
            sure = float(model.confidence.probability(confidence_measures(found, order, likelihood)[None])[0])
        first = float(likelihood[order[0]]) or 1.0
        candidates = tuple(
            Candidate(
                entry=model.entries[found.entries[at]],
                confidence=round(sure * min(1.0, float(likelihood[at]) / first), 4),
                phrasing=model.phrasings[found.nearest[at]],
                explained=round(float(found.measures[at, 5]), 4),
                words=tuple(dict.fromkeys(words[place] for place in found.explained_words[at])),
            )
            for at in order
        )
        vague = len(words) == 1 and len(model.stems.lookup(stems)[1][0]) >= _VAGUE
        return Match(guess, lang, candidates, alarms, corrected, model.thresholds, vague=vague)


def _first(match: Match) -> float:
    return match.candidates[0].confidence if match.candidates else -1.0


def _only_owners(model: LanguageModel) -> dict[str, int]:
    """The entry of each phrasing that no other entry has."""
    owner: dict[str, int] = {}
    shared: set[str] = set()
    for entry, (first, last) in enumerate(pairwise(model.rows_of.tolist())):
        for phrasing in model.phrasings[first:last]:
            if owner.setdefault(phrasing, entry) != entry:
                shared.add(phrasing)
    return {phrasing: entry for phrasing, entry in owner.items() if phrasing not in shared}


def _scripts(model: LanguageModel) -> frozenset[Script]:
    sample = np.linspace(0, len(model.phrasings) - 1, min(200, len(model.phrasings))).astype(int)
    return scripts_in(" ".join(model.phrasings[at] for at in sample.tolist()))
