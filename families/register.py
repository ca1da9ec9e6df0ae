"""The two sides of the linkage as tables: the residents of the register, and all mentions of people by the offices."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from schemas.canonical import CANONICAL_COLUMNS, PROVENANCE_COLUMNS, as_canonical, empty_frame

_PLACE = ["source", "delivery_id", "file", "sheet", "row", "mention"]
REGISTER_COLUMNS = [
    "record_id",
    "delivery_id",
    "file",
    "sheet",
    "row",
    *("nik", "kk_number", "name", "birth_place", "birth_date", "sex", "relation", "marital_status", "religion", "education", "occupation"),
    *("father_name", "father_nik", "mother_name", "mother_nik", "resident_status", "area_code", "address", "hamlet", "rt", "rw"),
]


def population_table(records: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """One row per resident, sorted by NIK: the columns `REGISTER_COLUMNS`.

    A row without a usable NIK stays in its records frame, since nothing can be linked to it. Of several rows with one NIK (a
    moved resident who stands in two workbooks) the one who is alive and here wins, then the newest delivery, then the first row.
    """
    read = pd.concat(records, ignore_index=True) if records else empty_frame(REGISTER_COLUMNS)
    usable = read[read["nik"].notna()]
    here = usable["resident_status"].eq("HIDUP").fillna(True).astype(bool)
    order = (
        usable.assign(_away=~here).sort_values(
            ["nik", "_away", "delivered_on", "file", "sheet", "row"], ascending=[True, True, False, True, True, True], kind="stable"
        )
        if len(usable)
        else usable
    )
    return as_canonical(order.drop_duplicates("nik"), REGISTER_COLUMNS).reset_index(drop=True)


def social_table(records: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """All mentions of the offices in canonical columns, in the order of their place (source, delivery, file, sheet, row).

    Holds the union of the sources' columns, in the vocabulary's order; a column that no source has is absent.
    """
    present = {name for frame in records for name in frame.columns}
    columns = [
        name for name in (*PROVENANCE_COLUMNS, *(column.name for column in CANONICAL_COLUMNS), "errors", "repairs") if name in present
    ]
    if not records:
        return empty_frame([*PROVENANCE_COLUMNS, "nik", "kk_number", "name", "birth_date", "sex", "area_code", "errors"])
    typed = [as_canonical(frame, columns) for frame in records]
    filled = [frame for frame in typed if len(frame)] or typed[:1]
    return pd.concat(filled, ignore_index=True).sort_values(_PLACE, kind="stable", ignore_index=True)


def named_links(links: pd.DataFrame, mentions: pd.DataFrame) -> pd.DataFrame:
    """The engine's links in the words of this project: `record_id`, its source, and `register_nik` instead of left and right ids."""
    named = links.rename(columns={"left_id": "record_id", "right_id": "register_nik"})
    source = mentions[["record_id", "source"]]
    named = source.merge(named, on="record_id", how="left", validate="one_to_one")
    return named[["record_id", "source", "status", "method", "register_nik", "cluster_id", "probability", "evidence"]]


def named_review_cases(review: pd.DataFrame) -> pd.DataFrame:
    """The engine's review queue in the words of this project."""
    return review.rename(columns={"left_id": "record_id", "right_id": "register_nik"})


def named_pairs(alike: pd.DataFrame) -> pd.DataFrame:
    """The engine's doubtful pairs of unregistered records in the words of this project."""
    return alike.rename(columns={"left_id": "record_id", "other_id": "other_record_id"})
