"""The map of poor families: one page for regents, sub-district heads and the public.

It shows number and rate, by sub-district and by village, each figure with its source and date. Small counts are hidden before
anything else is done, so that nothing in the page, not even in its source text, holds them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

import geopandas as gpd
import numpy as np
import pandas as pd

from publishing.language import Language
from publishing.pages import render_page
from publishing.poverty_map_classes import ClassScale, class_scale
from publishing.poverty_map_drawing import Drawing, Shape, draw
from publishing.small_counts import SMALLEST_SHOWN, suppress_small_counts

_MEASURES = {"count": 1.0, "rate": 0.1}
"""The two measures, and the finest step of their class limits (families; percentage points)."""


class MapBoundaries(Protocol):
    """What the map needs of boundaries (`geocoding.Boundaries` is one)."""

    @property
    def frame(self) -> gpd.GeoDataFrame:
        """area_code, level, geometry."""

    @property
    def approximate(self) -> bool:
        """Whether the boundaries are made up from points."""

    @property
    def label_id(self) -> str:
        """What to call them in Indonesian."""

    @property
    def label_en(self) -> str:
        """What to call them in English."""


@dataclass(frozen=True)
class AreaView:
    """One area as the page shows it: every text ready, nothing in it that is hidden."""

    code: str
    name: str
    kecamatan: str
    parent: str
    state: str
    """shown, hidden or no_data."""
    poor: str
    rate: str
    rate_of: str
    families: str
    sort_poor: float
    sort_rate: float
    sort_families: float
    bar_count: float
    bar_rate: float
    class_count: int
    class_rate: int
    description: str
    shape: Shape | None


@dataclass(frozen=True)
class LegendEntry:
    """One class of the legend."""

    number: int
    range: str
    areas: int


@dataclass(frozen=True)
class LevelView:
    """All areas of one level, highest number first, with a legend for each measure."""

    level: str
    areas: list[AreaView]
    legends: dict[str, list[LegendEntry]]
    hidden: int
    no_data: int


def render_poverty_map(
    area_summary: pd.DataFrame,
    boundaries: MapBoundaries,
    *,
    as_of: date,
    publication: int,
    language: str = "id",
    source: str | None = None,
) -> str:
    """The page as one HTML text.

    `area_summary` has the columns of `v1_area_summary`: area_code, level, name, parent_code, families, poor_families, poor_rate (a share
    of one). `source` names the data beside each figure; by default the unified database.
    """
    words = Language.of(language)
    summary = suppress_small_counts(area_summary)
    names = dict(zip(summary["area_code"].astype(str), summary["name"].astype(str), strict=True))
    parents = {
        str(code): str(parent) for code, parent in zip(summary["area_code"], summary["parent_code"], strict=True) if pd.notna(parent)
    }
    village_shapes = boundaries.frame[(boundaries.frame["level"] == "village") & boundaries.frame["area_code"].isin(list(names))]
    drawing = draw(village_shapes, parents, names)
    levels = [_level_view(level, summary, names, drawing, words) for level in ("kecamatan", "village")]
    whole = summary[summary["level"] == "regency"].iloc[0]
    source_line = words.text(
        "map.source_line", source=source or words.text("map.source_default"), publication=words.integer(publication), date=words.date(as_of)
    )
    return render_page(
        "poverty_map.html.j2",
        words,
        regency=words.text("regency", name=whole["name"]),
        lede=_lede(whole, levels[0], words),
        whole=_view(whole, {}, None, words),
        as_of=as_of,
        publication=publication,
        source_line=source_line,
        levels=levels,
        drawing=drawing,
        approximate=boundaries.approximate,
        boundary_label=boundaries.label_en if language == "en" else boundaries.label_id,
        smallest=SMALLEST_SHOWN,
        anything_hidden=bool(summary["hidden"].any()),
        without_shape=sum(area.shape is None for level in levels for area in level.areas),
    )


def _level_view(level: str, summary: pd.DataFrame, names: dict[str, str], drawing: Drawing, words: Language) -> LevelView:
    rows = summary[summary["level"] == level].copy()
    values = {
        "count": pd.to_numeric(rows["poor_families"]).to_numpy(dtype=float, na_value=np.nan),
        # Classes are made of the rounded percentages that the page shows, so that no area stands in a class that its figure denies.
        "rate": np.round(pd.to_numeric(rows["poor_rate"]).to_numpy(dtype=float, na_value=np.nan) * 100, 1),
    }
    scales = {measure: class_scale(values[measure], smallest_step=step) for measure, step in _MEASURES.items()}
    for measure, scale in scales.items():
        highest = np.nanmax(values[measure]) if np.isfinite(values[measure]).any() else np.nan
        rows[f"class_{measure}"] = np.array([0, *_ramp(len(scale.lower))])[scale.class_of(values[measure])]
        rows[f"bar_{measure}"] = np.round(np.nan_to_num(values[measure] / highest * 100), 1) if highest else 0.0
    rows = rows.assign(order=[-_sortable(row) for _, row in rows.iterrows()]).sort_values(["order", "area_code"])
    shapes = drawing.kecamatan if level == "kecamatan" else drawing.villages
    return LevelView(
        level=level,
        areas=[_view(row, names, shapes.get(str(row["area_code"])), words) for _, row in rows.iterrows()],
        legends={measure: _legend(scale, measure, words) for measure, scale in scales.items()},
        hidden=int(rows["hidden"].sum()),
        no_data=int((~rows["has_data"]).sum()),
    )


def _view(row: pd.Series, names: dict[str, str], shape: Shape | None, words: Language) -> AreaView:
    state = "hidden" if row["hidden"] else "shown" if row["has_data"] else "no_data"
    parent = str(row["parent_code"]) if pd.notna(row["parent_code"]) else ""
    kecamatan = names.get(parent, "") if row["level"] == "village" else ""
    place = f"{row['name']}, {words.text('map.in_kecamatan', name=kecamatan)}" if kecamatan else str(row["name"])
    poor, families = words.integer(row["poor_families"]), words.integer(row["families"])
    known = state == "shown" and pd.notna(row["poor_rate"])
    rate = words.percent(row["poor_rate"] if known else None)
    rate_of = words.text("map.rate_of", rate=rate, families=families) if known else words.text("map.rate_unknown")
    spoken = {"shown": "map.aria", "hidden": "map.aria_hidden", "no_data": "map.aria_no_data"}[state]
    return AreaView(
        code=str(row["area_code"]),
        name=str(row["name"]),
        kecamatan=kecamatan,
        parent=parent,
        state=state,
        poor=poor if state == "shown" else words.text(state),
        rate=rate,
        rate_of=rate_of,
        families=families,
        sort_poor=_sortable(row),
        sort_rate=_sortable(row, "poor_rate"),
        sort_families=_sortable(row, "families"),
        bar_count=float(row.get("bar_count", 0.0)),
        bar_rate=float(row.get("bar_rate", 0.0)),
        class_count=int(row.get("class_count", 0)),
        class_rate=int(row.get("class_rate", 0)),
        description=words.text(spoken, place=place, poor=words.text("map.poor_number", number=poor), rate=rate_of),
        shape=shape,
    )


def _legend(scale: ClassScale, measure: str, words: Language) -> list[LegendEntry]:
    step = _MEASURES[measure]
    highest = [*(lower - step for lower in scale.lower[1:]), scale.highest][: len(scale.lower)]

    def written(value: float) -> str:
        return words.integer(round(value)) if measure == "count" else words.decimal(value)

    entries = []
    for number, low, high, areas in zip(_ramp(len(scale.lower)), scale.lower, highest, scale.counts, strict=True):
        text = written(low) if written(low) == written(high) else words.text("map.legend.range", low=written(low), high=written(high))
        entries.append(LegendEntry(number, text if measure == "count" else f"{text}\u00a0%", areas))
    return entries


def _lede(whole: Any, kecamatan: LevelView, words: Language) -> str:
    """What the map says in one sentence: where most poor families live, and where they are the largest part."""
    regency = words.text("regency", name=whole["name"])
    if whole["hidden"]:
        return words.text("map.lede_hidden", regency=regency)
    if not whole["has_data"] or pd.isna(whole["poor_rate"]):
        return words.text("map.lede_nothing", regency=regency)
    shown = [area for area in kecamatan.areas if area.state == "shown"]
    if len(shown) < 2:
        return words.text(
            "map.lede_total", regency=regency, poor=words.integer(whole["poor_families"]), rate=words.percent(whole["poor_rate"])
        )
    most, densest = max(shown, key=lambda area: area.sort_poor), max(shown, key=lambda area: area.sort_rate)
    if most.code == densest.code:
        return words.text("map.lede_both", name=most.name, poor=most.poor, rate=most.rate)
    return words.text("map.lede", most=most.name, poor=most.poor, densest=densest.name, rate=densest.rate)


def _sortable(row: pd.Series, column: str = "poor_families") -> float:
    """The number to sort by; hidden areas come after all numbers, areas without data last."""
    value = row[column]
    if pd.isna(value):
        return -1.0 if row["has_data"] else -2.0
    # Four decimals tell percentages apart as finely as the page writes them.
    return round(float(value), 4)


def _ramp(classes: int) -> tuple[int, ...]:
    """Which of the five colours `classes` classes take: spread out, so that two classes differ clearly and one is not the palest."""
    return {0: (), 1: (3,), 2: (2, 4), 3: (1, 3, 5), 4: (1, 2, 4, 5)}.get(classes, tuple(range(1, classes + 1)))
