from __future__ import annotations

import pytest
from hypothesis import settings

from bot.matching.build import build
from bot.matching.model import LanguageModel
from tests.matching.small import MIGRATION, corpus

settings.register_profile("patient", deadline=None)  # a slow machine is no failure
settings.load_profile("patient")


@pytest.fixture(scope="session")
def model() -> LanguageModel:
    """A finished English model of six entries."""
    return build(corpus(MIGRATION, never=[("expired", "expected")]))
