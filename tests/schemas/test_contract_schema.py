"""The JSON Schema of contracts. The mistake prevented: editors that help with keys which the program no longer knows."""

from __future__ import annotations

import json

from schemas.canonical import BY_NAME
from schemas.contract_schema import SCHEMA_FILE, schema_text


def test_the_file_is_what_the_model_writes() -> None:
    assert SCHEMA_FILE.read_text(encoding="utf-8") == schema_text(), "run: padan contract schema --out schemas/contract.schema.json"


def test_it_knows_the_canonical_names_and_explains_the_keys() -> None:
    schema = json.loads(schema_text())
    table = schema["$defs"]["TableContract"]["properties"]
    assert set(BY_NAME) <= set(table["columns"]["propertyNames"]["enum"])
    assert "required" in schema["$defs"]["ColumnContract"]["properties"]["required"]["description"] or table["hidden"]["description"]
