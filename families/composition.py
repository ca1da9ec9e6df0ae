"""Who lives in a family, in numbers: children, elderly, people with disabilities, pupils, widows, orphans, one-parent and elderly homes.

Counted are members who are alive and present as far as is known. A fact that nobody asked about counts as not holding: these are
numbers of known members, and the rules of the programmes use their own, three-valued facts.
"""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from families.lookup import positions_of

MEMBER_COUNTS = ("children", "elderly", "dependants", "disabled", "pregnant", "pupils", "widows", "orphans")
COMPOSITION_COLUMNS = (*MEMBER_COUNTS, "single_head", "elderly_alone")

_CHILD_BELOW, _ELDERLY_FROM = 18, 60
_DEPENDANT_BELOW, _DEPENDANT_FROM = 15, 65
"""Ages outside of which BPS's dependency ratio counts nobody as working."""
_PUPIL_AGES = (6, 21)
_AT_SCHOOL = "2"
"""Regsosek 412: goes to school."""
_HEAD, _SPOUSES, _CHILD = "KEPALA KELUARGA", ("SUAMI", "ISTRI"), "ANAK"

Flags = npt.NDArray[np.bool_]


def family_composition(persons: pd.DataFrame, families: pd.DataFrame, as_of: dt.date) -> pd.DataFrame:
    """COMPOSITION_COLUMNS, one row per family in the order given; persons as `build_persons` makes them.

    An orphan is below 18 and either a child (relation ANAK) of a widowed head, or names as father or mother a member of the family who is
    known to be dead.
    """
    family = positions_of(persons["family_id"], families["family_id"])
    here = ((persons["vital_status"] != "dead") & (persons["residence"] != "moved")).fillna(True).to_numpy(dtype=bool) & (family >= 0)
    age = _ages(persons["birth_date"], as_of)
    widowed = _yes(persons["widowed"])
    relation = persons["relation"]
    heads = here & _yes(relation == _HEAD)
    below_18 = (age >= 0) & (age < _CHILD_BELOW)
    of_widowed_head = np.zeros(len(families), dtype=bool)
    of_widowed_head[family[heads & widowed]] = True
    without_parent = (_yes(relation == _CHILD) & of_widowed_head[family]) | _names_a_dead_parent(persons, family)
    flags: dict[str, Flags] = {
        "children": below_18,
        "elderly": age >= _ELDERLY_FROM,
        "dependants": ((age >= 0) & (age < _DEPENDANT_BELOW)) | (age >= _DEPENDANT_FROM),
        "disabled": _yes(persons["severe_disability"]),
        "pregnant": _yes(persons["pregnant"]),
        "pupils": _yes(persons["school_participation"] == _AT_SCHOOL) & (age >= _PUPIL_AGES[0]) & (age <= _PUPIL_AGES[1]),
        "widows": widowed,
        "orphans": below_18 & without_parent,
    }
    count = len(families)
    counted = {name: pd.array(np.bincount(family[here & flag], minlength=count), dtype="Int64") for name, flag in flags.items()}
    members = np.bincount(family[here], minlength=count)
    spouses = np.bincount(family[here & _yes(relation.isin(_SPOUSES))], minlength=count)
    own_children = np.bincount(family[here & below_18 & _yes(relation == _CHILD)], minlength=count)
    headed = np.bincount(family[heads], minlength=count)
    elderly = np.bincount(family[here & flags["elderly"]], minlength=count)
    return pd.DataFrame(
        {
            **counted,
            "single_head": pd.array((headed > 0) & (spouses == 0) & (own_children > 0), dtype="boolean"),
            "elderly_alone": pd.array((members > 0) & (elderly == members), dtype="boolean"),
        },
        index=families.index,
    )


def _ages(birth_date: pd.Series, as_of: dt.date) -> npt.NDArray[np.int64]:
    """Completed years, -1 where the birth date is unknown."""
    had_birthday = (birth_date.dt.month * 100 + birth_date.dt.day) <= as_of.month * 100 + as_of.day
    years = as_of.year - birth_date.dt.year - (~had_birthday).astype("int64")
    return np.asarray(years.fillna(-1), dtype=np.int64)


def _yes(answers: pd.Series) -> Flags:
    return answers.astype("boolean").fillna(False).to_numpy(dtype=bool)


def _names_a_dead_parent(persons: pd.DataFrame, family: npt.NDArray[np.int64]) -> Flags:
    """Whose father or mother, by name, is a member of the same family who is known to be dead."""
    dead = _yes(persons["vital_status"] == "dead") & (family >= 0)
    names_of_dead = persons["name"][dead].tolist()
    held = {(place, name) for place, name in zip(family[dead].tolist(), names_of_dead, strict=True) if isinstance(name, str)}
    found = np.zeros(len(persons), dtype=bool)
    if not held:
        return found
    candidates = np.flatnonzero(np.isin(family, family[dead]))
    for column in ("father_name", "mother_name"):
        names = persons[column].array.take(candidates)
        found[candidates] |= [(place, name) in held for place, name in zip(family[candidates].tolist(), names, strict=True)]
    return found
