"""Facts about families, as the rules ask for them, counted over the members who are alive and live here."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility.deprivations import local_score
from eligibility.person_facts import (
    ELDERLY_FROM,
    LEVELS,
    WORKING_AGE,
    aged,
    build_person_facts,
    counts_in_family,
    excluded_by_occupation,
    expecting,
    out_of_school,
    pupils,
)
from eligibility.rows import rows_of, taken_at
from eligibility.three_valued import Truth
from schemas.canonical import HOUSING_COLUMNS, TEXT
from schemas.programmes import DeprivationBook

LOCAL_SCORE = "local_score"
_POOR = ("extreme_poor", "poor", "near_poor")


def build_family_facts(
    families: pd.DataFrame,
    persons: pd.DataFrame,
    houses: pd.DataFrame,
    areas: pd.DataFrame,
    *,
    as_of: dt.date,
    signs: DeprivationBook,
) -> pd.DataFrame:
    """One row per family: family_id, house_id, area_code, the columns of `schemas.programme_facts.FAMILY_FACTS`, and the local score.

    families: with house_id. A count of 0 is missing when some member's answer is unknown, so that a positive count is a lower bound
    and "at least one" is answered rightly. poverty_status is final here, and missing (not `unknown`) where nothing speaks.
    """
    row = rows_of(persons["family_id"], families["family_id"])
    sizes = np.bincount(row[counts_in_family(persons)], minlength=len(families))
    facts = families[["family_id", "house_id", "area_code", "register_status", "decile", "owns_valuables"]].reset_index(drop=True)
    facts["size"] = pd.array(sizes, dtype="Int64")
    about_persons = build_person_facts(persons, sizes[row], as_of)
    facts = pd.concat([facts, _counted(about_persons, _Members(row, counts_in_family(persons), len(families)))], axis=1)
    facts = pd.concat([facts, _head(families, persons, about_persons), _housing(facts, houses)], axis=1)
    facts["area_kind"] = _area_kind(facts["area_code"], areas)
    return _with_poverty(facts, families, signs)


@dataclass(frozen=True)
class _Members:
    """Who belongs to which family (row numbers), and who of them counts."""

    family: npt.NDArray[np.int64]
    counts: npt.NDArray[np.bool_]
    n_families: int

    def tally(self, flags: npt.NDArray[np.bool_]) -> npt.NDArray[np.int64]:
        return np.bincount(self.family[self.counts & flags], minlength=self.n_families)

    def number(self, answer: Truth) -> pd.Series:
        """How many; missing when it would be 0 but for members of whom it is unknown."""
        holding, unknown = self.tally(answer.holds), self.tally(answer.unknown)
        return pd.Series(holding, dtype="Int64").mask((holding == 0) & (unknown > 0))

    def any(self, answer: Truth) -> pd.Series:
        holding, unknown = self.tally(answer.holds), self.tally(answer.unknown)
        return Truth(holding > 0, (holding == 0) & (unknown == 0)).to_series()

    def all(self, answer: Truth) -> pd.Series:
        return ~self.any(~answer)


def _counted(persons: pd.DataFrame, members: _Members) -> pd.DataFrame:
    elderly, working_age, child = aged(persons, ELDERLY_FROM), aged(persons, *WORKING_AGE), aged(persons, oldest=WORKING_AGE[0] - 1)
    business = Truth.of(persons["has_business"])
    facts = {
        "n_members_known": pd.Series(members.tally(persons["age"].notna().to_numpy(dtype=bool)), dtype="Int64"),
        "n_pregnant": members.number(expecting(persons)),
        "n_children_0_6": members.number(aged(persons, oldest=6)),
        "n_pupils": members.number(pupils(persons)),
        **{f"n_pupils_{level}": members.number(pupils(persons, codes)) for level, codes in LEVELS.items()},
        "n_out_of_school": members.number(out_of_school(persons)),
        "n_elderly": members.number(elderly),
        "n_severe_disability": members.number(Truth.of(persons["severe_disability"])),
        "n_working_age": members.number(working_age),
        "all_elderly_or_child": members.all(elderly | child),
        "anyone_works": members.any(Truth.of(persons["works"])),
        "has_business": members.any(business),
        "has_working_age_business": members.any(business & working_age),
        "excluded_occupation": members.any(excluded_by_occupation(persons)),
    }
    return pd.DataFrame(facts)


def _head(families: pd.DataFrame, persons: pd.DataFrame, facts: pd.DataFrame) -> pd.DataFrame:
    row = rows_of(families["head_person_id"], persons["person_id"])
    head = {f"head_{column}": taken_at(facts[column], row) for column in ("age", "sex", "education", "occupation")}
    head["head_woman"] = (head["head_sex"] == "P").astype("boolean")
    return pd.DataFrame(head)


def _housing(facts: pd.DataFrame, houses: pd.DataFrame) -> pd.DataFrame:
    row = rows_of(facts["house_id"], houses["house_id"])
    housing = pd.DataFrame({column: taken_at(houses[column], row) for column in HOUSING_COLUMNS})
    residents = taken_at(pd.Series(residents_of(facts, houses)), row).to_numpy(dtype="float64", na_value=np.nan)
    housing["floor_area_per_person"] = area_per_person(housing["floor_area_m2"], residents)
    return housing


def residents_of(facts: pd.DataFrame, houses: pd.DataFrame) -> npt.NDArray[np.float64]:
    """How many people live in each house, all its families together."""
    row = rows_of(facts["house_id"], houses["house_id"])
    housed = row >= 0
    return np.bincount(row[housed], weights=facts["size"].to_numpy(dtype="float64")[housed], minlength=len(houses)).astype(np.float64)


def area_per_person(floor_area_m2: pd.Series, residents: npt.NDArray[np.float64]) -> pd.Series:
    """Square metres a person; missing where the area is unknown or nobody lives there."""
    people = np.where(residents > 0, residents, np.nan)
    return pd.Series(floor_area_m2.to_numpy(dtype="float64", na_value=np.nan) / people)


def _area_kind(area_code: pd.Series, areas: pd.DataFrame) -> pd.Series:
    villages = areas[areas["level"] == "village"]
    return taken_at(villages["kind"], rows_of(area_code, villages["area_code"])).astype(TEXT)


def _with_poverty(facts: pd.DataFrame, families: pd.DataFrame, signs: DeprivationBook) -> pd.DataFrame:
    """The final poverty status: what decile or survey said, else the local score, else missing."""
    score = local_score(facts, signs)
    said = pd.Series(families["poverty_status"].array, dtype=TEXT)
    said = said.mask(said == "unknown")
    scored = pd.Series(pd.NA, index=facts.index, dtype=TEXT)
    scored = scored.mask(score.poor.holds, signs.local_score.status).mask(score.poor.fails, "not_poor")
    facts["poverty_status"] = said.fillna(scored)
    source = pd.Series(families["poverty_source"].array, dtype=TEXT)
    facts["poverty_source"] = source.mask(said.isna()).mask(said.isna() & scored.notna(), LOCAL_SCORE)
    facts["poor"] = facts["poverty_status"].isin(_POOR).astype("boolean").mask(facts["poverty_status"].isna())
    facts["score_holding"] = pd.array(score.holding, dtype="Int64")
    facts["score_known"] = pd.array(score.known, dtype="Int64")
    return facts
