"""A NIK that breaks the national structure would teach the linkage engine rules that the real register does not follow."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from simulation.identity_numbers import counted_numbers, date_digits, registration_area
from simulation.residents import birth_years
from simulation.strangers import numbers_after
from tests.simulation.conftest import Million, Simulated


def test_women_have_forty_added_to_the_day() -> None:
    day = np.array([np.datetime64("1987-03-05").astype(np.int64)] * 2)
    assert date_digits(day, np.array([False, True])).tolist() == [50387, 450387]


def test_numbers_are_unique_and_have_sixteen_digits(million: Million) -> None:
    nik = million.residents.nik
    assert len(np.unique(nik)) == len(nik)
    assert nik.min() >= 10**15
    assert nik.max() < 10**16
    assert len(np.unique(million.residents.kk_number)) == million.residents.families


def test_serials_count_up_from_one_per_area_and_date(million: Million) -> None:
    stems = pd.Series(million.residents.nik // 10_000)
    serials = pd.Series(million.residents.nik % 10_000)
    by_stem = serials.groupby(stems.to_numpy())
    assert (by_stem.min() == 1).all()
    assert (by_stem.max() == by_stem.size()).all()


def test_date_and_sex_stand_in_the_number(million: Million) -> None:
    residents = million.residents
    assert (residents.nik // 10_000 % 1_000_000 == date_digits(residents.birth, residents.is_female)).all()


def test_eight_per_cent_were_first_registered_elsewhere(million: Million) -> None:
    residents = million.residents
    assert residents.registered_elsewhere.mean() == pytest.approx(0.08, abs=0.002)
    outside = residents.nik // 10**12 != 3510
    assert outside[~residents.registered_elsewhere].sum() == 0
    assert outside[residents.registered_elsewhere].mean() == pytest.approx(0.55, abs=0.02)


def test_old_people_of_young_kecamatan_carry_the_parent_code(million: Million) -> None:
    residents, places = million.residents, million.places
    kecamatan = places.villages["kecamatan_code"].to_numpy()[places.house_village[residents.family_house[residents.family]]]
    at_home = (kecamatan == "35.10.25") & ~residents.registered_elsewhere
    area = residents.nik // 10**10
    old = birth_years(residents.birth) < 2016
    assert set(area[at_home & old].tolist()) == {351013}
    assert set(area[at_home & ~old].tolist()) == {351025}


def test_registration_elsewhere_is_never_the_own_kecamatan() -> None:
    own = np.full(5_000, 351007)
    area, elsewhere = registration_area(np.random.default_rng(1), own, np.full(5_000, 1990))
    assert (area[elsewhere] != 351007).all()
    assert (area[~elsewhere] == 351007).all()


def test_too_many_people_on_one_date_is_an_error_and_not_a_five_digit_serial() -> None:
    many = np.full(10_000, 1)
    with pytest.raises(ValueError, match=r"9,999"):
        counted_numbers(np.random.default_rng(1), many * 351001, many * 10190)


def test_numbers_of_strangers_follow_those_of_the_register() -> None:
    existing = np.array([3510010101900001, 3510010101900002])
    new = numbers_after(existing, np.array([351001, 351001, 351002]), np.array([10190, 10190, 10190]))
    assert new.tolist() == [3510010101900003, 3510010101900004, 3510020101900001]


def test_nobody_unregistered_has_a_number_of_the_register(simulated: Simulated) -> None:
    register = set(simulated.people["register_nik"].dropna())
    strangers = simulated.people[simulated.people["cluster_id"].notna()]
    assert strangers["register_nik"].isna().all()
    assert len(register) == simulated.summary.register_rows
