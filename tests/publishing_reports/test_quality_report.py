"""The quality report: prevents personal data in it, a verdict kinder than the run, and trouble that nobody is told to mend."""

from __future__ import annotations

import re
from dataclasses import replace

import pandas as pd
import pytest
from quality_frames import CANARY_NAME, CANARY_NIK, report_of
from report_frames import NETWORK, OpenPage, Page

from publishing.quality_report import render_quality_report
from publishing.quality_report_input import QualityReport


@pytest.fixture(scope="module")
def report() -> QualityReport:
    return report_of()


@pytest.fixture(scope="module")
def html(report: QualityReport) -> str:
    return render_quality_report(report)


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


def text_of(page: Page, section: str) -> str:
    return " ".join(page.all("section", id=section)[0].text.split())


def test_it_reaches_for_nothing_outside_itself_and_runs_no_script(html: str) -> None:
    assert NETWORK.findall(html) == []
    assert "<script" not in html


@pytest.mark.parametrize("language", ["id", "en"])
def test_it_holds_no_personal_data(report: QualityReport, language: str) -> None:
    html = render_quality_report(report, language=language)
    assert CANARY_NIK not in html
    assert CANARY_NAME not in html
    assert re.findall(r"\d{16}", html) == []


def test_an_identity_number_in_an_offices_own_words_is_starred(report: QualityReport) -> None:
    spoiled = replace(
        report,
        deliveries=report.deliveries.assign(status="refused", message_id=f"NIK {CANARY_NIK}", message_en="x"),
        quarantined=report.quarantined.assign(sheet=f"DATA {CANARY_NIK}", file=f"{CANARY_NIK}.xlsx"),
        unknown_columns=report.unknown_columns.assign(header=f"{CANARY_NIK}"),
        conservation=report.conservation.assign(file=f"{CANARY_NIK}.xlsx"),
    )
    html = render_quality_report(spoiled)
    assert CANARY_NIK not in html
    assert "351016**********" in html


def test_the_structure_stays(page: Page) -> None:
    assert [" ".join(element.text.split()) for element in page.all("h2")] == [
        "Isi laporan",
        "Yang perlu dikerjakan",
        "Sumber",
        "Serahan",
        "Kekekalan baris",
        "Karantina",
        "Kelas kesalahan",
        "Pencocokan",
        "Perbaikan otomatis",
        "Kolom dan kode tak dikenal",
        "Harapan",
    ]
    targets = {element.attributes["id"] for element in page.elements if "id" in element.attributes}
    assert {element.attributes["href"].removeprefix("#") for element in page.all("a")} <= targets


def test_every_trouble_is_a_thing_to_do(page: Page) -> None:
    todo = text_of(page, "todo")
    assert "Kirim ulang: pendataan_baru.xlsx (Pendataan Pemburu Kemiskinan)" in todo
    assert "Berkas terpotong. Kirim ulang." in todo
    assert "Perbaiki 4 baris karantina dari Penerima PKH" in todo
    assert "Putuskan 1 catatan yang meragukan" in todo
    assert "Beri tahu arti 1 kolom tak dikenal" in todo


def test_a_missing_source_says_what_it_costs(report: QualityReport) -> None:
    missing = replace(report, sources=report.sources.assign(state="missing", delivered_on=pd.NaT))
    page = Page(render_quality_report(missing))
    assert "tidak ada yang diterbitkan" in text_of(page, "sources")
    assert "Penerima PKH tidak diketahui" in text_of(page, "todo")
    assert "4 sumber tidak utuh" in page.all("ul", class_="verdicts")[0].text


def test_the_verdict_is_never_kinder_than_the_run(report: QualityReport) -> None:
    lost = report.conservation.copy()
    lost.loc[0, ["missing", "holds"]] = [12, False]
    page = Page(render_quality_report(replace(report, conservation=lost, publication=None, published=False)))
    verdict = page.all("ul", class_="verdicts")[0].text
    assert "12 baris tidak terhitung" in verdict
    assert "Tidak diterbitkan" in verdict
    assert "Tidak cocok" in text_of(page, "rows")


def test_places_are_cells_of_the_offices_own_workbook(page: Page) -> None:
    quarantine = text_of(page, "quarantine")
    assert "pkh.xls" in quarantine
    assert [element.text for element in page.all("code") if re.fullmatch(r"C\d+", element.text)] == ["C8", "C10", "C9"]
    assert "15 angka, huruf O di posisi 3" in quarantine
    assert "baris 7" in quarantine


def test_a_long_quarantine_is_cut_and_says_so(report: QualityReport) -> None:
    row = report.quarantined.iloc[[1]]
    long = pd.concat([row.assign(row=number) for number in range(2, 1_002)], ignore_index=True)
    html = render_quality_report(replace(report, quarantined=long))
    assert "dan 800 lagi" in html
    assert len(html) < 400_000


def test_conservation_shows_every_file(page: Page, report: QualityReport) -> None:
    rows = text_of(page, "rows")
    assert all(file in rows for file in report.conservation["file"])
    assert rows.count("Terhitung semua") == 4


def test_classes_stand_by_source_and_by_village(page: Page) -> None:
    classes = text_of(page, "classes")
    assert re.search(r"NIK ganda 2 15,4\s% 0 0", classes)
    assert re.search(r"Tembokrejo Muncar 1 Beda wilayah 1", classes)
    assert "Desa tidak diketahui" in classes


def test_near_certainty_never_reads_as_certainty(page: Page) -> None:
    links = text_of(page, "links")
    assert re.search(r"Perkiraan ketepatan 99,99\s%", links)
    assert re.search(r"NIK padan: catatan", links)
    assert re.search(r"69,2\s%", links)  # 9 of 13


def test_classes_that_were_not_counted_are_not_shown_as_none(report: QualityReport) -> None:
    page = Page(render_quality_report(replace(report, not_counted=("outside_village",))))
    assert "Koordinat di luar desa tidak dihitung" in text_of(page, "classes")


def test_english_is_english_throughout(report: QualityReport) -> None:
    page = Page(render_quality_report(report, language="en"))
    words = " ".join(page.all("body")[0].text.split())
    assert "No row was lost" in words
    # Names of offices stay as they are called.
    for office in report.sources["office"]:
        words = words.replace(office, "")
    assert re.findall(r"\b(?:serahan|berkas|baris|sumber|tidak|kolom|Desa|dari|dan|Karantina)\b", words, re.IGNORECASE) == []


def test_an_empty_run_has_a_report_too(report: QualityReport) -> None:
    empty = QualityReport(
        regency="Banyuwangi",
        as_of=report.as_of,
        publication=None,
        published=False,
        content_hash=None,
        sources=report.sources.assign(state="missing", delivered_on=pd.NaT),
        deliveries=report.deliveries.iloc[:0],
        conservation=report.conservation.iloc[:0],
        areas=report.areas,
    )
    page = Page(render_quality_report(empty))
    assert "Tidak ada baris yang dikarantina." in text_of(page, "quarantine")
    assert "Minta serahan" in text_of(page, "todo")


def test_the_same_figures_give_the_same_page(report: QualityReport, html: str) -> None:
    assert render_quality_report(report) == html


@pytest.mark.needs("chromium")
@pytest.mark.parametrize("width", [390, 1360], ids=str)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_opens_in_a_browser_without_a_network(open_page: OpenPage, html: str, width: int, scheme: str) -> None:
    page = open_page(html, viewport={"width": width, "height": 900}, color_scheme=scheme, java_script_enabled=scheme == "light")
    assert page.locator("h1").inner_text() == "Laporan mutu data"
    bars = page.locator("#rows svg rect").all()
    assert len(bars) >= 4
    boxes = [bar.bounding_box() for bar in bars]
    assert all(box is not None and box["height"] > 8 for box in boxes)
    assert not page.locator(".cells").first.is_visible()
    page.locator("#quarantine summary").first.click()
    assert page.locator(".cells").first.is_visible()
    if scheme == "light":
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_says_what_became_of_peoples_decisions(page: Page) -> None:
    """Prevents a decision that no longer finds its record from being lost without a word; without decisions there is no table."""
    counts = {
        "in_force": 9,
        "unsure": 1,
        "bound": 5,
        "bound_by_content": 2,
        "record_not_found": 3,
        "resident_not_found": 0,
        "contradicted": 4,
    }
    told = text_of(Page(render_quality_report(report_of(decisions=counts))), "links")
    for words in (
        "Keputusan orang",
        "Berlaku 9",
        "Catatannya tidak ada lagi dalam daftar 3",
        "Saling bertentangan, perlu ditarik salah satu 4",
    ):
        assert words in told
    assert "Buku keputusan" not in text_of(page, "links")
