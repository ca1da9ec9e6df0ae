"""Readers: true row and column numbers, text told from numbers, nothing lost; the independent listing sees the same rows."""

import datetime as dt
import io
import re
import zipfile

import numpy as np
import pytest
from biff_files import in_ole
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from intake_workbooks import write_csv, write_ods, write_xls, write_xlsb, write_xlsx

from intake.cell_arrays import mixed_column, number_texts
from intake.formats import detect_format
from intake.readers import read_sheets
from intake.refusals import Refused
from intake.row_listing import list_rows
from intake.text_reader import detect_delimiter, detect_encoding

WRITERS = {"xlsx": write_xlsx, "xls": write_xls, "ods": write_ods, "xlsb": write_xlsb}


def one_sheet(path):
    (sheet,) = list(read_sheets(path))
    return sheet


def filled_rows(sheet):
    return (np.flatnonzero(sheet.filled().any(axis=1)) + 1).tolist() if sheet.height else []


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_leading_blank_rows_and_columns_keep_their_places(tmp_path, kind):
    # calamine skips them by default, and every row number after it is wrong.
    path = WRITERS[kind](tmp_path / f"a.{kind}", {"S": [[], [], [None, None, "x"], [None, "y"]]})
    sheet = one_sheet(path)
    assert (sheet.height, sheet.width) == (4, 3)
    assert sheet.row_texts(2) == [None, None, "x"]
    assert filled_rows(sheet) == [3, 4] == list_rows(path)["S"].tolist()


@pytest.mark.parametrize("kind", list(WRITERS))
def test_text_numbers_and_dates_are_told_apart(tmp_path, kind):
    rows = [["h", "i", "j", "k"], ["3510161708450003", 3510161708450010, 1.5, dt.date(1980, 1, 2)]]
    sheet = one_sheet(WRITERS[kind](tmp_path / f"a.{kind}", {"S": rows}))
    assert sheet.row_texts(1) == ["3510161708450003", "3510161708450010", "1.5", "1980-01-02"]
    assert bytes(sheet.types[1]).decode() == "TNND"


@pytest.mark.parametrize("kind", ["xlsx", "xls", "ods"])
def test_a_sheet_that_is_read_in_several_blocks_is_the_same_sheet(tmp_path, kind, monkeypatch):
    """Rows become columns a block at a time: a block of numbers below one of text, and rows beside the border, stay what they are."""
    rows = [[], [None, "h", "i"], *([None, n if n % 3 else f"t{n}", dt.date(1980, 1, n) if n > 4 else None] for n in range(1, 9))]
    path = WRITERS[kind](tmp_path / f"a.{kind}", {"S": rows})
    whole = one_sheet(path)
    for at_a_time in (1, 3):
        monkeypatch.setattr("intake.workbook_reader._ROWS_AT_A_TIME", at_a_time)
        parted = one_sheet(path)
        assert [column.to_pylist() for column in parted.cells] == [column.to_pylist() for column in whole.cells]
        assert (parted.types == whole.types).all()


def test_a_column_of_few_distinct_values_is_converted_as_each_of_them():
    """True equals 1.0 and 0.0 equals -0.0: looked up, a value must not get the text or the type of one that it merely equals."""
    for values in ((1.0, "a", "", None, 1), (True, 1.0, False, 0.0), (dt.date(1980, 1, 2), dt.datetime(1980, 1, 2, 5), "")):
        cells, types = mixed_column(values * 50)
        singly = [mixed_column([value]) for value in values]
        assert cells.to_pylist() == [cell[0].as_py() for cell, _ in singly] * 50
        assert types.tolist() == [int(letter[0]) for _, letter in singly] * 50


def test_numbers_keep_all_digits_and_get_none_more():
    texts = number_texts(np.array([3510161708450010.0, 2.0**53, 1e300, 0.1, -5.0, 1.0, float("nan")])).tolist()
    assert texts == ["3510161708450010", "9007199254740992.0", "1e+300", "0.1", "-5", "1", "nan"]


def test_rows_are_listed_with_and_without_a_name_space_before_each_name(tmp_path):
    """`<x:row>` is looked for only where some `:row` stands; a workbook of which no row is seen would be refused whole."""
    plain = write_xlsx(tmp_path / "a.xlsx", {"S": [["h"], [], [1, "x"], [None, "y"]]})
    prefixed = tmp_path / "b.xlsx"
    with zipfile.ZipFile(plain) as given, zipfile.ZipFile(prefixed, "w") as made:
        for name in given.namelist():
            content = given.read(name).decode()
            made.writestr(name, re.sub(r"<(/?)(?=\w)", r"<\1x:", content) if "worksheets" in name or "Strings" in name else content)
    assert list_rows(prefixed)["S"].tolist() == [1, 3, 4] == list_rows(plain)["S"].tolist()


def test_whole_formats_are_known_by_content_not_by_name(tmp_path):
    assert detect_format(write_xlsx(tmp_path / "a.csv", {"S": [["x"]]})) == "xlsx"
    assert detect_format(write_xls(tmp_path / "a.xlsx", {"S": [["x"]]})) == "xls"
    assert detect_format(write_csv(tmp_path / "a.xls", [["x", "y"]])) == "text"
    (tmp_path / "b.xls").write_text("<html><table><tr><td>x</td></tr></table></html>")
    assert detect_format(tmp_path / "b.xls") == "html"


@pytest.mark.parametrize("content", [b"", b"   \n", b"\xef\xbb\xbf", bytes(range(256)) * 20])
def test_what_is_no_table_is_refused_by_name(tmp_path, content):
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        detect_format(path)
    assert refused.value.code in {"empty_file", "unknown_format"}


def zipped(**parts):
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/"), content)
    return buffer.getvalue()


CONTENT_TYPES = "[Content_Types].xml"
OTHER_KINDS = {
    "docx": (zipped(**{CONTENT_TYPES: "<Types/>", "word/document.xml": "<w/>"}), "dokumen Word"),
    "pptx": (zipped(**{CONTENT_TYPES: "<Types/>", "ppt/presentation.xml": "<p/>"}), "presentasi"),
    "odt": (zipped(**{"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<x/>"}), "dokumen Word"),
    "doc": (in_ole(b"x" * 5000, "WordDocument"), "dokumen Word"),
    "rtf": (b"{\\rtf1\\ansi Daftar}", "dokumen Word"),
    "pdf": (b"%PDF-1.4 x", "PDF"),
    "picture": (b"\x89PNG\r\n\x1a\n", "gambar"),
    "zip of files": (zipped(**{"penerima.xlsx": "x"}), "arsip"),
    "program": (b"\x7fELF\x02\x01", "program"),
}


@pytest.mark.parametrize("kind", OTHER_KINDS)
def test_a_file_of_another_kind_is_told_what_it_is(tmp_path, kind):
    """Renamed .xlsx, a Word document was an unreadable spreadsheet that the officer should save anew, in vain."""
    content, said = OTHER_KINDS[kind]
    path = tmp_path / "daftar.xlsx"
    path.write_bytes(content)
    with pytest.raises(Refused) as refused:
        list(read_sheets(path))
    assert refused.value.code == "not_a_spreadsheet"
    assert f"Berkas ini {said}" in refused.value.message.id
    assert "kirim sebagai xlsx" in refused.value.message.id


def test_a_spreadsheet_that_says_its_kind_is_one(tmp_path):
    assert detect_format(write_ods(tmp_path / "a.docx", {"S": [["x"]]})) == "ods"


def test_a_hidden_sheet_is_read_and_said_to_be_hidden(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"A": [["x"]], "B": [["y"]]}, hidden=["B"])
    assert [(sheet.name, sheet.hidden) for sheet in read_sheets(path)] == [("A", False), ("B", True)]


def test_merged_ranges_are_told(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"A": [["t"], [1, 2, 3]]}, merged=["A1:C1"])
    assert one_sheet(path).merged == ((0, 0, 0, 2),)


def test_the_epoch_of_1904_is_noticed(tmp_path):
    path = write_xlsx(tmp_path / "a.xlsx", {"A": [["t"]]}, date_1904=True)
    assert one_sheet(path).epoch_1904


# Text files


@pytest.mark.parametrize(
    ("encoding", "found"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8-sig"),
        ("utf-16", "utf-16"),
        ("utf-16-le", "utf-16-le"),
        ("utf-16-be", "utf-16-be"),
        ("cp1252", "cp1252"),
    ],
)
def test_encodings_are_decided_by_evidence(tmp_path, encoding, found):
    path = write_csv(tmp_path / "a.csv", [["Nama", "Alamat"], ["Sitì Aminah", "Jl. Ké 5"]], encoding=encoding)
    assert detect_encoding(path.read_bytes()) == found
    sheet = one_sheet(path)
    assert sheet.row_texts(1) == ["Sitì Aminah", "Jl. Ké 5"]
    assert f"encoding:{found}" in sheet.remarks
    assert list_rows(path)[""].tolist() == [1, 2]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_separators_are_found_though_others_stand_in_the_text(tmp_path, delimiter):
    rows = [["NAMA", "ALAMAT", "X"], ["A, B; C", "Jl. 1, No 2", "y"], ["C|D", "1;2,3", "z"]] * 5
    path = write_csv(tmp_path / "a.txt", rows, delimiter=delimiter)
    assert detect_delimiter(path.read_text()) == delimiter
    assert one_sheet(path).row_texts(1) == ["A, B; C", "Jl. 1, No 2", "y"]


def test_each_line_keeps_its_number_of_fields(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b,c\n1,2,3\n1,2\n\n1,2,3,4\n")
    sheet = one_sheet(path)
    assert sheet.field_counts is not None
    assert sheet.field_counts.tolist() == [3, 3, 2, 0, 4]
    assert filled_rows(sheet) == [1, 2, 3, 5] == list_rows(path)[""].tolist()


def test_a_line_break_in_a_quoted_field_is_no_row(tmp_path):
    path = write_csv(tmp_path / "a.csv", [["a", "b"], ["x\ny", "1"], ["z", 'say "hi"'], ["q", "2"]])
    sheet = one_sheet(path)
    assert sheet.row_texts(1) == ["x\ny", "1"]
    assert filled_rows(sheet) == [1, 2, 3, 4] == list_rows(path)[""].tolist()


def test_a_quotation_mark_inside_a_word_is_a_letter(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text('nama|alamat\nSITI "TI" AMINAH|JL. 5\nUDIN|GG 5" KIRI\nWATI|JL. 6\n')
    sheet = one_sheet(path)
    assert filled_rows(sheet) == [1, 2, 3, 4] == list_rows(path)[""].tolist()


def test_an_unclosed_quotation_mark_is_refused_with_its_line(tmp_path):
    # The standard reader would swallow all lines after it into one field.
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1,2\n3,4\n" + '"5,6\n' + "7,8\n" * 50)
    with pytest.raises(Refused) as refused:
        list(read_sheets(path))
    assert (refused.value.code, refused.value.facts["row"]) == ("unclosed_quote", 4)


def test_a_giant_field_and_nuls(tmp_path):
    path = tmp_path / "a.csv"
    path.write_text("a,b\n1," + "x" * 200_000 + "\n")
    with pytest.raises(Refused, match="giant_field"):
        list(read_sheets(path))
    path.write_bytes(b"a,b\n1,\x002\n" + b"3,4\n" * 500)
    sheet = one_sheet(path)
    assert sheet.row_texts(1) == ["1", "2"]
    assert "nul_characters_removed" in sheet.remarks


# HTML


def test_html_tables_are_sheets(tmp_path):
    path = tmp_path / "laporan.xls"
    path.write_text(
        "<html><head><style>td{}</style></head><body><p>Laporan</p>"
        "<table><tr><td colspan=2>DAFTAR</td></tr><tr></tr><tr><th>Nama<br>Lengkap</th><th>NIK&nbsp;KTP</th></tr>"
        "<tr><td>SITI &amp; A</td><td>3510161708450003</td></tr></table><table><tr><td>x</td></tr></table></body></html>"
    )
    first, second = list(read_sheets(path))
    assert first.row_texts(2) == ["Nama Lengkap", "NIK\u00a0KTP"]
    assert first.row_texts(3) == ["SITI & A", "3510161708450003"]
    assert first.merged == ((0, 0, 0, 1),)
    assert filled_rows(first) == [1, 3, 4]
    listed = list_rows(path)
    assert {first.name: filled_rows(first), second.name: filled_rows(second)} == {name: rows.tolist() for name, rows in listed.items()}


@pytest.mark.parametrize("section", ["<![NGI x]>", "<![if !supportEmptyParas]>", "<![CDATA[x]]>", "<!--[if gte mso 9]><b><![endif]-->"])
def test_marked_sections_of_a_page_are_no_content(tmp_path, section):
    """The parser of the standard library dies of those whose names it does not know."""
    path = tmp_path / "a.xls"
    path.write_text(f"<html><table>{section}<tr><td>NIK</td></tr><tr><td>1</td></tr></table></html>")
    sheet = one_sheet(path)
    assert [sheet.row_texts(row) for row in range(sheet.height)] == [["NIK"], ["1"]]
    assert filled_rows(sheet) == list_rows(path)["tabel 1"].tolist()


@pytest.mark.parametrize(
    ("end", "whole"), [("</table></body></html>", True), ("</table>", True), ("</body></html>", True), ("", False), ("</ta", False)]
)
def test_a_page_that_is_cut_off_is_refused(tmp_path, end, whole):
    path = tmp_path / "a.html"
    path.write_text("<html><body><table><tr><td>NIK</td></tr><tr><td>1</td></tr>" + end)
    if whole:
        assert one_sheet(path).height == 2
    else:
        with pytest.raises(Refused, match="truncated"):
            one_sheet(path)


def test_spans_push_cells_to_their_columns(tmp_path):
    path = tmp_path / "a.html"
    path.write_text("<table><tr><td rowspan=2>a</td><td>b</td></tr><tr><td>c</td></tr></table>")
    assert one_sheet(path).row_texts(1) == [None, "c"]


# All formats: the reader and the independent listing agree on random tables

cell = st.one_of(
    st.none(),
    st.sampled_from(["x", "3510161708450003", " ", "JUMLAH", 'a"b', "a,b;c|d", "-8.2", "Ké"]),
    st.integers(-(10**15), 10**15),
    st.floats(-1e6, 1e6).map(lambda value: round(value, 4)),
    st.dates(dt.date(1910, 1, 1), dt.date(2026, 1, 1)),
)
tables = st.lists(st.lists(cell, max_size=6), max_size=12)


@pytest.mark.parametrize("kind", list(WRITERS))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=tables)
def test_reader_and_listing_see_the_same_rows(tmp_path, kind, rows):
    if kind == "xlsb":
        width = max((len(row) for row in rows), default=0)
        rows = [[*row, *[None] * (width - len(row))] for row in rows]
        if not rows or not width:
            return
    path = WRITERS[kind](tmp_path / f"t.{kind}", {"Satu": rows, "Dua": [["x"]]})
    sheets = {sheet.name: sheet for sheet in read_sheets(path)}
    listed = list_rows(path)
    assert set(sheets) == set(listed)
    for name, sheet in sheets.items():
        assert filled_rows(sheet) == listed[name].tolist()
    expected = [number for number, row in enumerate(rows, start=1) if any(value is not None and str(value).strip() for value in row)]
    assert filled_rows(sheets["Satu"]) == expected


@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    rows=st.lists(st.lists(st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00\x1a"), max_size=8), min_size=2, max_size=4), min_size=1, max_size=10),
    delimiter=st.sampled_from([",", ";", "|"]),
)  # fmt: skip
def test_text_reader_and_listing_see_the_same_rows(tmp_path, rows, delimiter):
    path = write_csv(tmp_path / "t.csv", [["kolom a", "kolom b"], *rows], delimiter=delimiter)
    try:
        (sheet,) = list(read_sheets(path))
    except Refused:
        return
    assert filled_rows(sheet) == list_rows(path)[""].tolist()


@given(
    st.lists(
        st.one_of(st.text(max_size=5), st.integers(-(2**53), 2**53), st.floats(allow_nan=False), st.booleans(), st.dates(), st.none()),
        max_size=30,
    )
)
def test_a_mixed_column_loses_no_cell(values):
    cells, types = mixed_column(values)
    assert len(cells) == len(types) == len(values)
    for value, text, kind in zip(values, cells.to_pylist(), types, strict=True):
        if value is None or value == "":
            assert (text, kind) == (None, ord("_"))
        elif isinstance(value, bool):
            assert text == ("TRUE" if value else "FALSE")
        elif isinstance(value, int | float):
            assert float(text) == float(value)
        else:
            assert text == str(value)
