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
    village.family("F1", adult(age=72, severe_disability=True), PUPIL, adult(age=18, school_participation="2"), decile=1)
    decisions = village.decisions
    assert (decisions[["person_id", "family_id", "house_id"]].notna().sum(axis=1) == 1).all()
    assert set(decisions["programme_id"]) == set(village.book.programmes)


STUDENT = adult(age=17, education="SLTA/SEDERAJAT", school_participation="2", school_level="19", works=False)
DROPOUT = adult(age=15, education="TAMAT SD/SEDERAJAT", school_participation="3")
NO_LATRINE = GOOD_HOUSE | {"latrine": "2"}


@pytest.mark.parametrize(
    ("programme", "member", "family", "status"),
    [
        pytest.param("spm", adult(), {"decile": 5}, "eligible", id="spm: decile 5"),
        pytest.param("spm", adult(), {"decile": None, "poverty_status": "poor"}, "eligible", id="spm: poor by the village"),
        pytest.param("spm", adult(), {"decile": 6}, None, id="spm: decile 6"),
        pytest.param("spm", adult(), {"decile": None}, None, id="spm: nobody calls the family poor"),
        pytest.param("spm", adult(vital_status="dead"), {"decile": 1}, "ineligible", id="spm: dead"),
        pytest.param("banyuwangi_cerdas", STUDENT, {"decile": 5}, "eligible", id="scholarship: student of 17"),
        pytest.param("banyuwangi_cerdas", STUDENT | {"age": 25}, {"decile": 5}, "eligible", id="scholarship: student of 25"),
        pytest.param("banyuwangi_cerdas", STUDENT | {"age": 26}, {"decile": 5}, None, id="scholarship: too old"),
        pytest.param("banyuwangi_cerdas", STUDENT, {"decile": 6}, None, id="scholarship: not poor"),
        pytest.param("banyuwangi_cerdas", adult(age=20), {"decile": 1}, "ineligible", id="scholarship: primary school only"),
        pytest.param("garda_ampuh", DROPOUT, {"decile": 9}, "eligible", id="dropout of any decile"),
        pytest.param("garda_ampuh", DROPOUT | {"age": 22}, {"decile": 1}, None, id="dropout of 22"),
        pytest.param("garda_ampuh", DROPOUT | {"education": "SLTA/SEDERAJAT"}, {"decile": 1}, "ineligible", id="schooling done"),
        pytest.param("garda_ampuh", PUPIL, {"decile": 4}, "eligible", id="pupil at risk: the head has primary school"),
        pytest.param("garda_ampuh", PUPIL, {"decile": 5}, None, id="pupil of decile 5"),
        pytest.param("siswa_asuh_sebaya", PUPIL, {"decile": 4}, "eligible", id="sas: poor pupil of SD"),
        pytest.param("siswa_asuh_sebaya", PUPIL | {"school_level": "13"}, {"decile": 4}, "ineligible", id="sas: pupil of SMA"),
        pytest.param("siswa_asuh_sebaya", PUPIL, {"decile": 5}, None, id="sas: not poor"),
        pytest.param("pip", PUPIL | {"age": 21, "school_level": "13"}, {"decile": 4}, "eligible", id="pip: 21, decile 4"),
        pytest.param("pip", PUPIL | {"age": 22, "school_level": "13"}, {"decile": 4}, "ineligible", id="pip: 22"),
        pytest.param("pip", PUPIL | {"severe_disability": True}, {"decile": 9}, "eligible", id="pip: disabled pupil"),
        pytest.param("pip", PUPIL, {"decile": 5}, None, id="pip: decile 5"),
        pytest.param("pkh_plus", adult(age=70), {"decile": 4}, "eligible", id="pkh plus: 70, decile 4"),
        pytest.param("pkh_plus", adult(age=69), {"decile": 4}, None, id="pkh plus: 69"),
        pytest.param(
            "pkh_plus", adult(age=70) | {"register_status": "unregistered"}, {"decile": 4}, "ineligible", id="pkh plus: no register"
        ),
        pytest.param("aspd", adult(age=60, severe_disability=True), {"decile": 9}, "eligible", id="aspd: 60"),
        pytest.param("aspd", adult(age=61, severe_disability=True), {"decile": 1}, "ineligible", id="aspd: 61"),
        pytest.param("aspd", adult(severe_disability=None), {"decile": 1}, None, id="aspd: disability unknown"),
    ],
)
def test_programmes_for_persons(
    village: Village, programme: str, member: dict[str, Any], family: dict[str, Any], status: str | None
) -> None:
    """`None`: the programme is not for them, so there is no row."""
    village.family("F1", adult(), member, **family)
    decisions = village.decisions
    found = decisions[(decisions["programme_id"] == programme) & (decisions["person_id"] == "F1.1")]
    assert found["status"].tolist() == ([status] if status else [])


@pytest.mark.parametrize(
    ("house", "family", "status"),
    [
        pytest.param(NO_LATRINE, {"decile": 4}, "eligible", id="shared latrine"),
        pytest.param(GOOD_HOUSE | {"latrine": "1", "closet": "3", "disposal": "1"}, {"decile": 4}, "eligible", id="pit without seal"),
        pytest.param(GOOD_HOUSE | {"latrine": "1", "closet": "1", "disposal": "1"}, {"decile": 4}, "ineligible", id="healthy latrine"),
        pytest.param(NO_LATRINE, {"decile": 5}, None, id="not poor"),
    ],
)
def test_healthy_latrine(village: Village, house: dict[str, Any], family: dict[str, Any], status: str | None) -> None:
    village.family("F1", adult(), house=house, **family)
    decisions = village.decisions
    found = decisions[decisions["programme_id"] == "healthy_latrine"]
    assert found["status"].tolist() == ([status] if status else [])


@pytest.mark.parametrize(
    ("family", "status"),
    [({"decile": 1}, "eligible"), ({"decile": 2}, None), ({"decile": None, "poverty_status": "extreme_poor"}, "eligible")],
    ids=["decile 1", "decile 2", "extreme poor by the village"],
)
def test_asn_berbagi(village: Village, family: dict[str, Any], status: str | None) -> None:
    village.family("F1", adult(), **family)
    found = village.decisions[village.decisions["programme_id"] == "asn_berbagi"]
    assert found["status"].tolist() == ([status] if status else [])


def test_who_receives_what_no_rule_is_written_for_is_on_record(village: Village) -> None:
    """Prevents a programme that comes as a list alone from missing in a family's flags and in the report of changes."""
    village.family("F1", adult(), adult(), decile=9)
    village.aid("blt_dd", "F1.0")
    village.aid("pena", "F1.1", unit="person")
    village.aid("pena", "F1.0", unit="person", period="2020-01/2020-03")
    decisions = village.decisions.set_index("programme_id")
    assert decisions.loc["blt_dd", ["unit", "family_id", "status"]].tolist() == ["family", "F1", "receiving"]
    assert decisions.loc["pena", ["unit", "person_id", "status"]].tolist() == ["person", "F1.1", "receiving"], "the other one's has ended"
    assert decisions.loc[["blt_dd", "pena"], ["reasons", "rule_version", "qualifies"]].isna().all().all()
    assert not village.gaps["programme_id"].isin(["blt_dd", "pena"]).any()


def test_the_new_overlaps(village: Village) -> None:
    village.family("F1", adult(), PUPIL, decile=3)
    village.aid("pbi_jkn", "F1.0", unit="person")
    village.aid("garda_ampuh", "F1.1", unit="person")
    assert village.status("spm", "F1.0") == "blocked_by_overlap"
    assert village.status("spm", "F1.1") == "eligible", "insurance is a matter of each person"
    assert village.status("siswa_asuh_sebaya", "F1.1") == "blocked_by_overlap"
    assert village.status("garda_ampuh", "F1.1") == "receiving"
