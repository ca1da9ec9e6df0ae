"""Exact duplicates, and the ordinals that make record ids.

A row that repeats another in every canonical column is the same fact written twice: one stays, the others are set aside as
`exact_duplicate`. Rows that share a key and differ are different facts, numbered in the order of delivery, file, sheet and row.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from intake.messages import message
from intake.quarantine import QUARANTINE_SCHEMA
from intake.row_places import all_of_the_row
from schemas.canonical import BY_NAME


def set_exact_duplicates_aside(records: pa.Table) -> tuple[pa.Table, pa.Table]:
    """Records with their record_id, and the quarantine rows of those that repeat another.

    A row that makes several records is a duplicate only when all of them are; otherwise all of them stay.
    """
    if not len(records):
        return records, QUARANTINE_SCHEMA.empty_table()
    keys = pc.dictionary_encode(records.column("record_key").combine_chunks()).indices.to_numpy()
    mentions = pc.dictionary_encode(records.column("mention").combine_chunks()).indices.to_numpy()
    groups = keys.astype(np.int64) * (int(mentions.max()) + 1) + mentions
    order = np.argsort(groups, kind="stable")
    sorted_groups = groups[order]
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]])
    sizes = np.diff(np.r_[starts, len(order)])
    crowded = order[np.repeat(sizes > 1, sizes)]
    repeated = np.zeros(len(records), bool)
    if len(crowded):
        crowded.sort()
        repeated[crowded] = _repeats(records.take(pa.array(crowded)), groups[crowded])
        repeated = all_of_the_row(records, repeated)
    kept_places = np.flatnonzero(~repeated)
    kept = records if not repeated.any() else records.take(pa.array(kept_places))
    aside = _as_quarantine(records.filter(pa.array(repeated)))
    return _with_ids(kept, groups[kept_places]), aside


def _repeats(rows: pa.Table, groups: npt.NDArray[np.int64]) -> npt.NDArray[np.bool_]:
    """Which of some rows, in their order, equal an earlier one of their group in every canonical column."""
    canonical = [name for name in rows.column_names if name in BY_NAME]
    frame = rows.select(canonical).to_pandas(types_mapper=None)
    frame["group"] = groups
    flags: npt.NDArray[np.bool_] = frame.duplicated(keep="first").to_numpy()
    return flags


def _with_ids(records: pa.Table, groups: npt.NDArray[np.int64]) -> pa.Table:
    """Fill in record_id = source:record_key:ordinal, the mention added where it is not the person of the row."""
    ordinals = _ordinals(groups)
    source, key = records.column("source"), records.column("record_key")
    mention = records.column("mention")
    place = pc.if_else(
        pc.equal(mention, "person"),
        pa.scalar("", pa.large_string()),
        pc.binary_join_element_wise(pa.scalar("", pa.large_string()), mention, pa.scalar(":", pa.large_string())),
    )
    ids = pc.binary_join_element_wise(source, key, pa.array(ordinals.astype(str), pa.large_string()), pa.scalar(":", pa.large_string()))
    ids = pc.binary_join_element_wise(ids, place, pa.scalar("", pa.large_string()))
    return records.set_column(records.schema.get_field_index("record_id"), "record_id", ids)


def _ordinals(groups: npt.NDArray[np.int64]) -> npt.NDArray[np.int64]:
    """1 for the first row of each group in the order given, 2 for the second, and so on."""
    order = np.argsort(groups, kind="stable")
    sorted_groups = groups[order]
    starts = np.flatnonzero(np.r_[True, sorted_groups[1:] != sorted_groups[:-1]]) if len(order) else np.empty(0, np.int64)
    sizes = np.diff(np.r_[starts, len(order)])
    ordinals = np.empty(len(order), np.int64)
    ordinals[order] = np.arange(len(order)) - np.repeat(starts, sizes) + 1
    return ordinals


def _as_quarantine(rows: pa.Table) -> pa.Table:
    """One quarantine row for each row of a sheet, however many mentions it has."""
    places = rows.select(["delivery_id", "file", "sheet", "row"]).to_pandas()
    rows = rows.filter(pa.array(~places.duplicated().to_numpy()))
    text = message("exact_duplicate")
    columns = []
    for part in QUARANTINE_SCHEMA:
        if part.name in {"delivery_id", "file", "sheet", "table", "row", "area_code"} & set(rows.column_names):
            columns.append(rows.column(part.name))
        else:
            constant = {"disposition": "exact_duplicate", "reason": "exact_duplicate", "message_id": text.id, "message_en": text.en}
            columns.append(pa.array([constant.get(part.name)] * len(rows), part.type))
    return pa.table(columns, schema=QUARANTINE_SCHEMA)
