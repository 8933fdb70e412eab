"""Training in a child process at low priority, so that the bot goes on answering at full speed.

Parent: `trained(corpus, folder)` gives the model of a corpus, from the cache or from a child.
Child:  `python -m bot.matching.train OUT` reads a corpus (`Corpus.to_json`) from standard input, writes the model file.

Cold start, reload and warm start all go this way; the bot only ever loads the file.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from pathlib import Path

from bot.errors import ModelFileError, TrainingError
from bot.matching.corpus import Corpus
from bot.matching.model import LanguageModel
from bot.matching.model_file import file_name, load, save

TIME_LIMIT = 900.0
"""Seconds that a child may take."""
KEEP_FOR = 7 * 86400.0
"""Seconds after which a model that nobody used is removed."""


def cached(corpus: Corpus, folder: Path) -> LanguageModel | None:
    """The model of a corpus if the cache has it, whole and made by this code."""
    path = folder / file_name(corpus)
    try:
        model = load(path)
    except ModelFileError:
        return None
    with contextlib.suppress(OSError):
        os.utime(path)  # in use: not to be cleared away
    return model


async def trained(corpus: Corpus, folder: Path) -> LanguageModel:
    """The model of a corpus, trained by a child unless the cache has it.

    Raises:
        TrainingError: the child failed, or its file can't be read.
    """
    model = cached(corpus, folder)
    if model is not None:
        return model
    path = folder / file_name(corpus)
    child = await asyncio.create_subprocess_exec(
        *command(path),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        stderr=asyncio.subprocess.PIPE,
        env=environment(),
    )
    try:
        text = corpus.to_json().encode("utf-8", "surrogatepass")
        _, errors = await asyncio.wait_for(child.communicate(text), TIME_LIMIT)
    except BaseException as error:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()
        if isinstance(error, TimeoutError):
            raise TrainingError(
                f"Training {corpus.lang} took more than {TIME_LIMIT:.0f} s and was stopped."
            ) from None
        raise
    if child.returncode:
        last = errors.decode(errors="replace").strip().splitlines()[-1:] or ["no message"]
        raise TrainingError(f"Training {corpus.lang} failed (exit {child.returncode}): {last[0]}")
    try:
        return await asyncio.to_thread(load, path)
    except ModelFileError as error:
        raise TrainingError(f"The model just trained can't be read: {error}") from error


def clear_unused(folder: Path, now: float | None = None) -> int:
    """Removes models that nobody used for a week; gives their number."""
    before = (time.time() if now is None else now) - KEEP_FOR
    removed = 0
    for path in (*folder.glob("*.model"), *folder.glob("*.part")):
        with contextlib.suppress(OSError):
            if path.stat().st_mtime < before:
                path.unlink()
                removed += 1
    return removed


def command(path: Path) -> list[str]:
    """The child's command line; it reads a corpus from standard input."""
    return [sys.executable, "-m", "bot.matching.train", str(path)]


def environment() -> dict[str, str]:
    """The child's environment: one numeric thread, no secrets, and this code's folder first on the path."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR") if name in os.environ}
    root = str(Path(__file__).resolve().parents[2])
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return {**kept, **threads, "PYTHONPATH": root, "PYTHONHASHSEED": "0"}


def main(arguments: list[str]) -> int:
    """The child: a corpus in, a model file out."""
    with contextlib.suppress(OSError, AttributeError):
        os.nice(15)
    from bot.matching.build import build

    corpus = Corpus.from_json(sys.stdin.buffer.read().decode("utf-8", "surrogatepass"))
    save(build(corpus), Path(arguments[0]))
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
