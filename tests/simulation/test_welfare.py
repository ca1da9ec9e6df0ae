"""Eligibility can only be judged on families whose need shows in what the offices ask about."""

from __future__ import annotations

import numpy as np
import pytest

from simulation.regency import build_regency
from simulation.village_survey import judge
from tests.simulation.conftest import AS_OF, Simulated


def test_shares_of_deciles_are_those_of_a_regency_a_bit_better_off_than_the_nation(simulated: Simulated) -> None:
    decile = simulated.families["decile"]
    assert 0.01 < (decile == 1).mean() < 0.08
    assert 0.25 < (decile <= 4).mean() < 0.35
    published = simulated.families["published_decile"]
    assert 0.2 < (published != decile).mean() < 0.8, "the published rank has errors, but is a rank"
    assert np.corrcoef(decile, published)[0, 1] > 0.85


def test_poor_families_live_in_poorer_houses(simulated: Simulated) -> None:
    frame = simulated.families.merge(simulated.houses, on="house_id", suffixes=("", "_house"))
    poor, rich = frame[frame["decile"] <= 2], frame[frame["decile"] >= 9]
    assert (poor["floor"].isin(["7", "8"])).mean() > 10 * max((rich["floor"].isin(["7", "8"])).mean(), 0.001)
    assert (poor["latrine"] != "1").mean() > 3 * (rich["latrine"] != "1").mean()
    assert poor["floor_area_m2"].median() < rich["floor_area_m2"].median()
    assert (poor["owns_car"]).mean() < (rich["owns_car"]).mean()


def test_answers_depend_on_one_another(simulated: Simulated) -> None:
    houses = simulated.houses
    assert houses.loc[houses["lighting"] != "1", "power"].isna().all()
    assert houses.loc[~houses["latrine"].isin(["1", "2"]), "closet"].isna().all()
    people = simulated.people[simulated.people["register_nik"].notna()]
    age = (np.datetime64(AS_OF) - people["birth_date"].to_numpy().astype("datetime64[D]")).astype(int) / 365.25
    assert not people.loc[age < 15, "works"].any()
    assert (people.loc[people["pregnant"], "sex"] == "P").all()
    assert (people.loc[(age > 7.5) & (age < 12.5), "school_participation"] == "2").mean() > 0.97
    assert (people.loc[age > 23.5, "school_participation"] != "2").all()


def test_pkh_mostly_goes_to_eligible_families_and_misses_some(simulated: Simulated) -> None:
    families = simulated.families
    receives, eligible = families["receives_pkh"], families["pkh_eligible"]
    assert 0.75 < (eligible & receives).sum() / receives.sum() < 0.97
    assert (eligible & ~receives).sum() > 0.1 * eligible.sum()
    assert (families.loc[eligible, "decile"] <= 4).all()
    components = families[[name for name in families if name.startswith("n_")]].sum(axis=1)
    assert (components[eligible] > 0).all()
    assert not (eligible & families["excluded_occupation"]).any()


def test_dtsen_lists_whole_families_and_prefers_the_poor(simulated: Simulated) -> None:
    listed = simulated.links[(simulated.links["source"] == "dinsos_dtsen") & simulated.links["register_nik"].notna()]
    labels = listed["damage"].map(set)
    chosen = listed[~labels.map(lambda damage: bool(damage & {"twice", "dead", "moved_away"}))]
    people = simulated.people.dropna(subset="register_nik").set_index("register_nik")
    family = people["family_id"].reindex(chosen["register_nik"])
    size = simulated.families.set_index("family_id")["size"]
    assert (family.value_counts() == size.reindex(family.unique()).reindex(family.value_counts().index)).all()
    decile = simulated.families.set_index("family_id")["published_decile"]
    share = decile.reindex(family.unique()).value_counts() / decile.value_counts()
    assert share[1] > 2 * share[6] > 0
    assert share[6] > share[10]


def test_the_survey_visits_families_that_seem_poor(simulated: Simulated) -> None:
    survey = simulated.links[(simulated.links["source"] == "village_survey") & simulated.links["register_nik"].notna()]
    family = simulated.people.dropna(subset="register_nik").set_index("register_nik")["family_id"].reindex(survey["register_nik"])
    decile = simulated.families.set_index("family_id")["decile"].reindex(family)
    assert decile.mean() < 4.5
    assert (decile >= 7).mean() > 0.02, "villages err"


def test_judgement_follows_welfare_loosely() -> None:
    score = np.random.default_rng(1).normal(size=20_000)
    judgement = judge(np.random.default_rng(2), score)
    assert 0.7 < np.corrcoef(score, judgement.perceived)[0, 1] < 0.95
    assert (judgement.kind == 0).mean() == pytest.approx(0.06, abs=0.01)


def test_parts_of_the_simulation_draw_from_streams_of_their_own() -> None:
    # More rows in the offices' lists must not change who lives in the regency.
    few, many = (build_regency(3_000, records, None, AS_OF, 4) for records in (200, 900))
    assert (few.residents.nik == many.residents.nik).all()
    assert (few.welfare.decile == many.welfare.decile).all()
    assert (few.housing.floor == many.housing.floor).all()
