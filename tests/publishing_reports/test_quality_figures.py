"""The report's figures: prevents values from travelling with counts, and deliveries from standing in the wrong state."""

from __future__ import annotations

import json
from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from quality_frames import CANARY_NAME, CANARY_NIK, contracts, report_of, run_frames

from publishing.quality_figures import count_repairs
from publishing.quality_report_input import QualityReport


@pytest.fixture(scope="module")
def report() -> QualityReport:
    return report_of()


def test_no_value_of_a_person_is_left_in_any_figure(report: QualityReport) -> None:
    for name, value in vars(report).items():
        if isinstance(value, pd.DataFrame):
            text = value.drop(columns=["file"], errors="ignore").to_csv()
            assert CANARY_NIK not in text, name
            assert CANARY_NAME not in text, name
    assert "cells" not in report.quarantined


def test_deliveries_are_accepted_refused_or_superseded(report: QualityReport) -> None:
    status = report.deliveries.set_index("delivery_id")["status"].to_dict()
    assert status == {
        "dinsos_dtsen/2026-09-15": "accepted",
        "dinsos_pkh/2026-09-20": "accepted",
        "dinsos_pkh/2026-06-20": "superseded",
        "dukcapil_population/2026-09-30": "accepted",
        "village_survey/2026-08-31": "accepted",
        "village_survey/2026-09-28": "refused",
    }


def test_a_source_says_whether_its_newest_delivery_speaks(report: QualityReport) -> None:
    assert report.sources.set_index("source")["state"].to_dict() == {
        "dinsos_dtsen": "accepted",
        "dinsos_pkh": "accepted",
        "dukcapil_population": "accepted",
        "village_survey": "older_in_force",
    }


def test_a_source_without_any_delivery_is_missing() -> None:
    frames = run_frames()
    without = replace(
        frames,
        deliveries=frames.deliveries[frames.deliveries["source"] != "dinsos_dtsen"],
        **{
            name: {source: frame for source, frame in getattr(frames, name).items() if source != "dinsos_dtsen"}
            for name in ("records", "quarantine", "conservation")
        },
    )
    assert report_of(without).sources.set_index("source").loc["dinsos_dtsen", "state"] == "missing"


def test_quarantined_cells_have_their_letter(report: QualityReport) -> None:
    assert report.quarantined[["row", "letter"]].fillna("").to_numpy().tolist() == [[7, ""], [8, "C"], [9, "C"], [10, "C"]]


def test_repairs_are_counted_by_rule(report: QualityReport) -> None:
    assert report.repairs.to_numpy().tolist() == [
        ["dinsos_dtsen", "birth_date", "serial", 1],
        ["dinsos_dtsen", "nik", "separators_removed", 1],
        ["dinsos_pkh", "nik", "separators_removed", 1],
    ]


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["nik", "position"]),
            st.one_of(st.text(), st.integers(), st.floats(allow_nan=False), st.none()),
            st.sampled_from(["a", "map_link"]),
        ),
        min_size=1,
        max_size=4,
    )
)
def test_whatever_the_original_was_only_column_and_rule_remain(repairs: list[tuple[str, object, str]]) -> None:
    for ascii_only in (True, False):
        frame = pd.DataFrame({"repairs": [json.dumps(repairs, ensure_ascii=ascii_only)]}, dtype="string")
        counted = count_repairs({"source": frame})
        expected = pd.Series([(column, rule) for column, _, rule in repairs]).value_counts()
        assert dict(zip(zip(counted["column"], counted["rule"], strict=True), counted["count"], strict=True)) == expected.to_dict()


def test_field_errors_are_counted_by_column_and_code(report: QualityReport) -> None:
    counts = report.field_errors.set_index(["source", "column", "code"])["count"]
    assert counts["dinsos_dtsen", "nik", "shared"] == 2
    assert counts["dinsos_pkh", "component", "unknown_code"] == 1
    assert counts.sum() == 9


def test_links_are_counted_by_how_they_were_settled(report: QualityReport) -> None:
    row = report.links.set_index("source").loc["dinsos_dtsen"]
    assert row[["mentions", "with_nik", "nik_in_register", "nik", "evidence", "decision", "review", "unregistered"]].tolist() == [
        13,
        10,
        9,
        7,
        1,
        0,
        1,
        4,
    ]
    assert report.review_reasons.to_numpy().tolist() == [["identifier_under_other_name", 1]]


def test_each_expectation_of_each_source_has_its_reason(report: QualityReport) -> None:
    assert set(report.expectations["source"]) == set(contracts())
    assert report.expectations[["said_id", "said_en", "why_id", "why_en"]].map(len).gt(10).all(axis=None)


def test_the_same_run_gives_the_same_figures(report: QualityReport) -> None:
    again = report_of()
    for name, value in vars(report).items():
        if isinstance(value, pd.DataFrame):
            pd.testing.assert_frame_equal(value, getattr(again, name))
