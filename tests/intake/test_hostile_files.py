"""Files made to hurt, of every kind that offices send: the parent never dies or hangs, the memory of the child stays below its limit, each file
ends with its own reason or with exactly its rows, and good files beside them go on.
"""

import os
import time
from pathlib import Path

import pytest
from hostile_files import READ, tall_sheet, traps, whole, wide_rows
from intake_workbooks import AREAS, CONTRACTS, KEY, pkh_rows, shared_pool, write_csv

from intake import find_deliveries, newest_files, take_in
from intake.file_intake import IntakeSetup
from intake.file_job import ReadJob, SheetsJob, read_arrow
from intake.file_reading import FileReading
from intake.intake_setup import FileToRead
from intake.isolation import MEMORY_LIMIT, Limits, WorkerPool
from intake.places import PlaceIndex
from schemas.areas import BANYUWANGI

KINDS = ("xlsx", "xlsm", "xlsb", "xls", "ods", "csv", "tsv", "pipe", "html")
SOURCE = "village_list"
CONTRACT = CONTRACTS["dinsos_pkh"].model_copy(update={"id": SOURCE, "replaces": "nothing", "expectations": ()})
NIK_COLUMN, FIRST_DATA_ROW = 2, 2
PATIENCE = 60
"""Seconds for all traps of a kind; they take about three."""


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "inbox" / SOURCE / "2026-09-20"
    folder.mkdir(parents=True)
    return folder


def ended(folder):
    """What became of the files of a delivery, the reason codes of those that were refused, and the most memory that each took."""
    deliveries = find_deliveries(folder.parent.parent, {SOURCE: CONTRACT})
    with FileReading(shared_pool(SOURCE, CONTRACT)) as reading:
        memory = {read.file.file: read.outcome.memory for read in reading.read(newest_files(deliveries))}
        result = take_in(deliveries, CONTRACT, AREAS, KEY, reading=reading)
    assert result.conservation["holds"].all()
    return result, {refusal.file: refusal.code for refusal in result.refused}, memory


def assert_read(result, file, rows):
    """That all rows of a file were taken in, each with its number and its NIK."""
    records = result.records[result.records["file"] == file]
    assert records["row"].tolist() == list(range(FIRST_DATA_ROW, len(rows) + 1))
    assert records["nik"].tolist() == [row[NIK_COLUMN] for row in rows[1:]]


@pytest.mark.filterwarnings("ignore:Duplicate name")
@pytest.mark.parametrize("kind", KINDS)
def test_every_trap_ends_as_it_must_and_the_good_file_beside_them_is_read(folder, kind):
    made = {}
    for number, trap in enumerate(traps(kind)):
        rows = pkh_rows(8, start=1 + 10 * number)
        made[f"{number:02d}.xlsx"] = (trap, rows)
        (folder / f"{number:02d}.xlsx").write_bytes(trap.make(whole(kind, folder.parent.parent, rows), rows))
    good = pkh_rows(8, start=1 + 10 * len(made))
    (folder / "good.xlsx").write_bytes(whole(kind, folder.parent.parent, good))
    started = time.monotonic()
    result, codes, memory = ended(folder)
    assert time.monotonic() - started < PATIENCE
    assert {trap.name: codes.get(file, READ) for file, (trap, _) in made.items()} == {trap.name: trap.ends for trap, _ in made.values()}
    for file, (trap, rows) in made.items():
        if trap.ends == READ:
            assert_read(result, file, rows)
    assert_read(result, "good.xlsx", good)
    assert max(memory.values()) < MEMORY_LIMIT // 4, "of 4 GB; the child's own figure, as the kernel counts it"


@pytest.mark.parametrize("kind", KINDS)
def test_files_cut_at_every_tenth_are_read_whole_or_refused(folder, kind):
    rows = pkh_rows(100)
    content = whole(kind, folder.parent.parent, rows)
    for tenth in range(10):
        (folder / f"{tenth}.{kind}").write_bytes(content[: len(content) * tenth // 10])
    result, codes, _ = ended(folder)
    assert codes.pop(f"0.{kind}") == "empty_file"
    if kind in {"csv", "tsv", "pipe"}:  # a cut text table is a shorter one; only its last line may be hurt, and then it is set aside
        assert not codes
        quarantined = result.quarantine[result.quarantine["disposition"] == "quarantined"]
        assert set(quarantined["reason"]) <= {"too_few_fields", "no_name_and_no_nik", "required_value_missing"}
    elif kind == "xls":  # its last part holds nothing but padding and the directory, so one that lacks only that may be whole
        assert set(codes.values()) <= {"truncated", "unreadable", "reader_crashed", "rows_disagree"}
        assert all(len(group) == 100 for _, group in result.records.groupby("file"))
    else:
        assert codes == {f"{tenth}.{kind}": "truncated" for tenth in range(1, 10)}


def test_the_name_of_a_file_says_nothing(folder):
    """Every kind under the name of every other one."""
    names = {}
    for number, kind in enumerate(KINDS):
        for place, name in enumerate(["xlsx", "xlsb", "xls", "csv"]):
            rows = pkh_rows(3, start=1 + 40 * number + 4 * place)
            names[f"{kind}.{name}"] = rows
            (folder / f"{kind}.{name}").write_bytes(whole(kind, folder.parent.parent, rows))
    result, codes, _ = ended(folder)
    assert not codes
    for file, rows in names.items():
        assert_read(result, file, rows)


@pytest.mark.parametrize("kind", ["xlsx", "xlsb", "xls", "ods", "csv", "html"])
def test_as_many_columns_as_a_sheet_can_have(tmp_path, kind):
    width = 256 if kind == "xls" else 16_384
    path = tmp_path / f"wide.{kind}"
    path.write_bytes(whole(kind, tmp_path, wide_rows(pkh_rows(1), width)))
    outcome = shared_pool(SOURCE, CONTRACT).run(SheetsJob(path, tmp_path))
    assert outcome.failure is None
    last = read_arrow(tmp_path / "sheet-000.arrow")[f"c{width - 1:03d}"]
    assert last.to_pylist() == [f"X{width - 1}", "x"]
    assert outcome.memory < MEMORY_LIMIT // 4


def test_a_table_beside_16_000_unknown_columns_is_taken_in(folder):
    """Looking for each column among the names of all took the parent minutes."""
    rows = pkh_rows(3)
    (folder / "wide.xlsx").write_bytes(whole("xlsx", folder.parent.parent, wide_rows(rows, 16_384)))
    result, codes, memory = ended(folder)
    assert not codes
    assert_read(result, "wide.xlsx", rows)
    assert memory["wide.xlsx"] < MEMORY_LIMIT // 4


@pytest.mark.parametrize(
    ("kind", "rows"), [("xlsx", 1_048_576), ("csv", 1_048_576), ("xls", 65_536), ("xlsb", 100_000), ("ods", 100_000), ("html", 50_000)]
)
def test_as_many_rows_as_a_sheet_can_have(tmp_path, kind, rows):
    """Where a million rows cost minutes of all test runs, fewer stand for them; how long those take, and how much memory, is measured."""
    path = tall_sheet(kind, tmp_path / f"tall.{kind}", rows)
    outcome = shared_pool(SOURCE, CONTRACT).run(SheetsJob(path, tmp_path))
    assert outcome.failure is None
    numbers = read_arrow(tmp_path / "sheet-000.arrow")["c000"]
    assert (len(numbers), numbers[0].as_py(), numbers[rows - 1].as_py()) == (rows, "1", str(rows))
    assert outcome.memory < MEMORY_LIMIT // 4


def pool(*, forked=False, **limits):
    setup = IntakeSetup({"dinsos_pkh": CONTRACTS["dinsos_pkh"]}, PlaceIndex(AREAS), BANYUWANGI, KEY)
    return WorkerPool(setup, workers=1, limits=Limits(**limits), forked=forked)


def read_job(path, folder):
    folder.mkdir(exist_ok=True)
    return ReadJob(FileToRead(path, "dinsos_pkh", "dinsos_pkh/2026-09-20", None, path.name), folder)


@pytest.mark.parametrize("forked", [False, True], ids=["worker_of_its_own", "worker_forked_from_here"])
def test_a_file_that_takes_too_long_is_ended_and_the_next_one_goes_on(tmp_path, forked):
    pipe = tmp_path / "never"
    os.mkfifo(pipe)  # opening it for reading waits for ever
    good = write_csv(tmp_path / "good.csv", pkh_rows(3))
    with pool(seconds=1, forked=forked) as workers:
        slow, fine = workers.run_all([read_job(pipe, tmp_path / "1"), read_job(good, tmp_path / "2")])
    assert slow.failure == "too_slow"
    assert fine.report["listed"] == [""]


@pytest.mark.parametrize("forked", [False, True], ids=["worker_of_its_own", "worker_forked_from_here"])
def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_goes_on(tmp_path, forked):
    """The address space of a large program is not held against the file, and the file's limit holds beside it."""
    big = write_csv(tmp_path / "big.csv", [["x" * 1000]] * 100_000)
    good = write_csv(tmp_path / "good.csv", pkh_rows(3))
    here = _resident() if forked else 0
    with pool(memory=(300 if forked else 600) * 1024**2, forked=forked) as workers:
        too_much, fine = workers.run_all([read_job(big, tmp_path / "1"), read_job(good, tmp_path / "2")])
    assert too_much.report["refused"] == "too_large"
    # What fails may fail at the first large piece, before it touches a byte of it: below, there is only what an interpreter takes.
    assert 20 * 1024**2 < too_much.memory < here + 600 * 1024**2
    assert fine.report["listed"] == [""]


def _resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGESIZE")


def test_a_fault_of_the_program_names_its_place_and_no_value(tmp_path, monkeypatch):
    from intake import file_job

    def broken(*_):
        raise KeyError("3510161708450003")

    monkeypatch.setattr(file_job, "take_in_file", broken)
    setup = IntakeSetup({}, PlaceIndex(AREAS), BANYUWANGI, KEY)
    report = file_job.do_job(setup, file_job.ReadJob(FileToRead(tmp_path, "s", "d", None, "f"), tmp_path))
    assert report["refused"] == "internal_error"
    assert report["facts"]["kind"] == "KeyError"
    assert "3510161708450003" not in str(report)
