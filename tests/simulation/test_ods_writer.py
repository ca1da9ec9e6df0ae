"""Our own OpenDocument files must be ordinary ones to other people's readers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from odf.opendocument import load
from python_calamine import CalamineWorkbook

from simulation.ods_writer import MIME_TYPE, write_ods
from simulation.sheets import Sheet
from tests.simulation.conftest import read_workbook

CREATED = date(2026, 8, 2)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(
        st.one_of(st.none(), st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "S")), min_size=1, max_size=30)),
        min_size=1,
        max_size=20,
    )
)
def test_every_text_comes_back(tmp_path_factory: pytest.TempPathFactory, texts: list[str | None]) -> None:
    path = tmp_path_factory.mktemp("texts") / "a.ods"
    write_ods(path, Sheet("S & <1>", pa.table({"key": pa.array(range(len(texts))), "text": pa.array(texts, pa.string())})), CREATED)
    assert [row[1] for row in CalamineWorkbook.from_path(path).get_sheet_by_name("S & <1>").to_python()[1:]] == [
        text or "" for text in texts
    ]


def test_cells_are_where_odfpy_and_calamine_both_find_them(tmp_path: Path) -> None:
    table = pa.table(
        {"nik": pa.array(["3510010101900010", "3510010101900011", None]), "size": pa.array([3, None, 1]), "none": pa.nulls(3, pa.string())}
    )
    sheet = Sheet(
        "RTLH", table, title=("A", "B"), footer=({0: "JUMLAH", 1: 4}, {}, {2: "ttd"}), numeric={"nik": pa.array([True, False, False])}
    )
    write_ods(tmp_path / "a.ods", sheet, CREATED)
    rows = read_workbook(tmp_path / "a.ods")["RTLH"]
    assert rows[4] == ["nik", "size", "none"]
    assert rows[5] == [3510010101900010, 3, None]
    assert rows[6] == ["3510010101900011", None, None]
    assert sheet.record_rows().tolist() == [5, 6, 7]
    assert rows[8] == ["JUMLAH", 4, None]
    assert rows[10] == [None, None, "ttd"]
    by_calamine = CalamineWorkbook.from_path(tmp_path / "a.ods").get_sheet_by_name("RTLH").to_python()
    assert len(by_calamine) == 10
    assert by_calamine[4] == [3510010101900010.0, 3.0, ""]
    assert load(tmp_path / "a.ods").mimetype == MIME_TYPE


def test_what_the_format_is_not_used_for_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="dates"):
        write_ods(tmp_path / "a.ods", Sheet("S", pa.table({"born": pa.array([CREATED])})), CREATED)
