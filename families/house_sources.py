"""Where a house's values come from: every position and every answer about the building, and which of them is used."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from families.lookup import Positions, positions_of, taken_at
from families.survivorship import rank_records
from schemas.canonical import HOUSING_COLUMNS, TEXT

HOUSE_SOURCE_COLUMNS = ("entity_id", "attribute", "value", "source", "record_id", "used")


def build_house_sources(
    houses: pd.DataFrame,
    families: pd.DataFrame,
    social_records: pd.DataFrame,
    record_person: pd.DataFrame,
    *,
    trust: pd.DataFrame,
    as_of: dt.date,
) -> pd.DataFrame:
    """Used and losing values of houses (HOUSE_SOURCE_COLUMNS), by attribute; within it the record that is believed first comes first.

    houses: house_id, position_source and the surviving values; families: family_id, house_id. Equal values of one delivery, repeated on
    each member of a family, are one row: that of the first record. A value is used if it is the house's, in the record that is believed
    first (newest, then most trusted, as geocoding chooses); a position is used if the house says that it comes from its record.
    """
    link = positions_of(social_records["record_id"], record_person["record_id"])
    family = positions_of(taken_at(record_person["family_id"], link), families["family_id"])
    house = positions_of(taken_at(families["house_id"], family), houses["house_id"])
    order = rank_records(social_records, trust, as_of).by_recency
    order = order[house[order] >= 0]
    delivery = pd.factorize(social_records["delivery_id"])[0].astype(np.int64)
    values = {name: social_records[name] for name in HOUSING_COLUMNS if name in social_records and name in houses}
    parts = []
    for name, stated in values.items():
        rows = _distinct(stated, house, delivery, order)
        used = _first_that_agrees(stated, houses[name], house, rows)
        parts.append(_part(name, stated.astype(TEXT), rows, used, social_records, houses, house))
    if {"latitude", "longitude"} <= set(social_records.columns):
        parts.append(_positions(houses, social_records, house, order))
    columns = pd.DataFrame({name: pd.Series([], dtype=bool if name == "used" else TEXT) for name in HOUSE_SOURCE_COLUMNS})
    return pd.concat([part for part in parts if len(part)] or [columns], ignore_index=True)[list(HOUSE_SOURCE_COLUMNS)]


def _distinct(stated: pd.Series, house: Positions, delivery: npt.NDArray[np.int64], order: Positions) -> Positions:
    """The rows, in order, that are the first to state a value for a house in a delivery."""
    code, distinct = pd.factorize(stated)
    rows = order[code[order] >= 0]
    key = (house[rows] * (int(delivery.max(initial=0)) + 1) + delivery[rows]) * (len(distinct) + 1) + code[rows]
    first: Positions = rows[np.sort(np.unique(key, return_index=True)[1])]
    return first


def _first_that_agrees(stated: pd.Series, chosen: pd.Series, house: Positions, rows: Positions) -> npt.NDArray[np.bool_]:
    """Which of the rows is the first to state the value that its house has."""
    agrees = (taken_at(stated, rows) == taken_at(chosen, house[rows])).fillna(False).to_numpy(dtype=bool)
    used = np.zeros(len(rows), dtype=bool)
    agreeing = np.flatnonzero(agrees)
    used[agreeing[np.unique(house[rows][agreeing], return_index=True)[1]]] = True
    return used


def _part(
    attribute: str,
    values: pd.Series,
    rows: Positions,
    used: npt.NDArray[np.bool_],
    records: pd.DataFrame,
    houses: pd.DataFrame,
    house: Positions,
) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "entity_id": houses["house_id"].array.take(house[rows]),
            "attribute": pd.Series(attribute, index=range(len(rows)), dtype=TEXT),
            "value": values.array.take(rows),
            "source": records["source"].array.take(rows),
            "record_id": records["record_id"].array.take(rows),
            "used": used,
        }
    )


def _positions(houses: pd.DataFrame, records: pd.DataFrame, house: Positions, order: Positions) -> pd.DataFrame:
    measured = (records["latitude"].notna() & records["longitude"].notna()).to_numpy(dtype=bool)
    rows = order[measured[order]]
    where = records["latitude"].round(7).astype(TEXT) + ", " + records["longitude"].round(7).astype(TEXT)
    chosen = taken_at(houses["position_source"], house[rows])
    used = (taken_at(records["record_id"], rows) == chosen).fillna(False).to_numpy(dtype=bool)
    return _part("position", where.astype(TEXT), rows, used, records, houses, house)
