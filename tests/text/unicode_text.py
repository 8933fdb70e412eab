"""Text of every kind that a phone, a script or an attacker can send, for property tests."""

from __future__ import annotations

from hypothesis import strategies as st

ANY_CHARACTER = st.characters(codec=None, exclude_categories=())
"""Every code point there is: lone surrogates, controls and unassigned ones too."""

TRICKY = st.sampled_from(
    [
        *"'’`´\u1fef\u1ffd\u1fbd ̈ ́̂ᵃªⅷ½①ǅŉŀẚﬃßſİıđđæœþ",
        *"аеорсухαενιτκρ",
        *"ـىیکةۀٱأإآؤئءﷺﷲ١٣٪",
        *"שׁלוֹם",
        *"कि़ानूक़้ำเแกົໍခံ့្ខཀྱ",
        *"각가ㅋ힣",
        *"がカﾞ々一二",
        "\n", "\r", "\t", "\x00", "\x1f", "\x7f", "\x85", "\u2028", "\u2029",
        "\u00ad", "\u034f", "\u061c", "\u180e", "\u200b", "\u200c", "\u200d", "\u200e", "\u202e", "\u2066", "\ufeff",
        "\ufe0f", "\u20e3", "\u0488", "\ufff9", "\U000e0041", "\U0001f3fd", "\ud800", "\udfff", "\U0010ffff",
        "aaa", "ооо", "\u0301\u0323", "1\ufe0f\u20e3", "l'", "qu'",
    ]
)  # fmt: skip

ANY_TEXT = st.text(ANY_CHARACTER, max_size=40) | st.lists(TRICKY | ANY_CHARACTER, max_size=12).map("".join)
