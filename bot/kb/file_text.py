"""Bytes of a file to text that is safe to parse and to show: UTF-8, NFC, `\\n` line ends, no characters that hide."""

from __future__ import annotations

import codecs
import re
import unicodedata

from bot.kb.problem import Fault

MEGABYTE = 1024 * 1024
UPLOAD_BYTES = MEGABYTE
"""Largest file taken from a chat."""
DISK_BYTES = 8 * MEGABYTE
"""Largest file taken from disk."""

_FORBIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f"  # control characters but for tab and line feed
    "\u2028\u2029"  # line ends to YAML, invisible in an editor
    "\u202a-\u202e\u2066-\u2069"  # text direction: the renderer adds its own isolates
    "\ufeff\ufffe\uffff\ud800-\udfff]"
)


def describe_character(character: str) -> str:
    """What a forbidden character is and what to do, in words."""
    code = f"U+{ord(character):04X}"
    if character in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069":
        return f"an invisible character that turns the text direction ({code}); delete it, the bot sets the direction"
    if character in "\u2028\u2029":
        return f"an invisible line separator ({code}); press Enter instead"
    if character == "\ufeff":
        return f"an invisible byte order mark inside the text ({code}); delete it"
    return f"a control character ({code}); delete it"


def forbidden_characters(text: str) -> list[tuple[int, str]]:
    """Each forbidden character's offset in `text` with its description."""
    if text.isascii() and text.isprintable():
        return []
    return [(found.start(), describe_character(found[0])) for found in _FORBIDDEN.finditer(text)]


def read_text(data: bytes, most_bytes: int = DISK_BYTES) -> tuple[str | None, list[Fault]]:
    """The text of a file's bytes, or None when it can't be read any further, with everything that is wrong.

    A byte order mark at the start and CRLF line ends are read as people meant them.
    """
    if len(data) > most_bytes:
        return None, [Fault(1, "file", too_large(len(data), most_bytes))]
    if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return None, [Fault(1, "file", "is saved as UTF-16; save it as UTF-8")]
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = _lines_before(data[: error.start])
        return None, [Fault(line, "file", f"is not UTF-8 here (byte 0x{data[error.start]:02X}); save it as UTF-8")]
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    # Normalised as a whole: cheaper than value by value, and keys are covered too. Line ends are not touched by it.
    text = unicodedata.normalize("NFC", text)
    faults: list[Fault] = []
    line = 1
    seen = 0
    for offset, what in forbidden_characters(text):
        line += text.count("\n", seen, offset)
        seen = offset
        faults.append(Fault(line, "file", f"there is {what}"))
    return (None if faults else text), faults


def too_large(size: int, most_bytes: int) -> str:
    return f"is {size / MEGABYTE:.1f} MB; at most {most_bytes // MEGABYTE} MB are read, split it by subject"


def _lines_before(data: bytes) -> int:
    """Line number, from 1, of what follows `data`, counting LF, CRLF and lone CR as an editor does."""
    return 1 + data.count(b"\n") + data.count(b"\r") - data.count(b"\r\n")
