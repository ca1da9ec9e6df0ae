"""Who lives in a family, in numbers."""

from __future__ import annotations

import datetime as dt

import pandas as pd
import pytest

from families.composition import family_composition
from schemas.canonical import TEXT

AS_OF = dt.date(2026, 10, 1)
COLUMNS = ["family_id", "relation", "name", "father_name", "mother_name", "birth_date", "vital_status", "residence", "widowed",
           "severe_disability", "pregnant", "school_participation"]  # fmt: skip


def member(relation: str, born: str | None, **given: object) -> dict[str, object]:
    row: dict[str, object] = dict.fromkeys(COLUMNS) | {"family_id": "F1", "relation": relation, "birth_date": born, "vital_status": "alive"}
    return row | {"residence": "present"} | given


def composition(*members: dict[str, object]) -> dict[str, object]:
    persons = pd.DataFrame(members, columns=COLUMNS)
    texts = ("family_id", "relation", "name", "father_name", "mother_name", "vital_status", "residence", "school_participation")
    persons = persons.astype(dict.fromkeys(texts, TEXT) | dict.fromkeys(("widowed", "severe_disability", "pregnant"), "boolean"))
    persons["birth_date"] = pd.to_datetime(persons["birth_date"])
    families = pd.DataFrame({"family_id": pd.Series(["F0", "F1"], dtype=TEXT)})
    result = family_composition(persons, families, AS_OF)
    assert not result.loc[0].fillna(0).any(), "a family without members has none of them"
    return {name: value for name, value in result.loc[1].items() if value}


HEAD, WIFE = member("KEPALA KELUARGA", "1980-01-01"), member("ISTRI", "1982-01-01")
CHILD = member("ANAK", "2015-01-01")


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ([HEAD, WIFE, CHILD], {"children": 1, "dependants": 1}),
        ([HEAD, CHILD], {"children": 1, "dependants": 1, "single_head": True}),
        ([HEAD | {"widowed": True}, CHILD], {"children": 1, "dependants": 1, "single_head": True, "widows": 1, "orphans": 1}),
        ([HEAD, WIFE | {"vital_status": "dead", "name": "SITI"}, CHILD | {"mother_name": "SITI"}],
         {"children": 1, "dependants": 1, "single_head": True, "orphans": 1}),
        ([HEAD, WIFE | {"residence": "moved"}, CHILD], {"children": 1, "dependants": 1, "single_head": True}),
        ([member("KEPALA KELUARGA", "1950-01-01")], {"elderly": 1, "dependants": 1, "elderly_alone": True}),
        ([member("KEPALA KELUARGA", "1966-10-02")], {}),
        ([member("KEPALA KELUARGA", "1966-10-01")], {"elderly": 1, "elderly_alone": True}),
        ([member("KEPALA KELUARGA", None)], {}),
        ([HEAD, WIFE | {"pregnant": True, "severe_disability": True}], {"pregnant": 1, "disabled": 1}),
        ([HEAD, WIFE, CHILD | {"school_participation": "2"}], {"children": 1, "dependants": 1, "pupils": 1}),
        ([HEAD, WIFE, member("ANAK", "2004-01-01", school_participation="2")], {}),
    ],
    ids=["couple", "one parent", "widow's child", "dead mother", "wife moved away", "old and alone", "a day short of 60", "60 today",
         "age unknown", "pregnant and disabled", "pupil", "student of 22"],
)  # fmt: skip
def test_members_are_counted(members: list[dict[str, object]], expected: dict[str, object]) -> None:
    """Prevents the dead and those who left from counting, and an unknown age from making somebody a child or old."""
    assert composition(*members) == expected
