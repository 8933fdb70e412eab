from __future__ import annotations

import asyncio
import contextlib
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.errors import TrainingError
from bot.matching import train
from bot.matching.corpus import Corpus
from bot.matching.matcher import Matcher
from bot.matching.model_file import file_name
from bot.matching.train import cached, clear_unused, environment, trained
from tests.matching.small import MIGRATION, corpus, knowledge

Children = list[list[str]]


@pytest.fixture
def children(monkeypatch: pytest.MonkeyPatch) -> Children:
    """The command line of every child that is started; they run as always."""
    started: Children = []
    original = train.command

    def counted(path: Path) -> list[str]:
        started.append(original(path))
        return started[-1]

    monkeypatch.setattr(train, "command", counted)
    return started


@pytest.fixture
def instead(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Runs some Python instead of the training; the model's path is `sys.argv[1]`."""

    def use(code: str) -> None:
        monkeypatch.setattr(train, "command", lambda path: [sys.executable, "-c", code, str(path)])

    return use


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def running(folder: Path) -> bool:
    """Whether the child that wrote its number into the folder runs."""
    for path in folder.glob("*.pid"):
        with contextlib.suppress(ProcessLookupError, ValueError):
            os.kill(int(path.read_text()), 0)
            return True
    return False


def written(folder: Path) -> str:
    return "".join(path.read_text() for path in folder.glob("*.env"))


SMALL = corpus({name: MIGRATION[name][:4] for name in ("school", "wages-unpaid", "visa-expired")})


async def test_a_child_trains_once_and_the_cache_is_used_from_then_on(tmp_path: Path, children: Children) -> None:
    assert cached(SMALL, tmp_path) is None
    first = await trained(SMALL, tmp_path)
    assert Matcher(knowledge(), {"en": first}).match("school for my kid").candidates[0].entry == "school"
    again = await trained(SMALL, tmp_path)
    assert (again.entries, again.phrasings, again.rerank) == (first.entries, first.phrasings, first.rerank)
    assert cached(SMALL, tmp_path) is not None
    assert len(children) == 1
    assert names(tmp_path) == [file_name(SMALL)]


@pytest.mark.parametrize("damage", [lambda content: content[:-1], lambda content: b"", lambda content: b"x" * 5000])
async def test_a_broken_cache_file_is_made_anew(
    tmp_path: Path, children: Children, damage: Callable[[bytes], bytes]
) -> None:
    path = tmp_path / file_name(SMALL)
    await trained(SMALL, tmp_path)
    whole = path.read_bytes()
    path.write_bytes(damage(whole))
    assert cached(SMALL, tmp_path) is None
    await trained(SMALL, tmp_path)
    assert path.read_bytes() == whole
    assert len(children) == 2


async def test_texts_of_any_kind_reach_the_child(tmp_path: Path) -> None:
    odd = Corpus("hi", ("a", "b"), ((0, "मेरा पासपोर्ट 👍"), (0, 'lone \ud800 "quote"\n'), (1, "ሰላም")))
    model = await trained(odd, tmp_path)
    assert model.phrasings == ("मेरा पासपोर्ट 👍", "lone quote", "ሰላም")


async def test_two_at_once_get_the_same_model(tmp_path: Path) -> None:
    one, other = await asyncio.gather(trained(SMALL, tmp_path), trained(SMALL, tmp_path))
    assert one.phrasings == other.phrasings
    assert names(tmp_path) == [file_name(SMALL)]


async def test_a_folder_that_cant_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(TrainingError) as caught:
        await trained(SMALL, tmp_path / "file")
    assert str(caught.value).startswith("Training en failed (exit 1): FileExistsError: ")
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("code", "message"),
    [
        ("raise ValueError('no good')", "Training en failed (exit 1): ValueError: no good"),
        ("import sys; sys.stdin.read(); sys.exit('one\\ntwo\\n')", "Training en failed (exit 1): two"),
        ("import sys; sys.exit(3)", "Training en failed (exit 3): no message"),
        ("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", "Training en failed (exit -9): no message"),
        ("import os; os.write(2, b'\\xff\\xfe bad'); os._exit(4)", "Training en failed (exit 4): \ufffd\ufffd bad"),
    ],
)
async def test_a_child_that_fails_is_told_in_one_line(
    tmp_path: Path, instead: Callable[[str], None], code: str, message: str
) -> None:
    instead(code)
    with pytest.raises(TrainingError) as caught:
        await trained(SMALL, tmp_path)
    assert str(caught.value) == message


async def test_a_child_that_writes_nothing(tmp_path: Path, instead: Callable[[str], None]) -> None:
    instead("pass")
    with pytest.raises(TrainingError) as caught:
        await trained(SMALL, tmp_path)
    assert str(caught.value) == (
        f"The model just trained can't be read: {file_name(SMALL)}: can't be opened (FileNotFoundError)"
    )


async def test_a_child_that_takes_too_long_is_ended(
    tmp_path: Path, instead: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    instead("import os, sys, time; open(sys.argv[1] + '.pid', 'w').write(str(os.getpid())); time.sleep(600)")
    monkeypatch.setattr(train, "TIME_LIMIT", 1.0)
    with pytest.raises(TrainingError, match=r"^Training en took more than 1 s and was stopped\.$"):
        await trained(SMALL, tmp_path)
    assert not running(tmp_path)


async def test_a_child_ends_with_the_one_who_waits(tmp_path: Path, instead: Callable[[str], None]) -> None:
    instead("import os, sys, time; open(sys.argv[1] + '.pid', 'w').write(str(os.getpid())); time.sleep(600)")
    waiting = asyncio.create_task(trained(SMALL, tmp_path))
    while not running(tmp_path):  # noqa: ASYNC110 - it runs in another process
        await asyncio.sleep(0.01)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert not running(tmp_path)


async def test_the_child_knows_no_secrets(
    tmp_path: Path, instead: Callable[[str], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("TELEGRAM_BOT_TOKEN", "DATABASE_URL", "WEBHOOK_SECRET", "MODERATORS", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "a secret")
    instead("import os, json, sys; json.dump(dict(os.environ), open(sys.argv[1] + '.env', 'w'))")
    with pytest.raises(TrainingError):
        await trained(SMALL, tmp_path)
    assert '"PATH"' in written(tmp_path)
    assert "a secret" not in written(tmp_path)


def test_the_childs_environment_is_a_short_list() -> None:
    allowed = {"PATH", "HOME", "LANG", "SYSTEMROOT", "TMPDIR", "PYTHONPATH", "PYTHONHASHSEED"}
    threads = {"OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"}
    assert set(environment()) <= allowed | threads
    assert {environment()[name] for name in threads} == {"1"}


def test_models_that_nobody_used_for_a_week_are_cleared(tmp_path: Path) -> None:
    now = time.time()
    for name, days in (("old.model", 8), ("rest.part", 8), ("new.model", 6), ("note.txt", 100)):
        (tmp_path / name).write_text("x")
        os.utime(tmp_path / name, (now - days * 86400, now - days * 86400))
    assert clear_unused(tmp_path, now) == 2
    assert names(tmp_path) == ["new.model", "note.txt"]
    assert clear_unused(tmp_path / "missing") == 0


async def test_a_model_in_use_is_not_cleared(tmp_path: Path) -> None:
    await trained(SMALL, tmp_path)
    path = tmp_path / file_name(SMALL)
    os.utime(path, (0, 0))
    assert cached(SMALL, tmp_path) is not None
    assert clear_unused(tmp_path) == 0
