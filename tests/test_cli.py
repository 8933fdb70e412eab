"""The verbs, as real processes: what they print, where, and with which exit code."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.answering.assistant import Assistant
from tests.fake_bot_api import TOKEN
from tests.knowledge_folder import KnowledgeFolder, write_knowledge
from tests.running import ROOT, run_bot

Run = Callable[..., "subprocess.CompletedProcess[str]"]
NOWHERE = "http://127.0.0.1:9/bot"
"""Where nobody answers: no test asks Telegram."""


@pytest.fixture
def run(tmp_path: Path, data_dir: Path, small: Assistant, small_folder: KnowledgeFolder) -> Run:
    """Runs a verb on the small knowledge base, which is trained already, in an empty folder."""

    def call(*arguments: str, **options: object) -> subprocess.CompletedProcess[str]:
        env = {"DATA_DIR": str(data_dir), "KNOWLEDGE_DIR": str(small_folder.root), "TELEGRAM_API_BASE_URL": NOWHERE}
        env.update(options.pop("env", {}))  # type: ignore[call-overload]
        return run_bot(*arguments, cwd=tmp_path, env=env, **options)  # type: ignore[arg-type]

    return call


@pytest.fixture
def broken(tmp_path: Path) -> KnowledgeFolder:
    """A small knowledge base with two things wrong in two files."""
    base = write_knowledge(tmp_path / "broken" / "knowledge")
    base.replace("entries/situations/housing.yaml", "status: guidance", "status: advice")
    base.replace("topics.yaml", "topics:", "topics: [")
    return base


def test_without_a_token_it_says_in_two_lines_how_to_get_one_and_talks(run: Run) -> None:
    done = run(stdin="landlord says no foreigners\n1\n/quit\n")
    lines = done.stdout.splitlines()
    assert lines[0] == "There is no TELEGRAM_BOT_TOKEN, so this is the bot in your terminal (/quit leaves)."
    assert lines[1] == (
        "For Telegram: write /newbot to @BotFather there, then run: TELEGRAM_BOT_TOKEN=... python run_bot.py"
    )
    assert lines[2] == "", "the greeting follows"
    assert "A landlord refuses me because I am foreign" in done.stdout
    assert "Ask a union. Keep proof of your hours." in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_the_shipped_knowledge_is_the_default(tmp_path: Path, data_dir: Path, shipped_assistant: Assistant) -> None:
    done = run_bot(cwd=tmp_path, env={"DATA_DIR": str(data_dir)}, stdin="lanlord dont rent to forigners\n")
    assert shipped_assistant.knowledge.entries["housing-refused"].wordings["en"].title in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_the_chat_ends_with_the_input(run: Run) -> None:
    assert run("chat").returncode == 0


def test_the_chat_survives_input_that_is_no_text(run: Run) -> None:
    done = run("chat", stdin=b"\xff\xfe\x00 hm\nour boat is sinking\n")
    assert "Call 112 now." in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_the_chat_in_spanish(run: Run) -> None:
    assert "Mi jefe no me paga" in run("chat", "--lang", "es", stdin="el jefe no paga\n").stdout


def test_serve_without_a_token_is_one_clear_line(run: Run) -> None:
    done = run("serve")
    assert done.stderr == "TELEGRAM_BOT_TOKEN is not set. Get a token from @BotFather in Telegram and put it there.\n"
    assert (done.returncode, done.stdout) == (2, "")


def test_a_token_that_is_none_is_one_clear_line_without_it(run: Run) -> None:
    done = run("serve", env={"TELEGRAM_BOT_TOKEN": "my-secret-by-mistake"})
    assert done.returncode == 2
    assert len(done.stderr.splitlines()) == 1
    assert "my-secret" not in done.stderr
    assert "TELEGRAM_BOT_TOKEN does not look like a bot token" in done.stderr


@pytest.mark.parametrize("verb", [("serve",), ("ask", "hello"), ("chat",), ()])
def test_broken_knowledge_is_told_in_full_and_not_served(
    run: Run, broken: KnowledgeFolder, verb: tuple[str, ...]
) -> None:
    done = run(
        *verb, env={"KNOWLEDGE_DIR": str(broken.root), "TELEGRAM_BOT_TOKEN": TOKEN if verb == ("serve",) else ""}
    )
    assert done.returncode == 1
    lines = done.stderr.splitlines()
    assert any(line.startswith("knowledge/topics.yaml:") for line in lines)
    assert any(line.startswith("knowledge/entries/situations/housing.yaml:30: status: ") for line in lines)
    assert lines[-1].startswith(f"The knowledge base in {broken.root} has ")
    assert lines[-1].endswith("error(s) and can't be served. See: run_bot.py check")
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nonsense"], "No such command 'nonsense'."),
        (["serv"], "No such command 'serv'. Did you mean 'serve'?"),
        (["ask", "--nonsense", "x"], "No such option: --nonsense"),
        (["ask", "one", "two"], "Got unexpected extra argument(s) (two)"),
        (["chat", "--lang"], "Option '--lang' requires an argument."),
        (["ask"], 'Give one question, as in: ask "my boss keeps my passport"; or --jsonl for many.'),
        (
            ["ask", "hello", "--jsonl"],
            'Give one question, as in: ask "my boss keeps my passport"; or --jsonl for many.',
        ),
        (["ask", "hello", "--lang", "tlh"], "--lang tlh: unknown language; the knowledge base has en, es"),
        (["ask", "--jsonl", "--lang", "tlh"], "--lang tlh: unknown language; the knowledge base has en, es"),
        (["chat", "--lang", "tlh"], "--lang tlh: unknown language; the knowledge base has en, es"),
        (
            ["check", "--knowledge", "no-such"],
            "no-such: there is no such folder. Give the folder of a knowledge base.",
        ),
        (["bench", "--sizes", "5"], "--sizes takes whole numbers from 25, such as 1000,15000"),
        (["bench", "--sizes", "many"], "--sizes takes whole numbers from 25, such as 1000,15000"),
    ],
)
def test_a_wrong_call_is_one_line_with_what_to_do(run: Run, arguments: list[str], says: str) -> None:
    done = run(*arguments)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1
    assert done.stderr.startswith(says)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("name", "value"), [("WEBHOOK_URL", "https://example.org/"), ("KNOWLEDGE_REMOTE", "git@x"), ("METRICS_PORT", "1")]
)
@pytest.mark.parametrize("verb", [("serve",), ("ask", "hello"), ()])
def test_a_setting_of_other_versions_is_one_line(run: Run, verb: tuple[str, ...], name: str, value: str) -> None:
    done = run(*verb, env={name: value})
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"{name} has no effect: ")
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("verb", ["", "serve", "chat", "ask", "check", "evaluate", "bench", "doctor", "schema"])
def test_every_verb_has_help(run: Run, verb: str) -> None:
    done = run(*([verb] if verb else []), "--help")
    assert done.stdout.startswith("Usage: run_bot.py")
    assert (done.returncode, done.stderr) == (0, "")


def test_ask(run: Run) -> None:
    done = run("ask", "landlord says no foreigners")
    assert "A landlord refuses me because I am foreign" in done.stdout
    assert "https://picum.org/" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_ask_in_a_language_chosen(run: Run) -> None:
    done = run("ask", "picum", "--lang", "es")
    assert "Una red para personas sin papeles." in done.stdout


def test_a_terminal_that_lacks_letters_shows_question_marks(run: Run) -> None:
    done = run("ask", "el jefe no paga", "--explain", "--lang", "es", env={"PYTHONIOENCODING": "ascii"})
    assert "Mi jefe no me paga" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_ask_as_json(run: Run) -> None:
    done = run("ask", "el jefe no paga", "--json")
    reply = json.loads(done.stdout)
    assert (reply["kind"], reply["lang"]) == ("answer", "es")
    assert reply["entries"][0]["id"] == "wages-not-paid"
    assert "why" not in reply["evidence"]
    assert reply["ms"] > 0
    assert len(done.stdout.splitlines()) == 1


def test_ask_explained(run: Run) -> None:
    done = run("ask", "landlrod says no foreigners", "--explain")
    assert "  entry: housing-refused 0." in done.stdout
    assert "  corrected: landlrod → landlord" in done.stdout
    evidence = json.loads(run("ask", "landlord says no foreigners", "--explain", "--json").stdout)["evidence"]
    assert evidence["why"].startswith("confidence 0.")


def test_ask_of_bytes_that_are_no_text(run: Run, tmp_path: Path) -> None:
    done = run("ask", os.fsdecode(b"\xff boss not pay \xfe"), "--json")
    assert json.loads(done.stdout)["entries"][0]["id"] == "wages-not-paid"


def test_ask_many_as_json_lines(run: Run) -> None:
    lines = [
        '{"text": "boss not pay", "id": 1, "chat": "a"}',
        "not json",
        '{"text": "mi jefe no me paga", "id": "\\ud800"}',
        '{"text": "🍌", "id": 3, "hint": "es"}',
    ]
    done = run("ask", "--jsonl", stdin="\n".join(lines))
    made = [json.loads(line) for line in done.stdout.splitlines()]
    assert [one.get("id") for one in made] == [1, None, "\ud800", 3]
    assert [one.get("lang") for one in made] == ["en", None, "es", "es"]
    assert made[1] == {"error": "not JSON: Expecting value at character 1"}
    assert (done.returncode, done.stderr) == (0, "")


def test_json_lines_are_utf8_whatever_the_terminal_is(run: Run) -> None:
    done = run("ask", "--jsonl", stdin='{"text": "🍌", "id": "é🍌"}', env={"PYTHONIOENCODING": "latin-1"})
    assert json.loads(done.stdout)["id"] == "é🍌"


def test_json_lines_are_flushed_as_they_are_ready(run: Run, small_folder: KnowledgeFolder, data_dir: Path) -> None:
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), "KNOWLEDGE_DIR": str(small_folder.root)}
    with subprocess.Popen(
        [sys.executable, str(ROOT / "run_bot.py"), "ask", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=env,
    ) as asking:
        assert asking.stdin is not None
        assert asking.stdout is not None
        for n in range(3):
            asking.stdin.write(b'{"text": "boss not pay", "id": %d}\n' % n)
            asking.stdin.flush()
            assert json.loads(asking.stdout.readline())["id"] == n, "before anything more is written"
        asking.stdin.close()
        assert asking.wait(60) == 0


def test_a_reader_that_goes_away_is_no_traceback(run: Run, small_folder: KnowledgeFolder, data_dir: Path) -> None:
    env = {"PATH": os.environ["PATH"], "DATA_DIR": str(data_dir), "KNOWLEDGE_DIR": str(small_folder.root)}
    with subprocess.Popen(
        [sys.executable, str(ROOT / "run_bot.py"), "ask", "--jsonl"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=env,
    ) as asking:
        assert asking.stdout is not None
        asking.stdout.close()
        _, errors = asking.communicate(b'{"text": "boss not pay"}\n' * 2000)
    assert b"Traceback" not in errors
    assert b"Error" not in errors


def test_check_of_a_good_base(run: Run) -> None:
    done = run("check")
    assert "It may be served." in done.stdout
    assert "read in " in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_check_as_json(run: Run, broken: KnowledgeFolder) -> None:
    good = json.loads(run("check", "--json").stdout)
    assert (good["ok"], good["errors"], good["entries"]["total"]) == (True, [], 6)
    done = run("check", "--json", "--knowledge", str(broken.root))
    bad = json.loads(done.stdout)
    assert done.returncode == 1
    assert not bad["ok"]
    assert {error["path"] for error in bad["errors"]} >= {
        "knowledge/topics.yaml",
        "knowledge/entries/situations/housing.yaml",
    }
    assert all(set(error) == {"path", "line", "field", "message", "entry"} for error in bad["errors"])


def test_check_shows_every_problem(run: Run, broken: KnowledgeFolder) -> None:
    done = run("check", "--knowledge", str(broken.root))
    assert done.returncode == 1
    assert "error knowledge/topics.yaml:" in done.stdout
    assert "error knowledge/entries/situations/housing.yaml:30: status: " in done.stdout
    assert "It can't be served until the errors are mended." in done.stdout


def test_evaluate_as_json(run: Run) -> None:
    done = run("evaluate", "--json")
    report = json.loads(done.stdout)
    assert report["overall"]["questions"] == 5
    assert report["known_failures"] == 1
    assert done.returncode == (1 if report["overmatches"] or report["mended"] else 0)


def test_evaluate_with_questions_of_ones_own(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("questions:\n  - {text: boss not pay, expect: [wages-not-paid]}\n")
    (tmp_path / "two.jsonl").write_text(
        '{"text": "mi jefe no me paga", "lang": "es", "topics": ["practical_help"]}\n'
    )
    done = run("evaluate", "--questions", "one.yaml", "--questions", "two.jsonl", "--json")
    report = json.loads(done.stdout)
    assert report["overall"]["accuracy@1"] == 1.0
    assert set(report["languages"]) == {"unsaid", "es"}
    assert done.returncode == 0


def test_evaluate_fails_when_another_entry_wins(run: Run, tmp_path: Path) -> None:
    (tmp_path / "one.yaml").write_text("questions:\n  - {text: boss not pay, expect: [housing-refused]}\n")
    done = run("evaluate", "--questions", "one.yaml")
    assert done.returncode == 1
    assert "one.yaml:2: 'boss not pay': another entry won: wanted housing-refused, got wages-not-paid" in done.stdout


def test_questions_that_cannot_be_read_are_one_line(run: Run, tmp_path: Path) -> None:
    (tmp_path / "bad.yaml").write_text("questions: [{text: hello}]\n")
    done = run("evaluate", "--questions", "bad.yaml")
    assert done.returncode in (1, 2)
    assert done.stderr.startswith("bad.yaml:1: expect: is needed, but missing")
    assert len(done.stderr.splitlines()) == 1


def test_a_folder_of_ids_and_asks_can_be_evaluated(run: Run, tmp_path: Path) -> None:
    base = KnowledgeFolder(tmp_path / "set")
    entries = {"weather/find": ["will it rain", "is it sunny today"], "CALL_CENTER": ["let me talk to a person"]}
    lines = ["entries:"]
    for name, asks in entries.items():
        lines += [f"  - {{id: {name}, title: {name}, answer: Yes., asks: {json.dumps(asks)}}}"]
    base.write("entries/all.yaml", "\n".join(lines) + "\n")
    (tmp_path / "q.jsonl").write_text('{"text": "is it sunny", "expect": ["weather/find"]}\n')
    done = run("evaluate", "--knowledge", "set", "--questions", "q.jsonl", "--json")
    assert json.loads(done.stdout)["overall"]["accuracy@1"] == 1.0


def test_doctor_without_a_token_or_network_tells_all_and_ends(run: Run) -> None:
    done = run("doctor")
    for name in ("token", "database", "knowledge", "disk", "versions"):
        assert f"\n{name} " in done.stdout
    assert "No TELEGRAM_BOT_TOKEN is set: only the terminal chat works." in done.stdout
    assert "6 entries in 2 languages" in done.stdout
    assert (done.returncode, done.stderr) == (0, "")


def test_doctor_finds_what_keeps_the_bot_from_working(run: Run, broken: KnowledgeFolder) -> None:
    unreached = run("doctor", env={"TELEGRAM_BOT_TOKEN": TOKEN})
    assert unreached.returncode == 1
    assert TOKEN not in unreached.stdout + unreached.stderr
    assert "bad" in unreached.stdout
    unservable = run("doctor", env={"KNOWLEDGE_DIR": str(broken.root)})
    assert (unservable.returncode, unservable.stderr) == (1, "")


def test_schema_is_json_schema(run: Run, tmp_path: Path) -> None:
    printed = json.loads(run("schema").stdout)
    assert printed["entries"]["properties"]["entries"]["type"] == "array"
    done = run("schema", "--out", "schemas")
    assert sorted(done.stdout.splitlines()) == sorted(f"schemas/{kind}.schema.json" for kind in printed)
    assert json.loads((tmp_path / "schemas" / "entries.schema.json").read_text()) == printed["entries"]


HEAVY = ("alembic", "mako", "ruamel", "dulwich", "PIL", "segno", "openpyxl", "pypdf")
"""Libraries for migrations, git, YAML editing, pictures and sheets."""


def loaded(run: Run, *arguments: str, env: dict[str, str] | None = None) -> set[str]:
    """The top-level libraries that a verb loads."""
    done = run(*arguments, python=("-X", "importtime"), env=env or {})
    assert "Traceback" not in done.stderr
    return {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines() if "|" in line}


def test_ask_loads_only_what_it_needs(run: Run) -> None:
    names = loaded(run, "ask", "boss not pay")
    assert "numpy" in names, "or nothing was measured"
    assert not names & {*HEAVY, "telegram", "sqlalchemy", "aiohttp", "watchfiles", "aiogram"}


def test_check_loads_no_matcher_and_no_channel(run: Run) -> None:
    assert not loaded(run, "check") & {*HEAVY, "telegram", "sqlalchemy", "aiohttp"}


def test_serve_loads_no_migrations_once_its_tables_are_there(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    program = (
        "import asyncio, sys\n"
        "from bot.store.store import Store\n"
        "import bot.serving\n"
        "async def opened():\n"
        "    await (await Store.open(sys.argv[1])).close()\n"
        "asyncio.run(opened())\n"
        "print(*{name.partition('.')[0] for name in sys.modules})\n"
    )

    def libraries() -> set[str]:
        done = subprocess.run(
            [sys.executable, "-c", program, url], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60
        )
        return set(done.stdout.split())

    assert "alembic" in libraries(), "the first time, the tables are made"
    assert not libraries() & set(HEAVY)
