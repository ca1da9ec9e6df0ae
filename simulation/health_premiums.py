"""Health premiums paid by the state (PBI-JKN): one row per person, as the insurer's system exports them with bars between the columns.

The number of identity stands there as a bare number, so that whoever opens the file in a spreadsheet and saves it again leaves 3,51016E+15.
The file has those whose membership was checked in the month, not all who have one.
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from simulation.family_structure import Relation
from simulation.mentions import Mentions, Written
from simulation.office_rows import whole_families, with_copies
from simulation.office_task import OfficeTask, sex_letters, texts
from simulation.pkh_list import day_month_year
from simulation.residents import ALIVE
from simulation.text_writers import TextDialect, write_text
from simulation.truth import WrittenRows

DIALECT = TextDialect(delimiter="|")
PREFERENCE = np.array([0, 6.0, 5.0, 4.0, 3.5, 3.0, 1.2, 0.7, 0.4, 0.25, 0.15])
WRONGLY_LISTED = 0.015
"""Share of living people outside of the programme whom the list shows all the same."""
# What the insurer calls the relations 1 to 9 of the register.
RELATIONS = (None, "PESERTA", "SUAMI", "ISTRI", "ANAK", "TAMBAHAN", "TAMBAHAN", "TAMBAHAN", "TAMBAHAN", "TAMBAHAN")


def write_pbi(task: OfficeTask) -> list[WrittenRows]:
    """The month's export."""
    regency = task.regency
    residents, programmes = regency.residents, regency.programmes
    insured = programmes.person_pbi_national | programmes.person_pbi_local
    listed = insured | (task.rng.random(len(residents)) < WRONGLY_LISTED)
    weight = PREFERENCE[regency.welfare.published_decile]
    chosen = whole_families(task.rng, residents, weight, task.chosen_count(), listed & (residents.status == ALIVE))
    mentions = task.mentions(chosen, exact_copies=True)
    written = task.written(mentions)
    file = f"PBI_JKN_{task.delivered:%Y%m}.txt"
    task.writer.write_file(file, partial(write_text, table=_table(task, mentions, written), dialect=DIALECT))
    order = np.arange(len(mentions))
    return [task.placed(mentions, order, file, "", order + 2, written.labels)]


def _table(task: OfficeTask, mentions: Mentions, written: Written) -> pa.Table:
    rng, regency, count, house = task.rng, task.regency, len(mentions), written.house
    addresses = regency.addresses
    known, person = mentions.person >= 0, np.maximum(mentions.person, 0)
    relation = np.where(known, regency.residents.relation[person], int(Relation.OTHER_KIN))
    local = np.where(known, regency.programmes.person_pbi_local[person], rng.random(count) < 0.3)
    columns = {
        "PSNOKA": pc.utf8_lpad(pa.array(1_000_000_000 + rng.permutation(count) * 7 + 3).cast(pa.string()), 13, "0"),
        "NIK": pa.array(written.nik, pa.string()),
        "NAMA": pa.array(written.name, pa.string()),
        "JENKEL": sex_letters(mentions.is_female),
        "TGLLHR": day_month_year(written.birth, "-"),
        "NOKK": pa.array(written.kk_number, pa.string()),
        "HUBKEL": texts(RELATIONS, relation),
        "ALAMAT": addresses.office_address(rng, house, with_rt=False),
        "RT": addresses.rt(house),
        "RW": addresses.rw(house),
        "NMDESA": pc.utf8_upper(addresses.village(house)),
        "NMKEC": pc.utf8_upper(addresses.kecamatan(house)),
        "SEGMEN": texts(("PBI APBN", "PBI APBD"), local),
        "BULAN": pa.array(np.full(count, task.delivered.month)),
        "TAHUN": pa.array(np.full(count, task.delivered.year)),
    }
    return with_copies(pa.table(columns), mentions)
