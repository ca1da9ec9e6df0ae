"""The population book (BIP) of a village, as the register's office prints it: a block for each family card, in the old Excel format.

No table at all: a line with the number of the card and the address, a header, the members, an empty line; after some families the page
ends with a signature and the titles stand there again.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from functools import partial
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa
import xlwt

from simulation.delivery_writer import DeliveryWriter
from simulation.population_register import RegisterAnswers, file_name_part, register_table
from simulation.printed_forms import day_in_words
from simulation.regency import Regency

SHEET = "BIP"
FAMILIES_PER_PAGE = 25
ROWS_PER_SHEET = 60_000
"""The format has 65,536 rows; a new sheet begins with the first page after this one."""
HEADERS = (
    "NO",
    "Nama Lengkap",
    "NIK",
    "Tempat Lahir",
    "Tanggal Lahir",
    "JK",
    "Stat Kwn",
    "Gol. Drh",
    "SHDK",
    "Agama",
    "Pendidikan Terakhir",
    "Pekerjaan",
    "Nama Ibu",
    "Nama Ayah",
    "Ket",
)
MARITAL = {"BELUM KAWIN": "BK", "KAWIN": "K", "CERAI HIDUP": "CH", "CERAI MATI": "CM"}
LEGEND = "Keterangan: BK = Belum Kawin, K = Kawin, CH = Cerai Hidup, CM = Cerai Mati"
SIGNATURE_COLUMN = 11

Row = Sequence[str | int | None]


def write_population_books(
    writer: DeliveryWriter, answers: RegisterAnswers, regency: Regency, villages: Sequence[str], delivered: date
) -> None:
    """A workbook for each of the villages."""
    residents, places = regency.residents, regency.places
    village_of_person = places.house_village[residents.family_house[residents.family]]
    parts = pa.array(regency.maker.lexicon.parts)
    for number, village in places.villages.iterrows():
        if village["area_code"] not in set(villages):
            continue
        rows = np.flatnonzero(village_of_person == number)
        house = residents.family_house[residents.family[rows]]
        people = register_table(answers, residents, regency.livelihoods, regency.addresses, parts, rows).to_pandas()
        people["hamlet"] = regency.addresses.hamlet(house).to_pandas()
        pages = book_pages(people, str(village["kecamatan"]), str(village["name"]), delivered, two_lines=bool(int(str(number)) % 2))
        file = f"bip_{file_name_part(str(village['kecamatan']))}_{file_name_part(str(village['name']))}.xls"
        writer.write_file(file, partial(_write_pages, pages=pages))


def book_pages(people: pd.DataFrame, kecamatan: str, village: str, delivered: date, *, two_lines: bool) -> list[list[Row]]:
    """The pages of a book, each a list of rows.

    With ``two_lines`` the address has a line of its own and sexes are Lk and Pr, as in the older form; else it stands beside the number.
    """
    titles: list[Row] = [
        ["PEMERINTAH KABUPATEN BANYUWANGI"],
        ["BUKU INDUK PENDUDUK"],
        [f"KECAMATAN : {kecamatan.upper()}   DESA/KELURAHAN : {village.upper()}"],
        [],
    ]
    blank: Row = [None] * SIGNATURE_COLUMN
    page_end: list[Row] = [
        [],
        [*blank, f"Banyuwangi, {day_in_words(delivered)}"],
        [*blank, "Kepala Dinas Kependudukan dan Pencatatan Sipil"],
        [],
        [*blank, "( ........................................ )"],
        [],
    ]
    sexes = {"Laki-laki": "Lk", "Perempuan": "Pr"} if two_lines else {"Laki-laki": "L", "Perempuan": "P"}
    people = people.assign(
        sex=people["Kelamin"].map(sexes),
        marital=people["Status Kawin"].map(MARITAL),
        blood=people["Gol. Darah"].replace("TIDAK TAHU", "-"),
        born=pd.to_datetime(people["Tanggal Lahir"]).dt.strftime("%d-%m-%Y"),
        # The form's number field ends in a no-break space.
        number=people["NIK"] + "\u00a0",
    )
    members = ["Nama Penduduk", "number", "Tempat Lahir", "born", "sex", "marital", "blood", "SHDK", "Agama", "Pendidikan", "Pekerjaan"]
    members += ["Ibu", "Ayah", "Status"]
    pages: list[list[Row]] = []
    for position, (card, family) in enumerate(people.groupby("Nomor KK", sort=False)):
        if position % FAMILIES_PER_PAGE == 0:
            pages.append([*titles])
        head = family.iloc[0]
        address = f"Alamat : {head['Alamat']}, Nama Dusun : {head['hamlet']}, RT/RW : {head['RT']}/{head['RW']}"
        page = pages[-1]
        page += [[f"No. KK : {card}"], [address]] if two_lines else [[f"No. KK : {card}", None, address]]
        page.append(HEADERS)
        page += [[place, *cells] for place, cells in enumerate(family[members].to_numpy(dtype=object).tolist(), start=1)]
        page.append([])
        if position % FAMILIES_PER_PAGE == FAMILIES_PER_PAGE - 1:
            page += page_end
    if pages:
        pages[-1].append([LEGEND])
    return pages


def _write_pages(path: Path, pages: list[list[Row]]) -> None:
    workbook = xlwt.Workbook(encoding="utf-8")
    sheet, row, sheets = None, ROWS_PER_SHEET, 0
    for page in pages:
        if sheet is None or row >= ROWS_PER_SHEET:
            sheets += 1
            sheet, row = workbook.add_sheet(SHEET if sheets == 1 else f"{SHEET} {sheets}"), 0
        for cells in page:
            for column, value in enumerate(cells):
                if value is not None:
                    sheet.write(row, column, value)
            row += 1
    workbook.save(str(path))
