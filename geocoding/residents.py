"""How many residents and families the population register counts in each area."""

from __future__ import annotations

import pandas as pd

NOT_LIVING_HERE = ("MATI", "PINDAH", "HILANG", "PERGI", "TIDAK VALID")
"""Register statuses (F-1.01) that don't count; a missing status counts, since exports of one status often leave it out."""

COUNTED_COLUMNS = ("area_code", "kk_number", "relation", "resident_status")
"""What is counted needs of the population."""


def count_residents(areas: pd.DataFrame, population: pd.DataFrame) -> pd.DataFrame:
    """The areas with the columns `residents` and `families` (Int64).

    A family card counts once, in the village of its head (or of the first member listed, if no head is). Residents whose village
    is unknown count in the regency only.
    """
    wanted = population[["area_code", "kk_number", "relation"]]  # rows of a million texts are taken column by column
    here = wanted[~population["resident_status"].isin(NOT_LIVING_HERE).to_numpy(dtype=bool)]
    heads_first = here["relation"].eq("KEPALA KELUARGA").fillna(value=False).to_numpy(dtype=bool)
    cards = here.iloc[(~heads_first).argsort(kind="stable")].dropna(subset=["kk_number"]).drop_duplicates("kk_number")
    counted = areas.copy()
    parent = areas.set_index("area_code")["parent_code"]
    for column, people in (("residents", here), ("families", cards)):
        by_village = people["area_code"].value_counts()
        by_kecamatan = by_village.groupby(parent.reindex(by_village.index).to_numpy()).sum()
        counts = counted["area_code"].map(by_village).fillna(counted["area_code"].map(by_kecamatan)).astype("Int64")
        counts = counts.fillna(0).mask(counted["level"] == "regency", len(people))
        counted[column] = counts.astype("Int64")
    return counted
