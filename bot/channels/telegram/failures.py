"""What a log may hold of an error: its kind and where it came from, never its text, which may quote a person."""

from __future__ import annotations

import traceback

from telegram.error import TelegramError


def trace(error: BaseException) -> str:
    """One line: the types of the error and its causes, and the path through the code, outermost call first.

    Neither the error's message nor any value of a variable is in it.
    """
    chain: list[str] = []
    current: BaseException | None = error
    while current is not None and len(chain) < 5:
        frames = (
            f"{frame.filename.rsplit('/site-packages/', 1)[-1]}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(current.__traceback__)
        )
        chain.append(f"{type(current).__name__} at {' > '.join(frames) or 'unknown place'}")
        current = current.__cause__ or (None if current.__suppress_context__ else current.__context__)
    return ", after ".join(chain)


def reason(error: TelegramError) -> str:
    """What a failure says of itself, when it is short enough to be a reason. The address and the token are in none:
    our own request class sees to that. What a server sent in place of an answer is left out."""
    text = str(error).partition(". Parsing the server response")[0]
    return f"{type(error).__name__} ({text})" if len(text) <= 80 and "\n" not in text else type(error).__name__
