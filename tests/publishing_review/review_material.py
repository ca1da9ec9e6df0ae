"""A queue of four doubtful records in two sub-districts, made of plain frames, and workbooks of it filled in as an officer would."""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from pathlib import Path

import openpyxl
import pandas as pd

from publishing.language import Language
from publishing.review_cases import ReviewQueue, review_queue
from publishing.review_export import export_queue
from publishing.review_index import INDEX_SHEET, AnswerPlace
from publishing.review_workbook import Look
from schemas.canonical import TEXT

KEY = b"k" * 32
FORMULA = '=HYPERLINK("http://x","KLIK")'
AREAS = pd.DataFrame(
    {
        "area_code": ["35.10.01", "35.10.02", "35.10.01.2001", "35.10.02.2001"],
        "name": ["Pesanggaran", "Bangorejo", "Sumberagung", "Sambirejo"],
    }
)
LINES = {
    # record: name as the office wrote it, village, candidates by NIK, decile
    "r1": (FORMULA, "35.10.01.2001", ("3510010101800001", "3510010101800002"), 6),
    "r2": ("SITI AMINAH", "35.10.01.2001", ("3510014201750003",), 1),
    "r3": ("MUSA", "35.10.02.2001", ("3510020303900004",), 1),
    "r4": ("MUSA", "35.10.02.2001", ("3510020303900004", "3510020303900005"), 1),
}


def hashed(values: pd.Series, key: bytes = KEY) -> pd.Series:
    return pd.Series(
        [pd.NA if pd.isna(value) else hmac.digest(key, str(value).encode(), "sha256").hex() for value in values],
        index=values.index,
        dtype=TEXT,
    )


def frames() -> dict[str, pd.DataFrame]:
    records = pd.DataFrame(
        [
            {
                "record_id": f"list:{name}:1",
                "source": "list",
                "record_key": name,
                "mention": "person",
                "delivered_on": pd.Timestamp("2026-09-15"),
                "programme": "pkh",
                "name": line[0],
                "birth_date": pd.Timestamp("1980-01-01") if name != "r1" else pd.NaT,
                "area_code": line[1],
                "decile": line[3],
            }
            for name, line in LINES.items()
        ]
    )
    niks = sorted({nik for line in LINES.values() for nik in line[2]})
    population = pd.DataFrame(
        {"nik": niks, "name": [f"PENDUDUK {nik[-1]}" for nik in niks], "resident_status": "HIDUP", "area_code": "35.10.01.2001"}
    )
    for name in ("kk_number", "sex", "mother_name", "hamlet", "rt", "rw", "address", "relation"):
        population[name] = pd.NA
        records[name] = pd.NA
    records["nik"] = pd.NA
    population["birth_date"] = pd.Timestamp("1980-01-01")
    evidence = json.dumps(
        {"comparisons": [{"column": "name", "level": "jaro_winkler 0.9", "weight": 1.0}], "prior": -1.0, "candidates": 2, "runner_up": 0.3}
    )
    review = pd.DataFrame(
        [
            {
                "record_id": f"list:{name}:1",
                "rank": rank,
                "register_nik": nik,
                "probability": 0.4 / rank,
                "reason": "namesakes",
                "evidence": evidence,
            }
            for name, line in LINES.items()
            for rank, nik in enumerate(line[2], start=1)
        ]
    )
    persons = pd.DataFrame({"person_id": ["P1"], "nik": ["3510014201750003"], "family_id": ["F1"]}).astype(TEXT)
    families = pd.DataFrame({"family_id": pd.Series(["F1"], dtype=TEXT), "is_poor": [True]})
    eligibility = pd.DataFrame({"programme_id": ["sembako"], "status": ["eligible"], "person_id": [pd.NA], "family_id": ["F1"]}).astype(
        TEXT
    )
    texts = {
        "record_id",
        "source",
        "record_key",
        "mention",
        "programme",
        "nik",
        "kk_number",
        "name",
        "sex",
        "mother_name",
        "area_code",
        "hamlet",
        "rt",
        "rw",
        "address",
        "relation",
        "resident_status",
        "register_nik",
        "reason",
        "evidence",
    }
    typed = {
        name: frame.astype({column: TEXT for column in frame.columns if column in texts})
        for name, frame in (("social_records", records), ("population", population), ("review_cases", review))
    }
    none = pd.DataFrame({name: pd.Series(dtype=TEXT) for name in ("record_id", "other_record_id", "evidence")}).assign(probability=0.5)
    return typed | {"unregistered_pairs": none} | {"persons": persons, "families": families, "programme_eligibility": eligibility}


def no_decisions() -> pd.DataFrame:
    return pd.DataFrame(
        {name: pd.Series(dtype=TEXT) for name in ("source", "record_key", "mention", "candidate_hash", "decided_by", "decision")}
    )


def queue(decisions: pd.DataFrame | None = None) -> ReviewQueue:
    return review_queue(frames(), no_decisions() if decisions is None else decisions, hashed, {"pkh": 3_000_000, "sembako": 2_400_000})


def look(language: str = "id", *, blind: bool = False) -> Look:
    return Look(Language.of(language), blind, villages={}, sources={"list": "Daftar"})


def exported(folder: Path, language: str = "id", *, blind: bool = False) -> list[Path]:
    return list(export_queue(queue(), AREAS, folder, look(language, blind=blind), hashed).paths)


def places(path: Path) -> list[AnswerPlace]:
    rows = openpyxl.load_workbook(path)[INDEX_SHEET].iter_rows(min_row=2, values_only=True)
    return [AnswerPlace.from_cells([cell or "" for cell in row]) for row in rows]


def filled(path: Path, answer: Callable[[AnswerPlace], str | None] | Mapping[tuple[str, str], str], to: Path) -> Path:
    """The workbook with an answer in each cell for which there is one; a mapping is keyed by record key and the NIK's last digit."""
    workbook = openpyxl.load_workbook(path)
    sheet = workbook[workbook.sheetnames[1]]
    digit = {hashed(pd.Series([nik])).iloc[0]: nik[-1] for line in LINES.values() for nik in line[2]}
    for place in places(path):
        said = answer(place) if callable(answer) else answer.get((place.record_key, digit[place.candidate_hash]))
        if said is not None:
            sheet.cell(place.answer_row + 1, place.column + 1).value = said
    workbook.save(to)
    return to
