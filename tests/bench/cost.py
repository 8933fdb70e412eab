"""What a system costs: seconds to build and to load, milliseconds a message, memory. Each measured in a process of its own
that uses one numeric thread.

    python -m tests.bench.cost train OUT                      a corpus from standard input: this matcher's training child
    python -m tests.bench.cost build NAME TRAIN OUT           a peer, built and pickled
    python -m tests.bench.cost serve NAME TRAIN OUT MESSAGES  loads what was built and matches
"""

from __future__ import annotations

import json
import os
import pickle
import random
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

MESSAGES = 1_500
WARMING = 200


@dataclass(frozen=True, slots=True)
class Build:
    """Of the whole process that builds, from its start to its end."""

    seconds: float
    processor_seconds: float
    peak_mb: float


@dataclass(frozen=True, slots=True)
class Serving:
    """Of the process that loads what was built and matches messages one by one."""

    load_seconds: float
    p50_ms: float
    p99_ms: float
    peak_mb: float


def costs(name: str, train: Path, messages: Sequence[str], most: int = MESSAGES) -> tuple[Build, Serving]:
    """Builds a system from a file of English rows, loads it in another process and times it on up to `most` of the
    messages, chosen at random, after a few others have warmed it."""
    order = list(messages)
    random.Random(1).shuffle(order)
    with tempfile.TemporaryDirectory() as folder:
        out, asked = Path(folder) / "built", Path(folder) / "messages"
        asked.write_text(json.dumps({"warming": order[most:][:WARMING], "timed": order[:most]}), encoding="utf-8")
        built = _build(name, train, out)
        return built, Serving(**_run("serve", name, str(train), str(out), str(asked)))


def build_cost(name: str, train: Path) -> Build:
    """What building alone costs."""
    with tempfile.TemporaryDirectory() as folder:
        return _build(name, train, Path(folder) / "built")


def _build(name: str, train: Path, out: Path) -> Build:
    from tests.bench.systems import OURS

    begun = time.perf_counter()
    if name == OURS:
        corpus = _knowledge_and_corpora(train)[1]["en"].to_json().encode("utf-8", "surrogatepass")
        begun = time.perf_counter()
        used = _run("train", str(out), given=corpus)
    else:
        used = _run("build", name, str(train), str(out))
    return Build(time.perf_counter() - begun, **used)


def _run(*arguments: str, given: bytes = b"") -> dict[str, Any]:
    from bot.matching.train import environment

    command = [sys.executable, "-m", "tests.bench.cost", *arguments]
    done = subprocess.run(command, input=given, env=environment(), stdout=subprocess.PIPE, check=True)
    figures: dict[str, Any] = json.loads(done.stdout)
    return figures


def _used() -> dict[str, float]:
    return {"processor_seconds": time.process_time(), "peak_mb": _peak_mb()}


def _peak_mb() -> float:
    """The most memory this process ever held. Not from `getrusage`: that one counts the parent's at the fork too."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmHWM"):
            return int(line.split()[1]) / 1024
    raise OSError("/proc/self/status has no VmHWM")


def _knowledge_and_corpora(train: Path) -> tuple[Any, Any]:
    from bot.matching.corpus import corpora
    from tests.bench.intent_data import IntentData
    from tests.bench.systems import bare_knowledge

    knowledge = bare_knowledge({"en": IntentData(train.parent).rows(train.name)})
    return knowledge, corpora(knowledge)


def _train_here(out: str) -> dict[str, float]:
    from bot.matching.train import main as training_child

    training_child([out])
    return _used()


def _build_here(name: str, train: Path, out: Path) -> dict[str, float]:
    from tests.bench.intent_data import IntentData
    from tests.bench.systems import make

    with suppress(OSError, AttributeError):
        os.nice(15)  # as the matcher's training child does
    system = make(name, {"en": IntentData(train.parent).rows(train.name)})
    with out.open("wb") as file:
        pickle.dump(system, file, protocol=pickle.HIGHEST_PROTOCOL)
    return _used()


def _serve_here(name: str, train: Path, out: Path, asked: Path) -> dict[str, float]:
    from tests.bench import systems

    messages = json.loads(asked.read_text(encoding="utf-8"))
    if name == systems.OURS:
        from bot.matching.model_file import load

        knowledge = _knowledge_and_corpora(train)[0]
        begun = time.perf_counter()
        models = {"en": load(out)}
        system: Any = systems.ThisMatcher(knowledge, models)
        loaded = time.perf_counter() - begun
    else:
        for module in systems.MODULES[name]:  # importing is no part of loading, for a peer as for the matcher
            import_module(module)
        begun = time.perf_counter()
        with out.open("rb") as file:
            system = pickle.load(file)
        loaded = time.perf_counter() - begun
    for text in messages["warming"]:
        system.answer(text)
    if name == systems.OURS:
        del system
        system = systems.ThisMatcher(knowledge, models)  # a new one, which remembers no correction
    times = []
    for text in messages["timed"]:
        begun = time.perf_counter()
        system.answer(text)
        times.append((time.perf_counter() - begun) * 1000)
    times.sort()
    p50, p99 = (times[min(len(times) - 1, int(len(times) * share))] for share in (0.5, 0.99))
    return asdict(Serving(loaded, p50, p99, _peak_mb()))


def main(arguments: list[str]) -> None:
    """A child process: figures as JSON on standard output."""
    match arguments:
        case ["train", out]:
            figures = _train_here(out)
        case ["build", name, train, out]:
            figures = _build_here(name, Path(train), Path(out))
        case ["serve", name, train, out, asked]:
            figures = _serve_here(name, Path(train), Path(out), Path(asked))
        case _:
            raise SystemExit(__doc__)
    print(json.dumps(figures))


if __name__ == "__main__":
    main(sys.argv[1:])
