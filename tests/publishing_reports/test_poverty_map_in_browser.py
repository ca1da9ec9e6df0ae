"""The map as people use it: with a mouse, with a keyboard, on a telephone, on paper, in the dark, and never with a network."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page
from report_frames import AS_OF, OpenPage, area_summary, boundaries

from publishing.poverty_map import render_poverty_map

pytestmark = pytest.mark.needs("chromium")

FILLS = "[...document.querySelectorAll('path.area[data-level={level}]')].map((area) => getComputedStyle(area).fill)"


@pytest.fixture(scope="module")
def html() -> str:
    return render_poverty_map(area_summary(v35_10_16_1007=3), boundaries(), as_of=AS_OF, publication=3)


def area(name: str, level: str = "kecamatan") -> str:
    return f'path.area[data-level={level}][data-name="{name}"]'


def fills(page: Page, level: str) -> list[str]:
    found: list[str] = page.evaluate(FILLS.format(level=level))
    return found


def test_areas_are_coloured_and_painted(open_page: OpenPage, html: str) -> None:
    page = open_page(html)
    colours = fills(page, "kecamatan")
    assert len(colours) == 25
    assert len(set(colours)) == 5
    # What lies under the middle of an area is that area: nothing covers it, and it is on the screen.
    for name in ("Muncar", "Tegaldlimo", "Wongsorejo"):
        page.locator(area(name)).scroll_into_view_if_needed()
        under = page.evaluate(
            """(selector) => { const area = document.querySelector(selector), map = area.ownerSVGElement;
            const point = new DOMPoint(Number(area.dataset.x), Number(area.dataset.y)).matrixTransform(map.getScreenCTM());
            return document.elementFromPoint(point.x, point.y).dataset.name; }""",
            area(name),
        )
        assert under == name


def test_the_legend_shows_each_colour_with_its_range(open_page: OpenPage, html: str) -> None:
    page = open_page(html)
    entries = page.locator("#legend li:visible")
    assert entries.count() == 5
    assert all(re.fullmatch(r"[\d.]+ \u2013 [\d.]+", text) for text in page.locator("#legend li:visible .range").all_inner_texts())
    swatches = page.evaluate(
        "[...document.querySelectorAll('#legend li')].filter((item) => item.offsetParent)"
        ".map((item) => getComputedStyle(item.querySelector('.swatch')).backgroundColor)"
    )
    assert set(swatches) == set(fills(page, "kecamatan"))


def test_the_tooltip_tells_name_number_rate_source_and_date(open_page: OpenPage, html: str) -> None:
    page = open_page(html)
    tooltip = page.locator("#tooltip")
    assert not tooltip.is_visible()
    page.hover(area("Tegaldlimo"))
    assert tooltip.is_visible()
    summary = area_summary(v35_10_16_1007=3).set_index("area_code").loc["35.10.04"]
    text = tooltip.inner_text()
    assert "Tegaldlimo" in text
    assert f"{summary['poor_families']:,}".replace(",", ".") + " keluarga miskin" in text
    assert f"{summary['poor_rate'] * 100:.1f}".replace(".", ",") + "\u00a0% dari" in text
    assert "Sumber: Basis data terpadu Padan, publikasi ke-3, 1 Oktober 2026" in text
    page.mouse.move(2, 2)
    assert not tooltip.is_visible()


def test_switches_change_colours_legend_and_table(open_page: OpenPage, html: str) -> None:
    page = open_page(html)
    by_number = fills(page, "kecamatan")
    page.check("input[value=rate]")
    assert fills(page, "kecamatan") != by_number
    assert "%" in page.locator("#legend li:visible .range").first.inner_text()
    rates = [float(row.get_attribute("data-rate") or "") for row in page.locator(".table-kecamatan tbody tr").all()]
    assert rates == sorted(rates, reverse=True)
    page.check("input[value=village]")
    assert page.locator("path.area[data-level=village]").first.is_visible()
    assert not page.locator(area("Muncar")).is_visible()
    assert page.locator(".table-village tbody tr:visible").count() == 217


def test_a_hidden_village_is_hatched_and_says_why(open_page: OpenPage, html: str) -> None:
    page = open_page(html)
    page.check("input[value=village]")
    hidden = page.locator("path.area[data-level=village][data-state=hidden]")
    assert hidden.count() == 2
    assert all(
        "hatch" in colour
        for colour in page.evaluate("[...document.querySelectorAll('[data-state=hidden]')].map((area) => getComputedStyle(area).fill)")
    )
    hidden.first.dispatch_event("pointermove", {"clientX": 300, "clientY": 300})
    assert "Disamarkan" in page.locator("#tooltip").inner_text()
    assert "Angka di bawah 5 disamarkan" in page.locator("#tooltip").inner_text()


def test_the_keyboard_reaches_every_thing_that_the_mouse_does(open_page: OpenPage, html: str) -> None:
    page = open_page(html)
    page.focus("input[value=kecamatan]")
    page.keyboard.press("Tab")
    first = focused(page)
    assert first["level"] == "kecamatan"
    assert page.locator("#tooltip").is_visible()
    seen = set()
    for key in ("ArrowDown", "ArrowLeft", "ArrowUp", "ArrowRight"):
        for _ in range(6):
            page.keyboard.press(key)
            seen.add(focused(page)["code"])
    assert len(seen) > 8
    opened = focused(page)
    page.keyboard.press("Enter")
    assert focused(page)["parent"] == opened["code"]
    assert page.locator(".village-label.open").first.is_visible()
    assert page.locator(".table-village tbody tr:visible").count() == page.locator(f"path.area[data-parent='{opened['code']}']").count()
    page.keyboard.press("Escape")
    assert focused(page)["code"] == opened["code"]
    assert page.locator(".table-kecamatan tbody tr:visible").count() == 25


def test_opening_a_sub_district_brings_it_near_and_back_again(open_page: OpenPage, html: str) -> None:
    page = open_page(html)
    whole = page.get_attribute("#map", "viewBox")
    page.click(area("Giri"))
    near = page.get_attribute("#map", "viewBox")
    assert near is not None
    assert whole is not None
    assert float(near.split()[2]) < float(whole.split()[2]) / 4
    assert "Giri" in page.locator(".only:visible").inner_text()
    page.click("#back")
    assert page.get_attribute("#map", "viewBox") == whole


def test_columns_sort_both_ways(open_page: OpenPage, html: str) -> None:
    page = open_page(html)
    names = page.locator(".table-kecamatan tbody th")
    page.click(".table-kecamatan .sort[data-key=name]")
    assert names.all_inner_texts() == sorted(names.all_inner_texts())
    page.click(".table-kecamatan .sort[data-key=name]")
    assert names.all_inner_texts() == sorted(names.all_inner_texts(), reverse=True)
    page.click(".table-kecamatan .sort[data-key=families]")
    families = [int(row.get_attribute("data-families").split(".")[0]) for row in page.locator(".table-kecamatan tbody tr").all()]  # type: ignore[union-attr]
    assert families == sorted(families, reverse=True)


@pytest.mark.parametrize("width", [390, 800, 1024, 1360], ids=str)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_no_width_and_no_scheme_breaks_the_page(open_page: OpenPage, html: str, width: int, scheme: str) -> None:
    page = open_page(html, viewport={"width": width, "height": 800}, color_scheme=scheme)
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    colours = page.evaluate("(() => { const style = getComputedStyle(document.body); return [style.color, style.backgroundColor]; })()")
    assert contrast(*colours) >= 7
    for selector in (".meta", ".source", "thead th", ".notes li"):
        text = page.evaluate(f"getComputedStyle(document.querySelector('{selector}')).color")
        card = page.evaluate("getComputedStyle(document.querySelector('.card')).backgroundColor")
        assert contrast(text, card) >= 4.5
    assert len(set(fills(page, "kecamatan"))) == 5


NAMES = """() => {
    const map = document.querySelector("#map").getBoundingClientRect();
    const shown = [...document.querySelectorAll(".label")].filter((name) => getComputedStyle(name).visibility !== "hidden");
    const boxes = shown.map((name) => [name.textContent, name.getBoundingClientRect()]).filter(([, box]) => box.width > 0);
    const outside = boxes.filter(([, box]) => box.left < map.left || box.right > map.right).map(([name]) => name);
    const meeting = boxes.flatMap(([name, box], number) => boxes.slice(0, number).filter(([, other]) =>
        box.left < other.right && other.left < box.right && box.top < other.bottom && other.top < box.bottom
    ).map(([other]) => `${name}, ${other}`));
    return { shown: boxes.length, outside, meeting, letters: Math.min(...boxes.map(([, box]) => box.height)) };
}"""


@pytest.mark.parametrize("width", [400, 800, 1400], ids=str)
def test_names_neither_meet_nor_leave_the_map(open_page: OpenPage, html: str, width: int) -> None:
    """On a telephone letters are larger, and names that had room on a wide screen lay over each other."""
    page = open_page(html, viewport={"width": width, "height": 900})
    whole = page.evaluate(NAMES)
    assert whole["shown"] >= 15
    assert whole["outside"] == whole["meeting"] == []
    assert whole["letters"] >= 9
    page.click(area("Muncar"))
    opened = page.evaluate(NAMES)
    assert opened["shown"] == 10
    assert opened["meeting"] == []


def test_on_paper_the_whole_table_is_printed_and_the_switches_are_not(open_page: OpenPage, html: str) -> None:
    page = open_page(html, color_scheme="dark")
    page.emulate_media(media="print")
    assert not page.locator(".controls").is_visible()
    height = page.evaluate(
        "(() => { const box = document.querySelector('.table-kecamatan .scroll'); return box.scrollHeight - box.clientHeight; })()"
    )
    assert height <= 1
    colours = page.evaluate("(() => { const style = getComputedStyle(document.body); return [style.color, style.backgroundColor]; })()")
    assert colours == ["rgb(20, 35, 43)", "rgb(255, 255, 255)"]


def test_without_scripts_map_legend_and_table_are_there(open_page: OpenPage, html: str) -> None:
    page = open_page(html, java_script_enabled=False)
    assert page.locator(area("Muncar")).is_visible()
    assert page.locator("#legend li:visible").count() == 5
    assert page.locator(".table-kecamatan tbody tr:visible").count() == 25


def focused(page: Page) -> dict[str, str]:
    data: dict[str, str] = page.evaluate("({...document.activeElement.dataset})")
    return data


def contrast(one: str, other: str) -> float:
    """The contrast of two colours as WCAG 2 defines it."""

    def luminance(colour: str) -> float:
        channels: list[Any] = [int(value) / 255 for value in re.findall(r"\d+", colour)[:3]]
        linear = [value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels]
        return float(0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2])

    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)
