"""Facts about families and signs of poverty: counted over the right people, and unknown where they are unknown."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest
from eligibility_frames import Village, adult, born
from hypothesis import given
from hypothesis import strategies as st

from eligibility import build_deprivations
from eligibility.person_facts import completed_years
from eligibility.units import family_units, house_units, person_units
from schemas.programme_facts import FAMILY_FACTS, HOUSE_FACTS, PERSON_FACTS

DAYS = st.dates(dt.date(1900, 1, 1), dt.date(2030, 12, 31))


@given(DAYS, DAYS)
def test_age_in_completed_years(birth: dt.date, as_of: dt.date) -> None:
    years = as_of.year - birth.year
    expected = years if (as_of.month, as_of.day) >= (birth.month, birth.day) else years - 1
    assert completed_years(pd.Series([birth]).astype("datetime64[ns]"), as_of)[0] == expected


def test_age_without_birth_date_is_unknown() -> None:
    assert completed_years(pd.Series([pd.NaT]).astype("datetime64[ns]"), dt.date(2026, 1, 1))[0] is pd.NA


def fact(village: Village, name: str) -> Any:
    return village.facts.set_index("family_id").loc["F1", name]


def test_counts_over_present_members(village: Village) -> None:
    members = [
        adult(sex="P", pregnant=True, works=False),
        adult(age=3, pregnant=False),
        adult(age=9, school_participation="2", school_level="3"),
        adult(age=14, school_participation="2", school_level="9"),
        adult(age=17, school_participation="2", school_level="15"),
        adult(age=66, severe_disability=True),
        adult(age=70, vital_status="dead"),
        adult(age=5, residence="moved"),
        adult(age=20, school_participation="2", school_level="19"),
    ]
    village.family("F1", *members, decile=2)
    expected = {"size": 7, "n_members_known": 7, "n_pregnant": 1, "n_children_0_6": 1, "n_pupils": 3, "n_pupils_sd": 1, "n_pupils_smp": 1}
    expected |= {"n_pupils_sma": 1, "n_elderly": 1, "n_severe_disability": 1, "n_working_age": 2, "head_age": 40, "head_sex": "P"}
    facts = village.facts.iloc[0]
    assert {name: facts[name] for name in expected} == expected
    assert facts["head_woman"]
    assert not facts["all_elderly_or_child"]


@pytest.mark.parametrize(
    ("answers", "count"),
    [
        pytest.param([True, None], 1, id="one known: a lower bound"),
        pytest.param([False, None], pd.NA, id="none known, one unknown: not 0"),
        pytest.param([False, False], 0, id="all known"),
    ],
)
def test_a_count_is_only_0_when_it_is_known_to_be(village: Village, answers: list[bool | None], count: object) -> None:
    village.family("F1", *(adult(severe_disability=answer) for answer in answers))
    found = fact(village, "n_severe_disability")
    assert (found is pd.NA) if count is pd.NA else (found == count)


@pytest.mark.parametrize(
    ("works", "anyone"), [([False, None], pd.NA), ([True, None], True), ([False, False], False)], ids=["unknown", "somebody", "nobody"]
)
def test_anyone_works(village: Village, works: list[bool | None], anyone: object) -> None:
    village.family("F1", *(adult(works=answer) for answer in works))
    found = fact(village, "anyone_works")
    assert (found is pd.NA) if anyone is pd.NA else (found == anyone)


def test_children_need_no_occupation_to_be_known(village: Village) -> None:
    village.family("F1", adult(), adult(age=14, occupation=None))
    assert fact(village, "excluded_occupation") == False  # noqa: E712 (unknown is not false)


def test_every_fact_of_the_vocabulary_exists(village: Village) -> None:
    """A rule file that names a fact of the vocabulary must not fail when it is evaluated."""
    village.family("F1", adult(), decile=1, house={"floor": "8"})
    tables = (
        family_units(village.facts),
        person_units(village.persons, village.facts, dt.date(2026, 10, 1)),
        house_units(village.houses, village.facts),
    )
    for table, own in zip(tables, (FAMILY_FACTS, PERSON_FACTS, HOUSE_FACTS), strict=True):
        for name in own:
            assert len(table.column(name)) == len(table)
        for name in FAMILY_FACTS if table.unit != "family" else ():
            assert len(table.column(f"family.{name}")) == len(table)


SIGNS = {"floor": "8", "wall": "4", "roof": "7", "water": "6", "lighting": "4", "fuel": "10", "latrine": "6", "floor_area_m2": 7.0}
FINE = {"floor": "1", "wall": "1", "roof": "2", "water": "3", "lighting": "1", "fuel": "4", "latrine": "1", "floor_area_m2": 70.0}


@pytest.mark.parametrize(
    ("house", "facts", "status", "source"),
    [
        pytest.param(SIGNS, {}, "poor", "local_score", id="ten signs of fourteen hold"),
        pytest.param(SIGNS, {"decile": 8}, "not_poor", "dinsos_dtsen", id="the decile speaks first"),
        pytest.param(SIGNS, {"poverty_status": "near_poor"}, "near_poor", "dinsos_dtsen", id="what was said stays"),
        pytest.param(FINE, {}, "not_poor", "local_score", id="seven signs fail, so nine of fourteen cannot hold"),
        pytest.param({**SIGNS, "fuel": None, "water": None}, {}, pd.NA, pd.NA, id="eight hold, the rest is unknown"),
        pytest.param({}, {}, pd.NA, pd.NA, id="nothing known of the house"),
    ],
)
def test_local_score(village: Village, house: dict[str, Any], facts: dict[str, Any], status: object, source: object) -> None:
    village.family("F1", adult(education="TAMAT SD/SEDERAJAT"), house=house, **facts, owns_valuables=None if house is FINE else False)
    found = village.facts.iloc[0]
    for name, expected in (("poverty_status", status), ("poverty_source", source)):
        assert (found[name] is pd.NA) if expected is pd.NA else (found[name] == expected)
    assert (found["poor"] is pd.NA) if status is pd.NA else (found["poor"] == (status != "not_poor"))


def test_the_minimum_of_the_local_score_is_configuration(village: Village) -> None:
    village.family("F1", adult(), house={**SIGNS, "fuel": None, "water": None}, owns_valuables=False)
    score = village.book.signs.local_score.model_copy(update={"minimum": 8, "status": "near_poor"})
    village.book = village.book.model_copy(update={"signs": village.book.signs.model_copy(update={"local_score": score})})
    assert village.facts.iloc[0]["poverty_status"] == "near_poor"


def test_deprivations_show_value_and_record_and_leave_out_what_is_unknown(village: Village) -> None:
    village.family("F1", adult(), adult(), house={"floor": "8", "floor_area_m2": 15.0}, decile=1)
    sources = pd.DataFrame(
        {
            "entity_id": ["HF1", "HF1", "HF1"],
            "attribute": ["floor", "floor", "floor_area_m2"],
            "record_id": ["old", "new", "area"],
            "used": [False, True, True],
        }
    ).astype({"entity_id": "string[pyarrow]", "attribute": "string[pyarrow]", "record_id": "string[pyarrow]"})
    found = build_deprivations(village.facts, village.book.signs, sources).set_index("code")
    assert found.loc["poor_floor", ["holds", "value", "record_id"]].tolist() == [True, "8", "new"]
    assert found.loc["small_floor", ["holds", "value", "record_id"]].tolist() == [True, "7.5", "area"]
    assert found.loc["overcrowded", "holds"] == False  # noqa: E712 (unknown is not false)
    assert "poor_wall" not in found.index, "nobody knows the wall"
    assert "little_protein" not in found.index, "no list asks for it"


def test_a_shared_house_is_shared(village: Village) -> None:
    village.family("F1", adult(), house={"floor_area_m2": 14.0}, house_id="H1")
    village.family("F2", adult(), house_id="H1")
    assert village.facts["floor_area_per_person"].tolist() == [7.0, 7.0]


def test_birth_date_of_the_frames() -> None:
    """The tests' own arithmetic: born(60) is 60 today, born(60, -1) is 60 tomorrow."""
    ages = completed_years(pd.Series([born(60), born(60, -1)]).astype("datetime64[ns]"), dt.date(2026, 10, 1))
    assert ages.tolist() == [60, 59]
