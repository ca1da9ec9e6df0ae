"""The survey of the "poverty hunters": each village visits the families that it thinks poor, and writes a workbook by hand.

Workbooks differ from village to village in how they write dates and positions. What a village thinks poor is not always what the state
ranks poor.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from schemas.code_lists import code_list
from simulation.addresses import AddressBook
from simulation.damage import MISSING_DATE
from simulation.family_structure import Marital, Slot
from simulation.mentions import Mentions, Written, bit
from simulation.office_task import OfficeTask, lost_digit
from simulation.pkh_list import day_month_year
from simulation.places import Places
from simulation.population_register import file_name_part
from simulation.positions import STYLES, measured
from simulation.regency import Regency
from simulation.residents import ALIVE, Residents
from simulation.sheets import Cell, Sheet
from simulation.truth import WrittenRows
from simulation.welfare import DECILE_SHARES

Index = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

SHEET = "Pendataan"
JUDGEMENT_NOISE = 0.7
"""Standard deviations by which a village's idea of a family's means differs from the truth."""
POSITION_MISSING = 0.06
POSITION_OF_OFFICE = 0.01
"""Rows that carry the position of the village office, where the telephone was when the form was filled in."""


@dataclass(frozen=True)
class Judgement:
    """What villages think of their families, one entry per family."""

    perceived: Floats
    kind: npt.NDArray[np.int8]
    """0 extreme poor, 1 poor, 2 near poor, 3 not poor: places in the national list ``poverty_kind``."""


def judge(rng: np.random.Generator, score: Floats) -> Judgement:
    """Welfare as the village sees it."""
    perceived = score + JUDGEMENT_NOISE * rng.normal(size=len(score))
    share = np.cumsum(DECILE_SHARES)
    cuts = np.quantile(perceived, [share[0], share[1], share[3]])
    return Judgement(perceived, np.searchsorted(cuts, perceived, side="right").astype(np.int8))


def surveyed_people(rng: np.random.Generator, residents: Residents, judgement: Judgement, count: int) -> Index:
    """One living person for each of ``count`` families, the seemingly poor ones first: mostly the head."""
    living = np.flatnonzero(residents.status == ALIVE)
    inhabited = np.bincount(residents.family[living], minlength=residents.families) > 0
    key = np.where(inhabited, rng.exponential(size=residents.families) / np.exp(-1.9 * judgement.perceived), np.inf)
    families = np.sort(np.argsort(key, kind="stable")[: min(count, int(inhabited.sum()))])
    start = residents.family_start[families]
    second = np.minimum(start + 1, len(residents) - 1)
    spouse = (residents.family[second] == families) & (residents.slot[second] == Slot.SPOUSE) & (residents.status[second] == ALIVE)
    person = np.where(spouse & (rng.random(len(families)) < 0.15), second, start)
    first_living = living[np.searchsorted(residents.family[living], families)]
    respondent: Index = np.where(residents.status[person] == ALIVE, person, first_living)
    return respondent


def carelessness(rng: np.random.Generator, residents: Residents, places: Places, mentions: Mentions) -> Floats:
    """How much likelier than on average each row lacks its numbers: half to twice, by village, 1 on average."""
    factor = 0.5 + 1.35 * rng.beta(1.2, 2.0, len(places.villages))
    by_mention: Floats = factor[places.house_village[residents.family_house[mentions.family]]]
    return np.asarray(by_mention / by_mention.mean())


def write_survey(task: OfficeTask) -> list[WrittenRows]:
    """A workbook for each village."""
    regency = task.regency
    judgement = judge(task.rng, regency.welfare.score)
    mentions = task.mentions(surveyed_people(task.rng, regency.residents, judgement, task.chosen_count()))
    written = task.written(mentions, carelessness=carelessness(task.rng, regency.residents, regency.places, mentions))
    placed = []
    for name, sheet, rows, problems in survey_sheets(task.rng, regency, judgement, mentions, written):
        [(file, sheet_name, first_row)] = task.writer.write(name, [sheet])
        labels = written.labels.copy()
        labels[rows] |= problems
        placed.append(task.placed(mentions, rows, file, sheet_name, first_row + np.arange(len(rows)), labels))
    return placed


def survey_sheets(
    rng: np.random.Generator, regency: Regency, judgement: Judgement, mentions: Mentions, written: Written
) -> Iterator[tuple[str, Sheet, Index, Index]]:
    """The workbooks, one per village with rows.

    Yields the name of the file without extension, its sheet, the mentions in it, in order, and bits for what went wrong with positions.
    """
    places, residents = regency.places, regency.residents
    visited = residents.family_house[mentions.family]
    village = places.house_village[visited]
    for number in np.unique(village):
        rows = np.flatnonzero(village == number)
        order = np.argsort(places.house_rt[visited[rows]] * 1_000 + rng.integers(0, 1_000, len(rows)), kind="stable")
        rows = rows[order]
        table, numeric, problems = _table(rng, regency, judgement, mentions, written, rows)
        place = places.villages.iloc[int(number)]
        kind = "KELURAHAN" if place["kind"] == "kelurahan" else "DESA"
        title = (
            "PEMERINTAH KABUPATEN BANYUWANGI",
            "PENDATAAN PEMBURU KEMISKINAN",
            f"{kind} {str(place['name']).upper()} KECAMATAN {str(place['kecamatan']).upper()}",
        )
        leader = "Lurah" if kind == "KELURAHAN" else "Kepala Desa"
        footer: tuple[dict[int, Cell], ...] = (
            {1: "JUMLAH", 2: f"{len(rows)} KK"},
            {},
            {15: "Mengetahui,"},
            {15: f"{leader} {place['name']}"},
            {},
            {},
            {15: "( ........................................ )"},
        )
        sheet = Sheet(SHEET, table, title=title, header_groups=((6, 9, "ALAMAT"),), footer=footer, numeric={"NIK": numeric})
        yield f"pendataan_{file_name_part(str(place['kecamatan']))}_{file_name_part(str(place['name']))}", sheet, rows, problems


def _table(
    rng: np.random.Generator, regency: Regency, judgement: Judgement, mentions: Mentions, written: Written, rows: Index
) -> tuple[pa.Table, pa.Array, Index]:
    residents, livelihoods, housing, addresses = regency.residents, regency.livelihoods, regency.housing, regency.addresses
    count = len(rows)
    person, family = mentions.person[rows], mentions.family[rows]
    known, at = person >= 0, np.maximum(person, 0)
    house, visited = written.house[rows], residents.family_house[family]
    widowed = np.where(known, residents.marital[at] == Marital.WIDOWED, rng.random(count) < 0.1)
    alone = known & (residents.family_size[family] == 1)
    age = (residents.as_of - mentions.birth[rows]) / 365.25
    conditions, kinds = (pa.array(list(code_list(name).codes.values())) for name in ("house_condition", "poverty_kind"))
    # The note is for the human reader; the reasons why a family is thought poor stand in it now and then.
    notes = pa.array([None, "Sakit menahun", "Rumah menumpang", "Belum pernah dapat bantuan", "KK lama", "Perlu verifikasi"])
    note = np.where(rng.random(count) < 0.12, rng.integers(1, len(notes), count), 0)
    position, problems = _positions(rng, addresses, visited)
    columns = {
        "No": pa.array(np.arange(1, count + 1)),
        "Nama": pa.array(written.name[rows], pa.string()),
        "NIK": pa.array(written.nik[rows], pa.string()),
        "No. KK": pa.array(written.kk_number[rows], pa.string()),
        "L/P": pa.array(["L", "P"]).take(pa.array(mentions.is_female[rows].astype(np.int8))),
        "Tgl Lahir": _dates(rng, written.birth[rows]),
        "Dusun": addresses.hamlet(house),
        "RT": addresses.rt(house),
        "RW": addresses.rw(house),
        "Nama Desa": addresses.village(house),
        "Koordinat Rumah": position,
        "Kondisi Rumah": conditions.take(pa.array(housing.condition[visited].astype(np.int64) - 1)),
        "Jenis Kemiskinan": kinds.take(pa.array(judgement.kind[family].astype(np.int64))),
        "Janda/Duda": _yes_no(widowed),
        "Tinggal Sendiri": _yes_no(alone),
        "Bekerja": _yes_no(np.where(known, livelihoods.works[at], rng.random(count) < 0.5)),
        "Usaha": _yes_no(known & livelihoods.has_business[at]),
        "Pendamping": _yes_no(~alone | (rng.random(count) < 0.3), asked=age >= 60),
        "Keterangan": notes.take(pa.array(note)),
    }
    return pa.table(columns), lost_digit(written).take(pa.array(rows)), problems


def _yes_no(values: npt.NDArray[np.bool_], asked: npt.NDArray[np.bool_] | None = None) -> pa.Array:
    mask = None if asked is None else ~asked
    return pa.array(["Tidak", "Ya"]).take(pa.array(values.astype(np.int8), mask=mask))


def _dates(rng: np.random.Generator, birth: Index) -> pa.Array:
    """Date cells in half of the workbooks, text in the others."""
    style = rng.random()
    if style < 0.5:
        missing = birth == MISSING_DATE
        return pa.array(np.where(missing, 0, birth).astype(np.int32), mask=missing).cast(pa.date32())
    return day_month_year(birth, "/" if style < 0.8 else "-")


def _positions(rng: np.random.Generator, addresses: AddressBook, house: Index) -> tuple[pa.Array, Index]:
    places = addresses.places
    latitude, longitude = measured(rng, places.house_latitude[house], places.house_longitude[house])
    draw = rng.random(len(house))
    missing, at_office = draw < POSITION_MISSING, draw >= 1 - POSITION_OF_OFFICE
    village = places.house_village[house]
    latitude = np.where(at_office, places.villages["latitude"].to_numpy()[village], latitude)
    longitude = np.where(at_office, places.villages["longitude"].to_numpy()[village], longitude)
    shares = np.cumsum([share for _, share in STYLES])
    write = STYLES[int(np.searchsorted(shares, rng.random() * shares[-1], side="right"))][0]
    texts = [write(north, east) for north, east in zip(latitude.tolist(), longitude.tolist(), strict=True)]
    problems = np.where(missing, bit("position_missing"), np.where(at_office, bit("position_of_office"), 0)).astype(np.int64)
    return pc.if_else(pa.array(missing), pa.scalar(None, pa.string()), pa.array(texts, pa.string())), problems
