"""A small regency as finished frames, made without any other package of the project, for tests and for timing publication.

Every third family is unregistered in part: it has one person whom the register does not know. Natural keys depend on the
number alone; ids depend on `home`, as they do in two offices that start from the same files.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from functools import cache

import numpy as np
import pandas as pd

TEXT = pd.StringDtype("pyarrow")
VILLAGES = ("35.10.01.2001", "35.10.01.2002", "35.10.02.2001", "35.10.16.1001")


def text(values: object) -> pd.Series:
    return pd.Series(values, dtype=TEXT)


def numbered(prefix: str, numbers: np.ndarray, width: int = 7) -> pd.Series:
    return text(prefix + pd.Series(numbers).astype(str).str.zfill(width))


def opaque(prefix: str, home: str, numbers: np.ndarray) -> pd.Series:
    """Ids that differ from home to home and say nothing about whom they stand for."""
    scramble = int.from_bytes(hashlib.sha256(f"{home}{prefix}".encode()).digest()[:6])
    mixed = (np.asarray(numbers, dtype=np.uint64) * np.uint64(0x9E3779B97F4A7C15)) ^ np.uint64(scramble)
    return text([f"{prefix}{value:016x}" for value in mixed.tolist()])


def keyed(home: str, values: pd.Series) -> pd.Series:
    key = home.encode()
    return text([None if pd.isna(value) else hmac.new(key, value.encode(), "sha256").hexdigest() for value in values])


def choice(numbers: np.ndarray, options: tuple[object, ...], step: int = 1) -> np.ndarray:
    return np.array(options, dtype=object)[(numbers // step) % len(options)]


def areas() -> pd.DataFrame:
    rows = [("35.10", "regency", "kabupaten", "Banyuwangi", None)]
    rows += [(code, "kecamatan", "kecamatan", f"Kecamatan {code[-2:]}", "35.10") for code in ("35.10.01", "35.10.02", "35.10.16")]
    rows += [(code, "village", "kelurahan" if code[9] == "1" else "desa", f"Desa {code[-4:]}", code[:8]) for code in VILLAGES]
    frame = pd.DataFrame(rows, columns=["area_code", "level", "kind", "name", "parent_code"]).astype(TEXT)
    village = frame["level"] == "village"
    return frame.assign(latitude=-8.4, longitude=114.2, residents=np.where(village, 1000, 4000), families=np.where(village, 300, 1200))


def programmes() -> pd.DataFrame:
    units = {"pkh": "family", "sembako": "family", "pbi_jkn": "person", "kanggo_riko": "family", "house_renovation": "house"}
    return pd.DataFrame(
        [(programme, programme.upper(), programme.title(), "Dinsos", unit, "1") for programme, unit in units.items()],
        columns=["programme_id", "name_id", "name_en", "agency", "unit", "rule_version"],
    ).astype(TEXT)


def make_state(families: int = 60, *, home: str = "home", size: int = 3, edition: int = 1) -> dict[str, pd.DataFrame]:
    """All frames of a state with `families` families of `size` members, one office record per member; the caller may change them.

    Another `edition` is what the next quarter brings: the same people, other names, rows and rules.
    """
    if families > _REMEMBERED_FAMILIES:
        return _made_state(families, home, size, edition)
    return {name: frame.copy() for name, frame in _remembered_state(families, home, size, edition).items()}


_REMEMBERED_FAMILIES = 1_000
"""Tests ask for the same few small states again and again; a large one is made once, for timing."""


@cache
def _remembered_state(families: int, home: str, size: int, edition: int) -> dict[str, pd.DataFrame]:
    return _made_state(families, home, size, edition)


def _made_state(families: int, home: str, size: int, edition: int) -> dict[str, pd.DataFrame]:
    f = np.arange(families)
    family_id, house_id = opaque("F", home, f), opaque("H", home, f)
    kk = text([f"35100101010{number:05d}"[:16].ljust(16, "0") if families < 100_000 else f"3510{number:012d}" for number in f.tolist()])
    member = np.arange(families * size)
    of = member // size
    unknown = (member % size == size - 1) & (of % 3 == 0)
    person_id = opaque("P", home, member)
    nik = text(pd.Series([f"351001{number:010d}" for number in member.tolist()], dtype=TEXT).where(~unknown))
    record_key = keyed(home, numbered("row", member)).str.slice(0, 24)
    record_id = text("dinsos_dtsen:" + record_key + ":0")
    register_id = text("dukcapil_population:" + record_key + ":0")
    decile = f % 10 + 1
    status = np.select([decile == 1, decile == 2, decile <= 4], ["extreme_poor", "poor", "near_poor"], "not_poor")

    provenance = {
        "record_key": record_key, "mention": "person", "unit": "person", "programme": text([None] * len(member)),
    }  # fmt: skip
    social = pd.DataFrame(
        {
            "record_id": record_id,
            "source": "dinsos_dtsen",
            **provenance,
            "role": "welfare",
            "delivery_id": "dinsos_dtsen/2026-09-15",
            "file": "dtsen_2026_q3.xlsx",
            "sheet": "DTSEN",
            "row": (member + 1 + edition).astype("int32"),
            "errors": text(np.where(member % 10 == 0, "birth_date:not_a_date", None)),
            "repairs": text(np.where(member % 7 == 0, json.dumps([["nik", "'3510", "apostrophe"]]), None)),
        }
    )
    register = pd.DataFrame(
        {
            "record_id": register_id,
            "source": "dukcapil_population",
            **provenance,
            "role": "population",
            "delivery_id": "dukcapil_population/2026-09-30",
            "file": "penduduk.xlsx",
            "sheet": "Data Penduduk",
            "row": (member + 2).astype("int32"),
        }
    )[~unknown].reset_index(drop=True)
    for frame in (social, register):
        for column in frame.select_dtypes("object"):
            frame[column] = frame[column].astype(TEXT)

    persons = pd.DataFrame(
        {
            "person_id": person_id,
            "nik": nik,
            "nik_hash": keyed(home, nik) if families < 10_000 else numbered("h", member, 64).where(~unknown),
            "name": numbered("SITI " if edition == 1 else f"AHMAD {edition} ", member),
            "birth_place": text(choice(member, ("BANYUWANGI", "JEMBER"))),
            "birth_date": pd.Timestamp("1950-01-01") + pd.to_timedelta(member % 25000, unit="D"),
            "sex": text(choice(member, ("L", "P"))),
            "relation": text(np.where(member % size == 0, "KEPALA KELUARGA", "ANAK")),
            "marital_status": text(choice(member, ("KAWIN", "BELUM KAWIN"))),
            "religion": "ISLAM",
            "education": "SLTA/SEDERAJAT",
            "occupation": "PETANI/PEKEBUN",
            "father_name": numbered("BAPAK ", of),
            "mother_name": numbered("IBU ", of),
            "vital_status": "alive",
            "register_status": text(np.where(unknown, "unregistered", "registered")),
            "kk_number": kk.take(of).reset_index(drop=True),
            "family_id": family_id.take(of).reset_index(drop=True),
            "disability_level": pd.array(np.where(member % 5 == 0, 2, 4), dtype="Int32"),
            "chronic_illness": pd.array(member % 9 == 0, dtype="boolean"),
            "pregnant": pd.array(np.where(member % 2 == 0, None, member % 50 == 1), dtype="boolean"),
            "school_participation": "3",
            "school_level": text([None] * len(member)),
            "works": pd.array(member % 3 == 0, dtype="boolean"),
            "has_business": pd.array(member % 30 == 0, dtype="boolean"),
            "widowed": pd.array([None] * len(member), dtype="boolean"),
            "cluster_id": text(np.where(unknown, "C" + record_key, None)),
        }
    )
    family = pd.DataFrame(
        {
            "family_id": family_id,
            "kk_number": kk,
            "kk_hash": keyed(home, kk) if families < 10_000 else numbered("k", f, 64),
            "head_person_id": person_id.take(f * size).reset_index(drop=True),
            "size": pd.array(np.full(families, size), dtype="Int32"),
            "area_code": text(choice(f, VILLAGES)),
            "hamlet": "KRAJAN",
            "rt": numbered("", f % 30, 3),
            "rw": numbered("", f % 9, 3),
            "address": numbered("JL. MAWAR ", f),
            "house_id": house_id,
            "register_status": "registered",
            "decile": pd.array(decile, dtype="Int32"),
            "poverty_status": text(status),
            "poverty_source": "dinsos_dtsen",
            "is_poor": pd.array(decile <= 4, dtype="boolean"),
        }
    )
    houses = pd.DataFrame(
        {
            "house_id": house_id,
            "latitude": -8.4 + f / 1e7,
            "longitude": 114.2 + f / 1e7,
            "position_precision": "gps",
            "position_radius_m": 15.0,
            "area_code": family["area_code"],
            "position_source": record_id.take(f * size).reset_index(drop=True),
            "tenure": "1",
            "floor_area_m2": np.where(f % 4 == 0, np.nan, 36.0),
            "floor": text(choice(f, ("1", "7", "8"))),
            "wall": text(choice(f, ("1", "4"))),
            "roof": "3",
            "water": "5",
            "lighting": "1",
            "power": "1",
            "fuel": "10",
            "latrine": "1",
            "closet": "1",
            "disposal": "1",
        }
    )
    linked = ~unknown
    links = pd.DataFrame(
        {
            "record_id": record_id,
            "source": "dinsos_dtsen",
            "status": text(np.where(linked, "linked", "unregistered")),
            "method": text(np.where(linked, choice(member, ("nik", "evidence")), None)),
            "register_nik": nik,
            "cluster_id": persons["cluster_id"],
            "probability": np.where(linked, 0.998, 0.02),
            "evidence": json.dumps(
                {"comparisons": [{"column": "name", "level": "equal", "weight": 7.25}], "prior": -14.1, "candidates": 3, "runner_up": 0.01}
            ),
        }
    )
    links["evidence"] = links["evidence"].astype(TEXT)
    eligibility = _eligibility(family_id, house_id, person_id, decile, of, str(edition))
    attribute_sources = pd.concat(
        [
            pd.DataFrame(
                {
                    "entity": "family",
                    "entity_id": family_id,
                    "attribute": "decile",
                    "value": text(pd.Series(decile).astype(str)),
                    "source": "dinsos_dtsen",
                    "record_id": record_id.take(f * size).reset_index(drop=True),
                    "cell": text("D" + pd.Series(f * size + 2).astype(str)),
                    "used": True,
                }
            ),
            pd.DataFrame(
                {
                    "entity": "house",
                    "entity_id": house_id,
                    "attribute": "floor",
                    "value": houses["floor"],
                    "source": "dinsos_dtsen",
                    "record_id": record_id.take(f * size).reset_index(drop=True),
                    "cell": text("AA" + pd.Series(f * size + 2).astype(str)),
                    "used": True,
                }
            ),
        ],
        ignore_index=True,
    )
    receiving = f[decile == 2]
    return {
        "areas": areas(),
        "programmes": programmes(),
        "deliveries": pd.DataFrame(
            {
                "delivery_id": text(["dinsos_dtsen/2026-09-15", "dukcapil_population/2026-09-30"]),
                "source": text(["dinsos_dtsen", "dukcapil_population"]),
                "delivered_on": pd.to_datetime(["2026-09-15", "2026-09-30"]),
                "ordinal": 0,
                "file": text(["dtsen_2026_q3.xlsx", "penduduk.xlsx"]),
                "path": text(["/somewhere/a", "/somewhere/b"]),
                "sha256": text(["a" * 64, "b" * 64]),
                "bytes": [1000, 2000],
            }
        ),
        "population": pd.DataFrame({"nik": nik[linked].reset_index(drop=True), "record_id": register["record_id"]}),
        "register_records": register,
        "social_records": social,
        "quarantine": _quarantine(),
        "record_persons": pd.DataFrame({"record_id": record_id, "person_id": person_id, "family_id": persons["family_id"]}),
        "links": links,
        "review_cases": pd.DataFrame(
            {
                "record_id": text([]),
                "rank": pd.array([], dtype="Int32"),
                "register_nik": text([]),
                "probability": np.zeros(0),
                "reason": text([]),
                "evidence": text([]),
            }
        ),
        "persons": persons,
        "families": family,
        "houses": houses,
        "attribute_sources": attribute_sources,
        "aid_received": pd.DataFrame(
            {
                "programme_id": "pkh",
                "unit": "family",
                "person_id": text([None] * len(receiving)),
                "family_id": family_id.take(receiving).reset_index(drop=True),
                "house_id": text([None] * len(receiving)),
                "period": "2026-07/2026-09",
                "amount": pd.array(np.full(len(receiving), 750_000), dtype="Int64"),
                "record_id": record_id.take(receiving * size).reset_index(drop=True),
                "current": True,
            }
        ),
        "programme_eligibility": eligibility,
        "deprivations": pd.concat(
            [
                pd.DataFrame({"family_id": family_id, "code": code, "holds": pd.array(f % period == 0, dtype="boolean"), "value": "x"})
                for code, period in (("floor", 3), ("water", 4), ("wall", 2))
            ],
            ignore_index=True,
        ),
        "targeting_gaps": eligibility.loc[eligibility["status"] == "eligible", ["programme_id", "unit", "person_id", "family_id", "house_id"]]
        .assign(kind="eligible_not_receiving", detail=text([None] * int((eligibility["status"] == "eligible").sum())).array)
        .reset_index(drop=True),
    }  # fmt: skip


def receiving_without_rule(state: dict[str, pd.DataFrame], number: int, programme: str) -> dict[str, pd.DataFrame]:
    """The same state, in which family `number` is on the list of a programme that has no rule."""
    family_id, record_id = state["families"].loc[number, "family_id"], state["social_records"].loc[number * 3, "record_id"]
    subject = {"programme_id": programme, "unit": "family", "family_id": family_id}
    added = {
        "programmes": {"programme_id": programme, "name_id": programme, "name_en": programme, "unit": "family"},
        "aid_received": subject | {"period": "2026-07/2026-09", "record_id": record_id, "current": True},
        "programme_eligibility": subject | {"status": "receiving"},
    }
    grown = {name: pd.concat([state[name], pd.DataFrame([row])], ignore_index=True) for name, row in added.items()}
    grown["programmes"] = grown["programmes"].drop_duplicates("programme_id", ignore_index=True)
    reasons = grown["programme_eligibility"]["reasons"].astype("category")
    grown["programme_eligibility"] = grown["programme_eligibility"].assign(reasons=reasons)
    grown["aid_received"] = grown["aid_received"].astype({"current": bool, "amount": "Int64"})
    return {**state, **grown}


def _eligibility(
    family_id: pd.Series, house_id: pd.Series, person_id: pd.Series, decile: np.ndarray, of: np.ndarray, rule: str
) -> pd.DataFrame:
    none = text([None])
    parts = []
    for programme, unit, gate in (
        ("pkh", "family", 4), ("sembako", "family", 5), ("kanggo_riko", "family", 4), ("house_renovation", "house", 4), ("pbi_jkn", "person", 5)
    ):  # fmt: skip
        ids = {"family": family_id, "house": house_id, "person": person_id}[unit]
        rank = decile[of] if unit == "person" else decile
        status = np.where(rank <= gate, "eligible", "ineligible")
        if programme == "pkh":
            status = np.where(rank == 2, "receiving", status)
        frame = pd.DataFrame({"programme_id": programme, "unit": unit, "status": text(status)})
        for entity in ("person", "family", "house"):
            frame[f"{entity}_id"] = ids if entity == unit else none.repeat(len(ids)).reset_index(drop=True)
        frame["reasons"] = [
            json.dumps([{"code": "decile", "text_id": f"desil 1-{gate}", "text_en": f"decile 1-{gate}", "holds": bool(holds)}])
            for holds in (rank <= gate)
        ]
        frame["rule_version"] = rule
        parts.append(frame)
    together = pd.concat(parts, ignore_index=True)
    return together.assign(reasons=together["reasons"].astype("category"))


def _quarantine() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "delivery_id": "dinsos_dtsen/2026-09-15",
            "file": "dtsen_2026_q3.xlsx",
            "sheet": "DTSEN",
            "row": pd.array([1, 9001], dtype="Int32"),
            "disposition": text(["header", "quarantined"]),
            "reason": text([None, "no_name_and_no_nik"]),
            "column": text([None, "name"]),
            "shape": text([None, "empty"]),
            "message_id": text([None, "Isi nama atau NIK"]),
            "message_en": text([None, "Give a name or a NIK"]),
            "cells": text([None, '["", "", "JL. MAWAR"]']),
        }
    )
