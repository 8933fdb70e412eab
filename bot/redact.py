"""Takes bot tokens out of text before anyone sees it."""

from __future__ import annotations

import re

_TOKEN = r"[0-9]{6,}(?::|%3[Aa])[A-Za-z0-9_-]{20,}"  # noqa: S105 - the shape of a token, not a token
_FIND = re.compile(_TOKEN)
HIDDEN = "<token>"
"""What stands in a token's place."""


def redact(text: str) -> str:
    """`text` with everything that is shaped like a bot token replaced by `<token>`.

    The colon may be written `%3A`, as in an address. Shape is judged, not value: a token that was replaced last week,
    or that belongs to another bot, is no more fit for a log than today's.
    """
    return _FIND.sub(HIDDEN, text)


def is_token(text: str) -> bool:
    """Whether the whole of `text` has the shape of a bot token, and so will be found by `redact`."""
    return ":" in text and _FIND.fullmatch(text) is not None
