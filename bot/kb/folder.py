"""Which files a knowledge base has, what each is for, and their bytes. Nothing outside the folder is read."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args

from bot.kb.file_text import DISK_BYTES, too_large
from bot.kb.knowledge import Part
from bot.kb.problem import Problem
from bot.kb.schema_words import did_you_mean

FileKind = Literal[
    "knowledge",
    "topics",
    "instruments",
    "emergency_numbers",
    "sources",
    "retired",
    "entries",
    "bare",
    "translations",
    "wording",
    "synonyms",
    "checks",
]
TABLES: dict[str, FileKind] = {
    "knowledge.yaml": "knowledge",
    "topics.yaml": "topics",
    "instruments.yaml": "instruments",
    "emergency_numbers.yaml": "emergency_numbers",
    "sources.yaml": "sources",
    "retired.yaml": "retired",
}
PARTS: tuple[Part, ...] = get_args(Part)
_FOLDERS = ("entries", "translations", "wording", "synonyms", "checks")
_IN_BARE = ("entries", "checks")
_QUIET_ENDINGS = ("~", ".swp", ".swx", ".tmp", ".bak", ".orig", ".md", ".txt")


@dataclass(frozen=True, slots=True)
class FoundFile:
    kind: FileKind
    rel: str
    """Below the root, with `/`."""
    path: str
    """As it is shown: from the folder above the root."""
    data: bytes
    lang: str = ""
    """From the folder or file name; empty for entries and tables."""
    inner: str = ""
    """Below the language's folder or `entries/`: the path that mirrors are compared by."""

    @property
    def part(self) -> str:
        return self.inner.split("/", 1)[0]


@dataclass(slots=True)
class Folder:
    """All files of a knowledge base, by path."""

    name: str
    bare: bool
    files: list[FoundFile] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def is_hidden(name: str) -> bool:
    """True for what editors and systems leave behind: neither read nor told about."""
    return name.startswith((".", "#", "~$")) or name.endswith(_QUIET_ENDINGS[:6]) or name in ("__pycache__", "4913")


def read_folder(root: Path) -> Folder:
    """Find and read every file below `root`. Never raises for what lies there."""
    real = Path(os.path.realpath(root))
    folder = Folder(_printable(real.name or str(real)), bare=not os.path.lexists(real / "knowledge.yaml"))
    if not real.is_dir():
        folder.problems.append(Problem(folder.name, 1, "file", "there is no such folder; check the path"))
        return folder
    top = str(real)
    for where, names, files in os.walk(top, onerror=lambda error: _cannot_list(folder, top, error)):
        names[:] = sorted(name for name in names if not is_hidden(name))
        for name in [name for name in names if (Path(where) / name).is_symlink()]:
            names.remove(name)
            _warn(folder, _below(top, Path(where) / name), "is a link to a folder; links to folders are not followed")
        for name in sorted(files):
            if not is_hidden(name):
                _take(folder, real, Path(where) / name)
    return folder


def _take(folder: Folder, root: Path, path: Path) -> None:
    rel = _below(str(root), path)
    found = _classify(folder, rel)
    if found is None:
        return
    kind, lang, inner = found
    shown = f"{folder.name}/{rel}"
    try:
        if path.is_symlink() and not path.resolve(strict=True).is_relative_to(root):
            _warn(folder, rel, "is a link that leads out of the knowledge base; it is not read")
            return
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            _warn(folder, rel, "is not an ordinary file; it is not read")
            return
        if about.st_size > DISK_BYTES:
            folder.problems.append(Problem(shown, 1, "file", too_large(about.st_size, DISK_BYTES)))
            return
        data = path.read_bytes()
    except (OSError, RuntimeError) as error:
        reason = (error.strerror if isinstance(error, OSError) else None) or "links in a circle"
        folder.problems.append(Problem(shown, 1, "file", f"can't be read ({reason}); check that it may be opened"))
        return
    folder.files.append(FoundFile(kind, rel, shown, data, lang, inner))


def _classify(folder: Folder, rel: str) -> tuple[FileKind, str, str] | None:
    """What a file is for: kind, language, inner path. None when it is not read, with a warning where it was not
    expected."""
    steps = rel.split("/")
    name = steps[-1]
    if name.endswith(_QUIET_ENDINGS):
        return None
    if len(steps) == 1:
        if name in TABLES and not folder.bare:
            return TABLES[name], "", name
        _unexpected(folder, rel, name, TABLES)
        return None
    top, inner = steps[0], "/".join(steps[1:])
    if top not in (_IN_BARE if folder.bare else _FOLDERS):
        _unexpected(folder, rel, top, _FOLDERS, what="folder")
        return None
    wanted = ".po" if top == "wording" else ".yaml"
    if not name.endswith(wanted):
        _unexpected(folder, rel, name, (), wanted=wanted)
        return None
    if top == "entries":
        if folder.bare:
            return "bare", "", inner
        if len(steps) >= 3 and steps[1] in PARTS:
            return "entries", "", inner
        hint = did_you_mean(steps[1], PARTS) if len(steps) >= 3 else ""
        message = f"entries live in entries/ below one of {', '.join(PARTS)}{hint}"
        folder.problems.append(Problem(f"{folder.name}/{rel}", 1, "file", message))
        return None
    if top in ("wording", "synonyms"):
        if len(steps) == 2:
            return ("wording" if top == "wording" else "synonyms"), name.removesuffix(wanted), name
        _unexpected(folder, rel, name, ())
        return None
    if len(steps) >= 3:
        return ("translations" if top == "translations" else "checks"), steps[1], "/".join(steps[2:])
    _warn(folder, rel, f"is not read; it belongs in a language's folder, such as {top}/en/{name}")
    return None


def _unexpected(
    folder: Folder, rel: str, name: str, known: object, *, what: str = "file", wanted: str = ".yaml"
) -> None:
    if name.endswith(".yml"):
        _warn(folder, rel, f"is not read; rename it to {name.removesuffix('.yml')}.yaml")
        return
    hint = did_you_mean(name, known) if isinstance(known, dict | tuple) else ""
    if what == "folder":
        _warn(folder, rel, f"is not read; '{name}/' is not a folder of a knowledge base{hint}")
    elif known:
        _warn(folder, rel, f"is not read; it is not a file of a knowledge base{hint}")
    else:
        _warn(folder, rel, f"is not read; files here end in {wanted} and lie in their usual place")


def _cannot_list(folder: Folder, top: str, error: OSError) -> None:
    rel = _below(top, Path(str(error.filename)))
    message = f"can't be listed ({error.strerror}); check that it may be opened"
    folder.problems.append(Problem(f"{folder.name}/{rel}", 1, "file", message))


def _warn(folder: Folder, rel: str, message: str) -> None:
    folder.problems.append(Problem(f"{folder.name}/{rel}", 1, "file", message, "warning"))


def _below(top: str, path: Path) -> str:
    return _printable(os.path.relpath(path, top).replace(os.sep, "/"))


def _printable(name: str) -> str:
    """A file name as text that can be printed: names on disk may be any bytes."""
    return "".join(c if c.isprintable() else "?" for c in name.encode("utf-8", "replace").decode())
