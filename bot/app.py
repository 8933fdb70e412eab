"""Where the parts are put together: a folder of knowledge becomes an assistant that answers."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.answering.assistant import Assistant
from bot.answering.decide import NO_OVERRIDE, Override
from bot.answering.lengths import reply_length_rule
from bot.errors import KnowledgeError
from bot.kb.knowledge import Knowledge
from bot.kb.loader import Loaded, ParseCache, load
from bot.language_names import language_name
from bot.matching.corpus import Corpus, corpora
from bot.matching.matcher import Matcher
from bot.matching.model import LanguageModel
from bot.matching.model_file import file_name
from bot.matching.train import trained

TRAINED_AT_ONCE = 2
"""Child processes at a time: each takes one core and some hundred megabytes."""


def read_knowledge(root: Path, cache: ParseCache | None = None) -> Loaded:
    """Loads and checks a folder with every rule, those about replies included."""
    return load(root, cache=cache, extra_rules=[reply_length_rule(language_name)])


def servable(loaded: Loaded, root: Path) -> Knowledge:
    """The knowledge that was loaded.

    Raises:
        KnowledgeError: it has errors; all of them are in `problems`.
    """
    if loaded.knowledge is not None:
        return loaded.knowledge
    errors = [str(problem) for problem in loaded.problems if problem.level == "error"]
    summary = f"The knowledge base in {root} has {len(errors)} error(s) and can't be served. See: run_bot.py check"
    raise KnowledgeError(summary, errors)


def is_trained(knowledge: Knowledge, models: Path) -> bool:
    """Whether the folder `models` has every model of a knowledge base, so that nobody has to wait."""
    return all((models / file_name(corpus)).is_file() for corpus in corpora(knowledge).values())


async def make_assistant(knowledge: Knowledge, models: Path, override: Override = NO_OVERRIDE) -> Assistant:
    """An assistant on a knowledge base, its models from the folder `models` or trained into it by child processes.

    Raises:
        TrainingError: a model can't be made.
    """
    gate = asyncio.Semaphore(TRAINED_AT_ONCE)
    wanted = corpora(knowledge)

    async def model(corpus: Corpus) -> LanguageModel:
        async with gate:
            return await trained(corpus, models)

    made = await asyncio.gather(*(model(corpus) for corpus in wanted.values()))
    return Assistant(knowledge, Matcher(knowledge, dict(zip(wanted, made, strict=True))), language_name, override)
