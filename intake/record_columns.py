"""Which columns the records of a source have: provenance, the canonical columns that its contract can give, errors and repairs."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa

from intake.typed_table import ARROW_TYPES
from schemas.canonical import BY_NAME, CANONICAL_COLUMNS
from schemas.contracts import SourceContract

_GIVEN_BY: Mapping[str, tuple[str, ...]] = {
    "village": ("area_code",),
    "rt_rw": ("rt", "rw"),
    "position": ("latitude", "longitude"),
    "stage": ("period",),
    "month": ("period",),
    "address": ("hamlet", "rt", "rw"),
    "employee_number": ("birth_date", "sex"),
}
"""Canonical columns that an input column gives besides its own."""

PROVENANCE_TYPES: Mapping[str, pa.DataType] = {
    "record_id": pa.large_string(),
    "source": pa.large_string(),
    "record_key": pa.large_string(),
    "mention": pa.large_string(),
    "role": pa.large_string(),
    "unit": pa.large_string(),
    "programme": pa.large_string(),
    "lists_person_once": pa.bool_(),
    "delivery_id": pa.large_string(),
    "delivered_on": pa.timestamp("ns"),
    "file": pa.large_string(),
    "sheet": pa.large_string(),
    "table": pa.int32(),
    "row": pa.int32(),
}


def canonical_columns_of(contract: SourceContract) -> tuple[str, ...]:
    """The canonical columns of a source's records, in the vocabulary's order."""
    given: set[str] = set()
    for table in contract.mentions:
        for name in (*table.all_columns, *table.constants):
            given.update(part for part in (name, *_GIVEN_BY.get(name, ())) if part in BY_NAME)
    return tuple(column.name for column in CANONICAL_COLUMNS if column.name in given)


def records_schema(contract: SourceContract) -> pa.Schema:
    """The Arrow schema of a source's records."""
    fields = list(PROVENANCE_TYPES.items())
    fields += [(name, ARROW_TYPES[BY_NAME[name].kind]) for name in canonical_columns_of(contract)]
    fields += [("errors", pa.large_string()), ("repairs", pa.large_string())]
    return pa.schema(fields)
