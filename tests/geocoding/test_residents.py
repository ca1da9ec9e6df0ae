"""Counts of the register: prevents the dead from being counted and families from being counted twice."""

from __future__ import annotations

import pandas as pd
from geocoding_frames import small_areas

from geocoding import count_residents
from schemas.canonical import as_canonical

KK = [f"35100500000000{number:02d}" for number in range(4)]


def test_families_count_once_where_the_head_lives_and_the_dead_do_not_count() -> None:
    population = as_canonical(
        pd.DataFrame(
            {
                "kk_number": [KK[0], KK[0], KK[1], KK[2], None, KK[3], KK[1]],
                "relation": ["ANAK", "KEPALA KELUARGA", "KEPALA KELUARGA", "ISTRI", "LAINNYA", "KEPALA KELUARGA", "ANAK"],
                "resident_status": ["HIDUP", "HIDUP", "MATI", "HIDUP", None, "HIDUP", "HIDUP"],
                "area_code": ["35.10.05.2002", "35.10.05.2001", "35.10.05.2001", "35.10.08.2001", "35.10.05.2001", None, "35.10.05.2001"],
            }
        )
    )
    counted = count_residents(small_areas(), population).set_index("area_code")
    assert counted.loc["35.10.05.2001", ["residents", "families"]].tolist() == [3, 2]
    assert counted.loc["35.10.05.2002", ["residents", "families"]].tolist() == [1, 0]
    assert counted.loc["35.10.05", ["residents", "families"]].tolist() == [4, 2]
    assert counted.loc["35.10.08", ["residents", "families"]].tolist() == [1, 1]
    assert counted.loc["35.10.08.2003", ["residents", "families"]].tolist() == [0, 0]
    assert counted.loc["35.10", ["residents", "families"]].tolist() == [6, 4]
    assert (counted[["residents", "families"]].dtypes == "Int64").all()
