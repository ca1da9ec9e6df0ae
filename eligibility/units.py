"""The tables of units that rules are asked about: families, persons, houses, each seeing the facts of its family."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from eligibility.facts import area_per_person, residents_of
from eligibility.person_facts import build_person_facts
from eligibility.rows import Rows, rows_of, taken_at
from schemas.canonical import HOUSING_COLUMNS, TEXT
from schemas.programme_facts import FAMILY_PREFIX, Unit


@dataclass(frozen=True)
class UnitTable:
    """Units of one kind: their ids at each level (missing where there is none), their own facts, and those of their family."""

    unit: Unit
    ids: pd.DataFrame
    """person_id, family_id, house_id of each unit; the unit's own id is always there."""
    facts: pd.DataFrame
    family_facts: pd.DataFrame
    family_row: Rows
    _from_family: dict[str, pd.Series] = field(default_factory=dict)

    def column(self, name: str) -> pd.Series:
        """A column of facts for a rule of this unit; `family.<name>` is that of the unit's family."""
        if not name.startswith(FAMILY_PREFIX):
            return self.facts[name]
        if name not in self._from_family:
            self._from_family[name] = taken_at(self.family_facts[name.removeprefix(FAMILY_PREFIX)], self.family_row)
        return self._from_family[name]

    def __len__(self) -> int:
        return len(self.ids)


def family_units(family_facts: pd.DataFrame) -> UnitTable:
    """Families, in the order given."""
    nobody = pd.Series(pd.NA, index=family_facts.index, dtype=TEXT)
    ids = pd.DataFrame({"person_id": nobody, "family_id": family_facts["family_id"], "house_id": family_facts["house_id"]})
    return UnitTable("family", ids, family_facts, family_facts, np.arange(len(family_facts)))


def person_units(persons: pd.DataFrame, family_facts: pd.DataFrame, as_of: dt.date) -> UnitTable:
    """Persons, in the order given."""
    row = rows_of(persons["family_id"], family_facts["family_id"])
    sizes = family_facts["size"].to_numpy(dtype=np.int64)[row]
    ids = pd.DataFrame(
        {
            "person_id": persons["person_id"].array,
            "family_id": persons["family_id"].array,
            "house_id": taken_at(family_facts["house_id"], row),
        }
    )
    facts = build_person_facts(persons.reset_index(drop=True), sizes, as_of)
    return UnitTable("person", ids, facts, family_facts, row)


def house_units(houses: pd.DataFrame, family_facts: pd.DataFrame) -> UnitTable:
    """Houses, in the order given. Where several families live in one, the family with the lowest decile speaks (unknown deciles last)."""
    row = rows_of(family_facts["house_id"], houses["house_id"])
    decile = family_facts["decile"].fillna(99).to_numpy(dtype=np.int64)
    order = np.lexsort((np.arange(len(family_facts)), decile))[::-1]
    order = order[row[order] >= 0]
    family_row = np.full(len(houses), -1, dtype=np.int64)
    family_row[row[order]] = order
    residents = residents_of(family_facts, houses)
    facts = houses[list(HOUSING_COLUMNS)].reset_index(drop=True)
    facts["residents"] = pd.array(residents.astype(np.int64), dtype="Int64")
    facts["families"] = pd.array(np.bincount(row[row >= 0], minlength=len(houses)), dtype="Int64")
    facts["floor_area_per_person"] = area_per_person(facts["floor_area_m2"], residents)
    ids = pd.DataFrame(
        {
            "person_id": pd.Series(pd.NA, index=range(len(houses)), dtype=TEXT),
            "family_id": taken_at(family_facts["family_id"], family_row),
            "house_id": houses["house_id"].array,
        }
    )
    return UnitTable("house", ids, facts, family_facts, family_row)
