"""Moving a resident on a doubtful word would take them out of their family's aid; not moving them leaves a household that nobody lives in."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from families_regency import AS_OF, TRUST, Regency, only

from families import build_attribute_sources, build_person_sources

HOME = {"area_code": "35.10.01.2001", "rt": "001", "rw": "001"}
ELSEWHERE = {"area_code": "35.10.01.2001", "rt": "007", "rw": "002"}
HEAD, CHILD = "KEPALA KELUARGA", "ANAK"
REGISTERED_ON = "dukcapil_population/2026-06-30"


def two_cards(regency: Regency) -> None:
    """K1: N1 head, N2 and N3; K2: M1 head, M2."""
    for nik, card in (("N1", "K1"), ("N2", "K1"), ("N3", "K1"), ("M1", "K2"), ("M2", "K2")):
        relation = HEAD if nik in {"N1", "M1"} else CHILD
        regency.resident(nik, card, name=nik, relation=relation, delivery_id=REGISTERED_ON)


def said(regency: Regency, nik: str, card: str, relation: str = CHILD, **facts: Any) -> str:
    return regency.record(nik, kk_number=card, relation=relation, **{"method": "nik", **HOME, **facts})


def family_of(regency: Regency, nik: str) -> list[str]:
    persons = regency.persons()
    mine = only(persons, "nik", nik)["family_id"]
    return sorted(persons.loc[persons["family_id"] == mine, "nik"].dropna())


def joined(regency: Regency, **facts: Any) -> None:
    two_cards(regency)
    said(regency, "M1", "K2", HEAD)
    said(regency, "N2", "K2", "FAMILI LAIN", resident_status="ANGGOTA BARU", **facts)


def split(regency: Regency, *, place: dict[str, str] = ELSEWHERE, **facts: Any) -> None:
    two_cards(regency)
    said(regency, "N1", "K1", HEAD)
    said(regency, "N2", "S9", HEAD, **{**place, **facts})
    said(regency, "N3", "S9", "ISTRI", **place)


def test_who_is_met_as_a_new_member_lives_there(regency: Regency) -> None:
    joined(regency)
    assert family_of(regency, "N2") == ["M1", "M2", "N2"]
    families = regency.families().set_index("kk_number")["size"]
    assert families["K2"] == 3
    moved = only(regency.persons(), "nik", "N2")
    assert (moved["kk_number"], moved["relation"], moved["residence"]) == ("K2", "FAMILI LAIN", "present")


def test_the_old_family_keeps_who_stayed(regency: Regency) -> None:
    joined(regency)
    said(regency, "N1", "K1", HEAD)
    assert family_of(regency, "N1") == ["N1", "N3"]


def test_whom_one_family_lists_as_gone_and_another_has_is_not_gone(regency: Regency) -> None:
    """Prevents somebody from being counted as moved away by the very delivery that met them next door."""
    two_cards(regency)
    said(regency, "N1", "K1", HEAD)
    said(regency, "N2", "K1", resident_status="PINDAH")
    said(regency, "M1", "K2", HEAD)
    said(regency, "N2", "K2", "FAMILI LAIN", resident_status="HIDUP")
    assert family_of(regency, "N2") == ["M1", "M2", "N2"]
    assert only(regency.persons(), "nik", "N2")["residence"] == "present"


@pytest.mark.parametrize(
    "facts",
    [
        pytest.param({"resident_status": "HIDUP"}, id="another card's number alone: an old or mistyped card"),
        pytest.param({"method": "evidence", "probability": 0.98}, id="a doubtful link"),
        pytest.param({"method": pd.NA, "probability": pd.NA}, id="nothing known of the link"),
        pytest.param({"relation": pd.NA}, id="no relation"),
        pytest.param({"relation": HEAD}, id="a head joins nobody"),
        pytest.param({"kk_number": "K7"}, id="a card that nobody else was met under"),
    ],
)
def test_who_is_not_proved_to_have_joined_stays(regency: Regency, facts: dict[str, Any]) -> None:
    joined(regency)
    regency.records.pop()
    regency.links.pop()
    stated = {"kk_number": "K2", "relation": "FAMILI LAIN", "resident_status": "ANGGOTA BARU", "method": "nik", **HOME}
    regency.record("N2", **{**stated, **facts})
    assert family_of(regency, "N2") == ["N1", "N2", "N3"]
    assert regency.persons()["moved"].isna().all()


@pytest.mark.parametrize("day", ["2026-06-30", "2026-03-15"], ids=["the register is as new", "the register is newer"])
def test_what_the_register_may_know_already_moves_nobody(regency: Regency, day: str) -> None:
    """Prevents last year's interview from undoing what the register has recorded since."""
    two_cards(regency)
    said(regency, "M1", "K2", HEAD, on=day)
    said(regency, "N2", "K2", "FAMILI LAIN", resident_status="ANGGOTA BARU", on=day)
    assert family_of(regency, "N2") == ["N1", "N2", "N3"]


@pytest.mark.parametrize("register", [pd.NA, "dukcapil_population/undated"])
def test_a_register_of_an_unknown_day_is_not_older_than_an_interview(regency: Regency, register: object) -> None:
    """Prevents an interview of any age from overruling a register of which nobody says how new it is."""
    joined(regency)
    assert family_of(regency, "N2") == ["M1", "M2", "N2"]
    for one in regency.residents:
        one["delivery_id"] = register
    assert family_of(regency, "N2") == ["N1", "N2", "N3"]


def test_an_interview_of_an_unknown_day_moves_nobody(regency: Regency) -> None:
    joined(regency)
    for record in regency.records:
        record["delivered_on"] = pd.NA
    assert family_of(regency, "N2") == ["N1", "N2", "N3"]


def test_the_evidence_of_another_delivery_proves_nothing(regency: Regency) -> None:
    """The household must be met in the same delivery: the family of last year's list may have moved itself."""
    two_cards(regency)
    said(regency, "M1", "K2", HEAD, on="2026-07-15")
    said(regency, "N2", "K2", "FAMILI LAIN", resident_status="ANGGOTA BARU")
    assert family_of(regency, "N2") == ["N1", "N2", "N3"]


def test_a_newer_interview_that_meets_them_at_home_moves_them_back(regency: Regency) -> None:
    joined(regency, on="2026-07-15")
    regency.records[0] |= {"delivered_on": "2026-07-15", "delivery_id": "dinsos_dtsen/2026-07-15"}
    assert family_of(regency, "N2") == ["M1", "M2", "N2"]
    said(regency, "N2", "K1")
    assert family_of(regency, "N2") == ["N1", "N2", "N3"]


def test_whom_two_families_claim_is_not_moved(regency: Regency) -> None:
    joined(regency)
    regency.resident("L1", "K3", relation=HEAD, delivery_id=REGISTERED_ON)
    said(regency, "L1", "K3", HEAD)
    said(regency, "N2", "K3", "FAMILI LAIN", resident_status="ANGGOTA BARU")
    assert family_of(regency, "N2") == ["N1", "N2", "N3"]


def test_nobody_comes_back_from_the_dead(regency: Regency) -> None:
    joined(regency)
    regency.residents[1] |= {"resident_status": "MATI"}
    assert family_of(regency, "N2") == ["N1", "N2", "N3"]
    assert only(regency.persons(), "nik", "N2")["vital_status"] == "dead"


def test_a_couple_met_in_a_house_of_their_own_is_a_family(regency: Regency) -> None:
    split(regency)
    assert family_of(regency, "N2") == ["N2", "N3"]
    assert family_of(regency, "N1") == ["N1"]
    families = regency.families().set_index("kk_number")
    assert families.loc["S9", ["size", "register_status", "rt"]].tolist() == [2, "registered", "007"]
    head = only(regency.persons(), "nik", "N2")
    assert (families.loc["S9", "head_person_id"], head["relation"]) == (head["person_id"], HEAD)
    assert families["kk_hash"].nunique() == 2


@pytest.mark.parametrize(
    ("place", "facts"),
    [
        pytest.param(HOME, {}, id="in the same neighbourhood: a number mistyped"),
        pytest.param(ELSEWHERE, {"relation": CHILD}, id="without a head"),
        pytest.param(ELSEWHERE, {"method": "evidence", "probability": 0.9}, id="one of two links is doubtful"),
        pytest.param(ELSEWHERE, {"kk_number": "K2"}, id="under another family's card"),
    ],
)
def test_what_is_not_proved_to_have_split_stays_one(regency: Regency, place: dict[str, str], facts: dict[str, Any]) -> None:
    two_cards(regency)
    said(regency, "N1", "K1", HEAD)
    regency.record("N2", **{"kk_number": "S9", "relation": HEAD, "method": "nik", **place, **facts})
    said(regency, "N3", "S9", "ISTRI", **place)
    assert family_of(regency, "N1") == ["N1", "N2", "N3"]


@pytest.mark.parametrize(
    "listed",
    [
        pytest.param({"N1": ("K1", HEAD), "N2": ("S9", HEAD)}, id="one person alone may be a mistyped number"),
        pytest.param({"N1": ("K1", HEAD), "N2": ("S9", HEAD), "N3": ("S9", HEAD)}, id="two heads"),
        pytest.param({"N3": ("K1", CHILD), "N1": ("S9", HEAD), "N2": ("S9", "ISTRI")}, id="the card's own head has not left the card"),
    ],
)
def test_a_group_that_is_no_family_of_its_own_stays(regency: Regency, listed: dict[str, tuple[str, str]]) -> None:
    two_cards(regency)
    for nik, (card, relation) in listed.items():
        said(regency, nik, card, relation, **(HOME if card == "K1" else ELSEWHERE))
    assert family_of(regency, "N1") == ["N1", "N2", "N3"]


def test_a_whole_card_under_a_new_number_has_not_split(regency: Regency) -> None:
    """Prevents every family with a renewed or retired card from being taken apart."""
    two_cards(regency)
    said(regency, "N1", "S9", HEAD)
    said(regency, "N2", "S9", "ISTRI")
    said(regency, "N3", "S9")
    assert family_of(regency, "N1") == ["N1", "N2", "N3"]


def test_the_order_of_rows_does_not_count(regency: Regency) -> None:
    split(regency)
    said(regency, "M1", "K2", HEAD)
    first = regency.persons()[["nik", "family_id", "kk_number", "moved_by"]]
    for seed in (1, 2, 3):
        assert regency.persons(seed=seed)[first.columns].equals(first)


def test_what_the_register_says_is_kept_with_the_reason(regency: Regency) -> None:
    joined(regency)
    persons, records = regency.persons(), regency.records_frame
    about = regency.record_persons(persons)
    listed = build_person_sources(persons, records, about, trust=TRUST, as_of=AS_OF).listed
    layouts = pd.DataFrame({name: pd.Series([], dtype="string") for name in ("delivery_id", "file", "sheet", "table", "column", "letter")})
    kept = build_attribute_sources(regency.families(persons), records, about, layouts=layouts, person_sources=listed)
    kept = kept[kept["reason"].notna()].sort_values(["attribute", "used"])
    assert kept[["attribute", "value", "source", "used", "reason"]].to_numpy().tolist() == [
        ["kk_number", "K1", "dukcapil_population", False, "joined"],
        ["kk_number", "K2", "dinsos_dtsen", True, "joined"],
        ["relation", CHILD, "dukcapil_population", False, "joined"],
        ["relation", "FAMILI LAIN", "dinsos_dtsen", True, "joined"],
    ]
