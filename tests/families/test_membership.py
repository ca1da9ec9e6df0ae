"""Storing the wrong people, or joining strangers to a family, would give them each other's aid."""

from __future__ import annotations

import pandas as pd
import pytest
from families_regency import Regency, only


def test_all_members_of_a_family_with_one_record_are_stored_and_nobody_else(regency: Regency) -> None:
    for nik in ("N1", "N2", "N3"):
        regency.resident(nik, "K1")
    regency.resident("N9", "K9")
    regency.record("N2")
    assert regency.persons()["nik"].tolist() == ["N1", "N2", "N3"]


def test_a_record_in_review_stores_nobody_and_is_about_nobody(regency: Regency) -> None:
    regency.resident("N1")
    regency.record("N1")
    regency.links[0] |= {"status": "review", "register_nik": "N1"}
    persons = regency.persons()
    assert persons.empty
    assert regency.record_persons(persons).empty


def test_a_link_to_nobody_is_an_error_not_a_lost_record(regency: Regency) -> None:
    regency.resident("N1")
    regency.record("N404")
    with pytest.raises(ValueError, match="1 links name a resident whom the population does not have"):
        regency.persons()


def test_a_resident_without_card_number_is_a_family_of_their_own(regency: Regency) -> None:
    for nik in ("N1", "N2"):
        regency.resident(nik, None)
        regency.record(nik)
    families = regency.families()
    assert len(families) == 2
    assert families["kk_number"].isna().all()
    assert families["kk_hash"].nunique() == 2


@pytest.mark.parametrize(
    ("stated", "joins"),
    [
        pytest.param({"area_code": "35.10.01.2001"}, True, id="same village"),
        pytest.param({"area_code": "35.10.02.2001"}, False, id="another village: the number is somebody else's"),
        pytest.param({"area_code": "35.10.02.2001", "mother_name": "siti  aminah"}, True, id="mother is a member"),
        pytest.param({"father_name": "SITI AMINAH"}, True, id="father is a member"),
        pytest.param({"mother_name": "SITI"}, False, id="a name that only resembles"),
        pytest.param({}, False, id="a number alone"),
    ],
)
def test_somebody_of_no_register_joins_the_family_of_their_card_only_if_something_agrees(
    regency: Regency, stated: dict[str, str], joins: bool
) -> None:
    regency.resident("N1", "K1", name="Siti Aminah", relation="KEPALA KELUARGA")
    regency.record("c1", name="BAYI", kk_number="K1", **stated)
    persons, families = regency.persons(), regency.families()
    newcomer = only(persons, "cluster_id", "c1")
    assert newcomer["register_status"] == "unregistered"
    assert pd.isna(newcomer["nik"])
    if joins:
        assert newcomer["kk_number"] == "K1"
        assert families["size"].tolist() == [2]
        assert families["register_status"].tolist() == ["registered"]
    else:
        assert len(persons) == 1, "a family of the register is not stored for a number that is not known to be its"
        assert pd.isna(newcomer["kk_number"]), "two families with one card number"
        assert families["register_status"].tolist() == ["unregistered"]


def test_people_of_no_register_who_state_one_card_are_one_family(regency: Regency) -> None:
    regency.record("c1", kk_number="K5", name="A", relation="KEPALA KELUARGA", area_code="35.10.01.2001", rt="001")
    regency.record("c2", kk_number="K5", name="B", relation="ISTRI")
    regency.record("c3", name="C")
    families = regency.families()
    assert families["size"].tolist() == [2, 1]
    assert families["kk_number"].tolist() == ["K5", pd.NA]
    assert families.loc[0, "area_code"] == "35.10.01.2001"
    assert families.loc[0, "head_person_id"] == only(regency.persons(), "cluster_id", "c1")["person_id"]


def test_every_record_that_is_about_somebody_finds_that_person(regency: Regency) -> None:
    regency.resident("N1", "K1")
    first, second = regency.record("N1"), regency.record("c1", name="A")
    persons = regency.persons()
    about = regency.record_persons(persons).set_index("record_id")["person_id"]
    assert about[first] == only(persons, "nik", "N1")["person_id"]
    assert about[second] == only(persons, "cluster_id", "c1")["person_id"]
