"""Sembako, formerly BPNT: one row per family, exported from the bank's system as text with semicolons in the encoding of Windows."""

from __future__ import annotations

from functools import partial

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from simulation.mentions import Mentions, Written
from simulation.office_rows import drawn_by_weight, with_copies
from simulation.office_task import OfficeTask, texts
from simulation.pkh_list import recipients
from simulation.residents import ALIVE
from simulation.text_writers import TextDialect, write_text
from simulation.truth import WrittenRows

Index = npt.NDArray[np.int64]

DIALECT = TextDialect(delimiter=";", encoding="cp1252", line_end="\r\n")
# How much likelier a family receives, by the decile that the state gives it: the gate is decile 5, the rest are errors of inclusion.
PREFERENCE = np.array([0, 1.6, 1.5, 1.2, 0.9, 0.6, 0.1, 0.05, 0.02, 0.008, 0.004])
WITH_PKH = 2.5
"""How much likelier if the family has PKH, whose recipients get Sembako too."""
PAID_BY_STATE = 0.06
AMOUNT_PER_QUARTER = 600_000
APOSTROPHE_VILLAGES = 0.2
"""Villages whose clerk puts an apostrophe before long numbers, so that the spreadsheet leaves them alone."""
# A dash and a no-break space: letters of Windows that are no letters of ASCII.
NOTES = (None, "KKS HILANG", "PINDAH \u2013 KE LUAR KAB.", "MENUNGGU\u00a0KKS", "GANTI PENGURUS \u2013 AHLI WARIS")


def write_bpnt(task: OfficeTask) -> list[WrittenRows]:
    """The quarter's export."""
    regency = task.regency
    residents = regency.residents
    inhabited = np.bincount(residents.family[residents.status == ALIVE], minlength=residents.families) > 0
    weight = PREFERENCE[regency.welfare.published_decile] * np.where(regency.programmes.receives_pkh, WITH_PKH, 1.0)
    weight *= np.where(regency.programmes.excluded, PAID_BY_STATE, 1.0) * inhabited
    families = drawn_by_weight(task.rng, weight, task.chosen_count())
    mentions = task.mentions(recipients(task.rng, residents, families), exact_copies=True)
    written = task.written(mentions)
    table = _table(task, mentions, written)
    file = f"bpnt_sembako_{task.delivered:%Y_%m}.csv"
    task.writer.write_file(file, partial(write_text, table=table, dialect=DIALECT))
    order = np.arange(len(mentions))
    return [task.placed(mentions, order, file, "", order + 2, written.labels)]


def _table(task: OfficeTask, mentions: Mentions, written: Written) -> pa.Table:
    rng, addresses, count, house = task.rng, task.regency.addresses, len(mentions), written.house
    places = addresses.places
    careful = (rng.random(len(places.villages)) < APOSTROPHE_VILLAGES)[places.house_village[house]]
    mark = texts(("", "'"), careful)
    checked = np.searchsorted(np.array([0.82, 0.93]), rng.random(count), side="right")
    note = np.searchsorted(np.array([0.95, 0.965, 0.98, 0.99]), rng.random(count), side="right")
    columns = {
        "NAMA_PENERIMA": pa.array(written.name, pa.string()),
        "NOMOR_KARTU": pa.array(6_032_980_000_000_000 + rng.permutation(count) * 11 + mentions.family % 11).cast(pa.string()),
        "NIK_KTP": pc.binary_join_element_wise(mark, pa.array(written.nik, pa.string()), ""),
        "NOKK_DTKS": pc.binary_join_element_wise(mark, pa.array(written.kk_number, pa.string()), ""),
        "IDKELUARGA": pc.utf8_lpad(pa.array(3_510_000_000 + rng.permutation(count) * 3).cast(pa.string()), 12, "0"),
        "NMKEC": pc.utf8_upper(addresses.kecamatan(house)),
        "NMKEL": pc.utf8_upper(addresses.village(house)),
        "ALAMAT": addresses.office_address(rng, house, with_rt=True),
        "BANK": texts(("BNI", "MANDIRI"), rng.random(count) < 0.2),
        "TAHAP": pa.array(np.full(count, task.quarter)),
        "TAHUN": pa.array(np.full(count, task.delivered.year)),
        "NOMINAL": pa.array(np.full(count, AMOUNT_PER_QUARTER)),
        "STATUS_BARU": texts(("PADAN", "TIDAK PADAN", None), checked),
        "KET_TAMBAHAN": texts(NOTES, note),
    }
    return with_copies(pa.table(columns), mentions).add_column(0, "NO", pa.array(np.arange(1, count + 1)))
