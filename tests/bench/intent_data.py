"""Public intent data as rows of (text, label), and the random typing mistakes made in them."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

Row = tuple[str, str]

UNKNOWN = "_unknown"
"""The label of a message that no entry answers."""
SETS = {"clinc": "clinc150", "clinc10": "clinc150", "hwu": "hwu64", "curekart": "hint3_curekart", "xsid": "xsid"}
"""The data sets by the name they have on the command line, with their folders."""
XSID_LANGUAGES = ("de", "id", "nl", "tr", "zh")
XSID_TRAIN = 200
"""So many first rows of each xSID language are the phrasings, the rest are the messages."""

_LETTERS = "abcdefghijklmnopqrstuvwxyz"
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {key: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _ROWS for at, key in enumerate(row)}


class DataError(Exception):
    """The data can't be read. The text is one line that says what is wrong and what to do."""


@dataclass(frozen=True, slots=True)
class IntentData:
    """A folder that holds the data sets, each a folder of `text TAB label` files."""

    root: Path

    def require(self, sets: Sequence[str]) -> None:
        """Raises DataError unless there is a folder for each of `sets`."""
        for folder in dict.fromkeys(SETS[name] for name in sets):
            if not (self.root / folder).is_dir():
                where = f"No intent data in {self.root}: the folder {folder} is missing."
                raise DataError(f"{where} Give the folder that holds it with --data.")

    def rows(self, rel: str) -> list[Row]:
        """The rows of a file in file order; raises DataError."""
        path = self.root / rel
        try:
            lines = path.read_text(encoding="utf-8").removesuffix("\n").split("\n")
        except (OSError, UnicodeDecodeError) as error:
            raise DataError(f"{path} can't be read ({type(error).__name__}). Fetch the data again.") from None
        rows = []
        for number, line in enumerate(lines, start=1):
            text, tab, label = line.rpartition("\t")
            if not (tab and text and label):
                raise DataError(f"{path}:{number}: a line must be text, a tab and a label.")
            rows.append((text, label))
        return rows


def split(rows: Sequence[Row]) -> tuple[list[str], list[str]]:
    """The texts and the labels."""
    return [text for text, _ in rows], [label for _, label in rows]


def chosen(count: int, most: int, seed: int = 1) -> list[int]:
    """`most` random positions out of `count`, in order; all of them when there are no more."""
    if count <= most:
        return list(range(count))
    return sorted(random.Random(seed).sample(range(count), most))


def edited(texts: Sequence[str], edits: int = 2, seed: int = 1) -> list[str]:
    """The texts with exactly `edits` typing mistakes each, at random letters: two characters exchanged, a letter dropped,
    one put in, or the key beside it.

    The same texts and seed give the same mistakes, and more edits are the fewer ones and some more. None leaves a text as it
    was, takes an earlier one back or takes the last letter away; a text without letters stays as it is.
    """
    return [_edited(text, edits, random.Random(f"{seed} {at}")) for at, text in enumerate(texts)]


def _edited(text: str, edits: int, chance: random.Random) -> str:
    if not any(map(str.isalpha, text)):
        return text
    seen = [text]
    while len(seen) <= edits:
        changed = _mistake(seen[-1], chance)
        if changed not in seen and any(map(str.isalpha, changed)):
            seen.append(changed)
    return seen[-1]


def _mistake(text: str, chance: random.Random) -> str:
    at = chance.choice([place for place, character in enumerate(text) if character.isalpha()])
    before, letter, after = text[:at], text[at], text[at + 1 :]
    match chance.choice(("swap", "drop", "insert", "neighbour")):
        case "swap":
            return before + after[:1] + letter + after[1:]
        case "drop":
            return before + after
        case "insert":
            return before + chance.choice(_LETTERS) + letter + after
        case _:
            return before + chance.choice(_NEIGHBOURS.get(letter.lower(), _LETTERS)) + after
