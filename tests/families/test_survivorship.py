"""Which of two contradicting lists is believed decides about aid; it must never depend on which file was read first."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from families_regency import Regency, only

import families
from families.record_facts import PERSON_FACT_COLUMNS, owns_valuables, record_facts
from families.survivorship import RULES, SURVIVORSHIP
from schemas.canonical import as_canonical

WASHINGTON_GROUP = ("seeing", "hearing", "walking", "hands", "learning", "behaviour", "speaking", "self_care", "memory")


def surviving(regency: Regency, column: str) -> Any:
    return only(regency.persons(), "nik", "N1")[column]


@pytest.mark.parametrize("seed", [None, 1, 2], ids=["in order", "shuffled", "shuffled again"])
def test_the_newer_answer_wins_then_the_more_trusted_source_then_the_first_row(regency: Regency, seed: int | None) -> None:
    regency.resident("N1")
    regency.record("N1", "village_survey", "2026-08-31", works=False)
    regency.record("N1", "dinsos_dtsen", "2026-09-15", works=True)
    regency.record("N1", "village_survey", "2026-08-31", lives_alone=True)
    regency.record("N1", "dinsos_dtsen", "2026-08-31", lives_alone=False)
    regency.record("N1", "dinsos_dtsen", "2026-08-31", widowed=True)
    regency.record("N1", "dinsos_dtsen", "2026-08-31", widowed=False)
    person = only(regency.persons(seed=seed), "nik", "N1")
    assert (person["works"], person["lives_alone"], person["widowed"]) == (True, True, True)


def test_an_undated_delivery_is_older_than_all_dated_ones(regency: Regency) -> None:
    regency.resident("N1")
    regency.record("N1", "village_survey", works=True)
    regency.records[-1] |= {"delivered_on": pd.NaT}
    assert surviving(regency, "works")
    regency.record("N1", "dinsos_pkh", "2020-01-01", works=False)
    assert not surviving(regency, "works")


@pytest.mark.parametrize(
    ("on", "pregnant"), [("2026-01-01", True), ("2025-12-31", pd.NA)], ids=["nine months ago", "a day more than nine months ago"]
)
def test_an_old_pregnancy_is_not_believed(regency: Regency, on: str, pregnant: object) -> None:
    regency.resident("N1")
    regency.record("N1", on=on, pregnant=True)
    assert surviving(regency, "pregnant") is pregnant or surviving(regency, "pregnant") == pregnant


def test_identity_of_the_unregistered_follows_trust_and_address_stays_in_one_piece(regency: Regency) -> None:
    regency.record("c1", "village_survey", "2026-01-01", name="SITI AMINAH", area_code="35.10.01.2001", rt="001", rw="001")
    regency.record("c1", "dinsos_pkh", "2026-09-20", name="SITI A", area_code="35.10.02.2002", rt="002")
    person, family = only(regency.persons(), "cluster_id", "c1"), regency.families().iloc[0]
    assert person["name"] == "SITI AMINAH"
    assert (family["area_code"], family["rt"]) == ("35.10.02.2002", "002")
    assert pd.isna(family["rw"]), "an RW of the old village with an RT of the new one is an address that does not exist"


@pytest.mark.parametrize(
    ("register", "said", "vital", "residence"),
    [
        pytest.param("HIDUP", None, "alive", "present", id="register only"),
        pytest.param("MATI", None, "dead", "present", id="dead by the register"),
        pytest.param("PINDAH", None, "alive", "moved", id="moved by the register"),
        pytest.param("HILANG", None, "unknown", "unknown", id="missing"),
        pytest.param(None, None, "unknown", "present", id="register silent"),
        pytest.param("HIDUP", "MATI", "dead", "present", id="an interview knows of a death that the register has not heard of"),
        pytest.param("HIDUP", "PINDAH", "alive", "moved", id="an interview knows of a move"),
        pytest.param("MATI", "HIDUP", "dead", "present", id="the dead stay dead"),
    ],
)
def test_who_is_alive_and_here(regency: Regency, register: str | None, said: str | None, vital: str, residence: str) -> None:
    regency.resident("N1", resident_status=register)
    regency.record("N1", **({"resident_status": said} if said else {}))
    person = only(regency.persons(), "nik", "N1")
    assert (person["vital_status"], person["residence"]) == (vital, residence)


@pytest.mark.parametrize(
    ("marital_status", "survey", "widowed"),
    [("CERAI MATI", None, True), ("KAWIN", None, False), ("KAWIN", True, True), (None, None, pd.NA)],
    ids=["register", "register says married", "the village knows better", "nobody knows"],
)
def test_widowhood(regency: Regency, marital_status: str | None, survey: bool | None, widowed: object) -> None:
    regency.resident("N1", marital_status=marital_status)
    regency.record("N1", "village_survey", widowed=survey)
    found = surviving(regency, "widowed")
    assert (found is pd.NA) if widowed is pd.NA else (found == widowed)


def facts_of(**answers: Any) -> pd.Series:
    frame = as_canonical(pd.DataFrame([answers]), list(answers))
    return record_facts(frame).iloc[0]


@pytest.mark.parametrize(
    ("answers", "level", "severe"),
    [
        pytest.param({}, 4, False, id="no difficulty"),
        pytest.param({"seeing": "2"}, 2, False, id="much difficulty in seeing is not severe"),
        pytest.param({"seeing": "1"}, 1, True, id="cannot see"),
        pytest.param({"self_care": "2"}, 2, True, id="needs help in self-care"),
        pytest.param({"self_care": "3"}, 3, False, id="some difficulty in self-care"),
        pytest.param({"seeing": None}, pd.NA, pd.NA, id="one answer missing"),
        pytest.param({"seeing": None, "walking": "1"}, 1, True, id="one missing, one severe"),
        pytest.param({"seeing": None, "self_care": "2"}, pd.NA, True, id="one missing, severe by self-care"),
    ],
)
def test_disability(answers: dict[str, str | None], level: object, severe: object) -> None:
    said = {f"disability_{what}": answers.get(what, "4") for what in WASHINGTON_GROUP}
    facts = facts_of(**said)
    for found, expected in ((facts["disability_level"], level), (facts["severe_disability"], severe)):
        assert (found is pd.NA) if expected is pd.NA else (found == expected)


@pytest.mark.parametrize(
    ("answers", "business"),
    [
        ({"has_business": True, "works": False}, True),
        ({"business_turnover": "1"}, True),
        ({"work_status": "1"}, True),
        ({"work_status": "4"}, False),
        ({"works": False}, False),
        ({"works": True}, pd.NA),
        ({}, pd.NA),
    ],
    ids=["asked", "turnover", "self-employed", "employee", "idle", "works, kind unknown", "nothing known"],
)
def test_business(answers: dict[str, Any], business: object) -> None:
    found = facts_of(**{"name": "x"} | answers)["has_business"]
    assert (found is pd.NA) if business is pd.NA else (found == business)


def owns(**answers: Any) -> Any:
    return owns_valuables(as_canonical(pd.DataFrame([answers]), list(answers))).iloc[0]


def test_chronic_illness_and_valuables() -> None:
    assert not facts_of(chronic_illness="1")["chronic_illness"]
    assert facts_of(chronic_illness="6")["chronic_illness"]
    none = {"owns_motorcycle": False, "owns_car": False, "owns_boat": False, "owns_jewellery": False, "cattle": 0, "goats": 0}
    assert not owns(**none)
    assert owns(**none | {"goats": 2})
    assert owns(**none | {"owns_boat": None}) is pd.NA


def test_the_table_declares_every_column_once_with_its_reason() -> None:
    assert len(RULES) == len(SURVIVORSHIP), "a column with two rules"
    assert all(rule.why for rule in SURVIVORSHIP)
    assert set(PERSON_FACT_COLUMNS) <= set(RULES)


def test_no_module_chooses_among_sources_by_itself() -> None:
    """A drop_duplicates on a frame sorted by date would be a second, hidden survivorship table."""
    folder = Path(families.__file__).parent
    sorting = {path.name for path in folder.glob("*.py") if re.search(r"sort_values\([^)]*delivered_on", path.read_text(encoding="utf-8"))}
    assert sorting <= {"register.py", "attribute_sources.py"}, "the register's own choice among its rows, and finding the row that was used"
