"""Small frames for the geocoding tests: six villages in two sub-districts, families and records beside them."""

from __future__ import annotations

import pandas as pd

from schemas.canonical import TEXT, as_canonical

VILLAGES = {
    "35.10.05.2001": (-8.44, 114.30),
    "35.10.05.2002": (-8.44, 114.34),
    "35.10.05.2003": (-8.47, 114.32),
    "35.10.08.2001": (-8.38, 114.26),
    "35.10.08.2002": (-8.38, 114.30),
    "35.10.08.2003": (-8.35, 114.28),
}


def small_areas() -> pd.DataFrame:
    """The regency, two sub-districts, six villages with a point each."""
    rows = [("35.10", "regency", "kabupaten", "Banyuwangi", None, -8.40, 114.30)]
    rows += [("35.10.05", "kecamatan", "kecamatan", "Muncar", "35.10", -8.45, 114.32)]
    rows += [("35.10.08", "kecamatan", "kecamatan", "Srono", "35.10", -8.37, 114.28)]
    rows += [(code, "village", "desa", f"Desa {code[-4:]}", code[:8], *point) for code, point in VILLAGES.items()]
    frame = pd.DataFrame(rows, columns=["area_code", "level", "kind", "name", "parent_code", "latitude", "longitude"])
    return frame.astype(dict.fromkeys(["area_code", "level", "kind", "name", "parent_code"], TEXT))


def families_frame(**columns: list[object]) -> pd.DataFrame:
    """Families with the columns that geocoding reads; those not given are missing."""
    count = len(next(iter(columns.values())))
    values = {"family_id": [f"F{number}" for number in range(count)], **columns}
    names = ["family_id", "area_code", "hamlet", "rt", "rw", "address"]
    return pd.DataFrame({name: pd.array(values.get(name, [pd.NA] * count), dtype=TEXT) for name in names})


def records_frame(**columns: list[object]) -> pd.DataFrame:
    """Records with provenance, in canonical types; those columns not given get plain values."""
    count = len(next(iter(columns.values())))
    values: dict[str, list[object]] = {
        "record_id": [f"village_survey:{number}:0" for number in range(count)],
        "source": ["village_survey"] * count,
        "mention": ["person"] * count,
        "delivery_id": ["D1"] * count,
        "delivered_on": [pd.Timestamp("2026-08-31")] * count,
        "file": ["a.xlsx"] * count,
        "sheet": ["Sheet1"] * count,
        "row": list(range(1, count + 1)),
        "area_code": [pd.NA] * count,
        "latitude": [float("nan")] * count,
        "longitude": [float("nan")] * count,
        **columns,
    }
    frame = as_canonical(pd.DataFrame(values))
    return frame.assign(family_id=frame["family_id"].astype(TEXT))
