"""The store of deliveries. Mistakes prevented: an office clears its folder and its people vanish; two runs at once spoil a file; a file
that grew while it was copied is kept under the wrong hash; a withdrawn list goes on speaking; people count twice after a renamed file."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import multiprocessing
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest
from intake_workbooks import AREAS, CONTRACTS, KEY, pkh_rows, write_csv, write_xlsx

from intake import take_in
from intake.delivery_store import DeliveryStore, in_force, receive, restore, withdraw

NOON = dt.datetime(2026, 9, 21, 12, tzinfo=dt.UTC)
SURVEY = "village_survey/2026-08-31"


@pytest.fixture
def store(tmp_path: Path) -> DeliveryStore:
    return DeliveryStore(tmp_path / "home" / "deliveries")


@pytest.fixture
def inbox(tmp_path: Path) -> Path:
    folder = tmp_path / "inbox"
    put(folder, "dinsos_pkh/2026-09-20/a.csv", "one")
    put(folder, f"{SURVEY}/x.csv", "two")
    return folder


def put(inbox: Path, name: str, text: str) -> Path:
    path = inbox / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def received(inbox: Path, store: DeliveryStore, at: dt.datetime = NOON) -> list[tuple[str, str, str]]:
    frame = receive(inbox, store, CONTRACTS, by="sari", at=at)
    return [
        (row.delivery_id, row.file, Path(row.path).read_text(encoding="utf-8"))
        for row in frame.itertuples()
    ]  # fmt: skip


def test_contents_lie_under_their_hash_and_for_the_owner_alone(inbox: Path, store: DeliveryStore) -> None:
    received(inbox, store)
    digest = hashlib.sha256(b"one").hexdigest()
    kept = store.folder / digest[:2] / digest
    assert kept.read_bytes() == b"one"
    for path in store.folder.rglob("*"):
        assert stat.S_IMODE(path.stat().st_mode) == (0o700 if path.is_dir() else 0o600), path
    assert not list(store.folder.rglob("*.part"))


def test_each_file_has_one_receipt_however_often_it_is_seen(inbox: Path, store: DeliveryStore) -> None:
    received(inbox, store)
    received(inbox, store, NOON + dt.timedelta(days=1))
    (receipt,) = store.book()["dinsos_pkh/2026-09-20", "a.csv"]
    assert (receipt.kind, receipt.by, receipt.at, receipt.bytes) == ("received", "sari", "2026-09-21T12:00:00+00:00", 3)
    assert receipt.sha256 == hashlib.sha256(b"one").hexdigest()


def test_what_was_received_stays_when_the_office_clears_its_folder(inbox: Path, store: DeliveryStore) -> None:
    before = received(inbox, store)
    shutil.rmtree(inbox / "dinsos_pkh")
    (inbox / f"{SURVEY}/x.csv").unlink()
    assert received(inbox, store) == before


def test_a_file_renamed_inside_a_whole_delivery_counts_once(inbox: Path, store: DeliveryStore) -> None:
    received(inbox, store)
    (inbox / "dinsos_pkh/2026-09-20/a.csv").rename(inbox / "dinsos_pkh/2026-09-20/b.csv")
    files = [(delivery, file) for delivery, file, _ in received(inbox, store) if delivery.startswith("dinsos_pkh")]
    assert files == [("dinsos_pkh/2026-09-20", "b.csv")]
    assert [receipt.kind for receipt in store.book()["dinsos_pkh/2026-09-20", "a.csv"]] == ["received", "taken_out"]


def test_where_each_file_stands_for_itself_the_others_stay(inbox: Path, store: DeliveryStore) -> None:
    received(inbox, store)
    (inbox / f"{SURVEY}/x.csv").unlink()
    put(inbox, f"{SURVEY}/y.csv", "three")
    files = [file for delivery, file, _ in received(inbox, store) if delivery == SURVEY]
    assert files == ["x.csv", "y.csv"]


def test_a_file_that_was_changed_in_place_speaks_with_its_new_content(inbox: Path, store: DeliveryStore) -> None:
    received(inbox, store)
    put(inbox, f"{SURVEY}/x.csv", "corrected")
    assert (SURVEY, "x.csv", "corrected") in received(inbox, store)
    put(inbox, f"{SURVEY}/x.csv", "two")
    assert (SURVEY, "x.csv", "two") in received(inbox, store), "the newest word counts, also when it was said before"
    assert len(store.book()[SURVEY, "x.csv"]) == 3


def test_a_file_that_grows_while_it_is_copied_is_kept_under_what_was_copied(tmp_path: Path, store: DeliveryStore) -> None:
    path = put(tmp_path, "a.csv", "whole")
    assert store.keep(path, hashlib.sha256(b"half").hexdigest()) == hashlib.sha256(b"whole").hexdigest()


def test_the_same_content_is_kept_once(inbox: Path, store: DeliveryStore) -> None:
    put(inbox, "dinsos_pkh/2026-09-20-2/again.csv", "one")
    received(inbox, store)
    contents = [path for path in store.folder.rglob("*") if path.is_file() and path.suffix != ".json"]
    assert len(contents) == 2


def test_a_withdrawn_delivery_is_silent_until_it_is_restored(inbox: Path, store: DeliveryStore) -> None:
    before = received(inbox, store)
    assert withdraw(store, "dinsos_pkh/2026-09-20", by="budi", at=NOON, reason="salah kirim")
    assert not withdraw(store, "dinsos_pkh/2026-09-20", by="budi", at=NOON, reason=None), "once is enough"
    assert [delivery for delivery, *_ in received(inbox, store)] == [SURVEY], "it still lies in the inbox, and stays silent"
    assert restore(store, "dinsos_pkh/2026-09-20", by="sari", at=NOON)
    assert not restore(store, "dinsos_pkh/2026-09-20", by="sari", at=NOON)
    assert received(inbox, store) == before
    history = store.book()["dinsos_pkh/2026-09-20", ""]
    assert [(receipt.kind, receipt.by, receipt.reason) for receipt in history] == [
        ("withdrawn", "budi", "salah kirim"), ("restored", "sari", None),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "act", [lambda store: withdraw(store, "x/y", by="b", at=NOON, reason=None), lambda store: restore(store, "x/y", by="b", at=NOON)]
)
def test_a_delivery_that_is_none_cannot_be_withdrawn_or_restored(store: DeliveryStore, act) -> None:
    with pytest.raises(KeyError):
        act(store)


def test_a_source_without_a_contract_is_kept_and_silent(inbox: Path, store: DeliveryStore) -> None:
    received(inbox, store)
    fewer = {name: contract for name, contract in CONTRACTS.items() if name != "dinsos_pkh"}
    assert receive(inbox, store, fewer, by="sari", at=NOON)["source"].tolist() == ["village_survey"]
    assert len(in_force(store, CONTRACTS)) == 2


def _received_by_another_process(inbox: Path, folder: Path, who: str) -> None:
    receive(inbox, DeliveryStore(folder), CONTRACTS, by=who, at=NOON)


def test_runs_at_once_leave_each_file_whole_with_one_receipt(tmp_path: Path, store: DeliveryStore) -> None:
    inbox = tmp_path / "inbox"
    for number in range(20):
        put(inbox, f"{SURVEY}/{number}.csv", f"{number} " * 50_000)
    context = multiprocessing.get_context("spawn")
    runs = [context.Process(target=_received_by_another_process, args=(inbox, store.folder, f"run {n}")) for n in range(3)]
    for run in runs:
        run.start()
    for run in runs:
        run.join()
    assert [run.exitcode for run in runs] == [0, 0, 0]
    frame = in_force(store, CONTRACTS)
    assert len(frame) == 20
    for row in frame.itertuples():
        assert hashlib.sha256(Path(row.path).read_bytes()).hexdigest() == row.sha256
    assert {len(receipts) for receipts in store.book().values()} == {1}


def test_two_homes_with_one_inbox_give_equal_records(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    write_xlsx(inbox / "dinsos_pkh/2026-09-20/b.xlsx", {"PKH 1": pkh_rows(5)})
    write_csv(inbox / "dinsos_pkh/2026-09-20/a.csv", pkh_rows(5, start=6), delimiter=";")
    records = []
    for number in (1, 2):
        frame = receive(inbox, DeliveryStore(tmp_path / f"home{number}" / "deliveries"), CONTRACTS, by=str(number), at=NOON)
        result = take_in(frame, CONTRACTS["dinsos_pkh"], AREAS, KEY, workers=1)
        assert bool(result.conservation["holds"].all())
        records.append(result.records)
    assert len(records[0]) == 10
    pd.testing.assert_frame_equal(*records)


def test_receipts_hold_no_cell(inbox: Path, store: DeliveryStore) -> None:
    received(inbox, store)
    for path in (store.folder / "receipts").rglob("*.json"):
        assert set(json.loads(path.read_text(encoding="utf-8"))) == {
            "kind", "delivery_id", "source", "file", "at", "by", "sha256", "bytes", "reason",
        }  # fmt: skip
