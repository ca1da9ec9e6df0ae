"""A family's head, size and poverty status decide about its aid."""

from __future__ import annotations

import pandas as pd
import pytest
from families_regency import AS_OF as DAY
from families_regency import TRUST, Regency, only

from families import attach_houses, attach_local_score, build_attribute_sources, build_house_sources


def family(regency: Regency) -> pd.Series:
    families = regency.families()
    assert len(families) == 1
    return families.iloc[0]


def head_nik(regency: Regency) -> str:
    persons = regency.persons()
    return str(only(persons, "person_id", str(family(regency)["head_person_id"]))["nik"])


@pytest.mark.parametrize(
    ("members", "head"),
    [
        pytest.param({"N1": {"relation": "ANAK"}, "N2": {"relation": "KEPALA KELUARGA"}}, "N2", id="the stated head"),
        pytest.param(
            {"N1": {"relation": "KEPALA KELUARGA", "resident_status": "MATI"}, "N2": {"relation": "ANAK"}, "N3": {"relation": "ISTRI"}},
            "N3",
            id="the head has died: the spouse",
        ),
        pytest.param(
            {
                "N1": {"relation": "KEPALA KELUARGA", "resident_status": "PINDAH"},
                "N2": {"birth_date": "2000-01-01"},
                "N3": {"birth_date": "1990-01-01"},
            },
            "N3",
            id="the head has moved, no spouse: the oldest",
        ),
        pytest.param({"N1": {"birth_date": None}, "N2": {"birth_date": "2010-01-01"}}, "N2", id="unknown age after known"),
    ],
)
def test_head(regency: Regency, members: dict[str, dict[str, str]], head: str) -> None:
    for nik, facts in members.items():
        regency.resident(nik, **facts)
    regency.record("N1")
    assert head_nik(regency) == head


def test_size_counts_who_is_alive_and_here(regency: Regency) -> None:
    for nik, status in (("N1", "HIDUP"), ("N2", "MATI"), ("N3", "PINDAH"), ("N4", "HIDUP")):
        regency.resident(nik, resident_status=status)
    regency.record("N1")
    assert family(regency)["size"] == 2


def test_address_is_the_registers_even_when_a_list_states_another(regency: Regency) -> None:
    regency.resident("N1", area_code="35.10.01.2001", rt="001", relation="KEPALA KELUARGA")
    regency.record("N1", area_code="35.10.09.2009", rt="009")
    assert (family(regency)["area_code"], family(regency)["rt"]) == ("35.10.01.2001", "001")


@pytest.mark.parametrize(
    ("decile", "status"),
    [
        (1, "extreme_poor"),
        (2, "poor"),
        (3, "near_poor"),
        (4, "near_poor"),
        (5, "not_poor"),
        (10, "not_poor"),
        (0, "unknown"),
        (11, "unknown"),
    ],
    ids=str,
)
def test_status_by_decile(regency: Regency, decile: int, status: str) -> None:
    regency.resident("N1")
    regency.record("N1", decile=decile)
    found = family(regency)
    assert found["poverty_status"] == status
    assert found["is_poor"] == (status in {"extreme_poor", "poor", "near_poor"})


def test_decile_speaks_before_the_survey_and_the_survey_before_nobody(regency: Regency) -> None:
    regency.resident("N1", "K1")
    regency.resident("N2", "K2")
    regency.resident("N3", "K3")
    regency.record("N1", decile=7)
    regency.record("N1", "village_survey", "2026-09-30", poverty_kind="extreme_poor")
    regency.record("N2", "village_survey", poverty_kind="near_poor")
    regency.record("N3", "dinsos_pkh")
    families = regency.families().set_index("kk_number")
    assert families["poverty_status"].to_dict() == {"K1": "not_poor", "K2": "near_poor", "K3": "unknown"}
    assert families["poverty_source"].fillna("-").to_dict() == {"K1": "dinsos_dtsen", "K2": "village_survey", "K3": "-"}


def test_the_newest_decile_counts_and_within_a_list_that_of_most_members(regency: Regency) -> None:
    for nik in ("N1", "N2", "N3"):
        regency.resident(nik)
    regency.record("N1", on="2026-06-15", decile=1)
    regency.record("N1", on="2026-09-15", decile=5)  # has just moved in and brings the decile of the family before
    regency.record("N2", on="2026-09-15", decile=3)
    regency.record("N3", on="2026-09-15", decile=3)
    assert family(regency)["decile"] == 3


def test_houses_and_local_score_are_attached_without_touching_the_rest(regency: Regency) -> None:
    regency.resident("N1", "K1", area_code=None)
    regency.resident("N2", "K2")
    regency.record("N1")
    regency.record("N2", decile=8)
    families = regency.families()
    one, two = families["family_id"]
    occupancy = pd.DataFrame({"family_id": [two, one], "house_id": ["H2", "H1"], "area_code": ["35.10.03.2003", "35.10.04.2004"]})
    housed = attach_houses(families, occupancy)
    assert housed["house_id"].tolist() == ["H1", "H2"]
    assert housed["area_code"].tolist() == ["35.10.04.2004", "35.10.01.2001"], "only a blank village is filled"
    facts = pd.DataFrame(
        {"family_id": [two, one], "poverty_status": ["not_poor", "poor"], "poverty_source": ["dinsos_dtsen", "local_score"]}
    )
    scored = attach_local_score(housed, facts.astype("string[pyarrow]"))
    assert scored["is_poor"].tolist() == [True, False]
    assert scored["poverty_source"].tolist() == ["local_score", "dinsos_dtsen"]


def sources_of(regency: Regency, families: pd.DataFrame, house_sources: pd.DataFrame | None = None) -> pd.DataFrame:
    layout = {"decile": "Q", "poverty_kind": "M", "floor": "T", "position": "I", "latitude": "K"}
    layouts = pd.DataFrame(
        [
            {"delivery_id": record["delivery_id"], "file": "file.xlsx", "sheet": "S", "table": 1, "column": column, "letter": letter}
            for record in regency.records
            for column, letter in layout.items()
            if column != "position" or record["source"] == "village_survey"
        ]
    ).drop_duplicates()
    about = regency.record_persons(regency.persons())
    return build_attribute_sources(families, regency.records_frame, about, layouts=layouts, house_sources=house_sources)


def test_used_and_losing_values_lead_to_their_cells(regency: Regency) -> None:
    regency.resident("N1")
    regency.resident("N2")
    regency.record("N1", on="2026-06-15", decile=1)
    regency.record("N1", decile=2)
    regency.record("N2", decile=2)
    regency.record("N1", "village_survey", poverty_kind="not_poor")
    found = sources_of(regency, regency.families())
    values = found[["attribute", "value", "source", "cell", "used"]].apply(tuple, axis=1).tolist()
    assert sorted(values) == [
        ("decile", "1", "dinsos_dtsen", "Q1", False),
        ("decile", "2", "dinsos_dtsen", "Q2", True),
        ("poverty_status", "extreme_poor", "dinsos_dtsen", "Q1", False),
        ("poverty_status", "not_poor", "village_survey", "M4", False),
        ("poverty_status", "poor", "dinsos_dtsen", "Q2", True),
    ], "the second member repeats the decile of the same delivery: one row"
    assert set(found["entity"]) == {"family"}


def test_house_values_and_positions_lead_to_their_cells(regency: Regency) -> None:
    regency.resident("N1")
    regency.record("N1", decile=1, floor="1", on="2026-06-15")
    regency.record("N1", decile=1, floor="8")
    survey = regency.record("N1", "village_survey", latitude=-8.25, longitude=114.5)
    regency.record("N1", "dinsos_pkh", "2026-01-01", latitude=-8.0, longitude=114.0)
    families = regency.families().assign(house_id="H1").astype({"house_id": "string[pyarrow]"})
    houses = pd.DataFrame({"house_id": ["H1"], "floor": ["8"], "position_source": [survey]}).astype("string[pyarrow]")
    about = regency.record_persons(regency.persons())
    house_sources = build_house_sources(houses, families, regency.records_frame, about, trust=TRUST, as_of=DAY)
    found = sources_of(regency, families, house_sources)
    house = found[found["entity"] == "house"]
    values = house[["entity_id", "attribute", "value", "cell", "used"]].apply(tuple, axis=1).tolist()
    assert values == [
        ("H1", "floor", "8", "T2", True),
        ("H1", "floor", "1", "T1", False),
        ("H1", "position", "-8.25, 114.5", "I3", True),
        ("H1", "position", "-8.0, 114.0", "K4", False),
    ]


def test_sources_of_a_family_that_only_the_local_score_calls_poor(regency: Regency) -> None:
    regency.resident("N1")
    regency.record("N1", "dinsos_pkh")
    families = regency.families().assign(poverty_status="poor", poverty_source="local_score", is_poor=True)
    found = sources_of(regency, families.astype({"poverty_status": "string[pyarrow]", "poverty_source": "string[pyarrow]"}))
    assert found[["attribute", "value", "source"]].apply(tuple, axis=1).tolist() == [("poverty_status", "poor", "local_score")]
    assert found["used"].all()
    assert found["cell"].isna().all()
