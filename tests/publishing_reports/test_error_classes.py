"""The practitioners' classes: prevents one fault from being counted as another, twice, or in the wrong village."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from quality_frames import KARANGREJO, TEMBOKREJO, report_of, run_frames

from publishing.error_classes import CLASSES, LinkedFrames, count_error_classes
from schemas.canonical import TEXT


@pytest.fixture(scope="module")
def counted() -> pd.DataFrame:
    return report_of().error_classes


EXPECTED = {
    ("dinsos_dtsen", "nik_missing"): 1,
    ("dinsos_dtsen", "nik_length"): 1,
    ("dinsos_dtsen", "nik_invalid"): 2,  # an impossible day, and one whose last digit Excel lost
    ("dinsos_dtsen", "nik_shared"): 2,
    ("dinsos_dtsen", "identical_row"): 1,
    ("dinsos_dtsen", "nik_not_in_register"): 1,
    ("dinsos_dtsen", "name_differs"): 1,
    ("dinsos_dtsen", "kk_differs"): 1,
    ("dinsos_dtsen", "dead"): 1,
    ("dinsos_dtsen", "moved"): 1,
    ("dinsos_dtsen", "other_area"): 1,
    ("dinsos_dtsen", "strange_birth_date"): 1,
    ("dinsos_dtsen", "excluded_occupation"): 1,
    ("dinsos_pkh", "family_twice"): 1,
    ("dinsos_pkh", "aided_elsewhere"): 1,
    ("village_survey", "outside_village"): 2,
}


def test_each_fault_is_counted_once_under_its_own_name(counted: pd.DataFrame) -> None:
    assert counted.groupby(["source", "error_class"])["count"].sum().to_dict() == EXPECTED
    assert {name for _, name in EXPECTED} == set(CLASSES)


def test_a_fault_counts_in_the_village_that_the_list_states(counted: pd.DataFrame) -> None:
    by_class = counted.set_index(["error_class", "source"])["area_code"]
    assert by_class["other_area", "dinsos_dtsen"] == TEMBOKREJO
    assert by_class["dead", "dinsos_dtsen"] == KARANGREJO
    assert by_class["nik_not_in_register", "dinsos_dtsen"] is pd.NA


def test_classes_whose_data_is_lacking_are_said_not_to_be_counted() -> None:
    lacking = replace(run_frames(), coordinate_flags=None, record_persons=None, targeting_gaps=None)
    report = report_of(lacking)
    assert report.not_counted == ("family_twice", "outside_village", "aided_elsewhere")
    assert report_of(replace(lacking, links=None)).not_counted == CLASSES
    assert report_of(replace(lacking, links=None)).error_classes.empty


def classes_of(**mention: object) -> set[str]:
    """The classes in which one mention counts, which is linked to a civil servant of the register."""
    plain = {
        "record_id": "r",
        "source": "s",
        "role": "recipients",
        "unit": "person",
        "area_code": KARANGREJO,
        "nik": None,
        "kk_number": None,
    }
    records = pd.DataFrame([{**plain, "errors": None, **mention}]).astype(TEXT)
    links = pd.DataFrame([{"record_id": "r", "status": "linked", "register_nik": "3510161708450003"}]).astype(TEXT)
    register = {"nik": "3510161708450003", "kk_number": None, "area_code": KARANGREJO, "resident_status": "HIDUP"}
    population = pd.DataFrame([{**register, "occupation": "PEGAWAI NEGERI SIPIL (PNS)"}]).astype(TEXT)
    nothing = pd.DataFrame({"source": [], "area_code": []}, dtype=TEXT)
    return set(count_error_classes(LinkedFrames(records, links, population, nothing))["error_class"])


def test_a_civil_servant_who_gives_is_no_recipient_who_may_not_get() -> None:
    assert classes_of(nik="3510161708450003") == {"excluded_occupation"}
    assert classes_of(nik="3510161708450003", role="reports") == set()


@pytest.mark.parametrize(
    ("errors", "expected"),
    [
        pytest.param("nik:filler", {"nik_missing"}, id="zeros and dashes are no number"),
        pytest.param("nik:scientific_notation", {"nik_invalid"}, id="a power"),
        pytest.param("birth_date:filler", {"nik_missing"}, id="an empty date is not strange"),
        pytest.param("latitude:out_of_regency longitude:out_of_regency", {"nik_missing", "outside_village"}, id="position in two columns"),
        pytest.param("nik:length nik:shared", {"nik_length", "nik_shared"}, id="two faults"),
    ],
)
def test_codes_of_intake_count_under_the_names_of_practitioners(errors: str, expected: set[str]) -> None:
    assert classes_of(errors=errors, role="reports") == expected


@pytest.mark.parametrize("flag", ["birth_date_differs", "sex_differs", "area_differs", "area_unknown"])
def test_a_remark_beside_a_nik_that_may_be_right_is_no_fault(flag: str) -> None:
    assert classes_of(nik="3510161708450003", errors=f"nik:{flag}", role="reports") == set()


def test_aid_that_excludes_other_aid_counts_in_the_village_of_the_list() -> None:
    subject = {"programme_id": "pkh", "unit": "family", "family_id": "F2", "kind": "receiving_twice"}
    report = report_of(replace(run_frames(), targeting_gaps=pd.DataFrame([subject]).astype(TEXT)))
    counted = report.error_classes.set_index("error_class").loc["aided_elsewhere"]
    assert (counted["source"], counted["area_code"], counted["count"]) == ("dinsos_pkh", KARANGREJO, 1)
