"""Programmes that exclude each other: which units get something that bars them from a programme."""

from __future__ import annotations

import pandas as pd

from eligibility.rows import rows_of, taken_at
from eligibility.three_valued import Flags
from eligibility.units import UnitTable
from schemas.programme_facts import Unit
from schemas.programmes import Overlap

_LEVELS: tuple[Unit, ...] = ("person", "family", "house")


def aid_with_levels(aid_received: pd.DataFrame, persons: pd.DataFrame, family_facts: pd.DataFrame) -> pd.DataFrame:
    """Aid with the ids of every level above its unit: what a person gets, the family and the house get too; never the other way."""
    aid = aid_received.copy()
    by_person = taken_at(persons["family_id"], rows_of(aid["person_id"], persons["person_id"]))
    aid["family_id"] = aid["family_id"].fillna(pd.Series(by_person.array, index=aid.index))
    by_family = taken_at(family_facts["house_id"], rows_of(aid["family_id"], family_facts["family_id"]))
    aid["house_id"] = aid["house_id"].fillna(pd.Series(by_family.array, index=aid.index))
    return aid


def receiving(units: UnitTable, aid: pd.DataFrame, programme_id: str) -> Flags:
    """Which units get the programme now. `aid`: as `aid_with_levels` makes it."""
    rows = aid[(aid["programme_id"] == programme_id) & aid["current"]]
    return _are_among(units, units.unit, rows)


def barred(units: UnitTable, aid: pd.DataFrame, overlap: Overlap) -> Flags:
    """Which units an overlap bars: those that get, at its level, a programme of `barred_by` now (or got it within its months).

    What is on no list counts as not received: no list is a list of non-recipients. So the reason says "on record".
    """
    rows = aid[aid["programme_id"].isin(overlap.barred_by)]
    counts = rows["current"].astype(bool)
    if overlap.within_months is not None:
        counts |= (rows["months_since"] < overlap.within_months).fillna(False).astype(bool)
    return _are_among(units, overlap.at, rows[counts])


def _are_among(units: UnitTable, level: Unit, aid: pd.DataFrame) -> Flags:
    column = f"{level}_id"
    return rows_of(units.ids[column], aid[column]) >= 0
