"""JSON Schema for editors."""

from __future__ import annotations

import json
from pathlib import Path

from bot.kb.json_schema import json_schemas, write_schemas


def test_each_kind_of_file_has_one(tmp_path: Path) -> None:
    paths = write_schemas(tmp_path / "schemas")
    assert sorted(path.name for path in paths) == [
        "checks.schema.json",
        "emergency_numbers.schema.json",
        "entries.schema.json",
        "instruments.schema.json",
        "knowledge.schema.json",
        "retired.schema.json",
        "sources.schema.json",
        "synonyms.schema.json",
        "topics.schema.json",
        "translations.schema.json",
    ]
    for path in paths:
        assert json.loads(path.read_text())["additionalProperties"] is False


def test_it_says_what_the_loader_checks() -> None:
    entry = json_schemas()["entries"]["properties"]["entries"]["items"]
    assert entry["additionalProperties"] is False
    assert {"id", "title", "topics", "asks", "answer", "status", "confidence"} == set(entry["required"])
    assert entry["properties"]["answer"]["maxLength"] == 700
    assert entry["properties"]["id"]["pattern"] == "^(?:[a-z0-9-]{3,40})$"
    assert "urgent" in entry["properties"]["kind"]["enum"]
    assert "not" in json_schemas()["instruments"]["properties"]["instruments"]["items"]["properties"]


def test_references_lead_somewhere() -> None:
    for schema in json_schemas().values():
        text = json.dumps(schema)
        for name in {part.split('"')[0] for part in text.split("#/$defs/")[1:]}:
            assert name in schema["$defs"]
