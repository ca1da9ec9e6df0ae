"""Where the values come from: for each attribute of a person, family or house, what the sources say, and which value was used.

So that an officer can go from a decile in the database to the cell of the spreadsheet that said so, and see what other lists say.
"""

from __future__ import annotations

from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from families.families import LOCAL_SCORE, status_of_decile, valid_deciles
from families.lookup import positions_of, taken_at
from families.record_facts import text_column
from families.survivorship import provenance_order
from schemas.canonical import TEXT

ATTRIBUTE_SOURCE_COLUMNS = ("entity", "entity_id", "attribute", "value", "source", "record_id", "cell", "used", "reason")
_TABLE = ("delivery_id", "file", "sheet", "table")
_POSITION_COLUMNS = ("position", "latitude")
"""A position stands in one cell, or in two of which the first is named."""
_PLACE_COLUMNS = {"area_code": "village", "rw": "rw", "rt": "rt"}
"""What records may dispute of a family's address, and the column of the list that says it.

Hamlet and street are written freely: no two lists agree on them, and none is wrong.
"""


def build_attribute_sources(
    families: pd.DataFrame,
    social_records: pd.DataFrame,
    record_person: pd.DataFrame,
    *,
    layouts: pd.DataFrame,
    house_sources: pd.DataFrame | None = None,
    person_sources: pd.DataFrame | None = None,
    housing: Literal["poor", "all", "none"] = "poor",
) -> pd.DataFrame:
    """Used and losing values (ATTRIBUTE_SOURCE_COLUMNS) of families, and those given of houses and persons.

    Of families these are decile, poverty_status, and the places that records dispute.
    families: with the final poverty status; layouts: delivery_id, file, sheet, table, column, letter; house_sources: entity_id (house_id),
    attribute, value, source, record_id, used, of `build_house_sources`; person_sources: `listed` of `build_person_sources`. Housing, ten
    values a house, is kept for poor families' houses only unless `housing` says otherwise. Equal values of one delivery, repeated on each
    member, are one row: that of the first record.
    """
    family = positions_of(social_records["record_id"], record_person["record_id"])
    family_id = taken_at(record_person["family_id"], family)
    parts = [
        _family_values(families, social_records, family_id, "decile", valid_deciles(social_records).astype(TEXT)),
        _statuses(families, social_records, family_id),
        _scores(families),
        *(_disputed_places(families, social_records, family_id, name) for name in _PLACE_COLUMNS if name in social_records),
    ]
    if house_sources is not None and housing != "none":
        parts.append(_houses(families, house_sources, housing))
    if person_sources is not None:
        parts.append(person_sources.assign(entity="person"))
    result = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    result["reason"] = result["reason"].astype(TEXT) if "reason" in result else pd.Series(pd.NA, index=result.index, dtype=TEXT)
    result["cell"] = _cells(result, social_records, layouts)
    result["used"] = result["used"].astype(bool)
    return result[list(ATTRIBUTE_SOURCE_COLUMNS)]


def _family_values(
    families: pd.DataFrame, records: pd.DataFrame, family_id: pd.Series, attribute: str, values: pd.Series, stated_in: str | None = None
) -> pd.DataFrame:
    """Distinct values per family and delivery; used is the first that agrees with the family, from the source that spoke."""
    order = provenance_order(records)
    order = order[(values.notna() & family_id.notna()).to_numpy()[order]]
    stated = pd.DataFrame(
        {
            "entity": pd.Series("family", index=range(len(order)), dtype=TEXT),
            "entity_id": family_id.array.take(order),
            "attribute": attribute,
            "value": values.array.take(order),
            "source": records["source"].array.take(order),
            "record_id": records["record_id"].array.take(order),
            "delivery_id": records["delivery_id"].array.take(order),
            "delivered_on": records["delivered_on"].array.take(order),
            "stated_in": stated_in or attribute,
        }
    )
    stated = stated.drop_duplicates(["entity_id", "value", "source", "delivery_id"], ignore_index=True)
    rows = positions_of(stated["entity_id"], families["family_id"])
    agrees = (stated["value"] == taken_at(families[attribute].astype(TEXT), rows)).fillna(False).to_numpy(dtype=bool)
    if attribute == "poverty_status":
        agrees &= (stated["source"] == taken_at(families["poverty_source"], rows)).fillna(False).to_numpy(dtype=bool)
    newest = stated[agrees].sort_values("delivered_on", ascending=False, kind="stable").drop_duplicates("entity_id").index
    stated["used"] = False
    stated.loc[newest, "used"] = True
    stated = stated.drop(columns=["delivery_id", "delivered_on"])
    return stated.sort_values("entity_id", kind="stable", ignore_index=True)


def _statuses(families: pd.DataFrame, records: pd.DataFrame, family_id: pd.Series) -> pd.DataFrame:
    by_decile = _family_values(families, records, family_id, "poverty_status", status_of_decile(valid_deciles(records)), "decile")
    surveyed = _family_values(families, records, family_id, "poverty_status", text_column(records, "poverty_kind"), "poverty_kind")
    # A source may give both a decile and a kind of poverty: the decile speaks first.
    settled = surveyed["entity_id"].isin(by_decile.loc[by_decile["used"], "entity_id"])
    return pd.concat([by_decile, surveyed.assign(used=surveyed["used"] & ~settled)], ignore_index=True)


def _disputed_places(families: pd.DataFrame, records: pd.DataFrame, family_id: pd.Series, attribute: str) -> pd.DataFrame:
    """The stated places of families of which some record says another one; what the register gave a family has no row."""
    stated = _family_values(families, records, family_id, attribute, records[attribute].astype(TEXT), _PLACE_COLUMNS[attribute])
    rows = positions_of(stated["entity_id"], families["family_id"])
    lost = (stated["value"] != taken_at(families[attribute], rows)).fillna(True)
    registered = (taken_at(families["register_status"], rows) == "registered").fillna(False)
    disputed = stated["entity_id"].isin(stated.loc[lost, "entity_id"])
    return stated[lost | (stated["used"] & disputed & ~registered)]


def _scores(families: pd.DataFrame) -> pd.DataFrame:
    scored = families[(families["poverty_source"] == LOCAL_SCORE).fillna(False)]
    return pd.DataFrame(
        {
            "entity": pd.Series("family", index=scored.index, dtype=TEXT),
            "entity_id": scored["family_id"],
            "attribute": "poverty_status",
            "value": scored["poverty_status"],
            "source": scored["poverty_source"],
            "record_id": pd.Series(pd.NA, index=scored.index, dtype=TEXT),
            "stated_in": pd.Series(pd.NA, index=scored.index, dtype=TEXT),
            "used": True,
        }
    )


def _houses(families: pd.DataFrame, house_sources: pd.DataFrame, housing: Literal["poor", "all"]) -> pd.DataFrame:
    kept = house_sources
    if housing == "poor":
        poor_houses = families.loc[families["is_poor"], "house_id"].dropna()
        kept = kept[kept["entity_id"].isin(poor_houses) | (kept["attribute"] == "position")]
    return kept[["entity_id", "attribute", "value", "source", "record_id", "used"]].assign(entity="house", stated_in=kept["attribute"])


def _cells(values: pd.DataFrame, records: pd.DataFrame, layouts: pd.DataFrame) -> pd.Series:
    """The cell (such as C17) of each value: the letter of the column in that table, and the record's row."""
    table, tables = _numbered(records)
    row = positions_of(values["record_id"], records["record_id"])
    attribute, attributes = pd.factorize(_by_mention(values["stated_in"], records, row, layouts))
    letters = _letters(tables, attributes, layouts)
    placed = (row >= 0) & (attribute >= 0)
    which = np.where(placed, table[row] * len(attributes) + attribute, -1)
    number = taken_at(records["row"].astype("Int64"), row).astype(TEXT)
    cell = taken_at(letters, which) + number
    return pd.Series(cell.array, index=values.index, dtype=TEXT)


def _by_mention(stated_in: pd.Series, records: pd.DataFrame, row: npt.NDArray[np.int64], layouts: pd.DataFrame) -> pd.Series:
    """The column as the layouts call it: that of a further person of a row is `mention:column`."""
    prefixes = layouts["column"].str.extract(r"^(.+):", expand=False).dropna().unique()
    if not len(prefixes) or "mention" not in records:
        return stated_in
    mention = taken_at(records["mention"].astype(TEXT), row)
    further = mention.isin(list(prefixes)).fillna(value=False).to_numpy(dtype=bool)
    called = stated_in.astype(TEXT).reset_index(drop=True)
    return called.where(~further, mention.reset_index(drop=True) + ":" + called)


def _numbered(records: pd.DataFrame) -> tuple[npt.NDArray[np.int64], pd.DataFrame]:
    """The table of each record as a number, and the tables (delivery_id, file, sheet, table) in the order of the numbers."""
    table = np.zeros(len(records), dtype=np.int64)
    for name in _TABLE:
        codes, distinct = pd.factorize(records[name])
        table = table * len(distinct) + codes
    codes, first = np.unique(table, return_index=True)
    return np.searchsorted(codes, table).astype(np.int64), records[list(_TABLE)].iloc[first].reset_index(drop=True)


def _letters(tables: pd.DataFrame, attributes: pd.Index, layouts: pd.DataFrame) -> pd.Series:
    """The column letter of each attribute in each table, table by table; missing where the table has no such column."""
    known = layouts[[*_TABLE, "column", "letter"]].astype(TEXT).drop_duplicates([*_TABLE, "column"])
    wanted = tables.astype(TEXT).merge(pd.DataFrame({"attribute": pd.Series(attributes, dtype=TEXT)}), how="cross")
    letter = pd.Series(pd.NA, index=wanted.index, dtype=TEXT)
    for stand_in in ("attribute", *_POSITION_COLUMNS):
        column = wanted["attribute"]
        if stand_in != "attribute":
            column = pd.Series(stand_in, index=wanted.index, dtype=TEXT).where(column == "position")
        found = wanted.assign(column=column).merge(known, on=[*_TABLE, "column"], how="left")["letter"]
        letter = letter.fillna(found)
    return letter
