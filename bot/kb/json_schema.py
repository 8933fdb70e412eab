"""JSON Schema for editors, made from the same models that check the files, so that the two can't differ."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from bot.kb.folder import FileKind
from bot.kb.parsing import LISTS, WHOLES

_TITLES: dict[FileKind, str] = {
    "entries": "Entries of the knowledge base (entries/**/*.yaml)",
    "translations": "Translations of entries (translations/<lang>/**/*.yaml)",
    "checks": "Questions that test the knowledge base (checks/<lang>/**/*.yaml)",
    "topics": "Topics (topics.yaml)",
    "instruments": "Treaties and texts (instruments.yaml)",
    "sources": "Sources (sources.yaml)",
    "emergency_numbers": "Emergency numbers (emergency_numbers.yaml)",
    "knowledge": "Name, disclaimer and languages (knowledge.yaml)",
    "retired": "Retired ids (retired.yaml)",
    "synonyms": "Synonyms (synonyms/<lang>.yaml)",
}


def json_schemas() -> dict[str, dict[str, Any]]:
    """A JSON Schema for each kind of file, by a name such as `entries`."""
    return {kind: {"$schema": _DRAFT, "title": title, **_schema(kind)} for kind, title in _TITLES.items()}


_DRAFT = "https://json-schema.org/draft/2020-12/schema"


def _schema(kind: FileKind) -> dict[str, Any]:
    if kind in WHOLES:
        schema = WHOLES[kind].model_json_schema(by_alias=True)
        schema.pop("title", None)
        return schema
    shape = LISTS[kind]
    item = shape.model.model_json_schema(by_alias=True)
    definitions = item.pop("$defs", {})
    return {
        "type": "object",
        "properties": {shape.key: {"type": "array", "minItems": 1, "items": item}},
        "required": [shape.key],
        "additionalProperties": False,
        **({"$defs": definitions} if definitions else {}),
    }


def write_schemas(folder: Path) -> list[Path]:
    """Write one `<kind>.schema.json` a kind into `folder`, made where it is missing; gives the paths."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for kind, schema in json_schemas().items():
        path = folder / f"{kind}.schema.json"
        path.write_text(json.dumps(schema, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
        written.append(path)
    return written
