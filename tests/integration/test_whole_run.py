"""The main job on the sample inbox: published, repeatable, right, traceable, and silent about persons."""

import json
import re
import shutil
import sqlite3
from pathlib import Path

import openpyxl
import pandas as pd
import pyarrow.parquet as pq
import pytest
from integration_places import ROOT, SAMPLE, made_place
from leak_search import search_leaks

from assets.description import column_description
from pipelines.evaluation import evaluate_home


def value_of(output: str, title: str) -> str:
    found = re.search(rf"^{title}\s+(.+)$", output, re.MULTILINE)
    assert found, f"no line {title} in:\n{output}"
    return found[1]


def query(home: Path, sql: str, **parameters: object) -> pd.DataFrame:
    with sqlite3.connect(home / "padan.sqlite") as connection:
        return pd.read_sql_query(sql, connection, params=parameters)


def test_the_first_run_publishes_and_says_what_it_did(two_runs):
    assert two_runs.first.returncode == 0, two_runs.first.stdout + two_runs.first.stderr
    said = two_runs.first.stdout
    assert value_of(said, "Serahan") == "12"
    assert value_of(said, "Publikasi").startswith("1 (baru)")
    for title in ("Baris dibaca", "Catatan", "Keluarga miskin", "Sidik isi", "Basis data", "Peta", "Laporan mutu"):
        value_of(said, title)
    for title in ("Basis data", "Peta", "Laporan mutu"):
        assert Path(value_of(said, title)).is_file()


def test_the_rows_of_the_summary_add_up(two_runs):
    """A sum that does not close is a row that somebody has to look for."""
    numbers = [int(number.replace(".", "")) for number in re.findall(r"[\d.]*\d", value_of(two_runs.first.stdout, "Baris dibaca"))]
    read, *parts = numbers
    assert read == sum(parts)


def test_a_second_run_publishes_nothing_new(two_runs):
    assert two_runs.second.returncode == 0
    assert value_of(two_runs.second.stdout, "Publikasi").startswith("1 (tetap berlaku")
    assert query(two_runs.place.home, "SELECT count(*) AS n FROM publication")["n"].item() == 1


def test_a_second_run_links_nothing_again_and_says_that_nothing_moved(two_runs):
    """The same inbox costs no training and no pair: what the first run linked stands, and a run that went on from it would count that."""
    report = json.loads((two_runs.place.home / "frames" / "link_report.json").read_text(encoding="utf-8"))
    assert "linked_again" not in report["counts"]
    assert report["counts"]["pairs_compared"] > 0
    assert report["drift"] == []
    assert "bergeser" not in two_runs.second.stdout


def test_another_home_and_another_order_of_files_give_the_same_content(two_runs, tmp_path):
    """With another key of pseudonyms, another seed of Python's hashes, files created in the reverse order."""
    other = made_place(tmp_path / "office")
    for path in sorted((path for path in (SAMPLE / "inbox").rglob("*") if path.is_file()), reverse=True):
        copy = other.inbox / path.relative_to(SAMPLE / "inbox")
        copy.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, copy)
    result = other.run_from_the_shell()
    assert result.returncode == 0, result.stdout + result.stderr
    assert value_of(result.stdout, "Sidik isi") == value_of(two_runs.first.stdout, "Sidik isi")


def test_links_agree_with_the_truth(two_runs):
    overall = evaluate_home(two_runs.place.home, SAMPLE / "truth").set_index("stratum").loc["all"]
    assert overall["precision"] >= 0.995
    assert overall["recall"] >= 0.97


def test_the_area_summary_is_plausible(two_runs):
    areas = query(two_runs.place.home, "SELECT * FROM v1_area_summary").set_index("area_code")
    regency, villages = areas.loc["35.10"], areas[areas["level"] == "village"]
    assert regency["residents"] == villages["residents"].sum() == pytest.approx(6000, abs=100)
    assert villages["poor_families"].sum() <= regency["poor_families"]
    lived_in = villages[villages["residents"] > 0]
    assert len(lived_in) == 4
    assert lived_in["poor_rate"].between(0.05, 0.6).all()
    assert (lived_in["extreme_poor_families"] < lived_in["poor_families"]).all()


def test_a_poor_family_is_followed_to_its_spreadsheet_cells_by_the_readme(two_runs):
    """The statement in the README, run as it stands there; the cell really holds the decile."""
    statement = re.search(r"```sql\n(.+?)```", (ROOT / "README.md").read_text(encoding="utf-8"), re.DOTALL)[1]
    family = query(
        two_runs.place.home, "SELECT family_id, decile FROM v1_poor_family WHERE poverty_source = 'dinsos_dtsen' ORDER BY family_id LIMIT 1"
    )
    cells = query(two_runs.place.home, statement, family_id=family["family_id"].item())
    place = cells[(cells["attribute"] == "decile") & (cells["used"] == 1)].iloc[0]
    workbook = openpyxl.load_workbook(SAMPLE / "inbox" / place["delivery_id"] / place["file"])
    assert workbook[place["sheet"]][place["cell"]].value == int(place["value"]) == family["decile"].item()


def test_nothing_that_dagster_keeps_or_people_read_holds_a_nik(two_runs):
    place = two_runs.place
    register = pd.read_parquet(place.home / "frames" / "population.parquet", columns=["nik"])["nik"]
    listed = pd.read_parquet(place.home / "frames" / "social_records.parquet", columns=["nik"])["nik"].dropna()
    niks = set(register) | set(listed)
    said = place.folder / "said.txt"
    said.write_text(two_runs.first.stdout + two_runs.first.stderr + two_runs.second.stdout, encoding="utf-8")
    assert any(place.dagster_home.rglob("*.db"))
    assert search_leaks([place.dagster_home, place.home / "reports", said], niks) == []


def test_a_planted_nik_is_found(two_runs, tmp_path):
    """The search above would see one."""
    nik = pd.read_parquet(two_runs.place.home / "frames" / "population.parquet", columns=["nik"])["nik"].iloc[7]
    shutil.copytree(two_runs.place.home / "reports", tmp_path / "reports")
    (tmp_path / "reports" / "more.html").write_text(f"<p>{nik}</p>", encoding="utf-8")
    assert {hit.path.name for hit in search_leaks([tmp_path], [nik])} == {"more.html"}


def test_the_home_is_private(two_runs):
    assert (two_runs.place.home.stat().st_mode & 0o077) == 0
    assert ((two_runs.place.home / "padan.sqlite").stat().st_mode & 0o077) == 0


def test_every_column_of_every_frame_has_its_words(two_runs):
    """What the Dagster UI shows of a column; a frame that grows a column needs a description for it."""
    frames = (two_runs.place.home / "frames").rglob("*.parquet")
    without = {name for frame in frames for name in pq.read_schema(frame).names if not column_description(name)}
    assert without == set()
