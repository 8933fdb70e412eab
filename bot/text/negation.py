"""Words that turn the meaning of what follows."""

from __future__ import annotations

_WORDS = {
    "ar": "لا لم لن ليس بدون مش ما غير",
    "de": "nicht kein keine keinen ohne nie niemals niemand nichts",
    "en": (
        "no not never without dont doesnt didnt cant cannot couldnt wont wouldnt isnt arent wasnt werent havent hasnt "
        "hadnt shouldnt nobody nothing none neither nor aint"
    ),
    "es": "no nunca sin ni nadie nada ningun ninguna jamas tampoco",
    "fr": "pas ne sans jamais rien personne aucun aucune ni",
    "pt": "nao nunca sem nem ninguem nada nenhum nenhuma jamais",
    "ru": "не нет без никогда никто ничего ни",
}
NEGATIONS = {lang: frozenset(words.split()) for lang, words in _WORDS.items()}
"""By language, folded. A language without an entry has none known."""
