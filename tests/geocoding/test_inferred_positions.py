"""Inferred positions: prevents a guessed position from being taken for a measured one, and radii that promise too much."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from geocoding_frames import VILLAGES, families_frame, small_areas

from geocoding import load_boundaries
from geocoding.inferred_positions import address_keys, area_points, house_numbers, infer_positions
from geocoding.plane import Plane
from schemas.areas import BANYUWANGI

VILLAGE = "35.10.05.2001"
PLANE = Plane.of(BANYUWANGI)
AREAS = small_areas()
BOUNDARIES = load_boundaries(None, AREAS, BANYUWANGI)
CENTRE = PLANE.to_metres(*[[value] for value in VILLAGES[VILLAGE]])[0]
MEASURED_AT = [(10.0, 0.0), (-30.0, 20.0), (25.0, -15.0), (0.0, 40.0)]


def place(asked: dict[str, object], known: list[dict[str, object]] | None = None) -> pd.Series:
    """The position of the family `asked`, four families of the same address (or `known`) being measured."""
    rows = [*(known if known is not None else [asked] * 4), asked]
    families = families_frame(**{name: [row.get(name, pd.NA) for row in rows] for name in ("area_code", "hamlet", "rt", "rw", "address")})
    measured = pd.DataFrame({"east": np.nan, "north": np.nan, "radius": np.nan}, index=families.index)
    measured.iloc[:-1, :2] = CENTRE + np.array(MEASURED_AT[: len(rows) - 1]) + 300
    measured.iloc[:-1, 2] = 15.0
    return infer_positions(address_keys(families, families["area_code"]), measured, AREAS, BOUNDARIES, PLANE).iloc[-1]


FULL: dict[str, object] = {"area_code": VILLAGE, "hamlet": "Krajan", "rt": "002", "rw": "001", "address": "JL. MERAK NO. 12"}


@pytest.mark.parametrize(
    ("changes", "precision"),
    [
        ({}, "house"),
        ({"address": "JL. MERAK"}, "rt"),
        ({"address": pd.NA}, "rt"),
        ({"address": pd.NA, "rw": pd.NA}, "rt"),
        ({"address": pd.NA, "rt": pd.NA}, "rw"),
        ({"address": pd.NA, "rt": "000"}, "rw"),
        ({"address": pd.NA, "rt": pd.NA, "rw": pd.NA}, "hamlet"),
        ({"address": pd.NA, "rt": pd.NA, "rw": pd.NA, "hamlet": pd.NA}, "village"),
        ({"area_code": "35.10.05"}, "kecamatan"),
        ({"area_code": pd.NA}, "none"),
        ({"area_code": "35.10.99.2001"}, "none"),
    ],
    ids=["all", "street", "rt", "rt by hamlet", "rw", "rt 000", "hamlet", "village", "kecamatan", "nothing", "unknown code"],
)
def test_the_ladder_takes_the_first_rung_that_holds(changes: dict[str, object], precision: str) -> None:
    asked = {**FULL, **changes}
    known = [
        asked if pd.notna(asked["area_code"]) and len(str(asked["area_code"])) == 13 and "99" not in str(asked["area_code"]) else FULL
    ] * 4
    assert place(asked, known)["precision"] == precision


def test_spelling_does_not_part_an_rt_or_a_hamlet() -> None:
    known = [{**FULL, "hamlet": "DUSUN KRAJAN", "rt": "2", "address": pd.NA}] * 4
    asked = {**FULL, "hamlet": "Dsn. Krajan", "rt": "002", "rw": pd.NA, "address": pd.NA}
    assert place(asked, known)["precision"] == "rt"


def test_three_measured_houses_do_not_show_how_wide_an_rt_is() -> None:
    asked = {**FULL, "address": pd.NA}
    assert place(asked, [asked] * 3)["precision"] == "village"


def test_the_same_rt_number_in_another_village_is_another_rt() -> None:
    asked = {**FULL, "address": pd.NA}
    assert place(asked, [{**asked, "area_code": "35.10.08.2001"}] * 4)["precision"] == "village"


def test_a_neighbourhood_wider_than_its_village_is_not_believed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("test_inferred_positions.MEASURED_AT", [(0.0, 0.0), (9_000.0, 0.0), (0.0, 9_000.0), (9_000.0, 9_000.0)])
    assert place({**FULL, "address": pd.NA})["precision"] == "village"


def test_the_villages_radius_holds_the_whole_village() -> None:
    points = area_points(AREAS, BOUNDARIES, PLANE)
    polygon = PLANE.project(BOUNDARIES.villages.geometry)[0]
    centre = points.loc[VILLAGE, ["east", "north"]].to_numpy(dtype=float)
    assert points.loc[VILLAGE, "radius"] == pytest.approx(np.hypot(*(np.array(polygon.exterior.coords) - centre).T).max())
    assert points.loc["35.10.05", "radius"] > points.loc[VILLAGE, "radius"]


@pytest.mark.parametrize("shape", ["disc", "normal", "two rows"])
@pytest.mark.parametrize("number", [4, 5, 10, 30, 100])
def test_the_stated_radius_holds_the_house_in_nine_of_ten_cases(shape: str, number: int) -> None:
    # The radius is a promise to the officer who goes there. 400 neighbourhoods, `number` measured houses each, one house left out.
    random = np.random.default_rng(number)
    groups = 400
    spread = random.normal(size=(groups * (number + 1), 2)) * 120
    if shape == "disc":
        angle, reach = random.uniform(0, 2 * np.pi, len(spread)), 250 * np.sqrt(random.uniform(size=len(spread)))
        spread = np.column_stack([reach * np.cos(angle), reach * np.sin(angle)])
    if shape == "two rows":
        spread = np.column_stack([random.uniform(-300, 300, len(spread)), random.choice([-20.0, 20.0], len(spread))])
    families = families_frame(
        area_code=[VILLAGE] * len(spread), rw=["1"] * len(spread), rt=[str(1 + index // (number + 1)) for index in range(len(spread))]
    )
    measured = pd.DataFrame(CENTRE + spread, columns=["east", "north"]).assign(radius=15.0)
    left_out = np.arange(0, len(spread), number + 1)
    measured.iloc[left_out] = np.nan
    placed = infer_positions(address_keys(families, families["area_code"]), measured, AREAS, BOUNDARIES, PLANE).iloc[left_out]
    assert (placed["precision"] == "rt").all()
    off = np.hypot(*(placed[["east", "north"]].to_numpy() - (CENTRE + spread)[left_out]).T)
    assert (off <= placed["radius"]).mean() >= 0.9


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("JL. MERAK NO. 12", "12"),
        ("Jl Merak No.12A", "12A"),
        ("JL MERAK 12 B", "12B"),
        ("JL. 17 AGUSTUS", None),
        ("JL. MERAK", None),
        ("JL. MERAK GG. 3", None),
        ("RT 004", None),
        (pd.NA, None),
    ],
)
def test_the_house_number_is_the_last_number(address: object, number: str | None) -> None:
    keys = address_keys(families_frame(area_code=[VILLAGE], address=[address]), pd.Series([VILLAGE]))
    found = house_numbers(keys["numbered_address"]).iloc[0]
    assert (None if pd.isna(found) else found) == number
