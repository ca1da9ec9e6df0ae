"""Each programme at the edges of its rules: one year, one decile, one member more decides about a family's aid."""

from __future__ import annotations

import json
from typing import Any

import pytest
from eligibility_frames import DESA, KELURAHAN, Village, adult, born

CHILD = {"age": 6, "sex": "L", "occupation": "BELUM/TIDAK BEKERJA", "works": False, "has_business": False, "severe_disability": False}
PUPIL = CHILD | {"age": 10, "school_participation": "2", "school_level": "3"}
ELDER = adult(age=60, sex="P", works=False)


@pytest.mark.parametrize(
    ("decile", "status"),
    [
        pytest.param(1, "eligible", id="decile 1"),
        pytest.param(4, "eligible", id="decile 4"),
        pytest.param(5, "ineligible", id="decile 5"),
        pytest.param(None, "unknown", id="decile unknown is not decile 10"),
    ],
)
def test_pkh_decile(village: Village, decile: int | None, status: str) -> None:
    village.family("F1", adult(), CHILD, decile=decile)
    assert village.status("pkh", "F1") == status


@pytest.mark.parametrize(
    ("member", "status"),
    [
        pytest.param(CHILD, "eligible", id="child of 6"),
        pytest.param(CHILD | {"age": 7, "school_participation": "1"}, "ineligible", id="child of 7 not yet at school"),
        pytest.param(CHILD | {"age": 7}, "unknown", id="child of 7, schooling unknown"),
        pytest.param(PUPIL, "eligible", id="primary school pupil"),
        pytest.param(PUPIL | {"age": 21, "school_level": "13"}, "eligible", id="upper secondary pupil of 21"),
        pytest.param(PUPIL | {"age": 22, "school_level": "13"}, "ineligible", id="pupil of 22"),
        pytest.param(PUPIL | {"age": 19, "school_level": "19"}, "ineligible", id="student at university"),
        pytest.param(ELDER, "eligible", id="elderly of 60"),
        pytest.param(adult(birth_date=born(60, -1), age=None) | {"works": False}, "ineligible", id="elderly of 59, birthday tomorrow"),
        pytest.param(adult(birth_date=born(60, 0), age=None), "eligible", id="60 today"),
        pytest.param(adult(sex="P", pregnant=True), "eligible", id="pregnant"),
        pytest.param(adult(sex="P", pregnant=None), "unknown", id="nobody asked whether she is pregnant"),
        pytest.param(adult(sex="L", pregnant=None), "ineligible", id="a man need not be asked"),
        pytest.param(adult(sex="P", age=55, pregnant=None), "ineligible", id="a woman of 55 need not be asked"),
        pytest.param(adult(severe_disability=True), "eligible", id="severe disability"),
        pytest.param(adult(severe_disability=None), "unknown", id="disability unknown"),
        pytest.param(adult(), "ineligible", id="nobody who entitles"),
    ],
)
def test_pkh_component(village: Village, member: dict[str, Any], status: str) -> None:
    member = {key: value for key, value in member.items() if not (key == "age" and value is None)}
    village.family("F1", adult(), member, decile=2)
    assert village.status("pkh", "F1") == status


NATIONAL = [("pkh", "F1"), ("sembako", "F1"), ("pbi_jkn", "F1.1")]


@pytest.mark.parametrize(("programme", "unit_id"), NATIONAL, ids=[programme for programme, _ in NATIONAL])
@pytest.mark.parametrize(
    ("occupation", "status"),
    [
        pytest.param("PEGAWAI NEGERI SIPIL (PNS)", "ineligible", id="civil servant in the family"),
        pytest.param("PERANGKAT DESA", "ineligible", id="village staff in the family"),
        pytest.param("GURU", "eligible", id="a teacher is not in the published list"),
        pytest.param(None, "unknown", id="occupation unknown"),
    ],
)
def test_excluded_occupation(village: Village, programme: str, unit_id: str, occupation: str | None, status: str) -> None:
    village.family("F1", adult(occupation=occupation), ELDER, decile=1)
    assert village.status(programme, unit_id) == status


@pytest.mark.parametrize("away", [{"vital_status": "dead"}, {"residence": "moved"}], ids=["who has died", "who has moved"])
def test_a_civil_servant_who_is_gone_bars_nobody_and_an_elder_who_is_gone_entitles_nobody(village: Village, away: dict[str, str]) -> None:
    village.family("F1", adult(), ELDER, adult(occupation="PEGAWAI NEGERI SIPIL (PNS)") | away, decile=1)
    village.family("F2", adult(), ELDER | away, decile=1)
    assert village.status("pkh", "F1") == "eligible"
    assert village.status("pkh", "F2") == "ineligible"


@pytest.mark.parametrize("programme", ["sembako"])
@pytest.mark.parametrize(("decile", "status"), [(5, "eligible"), (6, "ineligible")], ids=["decile 5", "decile 6"])
def test_sembako_decile_and_pkh_does_not_bar(village: Village, programme: str, decile: int, status: str) -> None:
    village.family("F1", adult(), decile=decile)
    village.aid("pkh", "F1.0")
    assert village.status(programme, "F1") == status


@pytest.mark.parametrize(
    ("person", "decile", "status"),
    [
        pytest.param({}, 5, "eligible", id="decile 5"),
        pytest.param({}, 6, "ineligible", id="decile 6"),
        pytest.param({"register_status": "unregistered"}, 1, "ineligible", id="in no register"),
        pytest.param({"vital_status": "dead"}, 1, "ineligible", id="dead"),
        pytest.param({"vital_status": "unknown"}, 1, "unknown", id="nobody knows whether alive"),
    ],
)
def test_pbi_is_decided_for_each_person(village: Village, person: dict[str, Any], decile: int, status: str) -> None:
    village.family("F1", adult(), adult(**person), decile=decile)
    assert village.status("pbi_jkn", "F1.1") == status


@pytest.mark.parametrize(
    ("members", "facts", "status"),
    [
        pytest.param([ELDER], {"decile": 2}, "eligible", id="60, alone, decile 2"),
        pytest.param([ELDER], {"decile": 3}, "ineligible", id="decile 3"),
        pytest.param([ELDER], {"poverty_status": "poor"}, "eligible", id="poor by the village survey"),
        pytest.param([ELDER], {}, "unknown", id="poverty unknown"),
        pytest.param([ELDER | {"works": True}], {"decile": 1}, "ineligible", id="works"),
        pytest.param([ELDER | {"works": None}], {"decile": 1}, "unknown", id="work unknown"),
        pytest.param([ELDER, CHILD], {"decile": 1}, "eligible", id="with a grandchild"),
        pytest.param([ELDER, adult()], {"decile": 1}, "ineligible", id="with a grown child"),
        pytest.param([ELDER | {"lives_alone": True}, adult()], {"decile": 1}, "eligible", id="alone by the survey, whatever the card says"),
        pytest.param([ELDER | {"lives_alone": False}], {"decile": 1}, "eligible", id="alone on the card: all members are elderly"),
    ],
)
def test_rantang_kasih(village: Village, members: list[dict[str, Any]], facts: dict[str, Any], status: str) -> None:
    village.family("F1", *members, **facts)
    assert village.status("rantang_kasih", "F1.0") == status


def test_rantang_kasih_says_nothing_about_the_young_and_leaves_unknown_ages_open(village: Village) -> None:
    village.family("F1", ELDER, adult(age=59), decile=1)
    village.family("F2", {key: value for key, value in ELDER.items() if key != "age"}, decile=1)
    decisions = village.decisions
    decided = decisions[decisions["programme_id"] == "rantang_kasih"].set_index("person_id")["status"]
    assert decided.to_dict() == {"F1.0": "ineligible", "F2.0": "unknown"}


BUSINESS = adult(has_business=True)


@pytest.mark.parametrize(
    ("members", "facts", "status"),
    [
        pytest.param([BUSINESS], {"decile": 4}, "eligible", id="decile 4"),
        pytest.param([BUSINESS], {"decile": 5}, "ineligible", id="decile 5"),
        pytest.param([BUSINESS], {"poverty_status": "near_poor"}, "eligible", id="near poor by the survey"),
        pytest.param([BUSINESS], {"decile": 1, "area_code": KELURAHAN}, "ineligible", id="kelurahan"),
        pytest.param([BUSINESS | {"age": 59}], {"decile": 1}, "eligible", id="59"),
        pytest.param([BUSINESS | {"age": 60}], {"decile": 1}, "ineligible", id="60"),
        pytest.param([BUSINESS | {"age": 18}], {"decile": 1}, "eligible", id="18"),
        pytest.param([BUSINESS | {"age": 17}], {"decile": 1}, "ineligible", id="17"),
        pytest.param([adult(has_business=None)], {"decile": 1}, "unknown", id="business unknown"),
    ],
)
def test_kanggo_riko(village: Village, members: list[dict[str, Any]], facts: dict[str, Any], status: str) -> None:
    village.family("F1", *members, **({"area_code": DESA} | facts))
    assert village.status("kanggo_riko", "F1") == status


def test_kanggo_riko_puts_women_first(village: Village) -> None:
    village.family("F1", BUSINESS | {"sex": "P"}, decile=1)
    village.family("F2", BUSINESS, decile=1)
    assert [village.decision("kanggo_riko", family)["priority"] for family in ("F1", "F2")] == [1, 2]


GOOD_HOUSE = {"tenure": "1", "floor": "1", "wall": "1", "roof": "2", "water": "3", "latrine": "1", "floor_area_m2": 60.0}


@pytest.mark.parametrize(
    ("house", "decile", "status"),
    [
        pytest.param({"floor": "8", "wall": "4"}, 4, "eligible", id="earth floor and woven bamboo"),
        pytest.param({"floor": "8", "wall": "4"}, 5, "ineligible", id="decile 5"),
        pytest.param({"floor": "8"}, 1, "ineligible", id="one sign is not enough"),
        pytest.param({"floor": "8", "wall": None}, 1, "unknown", id="one sign, one unknown"),
        pytest.param({"floor": "8", "floor_area_m2": 7.1}, 1, "eligible", id="7.1 m2 for one person"),
        pytest.param({"floor": "8", "floor_area_m2": 7.2}, 1, "ineligible", id="7.2 m2 for one person"),
        pytest.param({"floor": "8", "latrine": "2"}, 1, "eligible", id="shared latrine"),
        pytest.param({"floor": "8", "wall": "4", "tenure": "2"}, 1, "ineligible", id="rented"),
        pytest.param({"floor": "8", "wall": "4", "tenure": None}, 1, "unknown", id="tenure unknown"),
    ],
)
def test_house_renovation(village: Village, house: dict[str, Any], decile: int, status: str) -> None:
    village.family("F1", adult(), decile=decile, house=GOOD_HOUSE | house)
    assert village.status("house_renovation", "HF1") == status


def test_a_shared_house_is_judged_by_all_who_live_in_it(village: Village) -> None:
    house = GOOD_HOUSE | {"floor": "8", "floor_area_m2": 14.0}
    village.family("F1", adult(), decile=9, house=house, house_id="H1")
    village.family("F2", adult(), decile=2, house_id="H1")
    assert village.answers("house_renovation", "H1") == {
        "lived_in": True,
        "owner": True,
        "decile_1_4": True,  # the poorer family counts
        "unfit": True,  # 7 m2 a person, not 14
        "not_renovated_in_10_years": True,
    }


def test_every_decision_gives_a_reason_for_every_criterion_in_both_languages(village: Village) -> None:
    village.family("F1", ELDER, CHILD, decile=7)
    for _, decision in village.decisions.iterrows():
        programme = village.book.programmes[decision["programme_id"]]
        reasons = json.loads(decision["reasons"])
        stated = (*programme.criteria, *village.book.overlaps_of(programme.id))
        assert [reason["code"] for reason in reasons] == [one.code for one in stated]
        assert [(reason["text_id"], reason["text_en"]) for reason in reasons] == [(one.text.id, one.text.en) for one in stated]


def test_exactly_one_unit_id_is_given(village: Village) -> None:
    village.family("F1", ELDER, decile=1)
    decisions = village.decisions
    assert (decisions[["person_id", "family_id", "house_id"]].notna().sum(axis=1) == 1).all()
    assert set(decisions["programme_id"]) == set(village.book.programmes)
