"""Houses: each family gets one, with a position, and with how well that position is known.

Measured coordinates come first, if they can be believed; families measured within ten metres in one RT share a house; all others
are placed near their measured neighbours, or at their village's point. Nothing is placed without saying how precisely.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from geocoding.boundaries import Boundaries
from geocoding.coordinates import DEFAULT_RULES, CoordinateRules, judge_coordinates, villages_of
from geocoding.housing import by_survivorship, surviving_housing
from geocoding.inferred_positions import address_keys, house_numbers, infer_positions
from geocoding.plane import Plane
from geocoding.shared_houses import group_into_houses
from schemas.areas import BANYUWANGI, Regency
from schemas.canonical import HOUSING_COLUMNS, TEXT

PRECISIONS = ("gps", "house", "rt", "rw", "hamlet", "village", "kecamatan", "none")
HOUSE_COLUMNS = (
    "latitude",
    "longitude",
    "position_precision",
    "position_radius_m",
    "area_code",
    "position_source",
    *HOUSING_COLUMNS,
)


@dataclass(frozen=True)
class Houses:
    """What `build_houses` found.

    houses: house_key (or house_id) and HOUSE_COLUMNS, one row per house.
    family_houses: family_id, house_key (or house_id), area_code, area_source (family | record | position, missing if unknown).
    coordinate_flags: record_id, family_id, source, area_code, code, distance_m: the coordinates that were not believed, and why.
    """

    houses: pd.DataFrame
    family_houses: pd.DataFrame
    coordinate_flags: pd.DataFrame


def build_houses(
    families: pd.DataFrame,
    family_records: pd.DataFrame,
    areas: pd.DataFrame,
    boundaries: Boundaries,
    *,
    trust: Mapping[str, int],
    regency: Regency = BANYUWANGI,
    rules: CoordinateRules = DEFAULT_RULES,
) -> Houses:
    """A house for every family.

    `families`: family_id (unique), area_code, hamlet, rt, rw, address. `family_records`: the records of offices with the `family_id`
    to which each belongs, provenance, area_code, latitude, longitude and the housing columns. `trust`: 0-100 by source. A house's
    `house_key` is the family_id of its first family; the lasting house_id is put in by `with_house_ids`.
    """
    plane = Plane.of(regency)
    families = families.reset_index(drop=True)
    records = by_survivorship(family_records[family_records["family_id"].isin(families["family_id"])].reset_index(drop=True), trust)
    area_code, area_source = _stated_areas(families, records, areas)

    coordinates = records.dropna(subset=["latitude", "longitude"])
    coordinates = coordinates.assign(area_code=coordinates["family_id"].map(pd.Series(area_code.to_numpy(), index=families["family_id"])))
    judged = judge_coordinates(coordinates, boundaries, regency, rules)
    believed = pd.concat([coordinates[["family_id", "record_id"]], judged], axis=1)[judged["code"].isna()]
    measured = believed.drop_duplicates("family_id").set_index("family_id").reindex(families["family_id"]).set_axis(families.index)

    blank = area_code.isna() & measured["east"].notna()
    found = villages_of(measured[["east", "north"]].to_numpy()[blank.to_numpy()], boundaries, plane, rules.beyond(boundaries))
    area_code[blank], area_source[blank] = found.to_numpy(), found.notna().map({True: "position", False: pd.NA}).to_numpy()

    keys = address_keys(families, area_code)
    neighbourhood = (keys["area_code"] + "|" + keys["rw_or_hamlet"] + "|" + keys["rt"]).astype(TEXT)
    first_family = group_into_houses(
        measured[["east", "north"]].to_numpy(dtype=float),
        neighbourhood,
        measured["radius"].to_numpy(dtype=float),
        house_numbers(keys["numbered_address"]),
    )
    house_key = families["family_id"].iloc[first_family].set_axis(families.index).astype(TEXT)
    positions = infer_positions(keys, measured, areas, boundaries, plane)
    positions = positions.assign(area_code=area_code, position_source=measured["record_id"].astype(TEXT), house_key=house_key)
    return Houses(
        houses=_one_row_per_house(positions.iloc[np.unique(first_family)], records, families["family_id"], house_key, trust, plane),
        family_houses=pd.DataFrame(
            {"family_id": families["family_id"], "house_key": house_key, "area_code": area_code, "area_source": area_source}
        ),
        coordinate_flags=_flags(coordinates, judged),
    )


def with_house_ids(result: Houses, ids: pd.Series) -> Houses:
    """The same with `house_id` in the place of `house_key`; `ids` holds the id of each house, indexed by its key in any order."""
    by_key = ids.reindex(pd.Index(result.houses["house_key"].to_numpy()))
    if by_key.isna().any() or by_key.duplicated().any():
        raise ValueError("each house needs a house_id of its own")
    houses = result.houses.rename(columns={"house_key": "house_id"}).assign(house_id=pd.array(by_key.to_numpy(), dtype=TEXT))
    occupancy = result.family_houses.rename(columns={"house_key": "house_id"})
    occupancy["house_id"] = pd.array(occupancy["house_id"].map(by_key).to_numpy(), dtype=TEXT)
    return replace(result, houses=houses, family_houses=occupancy)


def _stated_areas(families: pd.DataFrame, records: pd.DataFrame, areas: pd.DataFrame) -> tuple[pd.Series, pd.Series]:
    """The village (or kecamatan) in which each family is said to live, and who says so: the family's own, else its records'."""
    placeable = areas.loc[areas["level"].isin(["village", "kecamatan"]), "area_code"]
    by_record = records.loc[records["area_code"].isin(placeable)].drop_duplicates("family_id").set_index("family_id")["area_code"]
    own = families["area_code"].where(families["area_code"].isin(placeable)).astype(TEXT)
    stated = own.fillna(families["family_id"].map(by_record).astype(TEXT))
    said_by = pd.Series(pd.NA, index=families.index, dtype=TEXT)
    said_by[stated.notna()] = "record"
    said_by[own.notna()] = "family"
    return stated, said_by


def _one_row_per_house(
    positions: pd.DataFrame, records: pd.DataFrame, family_id: pd.Series, house_key: pd.Series, trust: Mapping[str, int], plane: Plane
) -> pd.DataFrame:
    latitude, longitude = plane.to_degrees(positions[["east", "north"]].to_numpy(dtype=float))
    of_record = records["family_id"].map(pd.Series(house_key.to_numpy(), index=family_id))
    housing = surviving_housing(records, of_record, trust).reindex(positions["house_key"])
    frame = pd.DataFrame(
        {
            "house_key": positions["house_key"].to_numpy(),
            # Seven decimals are one centimetre: enough to give a measured coordinate back as it was written.
            "latitude": np.round(latitude, 7),
            "longitude": np.round(longitude, 7),
            "position_precision": positions["precision"].to_numpy(),
            "position_radius_m": np.round(positions["radius"].to_numpy(dtype=float)),
            "area_code": positions["area_code"].to_numpy(),
            "position_source": positions["position_source"].to_numpy(),
        }
    )
    text = ["house_key", "position_precision", "area_code", "position_source"]
    return pd.concat([frame.astype(dict.fromkeys(text, TEXT)), housing.reset_index(drop=True)], axis=1)


def _flags(coordinates: pd.DataFrame, judged: pd.DataFrame) -> pd.DataFrame:
    refused = judged["code"].notna()
    columns = [name for name in ("record_id", "family_id", "source", "area_code") if name in coordinates]
    flags = coordinates.loc[refused, columns].assign(code=judged.loc[refused, "code"], distance_m=judged.loc[refused, "distance_m"].round())
    return flags.reset_index(drop=True)
