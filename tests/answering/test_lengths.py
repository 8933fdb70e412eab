"""The loader's rule that no reply is longer than a person should read, by its exact words."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import read_knowledge
from bot.kb.loader import Loaded
from tests.knowledge_folder import URGENT, KnowledgeFolder, write_knowledge


@pytest.fixture
def base(tmp_path: Path) -> KnowledgeFolder:
    return write_knowledge(tmp_path / "knowledge")


def errors(loaded: Loaded) -> list[str]:
    return [str(problem) for problem in loaded.errors]


def test_ordinary_replies_are_fine(base: KnowledgeFolder) -> None:
    assert errors(read_knowledge(base.root)) == []


def says(base: KnowledgeFolder, lang: str, key: str, length: int) -> None:
    """A sentence of the bot's own of that length."""
    path = f"wording/{lang}.po"
    base.write(path, base.read(path) + f'\nmsgid "{key}"\nmsgstr "{"m" * length}"\n')


def too_long(base: KnowledgeFolder) -> list[str]:
    return [line for line in errors(read_knowledge(base.root)) if "whole reply" in line]


def test_a_reply_that_is_too_long_as_it_is_shown_is_an_error(base: KnowledgeFolder) -> None:
    answer = "In many countries refusing a flat because of origin is against the law."
    base.replace("entries/situations/housing.yaml", answer, "A" * 620)
    says(base, "en", "law.differ", 300)
    assert too_long(base) == []
    says(base, "en", "note.general", 400)
    assert read_knowledge(base.root).knowledge is None
    assert too_long(base) == [
        "knowledge/entries/situations/housing.yaml:9: answer: the whole reply is 1545 characters long and may have "
        "1500; shorten the answer"
    ]


def test_emoji_count_double(base: KnowledgeFolder) -> None:
    says(base, "en", "note.general", 800)
    answer = "In many countries refusing a flat because of origin is against the law."
    base.replace("entries/situations/housing.yaml", answer, "A" * 290)
    assert too_long(base) == []
    base.replace("entries/situations/housing.yaml", "A" * 290, "🍌" * 290)
    assert len(too_long(base)) == 1


def test_the_translation_is_measured_on_its_own_and_named(base: KnowledgeFolder) -> None:
    spanish = "En muchos países no alquilar por el origen va contra la ley."
    base.replace("translations/es/situations/housing.yaml", spanish, "a" * 690)
    says(base, "es", "note.machine", 800)
    assert [line.split(":")[0] for line in too_long(base)] == ["knowledge/translations/es/situations/housing.yaml"]


def test_an_urgent_machine_translation_is_measured_with_the_english_below_it(base: KnowledgeFolder) -> None:
    long = ("Call now. " * 69).strip()
    base.write("entries/urgent/sea.yaml", URGENT.replace("Call 112 now. Say where you are.", long))
    spanish = base.read("translations/es/urgent/sea.yaml")
    base.write(
        "translations/es/urgent/sea.yaml",
        spanish.replace("by: person", "by: machine").replace("Llama al 112 ya. Di dónde estás.", long),
    )
    assert too_long(base) == []
    says(base, "es", "note.machine", 200)
    assert [line.split(":")[0] for line in too_long(base)] == ["knowledge/translations/es/urgent/sea.yaml"]
