"""Where a house probably is, when nobody measured it: near the measured houses of the same address, RT, RW or hamlet.

A ladder: the first rung that can say something better than the village's point is taken, and what is stated with it, the radius,
holds the house in at least 90 of 100 cases.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import shapely

from geocoding.boundaries import Boundaries
from geocoding.plane import FloatArray, Plane
from schemas.canonical import TEXT


@dataclass(frozen=True)
class Rung:
    """One way of inferring a position: families that agree in `keys` live near each other."""

    precision: str
    keys: tuple[str, ...]
    fewest: int
    """Measured positions that are needed. One is enough for the same address; a neighbourhood needs four to show how wide it is."""
    least_radius: float


LADDER = (
    Rung("house", ("area_code", "rt", "rw_or_hamlet", "numbered_address"), 1, 30.0),
    Rung("rt", ("area_code", "rw", "rt"), 4, 50.0),
    Rung("rt", ("area_code", "hamlet", "rt"), 4, 50.0),
    Rung("rw", ("area_code", "rw"), 4, 100.0),
    Rung("hamlet", ("area_code", "hamlet"), 4, 100.0),
)

POSITION_COLUMNS = ("east", "north", "radius")


def address_keys(families: pd.DataFrame, area_code: pd.Series) -> pd.DataFrame:
    """What the rungs compare: area_code, hamlet, rw, rt, rw_or_hamlet, numbered_address, tidied, missing where unknown.

    `families` has hamlet, rt, rw, address; `area_code` is the village in which each family is taken to live.
    """
    hamlet = _tidy(families["hamlet"]).str.replace(r"^(?:DUSUN|DSN|LINGKUNGAN|LINGK?|KP|KAMPUNG)\s+", "", regex=True)
    rw, rt = _number(families["rw"]), _number(families["rt"])
    address = _tidy(families["address"])
    # Only an address with a house number names one house; "JL. MAWAR" and "JL. 17 AGUSTUS" are streets.
    numbered = address.where(house_numbers(address).notna())
    keys = {"area_code": area_code, "hamlet": hamlet, "rw": rw, "rt": rt, "rw_or_hamlet": rw.fillna(hamlet), "numbered_address": numbered}
    return pd.DataFrame({name: pd.Series(values, index=families.index).astype(TEXT) for name, values in keys.items()})


def house_numbers(tidy_address: pd.Series) -> pd.Series:
    """The house number with which a tidied address ends, such as `12` or `12A`; missing without one. That of a lane or an RT is none."""
    without_lane = tidy_address.astype(TEXT).str.replace(r"(?:^|\s)(?:GANG|GG|BLOK|RT|RW|KM)\s?\d+$", "", regex=True)
    return without_lane.str.extract(r"(?:^|[^0-9])(\d+(?: ?[A-Z])?)$", expand=False).str.replace(" ", "")


def infer_positions(keys: pd.DataFrame, measured: pd.DataFrame, areas: pd.DataFrame, boundaries: Boundaries, plane: Plane) -> pd.DataFrame:
    """For every row of `keys`: precision, east, north, radius.

    `measured` has the same index with east, north, radius (NaN where nobody measured), one row per family. Rows that are
    measured get the precision `gps`; the others the first rung of LADDER that holds, the village's point, the kecamatan's point, or `none`.
    """
    placed = measured[list(POSITION_COLUMNS)].astype("float64").copy()
    precision = pd.Series(pd.NA, index=keys.index, dtype=TEXT)
    precision[placed["east"].notna()] = "gps"
    points = area_points(areas, boundaries, plane)
    fallback = points.reindex(keys["area_code"]).set_axis(keys.index)
    for rung in LADDER:
        waiting = precision.isna()
        if not waiting.any():
            break
        found = _neighbourhood(keys, measured, rung)
        # A neighbourhood that is wider than its village holds a wrong RT or a wrong position: the village's point says more.
        usable = waiting & found["east"].notna() & ~(found["radius"] >= fallback["radius"])
        placed[usable], precision[usable] = found[usable], rung.precision
    waiting = precision.isna()
    at_point = waiting & fallback["east"].notna()
    placed[at_point] = fallback.loc[at_point, list(POSITION_COLUMNS)]
    precision[at_point] = fallback.loc[at_point, "level"]
    placed.insert(0, "precision", precision.fillna("none"))
    return placed


def area_points(areas: pd.DataFrame, boundaries: Boundaries, plane: Plane) -> pd.DataFrame:
    """By area_code: level, east, north and the radius around the point that holds the whole area. Villages and kecamatan only."""
    wanted = areas[areas["level"].isin(["village", "kecamatan"]) & areas["latitude"].notna()].drop_duplicates("area_code")
    metres = plane.to_metres(wanted["latitude"], wanted["longitude"])
    shapes = boundaries.frame[["area_code", "geometry"]].drop_duplicates("area_code").set_index("area_code")["geometry"]
    polygons = plane.project(shapes.reindex(wanted["area_code"]).to_numpy(dtype=object))
    frame = pd.DataFrame(
        {"level": wanted["level"].to_numpy(), "east": metres[:, 0], "north": metres[:, 1]}, index=pd.Index(wanted["area_code"])
    )
    frame["radius"] = _furthest_corner(metres, polygons)
    return frame


def _neighbourhood(keys: pd.DataFrame, measured: pd.DataFrame, rung: Rung) -> pd.DataFrame:
    complete = keys[list(rung.keys)].notna().all(axis=1)
    group = pd.Series(keys.loc[complete].groupby(list(rung.keys), sort=False).ngroup(), index=keys.index[complete])
    known = measured.loc[group.index].assign(group=group).dropna(subset=["east"])
    by_group = known.groupby("group")
    centre = by_group[["east", "north"]].median()
    middle = centre.reindex(known["group"]).to_numpy()
    off = pd.Series(np.hypot(*(known[["east", "north"]].to_numpy() - middle).T), index=known.index)
    number = by_group.size()
    centre["radius"] = _prediction_radius(
        off.groupby(known["group"]).quantile(0.95), number, by_group["radius"].median(), rung.least_radius
    )
    return centre[number >= rung.fewest].reindex(group).set_axis(group.index).reindex(keys.index)


def _prediction_radius(spread: pd.Series, number: pd.Series, accuracy: pd.Series, least: float) -> pd.Series:
    """The radius for a house that was not measured: the spread of those that were, widened as they are few.

    The furthest of n measured houses is passed by the next one with probability 1/(n+1); 1 + 4/n covered 93-99 % of left-out houses
    for n from 4 to 100 in simulated neighbourhoods (`tests/geocoding/test_inferred_positions.py`).
    """
    return (spread * (1 + 4 / number)).clip(lower=least) + accuracy


def _furthest_corner(metres: FloatArray, polygons: Any) -> FloatArray:
    corners, owner = shapely.get_coordinates(polygons, return_index=True)
    off = corners - metres[owner]
    reach = pd.Series(np.hypot(off[:, 0], off[:, 1])).groupby(owner).max()
    return reach.reindex(np.arange(len(metres))).to_numpy(dtype=float)


def _tidy(text: pd.Series) -> pd.Series:
    tidy = text.astype(TEXT).str.upper().str.replace(r"[^0-9A-Z]+", " ", regex=True).str.strip()
    return tidy.where(tidy != "")


def _number(text: pd.Series) -> pd.Series:
    """RT and RW without leading zeros, so that `02` of one office and `002` of another are one; `000` means none."""
    bare = text.astype(TEXT).str.strip().str.replace(r"^0+", "", regex=True)
    return bare.where(bare != "")
