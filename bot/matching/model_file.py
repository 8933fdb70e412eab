"""A model as one file: arrays that can be mapped, nothing that can be executed.

    8 bytes   magic
    32 bytes  sha256 of everything after it
    8 bytes   length of the header, little-endian
    header    JSON: strings, numbers, and for each array its type, shape and offset
    arrays    each at a multiple of 64 bytes

A file that is short, altered, of another version or holds anything unexpected raises `ModelFileError`, at loading and not
at some later message; the cure is to train again. This is the only module of matching, beside `train`, that touches files.
"""

from __future__ import annotations

import hashlib
import json
import math
import os
import tempfile
import unicodedata
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import Stemmer
from numpy.typing import NDArray

import bot.matching
import bot.text
from bot.errors import ModelFileError
from bot.matching.corpus import Corpus
from bot.matching.linear import SparseWeights
from bot.matching.model import Head, LanguageModel, Space, StemIndex, Thresholds
from bot.matching.rank import CONFIDENCE_MEASURES, MEASURES

MAGIC = b"MOBMDL01"
_ALIGN = 64
_ARRAYS = {
    "keys": np.uint64,
    "idf": np.float32,
    "weight_start": np.int32,
    "weight_entries": np.uint16,
    "weight_values": np.float16,
    "bias": np.float32,
    "rows_of": np.int32,
    "row_start": np.int32,
    "row_columns": np.int32,
    "row_values": np.float32,
    "stem_keys": np.uint64,
    "stem_idf": np.float32,
    "stem_start": np.int32,
    "stem_entries": np.uint16,
}

_MALFORMED = (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError)
"""What reading a header can raise when it holds anything but what `save` writes."""


@cache
def code_version() -> str:
    """A hash of the code that makes and reads models, and of what stems, folds and counts for it, so that a model of other
    code is never used."""
    versions = (np.__version__, Stemmer.version(), unicodedata.unidata_version)
    digest = hashlib.sha256(" ".join(versions).encode())
    for package in (bot.text, bot.matching):
        for path in sorted(Path(package.__path__[0]).glob("*.py")):
            digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def file_name(corpus: Corpus) -> str:
    """The name of the model of a corpus: the same content and code always give the same name."""
    content = hashlib.sha256(corpus.to_json().encode("utf-8", "surrogatepass"))
    content.update(code_version().encode())
    return f"{corpus.lang}-{content.hexdigest()[:32]}.model"


def save(model: LanguageModel, path: Path) -> None:
    """Writes a model so that a reader sees the whole file or none; readable by the owner only."""
    arrays = {name: np.ascontiguousarray(array) for name, array in _arrays_of(model).items()}
    places: dict[str, list[Any]] = {}
    offset = 0
    for name, array in arrays.items():
        places[name] = [array.dtype.str, list(array.shape), offset]
        offset = _aligned(offset + array.nbytes)
    header = json.dumps({"code": code_version(), "arrays": places, **_facts_of(model)}, ensure_ascii=False).encode()
    body = bytearray(len(header).to_bytes(8, "little") + header)
    body.extend(b"\0" * (_aligned(len(body) + 40) - 40 - len(body)))
    base = len(body)
    body.extend(b"\0" * offset)
    for name, array in arrays.items():
        begin = base + places[name][2]
        body[begin : begin + array.nbytes] = array.tobytes()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, temporary = tempfile.mkstemp(dir=path.parent, suffix=".part")  # mkstemp makes it owner-only
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(MAGIC + hashlib.sha256(body).digest() + body)
            file.flush()
            os.fsync(file.fileno())
        Path(temporary).replace(path)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def load(path: Path) -> LanguageModel:
    """The model in a file, its arrays mapped, not copied.

    Raises:
        ModelFileError: the file is missing, broken, of other code, or not a model.
    """
    try:
        raw = np.asarray(np.memmap(path, dtype=np.uint8, mode="r"))  # the plain type: memmap's slices cost time
    except (OSError, ValueError) as error:
        raise ModelFileError(f"{path.name}: can't be opened ({type(error).__name__})") from None
    if len(raw) < 48 or bytes(raw[:8]) != MAGIC:
        raise ModelFileError(f"{path.name}: not a model file")
    if hashlib.sha256(raw[40:].data).digest() != bytes(raw[8:40]):
        raise ModelFileError(f"{path.name}: its checksum is wrong")
    size = int.from_bytes(bytes(raw[40:48]), "little")
    try:
        header = json.loads(bytes(raw[48 : 48 + size]))
        if header["code"] != code_version():
            raise ModelFileError(f"{path.name}: made by other code")
        model = _model_of(header, _arrays(raw, _aligned(48 + size), header["arrays"]))
        _check(model)
    except _MALFORMED as error:
        raise ModelFileError(f"{path.name}: malformed ({type(error).__name__})") from None
    return model


def _arrays(raw: NDArray[np.uint8], begin: int, places: dict[str, list[Any]]) -> dict[str, NDArray[Any]]:
    """The arrays, which lie exactly as `save` lays them."""
    arrays: dict[str, NDArray[Any]] = {}
    offset = 0
    for name, kind in _ARRAYS.items():
        wanted = np.dtype(kind)
        length = places[name][1][0]
        if type(length) is not int or length < 0 or places[name] != [wanted.str, [length], offset]:
            raise ValueError(name)
        arrays[name] = raw[begin + offset :][: length * wanted.itemsize].view(wanted)
        offset = _aligned(offset + length * wanted.itemsize)
    if len(places) != len(_ARRAYS) or begin + offset != len(raw):
        raise ValueError("arrays")
    return arrays


def _check(model: LanguageModel) -> None:
    """Raises ValueError unless the parts of a model fit together, so that no message can stumble over it."""
    space, weights, stems = model.space, model.weights, model.stems
    entries, phrasings = len(model.entries), len(model.phrasings)
    fits = (
        _sorted(space.keys)
        and len(space.idf) == len(space.keys)
        and _spans(weights.start, len(space.keys), len(weights.entries))
        and len(weights.values) == len(weights.entries)
        and _below(weights.entries, entries)
        and len(weights.bias) == entries
        and _spans(model.rows_of, entries, phrasings)
        and _spans(model.row_start, phrasings, len(model.row_columns))
        and len(model.row_values) == len(model.row_columns)
        and _below(model.row_columns, len(space.keys))
        and _sorted(stems.keys)
        and len(stems.idf) == len(stems.keys)
        and _spans(stems.start, len(stems.keys), len(stems.entries))
        and _below(stems.entries, entries)
        and (model.rerank is None or _is_head(model.rerank, MEASURES))
        and (model.confidence is None or _is_head(model.confidence, CONFIDENCE_MEASURES))
        and 0.0 <= model.thresholds.choices <= model.thresholds.answer <= 1.0
        and all(isinstance(text, str) for text in (*model.entries, *model.phrasings))
    )
    if not fits:
        raise ValueError("parts")


def _sorted(keys: NDArray[np.uint64]) -> bool:
    return bool((keys[1:] > keys[:-1]).all())


def _spans(start: NDArray[np.int32], parts: int, whole: int) -> bool:
    if len(start) != parts + 1:
        return False
    return start[0] == 0 and start[-1] == whole and bool((start[1:] >= start[:-1]).all())


def _below(values: NDArray[Any], limit: int) -> bool:
    return not len(values) or (int(values.min()) >= 0 and int(values.max()) < limit)


def _is_head(head: Head, measures: int) -> bool:
    sizes = {len(head.weights), len(head.mean), len(head.scale)}
    numbers = (*head.weights, head.bias, *head.mean, *head.scale)
    return sizes == {measures} and all(map(math.isfinite, numbers)) and all(scale > 0 for scale in head.scale)


def _aligned(offset: int) -> int:
    return -(-offset // _ALIGN) * _ALIGN


def _arrays_of(model: LanguageModel) -> dict[str, NDArray[Any]]:
    return {
        "keys": model.space.keys,
        "idf": model.space.idf,
        "weight_start": model.weights.start,
        "weight_entries": model.weights.entries,
        "weight_values": model.weights.values,
        "bias": model.weights.bias,
        "rows_of": model.rows_of,
        "row_start": model.row_start,
        "row_columns": model.row_columns,
        "row_values": model.row_values,
        "stem_keys": model.stems.keys,
        "stem_idf": model.stems.idf,
        "stem_start": model.stems.start,
        "stem_entries": model.stems.entries,
    }


def _facts_of(model: LanguageModel) -> dict[str, Any]:
    return {
        "lang": model.lang,
        "entries": model.entries,
        "phrasings": model.phrasings,
        "words": dict(model.words),
        "never": model.never,
        "same": model.same,
        "unknown_idf": model.stems.unknown_idf,
        "heads": [
            [head.weights, head.bias, head.mean, head.scale] if head else None
            for head in (model.rerank, model.confidence)
        ],
        "thresholds": [model.thresholds.answer, model.thresholds.choices],
    }


def _floats(numbers: list[Any]) -> tuple[float, ...]:
    return tuple(map(float, numbers))


def _model_of(facts: dict[str, Any], arrays: dict[str, NDArray[Any]]) -> LanguageModel:
    rerank, confidence = (
        Head(_floats(head[0]), float(head[1]), _floats(head[2]), _floats(head[3])) if head else None
        for head in facts["heads"]
    )
    return LanguageModel(
        lang=str(facts["lang"]),
        entries=tuple(facts["entries"]),
        phrasings=tuple(facts["phrasings"]),
        rows_of=arrays["rows_of"],
        space=Space(arrays["keys"], arrays["idf"]),
        weights=SparseWeights(
            arrays["weight_start"], arrays["weight_entries"], arrays["weight_values"], arrays["bias"]
        ),
        row_start=arrays["row_start"],
        row_columns=arrays["row_columns"],
        row_values=arrays["row_values"],
        stems=StemIndex(
            arrays["stem_keys"],
            arrays["stem_idf"],
            arrays["stem_start"],
            arrays["stem_entries"],
            float(facts["unknown_idf"]),
        ),
        words={str(word): int(count) for word, count in facts["words"].items()},
        never=tuple((str(one), str(other)) for one, other in facts["never"]),
        same=tuple(tuple(map(str, group)) for group in facts["same"]),
        rerank=rerank,
        confidence=confidence,
        thresholds=Thresholds(*map(float, facts["thresholds"])),
    )
