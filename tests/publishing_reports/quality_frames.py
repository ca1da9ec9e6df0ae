"""A small run with every kind of trouble, as intake, linkage and geocoding would have written it. Canary numbers stand where values are."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import cache

import pandas as pd

from publishing.quality_figures import quality_report_of
from publishing.quality_report_input import Estimate, QualityReport, RunFrames
from schemas.areas import load_areas
from schemas.canonical import TEXT
from schemas.contracts import SourceContract, load_contracts

CANARY_NIK, CANARY_NAME = "3510160101900007", "SITI KENARI"
KARANGREJO, TEMBOKREJO = "35.10.16.1007", "35.10.05.2003"
ESTIMATES = (Estimate(0.99997, 0.996, 1.0), Estimate(0.981, 0.975, 0.986))
DAYS = {"dinsos_dtsen": "2026-09-15", "dinsos_pkh": "2026-09-20", "dukcapil_population": "2026-09-30", "village_survey": "2026-08-31"}
FILES = {"dinsos_dtsen": "dtsen.xlsx", "dinsos_pkh": "pkh.xls", "dukcapil_population": "penduduk.xlsx", "village_survey": "pendataan.xlsx"}
_KINDS = (
    "blank",
    "title",
    "header",
    "repeated_header",
    "total",
    "signature",
    "ignored_sheet",
    "block_line",
    "ignored_table",
    "hidden_sheet",
)


@cache
def contracts() -> Mapping[str, SourceContract]:
    known = load_contracts()
    return {source: known[source] for source in DAYS}


def nik(number: int) -> str:
    return f"351016010190{number:04d}"


def population() -> pd.DataFrame:
    rows = [
        {
            "nik": nik(number),
            "kk_number": f"351016000000{number // 2:04d}",
            "area_code": KARANGREJO,
            "resident_status": "HIDUP",
            "occupation": "NELAYAN/PERIKANAN",
        }
        for number in range(20)
    ]
    rows[4]["resident_status"] = "MATI"
    rows[5]["resident_status"] = "PINDAH"
    rows[6]["occupation"] = "PEGAWAI NEGERI SIPIL (PNS)"
    frame = pd.DataFrame(rows).astype(TEXT)
    return frame.assign(record_id=[f"dukcapil_population:{number}:0" for number in range(20)], name=CANARY_NAME)


def mentions(source: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    names = ["record_id", "source", "unit", "area_code", "nik", "kk_number", "name", "errors", "repairs"]
    plain = {"source": source, "unit": "person", "area_code": KARANGREJO, "name": CANARY_NAME}
    frame = pd.DataFrame([{**plain, "record_id": f"{source}:{number}:0", **row} for number, row in enumerate(rows)])
    frame = frame.reindex(columns=names).astype(dict.fromkeys(names, TEXT))
    return frame.assign(delivered_on=pd.Timestamp(DAYS[source]), delivery_id=f"{source}/{DAYS[source]}", file=FILES[source])


DTSEN: list[dict[str, object]] = [
    {"nik": nik(0), "kk_number": "3510160000000000"},
    {"nik": nik(1), "kk_number": "3510160000009999"},  # another family card
    {"nik": None},
    {"nik": None, "errors": "nik:length"},
    {"nik": None, "errors": "nik:impossible_day birth_date:future_date"},
    {"nik": nik(4)},  # dead
    {"nik": nik(5)},  # moved
    {"nik": nik(6)},  # civil servant
    {"nik": nik(7), "area_code": TEMBOKREJO},  # lives elsewhere
    {"nik": nik(8), "errors": "nik:shared"},
    {"nik": nik(8), "errors": "nik:shared nik:birth_date_differs"},  # the other one: this NIK is somebody else's
    {"nik": "3510999999990001", "area_code": None},  # unknown to the register
    {
        "nik": nik(9),
        "errors": "nik:last_digit_lost",
        "repairs": json.dumps([["nik", CANARY_NIK, "separators_removed"], ["birth_date", 33000, "serial"]]),
    },
]
PKH: list[dict[str, object]] = [
    {"nik": nik(10), "unit": "family", "repairs": json.dumps([["nik", f'"{CANARY_NIK}" \\ [x]', "separators_removed"]])},
    {"nik": nik(11), "unit": "family"},
    {"nik": nik(12), "unit": "family", "errors": "component:unknown_code"},
]
SURVEY: list[dict[str, object]] = [{"nik": nik(13), "errors": "position:out_of_regency"}, {"nik": nik(14)}, {"nik": nik(15)}]


def links(records: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    everything = pd.concat([frame for source, frame in records.items() if source != "dukcapil_population"], ignore_index=True)
    frame = everything[["record_id", "source"]].assign(status="linked", method="nik", register_nik=everything["nik"], probability=0.9999)
    frame.loc[frame["record_id"].isin(["dinsos_dtsen:10:0"]), ["status", "method", "register_nik"]] = ["review", None, None]
    no_person = frame["register_nik"].isna() & (frame["status"] == "linked") | frame["register_nik"].eq("3510999999990001")
    frame.loc[no_person, ["status", "method", "register_nik"]] = ["unregistered", None, None]
    frame.loc[frame["record_id"] == "dinsos_dtsen:12:0", "method"] = "evidence"
    return frame.astype({"status": TEXT, "method": TEXT, "register_nik": TEXT})


def set_aside(source: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    names = [
        "delivery_id",
        "file",
        "sheet",
        "table",
        "row",
        "disposition",
        "reason",
        "column",
        "shape",
        "message_id",
        "message_en",
        "cells",
        "layout",
    ]
    plain = {"delivery_id": f"{source}/{DAYS[source]}", "file": FILES[source], "sheet": "Data", "table": 1}
    return pd.DataFrame([{**plain, **row} for row in rows]).reindex(columns=names)


def conservation(source: str, accepted: int, **counts: int) -> pd.DataFrame:
    kinds = {name: counts.get(name, 0) for name in ("quarantined", *_KINDS, "duplicates", "missing", "extra")}
    read = accepted + sum(number for name, number in kinds.items() if name not in {"blank", "extra"})
    place = {"delivery_id": f"{source}/{DAYS[source]}", "file": FILES[source], "sheet": "Data"}
    return pd.DataFrame([{**place, "read": read, "accepted": accepted, **kinds, "holds": kinds["missing"] + kinds["extra"] == 0}])


def run_frames() -> RunFrames:
    header = {"row": 1, "disposition": "header", "reason": "header", "layout": json.dumps({"name": "B", "nik": "C", "area_code": "D+E"})}
    refused = {
        "delivery_id": "village_survey/2026-09-28",
        "file": "pendataan_baru.xlsx",
        "sheet": None,
        "row": 0,
        "disposition": "delivery_refused",
        "reason": "truncated",
        "message_id": "Berkas terpotong. Kirim ulang.",
        "message_en": "The file was cut off. Send it again.",
    }
    bad_rows = [
        {
            "row": 7 + number,
            "disposition": "quarantined",
            "reason": "required_value_missing" if number else "no_name_and_no_nik",
            "column": "nik" if number else None,
            "shape": "15 angka, huruf O di posisi 3" if number == 2 else "kosong",
            "message_id": f"Kolom NIK wajib diisi, di sini {'15 angka, huruf O di posisi 3' if number == 2 else 'kosong'}."
            if number
            else "Tidak ada nama maupun NIK.",
            "message_en": "Column NIK must be filled." if number else "Neither name nor NIK.",
            "cells": json.dumps([CANARY_NAME, CANARY_NIK]),
        }
        for number in range(4)
    ]
    records = {
        "dinsos_dtsen": mentions("dinsos_dtsen", DTSEN),
        "dinsos_pkh": mentions("dinsos_pkh", PKH),
        "village_survey": mentions("village_survey", SURVEY),
        "dukcapil_population": mentions("dukcapil_population", [{"nik": nik(number)} for number in range(20)]),
    }
    linked = links(records)
    deliveries = pd.DataFrame(
        [(source, f"{source}/{day}", pd.Timestamp(day), FILES[source], 120_000) for source, day in DAYS.items()]
        + [
            ("village_survey", "village_survey/2026-09-28", pd.Timestamp("2026-09-28"), "pendataan_baru.xlsx", 900),
            ("dinsos_pkh", "dinsos_pkh/2026-06-20", pd.Timestamp("2026-06-20"), f"pkh_{CANARY_NIK}.xls", 800),
        ],
        columns=["source", "delivery_id", "delivered_on", "file", "bytes"],
    )
    return RunFrames(
        deliveries=deliveries,
        records=records,
        quarantine={
            "dinsos_dtsen": set_aside("dinsos_dtsen", [header, {"row": 30, "disposition": "exact_duplicate", "reason": "exact_duplicate"}]),
            "dinsos_pkh": set_aside("dinsos_pkh", [header, *bad_rows]),
            "village_survey": set_aside("village_survey", [header, refused]),
            "dukcapil_population": set_aside("dukcapil_population", [header]),
        },
        conservation={
            "dinsos_dtsen": conservation("dinsos_dtsen", len(DTSEN), header=1, duplicates=1),
            "dinsos_pkh": conservation("dinsos_pkh", len(PKH), header=1, quarantined=4, title=2),
            "village_survey": conservation("village_survey", len(SURVEY), header=1),
            "dukcapil_population": conservation("dukcapil_population", 20, header=1),
        },
        areas=load_areas(),
        links=linked,
        population=population(),
        review_cases=pd.DataFrame(
            {
                "record_id": ["dinsos_dtsen:10:0"] * 2,
                "rank": [1, 2],
                "register_nik": [nik(8), nik(9)],
                "reason": ["identifier_under_other_name"] * 2,
            }
        ),
        record_persons=pd.DataFrame(
            {"record_id": ["dinsos_pkh:0:0", "dinsos_pkh:1:0", "dinsos_pkh:2:0"], "family_id": ["F1", "F1", "F2"]}
        ).astype(TEXT),
        coordinate_flags=pd.DataFrame(
            {"record_id": ["village_survey:1:0", "village_survey:2:0"], "code": ["outside_village", "repeated"]}
        ).astype(TEXT),
        targeting_gaps=pd.DataFrame({"programme_id": ["pkh", "sembako"], "kind": ["receiving_twice", "eligible_not_receiving"]}).astype(
            TEXT
        ),
        unknown_columns=pd.DataFrame(
            [("dinsos_pkh", "dinsos_pkh/2026-09-20", "pkh.xls", "Data", "R", "KETERANGAN 2", None)],
            columns=["source", "delivery_id", "file", "sheet", "letter", "header", "proposal"],
        ),
    )


def report_of(frames: RunFrames | None = None, **options: object) -> QualityReport:
    given: dict[str, object] = {
        "regency": "Banyuwangi",
        "as_of": date(2026, 10, 1),
        "publication": 3,
        "published": True,
        "content_hash": "0123456789" * 6,
        "precision": ESTIMATES[0],
        "recall": ESTIMATES[1],
        **options,
    }
    return quality_report_of(frames or run_frames(), contracts(), **given)  # type: ignore[arg-type]
