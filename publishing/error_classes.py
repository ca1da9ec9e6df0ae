"""The faults of offices' lists, counted under the names that practitioners use: NIK kosong, NIK ganda, meninggal, beda wilayah.

A class counts mentions, each once, by source and by village. It never says who. Some faults are in the list itself (read from the error
codes of intake), some show only beside the register (read from the links).
"""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from publishing.key_lookup import looked_up, positions_of
from schemas.canonical import TEXT
from schemas.code_lists import code_list

CLASSES = (
    "nik_missing",
    "nik_length",
    "nik_invalid",
    "nik_shared",
    "identical_row",
    "family_twice",
    "nik_not_in_register",
    "name_differs",
    "kk_differs",
    "dead",
    "moved",
    "other_area",
    "outside_village",
    "strange_birth_date",
    "excluded_occupation",
    "aided_elsewhere",
)
"""In the order in which an office would mend them."""

RESIDENT_COLUMNS = ("kk_number", "area_code", "resident_status", "occupation")
"""What is compared with the resident whom a mention is linked to."""

_FLAGS_ON_GOOD_NIKS = ("birth_date_differs", "sex_differs", "area_differs", "area_unknown", "shared")
"""Remarks beside a NIK that may be right: people's NIK keeps the birth date of the first registration."""


@dataclass(frozen=True)
class LinkedFrames:
    """What error classes are counted from.

    records: all sources' mentions but the register's (record_id, source, role, unit, area_code, nik, kk_number, errors). links: record_id,
    status, register_nik. population: nik, kk_number, area_code, resident_status, occupation. duplicates: source, area_code (rows that
    repeat another one exactly). record_families: record_id, family_id. coordinate_flags: record_id, code. aided_elsewhere: source,
    area_code.
    """

    records: pd.DataFrame
    links: pd.DataFrame
    population: pd.DataFrame
    duplicates: pd.DataFrame
    record_families: pd.DataFrame | None = None
    coordinate_flags: pd.DataFrame | None = None
    aided_elsewhere: pd.DataFrame | None = None


def count_error_classes(frames: LinkedFrames) -> pd.DataFrame:
    """source, area_code (missing where nobody states it), error_class, count; only what occurs, sorted."""
    mentions = _beside_the_register(frames)
    holds = {**_in_the_list(mentions), **_against_the_register(mentions), **_by_other_frames(mentions, frames)}
    found = [
        mentions.loc[rows.to_numpy(dtype=bool, na_value=False), ["source", "area_code"]].assign(error_class=name)
        for name, rows in holds.items()
    ]
    found.append(frames.duplicates[["source", "area_code"]].assign(error_class="identical_row"))
    if frames.aided_elsewhere is not None:
        found.append(frames.aided_elsewhere[["source", "area_code"]].assign(error_class="aided_elsewhere"))
    listed = pd.concat([part.astype(TEXT) for part in found], ignore_index=True)
    counted = listed.groupby(["source", "area_code", "error_class"], dropna=False).size().rename("count").reset_index()
    return counted.sort_values(["source", "area_code", "error_class"], ignore_index=True)


def _beside_the_register(frames: LinkedFrames) -> pd.DataFrame:
    """Each mention with the register's values of the person to whom it is linked (prefix `of_`), and with its own NIK looked up."""
    mentions = frames.records[["record_id", "source", "role", "unit", "area_code", "nik", "kk_number", "errors"]].reset_index(drop=True)
    linked = positions_of(mentions["record_id"], frames.links["record_id"])
    for name in ("status", "register_nik"):
        mentions[name] = looked_up(frames.links[name], linked, mentions.index)
    resident = positions_of(mentions["register_nik"], frames.population["nik"])
    for name in RESIDENT_COLUMNS:
        mentions[f"of_{name}"] = looked_up(frames.population[name], resident, mentions.index)
    mentions["in_register"] = positions_of(mentions["nik"], frames.population["nik"]) >= 0
    mentions["stated_area"] = mentions["area_code"]
    mentions["area_code"] = mentions["area_code"].fillna(mentions["of_area_code"])
    return mentions


def _in_the_list(mentions: pd.DataFrame) -> dict[str, pd.Series]:
    errors = mentions["errors"].fillna("")
    # Zeros, dashes and 1234567890123456 stand where the office has no number.
    unusable = _has(errors, rf"nik:(?!filler|{'|'.join(_FLAGS_ON_GOOD_NIKS)})\w+")
    return {
        "nik_missing": mentions["nik"].isna() & ~unusable,
        "nik_length": _has(errors, "nik:length"),
        "nik_invalid": _has(errors, rf"nik:(?!length|filler|{'|'.join(_FLAGS_ON_GOOD_NIKS)})\w+"),
        "nik_shared": _has(errors, "nik:shared"),
        "strange_birth_date": _has(errors, r"birth_date:(?!filler)\w+"),
    }


def _against_the_register(mentions: pd.DataFrame) -> dict[str, pd.Series]:
    linked = mentions["status"].eq("linked").fillna(value=False)
    own_nik_elsewhere = mentions["in_register"] & ~mentions["nik"].eq(mentions["register_nik"]).fillna(value=False)
    # A number that lost its last digit is no longer that person's: it is counted as invalid, not as missing from the register.
    damaged = _has(mentions["errors"].fillna(""), "nik:last_digit_lost")
    return {
        "nik_not_in_register": mentions["nik"].notna() & ~mentions["in_register"] & ~damaged,
        "name_differs": own_nik_elsewhere & ~damaged,
        "kk_differs": linked & mentions["kk_number"].ne(mentions["of_kk_number"]).fillna(value=False),
        "dead": linked & mentions["of_resident_status"].eq("MATI").fillna(value=False),
        "moved": linked & mentions["of_resident_status"].isin(["PINDAH", "PERGI"]),
        "other_area": linked & mentions["stated_area"].ne(mentions["of_area_code"]).fillna(value=False),
        # Who reports or gives is no recipient: the civil servants of ASN Berbagi are none of this class.
        "excluded_occupation": linked
        & mentions["role"].ne("reports").fillna(value=True)
        & mentions["of_occupation"].isin(code_list("occupation").excluded_from_aid),
    }


def _by_other_frames(mentions: pd.DataFrame, frames: LinkedFrames) -> dict[str, pd.Series]:
    outside = _has(mentions["errors"].fillna(""), "(?:position|latitude):out_of_regency")
    if frames.coordinate_flags is not None:
        flags = frames.coordinate_flags
        outside |= (
            positions_of(mentions["record_id"], flags.loc[flags["code"].isin(["outside_village", "outside_regency"]), "record_id"]) >= 0
        )
    found = {"outside_village": outside}
    if frames.record_families is not None:
        of_record = positions_of(mentions["record_id"], frames.record_families["record_id"])
        family = looked_up(frames.record_families["family_id"], of_record, mentions.index)
        per_family = mentions["unit"].eq("family").fillna(value=False) & family.notna()
        seen = pd.DataFrame({"source": mentions["source"], "family_id": family})[per_family.to_numpy(dtype=bool)]
        found["family_twice"] = seen.duplicated(keep="first").reindex(mentions.index, fill_value=False)
    return found


def _has(errors: pd.Series, pattern: str) -> pd.Series:
    """Whether each text of errors holds one that matches; judged once for each distinct text."""
    distinct = pd.Series(errors.unique())
    matching = distinct[distinct.astype(object).str.contains(rf"(?:^|\s){pattern}(?:\s|$)", regex=True)]
    return errors.isin(matching)
