"""Returned workbooks: answers are taken as they were meant, and nothing is taken from a workbook that cannot be right."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from review_material import exported, filled, hashed

from publishing.language import Language
from publishing.review_reading import Returned, read_returned

WORDS = Language("id")


@pytest.fixture
def workbooks(tmp_path: Path) -> dict[str, Path]:
    return {path.name.split("_")[1]: path for path in exported(tmp_path / "review")}


def read(*paths: Path) -> Returned:
    return read_returned(paths, hashed, WORDS)


def test_answers_come_back_as_they_were_given(workbooks: dict[str, Path], tmp_path: Path) -> None:
    back = read(filled(workbooks["pesanggaran"], {("r1", "1"): "sama", ("r1", "2"): " BEDA "}, tmp_path / "back.xlsx"))
    assert back.problems == []
    assert back.unanswered == 1
    assert sorted(back.answers["decision"]) == ["different", "same"]
    assert set(back.answers["record_key"]) == {"r1"}


@pytest.mark.parametrize("answer", ["same", "sama"])
def test_both_languages_are_understood(workbooks: dict[str, Path], tmp_path: Path, answer: str) -> None:
    back = read(filled(workbooks["bangorejo"], {("r3", "4"): answer}, tmp_path / "back.xlsx"))
    assert back.answers["decision"].tolist() == ["same"]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        ({("r1", "1"): "sama", ("r1", "2"): "sama"}, "lembar Kasus, baris 18, kolom D: kasus ini sudah dijawab sama di Kasus!C18"),
        ({("r1", "1"): "ya"}, "lembar Kasus, baris 18, kolom C: jawaban harus sama, beda, atau ragu"),
    ],
    ids=["two residents for one record", "no answer of the three"],
)
def test_a_wrong_answer_is_named_by_its_cell(
    workbooks: dict[str, Path], tmp_path: Path, answers: dict[tuple[str, str], str], message: str
) -> None:
    back = read(filled(workbooks["pesanggaran"], answers, tmp_path / "back.xlsx"))
    assert len(back.problems) == 1
    assert message in back.problems[0]
    assert "back.xlsx" in back.problems[0]


def test_two_workbooks_that_contradict_each_other(workbooks: dict[str, Path], tmp_path: Path) -> None:
    """Prevents the last file from winning in silence."""
    one = filled(workbooks["bangorejo"], {("r3", "4"): "sama"}, tmp_path / "one.xlsx")
    other = filled(workbooks["bangorejo"], {("r3", "4"): "beda"}, tmp_path / "other.xlsx")
    (problem,) = [text for text in read(one, other).problems if "bertentangan" in text]
    assert problem.startswith("other.xlsx, lembar Kasus")
    assert "one.xlsx, Kasus!" in problem


def test_what_is_said_of_equal_rows_must_agree(workbooks: dict[str, Path], tmp_path: Path) -> None:
    """r3 and r4 say exactly the same of who they are: they cannot be two residents (transitivity across cases)."""
    problems = read(filled(workbooks["bangorejo"], {("r3", "4"): "sama", ("r4", "5"): "sama"}, tmp_path / "two.xlsx")).problems
    assert len(problems) == 1
    assert "orang yang sama persis" in problems[0]
    problems = read(filled(workbooks["bangorejo"], {("r3", "4"): "sama", ("r4", "4"): "beda"}, tmp_path / "differ.xlsx")).problems
    assert len(problems) == 1
    assert "sama dan beda" in problems[0]
    assert read(filled(workbooks["bangorejo"], {("r3", "4"): "sama", ("r4", "4"): "sama"}, tmp_path / "fine.xlsx")).problems == []


def test_a_workbook_of_another_office_is_refused(workbooks: dict[str, Path]) -> None:
    back = read_returned([workbooks["bangorejo"]], lambda values: hashed(values, b"another key of another office !!"), WORDS)
    assert "bukan buatan Padan di komputer ini" in back.problems[0]


def test_altered_keys_are_refused(workbooks: dict[str, Path], tmp_path: Path) -> None:
    """Prevents an answer from being turned to another record by editing the hidden sheet."""
    workbook = openpyxl.load_workbook(workbooks["bangorejo"])
    workbook["padan"].cell(2, 7).value = "r9"
    workbook.save(tmp_path / "altered.xlsx")
    assert "kunci kasusnya berubah" in read(tmp_path / "altered.xlsx").problems[0]


def test_rearranged_cases_are_refused(workbooks: dict[str, Path], tmp_path: Path) -> None:
    """Prevents answers from landing at the neighbour's case after a row was put in."""
    path = filled(workbooks["bangorejo"], {("r3", "4"): "sama"}, tmp_path / "moved.xlsx")
    workbook = openpyxl.load_workbook(path)
    workbook["Kasus"].insert_rows(1)
    workbook.save(path)
    back = read(path)
    assert "seharusnya ada Kasus 1" in back.problems[0]
    assert back.answers.empty


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 broken", b"NIK;NAMA\n1;2\n"], ids=["empty", "broken zip", "CSV"])
def test_other_files_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "other.xlsx").write_bytes(content)
    assert "bukan buku kerja tinjauan" in read(tmp_path / "other.xlsx").problems[0]


def test_any_other_workbook_is_refused(tmp_path: Path) -> None:
    pd.DataFrame({"NIK": ["1"]}).to_excel(tmp_path / "list.xlsx")
    assert "bukan buku kerja tinjauan" in read(tmp_path / "list.xlsx").problems[0]
