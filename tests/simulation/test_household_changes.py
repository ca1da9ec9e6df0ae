"""Who lives elsewhere than on the card must be met there by the interview and unknown to the register, or moves would be graded on nothing."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from simulation import simulate
from tests.simulation.conftest import VILLAGES, Simulated

SIZE = {"people": 4_000, "records": 2_400, "villages": VILLAGES[:2], "file_format": "csv", "seed": 12}


@pytest.fixture(scope="module")
def changed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("changed")
    simulate(folder, **SIZE, household_changes=0.2)
    return folder


def interviews(folder: Path) -> pd.DataFrame:
    """The rows of DTSEN with who they really are."""
    [file] = (folder / "inbox" / "dinsos_dtsen").glob("*/*")
    rows = pd.read_csv(file, dtype=str)
    truth = pd.read_parquet(folder / "truth" / "links.parquet")
    truth = truth[truth["source"] == "dinsos_dtsen"].sort_values("row")
    damage = truth["damage"].map(set).array
    return rows.assign(
        true_nik=truth["register_nik"].array, clean_card=[not any(one.startswith("kk_") for one in found) for found in damage]
    )


def test_the_interview_meets_them_in_the_new_household(changed: Path) -> None:
    changes = pd.read_parquet(changed / "truth" / "changes.parquet")
    assert set(changes["kind"]) == {"joined", "split"}
    told = interviews(changed).merge(changes, left_on="true_nik", right_on="register_nik")
    met = told[told["keberadaan_anggota_keluarga"].isin(["1", "5"]) & told["clean_card"]]
    there = met["nomor_kartu_keluarga"] == met["kk_number"]
    joined, split = met[there & (met["kind"] == "joined")], met[there & (met["kind"] == "split")]
    assert len(joined) > 10
    assert (joined["keberadaan_anggota_keluarga"] == "5").all()
    heads = split["status_hubungan_keluarga"].eq("1").groupby(split["kk_number"]).sum()
    assert len(heads) > 5
    assert heads.max() == 1
    cards = pd.read_parquet(changed / "truth" / "families.parquet")["kk_number"]
    assert not set(split["kk_number"]) & set(cards), "the register does not know the new card"
    assert set(joined["kk_number"]) <= set(cards)


def test_the_register_is_older_than_the_interview_and_has_the_old_card(changed: Path) -> None:
    days = {source: next((changed / "inbox" / source).iterdir()).name for source in ("dukcapil_population", "dinsos_dtsen")}
    assert days["dukcapil_population"] < days["dinsos_dtsen"]
    people = pd.read_parquet(changed / "truth" / "people.parquet").set_index("register_nik")
    changes = pd.read_parquet(changed / "truth" / "changes.parquet")
    assert (people.loc[changes["register_nik"], "family_id"].array == changes["family_id"].array).all()


def test_without_changes_nobody_is_asked_who_is_there(simulated_csv: Simulated) -> None:
    """Prevents the data on which everything else was measured from becoming other data."""
    assert "keberadaan_anggota_keluarga" not in interviews(simulated_csv.directory).columns
    assert not (simulated_csv.directory / "truth" / "changes.parquet").exists()
