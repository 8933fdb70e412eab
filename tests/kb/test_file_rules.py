"""Files as such: bytes, characters, YAML, links, names. Each rule with its exact message."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bot.kb.loader import load
from tests.knowledge_folder import KnowledgeFolder

Check = Callable[[], list[str]]
FEES = "entries/limits/fees.yaml"
PATH = f"knowledge/{FEES}"


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"entries:\n  - id: caf\xe9\n", "2: file: is not UTF-8 here (byte 0xE9); save it as UTF-8"),
        (b"a\r\nb\rc\n\xff", "4: file: is not UTF-8 here (byte 0xFF); save it as UTF-8"),
        ("entries: x".encode("utf-16"), "1: file: is saved as UTF-16; save it as UTF-8"),
        (b"entries:\n\n  - \x00", "3: file: there is a control character (U+0000); delete it"),
        (b"a\n\x1b[31m", "2: file: there is a control character (U+001B); delete it"),
        (
            "a\nb\u202ec\n".encode(),
            "2: file: there is an invisible character that turns the text direction (U+202E); delete it, the bot sets "
            "the direction",
        ),
        (
            "\u2066".encode(),
            "1: file: there is an invisible character that turns the text direction (U+2066); delete it, the bot sets "
            "the direction",
        ),
        ("a\u2028b".encode(), "1: file: there is an invisible line separator (U+2028); press Enter instead"),
        (
            "a\ufeffb".encode(),
            "1: file: there is an invisible byte order mark inside the text (U+FEFF); delete it",
        ),
        (b"x" * (8 * 1024 * 1024 + 1), "1: file: is 8.0 MB; at most 8 MB are read, split it by subject"),
        (b"[" * 100_000, "1: yaml: is nested too deep; at most 12 levels are read"),
        (b"", "1: file: must begin with 'entries:' and a list below it"),
        (b"# only a comment\n", "1: file: must begin with 'entries:' and a list below it"),
        (b"- a\n", "1: file: must begin with 'entries:' and a list below it"),
        (b"entries:\n", "1: entries: at least 1 needed"),
        (b"\nentries: []\n", "2: entries: at least 1 needed"),
        (b"entries: {a: b}\n", "1: entries: a list is wanted here: one line each, beginning with '- '"),
        (b"other: 1\n", "1: entries: is needed, but missing"),
        (
            b"entries: [&x abc]\n",
            "1: yaml: '&x' is read as a YAML anchor; put the whole text in quotes, or delete it",
        ),
        (
            b"entries:\n- *x\n",
            "2: yaml: '*x' is read as a YAML alias; put the whole text in quotes",
        ),
        (
            b"entries:\n  - answer: *Please* call\n",
            "2: yaml: a text that begins with * is read as a YAML alias; put the whole text in quotes",
        ),
        (
            b"entries: [!x abc]\n",
            "1: yaml: a word that begins with ! is read as a YAML tag; put the whole text in quotes, or delete it",
        ),
        (
            b"entries: []\n---\nentries: []\n",
            "2: yaml: a second document begins here ('---'); one file holds one document",
        ),
        (b"%YAML 1.1\n---\nentries: []\n", "1: yaml: lines that begin with % are not used; delete them"),
        (b"entries:\n\t- a\n", "2: yaml: a tab is used for indentation; use spaces"),
        (
            b"entries:\n  - title: Help: what now\n",
            "2: yaml: a colon with a space after it can't stand inside a text without quotes; put the whole text in "
            "quotes, or check the indentation",
        ),
        (b'entries:\n  - title: "x\n', "3: yaml: a quote is opened and never closed (it begins on line 2)"),
        (b"entries: [a, b\n", "2: yaml: a list in [ ] is not closed, or a comma is missing (it begins on line 1)"),
        (
            b"entries:\n  - {a: b\n",
            "3: yaml: a group in { } is not closed, or a comma is missing (it begins on line 2)",
        ),
        (
            b"entries:\n  - a: b\n  c: d\n",
            "3: yaml: a list item must begin with '- ' at the same depth as the others (it begins on line 2)",
        ),
        (b"entries: - a\n", "1: yaml: a list begins on the line below its key, not beside it"),
        (b"a: @x\n", "1: yaml: a text can't begin with @, `, % or a tab; put it in quotes"),
        (b'a: "\\q"\n', '1: yaml: a \\ in "double quotes" has a meaning of its own; use single quotes'),
        (b"entries:\n  - ? [a]\n    : b\n", "2: yaml: a key is a word before a colon, not a list"),
        (b'entries: ["\\u202e"]\n', None),
    ],
)
def test_each_broken_file_is_told_in_plain_words(
    base: KnowledgeFolder, check: Check, content: bytes, message: str | None
) -> None:
    base.write(FEES, content)
    wanted = message or (
        "1: yaml: there is an invisible character that turns the text direction (U+202E); delete it, the bot sets "
        "the direction"
    )
    assert f"{PATH}:{wanted}" in check()


def test_a_key_written_twice(base: KnowledgeFolder, check: Check) -> None:
    base.replace(FEES, "status: bot", "status: bot\n    title: Again")
    assert check() == [f"{PATH}:9: title: 'title' is written twice here, first on line 3; keep one"]


def test_zero_width_joiners_are_allowed(base: KnowledgeFolder, check: Check) -> None:
    base.replace(FEES, "how much is the visa", "ویزا چند است می\u200cخواهم")
    assert check() == []


def test_a_byte_order_mark_and_windows_line_ends_are_fine(base: KnowledgeFolder, check: Check) -> None:
    base.write(FEES, b"\xef\xbb\xbf" + base.read(FEES).replace("\n", "\r\n").encode())
    assert check() == []


def test_a_broken_entry_file_does_not_make_its_ids_unknown(base: KnowledgeFolder, check: Check) -> None:
    base.write("entries/help/places.yaml", base.read("entries/help/places.yaml") + "    - [\n")
    problems = check()
    assert len([line for line in problems if not line.startswith("warning")]) == 1
    assert problems[0].startswith("knowledge/entries/help/places.yaml:")


def test_a_wrong_ending_is_told_with_the_right_one(base: KnowledgeFolder, check: Check) -> None:
    base.write("entries/limits/more.yml", "entries: []\n")
    base.write("topic.yml", "")
    assert check() == [
        "warning knowledge/entries/limits/more.yml:1: file: is not read; rename it to more.yaml",
        "warning knowledge/topic.yml:1: file: is not read; rename it to topic.yaml",
    ]


def test_unexpected_files_and_folders_are_told(base: KnowledgeFolder, check: Check) -> None:
    base.write("entries/limits/picture.png", b"\x89PNG")
    base.write("entrys/limits/a.yaml", "entries: []\n")
    base.write("topic.yaml", "")
    base.write("checks/unknown.yaml", "")
    assert check() == [
        "warning knowledge/checks/unknown.yaml:1: file: is not read; it belongs in a language's folder, such as "
        "checks/en/unknown.yaml",
        "warning knowledge/entries/limits/picture.png:1: file: is not read; files here end in .yaml and lie in their "
        "usual place",
        "warning knowledge/entrys/limits/a.yaml:1: file: is not read; 'entrys/' is not a folder of a knowledge base; "
        "did you mean 'entries'?",
        "warning knowledge/topic.yaml:1: file: is not read; it is not a file of a knowledge base; did you mean "
        "'topics.yaml'?",
    ]


def test_entries_in_a_misspelt_part_are_an_error(base: KnowledgeFolder, check: Check) -> None:
    base.write("entries/situatoins/a.yaml", "entries: []\n")
    assert check() == [
        "knowledge/entries/situatoins/a.yaml:1: file: entries live in entries/ below one of convention, law, "
        "situations, resources, help, urgent, limits, about; did you mean 'situations'?"
    ]


def test_what_editors_leave_behind_is_passed_over(base: KnowledgeFolder, check: Check) -> None:
    for name in (".fees.yaml.swp", "fees.yaml~", "#fees.yaml#", ".git/config", "notes.tmp"):
        base.write(f"entries/limits/{name}", "x")
    assert check() == []


def test_links_out_of_the_folder_are_not_followed(base: KnowledgeFolder, check: Check, tmp_path: Path) -> None:
    (tmp_path / "secret.yaml").write_text("entries: []\n")
    (base.root / "entries/limits/secret.yaml").symlink_to(tmp_path / "secret.yaml")
    (base.root / "entries/limits/folder").symlink_to(tmp_path)
    (base.root / "entries/limits/nowhere.yaml").symlink_to(tmp_path / "nothing")
    (base.root / "entries/limits/circle.yaml").symlink_to(base.root / "entries/limits/circle.yaml")
    problems = check()
    assert problems[0].startswith("knowledge/entries/limits/circle.yaml:1: file: can't be read (")
    assert problems[1:] == [
        "knowledge/entries/limits/nowhere.yaml:1: file: can't be read (No such file or directory); check that it may "
        "be opened",
        "warning knowledge/entries/limits/folder:1: file: is a link to a folder; links to folders are not followed",
        "warning knowledge/entries/limits/secret.yaml:1: file: is a link that leads out of the knowledge base; it is "
        "not read",
    ]


def test_a_link_within_the_folder_is_read(base: KnowledgeFolder, check: Check) -> None:
    base.write("entries/limits/real.yaml", base.read(FEES).replace("limit-visa-fees", "limit-other"))
    (base.root / "entries/limits/linked.yaml").symlink_to(base.root / "entries/limits/real.yaml")
    assert any("'limit-other' is used before" in line for line in check())


def test_a_pipe_does_not_stop_the_loader(base: KnowledgeFolder, check: Check) -> None:
    os.mkfifo(base.root / "entries/limits/pipe.yaml")
    assert check() == ["warning knowledge/entries/limits/pipe.yaml:1: file: is not an ordinary file; it is not read"]


def test_there_is_no_such_folder(tmp_path: Path) -> None:
    loaded = load(tmp_path / "nothing")
    assert list(map(str, loaded.problems)) == ["nothing:1: file: there is no such folder; check the path"]
    assert loaded.knowledge is None


def test_a_folder_without_entries(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    loaded = load(tmp_path / "empty")
    assert list(map(str, loaded.problems)) == ["empty:1: file: holds no entries; they live in entries/**/*.yaml"]


def test_missing_tables_are_told(base: KnowledgeFolder, check: Check) -> None:
    base.remove("topics.yaml")
    base.remove("wording/en.po")
    base.remove("retired.yaml")
    assert check() == [
        "knowledge/topics.yaml:1: file: is missing; every knowledge base has it",
        "knowledge/wording/en.po:1: file: is missing; it holds the bot's own sentences",
    ]


def test_a_very_broken_file_does_not_drown_the_others(base: KnowledgeFolder, check: Check) -> None:
    base.write(FEES, b"entries:\n" + b"  - {x: y}\n" * 1000)
    base.replace("entries/help/places.yaml", "status: service", "status: servce")
    lines = check()
    assert len([line for line in lines if line.startswith(PATH)]) == 201
    assert any("more problems of this file are not shown" in line for line in lines)
    assert any("'servce' is not known; did you mean 'service'?" in line for line in lines)
