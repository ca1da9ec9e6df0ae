"""From doubt to decision and beyond: cases go out, an officer answers, links follow, and stay when the list comes anew.

A list of PKH is written for residents of the sample: most with their NIK, some with nothing but a name that two residents of the
village share, so that only a person can say who they are.
"""

from __future__ import annotations

import json
import shutil
import sqlite3
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from integration_places import SAMPLE, Place, made_place

IDENTIFIED, NAMESAKES = 400, 12
CANDIDATE_COLUMNS = range(3, 8)


@dataclass(frozen=True)
class Cycle:
    """What was seen on the way: exit codes and texts of the commands, and the links after each run."""

    place: Place
    truth: dict[str, str]
    """Card number → NIK."""
    first: pd.DataFrame
    refused: tuple[int, str]
    imported: tuple[int, str]
    decided: pd.DataFrame
    delivered_again: pd.DataFrame


def recipients() -> pd.DataFrame:
    """Rows of the list with the NIK that is true of each."""
    truth = {name: pd.read_parquet(SAMPLE / "truth" / f"{name}.parquet", dtype_backend="numpy_nullable") for name in ("people", "families")}
    people = (
        truth["people"]
        .merge(truth["families"][["family_id", "area_code", "kk_number"]], on="family_id")
        .rename(columns={"register_nik": "nik"})
    )
    alive = people[people["status"].eq("alive") & people["nik"].notna() & ~people["registered_elsewhere"]].sort_values("nik")
    shared = alive[alive.duplicated(["name", "area_code", "sex"], keep=False)].drop_duplicates("name").head(NAMESAKES)
    known = alive[~alive["name"].isin(shared["name"])].drop_duplicates("name").head(IDENTIFIED)
    rows = pd.concat([known.assign(bare=False), shared.assign(bare=True)], ignore_index=True)
    number = pd.Series(range(len(rows)))
    # Gaps among the identified too: else the model learns that a missing value speaks against a pair.
    rows["kk_number"] = rows["kk_number"].mask(rows["bare"] | (number % 5 == 0))
    rows["birth_date"] = (
        pd.to_datetime(rows["birth_date"]).dt.strftime("%d/%m/%Y").mask(rows["bare"] | (number % 5 == 0) | (number % 37 == 1))
    )
    return rows.assign(card=[f"60{one:014d}" for one in number])


def deliver(place: Place, rows: pd.DataFrame, day: str, name: str, amount: int) -> None:
    areas = pd.read_csv(SAMPLE / "reference" / "villages.csv", dtype=str).set_index("area_code")
    table = pd.DataFrame(
        {
            "NAMA_PENERIMA": rows["name"],
            "NOMOR_KARTU": rows["card"],
            "NIK_KTP": rows["nik"].mask(rows["bare"]),
            "NOKK_DTKS": rows["kk_number"],
            "TGL_LAHIR": rows["birth_date"],
            "NMKEC": rows["area_code"].map(areas["kecamatan"]),
            "NMKEL": rows["area_code"].map(areas["name"]),
            "JK": rows["sex"],
            "TAHAP": 3,
            "TAHUN": 2026,
            "NOMINAL": amount,
        }
    )
    folder = place.inbox / "dinsos_pkh" / day
    folder.mkdir(parents=True)
    table.to_csv(folder / name, index=False)


def links(place: Place) -> pd.DataFrame:
    """Links of the list as published: card (the last digits are the row's number), status, method, nik."""
    with sqlite3.connect(place.home / "padan.sqlite") as connection:
        published = pd.read_sql_query(
            "SELECT l.record_id, l.status, l.method, p.nik FROM person_link l LEFT JOIN person p ON p.person_id = l.person_id AND p.valid_to IS NULL",
            connection,
        )
    records = pd.read_parquet(place.home / "frames" / "social_records.parquet", columns=["record_id", "card_number"])
    return published.merge(records, on="record_id").set_index("card_number")


def answered(path: Path, truth: dict[str, str], to: Path, *, all_same: bool = False) -> Path:
    """The workbook as an officer who knows the people fills it in: by the name of the record, from what the cards show."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["Kasus"]
    shown: dict[str, tuple[object, ...]] = {}
    for row in range(1, sheet.max_row + 1):
        label = str(sheet.cell(row, 1).value or "")
        shown = {} if label.startswith("Kasus ") else shown | {label: tuple(cell.value for cell in sheet[row])}
        if label != "Jawaban":
            continue
        for column in CANDIDATE_COLUMNS:
            nik = shown["NIK"][column - 1] if column <= len(shown["NIK"]) else None
            if nik:
                same = all_same or truth[str(shown["Nama"][1])] == nik
                sheet.cell(row, column).value = "sama" if same else "beda"
    workbook.save(to)
    return to


@pytest.fixture(scope="module")
def cycle(tmp_path_factory: pytest.TempPathFactory) -> Cycle:
    place = made_place(tmp_path_factory.mktemp("reviewing_office"))
    shutil.copytree(SAMPLE / "inbox" / "dukcapil_population", place.inbox / "dukcapil_population")
    rows = recipients()
    deliver(place, rows, "2026-09-20", "pkh_tahap3.csv", 600_000)
    run = place.run()
    assert run.returncode == 0, run.stdout + run.stderr
    first = links(place)

    export = place.padan("review", "export", "--out", str(place.folder / "out"))
    assert export.returncode == 0, export.stderr
    workbooks = sorted((place.folder / "out").glob("tinjau_*.xlsx"))
    by_name = dict(zip(rows["name"], rows["nik"], strict=True))
    wrong = [answered(path, by_name, place.folder / f"wrong_{path.name}", all_same=True) for path in workbooks]
    refused = place.padan("review", "import", *map(str, wrong))
    right = [answered(path, by_name, place.folder / f"right_{path.name}") for path in workbooks]
    imported = place.padan("review", "import", *map(str, right))
    assert place.run().returncode == 0
    decided = links(place)

    again = rows.sample(frac=1, random_state=3)
    again["name"] = again["name"].where(~again["bare"], again["name"] + " BINTI AHMAD")
    deliver(place, again, "2026-12-20", "Penyaluran tahap IV.csv", 750_000)
    assert place.run().returncode == 0
    truth = dict(zip(rows["card"], rows["nik"], strict=True))
    return Cycle(
        place,
        truth,
        first,
        (refused.returncode, refused.stderr),
        (imported.returncode, imported.stdout),
        decided,
        links(place),
    )


def doubtful(cycle: Cycle) -> list[str]:
    return sorted(cycle.first.index[cycle.first["status"] == "review"])


def test_namesakes_wait_for_a_person(cycle: Cycle) -> None:
    assert len(doubtful(cycle)) >= NAMESAKES // 2


def test_a_workbook_that_contradicts_itself_is_refused_whole(cycle: Cycle) -> None:
    """One record cannot be two residents; the cell is named, and nobody's name or number is."""
    code, said = cycle.refused
    assert code == 1
    assert "lembar Kasus, baris" in said
    assert "satu catatan hanya satu orang" in said
    assert "tidak ada yang disimpan" in said
    assert not [nik for nik in cycle.truth.values() if nik in said]


def test_links_follow_the_decisions(cycle: Cycle) -> None:
    code, said = cycle.imported
    assert code == 0
    assert "keputusan disimpan" in said
    after = cycle.decided.loc[doubtful(cycle)]
    assert set(after["method"]) == {"decision"}
    assert after["nik"].to_dict() == {card: cycle.truth[card] for card in doubtful(cycle)}


def test_decisions_outlive_the_list(cycle: Cycle) -> None:
    """Another file, another order, other amounts, names written in another way: the card is the same, and so is the person."""
    after = cycle.delivered_again.loc[doubtful(cycle)]
    assert set(after["method"]) == {"decision"}
    assert after["nik"].to_dict() == {card: cycle.truth[card] for card in doubtful(cycle)}
    report = json.loads((cycle.place.home / "frames" / "link_report.json").read_text())
    assert report["decisions"]["record_not_found"] == report["decisions"]["resident_not_found"] == 0
    assert report["decisions"]["bound"] >= len(doubtful(cycle))


def test_the_run_wrote_workbooks_of_its_own(cycle: Cycle) -> None:
    """The asset and the command write the same files; after the decisions there is nothing left to ask."""
    assert (cycle.place.home / "review").stat().st_mode & 0o777 == 0o700
    assert cycle.delivered_again["status"].ne("review").all() == (not list((cycle.place.home / "review").glob("tinjau_*.xlsx")))


def test_a_decided_record_is_explained_by_who_decided(cycle: Cycle) -> None:
    record = cycle.delivered_again.loc[doubtful(cycle)[0], "record_id"]
    told = cycle.place.padan("explain", record)
    assert told.returncode == 0, told.stderr
    assert "Tertaut karena keputusan orang" in told.stdout
    assert "sama, oleh tester" in told.stdout
    assert not [nik for nik in cycle.truth.values() if nik in told.stdout]
