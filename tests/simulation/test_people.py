"""Families, ages and houses that could not exist would hide mistakes of the linkage by family and of the eligibility rules."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.family_structure import Relation, draw_members
from simulation.places import known_villages
from simulation.residents import ALIVE, DEAD, MOVED, birth_years, days_of
from tests.simulation.conftest import AS_OF, VILLAGES, Million, Simulated


def test_exactly_the_wanted_people_are_alive(million: Million) -> None:
    assert (million.residents.status == ALIVE).sum() == 1_000_000


def test_the_dead_and_moved_are_few_and_the_dead_are_old(million: Million) -> None:
    residents = million.residents
    assert (residents.status != ALIVE).mean() == pytest.approx(0.012, abs=0.001)
    assert np.median(residents.age[residents.status == DEAD]) > 55
    assert np.median(residents.age[residents.status == MOVED]) < 45


def test_each_family_has_one_head_who_comes_first(million: Million) -> None:
    residents = million.residents
    heads = np.bincount(residents.family[residents.relation == Relation.HEAD], minlength=residents.families)
    assert (heads == 1).all()
    assert (residents.relation[residents.family_start] == Relation.HEAD).all()
    assert 2.7 < len(residents) / residents.families < 3.3


def test_parents_are_older_than_their_children(million: Million) -> None:
    residents = million.residents
    for parent, of_women in ((residents.mother, True), (residents.father, False)):
        child = np.flatnonzero(parent >= 0)
        gap = (residents.birth[child] - residents.birth[parent[child]]) / 365.25
        assert gap.min() > 13
        assert (residents.is_female[parent[child]] == of_women).all()
        assert (residents.family[child] == residents.family[parent[child]]).all()


def test_a_child_bears_the_name_of_its_mother_on_the_card(million: Million) -> None:
    residents = million.residents
    child = np.flatnonzero(residents.mother >= 0)
    assert (residents.mother_name[child] == residents.name[residents.mother[child]]).all()


def test_siblings_in_other_families_share_their_mother(million: Million) -> None:
    residents = million.residents
    adults = (residents.mother < 0) & (residents.relation <= Relation.WIFE)
    mothers = pd.Series([tuple(row) for row in residents.mother_name[adults][:200_000].tolist()])
    assert mothers.duplicated(keep=False).mean() > 0.4


def test_twins_exist_and_share_day_mother_and_often_part_of_the_name(million: Million) -> None:
    residents = million.residents
    second = np.flatnonzero(residents.is_twin)
    assert 0.0015 < 2 * len(second) / len(residents) < 0.02
    assert (residents.birth[second] == residents.birth[second - 1]).all()
    assert (residents.mother_name[second] == residents.mother_name[second - 1]).all()
    ours, theirs = residents.name[second], residents.name[second - 1]
    alike = ((ours[:, :, None] == theirs[:, None, :]) & (ours[:, :, None] >= 0)).any(axis=(1, 2))
    assert alike.mean() > 0.3


def test_birth_dates_of_the_old_heap(million: Million) -> None:
    birth = million.residents.birth.astype("datetime64[D]")
    month_day = pd.Series(birth).dt.strftime("%m-%d").to_numpy()
    year = birth_years(million.residents.birth)
    heaped = np.isin(month_day, ("01-01", "07-01", "12-31"))
    assert heaped[year < 1965].mean() > 0.2
    assert heaped[year >= 1985].mean() < 0.03
    assert birth.max() <= np.datetime64(AS_OF)


def test_stale_cards_and_former_houses_exist(million: Million) -> None:
    residents = million.residents
    assert (residents.former_kk_number != residents.kk_number).mean() > 0.99
    assert (residents.former_house != residents.family_house).mean() == pytest.approx(0.16, abs=0.01)
    shared = np.isin(residents.former_kk_number, residents.kk_number).mean()
    assert 0.3 < shared < 0.4, "a third of the old numbers is still in use by the family that was left"


def test_every_village_is_inhabited_and_large_kecamatan_are_large(million: Million) -> None:
    places, residents = million.places, million.residents
    village = places.house_village[residents.family_house[residents.family]]
    people = np.bincount(village, minlength=len(places.villages))
    assert len(people) == 217
    assert people.min() > 500
    by_kecamatan = pd.Series(people).groupby(places.villages["kecamatan_code"].to_numpy()).sum()
    assert by_kecamatan["35.10.05"] > 3 * by_kecamatan["35.10.24"]


def test_houses_stand_nearest_to_the_middle_of_their_own_village(million: Million) -> None:
    places = million.places
    latitude, longitude = (places.villages[name].to_numpy() for name in ("latitude", "longitude"))
    sample = np.arange(0, len(places.house_rt), 997)
    north = places.house_latitude[sample, None] - latitude
    east = (places.house_longitude[sample, None] - longitude) * np.cos(np.radians(8.3))
    assert (np.hypot(north, east).argmin(axis=1) == places.house_village[sample]).mean() > 0.99


def test_rts_are_of_real_size_and_lie_in_one_hamlet(million: Million) -> None:
    places = million.places
    houses = np.bincount(places.house_rt)
    assert houses.min() >= 20
    assert houses.max() <= 46
    frame = pd.DataFrame({"village": places.rt_village, "rw": places.rt_rw, "rt": places.rt_number, "hamlet": places.rt_hamlet})
    assert not frame.duplicated(["village", "rw", "rt"]).any()
    hamlet = frame.groupby(["village", "rw"])["hamlet"]
    assert (hamlet.min() == hamlet.max()).all()


def test_given_villages_get_about_equal_shares(simulated: Simulated) -> None:
    families = simulated.families.groupby("area_code")["size"].sum()
    assert tuple(families.index) == VILLAGES
    assert families.max() / families.min() < 1.1


def test_an_unknown_village_is_named() -> None:
    with pytest.raises(ValueError, match=r"35\.10\.99\.2001"):
        known_villages(["35.10.99.2001", VILLAGES[0]])


@pytest.mark.parametrize("people", [60, 1_001])
def test_any_number_of_people_can_be_drawn(people: int) -> None:
    members = draw_members(np.random.default_rng(1), people, days_of(AS_OF))
    assert len(members.family) == people
    assert members.families == members.family.max() + 1
