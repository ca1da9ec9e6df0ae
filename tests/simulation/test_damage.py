"""Rates of mistakes that drift from the profile make every measured precision and recall a figure about another file."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from simulation import BENCHMARK, LARGE_LIST, PROFILES, SMALL_LIST, BenchmarkTruth, DamageProfile, benchmark_profile
from simulation.damage_names import KINDS
from simulation.damage_numbers import mistyped_digits
from simulation.mentions import LABELS, bit, label_lists
from tests.simulation.conftest import Simulated


def rates(damage: pd.Series) -> pd.Series:
    """Share of rows that carry each label."""
    return damage.explode().value_counts() / len(damage)


def band(rate: float, rows: int) -> float:
    """Four standard errors, and a thousandth for rounding."""
    return 4 * np.sqrt(rate * (1 - rate) / rows) + 0.001


FIELD_LABELS = (
    "nik_missing",
    "nik_typo",
    "nik_zeroed",
    "nik_other",
    "kk_stale",
    "birth_missing",
    "birth_swapped",
    "birth_first_of_year",
    "birth_year_off",
    "former_address",
    "unregistered",
)


@pytest.mark.parametrize("label", FIELD_LABELS)
def test_benchmark_damage_is_at_the_rate_of_its_profile(benchmark: BenchmarkTruth, label: str) -> None:
    rate = getattr(BENCHMARK, label)
    seen = rates(benchmark.truth["damage"]).get(label, 0.0)
    # Numbers ending in 0 and strangers can't carry some mistakes, which costs up to a tenth of the rate.
    assert seen == pytest.approx(rate, abs=band(rate, len(benchmark.truth)) + 0.1 * rate)


def test_names_carry_one_mistake_at_the_profiles_rate(benchmark: BenchmarkTruth) -> None:
    damaged = benchmark.truth["damage"].map(lambda labels: len(set(labels) & set(KINDS)))
    assert damaged.max() == 1
    assert damaged.mean() == pytest.approx(0.45, abs=0.015)
    seen = rates(benchmark.truth["damage"])
    assert all(seen[kind] > 0.01 for kind in KINDS)


@pytest.mark.parametrize("source", PROFILES)
def test_office_files_have_the_damage_of_their_profile(simulated: Simulated, crowd: Simulated, source: str) -> None:
    office, _, mention = source.partition("/")
    corner, profile = (simulated if office in {"dinsos_dtsen", "dinsos_pkh", "village_survey"} else crowd), PROFILES[source]
    of_office = corner.links[corner.links["source"] == office]
    main_mention = {"call_112": "reported", "asn_berbagi": "adopted"}.get(office, "person")
    damage = of_office.loc[of_office["mention"] == (mention or main_mention), "damage"]
    seen = rates(damage)
    # What is settled by a whole number of rows, and rows that come in families, leave small lists little room for chance.
    rounding = 1.5 / len(damage)
    for label in FIELD_LABELS:
        rate = getattr(profile, label)
        # Stale cards and former houses go by whole families, so that fewer independent draws stand behind them.
        assert seen.get(label, 0.0) == pytest.approx(rate, abs=2 * band(rate, len(damage)) + 0.12 * rate + rounding), label
    called = seen.get("nickname", 0.0) + seen.get("teknonym", 0.0)
    assert called == pytest.approx(profile.nickname, abs=2 * band(profile.nickname, len(damage)))
    gone = seen.get("dead", 0.0) + seen.get("moved_away", 0.0)
    # People are reported by those who live with them: callers and civil servants are alive.
    assert gone == pytest.approx(profile.gone, abs=0.002 + 4 * rounding)
    assert seen.get("twice", 0.0) == pytest.approx(profile.twice, abs=0.006 + 4 * rounding)


def test_the_health_office_alone_writes_scientific_notation(crowd: Simulated) -> None:
    scientific = crowd.links["damage"].map(lambda labels: "nik_scientific" in labels)
    assert set(crowd.links.loc[scientific, "source"]) == {"dinkes_pbi"}
    assert scientific.sum() == pytest.approx(0.04 * crowd.summary.records["dinkes_pbi"], rel=0.25)


def test_twice_the_damage_is_twice_the_damage_and_half_is_half() -> None:
    double, half = LARGE_LIST.scaled(2), LARGE_LIST.scaled(0.5)
    for field in fields(DamageProfile):
        assert getattr(double, field.name) == pytest.approx(2 * getattr(LARGE_LIST, field.name))
        assert getattr(half, field.name) == pytest.approx(getattr(LARGE_LIST, field.name) / 2)


def test_scaling_never_asks_for_more_than_all_rows() -> None:
    extreme = SMALL_LIST.scaled(5)
    assert extreme.nik_missing + extreme.nik_typo + extreme.nik_zeroed + extreme.nik_other + extreme.nik_scientific <= 0.951
    assert extreme.mother_missing <= 0.95


@pytest.mark.parametrize("wrong", [{"nik_missing": 1.2}, {"twice": -0.1}, {"kk_missing": 0.8, "kk_other": 0.4}], ids=str)
def test_impossible_profiles_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="share"):
        DamageProfile(**wrong)


def test_scaled_profiles_reach_the_records() -> None:
    for factor in (0.5, 2.0):
        records, _, truth = benchmark_profile(20_000, 8_000, seed=2, profile=BENCHMARK.scaled(factor))
        assert records["birth_date"].isna().mean() == pytest.approx(0.15 * factor, abs=0.02)
        assert rates(truth["damage"])["former_address"] == pytest.approx(0.04 * factor, abs=0.012)


def test_a_clean_profile_changes_nothing() -> None:
    records, register, truth = benchmark_profile(5_000, 2_000, seed=2, profile=DamageProfile())
    original = register.iloc[truth["register_row"]].reset_index(drop=True)
    pd.testing.assert_frame_equal(records, original)


def test_undamaged_fields_equal_the_register(benchmark: BenchmarkTruth) -> None:
    records, register, truth = benchmark
    linked = truth["register_row"] >= 0
    original = register.iloc[truth.loc[linked, "register_row"]].reset_index(drop=True)
    records, labels = records[linked].reset_index(drop=True), truth.loc[linked, "damage"].reset_index(drop=True)
    for column, prefix in (("nik", "nik_"), ("kk_number", "kk_"), ("birth_date", "birth_"), ("name", "name_"), ("hamlet", "former_")):
        clean = ~labels.map(lambda of_row, prefix=prefix: any(label.startswith(prefix) for label in of_row))
        assert clean.sum() > 5_000
        assert (records.loc[clean, column] == original.loc[clean, column]).all(), column
        damaged = ~clean & records[column].notna()
        if column != "hamlet":
            assert (records.loc[damaged, column] != original.loc[damaged, column]).mean() > 0.97, column


def test_a_number_of_somebody_else_belongs_mostly_to_a_relative(benchmark: BenchmarkTruth) -> None:
    records, register, truth = benchmark
    rows = truth["damage"].map(lambda labels: "nik_other" in labels) & (truth["register_row"] >= 0)
    holder = register.set_index("nik")["kk_number"].reindex(records.loc[rows, "nik"])
    own = register["kk_number"].iloc[truth.loc[rows, "register_row"]]
    same_family = (holder.fillna("none").to_numpy() == own.to_numpy()).mean()
    assert 0.55 < same_family < 0.85


def test_a_stale_card_is_stale_for_the_whole_family(simulated: Simulated) -> None:
    listed = simulated.links[(simulated.links["source"] == "dinsos_dtsen") & simulated.links["register_nik"].notna()]
    family = (
        simulated.people.dropna(subset="register_nik").set_index("register_nik")["family_id"].reindex(listed["register_nik"]).to_numpy()
    )
    stale = listed["damage"].map(lambda labels: "kk_stale" in labels)
    assert (stale.groupby(family).min() == stale.groupby(family).max()).all()


def test_unregistered_people_have_neither_mother_nor_card_in_the_benchmark(benchmark: BenchmarkTruth) -> None:
    rows = benchmark.truth["register_nik"].isna()
    strangers = benchmark.records[rows]
    assert rows.mean() == pytest.approx(0.04, abs=0.0005)
    assert strangers["mother_name"].isna().all()
    assert strangers["kk_number"].isna().all()
    assert strangers["nik"].isna().mean() == pytest.approx(0.67, abs=0.06)
    assert benchmark.truth.loc[rows, "cluster_id"].is_unique
    assert not strangers["nik"].dropna().isin(benchmark.register["nik"]).mean() > 0.1


def test_nobody_stands_twice_in_the_benchmark(benchmark: BenchmarkTruth) -> None:
    assert benchmark.truth["register_nik"].dropna().is_unique


def test_more_records_than_people_are_refused() -> None:
    with pytest.raises(ValueError, match="different residents"):
        benchmark_profile(100, 200, seed=1)


def test_the_damage_that_no_engine_was_told_of_is_off_until_asked_for(benchmark: BenchmarkTruth) -> None:
    assert "name_misheard" not in rates(benchmark.truth["damage"])
    _, _, truth = benchmark_profile(3_000, 1_000, seed=2, profile=replace(BENCHMARK, name_misheard=0.2))
    assert rates(truth["damage"])["name_misheard"] == pytest.approx(0.2, abs=0.05)


def test_mistyped_numbers_are_one_slip_away_and_never_right() -> None:
    numbers = np.random.default_rng(1).integers(10**15, 10**16, 4_000)
    written = mistyped_digits(np.random.default_rng(2), numbers)
    lengths = pd.Series(written).str.len().value_counts(normalize=True)
    assert set(lengths.index) == {15, 16, 17}
    assert lengths[16] > 0.7
    assert not (written == numbers.astype(str)).any()


def test_labels_survive_the_bit_set() -> None:
    sets = np.array([0, bit("nik_missing") | bit("unregistered"), bit("twice")])
    assert label_lists(sets) == [[], ["nik_missing", "unregistered"], ["twice"]]
    assert len(set(LABELS)) == len(LABELS) < 63
