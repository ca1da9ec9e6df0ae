"""What python-calamine can't read and a second reader can; and that the second one is asked only then, and loses nothing either."""

import datetime as dt
import io
import re
import struct
import tracemalloc
import zipfile

import pytest
from biff_files import biff2, biff3, biff4, biff5, in_ole, stream_of, with_dimension
from hostile_files import SHEET, edited, part_edited, whole, xlsb_part_edited
from intake_workbooks import CONTRACTS, pkh_rows, taken_in, write_xls, write_xlsb, write_xlsx

from intake import xlsx_merged
from intake.readers import after_a_crash, read_sheets
from intake.refusals import Refused
from intake.row_listing import list_rows

ROWS = [["NIK", "NAMA", None, "n"], ["3510161708450003", "SITI", 1.5, 7], [3510161708450010, "KASÉ", None, 70_000], [None, "x"]]
STRICT = {
    b"http://schemas.openxmlformats.org/spreadsheetml/2006/main": b"http://purl.oclc.org/ooxml/spreadsheetml/main",
    b"http://schemas.openxmlformats.org/officeDocument/2006/relationships": b"http://purl.oclc.org/ooxml/officeDocument/relationships",
}
SECOND = ("second_reader",)


def strict(content):
    """The workbook as the strict variant of the standard writes it: with other names of everything."""

    def edit(name, part):
        for old, new in STRICT.items():
            part = part.replace(old, new)
        return part.replace(b"<workbook ", b'<workbook conformance="strict" ', 1) if name == "xl/workbook.xml" else part

    return edited(content, edit)


def renamed(content, old, new):
    """The zip with a part under another name, and all that speaks of it with it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as archive:
        for name in source.namelist():
            archive.writestr(name.replace(old, new), source.read(name).replace(old.encode(), new.encode()))
    return buffer.getvalue()


def without(content, name):
    """The zip without one of its parts."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as source, zipfile.ZipFile(buffer, "w") as archive:
        for other in source.namelist():
            if other != name:
                archive.writestr(other, source.read(other))
    return buffer.getvalue()


def rewritten(content, member, encoding):
    """The zip with one part in another encoding, which it declares."""

    def edit(name, part):
        if not name.endswith(member):
            return part
        return re.sub('encoding="[^"]*"', f'encoding="{encoding}"', part.decode(), count=1).encode(encoding)

    return edited(content, edit)


XLSX = {
    "strict": (strict, ()),
    "small dimension": (lambda base: part_edited(base, "sheet1.xml", rb'<dimension ref="[^"]*"/>', b'<dimension ref="A1"/>'), ()),
    "no numbers of rows and cells": (lambda base: edited(base, lambda name, part: re.sub(rb' r="[A-Z]*\d+"', b"", part) if "sheet1" in name else part), None),
    "no content types": (lambda base: without(base, "[Content_Types].xml"), ()),
    "no styles": (lambda base: without(base, "xl/styles.xml"), ()),
    "dimension that is none": (lambda base: part_edited(base, "sheet1.xml", rb'<dimension ref="[^"]*"/>', b'<dimension ref="xyz"/>'), SECOND),
    "no relations of the package": (lambda base: without(base, "_rels/.rels"), SECOND),
    "a workbook by another name": (lambda base: renamed(base, "workbook.xml", "workbook22.xml"), SECOND),
    "a sheet in UTF-16": (lambda base: rewritten(base, "sheet1.xml", "utf-16"), SECOND),
    "strings in Latin-1": (lambda base: rewritten(base, "sharedStrings.xml", "iso-8859-1"), SECOND),
}  # fmt: skip


@pytest.mark.parametrize("case", XLSX)
def test_every_xlsx_that_a_reader_can_read_is_read_whole(tmp_path, case):
    make, reader = XLSX[case]
    rows = ROWS if case != "no numbers of rows and cells" else [[value or "-" for value in row] for row in ROWS]
    path = tmp_path / "a.xlsx"
    path.write_bytes(make(whole("xlsx", tmp_path, rows)))
    (sheet,) = read_sheets(path)
    assert sheet.row_texts(2)[:2] == ["3510161708450010", "KASÉ"]
    assert (sheet.name, sheet.height, bytes(sheet.types[1]).decode()[:2]) == (SHEET, 4, "TT")
    assert reader is None or sheet.remarks == reader
    assert list_rows(path)[SHEET].tolist() == [1, 2, 3, 4]


XLS = {
    "Excel 97": (lambda _, base: base, SHEET, ()),
    "Excel 97 without its file system": (lambda _, base: stream_of(base), SHEET, SECOND),
    "Excel 97 that declares one cell": (lambda _, base: with_dimension(base, 1, 1), SHEET, ()),
    "Excel 5": (lambda rows, _: in_ole(biff5({SHEET: rows}), "Book"), SHEET, ()),
    "Excel 5 without its file system": (lambda rows, _: biff5({SHEET: rows}), SHEET, SECOND),
    "Excel 4": (lambda rows, _: biff4(rows), "Sheet 1", SECOND),
    "Excel 3": (lambda rows, _: biff3(rows), "Sheet 1", SECOND),
    "Excel 2": (lambda rows, _: biff2(rows), "Sheet 1", SECOND),
}


@pytest.mark.parametrize("case", XLS)
def test_every_xls_since_excel_2_is_read_whole(tmp_path, case):
    make, name, reader = XLS[case]
    path = tmp_path / "a.xls"
    path.write_bytes(make(ROWS, whole("xls", tmp_path, ROWS)))
    (sheet,) = read_sheets(path)
    assert [sheet.row_texts(row) for row in range(4)] == [
        ["NIK", "NAMA", None, "n"],
        ["3510161708450003", "SITI", "1.5", "7"],
        ["3510161708450010", "KASÉ", None, "70000"],
        [None, "x", None, None],
    ]
    assert bytes(sheet.types[1]).decode() == "TTNN"
    assert (sheet.name, sheet.remarks) == (name, reader)
    assert list_rows(path)[name].tolist() == [1, 2, 3, 4]


def both(path):
    """A workbook's sheets by the first reader and by the second."""
    first = list(read_sheets(path))
    with after_a_crash():
        second = list(read_sheets(path))
    assert all(sheet.remarks == SECOND for sheet in second)
    return first, second


@pytest.mark.parametrize("write", [write_xlsx, write_xls])
def test_the_second_reader_gives_what_the_first_one_gives(tmp_path, write):
    rows = [[], [None, "t", dt.date(1980, 1, 2)], ["JUMLAH", 2, 2.5], [None] * 5, ["x", "", 1_000_000_000_000_000, True]]
    first, second = both(write(tmp_path / "a", {"S": rows, "T": [["y"]], "U": []}))
    for one, other in zip(first, second, strict=True):
        assert (one.name, one.height, one.width, one.hidden) == (other.name, other.height, other.width, other.hidden)
        assert [one.row_texts(row) for row in range(one.height)] == [other.row_texts(row) for row in range(other.height)]
        assert one.types.tolist() == other.types.tolist()


def test_hidden_sheets_merged_cells_error_cells_and_the_epoch_are_the_same_by_both(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"A": [["t"], [1, "#N/A", 3]], "B": [["y"]]}, merged=["A1:C1"], hidden=["B"], date_1904=True)
    for sheets in both(path):
        assert [(sheet.hidden, sheet.epoch_1904) for sheet in sheets] == [(False, True), (True, True)]
        assert sheets[0].merged == ((0, 0, 0, 2),)


def with_merged_refs(base, refs, prefix=b""):
    """The .xlsx whose first sheet tells these merged cells behind its own ones."""
    told = b"".join(b'<%bmergeCell ref="%s"/>' % (prefix, ref.encode()) for ref in refs)
    return part_edited(base, "sheet1.xml", b"</sheetData>", b"</sheetData><%bmergeCells>" % prefix + told + b"</%bmergeCells>" % prefix)


MERGED_REFS = {
    "the whole sheet": (["A1:XFD1048576", "A2:A3"], ((0, 0, 1_048_575, 16_383), (1, 0, 2, 0))),
    "over each other": (["A2:A4", "A3:B5", "A2:A4"], ((1, 0, 3, 0), (2, 0, 4, 1), (1, 0, 3, 0))),
    "with dollars": (["$B$2:$B$3"], ((1, 1, 2, 1),)),
}


@pytest.mark.parametrize("case", MERGED_REFS)
def test_the_second_reader_takes_no_damaged_merged_range_for_cells(tmp_path, case):
    refs, expected = MERGED_REFS[case]
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_merged_refs(whole("xlsx", tmp_path, ROWS), refs))
    tracemalloc.start()
    with after_a_crash():
        (sheet,) = read_sheets(path)
    assert sheet.merged == expected
    assert [sheet.row_texts(1)[1], sheet.height, sheet.width] == ["SITI", 4, 4]
    assert tracemalloc.get_traced_memory()[1] < 30 * 2**20  # a workbook loaded whole makes a cell for each that a range covers
    tracemalloc.stop()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "iso-8859-1"])
@pytest.mark.parametrize("prefix", [b"", b"x:"])
def test_the_second_reader_finds_merged_cells_however_the_sheet_is_written(tmp_path, encoding, prefix):
    base = with_merged_refs(whole("xlsx", tmp_path, ROWS), ["A2:A3"])
    if prefix:
        base = edited(
            base,
            lambda name, part: re.sub(rb"<(/?)(?=[a-wyz])", rb"<\1x:", part).replace(b"xmlns=", b"xmlns:x=") if "sheet1" in name else part,
        )
    path = tmp_path / "a.xlsx"
    path.write_bytes(rewritten(base, "sheet1.xml", encoding))
    with after_a_crash():
        (sheet,) = read_sheets(path)
    assert sheet.merged == ((1, 0, 2, 0),)


def test_thousands_of_merged_cells_are_read_by_both(tmp_path):
    rows = [["NIK", "DESA"], *([str(number), "MUNCAR" if number % 3 == 0 else None] for number in range(9000))]
    path = tmp_path / "a.xlsx"
    path.write_bytes(with_merged_refs(whole("xlsx", tmp_path, rows), [f"B{row}:B{row + 2}" for row in range(2, 9002, 3)]))
    for (sheet,) in both(path):
        assert len(sheet.merged) == 3000
        assert sheet.merged[-1] == (8998, 1, 9000, 1)


@pytest.mark.parametrize("ref", ["A0:A3", "A5:A3", "C1:A1", "A1:XFE2", "A1:A1048577", "A:A", "", "A1", "A1:A99999999999", "a1:a2"])
def test_a_merged_range_that_no_sheet_can_have_is_none(ref):
    told = f'<worksheet><mergeCells><mergeCell ref="{ref}"/><mergeCell/><mergeCell ref="A1:B1"/></mergeCells></worksheet>'
    assert xlsx_merged.merged_ranges_of_sheet(io.BytesIO(told.encode())) == ((0, 0, 0, 1),)


def test_more_merged_cells_than_a_sheet_has_rows_are_refused(monkeypatch):
    monkeypatch.setattr(xlsx_merged, "MOST_RANGES", 2)
    told = b'<worksheet><mergeCells><mergeCell ref="A1:A2"/><mergeCell ref="A4:A5"/>%b</mergeCells></worksheet>'
    assert len(xlsx_merged.merged_ranges_of_sheet(io.BytesIO(told % b""))) == 2
    with pytest.raises(Refused, match="too_large"):
        xlsx_merged.merged_ranges_of_sheet(io.BytesIO(told % b'<mergeCell ref="A7:A8"/>'))


def test_merged_cells_of_an_xls_are_the_same_by_both(tmp_path):
    import xlwt

    book = xlwt.Workbook()
    book.dates_1904 = True
    sheet = book.add_sheet("S")
    sheet.write_merge(1, 3, 0, 0, "TEMBOKREJO")
    sheet.write(3, 1, "x")
    book.save(str(tmp_path / "a.xls"))
    for (read,) in both(tmp_path / "a.xls"):
        assert (read.merged, read.epoch_1904) == (((1, 0, 3, 0),), True)


def test_the_second_reader_goes_on_at_the_sheet_where_the_first_one_stops(tmp_path):
    base = write_xlsx(tmp_path / "a.xlsx", {"A": [["x"]], "B": [["y"]], "C": [["z"]]}).read_bytes()
    (tmp_path / "a.xlsx").write_bytes(part_edited(base, "sheet2.xml", rb'<dimension ref="[^"]*"/>', b'<dimension ref="xyz"/>'))
    sheets = list(read_sheets(tmp_path / "a.xlsx"))
    assert [(sheet.name, sheet.row_texts(0), sheet.remarks) for sheet in sheets] == [
        ("A", ["x"], ()),
        ("B", ["y"], SECOND),
        ("C", ["z"], SECOND),
    ]


@pytest.mark.parametrize("kind", ["xlsb", "ods", "html", "csv"])
def test_what_has_no_second_reader_is_refused_after_a_crash(tmp_path, kind):
    path = tmp_path / "a"
    path.write_bytes(whole(kind, tmp_path, [["x", "y"]]))
    with after_a_crash(), pytest.raises(Refused, match="reader_crashed"):
        list(read_sheets(path))


def test_a_list_of_excel_4_is_taken_in(tmp_path):
    folder = tmp_path / "dinsos_pkh/2026-09-20"
    folder.mkdir(parents=True)
    (folder / "daftar.xls").write_bytes(biff4(pkh_rows(5)))
    result = taken_in(tmp_path)
    assert not result.refused
    assert result.records["row"].tolist() == [2, 3, 4, 5, 6]
    assert result.conservation["holds"].all()


# What binary workbooks keep in records of their own


def with_merged(base, *ranges):
    """The .xlsb with merged ranges (first row, last row, first column, last column) behind its cells."""
    told = [(177, struct.pack("<I", len(ranges))), *[(176, struct.pack("<4I", *range_)) for range_ in ranges], (178, b"")]
    return xlsb_part_edited(base, "sheet1.bin", lambda kind, body: [(kind, body), *(told if kind == 146 else [])])


def test_merged_cells_of_an_xlsb_give_their_value_to_all_their_rows(tmp_path):
    rows = pkh_rows(4)
    village = rows[0].index("NMKEL")
    for row in rows[2:]:
        row[village] = None
    folder = tmp_path / "dinsos_pkh/2026-09-20"
    folder.mkdir(parents=True)
    path = folder / "daftar.xlsb"
    path.write_bytes(with_merged(whole("xlsb", tmp_path, rows), (1, 4, village, village)))
    (sheet,) = read_sheets(path)
    assert sheet.merged == ((1, village, 4, village),)
    result = taken_in(tmp_path, contract=CONTRACTS["dinsos_pkh"])
    assert result.records["area_code"].nunique() == 1
    assert result.records["area_code"].notna().all()


def test_the_epoch_of_1904_of_an_xlsb_is_noticed(tmp_path):
    base = write_xlsb(tmp_path / "a.xlsb", {"S": [["t"]]}).read_bytes()
    told = (153, struct.pack("<3I", 1, 0, 0))

    def at_the_start(kind, body):
        return [(kind, body), told] if kind == 131 else [] if kind == 153 else [(kind, body)]

    (tmp_path / "b.xlsb").write_bytes(xlsb_part_edited(base, "workbook.bin", at_the_start))
    assert [next(read_sheets(tmp_path / name)).epoch_1904 for name in ("a.xlsb", "b.xlsb")] == [False, True]
