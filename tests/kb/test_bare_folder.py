"""Folders of only ids and asks, for measuring."""

from __future__ import annotations

from pathlib import Path

from bot.kb.loader import load
from tests.knowledge_folder import KnowledgeFolder, write_bare


def test_ids_may_be_labels_of_public_sets(tmp_path: Path) -> None:
    write_bare(
        tmp_path / "set",
        [("weather/find", ["is it raining"]), ("CALL_CENTER", ["call", "phone us"]), ("x" * 64, ["x"])],
    )
    loaded = load(tmp_path / "set")
    assert loaded.problems == ()
    assert loaded.knowledge is not None
    assert loaded.knowledge.bare
    assert list(loaded.knowledge.entries) == ["weather/find", "CALL_CENTER", "x" * 64]
    entry = loaded.knowledge.entries["CALL_CENTER"]
    assert (entry.kind, entry.topics) == ("answer", ())
    assert entry.wording("en").asks == ("call", "phone us")
    assert loaded.statistics.asks == 4


def test_a_large_set_is_taken(tmp_path: Path) -> None:
    write_bare(tmp_path / "set", [(f"label_{n}", [f"ask {n} {k}" for k in range(1000)]) for n in range(200)])
    loaded = load(tmp_path / "set")
    assert loaded.problems == ()
    assert loaded.statistics.asks == 200_000


def test_long_asks_and_plain_answers_are_taken(tmp_path: Path) -> None:
    folder = write_bare(tmp_path / "set", [("a", ["x" * 500])])
    folder.replace("entries/set.yaml", "About a.", "Type {name} or <b> `code` " + "y" * 900)
    assert load(folder.root).errors == ()


def test_a_shared_ask_is_a_warning(tmp_path: Path) -> None:
    folder = write_bare(tmp_path / "set", [("a", ["hello"]), ("b", ["Hello"])])
    loaded = load(folder.root)
    assert loaded.errors == ()
    assert list(map(str, loaded.warnings)) == [
        "set/entries/set.yaml:11: asks: 'Hello' is also an ask of 'a' (set/entries/set.yaml:6); keep it in one of them"
    ]


def test_an_entry_may_carry_its_language(tmp_path: Path) -> None:
    folder = KnowledgeFolder(tmp_path / "set")
    for lang, ask in (("de", "regnet es"), ("tr", "yağmur yağacak mı")):
        folder.write(
            f"entries/{lang}.yaml",
            f"entries:\n  - {{id: weather/find, lang: {lang}, title: Weather, asks: [{ask}], answer: Rain.}}\n",
        )
    loaded = load(folder.root)
    assert loaded.problems == ()
    assert loaded.knowledge is not None
    assert sorted(loaded.knowledge.languages) == ["de", "en", "tr"]
    assert loaded.knowledge.entries["weather/find"].wording("tr").asks == ("yağmur yağacak mı",)
    assert loaded.knowledge.entries["weather/find"].wording("de").asks == ("regnet es",)


def test_what_is_wrong_is_told(tmp_path: Path) -> None:
    folder = write_bare(tmp_path / "set", [("a", ["x"]), ("b c", ["y"]), ("a", ["z"]), ("A", ["w"])])
    folder.write("entries/more.yaml", "entries:\n  - {id: q, title: Q, asks: [v], answer: A, status: binding}\n")
    assert list(map(str, load(folder.root).problems)) == [
        "set/entries/more.yaml:2: status: 'status' is not a known key; known are id, title, asks, answer, lang, kind, "
        "topics, keywords",
        "set/entries/set.yaml:7: id: 'b c' is not an id: 1 to 64 characters without spaces",
        "set/entries/set.yaml:12: id: 'a' is used before, at set/entries/set.yaml:2; every id stands once",
        "set/entries/set.yaml:17: id: 'A' is used before, at set/entries/set.yaml:2; every id stands once",
    ]


def test_checks_of_a_bare_folder_are_read(tmp_path: Path) -> None:
    folder = write_bare(tmp_path / "set", [("weather/find", ["rain"])])
    folder.write("checks/en/set.yaml", "checks:\n  - {text: will it rain, expect: [weather/find]}\n")
    loaded = load(folder.root)
    assert loaded.problems == ()
    assert loaded.knowledge is not None
    assert [(check.text, check.where) for check in loaded.knowledge.checks] == [
        ("will it rain", "set/checks/en/set.yaml:2")
    ]
