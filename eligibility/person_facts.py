"""Facts about persons, as the rules ask for them: ages at the as-of date, who is here, who goes to school."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility.three_valued import Truth
from schemas.code_lists import code_list

ELDERLY_FROM = 60
"""PKH and Rantang Kasih count from 60 on; sources say "over 60" and ">= 60", the first is a default."""
WORKING_AGE = (18, 59)
PUPIL_AGES = (6, 21)
"""PKH pays for pupils of 6 to 21 years who have not done twelve years of schooling."""
SCHOOL_AGES = (7, 18)
FERTILE_AGES = (10, 54)
"""Outside these ages nobody is asked whether she is pregnant, so no answer means no."""
ADULT_WORK_FROM = 15
"""Nobody below 15 is a civil servant; the population census counts workers from 15 on."""

AT_SCHOOL, NOT_AT_SCHOOL = "2", ("1", "3")
LEVELS = {"sd": ("1", "2", "3", "4", "5"), "smp": ("6", "7", "8", "9", "10"), "sma": ("11", "12", "13", "14", "15", "16", "17")}
"""Regsosek 413: primary, lower and upper secondary, with the equivalent packages A, B and C."""
_BELOW_TERTIARY = tuple(level for levels in LEVELS.values() for level in levels)
_SCHOOLING_DONE = (*("SLTA/SEDERAJAT", "DIPLOMA I/II", "AKADEMI/DIPLOMA III/S. MUDA", "DIPLOMA IV/STRATA I", "STRATA II", "STRATA III"),)


def build_person_facts(persons: pd.DataFrame, family_sizes: npt.NDArray[np.int64], as_of: dt.date) -> pd.DataFrame:
    """The columns of `schemas.programme_facts.PERSON_FACTS`, one row per person in the order given.

    family_sizes: present members of each person's family, which says who lives alone where no survey does.
    """
    facts = persons[["sex", "relation", "education", "occupation", "works", "has_business", "widowed", "pregnant"]].copy()
    for column in ("chronic_illness", "severe_disability", "school_participation", "school_level"):
        facts[column] = persons[column]
    facts["age"] = completed_years(persons["birth_date"], as_of)
    vital, residence = persons["vital_status"], persons["residence"]
    facts["alive"] = (vital == "alive").astype("boolean").mask(vital == "unknown")
    lives_here = (residence == "present").astype("boolean").mask(residence == "unknown")
    facts["present"] = facts["alive"] & lives_here
    facts["registered"] = (persons["register_status"] == "registered").astype("boolean")
    facts["lives_alone"] = persons["lives_alone"].fillna(pd.Series(family_sizes == 1, index=persons.index, dtype="boolean"))
    return facts


def completed_years(birth_date: pd.Series, as_of: dt.date) -> pd.Series:
    """Age in completed years at a day, missing without birth date. Who was born on 29 February has their birthday on 1 March."""
    not_yet = (birth_date.dt.month * 100 + birth_date.dt.day) > (as_of.month * 100 + as_of.day)
    years: pd.Series = as_of.year - birth_date.dt.year - not_yet
    return years.astype("Int64").rename("age")


def counts_in_family(persons: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Who counts as a member: not known to be dead or to have moved away."""
    away = (persons["vital_status"] == "dead") | (persons["residence"] == "moved")
    return ~away.fillna(False).to_numpy(dtype=bool)


def aged(facts: pd.DataFrame, youngest: int | None = None, oldest: int | None = None) -> Truth:
    """Whether the age lies within the bounds, both included."""
    age, known = facts["age"].to_numpy(dtype="float64", na_value=np.nan), facts["age"].notna().to_numpy(dtype=bool)
    within = np.ones(len(facts), dtype=bool)
    if youngest is not None:
        within &= age >= youngest
    if oldest is not None:
        within &= age <= oldest
    return Truth(within & known, ~within & known)


def answered(facts: pd.DataFrame, column: str, values: tuple[str, ...]) -> Truth:
    """Whether a text column holds one of the values."""
    return Truth.of(facts[column].isin(values).astype("boolean").mask(facts[column].isna()))


def expecting(facts: pd.DataFrame) -> Truth:
    """Pregnant: as answered; men, girls and old women are not, though nobody asked them."""
    cannot = ~(~answered(facts, "sex", ("L",)) & aged(facts, *FERTILE_AGES))
    return Truth.of(facts["pregnant"].mask(facts["pregnant"].isna() & cannot.holds, False))


def pupils(facts: pd.DataFrame, levels: tuple[str, ...] = _BELOW_TERTIARY) -> Truth:
    """At school now, at one of the levels, at the age of pupils."""
    return aged(facts, *PUPIL_AGES) & answered(facts, "school_participation", (AT_SCHOOL,)) & answered(facts, "school_level", levels)


def out_of_school(facts: pd.DataFrame) -> Truth:
    """Of school age, not at school, and upper secondary school not done."""
    done = Truth.known(facts["education"].isin(_SCHOOLING_DONE).to_numpy(dtype=bool))
    return aged(facts, *SCHOOL_AGES) & answered(facts, "school_participation", NOT_AT_SCHOOL) & ~done


def excluded_by_occupation(facts: pd.DataFrame) -> Truth:
    """Whether the occupation bars the family from national aid; children have none."""
    barred = answered(facts, "occupation", code_list("occupation").excluded_from_aid)
    return barred & ~aged(facts, oldest=ADULT_WORK_FROM - 1)
