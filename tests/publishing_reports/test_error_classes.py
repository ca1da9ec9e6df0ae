"""The practitioners' classes: prevents one fault from being counted as another, twice, or in the wrong village."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from quality_frames import KARANGREJO, TEMBOKREJO, report_of, run_frames

from publishing.error_classes import CLASSES


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
