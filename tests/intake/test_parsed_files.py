"""Files parsed by an earlier run: used again only for exactly the same reading, never when damaged, and never kept beyond their use."""

import dataclasses
import datetime as dt
import io

import pandas as pd
import pytest
from intake_workbooks import AREAS, CONTRACTS, KEY, pkh_row, pkh_rows, shared_pool, write_csv, write_xlsx

from intake import find_deliveries, intake_setup, newest_files, reading_of, take_in
from intake import parsed_files as parsed_files_module
from intake.file_job import ReadJob
from intake.file_reading import FileReading
from intake.fingerprints import code_fingerprint, fingerprint
from intake.isolation import Outcome, WorkerPool
from intake.parsed_files import ParsedFiles

CONTRACT = CONTRACTS["dinsos_pkh"].model_copy(update={"expectations": (), "replaces": "nothing"})
FRAMES = ("raw", "records", "quarantine", "conservation")


@pytest.fixture
def inbox(tmp_path):
    folder = tmp_path / "inbox"
    rows = [["DAFTAR"], *pkh_rows(8), [None], pkh_row(3), pkh_row(50, NAMA_PENERIMA=None, NIK_KTP=None)]
    write_xlsx(folder / "dinsos_pkh/2026-09-20/a.xlsx", {"PKH 1": rows, "Lain": [["x"]]})
    write_csv(folder / "dinsos_pkh/2026-09-20/b.csv", pkh_rows(5, start=100))
    (folder / "dinsos_pkh/2026-09-20/c.xlsx").write_bytes(b"\x89PNG" + b"\0" * 100)
    return folder


@pytest.fixture
def asked(monkeypatch):
    """The names of the files that workers are really asked to read."""
    names = []
    honest = WorkerPool.run

    def run(self, job):
        if isinstance(job, ReadJob):
            names.append(job.file.file)
        return honest(self, job)

    monkeypatch.setattr(WorkerPool, "run", run)
    return names


def taken(inbox, home, contract=CONTRACT, *, key=KEY, as_of=dt.date(2026, 10, 1)):
    deliveries = find_deliveries(inbox, {contract.id: contract})
    kept = None if home is None else ParsedFiles(home, intake_setup({contract.id: contract}, AREAS, key))
    with FileReading(shared_pool(CONTRACT.id, CONTRACT), kept) as reading:
        reading.ahead(newest_files(deliveries))
        return take_in(deliveries, contract, AREAS, key, as_of=as_of, reading=reading)


def as_bytes(result):
    parts = []
    for name in FRAMES:
        buffer = io.BytesIO()
        getattr(result, name).to_parquet(buffer, engine="pyarrow")
        parts.append(buffer.getvalue())
    return [*parts, result.refused, result.in_force, result.sheets]


def test_unchanged_files_are_not_parsed_again_and_the_result_is_the_same_byte_for_byte(inbox, tmp_path, asked):
    without = as_bytes(taken(inbox, None))
    assert sorted(asked) == ["a.xlsx", "b.csv", "c.xlsx"]
    first = as_bytes(taken(inbox, tmp_path / "parsed"))
    del asked[:]
    again = as_bytes(taken(inbox, tmp_path / "parsed"))
    assert asked == [], "a file that an earlier run has read was parsed again"
    assert without == first == again


def test_only_the_changed_file_is_parsed_again(inbox, tmp_path, asked):
    taken(inbox, tmp_path / "parsed")
    del asked[:]
    write_csv(inbox / "dinsos_pkh/2026-09-20/b.csv", pkh_rows(6, start=100))
    result = taken(inbox, tmp_path / "parsed")
    assert asked == ["b.csv"]
    assert (result.records["file"] == "b.csv").sum() == 6


@pytest.mark.parametrize("change", ["contract", "key", "code"])
def test_another_contract_key_or_program_reads_anew(inbox, tmp_path, asked, monkeypatch, change):
    taken(inbox, tmp_path / "parsed")
    del asked[:]
    if change == "code":
        monkeypatch.setattr(parsed_files_module, "code_fingerprint", lambda: "another")
    contract = CONTRACT.model_copy(update={"trust": CONTRACT.trust + 1}) if change == "contract" else CONTRACT
    taken(inbox, tmp_path / "parsed", contract, key=b"x" * 32 if change == "key" else KEY)
    assert sorted(asked) == ["a.xlsx", "b.csv", "c.xlsx"]


@pytest.mark.parametrize("damage", ["a flipped byte", "a cut file", "a missing file", "a changed report", "no report"])
def test_a_damaged_entry_is_noticed_and_read_anew(inbox, tmp_path, asked, damage):
    before = as_bytes(taken(inbox, tmp_path / "parsed"))
    del asked[:]
    for records in (tmp_path / "parsed").rglob("records.arrow"):
        entry = records.with_name("entry.json")
        content = bytearray(records.read_bytes())
        if damage == "a flipped byte":
            content[len(content) // 2] ^= 1
            records.write_bytes(content)
        elif damage == "a cut file":
            records.write_bytes(content[:-100])
        elif damage == "a missing file":
            records.unlink()
        elif damage == "a changed report":
            entry.write_text(entry.read_text().replace("accepted", "rejected"))
        else:
            entry.unlink()
    assert as_bytes(taken(inbox, tmp_path / "parsed")) == before
    assert set(asked) >= {"a.xlsx", "b.csv"}


def test_what_is_no_longer_used_is_removed(inbox, tmp_path):
    home = tmp_path / "parsed"
    taken(inbox, home)
    assert len(list((home / "dinsos_pkh").iterdir())) == 3
    (home / "dinsos_pkh" / "left.part").mkdir()
    (inbox / "dinsos_pkh/2026-09-20/a.xlsx").unlink()
    taken(inbox, home)
    assert len(list((home / "dinsos_pkh").iterdir())) == 2, "a withdrawn file lives on, or a broken run's rest"
    assert (home / "dinsos_pkh").stat().st_mode & 0o077 == 0


def test_a_run_that_died_leaves_no_half_entry(inbox, tmp_path):
    home = tmp_path / "parsed"
    setup = intake_setup({CONTRACT.id: CONTRACT}, AREAS, KEY)
    kept = ParsedFiles(home, setup)
    (file, *_) = newest_files(find_deliveries(inbox, {CONTRACT.id: CONTRACT}))
    folder = kept.unfinished(file)
    (folder / "records.arrow").write_bytes(b"half")
    assert kept.kept(file) is None
    assert list(kept.unfinished(file).iterdir()) == []


@pytest.mark.parametrize("outcome", [Outcome(None, "too_slow"), Outcome({"refused": "too_large", "facts": {}})], ids=["time", "memory"])
def test_what_the_machine_could_not_do_is_tried_again(inbox, tmp_path, outcome):
    kept = ParsedFiles(tmp_path / "parsed", intake_setup({CONTRACT.id: CONTRACT}, AREAS, KEY))
    (file, *_) = newest_files(find_deliveries(inbox, {CONTRACT.id: CONTRACT}))
    kept.keep(file, kept.unfinished(file), outcome)
    assert kept.kept(file) is None


def test_a_file_that_changes_after_it_was_listed_is_not_taken_for_the_listed_one(inbox):
    deliveries = find_deliveries(inbox, {CONTRACT.id: CONTRACT})
    write_csv(inbox / "dinsos_pkh/2026-09-20/b.csv", pkh_rows(6, start=100))
    result = take_in(deliveries, CONTRACT, AREAS, KEY, pool=shared_pool(CONTRACT.id, CONTRACT))
    assert {refusal.file: refusal.code for refusal in result.refused}["b.csv"] == "changed_while_read"


def test_fingerprints_see_every_part_and_no_order():
    setup = intake_setup(CONTRACTS, AREAS, KEY)
    assert fingerprint(setup) == fingerprint(intake_setup(dict(reversed(CONTRACTS.items())), AREAS, KEY))
    fewer = intake_setup(CONTRACTS, AREAS[AREAS["area_code"] != "35.10.05.2008"], KEY)
    assert fingerprint(setup) != fingerprint(fewer) != fingerprint(dataclasses.replace(setup, hash_key=b"other"))
    assert fingerprint(("a", "b")) != fingerprint(("ab",))
    assert fingerprint({1, 2}) == fingerprint({2, 1}) != fingerprint({1})
    with pytest.raises(TypeError):
        fingerprint(object.__new__(object))
    assert len(code_fingerprint()) == 64


def test_reading_ahead_of_several_sources_gives_each_its_own(tmp_path):
    other = CONTRACT.model_copy(update={"id": "village_list"})
    contracts = {CONTRACT.id: CONTRACT, other.id: other}
    write_csv(tmp_path / "inbox/dinsos_pkh/2026-09-20/a.csv", pkh_rows(5))
    write_csv(tmp_path / "inbox/village_list/2026-09-20/a.csv", pkh_rows(7))
    deliveries = find_deliveries(tmp_path / "inbox", contracts)
    groups = dict(list(deliveries.groupby("source")))
    with reading_of(intake_setup(contracts, AREAS, KEY), tmp_path / "parsed") as reading:
        reading.ahead([file for group in groups.values() for file in newest_files(group)])
        results = {source: take_in(group, contracts[source], AREAS, KEY, reading=reading) for source, group in groups.items()}
    assert {source: len(result.records) for source, result in results.items()} == {"dinsos_pkh": 5, "village_list": 7}
    assert all(isinstance(result.records, pd.DataFrame) and result.conservation["holds"].all() for result in results.values())
