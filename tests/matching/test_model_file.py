from __future__ import annotations

import hashlib
import json
import mmap
import os
import pickle
import stat
import unicodedata
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import Stemmer
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import bot.text
from bot.errors import ModelFileError
from bot.matching import model_file
from bot.matching.matcher import Matcher
from bot.matching.model import LanguageModel
from bot.matching.model_file import MAGIC, code_version, file_name, load, save
from tests.matching.small import MIGRATION, corpus, knowledge

Header = dict[str, Any]


@pytest.fixture
def path(tmp_path: Path, model: LanguageModel) -> Path:
    place = tmp_path / "en.model"
    save(model, place)
    return place


def same(one: object, other: object) -> bool:
    if is_dataclass(one) and not isinstance(one, type):
        return type(one) is type(other) and all(
            same(getattr(one, field.name), getattr(other, field.name)) for field in fields(one)
        )
    if isinstance(one, np.ndarray):
        return isinstance(other, np.ndarray) and one.dtype == other.dtype and np.array_equal(one, other)
    return one == other


def signed(body: bytes) -> bytes:
    """A file with this body and a checksum that fits it."""
    return MAGIC + hashlib.sha256(body).digest() + body


def forged(path: Path, change: Callable[[Header], Any]) -> None:
    """Rewrites the header of a model file, arrays and checksum kept right."""
    body = path.read_bytes()[40:]
    size = int.from_bytes(body[:8], "little")
    arrays = body[-(-(48 + size) // 64) * 64 - 40 :]
    header: Header = json.loads(body[8 : 8 + size])
    changed = change(header)
    text = changed if isinstance(changed, bytes) else json.dumps(header if changed is None else changed).encode()
    start = (len(text).to_bytes(8, "little") + text).ljust(-(-(48 + len(text)) // 64) * 64 - 40, b"\0")
    path.write_bytes(signed(start + arrays))


def refused(path: Path, why: str) -> None:
    with pytest.raises(ModelFileError) as caught:
        load(path)
    assert str(caught.value).startswith(f"{path.name}: {why}")
    assert "\n" not in str(caught.value)


def test_what_was_saved_is_loaded(path: Path, model: LanguageModel) -> None:
    assert same(load(path), model)


def test_a_model_without_heads_is_loaded(tmp_path: Path, model: LanguageModel) -> None:
    bare = replace(model, rerank=None, confidence=None)
    save(bare, tmp_path / "bare.model")
    assert same(load(tmp_path / "bare.model"), bare)


def test_a_loaded_model_matches_like_the_one_that_was_saved(path: Path, model: LanguageModel) -> None:
    before, after = (Matcher(knowledge(), {"en": one}) for one in (model, load(path)))
    for text in ("boss took my pasport", "landlord no foreigners", "xyz"):
        assert before.match(text) == after.match(text)


def test_arrays_are_mapped_and_cant_be_written(path: Path) -> None:
    loaded = load(path)
    with pytest.raises(ValueError, match="read-only"):
        loaded.space.idf[0] = 1.0
    assert lies_in_a_file(loaded.weights.values)


def lies_in_a_file(array: object) -> bool:
    """Whether an array is a view, at whatever distance, of a mapped file."""
    while array is not None:
        if isinstance(array, mmap.mmap):
            return True
        array = getattr(array, "base", None)
    return False


def test_every_text_survives(tmp_path: Path, model: LanguageModel) -> None:
    texts = tuple(f'{text} 護照 हिन्दी 👍 "\\ \x00' for text in model.phrasings)
    odd = replace(model, phrasings=texts, words={"护": 1, "\u2028": 2})
    save(odd, tmp_path / "odd.model")
    assert same(load(tmp_path / "odd.model"), odd)


def test_the_file_forges_back_to_itself(path: Path) -> None:
    """The forger of these tests is itself right: an unchanged header still loads."""
    forged(path, lambda header: None)
    load(path)


# Damage


def test_a_missing_file(tmp_path: Path) -> None:
    refused(tmp_path / "none.model", "can't be opened (FileNotFoundError)")


def test_a_folder_instead_of_a_file(tmp_path: Path) -> None:
    refused(tmp_path, "can't be opened (IsADirectoryError)")


@pytest.mark.parametrize("size", [0, 1, 7, 8, 39, 40, 47, 48, 49, 1000, -1, -64, -1000])
def test_a_truncated_file(path: Path, size: int) -> None:
    path.write_bytes(path.read_bytes()[:size])
    refused(path, "")


@given(st.integers(0), st.integers(1, 255))
@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_byte_altered_anywhere(path: Path, at: int, change: int) -> None:
    whole = path.read_bytes()
    broken = bytearray(whole)
    broken[at % len(broken)] ^= change
    path.write_bytes(broken)
    refused(path, "")
    path.write_bytes(whole)


def test_bytes_added_at_the_end(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")
    refused(path, "its checksum is wrong")


@given(st.binary(max_size=300))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_any_bytes_with_a_right_checksum(tmp_path: Path, body: bytes) -> None:
    place = tmp_path / "any.model"
    place.write_bytes(signed(body))
    refused(place, "")


# Files of others


@pytest.mark.parametrize(
    "magic", [b"MOBMDL00", b"MOBMDL02", b"\x80\x04PICKLE", b"PK\x03\x04\0\0\0\0", b"\x93NUMPY\x01\0"]
)
def test_foreign_magic(path: Path, magic: bytes) -> None:
    path.write_bytes(magic + path.read_bytes()[8:])
    refused(path, "not a model file")


class Trap:
    """Executes something when it is unpickled."""

    def __init__(self, place: Path) -> None:
        self.place = place

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.place),)


def test_nothing_in_a_file_is_executed(tmp_path: Path) -> None:
    trap = pickle.dumps(Trap(tmp_path / "sprung"))
    np.save(tmp_path / "trap.npy", np.array([Trap(tmp_path / "sprung")], dtype=object), allow_pickle=True)
    for at, content in enumerate(
        (trap, (tmp_path / "trap.npy").read_bytes(), signed(trap), signed(b"\0" * 8 + trap))
    ):
        place = tmp_path / f"{at}.model"
        place.write_bytes(content)
        refused(place, "")
    assert not (tmp_path / "sprung").exists()


def test_a_model_of_other_code(path: Path) -> None:
    forged(path, lambda header: header.update(code="0123456789abcdef"))
    refused(path, "made by other code")


def test_the_code_version_follows_code_and_libraries(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def version() -> str:
        code_version.cache_clear()
        return code_version()

    seen = {version()}
    assert version() in seen
    for module, name, value in (
        (Stemmer, "version", lambda: "9.9"),
        (np, "__version__", "9.9"),
        (unicodedata, "unidata_version", "99.0"),
    ):
        with monkeypatch.context() as patch:
            patch.setattr(module, name, value)
            seen.add(version())
    (tmp_path / "other.py").write_text("1")
    with monkeypatch.context() as patch:
        patch.setattr(bot.text, "__path__", [str(tmp_path)])
        seen.add(version())
    code_version.cache_clear()
    assert len(seen) == 5


# Headers that lie, with a right checksum


def array(name: str, at: int, value: object) -> Callable[[Header], None]:
    def change(header: Header) -> None:
        header["arrays"][name][at] = value

    return change


def shorter(*names: str) -> Callable[[Header], None]:
    def change(header: Header) -> None:
        for name in names:
            header["arrays"][name][1][0] -= 1

    return change


def fact(name: str, value: object) -> Callable[[Header], None]:
    return lambda header: header.update({name: value})


def without(name: str) -> Callable[[Header], None]:
    def change(header: Header) -> None:
        del header[name]

    return change


def first_head(part: int, value: object) -> Callable[[Header], None]:
    def change(header: Header) -> None:
        header["heads"][0][part] = value

    return change


LIES: dict[str, Callable[[Header], Any]] = {
    "type of another size": array("idf", 0, "<f8"),
    "type of the same size": array("idf", 0, "<i4"),
    "other byte order": array("keys", 0, ">u8"),
    "objects": array("keys", 0, "|O"),
    "no type at all": array("keys", 0, "(1"),
    "a record": array("keys", 0, [["a", "<u8"]]),
    "type is a number": array("keys", 0, 8),
    "shape one too short": shorter("idf"),
    "shape one too short within the padding": shorter("bias"),
    "several shapes too short": shorter("keys", "idf", "weight_start"),
    "shape too long": array("keys", 1, [10**9]),
    "shape beyond any number": array("keys", 1, [10**30]),
    "negative shape": array("keys", 1, [-1]),
    "two dimensions": array("keys", 1, [4, 4]),
    "no dimension": array("keys", 1, []),
    "shape is a fraction": array("keys", 1, [1.5]),
    "shape is true": array("bias", 1, [True]),
    "shape is text": array("keys", 1, "12"),
    "shape is infinite": array("keys", 1, [float("inf")]),
    "offset of another array": array("idf", 2, 0),
    "offset off by one": array("idf", 2, 1),
    "negative offset": array("keys", 2, -64),
    "offset beyond the end": array("row_values", 2, 10**12),
    "offset is text": array("keys", 2, "0"),
    "place is null": lambda header: header["arrays"].update(keys=None),
    "place too long": lambda header: header["arrays"]["keys"].append(1),
    "an array more": lambda header: header["arrays"].update(more=["<u8", [0], 0]),
    "an array less": lambda header: header["arrays"].pop("stem_entries") and None,
    "arrays are a list": fact("arrays", []),
    "header is a list": lambda header: [1, 2],
    "header is a text": lambda header: "code",
    "header is null": lambda header: b"null",
    "header is no JSON": lambda header: b"{'a': 1}",
    "header is no UTF-8": lambda header: b'{"code": "\xff"}',
    "header is empty": lambda header: b"",
    "a thousand thousand brackets": lambda header: b"[" * 1_000_000,
    "no code": without("code"),
    "no heads": without("heads"),
    "words are a list": fact("words", ["visa"]),
    "a word counted infinitely": fact("words", {"visa": float("inf")}),
    "a word counted in letters": fact("words", {"visa": "many"}),
    "entries are fewer": lambda header: header["entries"].pop() and None,
    "entries are more": lambda header: header["entries"].append("another"),
    "an entry is a number": lambda header: header["entries"].__setitem__(0, 7),
    "phrasings are fewer": lambda header: header["phrasings"].pop() and None,
    "a phrasing is null": lambda header: header["phrasings"].__setitem__(0, None),
    "a never pair of three": fact("never", [["a", "b", "c"]]),
    "one head": lambda header: header["heads"].pop() and None,
    "heads are text": fact("heads", ["ab", "cd"]),
    "a head with fewer weights": first_head(0, [1.0]),
    "a head with a word for a weight": first_head(0, ["x"] * 10),
    "a head with an infinite weight": first_head(0, [float("inf")] * 10),
    "a head without a number for bias": first_head(1, None),
    "a head that divides by nothing": first_head(3, [0.0] * 10),
    "a threshold missing": fact("thresholds", [0.5]),
    "thresholds beyond 1": fact("thresholds", [7.0, 0.1]),
    "thresholds the wrong way round": fact("thresholds", [0.1, 0.5]),
    "a threshold that is no number": fact("thresholds", [float("nan"), 0.1]),
    "rareness is a list": fact("unknown_idf", []),
}


@pytest.mark.parametrize("lie", LIES)
def test_a_header_that_lies(path: Path, lie: str) -> None:
    forged(path, LIES[lie])
    refused(path, "malformed")


@pytest.mark.parametrize("size", [0, 1, 10**6, 2**63 - 1, 2**64 - 1])
def test_a_header_of_another_size(path: Path, size: int) -> None:
    body = path.read_bytes()[40:]
    path.write_bytes(signed(size.to_bytes(8, "little") + body[8:]))
    refused(path, "malformed")


BROKEN = (
    "unsorted keys",
    "weights of an unknown entry",
    "weights that go backwards",
    "an unknown column",
    "a negative column",
    "rows of another number",
    "stems of an unknown entry",
)


@pytest.mark.parametrize("name", BROKEN)
def test_arrays_that_dont_fit_together(path: Path, model: LanguageModel, name: str) -> None:
    """Each would let some message stumble over an index that isn't there."""
    start = model.weights.start
    wrong = {
        "unsorted keys": replace(model, space=replace(model.space, keys=model.space.keys[::-1])),
        "weights of an unknown entry": replace(
            model, weights=replace(model.weights, entries=np.full_like(model.weights.entries, 60000))
        ),
        "weights that go backwards": replace(
            model, weights=replace(model.weights, start=np.concatenate([start[:1], start[:0:-1]]))
        ),
        "an unknown column": replace(model, row_columns=model.row_columns + len(model.space.keys)),
        "a negative column": replace(model, row_columns=-1 - model.row_columns),
        "rows of another number": replace(model, rows_of=model.rows_of + np.int32(1)),
        "stems of an unknown entry": replace(
            model, stems=replace(model.stems, entries=np.full_like(model.stems.entries, 6))
        ),
    }
    assert set(wrong) == set(BROKEN)
    save(wrong[name], path)
    refused(path, "malformed (ValueError)")


# Writing


def test_the_file_is_readable_by_its_owner_only(tmp_path: Path, model: LanguageModel) -> None:
    before = os.umask(0)
    try:
        save(model, tmp_path / "cache" / "en.model")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "cache" / "en.model").stat().st_mode) == 0o600
    assert stat.S_IMODE((tmp_path / "cache").stat().st_mode) == 0o700


def test_saving_replaces_a_file_while_a_reader_keeps_the_old_one(path: Path, model: LanguageModel) -> None:
    reader = load(path)
    save(replace(model, thresholds=replace(model.thresholds, answer=0.93)), path)
    assert same(reader, model)
    assert load(path).thresholds.answer == 0.93
    assert list(path.parent.iterdir()) == [path]


def test_a_failure_while_writing_leaves_the_old_file_and_no_rest(
    path: Path, model: LanguageModel, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = path.read_bytes()
    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        save(replace(model, never=()), path)
    assert path.read_bytes() == before
    assert list(path.parent.iterdir()) == [path]


def test_the_name_follows_content_and_code(monkeypatch: pytest.MonkeyPatch) -> None:
    one = corpus(MIGRATION)
    assert file_name(one) == file_name(corpus(MIGRATION))
    assert file_name(one).startswith("en-")
    assert file_name(one).endswith(".model")
    changed = corpus({**MIGRATION, "school": (*MIGRATION["school"], "one more")})
    with_pair = corpus(MIGRATION, never=[("a", "b")])
    names = {file_name(each) for each in (one, changed, with_pair, corpus(MIGRATION, lang="es"))}
    monkeypatch.setattr(model_file, "code_version", lambda: "other")
    assert len(names | {file_name(one)}) == 5
