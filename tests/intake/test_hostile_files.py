"""Files made to hurt: the parent never dies or hangs, each file ends refused with a reason of its own, the good ones go on."""

import io
import os
import time
import zipfile

import pytest
from intake_workbooks import AREAS, CONTRACTS, KEY, pkh_rows, taken_in, write_csv, write_xls, write_xlsx

from intake.file_intake import IntakeSetup
from intake.file_job import ReadJob
from intake.intake_setup import FileToRead
from intake.isolation import Limits, WorkerPool
from intake.places import PlaceIndex
from schemas.areas import BANYUWANGI

CONTENT_TYPES = (
    '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/>'
    '<Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
    '<Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
)
RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>'
)
BOOK = (
    '<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
BOOK_RELS = (
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" '
    'Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>'
    '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/></Relationships>'
)


def raw_xlsx(sheet, *, shared=None, extra=(), doctype=""):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("[Content_Types].xml", CONTENT_TYPES),
            ("_rels/.rels", RELS),
            ("xl/workbook.xml", BOOK),
            ("xl/_rels/workbook.xml.rels", BOOK_RELS),
        ):
            archive.writestr(name, text)
        archive.writestr(
            "xl/worksheets/sheet1.xml",
            f'<?xml version="1.0"?>{doctype}<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{sheet}</sheetData></worksheet>',
        )
        if shared is not None:
            archive.writestr("xl/sharedStrings.xml", shared)
        for name, content in extra:
            archive.writestr(name, content)
    return buffer.getvalue()


def good_xlsx(tmp_path):
    return write_xlsx(tmp_path / "good.xlsx", {"PKH 1": pkh_rows(60)}).read_bytes()


def flipped(content):
    """The workbook with one byte of a sheet's stored data changed: calamine reads it without a word, and a NIK has changed."""
    source = zipfile.ZipFile(io.BytesIO(content))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for member in source.infolist():
            archive.writestr(member.filename, source.read(member))
    stored = bytearray(buffer.getvalue())
    place = stored.index(b"35100542")
    stored[place + 5] ^= 1
    return bytes(stored)


HOSTILE = {
    "far cell": (lambda _: raw_xlsx('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>'), {"too_large", "reader_crashed"}),
    "huge shared string count": (
        lambda _: raw_xlsx('<row r="1"><c r="A1" t="s"><v>0</v></c></row>', shared='<?xml version="1.0"?><sst xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" count="4294967295" uniqueCount="4294967295"><si><t>x</t></si></sst>'),
        {"too_large", "reader_crashed", "no_table"},
    ),
    "zip bomb": (lambda _: raw_xlsx("", extra=[("xl/media/a.bin", b"\0" * 60_000_000)]), {"unsafe_archive"}),
    "entity bomb": (lambda _: raw_xlsx('<row r="1"><c r="A1" t="inlineStr"><is><t>&b;</t></is></c></row>', doctype='<!DOCTYPE w [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]>'), {"unsafe_archive"}),
    "external entity": (lambda _: raw_xlsx("", doctype='<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'), {"unsafe_archive"}),
    "path traversal": (lambda _: raw_xlsx("", extra=[("../../etc/cron.d/x", "x")]), {"unsafe_archive"}),
    "flipped byte": (lambda tmp: flipped(good_xlsx(tmp)), {"truncated"}),
    "nul bytes": (lambda _: b"\0" * 5000, {"empty_file"}),
    "an OLE head and nothing": (lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600, {"truncated", "unknown_format", "unreadable"}),
    "an encrypted workbook": (lambda _: bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 600 + "EncryptedPackage".encode("utf-16-le"), {"encrypted"}),
    "a picture called xlsx": (lambda _: b"\x89PNG\r\n\x1a\n" + b"\0" * 500, {"unknown_format"}),
    "an archive that is no workbook": (lambda _: _zip({"a.txt": b"x"}), {"unknown_format"}),
    "16,384 columns": (lambda _: (",".join(["a"] * 16_384) + "\n").encode() * 3, {"no_table"}),
    "unclosed quote": (lambda _: b'NAMA_PENERIMA,NIK_KTP\nA,1\n"B,2\nC,3\n', {"unclosed_quote"}),
    "mixed encodings": (lambda _: "NAMA,NIK\nSITÍ,1\n".encode() + "KÉ,2\n".encode("cp1252"), {None}),
}  # fmt: skip


def _zip(members):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_whole_inbox_of_hostile_files_ends_with_a_reason_each(tmp_path):
    folder = tmp_path / "inbox/village_list/2026-09-20"
    folder.mkdir(parents=True)
    for number, (make, _) in enumerate(HOSTILE.values()):
        (folder / f"{number:02d}.xlsx").write_bytes(make(tmp_path))
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for _ in range(2):
            archive.writestr("xl/workbook.xml", BOOK)
    (folder / "duplicate_member.xlsx").write_bytes(buffer.getvalue())
    write_xlsx(folder / "good.xlsx", {"PKH 1": pkh_rows(20)})
    contract = CONTRACTS["dinsos_pkh"].model_copy(update={"id": "village_list", "replaces": "nothing", "expectations": ()})
    started = time.monotonic()
    result = taken_in(tmp_path / "inbox", "village_list", contract)
    assert time.monotonic() - started < 60
    codes = {refusal.file: refusal.code for refusal in result.refused}
    for number, (name, (_, allowed)) in enumerate(HOSTILE.items()):
        assert codes.get(f"{number:02d}.xlsx") in allowed, name
    assert codes["duplicate_member.xlsx"] == "unsafe_archive"
    assert set(result.records["file"]) >= {"good.xlsx"}
    assert result.conservation["holds"].all()


@pytest.mark.parametrize("kind", ["xlsx", "xls", "csv"])
def test_files_cut_at_every_tenth_are_read_whole_or_refused(tmp_path, kind):
    rows = pkh_rows(300)
    whole = {"xlsx": lambda p: write_xlsx(p, {"S": rows}), "xls": lambda p: write_xls(p, {"S": rows}), "csv": lambda p: write_csv(p, rows)}[
        kind
    ](tmp_path / f"whole.{kind}").read_bytes()
    folder = tmp_path / "inbox/village_list/2026-09-20"
    folder.mkdir(parents=True)
    for tenth in range(10):
        (folder / f"{tenth}.{kind}").write_bytes(whole[: len(whole) * tenth // 10])
    contract = CONTRACTS["dinsos_pkh"].model_copy(update={"id": "village_list", "replaces": "nothing", "expectations": ()})
    result = taken_in(tmp_path / "inbox", "village_list", contract)
    if kind == "csv":  # a cut text file is a shorter text file; only its last line may be hurt, and then it is set aside
        assert result.conservation["holds"].all()
        assert set(result.quarantine.loc[result.quarantine["disposition"] == "quarantined", "reason"]) <= {
            "too_few_fields",
            "no_name_and_no_nik",
            "required_value_missing",
        }
    else:
        assert len(result.refused) == 10 - result.records["file"].nunique()
        for _, group in result.records.groupby("file"):
            assert len(group) == 300, "no file may be read in part"


def pool(**limits):
    setup = IntakeSetup({"dinsos_pkh": CONTRACTS["dinsos_pkh"]}, PlaceIndex(AREAS), BANYUWANGI, KEY)
    return WorkerPool(setup, workers=1, limits=Limits(**limits))


def read_job(path, folder):
    folder.mkdir(exist_ok=True)
    return ReadJob(FileToRead(path, "dinsos_pkh", "dinsos_pkh/2026-09-20", None, path.name), folder)


def test_a_file_that_takes_too_long_is_ended_and_the_next_one_goes_on(tmp_path):
    pipe = tmp_path / "never"
    os.mkfifo(pipe)  # opening it for reading waits for ever
    good = write_csv(tmp_path / "good.csv", pkh_rows(3))
    with pool(seconds=1) as workers:
        slow, fine = workers.run_all([read_job(pipe, tmp_path / "1"), read_job(good, tmp_path / "2")])
    assert slow.failure == "too_slow"
    assert fine.report["listed"] == [""]


def test_a_file_that_takes_too_much_memory_is_refused_and_the_next_one_goes_on(tmp_path):
    big = write_csv(tmp_path / "big.csv", [["x" * 1000]] * 100_000)
    good = write_csv(tmp_path / "good.csv", pkh_rows(3))
    with pool(memory=600 * 1024**2) as workers:
        too_much, fine = workers.run_all([read_job(big, tmp_path / "1"), read_job(good, tmp_path / "2")])
    assert too_much.failure == "reader_crashed" or too_much.report["refused"] == "too_large"
    assert fine.report["listed"] == [""]


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
