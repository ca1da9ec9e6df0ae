"""Plausible numbers for the pages: all 217 villages, and a small reader of HTML."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from html.parser import HTMLParser

import numpy as np
import pandas as pd
from playwright import sync_api

from geocoding import Boundaries, load_boundaries
from schemas.areas import BANYUWANGI, load_areas

OpenPage = Callable[..., sync_api.Page]
"""Opens a page's HTML in the browser; options are those of a browser context."""
AS_OF = date(2026, 10, 1)
COUNTS = ("residents", "families", "poor_families", "extreme_poor_families", "poor_persons")


@cache
def boundaries() -> Boundaries:
    return load_boundaries(None, load_areas(), BANYUWANGI)


def area_summary(seed: int = 1, **fixed: int) -> pd.DataFrame:
    """`v1_area_summary` of made-up numbers. `fixed` sets the poor families of a village: `v35_10_16_1007=3`."""
    areas, random = load_areas(), np.random.default_rng(seed)
    villages = areas[areas["level"] == "village"].copy()
    villages["families"] = random.lognormal(np.log(2_400), 0.45, len(villages)).astype(int)
    by_kecamatan = pd.Series(random.beta(6, 24, 25), index=sorted(villages["parent_code"].unique()))
    rate = np.clip(villages["parent_code"].map(by_kecamatan).astype(float) * random.lognormal(0, 0.25, len(villages)), 0.01, 0.7)
    villages["poor_families"] = (villages["families"] * rate).astype(int)
    for name, number in fixed.items():
        villages.loc[villages["area_code"] == name.removeprefix("v").replace("_", "."), "poor_families"] = number
    villages["residents"] = villages["families"] * 3
    villages["extreme_poor_families"] = villages["poor_families"] // 9
    villages["poor_persons"] = villages["poor_families"] * 4
    return summed_up(areas, villages)


def summed_up(areas: pd.DataFrame, villages: pd.DataFrame) -> pd.DataFrame:
    """All levels from the villages' numbers, with poor_rate."""
    columns = [name for name in COUNTS if name in villages]
    by_kecamatan = villages.groupby("parent_code")[columns].sum()
    kecamatan = areas[areas["level"] == "kecamatan"].merge(by_kecamatan, left_on="area_code", right_index=True)
    regency = areas[areas["level"] == "regency"].assign(**villages[columns].sum().to_dict())
    summary = pd.concat([regency, kecamatan, villages], ignore_index=True)
    summary["poor_rate"] = summary["poor_families"] / summary["families"].where(summary["families"] > 0)
    return summary.astype(dict.fromkeys(columns, "Int64"))


@dataclass
class Element:
    """An element of a page: its tag, attributes and text."""

    tag: str
    attributes: dict[str, str]
    text: str = ""


@dataclass
class Page(HTMLParser):
    """All elements of a page in order; the text of each up to its end tag."""

    html: str
    elements: list[Element] = field(default_factory=list)

    def __post_init__(self) -> None:
        super().__init__()
        self._open: list[Element] = []
        self.feed(self.html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        element = Element(tag, {name: value or "" for name, value in attrs})
        self.elements.append(element)
        if tag in {"td", "th", "li", "p", "div", "small", "b"}:  # what stands apart on the page stands apart in its text
            self.handle_data(" ")
        if tag not in {"meta", "link", "input", "br"}:
            self._open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if self._open and self._open[-1] is self.elements[-1]:
            self._open.pop()

    def handle_endtag(self, tag: str) -> None:
        while self._open and self._open.pop().tag != tag:
            pass

    def handle_data(self, data: str) -> None:
        for element in self._open:
            element.text += data

    def all(self, tag: str, **attributes: str) -> list[Element]:
        """Elements of a tag whose attributes have these values; `class_` asks for one class among others."""
        wanted = {name.rstrip("_").replace("_", "-"): value for name, value in attributes.items()}
        return [
            element
            for element in self.elements
            if element.tag == tag
            and all(
                value in element.attributes.get(name, "").split() if name == "class" else element.attributes.get(name) == value
                for name, value in wanted.items()
            )
        ]


NETWORK = re.compile(
    r"https?:|//[a-z0-9]|@import|url\((?!#)|\bsrc=|<link(?! rel=\"icon\" href=\"data:,\")|fetch\(|XMLHttpRequest|\.woff", re.IGNORECASE
)
"""What would make a page reach out: addresses, imports, sources, requests."""
