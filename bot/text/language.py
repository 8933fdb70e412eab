"""The language of a message, from its script, the vocabularies of the languages at hand and a hint. No downloaded model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.text.scripts import Script, script_of

_CLEAR_SHARE = 0.5
"""At least this share of the words must be known in a language before the words alone decide."""
_CLEAR_LEAD = 0.2
"""And the language must know this much more of them than the next one."""
_NEAR_TIE = 0.1
"""Languages whose shares differ by less are for the person's own choice to settle."""


@dataclass(frozen=True, slots=True)
class Guess:
    """Languages of a message, likeliest first; `clear` when script or words alone settle the first."""

    ranked: tuple[str, ...]
    clear: bool


def normalised_hint(hint: str | None, languages: Sequence[str]) -> str | None:
    """The language among `languages` that a tag such as `pt-BR` or `ES` means, or None."""
    if not hint:
        return None
    tag = hint.replace("_", "-").casefold()
    return next((lang for lang in (tag, tag.partition("-")[0]) if lang in languages), None)


def guess_language(
    words: Sequence[str],
    vocabularies: Mapping[str, AbstractSet[str]],
    *,
    scripts: Mapping[str, AbstractSet[Script]],
    preferred: str | None = None,
    hint: str | None = None,
) -> Guess:
    """Ranks the languages of `vocabularies` for a message of folded `words`.

    A language whose vocabulary is in the message's script and knows more of its words comes first; where words don't
    tell, `preferred` (the person's choice), then `hint`, then the order given decide. `scripts` says which scripts each
    language is written in.
    """
    order = list(vocabularies)
    if not order:
        return Guess((), clear=False)
    letters = [word for word in words if word[0].isalpha()]
    share = {lang: _share(letters, vocabularies[lang]) for lang in order}
    written = [script_of(word[0]) for word in letters]
    main = Counter(written).most_common(1)[0][0] if written else "other"
    fits = {lang: main in scripts.get(lang, frozenset()) for lang in order}
    most = max(share.values())

    def rank(lang: str) -> tuple[float, ...]:
        return (
            float(fits[lang]),
            -float((most - share[lang] + 1e-9) // _NEAR_TIE),
            float(lang == preferred),
            float(lang == normalised_hint(hint, order)),
            share[lang],
            -order.index(lang),
        )

    ranked = sorted(order, key=rank, reverse=True)
    first = ranked[0]
    rivals = [share[lang] for lang in ranked[1:] if fits[lang]]
    only_script = fits[first] and not rivals and main != "other" and len(order) > 1
    by_words = share[first] >= _CLEAR_SHARE and share[first] - max(rivals, default=0.0) >= _CLEAR_LEAD
    return Guess(tuple(ranked), clear=bool(letters) and (only_script or by_words))


def _share(words: Sequence[str], vocabulary: AbstractSet[str]) -> float:
    return sum(word in vocabulary for word in words) / len(words) if words else 0.0
