"""Figures that can't be reproduced can't be compared: the same seed must write the same bytes, on another day and in another folder."""

from __future__ import annotations

import hashlib
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from simulation import benchmark_profile, simulate
from simulation.office_profiles import SHARES, rows_by_office
from tests.simulation.conftest import VILLAGES


def digests(directory: Path) -> dict[str, str]:
    return {
        str(path.relative_to(directory)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(directory.rglob("*"))
        if path.is_file()
    }


@pytest.mark.parametrize("file_format", ["xlsx", "csv"])
def test_the_same_seed_writes_the_same_bytes(tmp_path: Path, file_format: str) -> None:
    for name in ("first", "second"):
        simulate(
            tmp_path / name,
            people=1_000,
            records=500,
            villages=VILLAGES[:2],
            seed=9,
            file_format=file_format,  # type: ignore[arg-type]
            population_book=VILLAGES[:1],
        )
    first, second = digests(tmp_path / "first"), digests(tmp_path / "second")
    assert {path.split("/")[1] for path in first if path.startswith("inbox/")} == {*SHARES, "dukcapil_population"}
    assert first == second


def test_another_seed_writes_other_people(tmp_path: Path) -> None:
    for seed in (1, 2):
        simulate(tmp_path / str(seed), people=1_500, records=600, seed=seed, file_format="csv")
    names = [set(pd.read_parquet(tmp_path / str(seed) / "truth" / "people.parquet")["name"]) for seed in (1, 2)]
    assert len(names[0] & names[1]) < 0.3 * len(names[0])


def test_the_benchmark_is_the_same_each_time() -> None:
    first, second = (benchmark_profile(3_000, 1_000, seed=4) for _ in range(2))
    for one, other in zip(first, second, strict=True):
        pd.testing.assert_frame_equal(one, other)


def test_the_day_of_the_run_is_given_and_never_read_from_the_clock(tmp_path: Path) -> None:
    simulate(tmp_path, people=600, records=100, seed=1, as_of=date(2019, 3, 1), file_format="csv")
    births = pd.to_datetime(pd.read_parquet(tmp_path / "truth" / "people.parquet")["birth_date"])
    assert births.max() <= pd.Timestamp(2019, 3, 1)
    assert births.max() > pd.Timestamp(2018, 1, 1)
    assert (tmp_path / "inbox" / "dinsos_dtsen" / "2019-02-13" / "dtsen_2019_q1.csv").is_file()


def test_an_inbox_is_never_overwritten(tmp_path: Path) -> None:
    (tmp_path / "inbox").mkdir()
    with pytest.raises(FileExistsError, match="empty directory"):
        simulate(tmp_path, people=600, records=100, seed=1)


@pytest.mark.parametrize(("people", "records", "message"), [(10, 30, "too few"), (600, 500, "too many")])
def test_sizes_that_make_no_regency_are_refused(tmp_path: Path, people: int, records: int, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        simulate(tmp_path, people=people, records=records, seed=1)


def test_a_third_of_the_people_stands_in_the_lists_by_default(tmp_path: Path) -> None:
    assert simulate(tmp_path, people=900, seed=1, file_format="csv").office_rows == 300


@pytest.mark.parametrize("records", [20, 99, 2_500, 600_000])
def test_rows_of_all_offices_sum_up(records: int) -> None:
    assert sum(SHARES.values()) == pytest.approx(1)
    for has_desa in (True, False):
        rows = rows_by_office(records, has_desa=has_desa)
        assert sum(rows.values()) == records
        assert min(rows.values()) >= 0
    assert rows["dpmd_kanggo_riko"] == 0


def test_a_town_without_desa_has_no_kanggo_riko(tmp_path: Path) -> None:
    summary = simulate(tmp_path, people=1_500, records=500, villages=["35.10.16.1007"], seed=2, file_format="csv")
    assert summary.office_rows == 500
    assert not (tmp_path / "inbox" / "dpmd_kanggo_riko").exists()
