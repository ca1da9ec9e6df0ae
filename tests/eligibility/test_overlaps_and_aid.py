"""Programmes that exclude each other, and who is on record as receiving what."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from eligibility_frames import BOOK, Village, adult

from eligibility import programme_frame
from eligibility.aid import months_of
from schemas.programmes import Overlap

BUSINESS = adult(has_business=True)
RUIN = {"tenure": "1", "floor": "8", "wall": "4", "roof": "7", "water": "6", "latrine": "6", "floor_area_m2": 20.0}


@pytest.mark.parametrize("programme", ["pkh", "sembako", "blt_dd"])
def test_kanggo_riko_is_blocked_by_other_cash_aid(village: Village, programme: str) -> None:
    village.family("F1", BUSINESS, decile=1)
    village.family("F2", BUSINESS, decile=1)
    village.aid(programme, "F1.0")
    assert village.status("kanggo_riko", "F1") == "blocked_by_overlap"
    assert village.answers("kanggo_riko", "F1")["no_other_cash_aid"] is False
    assert village.status("kanggo_riko", "F2") == "eligible", "another family's aid bars nobody"


def test_pbi_does_not_block_kanggo_riko(village: Village) -> None:
    village.family("F1", BUSINESS, decile=1)
    village.flag("F1.0", pbi_national=True)
    assert village.status("kanggo_riko", "F1") == "eligible"


@pytest.mark.parametrize(
    ("member", "decile", "status"),
    [
        pytest.param(BUSINESS, 7, "ineligible", id="a failing criterion outranks the overlap"),
        pytest.param(adult(has_business=None), 1, "blocked_by_overlap", id="the overlap settles what is unknown"),
    ],
)
def test_what_outranks_what(village: Village, member: dict[str, Any], decile: int, status: str) -> None:
    village.family("F1", member, decile=decile)
    village.aid("pkh", "F1.0")
    assert village.status("kanggo_riko", "F1") == status


@pytest.mark.parametrize("decile", [1, 9, None], ids=["deserved", "not deserved", "unknown"])
def test_who_receives_is_receiving_deserved_or_not(village: Village, decile: int | None) -> None:
    village.family("F1", adult(age=70), decile=decile)
    village.aid("pkh", "F1.0")
    decision = village.decision("pkh", "F1")
    assert decision["status"] == "receiving"
    qualifies = {1: True, 9: False, None: None}[decile]
    assert (None if decision["qualifies"] is pd.NA else bool(decision["qualifies"])) is qualifies


@pytest.mark.parametrize(
    ("period", "status"),
    [
        pytest.param("2026-07/2026-09", "receiving", id="the quarter before"),
        pytest.param("2026-10/2026-12", "receiving", id="the quarter that begins"),
        pytest.param("2026-01/2026-04", "receiving", id="six months ago"),
        pytest.param("2026-01/2026-03", "eligible", id="seven months ago"),
        pytest.param("2027-01/2027-03", "eligible", id="not yet begun"),
        pytest.param(None, "receiving", id="no period: the month of the delivery"),
    ],
)
def test_old_aid_is_not_received_now(village: Village, period: str | None, status: str) -> None:
    village.family("F1", adult(age=70), decile=1)
    village.aid("pkh", "F1.0", period=period)
    assert village.status("pkh", "F1") == status


def test_an_undated_list_without_period_is_in_force(village: Village) -> None:
    village.family("F1", adult(age=70), decile=1)
    village.aid("pkh", "F1.0", period=None, delivered_on=pd.NaT)
    assert village.status("pkh", "F1") == "receiving"


@pytest.mark.parametrize(
    ("period", "status"),
    [("2016-10/2016-10", "eligible"), ("2016-11/2016-11", "blocked_by_overlap"), ("2026-08/2026-08", "receiving")],
    ids=["ten years ago", "a month less than ten years ago", "this year"],
)
def test_a_house_is_renovated_once_in_ten_years(village: Village, period: str, status: str) -> None:
    village.family("F1", adult(), decile=1, house=RUIN)
    village.aid("house_renovation", "F1.0", "house", period=period)
    assert village.status("house_renovation", "HF1") == status


def test_what_a_person_gets_counts_for_the_family_but_not_the_other_way(village: Village) -> None:
    at_person = Overlap.model_validate(
        {"code": "x", "programme": "pbi_jkn", "barred_by": ["pkh"], "at": "person", "text": {"id": "x", "en": "x"}, "source": "test"}
    )
    at_family = at_person.model_copy(update={"code": "y", "programme": "sembako", "barred_by": ("rantang_kasih",), "at": "family"})
    village.book = BOOK.model_copy(update={"overlaps": (at_person, at_family)})
    village.family("F1", adult(), adult(age=70, works=False), decile=1)
    village.aid("pkh", "F1.0", "family")
    village.aid("rantang_kasih", "F1.1", "person")
    assert village.status("pbi_jkn", "F1.0") == "eligible", "PKH is the family's, not this person's"
    assert village.status("sembako", "F1") == "blocked_by_overlap", "the meals of a member are help to the family"


def test_flags_of_welfare_lists_are_aid_with_their_payers(village: Village) -> None:
    village.family("F1", adult(), adult(), adult(), decile=1)
    village.flag("F1.0", pbi_national=True)
    village.flag("F1.1", pbi_national=True, pbi_local=True)
    village.flag("F1.2", pbi_national=False)
    aid = village.aid_received
    assert aid[["programme_id", "unit", "person_id", "payer"]].apply(tuple, axis=1).tolist() == [
        ("pbi_jkn", "person", "F1.0", "pbi_national"),
        ("pbi_jkn", "person", "F1.1", "pbi_national+pbi_local"),
    ]
    assert aid["period"].unique().tolist() == ["2026-09/2026-09"]
    assert not aid["listed"].any()
    assert village.status("pbi_jkn", "F1.2") == "eligible"


def test_aid_carries_one_unit_id_amount_and_record(village: Village) -> None:
    village.family("F1", adult(), decile=1)
    record = village.aid("pkh", "F1.0", amount=750_000)
    row = village.aid_received.iloc[0]
    assert (row["family_id"], row["amount"], row["record_id"], row["period"]) == ("F1", 750_000, record, "2026-07/2026-09")
    assert row[["person_id", "house_id"]].isna().all()


def test_months_of_a_period_that_is_none_are_unknown() -> None:
    start, end = months_of(pd.Series(["2026-07/2026-09", "triwulan 3", None], dtype="string[pyarrow]"))
    assert (start[0], end[0]) == (2026 * 12 + 7, 2026 * 12 + 9)
    assert pd.isna(start[1:]).all()
    assert pd.isna(end[1:]).all()


def kinds(village: Village, programme: str) -> list[tuple[str, str | None]]:
    gaps = village.gaps
    rows = gaps[gaps["programme_id"] == programme]
    return [(kind, None if detail is pd.NA else detail) for kind, detail in zip(rows["kind"], rows["detail"], strict=True)]


@pytest.mark.parametrize(
    ("decile", "receives", "expected"),
    [
        pytest.param(1, False, [("eligible_not_receiving", None)], id="should and does not"),
        pytest.param(1, True, [], id="should and does"),
        pytest.param(9, True, [("receiving_not_eligible", "decile_1_4")], id="should not and does"),
        pytest.param(9, False, [], id="should not and does not"),
        pytest.param(None, True, [], id="nobody knows whether it should"),
        pytest.param(None, False, [], id="unknown is no gap"),
    ],
)
def test_gaps(village: Village, decile: int | None, receives: bool, expected: list[tuple[str, str | None]]) -> None:
    village.family("F1", adult(age=70), decile=decile)
    if receives:
        village.aid("pkh", "F1.0")
    assert kinds(village, "pkh") == expected


def test_dead_recipients_are_gaps(village: Village) -> None:
    village.family("F1", adult(age=70, vital_status="dead"), decile=1)
    village.aid("pkh", "F1.0")
    assert kinds(village, "pkh") == [("receiving_not_eligible", "present component")]


def test_one_family_on_a_list_twice_is_a_gap_two_families_are_not(village: Village) -> None:
    village.family("F1", adult(age=70), adult(), decile=1)
    village.family("F2", adult(age=70), decile=1)
    for person in ("F1.0", "F1.1", "F2.0"):
        village.aid("pkh", person)
    gaps = village.gaps
    twice = gaps[gaps["kind"] == "receiving_twice"]
    assert twice[["programme_id", "family_id", "detail"]].apply(tuple, axis=1).tolist() == [("pkh", "F1", "2 records")]


def test_two_periods_are_not_twice(village: Village) -> None:
    village.family("F1", adult(age=70), decile=1)
    village.aid("pkh", "F1.0", period="2026-04/2026-06")
    village.aid("pkh", "F1.0", period="2026-07/2026-09")
    assert kinds(village, "pkh") == []


def test_two_payers_are_twice_but_a_repeated_flag_is_not(village: Village) -> None:
    village.family("F1", adult(), adult(), decile=1)
    village.flag("F1.0", pbi_national=True)
    village.flag("F1.0", pbi_national=True)
    village.flag("F1.1", pbi_national=True, pbi_local=True)
    gaps = village.gaps
    twice = gaps[gaps["kind"] == "receiving_twice"]
    assert twice[["person_id", "detail"]].apply(tuple, axis=1).tolist() == [("F1.1", "pbi_national+pbi_local")]


def test_programmes_that_exclude_each_other_are_twice(village: Village) -> None:
    village.family("F1", BUSINESS, decile=1)
    village.aid("kanggo_riko", "F1.0", period="2026-05/2026-05")
    village.aid("pkh", "F1.0")
    village.aid("sembako", "F1.0")
    assert kinds(village, "kanggo_riko") == [("receiving_twice", "kanggo_riko+pkh+sembako")]


def test_the_programme_table_names_every_programme_of_the_decisions_and_of_the_aid(village: Village) -> None:
    village.family("F1", adult(), adult(age=70), decile=1)
    village.aid("blt_dd", "F1.0")
    village.aid("mitra_mapan", "F1.0", period="2020-01/2020-03")
    table = programme_frame(village.book, village.aid_received).set_index("programme_id")
    assert {*village.decisions["programme_id"], *village.book.programmes, "mitra_mapan"} == set(table.index)
    assert table.loc["pkh", "name_en"] == "Family Hope Programme (PKH)"
    assert table.loc["blt_dd", "unit"] == "family"
    assert table["unit"].isin(["person", "family", "house"]).all()
