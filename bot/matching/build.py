"""Builds the model of one language from its phrasings, and learns from them alone when to trust it."""

from __future__ import annotations

from dataclasses import replace

from bot.matching.assembly import assemble, prepare
from bot.matching.calibration import learn_heads
from bot.matching.corpus import Corpus
from bot.matching.model import LanguageModel


def build(corpus: Corpus) -> LanguageModel:
    """The finished model of a language, with its heads and thresholds. Deterministic."""
    phrasings = prepare(corpus)
    model = assemble(corpus, phrasings)
    heads = learn_heads(corpus, phrasings)
    return replace(model, rerank=heads.rerank, confidence=heads.confidence, thresholds=heads.thresholds)
