"""The areas of a regency: codes, names, kinds and a point inside each, as official facts.

Codes and names follow Kepmendagri 300.2.2-2430/2025; a village's point lies inside its boundary (fit for maps and coarse
checks, not for surveying). One CSV file per regency, named by its code.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
from pydantic import BaseModel, ConfigDict

from schemas.canonical import TEXT

_FOLDER = Path(__file__).parent


SPLIT_FROM = {"35.10.22": "35.10.01", "35.10.23": "35.10.07", "35.10.24": "35.10.15", "35.10.25": "35.10.13"}
"""Young sub-districts (Siliragung, Tegalsari, Licin, Blimbingsari) and those that they were part of, whose code older residents bear
in their NIK."""

PROVINCES = frozenset(
    f"{code}"
    for first, last in ((11, 19), (21, 21), (31, 36), (51, 53), (61, 65), (71, 76), (81, 82), (91, 97))
    for code in range(first, last + 1)
)
"""The first two digits that an area's code can have, the four young provinces of Papua included (Kepmendagri 100.1.1-6117/2022)."""


class Regency(BaseModel):
    """Which regency this is: its code, the box in which its houses must lie (WGS 84 degrees), its UTM zones."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    code: str = "35.10"
    name: str = "Banyuwangi"
    south: float = -8.80
    north: float = -7.85
    west: float = 113.83
    east: float = 114.63
    utm_epsg: tuple[int, ...] = (32749, 32750)
    """Zone 49 S ends at 114° E, inside the regency; the second zone holds most of it."""


BANYUWANGI = Regency()


def load_areas(path: Path | None = None, *, regency: Regency = BANYUWANGI) -> pd.DataFrame:
    """All areas: area_code, level (regency, kecamatan, village), kind, name, parent_code, latitude, longitude.

    `path` is a file of the same columns (a newer decree, another regency); by default the built-in file of the regency.
    Rows are sorted by code. Raises FileNotFoundError when there is no file, ValueError when columns are missing.
    """
    return _read(path or _FOLDER / f"{regency.code}.csv").copy()


@cache
def _read(path: Path) -> pd.DataFrame:
    if not path.is_file():
        raise FileNotFoundError(f"no areas file {path}; give one with the columns of {_FOLDER / '35.10.csv'}")
    frame = pd.read_csv(path, dtype=str, keep_default_na=False, encoding="utf-8")
    wanted = ["area_code", "level", "kind", "name", "parent_code", "latitude", "longitude"]
    missing = [column for column in wanted if column not in frame]
    if missing:
        raise ValueError(f"areas file {path.name} lacks the columns {', '.join(missing)}")
    areas = pd.DataFrame({column: frame[column].astype(TEXT) for column in wanted[:5]})
    areas["parent_code"] = areas["parent_code"].replace("", pd.NA)
    areas["latitude"] = pd.to_numeric(frame["latitude"])
    areas["longitude"] = pd.to_numeric(frame["longitude"])
    return areas.sort_values("area_code", ignore_index=True)
