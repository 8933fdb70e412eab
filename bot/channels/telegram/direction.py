"""Texts that run from right to left, with names, numbers and addresses in them that don't. Pure.

Telegram guesses the direction of each line by its first letter, and shows "+41 22 730" inside an Arabic sentence with
its groups in the wrong order. A mark at the start of a line, and isolates around what is foreign, keep both right.
"""

from __future__ import annotations

from unicodedata import bidirectional

RIGHT_MARK = "\u200f"
ISOLATE = "\u2068"
END = "\u2069"

_RIGHT = frozenset({"R", "AL"})
_FOREIGN = frozenset({"L", "EN"})
"""Latin and other left-to-right letters; European and Persian digits."""
_OPENERS = "+(#@[\"'"
_CLOSERS = {")": "(", "]": "[", '"': '"', "'": "'"}
_TAIL = "/%"
_ISOLATES = frozenset("\u2066\u2067\u2068")


def mark(line: str) -> str:
    """`line` with a right-to-left mark in front, unless its first letter shows the direction already."""
    for char in line:
        kind = bidirectional(char)
        if kind in _RIGHT:
            return line
        if kind == "L":
            break
    return RIGHT_MARK + line if line.strip() else line


def isolate(text: str) -> str:
    """`text` with an isolate around each run of foreign letters and digits: a name, a number, a whole address.
    A text that brings isolates of its own is left as it is."""
    if not _ISOLATES.isdisjoint(text):
        return text
    out: list[str] = []
    at = 0
    while at < len(text):
        if bidirectional(text[at]) not in _FOREIGN:
            out.append(text[at])
            at += 1
            continue
        start, end = at, _end_of_run(text, at)
        lead = len(out)
        while lead > 0 and out[lead - 1] in _OPENERS and _belongs(out[lead - 1], text[start:end]):
            lead -= 1
        opening = "".join(out[lead:])
        del out[lead:]
        run = opening + text[start:end]
        end = _closing(text, end, run)
        out.append(f"{ISOLATE}{opening}{text[start:end]}{END}")
        at = end
    return "".join(out)


def _end_of_run(text: str, start: int) -> int:
    """Behind the last foreign character of the line that no right-to-left letter divides from `start`."""
    end = start + 1
    for at in range(start, len(text)):
        char = text[at]
        if char == "\n" or bidirectional(char) in _RIGHT or bidirectional(char) == "AN":
            break
        if bidirectional(char) in _FOREIGN:
            end = at + 1
    return end


def _belongs(opener: str, run: str) -> bool:
    """Whether what stands before a run is part of it: a plus always, a bracket when it closes inside the run."""
    return opener in "+#@" or any(opened == opener and closer in run for closer, opened in _CLOSERS.items())


def _closing(text: str, end: int, run: str) -> int:
    """Behind what closes the run: a bracket that opened in it, the slash of an address, a per cent sign."""
    while end < len(text):
        char = text[end]
        opened = _CLOSERS.get(char)
        if char in _TAIL or (opened is not None and run.count(opened) > run.count(char)):
            run += char
            end += 1
        else:
            return end
    return end
