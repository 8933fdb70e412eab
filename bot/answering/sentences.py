"""The bot's own sentences, filled in. Falls back to English; never to nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping

_PLACE = re.compile(r"\{([a-z_]+)\}")


class Sentences:
    """Looks up and fills the sentences of a knowledge base (language → key → sentence)."""

    def __init__(self, catalogues: Mapping[str, Mapping[str, str]], source: str = "en") -> None:
        self._catalogues = catalogues
        self._source = source

    def say(self, key: str, lang: str, **values: str) -> str:
        """The sentence `key` in `lang`, else in the source language, with `{name}` replaced by the values.

        Values are inserted as they are, once: braces inside them mean nothing. A key that no catalogue has gives the key
        itself, which the loader reports as an error long before a person could see it.
        """
        sentence = self._catalogues.get(lang, {}).get(key) or self._catalogues.get(self._source, {}).get(key) or key
        return _PLACE.sub(lambda found: values.get(found[1], found[0]), sentence)
