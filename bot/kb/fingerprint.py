"""The short hash by which a translation knows the English text that it was made from."""

from __future__ import annotations

import hashlib
import unicodedata


def fingerprint(title: str, answer: str, model: str = "") -> str:
    """Six hex digits that change when the title, the answer or the model text of the source language does."""
    parts = (unicodedata.normalize("NFC", part).strip() for part in (title, answer, model))
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:6]
