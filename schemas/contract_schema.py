"""The JSON Schema of source contracts, for editors that help while one is written: `schemas/contract.schema.json`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from schemas.canonical import BY_NAME, INPUT_ONLY_COLUMNS
from schemas.contracts import SourceContract

SCHEMA_FILE = Path(__file__).with_name("contract.schema.json")
_COLUMNS = ("MentionContract", "TableContract")


def contract_schema() -> dict[str, Any]:
    """The schema that the pydantic model writes, with the canonical names as the only keys of `columns`."""
    schema = SourceContract.model_json_schema()
    names = [*BY_NAME, *INPUT_ONLY_COLUMNS]
    for part in _COLUMNS:
        for key in ("columns", "block"):
            columns = schema["$defs"][part]["properties"].get(key)
            if columns is not None:
                columns["propertyNames"] = {"enum": names}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Padan source contract"} | schema


def schema_text() -> str:
    """The schema as it stands in its file."""
    return json.dumps(contract_schema(), ensure_ascii=False, indent=2) + "\n"
