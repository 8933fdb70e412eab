"""The rooms of the house: who may import whom, and who touches nothing outside. Read from the code, not from memory."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

import bot

ROOT = Path(bot.__file__).parent.parent
ROOMS = ("text", "kb", "matching", "answering", "evaluation", "store", "moderation", "channels", "server")
"""A room imports only from rooms before it."""
PURE_ROOMS = ("text", "matching", "answering")
EDGES = {"bot.matching.model_file", "bot.matching.train"}
"""Modules of pure rooms that may touch files and processes."""
OUTSIDE = {
    *("telegram", "aiohttp", "aiohttp_socks", "httpx", "requests", "urllib", "http", "socket", "socketserver", "ssl"),
    *("asyncio", "selectors", "subprocess", "multiprocessing", "concurrent", "threading", "signal", "ctypes"),
    *("sqlalchemy", "alembic", "aiosqlite", "asyncpg", "sqlite3", "dbm", "shelve"),
    *("os", "posix", "pathlib", "io", "shutil", "tempfile", "glob", "fileinput", "mmap", "pickle", "linecache"),
    *("time", "random", "secrets", "logging", "structlog", "watchfiles", "yaml", "importlib", "runpy", "pkgutil"),
}
"""Networks, databases, processes, files, clocks and chance; and ways to import unseen."""
REACHING_CALLS = {"open", "exec", "eval", "compile", "__import__", "input", "print", "breakpoint"}
REACHING_METHODS = {
    *(
        "memmap",
        "fromfile",
        "tofile",
        "loadtxt",
        "savetxt",
        "genfromtxt",
        "savez",
        "open",
        "open_memmap",
        "now",
        "today",
    ),
    *("read_text", "read_bytes", "write_text", "write_bytes"),
}
"""Of numpy and others: names that would touch a file or a clock without any import."""


@cache
def modules() -> dict[str, Path]:
    """Every module of the project by its dotted name."""
    found = {}
    for path in sorted((ROOT / "bot").rglob("*.py")):
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(modules()[module].read_text(encoding="utf-8"), filename=module)


@cache
def imports(module: str) -> frozenset[str]:
    """What a module imports anywhere in it, even inside functions: project modules by full name, others by name as written.

    Importing a module runs the packages above it, so these count too.
    """
    found: set[str] = set()
    for node in ast.walk(tree(module)):
        if isinstance(node, ast.Import):
            found.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            source = _absolute(module, node)
            found.add(source)
            found.update(f"{source}.{alias.name}" for alias in node.names if f"{source}.{alias.name}" in modules())
    return frozenset(found | {above for name in found for above in _above(name) if above in modules()})


def _absolute(module: str, node: ast.ImportFrom) -> str:
    if not node.level:
        return node.module or ""
    package = module.split(".")
    if modules()[module].name != "__init__.py":
        package = package[:-1]
    base = package[: len(package) - node.level + 1]
    return ".".join([*base, node.module] if node.module else base)


def _above(module: str) -> Iterator[str]:
    parts = module.split(".")
    for size in range(1, len(parts)):
        yield ".".join(parts[:size])


def reached(module: str) -> dict[str, tuple[str, ...]]:
    """Everything that importing a module imports, by project modules alone, each with the way to it."""
    ways: dict[str, tuple[str, ...]] = {module: (module,), **{above: (module, above) for above in _above(module)}}
    waiting = list(ways)
    while waiting:
        here = waiting.pop()
        for name in sorted(imports(here)):
            if name not in ways:
                ways[name] = (*ways[here], name)
                if name in modules():
                    waiting.append(name)
    return ways


def room(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 and parts[1] in ROOMS else None


PURE = [module for module in modules() if room(module) in PURE_ROOMS and module not in EDGES]


def test_the_walk_sees_the_house() -> None:
    assert len(PURE) > 20
    assert {"bot.text.normalise", "bot.matching.matcher", "bot.answering.assistant"} <= set(PURE)
    assert set(modules()) >= EDGES
    assert "numpy" in reached("bot.matching.matcher")
    assert "bot.text.scripts" in reached("bot.answering.assistant")
    assert "pathlib" in reached("bot.matching.model_file")
    assert "telegram" in {name.partition(".")[0] for name in reached("bot.channels.telegram.service")}


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_reaches_nothing_outside(module: str) -> None:
    outside = [" → ".join(way) for name, way in reached(module).items() if name.partition(".")[0] in OUTSIDE]
    assert not outside


@pytest.mark.parametrize("module", PURE)
def test_a_pure_module_reaches_no_module_at_the_edge(module: str) -> None:
    assert not EDGES & reached(module).keys()


@pytest.mark.parametrize("module", sorted({name for pure in PURE for name in reached(pure) if name in modules()}))
def test_what_pure_modules_reach_opens_and_asks_nothing(module: str) -> None:
    calls = [node for node in ast.walk(tree(module)) if isinstance(node, ast.Call)]
    called = {node.func.id for node in calls if isinstance(node.func, ast.Name)}
    methods = {node.func.attr for node in calls if isinstance(node.func, ast.Attribute)}
    assert not called & REACHING_CALLS
    assert not methods & REACHING_METHODS


@pytest.mark.parametrize("module", [module for module in modules() if room(module) is not None])
def test_a_room_imports_only_from_rooms_before_it(module: str) -> None:
    own = room(module)
    assert own is not None
    later = set(ROOMS[ROOMS.index(own) + 1 :])
    upward = [" → ".join(way) for name, way in reached(module).items() if room(name) in later]
    assert not upward


@pytest.mark.parametrize("module", [module for module in modules() if room(module) is not None])
def test_a_room_imports_no_module_that_puts_rooms_together(module: str) -> None:
    above = {name for name in modules() if name.count(".") == 1 and room(name) is None}
    ground = {name for name in above if not any(room(other) for other in reached(name))}
    assert not (imports(module) & above) - ground


def test_the_errors_of_all_rooms_stand_on_no_room() -> None:
    assert {name for name in reached("bot.errors") if name in modules()} == {"bot.errors", "bot"}


def test_every_folder_of_the_code_is_a_known_room() -> None:
    folders = {name.split(".")[1] for name, path in modules().items() if path.name == "__init__.py" and name != "bot"}
    assert folders <= set(ROOMS)
