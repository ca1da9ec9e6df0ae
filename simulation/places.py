"""Where people live: villages, hamlets, RW, RT, and the houses in them with their positions.

The villages are the real ones; everything below them is made up. A village is cut into RTs of about 45 houses, four RTs to an RW, two or
three RWs to a hamlet, as in the countryside of Banyuwangi; houses scatter around the middle of their RT.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.areas import load_areas
from simulation.place_facts import HAMLET_NAMES, KECAMATAN_WEIGHTS, STREET_NAMES

Index = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

HOUSES_PER_RT = 45
RTS_PER_RW = 4
METRES_PER_DEGREE = 111_320.0


@dataclass(frozen=True)
class Places:
    """The villages, and every RT in them (RTs are numbered over the whole regency, in village order)."""

    villages: pd.DataFrame
    """area_code, name, kind, kecamatan_code, kecamatan, latitude, longitude, radius_m, families: one row per village."""
    rt_village: Index
    rt_hamlet: Index
    """Number into ``hamlet_names``."""
    rt_number: Index
    rt_rw: Index
    rt_latitude: Floats
    rt_longitude: Floats
    hamlet_names: list[str]
    house_rt: Index
    house_latitude: Floats
    house_longitude: Floats
    house_number: Index
    house_street: Index
    """Number into ``STREET_NAMES``, or -1: most houses in the countryside stand on no named street."""

    @property
    def house_village(self) -> Index:
        """Village of each house."""
        return self.rt_village[self.house_rt]


def known_villages(codes: Sequence[str] | None = None) -> pd.DataFrame:
    """The real villages with their kecamatan, sorted by code; only those of ``codes`` if given.

    Raises ValueError for a code that does not exist.
    """
    areas = load_areas()
    villages = areas[areas["level"] == "village"]
    kecamatan = areas[areas["level"] == "kecamatan"].set_index("area_code")["name"]
    table = pd.DataFrame(
        {
            "area_code": villages["area_code"].astype(str),
            "name": villages["name"].astype(str),
            "kind": villages["kind"].astype(str),
            "kecamatan_code": villages["parent_code"].astype(str),
            "kecamatan": villages["parent_code"].map(kecamatan).astype(str),
            "latitude": villages["latitude"].astype(float),
            "longitude": villages["longitude"].astype(float),
        }
    )
    table["radius_m"] = _radius_to_nearest_neighbour(table["latitude"].to_numpy(), table["longitude"].to_numpy())
    if codes is not None:
        unknown = sorted(set(codes) - set(table["area_code"]))
        if unknown:
            raise ValueError(f"no villages with these codes: {', '.join(unknown)}; codes look like 35.10.01.2001")
        table = table[table["area_code"].isin(set(codes))]
    return table.sort_values("area_code", ignore_index=True)


def _radius_to_nearest_neighbour(latitude: Floats, longitude: Floats) -> Floats:
    """Metres within which a village's houses lie.

    Under half the way to the nearest other village, so that no house is nearer to the middle of another one.
    """
    north = latitude[:, None] - latitude[None, :]
    east = (longitude[:, None] - longitude[None, :]) * np.cos(np.radians(latitude))[:, None]
    distance = np.hypot(north, east) * METRES_PER_DEGREE
    np.fill_diagonal(distance, np.inf)
    radius: Floats = np.clip(distance.min(axis=1) * 0.42, 150.0, 1_600.0)
    return radius


def families_per_village(rng: np.random.Generator, villages: pd.DataFrame, families: int, *, even: bool) -> Index:
    """How many families each village has: about equal shares, or the kecamatan's share with villages of different sizes."""
    if even:
        weights = np.ones(len(villages))
    else:
        size = np.exp(rng.normal(0.0, 0.35, len(villages)))
        within = size / pd.Series(size).groupby(villages["kecamatan_code"].to_numpy()).transform("sum").to_numpy()
        weights = within * villages["kecamatan_code"].map(KECAMATAN_WEIGHTS).fillna(60.0).to_numpy(dtype=np.float64)
    exact = weights / weights.sum() * families
    counts: Index = np.floor(exact).astype(np.int64)
    largest_rest = np.argsort(-(exact - counts), kind="stable")[: families - int(counts.sum())]
    counts[largest_rest] += 1
    return counts


def build_places(rng: np.random.Generator, villages: pd.DataFrame, houses_per_village: Index) -> Places:
    """RTs and houses for the given number of houses in each village."""
    rts = np.maximum(1, np.ceil(houses_per_village / HOUSES_PER_RT).astype(np.int64))
    rt_village = np.repeat(np.arange(len(villages)), rts)
    rt_in_village = _count_within(rts)
    rws = np.ceil(rts / RTS_PER_RW).astype(np.int64)
    rw_in_village = np.minimum(rt_in_village // RTS_PER_RW, rws[rt_village] - 1)
    rt_number = rt_in_village - rw_in_village * RTS_PER_RW + 1

    hamlets = np.clip(np.round(rws / 2.4).astype(np.int64), np.minimum(rws, 2), 8)
    hamlet_in_village = rw_in_village * hamlets[rt_village] // rws[rt_village]
    first_hamlet = np.concatenate([[0], np.cumsum(hamlets)])
    rt_hamlet = first_hamlet[rt_village] + hamlet_in_village
    hamlet_names = _hamlet_names(rng, hamlets)

    radius = villages["radius_m"].to_numpy()
    hamlet_radius = np.repeat(radius, hamlets) * np.sqrt(rng.random(int(hamlets.sum()))) * 0.7
    hamlet_north, hamlet_east = _offset(rng, hamlet_radius)
    rt_north, rt_east = _offset(rng, radius[rt_village] * np.sqrt(rng.random(len(rt_village))) * 0.22)
    rt_latitude, rt_longitude = _moved(
        villages["latitude"].to_numpy()[rt_village],
        villages["longitude"].to_numpy()[rt_village],
        hamlet_north[rt_hamlet] + rt_north,
        hamlet_east[rt_hamlet] + rt_east,
    )

    house_rt = _houses_to_rts(houses_per_village, rts)
    count = len(house_rt)
    spread = np.minimum(70.0, radius[rt_village[house_rt]] * 0.08)
    house_latitude, house_longitude = _moved(
        rt_latitude[house_rt],
        rt_longitude[house_rt],
        np.clip(rng.normal(0.0, 1.0, count), -2.5, 2.5) * spread,
        np.clip(rng.normal(0.0, 1.0, count), -2.5, 2.5) * spread,
    )
    is_town = (villages["kind"] == "kelurahan").to_numpy()[rt_village[house_rt]]
    has_street = rng.random(count) < np.where(is_town, 0.75, 0.15)
    rt_streets = rng.integers(0, len(STREET_NAMES), (len(rt_village), 2))
    street = rt_streets[house_rt, rng.integers(0, 2, count)]
    return Places(
        villages=villages.assign(houses=houses_per_village),
        rt_village=rt_village,
        rt_hamlet=rt_hamlet,
        rt_number=rt_number,
        rt_rw=rw_in_village + 1,
        rt_latitude=rt_latitude,
        rt_longitude=rt_longitude,
        hamlet_names=hamlet_names,
        house_rt=house_rt,
        house_latitude=np.round(house_latitude, 6),
        house_longitude=np.round(house_longitude, 6),
        house_number=rng.integers(1, 200, count),
        house_street=np.where(has_street, street, -1),
    )


def _count_within(sizes: Index) -> Index:
    """0, 1, 2 … within each group of the given sizes."""
    starts = np.repeat(np.cumsum(sizes) - sizes, sizes)
    within: Index = np.arange(int(sizes.sum())) - starts
    return within


def _houses_to_rts(houses_per_village: Index, rts: Index) -> Index:
    """Spreads each village's houses evenly over its RTs."""
    village = np.repeat(np.arange(len(houses_per_village)), houses_per_village)
    first_rt = np.cumsum(rts) - rts
    spread: Index = first_rt[village] + _count_within(houses_per_village) * rts[village] // houses_per_village[village]
    return spread


def _hamlet_names(rng: np.random.Generator, hamlets: Index) -> list[str]:
    """Names that are distinct within a village; nearly every village has its KRAJAN, the hamlet where it began."""
    names: list[str] = []
    for count in hamlets:
        others = rng.choice(len(HAMLET_NAMES) - 1, size=int(count), replace=False) + 1
        chosen = [HAMLET_NAMES[number] for number in others]
        if rng.random() < 0.85:
            chosen[0] = HAMLET_NAMES[0]
        names.extend(chosen)
    return names


def _offset(rng: np.random.Generator, distance: Floats) -> tuple[Floats, Floats]:
    angle = rng.random(len(distance)) * 2 * np.pi
    return distance * np.sin(angle), distance * np.cos(angle)


def _moved(latitude: Floats, longitude: Floats, north: Floats, east: Floats) -> tuple[Floats, Floats]:
    """Positions shifted by metres."""
    return np.asarray(latitude + north / METRES_PER_DEGREE), np.asarray(
        longitude + east / (METRES_PER_DEGREE * np.cos(np.radians(latitude)))
    )
