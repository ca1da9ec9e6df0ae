"""The map page: prevents hidden numbers in its source text, words from elsewhere, and a map that passes for official."""

from __future__ import annotations

import re
from dataclasses import replace
from itertools import pairwise

import pandas as pd
import pytest
from report_frames import AS_OF, NETWORK, Page, area_summary, boundaries

from publishing.poverty_map import render_poverty_map
from publishing.small_counts import suppress_small_counts

HIDDEN_VILLAGE = "35.10.16.1007"


def render(summary: pd.DataFrame | None = None, **options: object) -> str:
    return render_poverty_map(
        area_summary(v35_10_16_1007=3) if summary is None else summary, boundaries(), **{"as_of": AS_OF, "publication": 3, **options}
    )  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def html() -> str:
    return render()


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def test_it_reaches_for_nothing_outside_itself(html: str) -> None:
    assert NETWORK.findall(html) == []
    assert "default-src 'none'" in html


def test_it_holds_no_identity_number(html: str) -> None:
    assert re.findall(r"\d{16}", html) == []


def test_all_areas_are_drawn_coloured_and_listed(page: Page) -> None:
    areas = page.all("path", class_="area")
    assert len(areas) == 25 + 217
    assert len(page.all("tr", data_level="kecamatan")) == 25
    assert len(page.all("tr", data_level="village")) == 217
    for area in areas:
        classes = {area.attributes["data-class-count"], area.attributes["data-class-rate"]}
        assert (classes == {"0"}) == (area.attributes["data-state"] != "shown")
    colours = {area.attributes["data-class-count"] for area in areas if area.attributes["data-level"] == "kecamatan"}
    assert colours == {"1", "2", "3", "4", "5"}


def test_the_legend_accounts_for_every_area(page: Page) -> None:
    numbers = [int(re.sub(r"\D", "", element.text)) for element in page.all("span", class_="areas")]
    # Both measures count the shown areas; the hidden ones stand once.
    assert sum(numbers) == 2 * 25 + 2 * 215 + 2


def test_figures_stand_with_source_and_date(page: Page) -> None:
    source = "Sumber: Basis data terpadu Padan, publikasi ke-3, 1 Oktober 2026"
    assert [element.text for element in page.all("dd", class_="source")] == [source] * 3
    assert source in page.all("div", id="tooltip")[0].text
    assert all(source in element.text for element in page.all("div", class_="head"))
    assert source in page.all("figcaption")[0].text


def test_each_area_speaks_its_number_rate_and_families(page: Page) -> None:
    shown = [area.attributes for area in page.all("path", class_="area") if area.attributes["data-state"] == "shown"]
    pattern = re.compile(r"^.+: [\d.]+ keluarga miskin, [\d,]+\s% dari [\d.]+ keluarga dalam register\.")
    assert all(pattern.match(attributes["aria-label"]) for attributes in shown)


def test_hidden_numbers_are_nowhere_in_the_page(html: str, page: Page) -> None:
    summary = suppress_small_counts(area_summary(v35_10_16_1007=3))
    hidden = summary[summary["hidden"]]["area_code"].tolist()
    assert HIDDEN_VILLAGE in hidden
    original = area_summary(v35_10_16_1007=3).set_index("area_code")
    for code in hidden:
        lines = [line for line in html.splitlines() if f'data-code="{code}"' in line]
        assert len(lines) == 2
        row = html[html.index(f'<tr data-code="{code}"') :].split("</tr>", maxsplit=1)[0]
        path = next(line for line in lines if "<path" in line)
        rate = f"{original.loc[code, 'poor_rate'] * 100:.1f}".replace(".", ",")
        for text in (re.sub(r"\bd=\"[^\"]*\"|data-(?:x|y|box)=\"[^\"]*\"", "", path), row):
            figures = re.findall(r"(?<![\d.,])\d[\d.,]*(?![\d.,])", re.sub(r"data-(?:code|parent)=\"[^\"]*\"", "", text))
            assert str(original.loc[code, "poor_families"]) not in figures
            assert rate not in figures
    for area in page.all("path", class_="area"):
        if area.attributes["data-code"] in hidden:
            assert area.attributes["data-state"] == "hidden"
            assert "disamarkan" in area.attributes["aria-label"]


def test_approximate_boundaries_are_called_so_and_others_are_not(html: str) -> None:
    assert html.count("Batas perkiraan, bukan batas resmi") == 1
    assert "batas perkiraan, dibuat dari titik desa" in html
    real = replace(boundaries(), approximate=False, label_id="batas dari berkas desa.geojson", label_en="from desa.geojson")
    other = render_poverty_map(area_summary(), real, as_of=AS_OF, publication=3)
    assert "perkiraan" not in other
    assert "batas dari berkas desa.geojson" in other


def test_english_is_english_throughout() -> None:
    page = Page(render(language="en"))
    text = page.all("body")[0].text
    assert page.all("html")[0].attributes["lang"] == "en"
    assert "Map of poor families" in text
    assert re.findall(r"\b(?:keluarga|miskin|Kecamatan|Sumber|Jumlah|Wilayah|batas)\b", text.replace("Desa ", "")) == []


def test_the_structure_stays_as_screen_readers_know_it(page: Page) -> None:
    assert [(element.tag, " ".join(element.text.split())) for element in page.elements if element.tag in {"h1", "h2"}] == [
        ("h1", "Peta keluarga miskin"),
        ("h2", "Peta keluarga miskin"),
        ("h2", "Keluarga miskin per kecamatan"),
        ("h2", "Keluarga miskin per desa dan kelurahan"),
        ("h2", "Cara membaca peta ini"),
    ]
    assert [element.attributes["href"] for element in page.all("a")] == ["#table"]
    assert [(element.attributes["name"], element.attributes["value"]) for element in page.all("input")] == [
        ("measure", "count"),
        ("measure", "rate"),
        ("level", "kecamatan"),
        ("level", "village"),
    ]
    assert len([area for area in page.all("path", class_="area") if area.attributes["tabindex"] == "0"]) == 1
    assert all(row.attributes.get("scope") in {"row", "col"} for row in page.all("th"))


def test_the_same_numbers_give_the_same_page(html: str) -> None:
    assert render() == html
    assert render(area_summary(v35_10_16_1007=3).sample(frac=1, random_state=4)) == html


def test_names_are_text_and_not_markup() -> None:
    summary = area_summary()
    summary.loc[summary["area_code"] == "35.10.05", "name"] = '<script>alert("x")</script>'
    html = render(summary)
    assert "<script>alert" not in html
    assert "&lt;script&gt;" in html


def test_without_any_welfare_data_the_page_says_so_instead_of_failing() -> None:
    summary = area_summary().assign(poor_families=0, families=0, poor_rate=float("nan"))
    html = render(summary)
    assert "Belum ada keluarga miskin yang tercatat" in html
    assert {area.attributes["data-state"] for area in Page(html).all("path", class_="area")} == {"no_data"}


def test_areas_without_a_shape_stay_in_the_table(page: Page) -> None:
    shapes = boundaries()
    fewer = replace(shapes, frame=shapes.frame[shapes.frame["area_code"] != "35.10.05.2001"])
    other = Page(render_poverty_map(area_summary(), fewer, as_of=AS_OF, publication=3))
    assert len(other.all("path", class_="area")) == 25 + 216
    assert len(other.all("tr", data_level="village")) == 217
    assert "1 wilayah tidak punya bentuk" in other.all("body")[0].text


def test_the_colours_grow_steadily_darker_so_that_colour_blind_readers_and_copiers_keep_the_order(html: str) -> None:
    light, dark = (re.findall(r"--c([1-5]): (#[0-9a-f]{6})", part) for part in html.split("prefers-color-scheme: dark", 1))
    for ramp, sign in ((light[:5], -1), (dark[:5], 1)):
        assert [number for number, _ in ramp] == ["1", "2", "3", "4", "5"]
        lightness = [_lightness(colour) for _, colour in ramp]
        steps = [sign * (after - before) for before, after in pairwise(lightness)]
        assert min(steps) >= 9  # CIE L*: neighbouring classes of a map need about 10 to be told apart


def _lightness(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)
    luminance = 0.2126 * red + 0.7152 * green + 0.0722 * blue
    return 116 * luminance ** (1 / 3) - 16
