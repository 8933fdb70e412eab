"""How fast and how large: build, load, match, reply, and replies while a rebuild runs."""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from pathlib import Path
from statistics import median
from typing import Any

from rich.console import Console
from rich.table import Table

from bot.answering.assistant import Assistant
from bot.answering.message import Conversation, Message
from bot.app import read_knowledge, servable
from bot.evaluation import synthetic
from bot.kb.knowledge import Knowledge
from bot.language_names import language_name
from bot.matching.corpus import Corpus, corpora
from bot.matching.matcher import Matcher
from bot.matching.model_file import file_name, load
from bot.matching.train import command, environment

AN_ENTRY = 25
"""Phrasings of an entry in the synthetic bases."""
MESSAGES = 1_500
Say = Callable[[str], None]


def run(folder: Path, sizes: Sequence[int], say: Say) -> list[dict[str, Any]]:
    """One row of figures a knowledge base: the one in `folder`, then synthetic ones of `sizes` phrasings.

    Times are in milliseconds, builds and loads in seconds, memory in MB. Every base is measured in a process of its own.
    """
    say(f"measuring {folder} ...")
    rows = [_in_a_process({"folder": str(folder)})]
    for size in sizes:
        say(f"measuring a synthetic base of {size:,} phrasings ...")
        rows.append(_in_a_process({"size": size}))
    return rows


def show(rows: Sequence[dict[str, Any]], console: Console) -> None:
    """The rows as a table."""
    table = Table("figure", *(row["base"] for row in rows))
    for name in dict.fromkeys(name for row in rows for name in row if name != "base"):
        table.add_row(name, *(str(row.get(name, "-")) for row in rows))
    console.print(table)


def measure(folder: Path | None, size: int) -> dict[str, Any]:
    """The figures of one base, measured here and now."""
    knowledge: Knowledge | None = None
    if folder is not None:
        begun = time.perf_counter()
        knowledge = servable(read_knowledge(folder), folder)
        read = time.perf_counter() - begun
        wanted = corpora(knowledge)
    else:
        wanted, read = {"en": synthetic.corpus(size, AN_ENTRY)}, 0.0
    with tempfile.TemporaryDirectory() as cache:
        built, peak = _build(wanted, Path(cache))
        begun = time.perf_counter()
        models = {lang: load(Path(cache) / file_name(corpus)) for lang, corpus in wanted.items()}
        loaded = time.perf_counter() - begun
        texts = _messages(knowledge, wanted)
        knowledge = knowledge or synthetic.knowledge(wanted["en"])
        matcher = Matcher(knowledge, models)
        assistant = Assistant(knowledge, matcher, language_name)
        row: dict[str, Any] = {
            "base": "knowledge base" if folder is not None else f"synthetic {size:,}",
            "entries": len(knowledge.entries),
            "phrasings": sum(len(corpus.phrasings) for corpus in wanted.values()),
            "read knowledge s": round(read, 2),
            "build s": round(built, 2),
            "load model s": round(loaded, 3),
            "training child peak MB": round(peak),
            "model files MB": round(sum(path.stat().st_size for path in Path(cache).glob("*.model")) / 1e6, 1),
        }
        row |= _timed("match", texts, matcher.match)
        row |= _timed("reply", texts, lambda text: assistant.reply(Message(text), Conversation()))
        row["serving process MB"] = round(_resident())
        if folder is not None:
            row |= asyncio.run(_while_building(assistant, texts, wanted))
    return row


def _build(wanted: dict[str, Corpus], cache: Path) -> tuple[float, float]:
    """Seconds to train all languages one after another, and the largest child's peak memory in MB."""
    begun = time.perf_counter()
    peak = 0.0
    for corpus in wanted.values():
        with subprocess.Popen(command(cache / file_name(corpus)), stdin=subprocess.PIPE, env=environment()) as child:
            assert child.stdin is not None  # noqa: S101 - asked for by PIPE
            child.stdin.write(corpus.to_json().encode("utf-8", "surrogatepass"))
            child.stdin.close()
            _, status, used = os.wait4(child.pid, 0)
            child.returncode = os.waitstatus_to_exitcode(status)
            peak = max(peak, used.ru_maxrss / 1024)
    return time.perf_counter() - begun, peak


async def _while_building(assistant: Assistant, texts: list[str], wanted: dict[str, Corpus]) -> dict[str, Any]:
    """p99 of replies, one every 5 ms, without and with a rebuild running beside."""
    alone = await _paced(assistant, texts, seconds=3.0)
    with tempfile.TemporaryDirectory() as cache:
        corpus = max(wanted.values(), key=lambda one: len(one.phrasings))
        child = await asyncio.create_subprocess_exec(
            *command(Path(cache) / file_name(corpus)), stdin=asyncio.subprocess.PIPE, env=environment()
        )
        feeding = asyncio.create_task(child.communicate(corpus.to_json().encode("utf-8", "surrogatepass")))
        beside = await _paced(assistant, texts, seconds=3.0)
        with suppress(ProcessLookupError):
            child.kill()
        await feeding
    return {"reply p99 ms, paced": _p99(alone), "reply p99 ms, while a rebuild runs": _p99(beside)}


async def _paced(assistant: Assistant, texts: list[str], seconds: float) -> list[float]:
    times = []
    ends = time.perf_counter() + seconds
    at = 0
    while time.perf_counter() < ends:
        begun = time.perf_counter()
        assistant.reply(Message(texts[at % len(texts)]), Conversation())
        times.append(time.perf_counter() - begun)
        at += 1
        await asyncio.sleep(0.005)
    return times


def _timed(name: str, texts: list[str], call: Callable[[str], object]) -> dict[str, Any]:
    for text in texts[:50]:
        call(text)
    times = []
    for text in texts:
        begun = time.perf_counter()
        call(text)
        times.append(time.perf_counter() - begun)
    return {f"{name} p50 ms": round(median(times) * 1000, 2), f"{name} p99 ms": _p99(times)}


def _p99(times: list[float]) -> float:
    ordered = sorted(times)
    return round(ordered[min(len(ordered) - 1, int(len(ordered) * 0.99))] * 1000, 2)


def _messages(knowledge: Knowledge | None, wanted: dict[str, Corpus]) -> list[str]:
    own = [one.text for one in knowledge.checks] if knowledge is not None else []
    if not own:
        return synthetic.messages(next(iter(wanted.values())), MESSAGES)
    return [own[at % len(own)] for at in range(MESSAGES)]


def _resident() -> float:
    with suppress(OSError):
        for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
            if line.startswith("VmRSS"):
                return int(line.split()[1]) / 1024
    return 0.0


def _in_a_process(task: dict[str, Any]) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-m", "bot.bench", json.dumps(task)],
        env=environment(),
        stdout=subprocess.PIPE,
        check=True,
    )
    row: dict[str, Any] = json.loads(done.stdout)
    return row


if __name__ == "__main__":
    given = json.loads(sys.argv[1])
    print(json.dumps(measure(Path(given["folder"]) if "folder" in given else None, int(given.get("size", 0)))))
