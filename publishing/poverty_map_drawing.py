"""The lines of the map: shapes, labels and scale bar as numbers for an inline SVG.

Everything is drawn in a box 640 units wide, in which one unit is about one pixel on a screen. Villages are simplified together,
so that neighbours keep one common border, and sub-districts are joined from the simplified villages, so that both levels fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import geopandas as gpd
import numpy as np
import numpy.typing as npt
import shapely

WIDTH = 640.0
_MARGIN = 14.0
_FINEST_UNITS = 0.35
"""Details smaller than this many units are not drawn: a third of a pixel, 50 m on a regency of 90 km."""
_SMALLEST_PART_UNITS2 = 0.6
_LETTER_WIDTH, _LINE_HEIGHT = 0.64, 1.3
"""Width of a letter in wide names and height of a line, as shares of the letter size (measured in DejaVu Sans, a wide font)."""
_LETTERS_BETWEEN = 0.6
"""Room between two names, and from a name to the edge, as a share of the letter size: the halo takes half of it."""
TELEPHONE_LETTERS = 1.8
"""How much larger letters are drawn where the map is at most half as wide: 12 units are 10 pixels there."""


@dataclass(frozen=True)
class Label:
    """Where a name fits, in units of the whole map, and the letter size there."""

    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Shape:
    """One area: the path of its outline, a point inside, its box (x, y, width, height), and its label if it fits.

    On a telephone letters are larger, so that names have places of their own there.
    """

    path: str
    x: float
    y: float
    box: tuple[float, float, float, float]
    label: Label | None
    telephone_label: Label | None


@dataclass(frozen=True)
class Drawing:
    """All shapes by area code, the height of the box, and the scale bar."""

    height: float
    kecamatan: dict[str, Shape]
    villages: dict[str, Shape]
    scale_km: int
    scale_units: float
    legend_corner: str
    """The corner with the least land under it: `top-left` and so on; the scale bar takes the other corner of the same side."""


def draw(villages: gpd.GeoDataFrame, parent: Mapping[str, str], names: Mapping[str, str]) -> Drawing:
    """The drawing of a regency. `villages`: area_code, geometry (any CRS); `parent` and `names` by area code."""
    metres = villages.to_crs(villages.estimate_utm_crs())
    codes = [str(code) for code in metres["area_code"]]
    west, south, east, north = metres.total_bounds
    units_per_metre = (WIDTH - 2 * _MARGIN) / (east - west)
    height = (north - south) * units_per_metre + 2 * _MARGIN
    shapes = shapely.transform(
        np.asarray(metres.geometry.array, dtype=object),
        lambda points: np.column_stack(
            [(points[:, 0] - west) * units_per_metre + _MARGIN, (north - points[:, 1]) * units_per_metre + _MARGIN]
        ),
    )
    shapes = _without_crumbs(shapely.coverage_simplify(shapes, _FINEST_UNITS))
    parents = [parent.get(code, "") for code in codes]
    joined = {
        code: _without_crumbs(np.array([shapely.union_all(shapely.buffer(shapes[[own == code for own in parents]], 0.02))], dtype=object))[
            0
        ]
        for code in sorted(set(parents) - {""})
    }
    whole = (0.0, 0.0, WIDTH, height)
    places = _places(list(joined), list(joined.values()), names, 12.0, whole)
    kecamatan = {code: _shape(shape, *places[code]) for code, shape in joined.items()}
    village_shapes: dict[str, Shape] = {}
    for code in ["", *joined]:
        rows = [row for row, own in enumerate(parents) if own == code]
        # Letters are as large on the screen as before: the box of one sub-district fills the map when it is opened.
        size = 12.0 / zoom_factor(kecamatan[code].box, height) if code else 0.0
        places = _places([codes[row] for row in rows], [shapes[row] for row in rows], names, size, None) if code else {}
        village_shapes |= {codes[row]: _shape(shapes[row], *places.get(codes[row], (None, None))) for row in rows}
    scale_km = max((km for km in (1, 2, 5, 10, 20, 50) if km * 1_000 * units_per_metre <= WIDTH / 4), default=1)
    corner = _emptiest_corner(shapes, height)
    return Drawing(round(height, 1), kecamatan, village_shapes, scale_km, round(scale_km * 1_000 * units_per_metre, 1), corner)


def zoom_factor(box: tuple[float, float, float, float], height: float) -> float:
    """How much larger an area is drawn when it is opened (the script of the page uses the same rule)."""
    return max(1.0, min(WIDTH / (box[2] * 1.15), height / (box[3] * 1.15)))


def _emptiest_corner(shapes: npt.NDArray[np.object_], height: float) -> str:
    land = shapely.union_all(shapes)
    wide, high = WIDTH * 0.32, height * 0.42
    corners = {
        "top-left": shapely.box(0, 0, wide, high),
        "top-right": shapely.box(WIDTH - wide, 0, WIDTH, high),
        "bottom-left": shapely.box(0, height - high, wide, height),
        "bottom-right": shapely.box(WIDTH - wide, height - high, WIDTH, height),
    }
    return min(corners, key=lambda name: round(float(corners[name].intersection(land).area)))


def _shape(shape: Any, label: Label | None, telephone_label: Label | None) -> Shape:
    inside = shape.representative_point()
    left, top, right, bottom = (round(float(edge), 1) for edge in shape.bounds)
    box = (left, top, round(right - left, 1), round(bottom - top, 1))
    return Shape(_path(shape), round(float(inside.x), 1), round(float(inside.y), 1), box, label, telephone_label)


def _path(shape: Any) -> str:
    rings = [ring for part in shapely.get_parts(shape) for ring in (part.exterior, *part.interiors)]
    return "".join("M" + "L".join(f"{x:.1f} {y:.1f}" for x, y in shapely.get_coordinates(ring)[:-1]) + "Z" for ring in rings)


def _without_crumbs(shapes: npt.NDArray[np.object_]) -> npt.NDArray[np.object_]:
    """Shapes without islands and holes too small to see; the largest part always stays."""
    return np.array([_without_crumbs_of(shape) for shape in shapes], dtype=object)


def _without_crumbs_of(shape: Any) -> Any:
    parts = sorted((part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"), key=lambda part: part.area, reverse=True)
    kept = [part for number, part in enumerate(parts) if number == 0 or part.area >= _SMALLEST_PART_UNITS2]
    holes = [[ring for ring in part.interiors if shapely.Polygon(ring).area >= _SMALLEST_PART_UNITS2] for part in kept]
    whole = [shapely.Polygon(part.exterior, inner) for part, inner in zip(kept, holes, strict=True)]
    return whole[0] if len(whole) == 1 else shapely.MultiPolygon(whole)


Box = tuple[float, float, float, float]


def _places(
    codes: list[str], shapes: list[Any], names: Mapping[str, str], size: float, edges: Box | None
) -> dict[str, tuple[Label | None, Label | None]]:
    """Each area's label on a wide screen and on a telephone; None where its name would meet another."""
    middles = [shapely.get_coordinates(shapely.maximum_inscribed_circle(shape, tolerance=0.5))[0] for shape in shapes]
    areas = sorted(zip(codes, shapes, middles, strict=True), key=lambda area: (-area[1].area, area[0]))
    wide, telephone = (
        _labels([(code, middle) for code, _, middle in areas], names, sizes, edges)
        for sizes in ((size, size * 0.8), (size * TELEPHONE_LETTERS,))
    )
    return {code: (wide.get(code), telephone.get(code)) for code in codes}


def _labels(
    areas: list[tuple[str, npt.NDArray[np.float64]]], names: Mapping[str, str], sizes: tuple[float, ...], edges: Box | None
) -> dict[str, Label]:
    """A place for each name, in this order: in the middle of its area, or a little higher or lower; none if names would collide."""
    placed: dict[str, Label] = {}
    taken: list[Box] = []
    for code, middle in areas:
        for letter in sizes:
            half_width = (len(names.get(code, code)) * _LETTER_WIDTH + _LETTERS_BETWEEN) * letter / 2
            half_height = letter * _LINE_HEIGHT / 2
            x = float(middle[0]) if edges is None else min(max(float(middle[0]), edges[0] + half_width), edges[2] - half_width)
            rows = [float(middle[1]) + step * letter for step in (0.0, -0.7, 0.7, -1.4, 1.4)]
            boxes = [(x - half_width, y - half_height, x + half_width, y + half_height) for y in rows]
            free = [number for number, box in enumerate(boxes) if not any(_overlap(box, other) for other in taken)]
            if free:
                placed[code] = Label(round(x, 1), round(rows[free[0]], 1), round(letter, 2))
                taken.append(boxes[free[0]])
                break
    return placed


def _overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]
