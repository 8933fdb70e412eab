"""The systems compared: this matcher and four usual light ways to find the entry of a message.

Peers' libraries are imported only when one is made, so that a process that measures one system holds no other.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from bot.answering.decide import Override, decide
from bot.kb.knowledge import Entry, Knowledge, Language, Wording
from bot.matching.build import build
from bot.matching.corpus import corpora
from bot.matching.matcher import Matcher
from bot.matching.model import LanguageModel
from tests.bench.intent_data import Row
from tests.bench.measures import Ranked

ByLanguage = Mapping[str, Sequence[Row]]

WRATIO = "rapidfuzz WRatio"
TOKEN_SET = "rapidfuzz token_set_ratio"
BM25 = "bm25s"
SVM = "scikit-learn LinearSVC"
OURS = "this matcher"
NAMES = (WRATIO, TOKEN_SET, BM25, SVM, OURS)
MODULES = {
    WRATIO: ("rapidfuzz.fuzz", "rapidfuzz.process", "rapidfuzz.utils"),
    TOKEN_SET: ("rapidfuzz.fuzz", "rapidfuzz.process", "rapidfuzz.utils"),
    BM25: ("bm25s", "Stemmer"),
    SVM: ("sklearn.feature_extraction.text", "sklearn.pipeline", "sklearn.svm"),
}
"""What each peer is made of."""
SLOW = frozenset({WRATIO, TOKEN_SET})

CONFIDENCE = {
    WRATIO: "best score",
    TOKEN_SET: "best score",
    BM25: "margin over the second label",
    SVM: "best score",
    OURS: "learnt from the phrasings alone",
}
"""What each is trusted by; for bm25s and LinearSVC whichever of best score and margin does better on most measures."""


class System(Protocol):
    """Something that finds labels for messages."""

    def rank(self, text: str) -> Ranked:
        """The best labels, the first with its confidence."""

    def answer(self, text: str) -> str | None:
        """The first label, found the quickest way the system has; this is what is timed."""


def make(name: str, phrasings: ByLanguage) -> System:
    """The named system, trained on phrasings with their labels."""
    if name == OURS:
        return ThisMatcher.trained(phrasings)
    rows = [row for rows in phrasings.values() for row in rows]
    if name == BM25:
        return Bm25(rows, english=set(phrasings) == {"en"})
    if name == SVM:
        return LinearSvm(rows)
    return NearestPhrasing(rows, {WRATIO: "WRatio", TOKEN_SET: "token_set_ratio"}[name])


class Labels:
    """Turns a score for each phrasing into a ranking of their labels: a label is as good as its nearest phrasing."""

    def __init__(self, rows: Sequence[Row]) -> None:
        self.names = sorted({label for _, label in rows})
        place = {label: at for at, label in enumerate(self.names)}
        of_row = np.array([place[label] for _, label in rows])
        self._order = np.argsort(of_row, kind="stable")
        self._starts = np.searchsorted(of_row[self._order], np.arange(len(self.names)))

    def ranked(self, scores: NDArray[Any], *, margin: bool) -> Ranked:
        """From one score a phrasing."""
        return by_score(self.names, np.maximum.reduceat(scores[self._order], self._starts), margin=margin)


def by_score(names: Sequence[str], scores: NDArray[Any], *, margin: bool) -> Ranked:
    """The three best labels; the first is trusted by its score, or by its margin over the second. A peer has no rule for
    saying that it doesn't know, so it always offers the three as choices."""
    best = np.argsort(-scores, kind="stable")[:3]
    sure = float(scores[best[0]])
    if margin and len(best) > 1:
        sure -= float(scores[best[1]])
    labels = tuple(names[at] for at in best)
    return Ranked(labels, sure, choices=labels)


class NearestPhrasing:
    """rapidfuzz: the phrasing with the best score of one of its scorers; the first of equal ones."""

    def __init__(self, rows: Sequence[Row], scorer: str) -> None:
        from rapidfuzz import utils

        self._scorer = scorer
        self._phrasings = [utils.default_process(text) for text, _ in rows]
        self._owners = [label for _, label in rows]
        self._labels = Labels(rows)

    def rank(self, text: str) -> Ranked:
        from rapidfuzz import fuzz, process, utils

        scorer = getattr(fuzz, self._scorer)
        scores = process.cdist([utils.default_process(text)], self._phrasings, scorer=scorer)[0]
        return self._labels.ranked(scores, margin=False)

    def answer(self, text: str) -> str | None:
        from rapidfuzz import fuzz, process, utils

        found = process.extractOne(
            utils.default_process(text), self._phrasings, scorer=getattr(fuzz, self._scorer), processor=None
        )
        return self._owners[found[2]] if found else None


class Bm25:
    """bm25s over phrasings: words, no stop list (it costs two points), stemmed when all is English."""

    def __init__(self, rows: Sequence[Row], *, english: bool) -> None:
        import bm25s  # type: ignore[import-untyped]

        self._english = english
        self._labels = Labels(rows)
        self._count = len(rows)
        self._index = bm25s.BM25()
        self._index.index(self._tokens([text for text, _ in rows]), show_progress=False)

    def rank(self, text: str) -> Ranked:
        words = self._tokens([text])[0]
        scores = self._index.get_scores(words) if words else np.zeros(self._count)
        return self._labels.ranked(scores, margin=True)

    def answer(self, text: str) -> str | None:
        return self.rank(text).first

    def _tokens(self, texts: list[str]) -> list[list[str]]:
        import bm25s

        stemmer = _english_stemmer() if self._english else None
        words: list[list[str]] = bm25s.tokenize(
            texts, stopwords=None, stemmer=stemmer, return_ids=False, show_progress=False
        )
        return words


@cache
def _english_stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


class LinearSvm:
    """scikit-learn: TF-IDF of words 1-2 and of characters 2-5 within words, one linear SVM against the rest a label."""

    def __init__(self, rows: Sequence[Row]) -> None:
        from sklearn.feature_extraction.text import TfidfVectorizer  # type: ignore[import-untyped]
        from sklearn.pipeline import make_pipeline, make_union  # type: ignore[import-untyped]
        from sklearn.svm import LinearSVC  # type: ignore[import-untyped]

        words = TfidfVectorizer(ngram_range=(1, 2))
        characters = TfidfVectorizer(analyzer="char_wb", ngram_range=(2, 5))
        self._model = make_pipeline(make_union(words, characters), LinearSVC())
        self._model.fit([text for text, _ in rows], [label for _, label in rows])
        self._names = [str(name) for name in self._model.classes_]

    def rank(self, text: str) -> Ranked:
        return by_score(self._names, self._model.decision_function([text])[0], margin=False)

    def answer(self, text: str) -> str | None:
        return self.rank(text).first


class ThisMatcher:
    """The bot's own matcher, with its own rules for when to offer which choices."""

    def __init__(self, knowledge: Knowledge, models: Mapping[str, LanguageModel]) -> None:
        self._knowledge = knowledge
        self._matcher = Matcher(knowledge, models)

    @classmethod
    def trained(cls, phrasings: ByLanguage) -> ThisMatcher:
        """Trained here and now, without the cache."""
        knowledge = bare_knowledge(phrasings)
        return cls(knowledge, {lang: build(corpus) for lang, corpus in corpora(knowledge).items()})

    def rank(self, text: str) -> Ranked:
        found = self._matcher.match(text)
        labels = tuple(candidate.entry for candidate in found.candidates)
        decision = decide(found, self._knowledge, Override(answer=_NEVER))
        choices = tuple(one.entry for one in decision.candidates) if decision.outcome == "choices" else ()
        sure = found.candidates[0].confidence if found.candidates else 0.0
        return Ranked(labels, sure, choices=choices, asks_back=found.vague or not labels)

    def answer(self, text: str) -> str | None:
        candidates = self._matcher.match(text).candidates
        return candidates[0].entry if candidates else None


_NEVER = 2.0
"""A confidence that nothing reaches."""


def bare_knowledge(phrasings: ByLanguage) -> Knowledge:
    """A knowledge base with an entry a label, which has the phrasings of each language."""
    asks: dict[str, dict[str, list[str]]] = {}
    for lang, rows in phrasings.items():
        for text, label in rows:
            asks.setdefault(label, {}).setdefault(lang, []).append(text)
    entries = {
        label: Entry(
            id=label,
            part="situations",
            kind="answer",
            topics=(),
            status="guidance",
            applies_to=(),
            law=(),
            links=(),
            see=(),
            sources=(),
            confidence="seen-text",
            reviewed=False,
            wordings={lang: Wording(lang, "source", label, tuple(texts), "-") for lang, texts in by_lang.items()},
        )
        for label, by_lang in sorted(asks.items())
    }
    return Knowledge(
        name="intents",
        disclaimer={},
        source_language=next(iter(phrasings)),
        languages={lang: Language(lang, lang, "full", "ltr") for lang in phrasings},
        topics={},
        instruments={},
        entries=entries,
        emergency=(),
        synonyms={},
        sentences={},
        bare=True,
    )
