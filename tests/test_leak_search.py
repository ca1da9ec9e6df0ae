"""The leak search finds what is planted, in every kind of container: a search that finds nothing anywhere proves nothing."""

from __future__ import annotations

import base64
import gzip
import io
import json
import pickle
import sqlite3
import struct
import tarfile
import time
import zipfile
import zlib
from pathlib import Path

import numpy as np
import openpyxl
import pandas as pd
import pytest
import xlsxwriter
import xlwt
from leak_search import search_leaks

NIK = "3510160107909991"
NAME = "SUPARMAN CANARY"
OTHERS = [f"35101601079{number:05d}" for number in range(20_000, 26_000)]


def frame(nik: object = NIK) -> pd.DataFrame:
    """A table in which the planted number stands among thousands of others."""
    return pd.DataFrame({"nik": [*OTHERS, nik], "count": range(len(OTHERS) + 1)})


def write_parquet(path: Path) -> None:
    frame().astype({"nik": "string[pyarrow]"}).to_parquet(path, compression="zstd")


def write_parquet_dictionary(path: Path) -> None:
    frame().astype({"nik": "category"}).to_parquet(path)


def write_parquet_integers(path: Path) -> None:
    frame().astype({"nik": "int64"}).to_parquet(path)


def write_parquet_nested(path: Path) -> None:
    pd.DataFrame({"evidence": [[{"left": NIK}], []]}).to_parquet(path)


def write_parquet_json(path: Path) -> None:
    pd.DataFrame({"cells": [json.dumps(["x", NIK]), None]}).to_parquet(path)


def write_feather(path: Path) -> None:
    frame().to_feather(path)


def write_xlsx_shared_strings(path: Path) -> None:
    frame().to_excel(path, index=False, engine="openpyxl")


def write_xlsx_numbers(path: Path) -> None:
    book = openpyxl.Workbook()
    book.active.append([int(NIK)])
    book.save(path)


def write_xlsx_rich_text(path: Path) -> None:
    book = xlsxwriter.Workbook(path)
    bold = book.add_format({"bold": True})
    book.add_worksheet().write_rich_string("A1", NIK[:6], bold, NIK[6:10], NIK[10:])
    book.close()


def write_xls(path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("PKH 1").write(0, 0, NIK)
    book.save(str(path))


def write_xls_numbers(path: Path) -> None:
    book = xlwt.Workbook()
    book.add_sheet("PKH 1").write(0, 0, float(NIK))
    book.save(str(path))


def write_sqlite(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute('CREATE TABLE "a table" (id INTEGER PRIMARY KEY, note TEXT)')
        database.executemany('INSERT INTO "a table" (note) VALUES (?)', [(number,) for number in [*OTHERS, f"nik={NIK}"]])
    database.close()


def write_sqlite_integers(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE person (nik INTEGER)")
        database.execute("INSERT INTO person VALUES (?)", (int(NIK),))
    database.close()


def write_sqlite_compressed_blob(path: Path) -> None:
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE snapshots (body BLOB)")
        database.execute("INSERT INTO snapshots VALUES (?)", (zlib.compress(json.dumps({"config": NIK}).encode()),))
    database.close()


def write_sqlite_wal(path: Path) -> None:
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=WAL")
    database.execute("PRAGMA wal_autocheckpoint=0")
    database.execute("CREATE TABLE events (body BLOB)")
    database.execute("INSERT INTO events VALUES (?)", (zlib.compress(NIK.encode()),))
    database.commit()
    for suffix in ("", "-wal"):  # what a killed process leaves behind: the row stands in the log only
        Path(f"{path}{suffix}.killed").write_bytes(Path(f"{path}{suffix}").read_bytes())
    database.close()
    path.unlink()
    for suffix in ("", "-wal"):
        Path(f"{path}{suffix}.killed").rename(f"{path}{suffix}")


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


def write_zip_in_zip(path: Path) -> None:
    path.write_bytes(zipped("outer.zip", zipped("inner.txt", f"{NIK}\n".encode() * 50)))


def write_zip_member_name(path: Path) -> None:
    path.write_bytes(zipped(f"worksheet_{NIK}.txt", b"empty"))


def write_gz_log(path: Path) -> None:
    path.write_bytes(gzip.compress(f"2026-10-01 ERROR duplicate key (nik)=({NIK})\n".encode()))


def write_tar_gz(path: Path) -> None:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        member = tarfile.TarInfo("a.txt")
        member.size = 16
        archive.addfile(member, io.BytesIO(NIK.encode()))
    path.write_bytes(packed.getvalue())


def write_html(path: Path) -> None:
    path.write_text(f"<html><td>{NIK[:6]}<b>{NIK[6:12]}</b>{NIK[12:]}</td></html>", encoding="utf-8")


def write_html_entities(path: Path) -> None:
    path.write_text("<p>" + "".join(f"&#{ord(digit)};" for digit in NIK) + "</p>", encoding="utf-8")


def write_html_base64_array(path: Path) -> None:
    packed = base64.b64encode(np.array([1, int(NIK), 3], dtype=np.int64).tobytes()).decode()
    path.write_text(f'<script>{{"type":"bytes","data":"{packed}"}}</script>', encoding="utf-8")


def write_html_compressed_base64(path: Path) -> None:
    packed = base64.b64encode(gzip.compress(json.dumps(frame().to_dict("records")).encode())).decode()
    path.write_text(f'<script id="data">{packed}</script>', encoding="utf-8")


def write_json_escaped(path: Path) -> None:
    path.write_text('{"nik": "' + "".join(f"\\u{ord(digit):04x}" for digit in NIK) + '"}', encoding="utf-8")


def write_json_number(path: Path) -> None:
    path.write_text(json.dumps({"nik": float(NIK)}), encoding="utf-8")


def write_pickle(path: Path) -> None:
    path.write_bytes(pickle.dumps({"nik": NIK}))


def write_pickled_array(path: Path) -> None:
    path.write_bytes(b"x" + pickle.dumps(np.array([int(NIK)])))


def write_float_bytes(path: Path) -> None:
    path.write_bytes(b"abc" + struct.pack("<d", float(NIK)))


def write_utf16(path: Path) -> None:
    path.write_text(f"nik;{NIK};x", encoding="utf-16")


def write_spaced(path: Path) -> None:
    path.write_text("NIK 3510 1601 0790 9991", encoding="utf-8")


def write_glued(path: Path) -> None:
    path.write_text(f"35{NIK}77", encoding="utf-8")


def write_csv_starting_with_x(path: Path) -> None:
    path.write_text(f"x,<i>{NIK[:3]}</i>{NIK[3:]}", encoding="utf-8")


WRITERS = [writer for name, writer in sorted(globals().items()) if name.startswith("write_")]


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__.removeprefix("write_"))
def test_a_planted_number_is_found(tmp_path, write):
    """Each container hides its content from a byte search in its own way."""
    planted = tmp_path / "deep" / "planted"
    planted.parent.mkdir()
    write(planted)
    hits = search_leaks([tmp_path], [NIK, "3510160107909992"])
    assert {hit.path.name.removesuffix("-wal") for hit in hits} == {"planted"}
    assert {hit.what for hit in hits} == {"351016**********"}


@pytest.mark.parametrize("write", WRITERS, ids=lambda write: write.__name__.removeprefix("write_"))
def test_another_number_is_not_found(tmp_path, write):
    """A search that cries at everything is switched off."""
    write(tmp_path / "planted")
    assert search_leaks([tmp_path], ["3510160107909992", NAME]) == []


@pytest.mark.parametrize(
    ("content", "encoding"),
    [(f"x {NAME} y", "utf-8"), (NAME.lower(), "utf-8"), (NAME.title(), "utf-16-le")],
    ids=["plain", "case", "utf16"],
)
def test_names_are_found_in_any_case(tmp_path, content, encoding):
    """A name is personal data too, and programs change its case."""
    (tmp_path / "log.txt.gz").write_bytes(gzip.compress(content.encode(encoding)))
    assert [hit.inner for hit in search_leaks([tmp_path], [NAME])] == ["gzip"]


def test_the_place_inside_is_named(tmp_path):
    """Whoever has to stop a leak must know which table and column it comes from."""
    write_sqlite(tmp_path / "runs.db")
    assert "a table.note" in {hit.inner for hit in search_leaks([tmp_path], [NIK])}


def test_file_names_count(tmp_path):
    """A report that is named after the person leaks without being opened."""
    (tmp_path / f"{NIK}.txt").write_text("nothing", encoding="utf-8")
    assert [hit.inner for hit in search_leaks([tmp_path], [NIK])] == ["the file's name"]


@pytest.mark.parametrize(
    "content", [zipped("a", b"a" * 999)[:60], b"PAR1cut off", gzip.compress(b"a" * 999)[:15]], ids=["zip", "parquet", "gzip"]
)
def test_what_cannot_be_opened_is_reported(tmp_path, content):
    """Not having looked is not having found nothing."""
    (tmp_path / "broken").write_bytes(content)
    (hit,) = search_leaks([tmp_path], [NIK])
    assert hit.what.startswith("could not be opened")


def test_senseless_searches_are_refused(tmp_path):
    """A mistyped folder or an empty list of needles would find nothing, and the test would be green."""
    with pytest.raises(FileNotFoundError):
        search_leaks([tmp_path / "missing"], [NIK])
    with pytest.raises(ValueError, match="none at all"):
        search_leaks([tmp_path], [])
    with pytest.raises(ValueError, match="fewer than 4"):
        search_leaks([tmp_path], ["SU"])


def test_a_dagster_home_is_searched_in_seconds(tmp_path):
    """6,000 numbers in 20 MB of Parquet, SQLite and logs: slower than this, nobody runs it in every test."""
    generator = np.random.default_rng(1)
    for part in range(4):
        pd.DataFrame({f"c{column}": generator.integers(0, 10**9, 50_000).astype(str) for column in range(4)}).to_parquet(
            tmp_path / f"{part}"
        )
    lines = [
        f"2026-10-01 12:00:{part % 60:02d} - dagster - DEBUG - {'0a1b2c3d' * 4} step_{part} /home/padan/.dagster/storage/{part:06d}/step"
        for part in range(40_000)
    ]
    (tmp_path / "log").write_text("\n".join(lines), encoding="utf-8")
    with sqlite3.connect(tmp_path / "runs.db") as database:
        database.execute("CREATE TABLE event_logs (event TEXT)")
        database.executemany("INSERT INTO event_logs VALUES (?)", [(json.dumps({"message": line}),) for line in lines])
    database.close()
    started = time.process_time()
    assert search_leaks([tmp_path], [*OTHERS, NAME]) == []
    assert time.process_time() - started < 15
