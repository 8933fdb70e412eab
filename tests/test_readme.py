"""What the README, the settings, the verbs and the versions say of each other."""

from __future__ import annotations

import re
import tomllib
from itertools import pairwise
from pathlib import Path

import typer.main

from bot.cli import app
from bot.settings import Settings

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
CI = (ROOT / ".ci" / "run").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
CONSTRAINTS = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
PINS = [line for line in CONSTRAINTS if line and not line.startswith("#")]


def section(title: str) -> str:
    """The text under a heading, up to the next of its rank."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"the README has no section {title!r}"
    return found[1]


def first_cells(text: str) -> list[str]:
    """The first cells of a table's rows, without its head."""
    rows = [line for line in text.splitlines() if line.startswith("|")]
    return [row.split("|")[1].strip() for row in rows if not row.startswith(("| verb", "| name", "| room", "|--"))]


def commands() -> list[str]:
    """The fenced shell commands under "Two commands"."""
    return [block.strip() for block in re.findall(r"```sh\n(.*?)```", section("Two commands"), re.DOTALL)]


def test_there_are_two_commands_of_one_line_each() -> None:
    assert len(commands()) == 2
    assert all("\n" not in command for command in commands())
    run, test = commands()
    assert run.endswith(".venv/bin/python run_bot.py")
    assert test.endswith(".venv/bin/python -m pytest -q")


def test_the_second_is_what_ci_runs_word_for_word_on_a_line_of_its_own() -> None:
    assert commands()[1] in CI.splitlines()


def test_ci_goes_on_to_lint_types_and_the_knowledge_base_and_stops_at_a_failure() -> None:
    steps = ["set -euo pipefail", commands()[1], "ruff check", "mypy", "run_bot.py check"]
    places = [CI.index(step) for step in steps]
    assert all(before < after for before, after in pairwise(places))


def test_both_use_the_versions_that_were_tested_and_extras_that_exist() -> None:
    extras = PROJECT["project"]["optional-dependencies"]
    for command in commands():
        assert "-c constraints.txt" in command
        asked = re.search(r"\.\[([\w,]+)\]", command)
        assert set(asked[1].split(",") if asked else []) <= set(extras)


def test_the_verbs_are_those_of_the_command_line() -> None:
    told = {cell.strip("`").split()[0] for cell in first_cells(section("Verbs")) if cell.startswith("`")}
    assert told == set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    assert "(none)" in first_cells(section("Verbs"))


def test_the_options_of_each_verb_are_those_of_the_command_line() -> None:
    verbs = typer.main.get_command(app).commands  # type: ignore[attr-defined]
    told: dict[str, set[str]] = {}
    for cell in first_cells(section("Verbs")):
        if cell.startswith("`"):
            verb = cell.strip("`").split()[0]
            told.setdefault(verb, set()).update(re.findall(r"--[a-z]+", cell))
    real = {
        name: {option for parameter in verb.params for option in parameter.opts if option.startswith("--")}
        for name, verb in verbs.items()
    }
    assert told == real


def test_the_settings_are_those_that_are_read() -> None:
    told = [name for cell in first_cells(section("Settings")) for name in re.findall(r"`([A-Z_]+)`", cell)]
    assert sorted(told) == sorted(Settings.names())


def test_no_setting_is_named_that_is_not_read() -> None:
    named = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", README)) - {"NAME_FILE"}
    assert named <= set(Settings.names())


def test_the_rooms_are_the_folders() -> None:
    told = {name for cell in first_cells(section("How it is built")) for name in re.findall(r"`([\w/.]+)`", cell)}
    rooms = {name.removeprefix("bot/") for name in told}
    folders = {path.name for path in (ROOT / "bot").iterdir() if (path / "__init__.py").is_file()}
    assert folders == {name for name in rooms if not name.endswith(".py")}
    assert all((ROOT / "bot" / name).exists() for name in rooms)


def test_files_that_the_readme_names_are_there() -> None:
    for name in ("constraints.txt", "run_bot.py", ".ci/run", "knowledge/"):
        assert name in README
        assert (ROOT / name).exists()
    for folder in re.findall(r"`([a-z]+)/`", section("The knowledge base")):
        assert (ROOT / folder).is_dir() or (ROOT / "knowledge" / folder).is_dir()


def test_constraints_are_names_and_versions_only() -> None:
    wrong = [line for line in PINS if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][0-9A-Za-z.+!]*", line)]
    assert wrong == []
    names = [normal(line) for line in PINS]
    assert len(names) == len(set(names)), "each once"


def test_constraints_cover_every_library_that_is_declared() -> None:
    extras = PROJECT["project"]["optional-dependencies"].values()
    declared = [*PROJECT["project"]["dependencies"], *(one for extra in extras for one in extra)]
    assert {normal(one) for one in declared} <= {normal(line) for line in PINS}


def test_every_library_that_is_declared_has_a_range_with_both_ends_or_a_lower_one() -> None:
    assert all(">=" in one for one in PROJECT["project"]["dependencies"])


def normal(requirement: str) -> str:
    """A library's name as package indexes compare it."""
    return re.sub(r"[-_.]+", "-", re.split(r"[\s\[<>=!~;]", requirement, maxsplit=1)[0]).lower()
