"""Names of languages, from Unicode's CLDR as Babel ships it."""

from __future__ import annotations

from functools import lru_cache

from babel import Locale, UnknownLocaleError


@lru_cache(maxsize=2_000)
def language_name(code: str, lang: str) -> str:
    """The name of language `code` as said in `lang`, such as ("fa", "es") → "persa"; the code itself when unknown."""
    for locale in (lang, "en"):
        try:
            name = Locale.parse(locale).languages.get(code)
        except (UnknownLocaleError, ValueError):
            continue
        if name:
            return str(name)
    return code
