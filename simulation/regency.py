"""The whole simulation: people, families and houses, then the files of four offices, then the truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from simulation import pkh_list, truth, village_survey, welfare_list
from simulation.addresses import AddressBook
from simulation.damage import damage
from simulation.damage_profile import LARGE_LIST, SMALL_LIST, DamageProfile
from simulation.delivery_writer import DeliveryWriter, FileFormat
from simulation.housing import Housing, build_housing
from simulation.livelihoods import Livelihoods, draw_livelihoods
from simulation.mentions import Mentions
from simulation.names import NameMaker
from simulation.office_rows import RowBudget, complete_list, row_budget
from simulation.places import Places, known_villages
from simulation.population_register import register_sheets
from simulation.programmes import Programmes, draw_programmes
from simulation.residents import Residents, build_residents
from simulation.strangers import Strangers, draw_strangers
from simulation.truth import WrittenRows
from simulation.welfare import Welfare, draw_means, rank_families

Index = npt.NDArray[np.int64]

DTSEN_SHARE = 0.70
PKH_SHARE = 0.12
"""Shares of the offices' rows; the village survey has the rest."""
PROFILES: Mapping[str, DamageProfile] = {"dinsos_dtsen": LARGE_LIST, "dinsos_pkh": LARGE_LIST, "village_survey": SMALL_LIST}
KNOWN_TWICE = 0.85
"""Distinct strangers per unregistered row: some are known to more than one office."""
LARGEST_SHARE_OF_PEOPLE = 0.6
"""More rows than this share of the people can't be drawn with the preferences of the offices."""


@dataclass(frozen=True)
class SimulationSummary:
    """What was written, in numbers."""

    people: int
    """Living residents in the register."""
    register_rows: int
    """With those who have died or moved away."""
    families: int
    houses: int
    villages: int
    unregistered_people: int
    files: int
    records: dict[str, int] = field(default_factory=dict)
    """Rows of each source but the register."""

    @property
    def office_rows(self) -> int:
        """Rows of all offices together."""
        return sum(self.records.values())


@dataclass(frozen=True)
class Regency:
    """Everything that is true, in memory."""

    maker: NameMaker
    residents: Residents
    places: Places
    livelihoods: Livelihoods
    welfare: Welfare
    housing: Housing
    programmes: Programmes
    strangers: Strangers
    addresses: AddressBook
    budgets: dict[str, RowBudget]
    rows: dict[str, int]


def simulate(
    directory: Path,
    *,
    people: int,
    records: int | None = None,
    villages: Sequence[str] | None = None,
    as_of: date = date(2026, 10, 1),
    file_format: FileFormat = "xlsx",
    seed: int,
    profiles: Mapping[str, DamageProfile] = PROFILES,
) -> SimulationSummary:
    """Writes ``directory``/inbox, /reference and /truth for a regency of ``people`` living residents.

    The same arguments write the same bytes.
    ``records`` are the offices' rows, a third of the people if not given. ``villages`` are village codes; all people live there, about
    equally many in each (by default in all villages of the regency, by their size). ``profiles`` says how much damage each source does;
    ``PROFILES`` are the rates found in practice.

    Raises ValueError for too few people, too many rows or unknown villages, FileExistsError when the directory already holds an inbox.
    """
    rows = round(people / 3) if records is None else records
    if people < 50 or rows < 20:
        raise ValueError(f"{people} people and {rows} rows are too few: at least 50 people and 20 rows")
    if rows > people * LARGEST_SHARE_OF_PEOPLE:
        raise ValueError(f"{rows} rows are too many for {people} people: at most {int(people * LARGEST_SHARE_OF_PEOPLE)}")
    if (directory / "inbox").exists():
        raise FileExistsError(f"{directory / 'inbox'} exists; give an empty directory")
    regency = build_regency(people, rows, villages, as_of, seed, profiles)
    files, written = _write_inbox(directory / "inbox", regency, as_of, file_format, seed, profiles)
    _write_reference(directory / "reference", regency)
    _write_truth(directory / "truth", regency, written)
    return SimulationSummary(
        people=people,
        register_rows=len(regency.residents),
        families=regency.residents.families,
        houses=len(regency.places.house_rt),
        villages=len(regency.places.villages),
        unregistered_people=len(regency.strangers),
        files=files,
        records={rows.source: len(rows.row) for rows in written},
    )


def build_regency(
    people: int, records: int, villages: Sequence[str] | None, as_of: date, seed: int, profiles: Mapping[str, DamageProfile] = PROFILES
) -> Regency:
    """The truth, before anybody writes it down.

    Each part draws from a stream of its own, so that a change to one leaves the others as they were.
    """
    rows = {"dinsos_dtsen": round(records * DTSEN_SHARE), "dinsos_pkh": round(records * PKH_SHARE)}
    rows["village_survey"] = records - sum(rows.values())
    budgets = {source: row_budget(count, profiles[source]) for source, count in rows.items()}
    maker = NameMaker()
    residents, places = build_residents(
        _stream(seed, 1), maker, known_villages(villages), people, as_of, even_villages=villages is not None
    )
    rng = _stream(seed, 2)
    means = draw_means(rng, residents, places)
    in_town = (places.villages["kind"] == "kelurahan").to_numpy()[places.house_village[residents.family_house]][residents.family]
    livelihoods = draw_livelihoods(rng, residents, means[residents.family], in_town)
    welfare = rank_families(rng, residents, livelihoods, means)
    housing = build_housing(_stream(seed, 3), residents, places, welfare.score)
    programmes = draw_programmes(_stream(seed, 4), residents, livelihoods, welfare, budgets["dinsos_pkh"].chosen)
    unregistered = [budget.unregistered for budget in budgets.values()]
    strangers = draw_strangers(_stream(seed, 5), maker, residents, places, max(round(KNOWN_TWICE * sum(unregistered)), *unregistered))
    return Regency(maker, residents, places, livelihoods, welfare, housing, programmes, strangers, AddressBook(places), budgets, rows)


def _stream(seed: int, number: int) -> np.random.Generator:
    return np.random.default_rng([seed, number])


def _write_inbox(
    inbox: Path, regency: Regency, as_of: date, file_format: FileFormat, seed: int, profiles: Mapping[str, DamageProfile]
) -> tuple[int, list[WrittenRows]]:
    def delivery(source: str, days_before: int, delimiter: str = ",") -> DeliveryWriter:
        delivered = as_of - timedelta(days=days_before)
        return DeliveryWriter(inbox / source / delivered.isoformat(), file_format, delivered, delimiter=delimiter)

    files = 0
    with delivery("dukcapil_population", 1) as writer:
        for name, sheet in register_sheets(_stream(seed, 6), regency.maker, regency.residents, regency.livelihoods, regency.addresses):
            writer.write(name, [sheet])
        files += writer.files
    written: list[WrittenRows] = []
    for write, source, days_before, delimiter in (
        (_write_dtsen, "dinsos_dtsen", 16, ","),
        (_write_pkh, "dinsos_pkh", 11, ";"),
        (_write_survey, "village_survey", 31, ";"),
    ):
        with delivery(source, days_before, delimiter) as writer:
            written.append(write(writer, regency, _stream(seed, 7 + len(written)), as_of - timedelta(days=days_before), profiles[source]))
            files += writer.files
    return files, written


def _write_dtsen(
    writer: DeliveryWriter, regency: Regency, rng: np.random.Generator, delivered: date, profile: DamageProfile
) -> WrittenRows:
    source = "dinsos_dtsen"
    budget = regency.budgets[source]
    chosen = welfare_list.listed_people(rng, regency.residents, regency.welfare, budget.chosen)
    mentions = _mentions(rng, regency, source, chosen)
    written = damage(rng, regency.maker, regency.residents, mentions, profile)
    sheet = welfare_list.welfare_sheet(
        rng,
        regency.residents,
        regency.livelihoods,
        regency.welfare,
        regency.housing,
        regency.programmes,
        regency.addresses,
        mentions,
        written,
    )
    [(file, sheet_name, first_row)] = writer.write(f"dtsen_{delivered.year}_q{_quarter(delivered)}", [sheet])
    mention = np.arange(len(mentions))
    return WrittenRows(
        source, mentions, mention, _all(file, len(mention)), _all(sheet_name, len(mention)), first_row + mention, written.labels
    )


def _write_pkh(writer: DeliveryWriter, regency: Regency, rng: np.random.Generator, delivered: date, profile: DamageProfile) -> WrittenRows:
    source = "dinsos_pkh"
    chosen = pkh_list.recipients(rng, regency.residents, np.flatnonzero(regency.programmes.receives_pkh))
    mentions = _mentions(rng, regency, source, chosen)
    written = damage(rng, regency.maker, regency.residents, mentions, profile)
    stage = _quarter(delivered)
    sheets = pkh_list.pkh_sheets(rng, regency.programmes, regency.addresses, mentions, written, stage, delivered.year)
    places = writer.write(f"pkh_tahap{stage}_{delivered.year}", sheets, old_excel=True)
    mention = np.arange(len(mentions))
    part, offset = np.divmod(mention, pkh_list.ROWS_PER_SHEET)
    return WrittenRows(
        source,
        mentions,
        mention,
        pa.array([file for file, _, _ in places]).take(pa.array(part)),
        pa.array([sheet for _, sheet, _ in places]).take(pa.array(part)),
        np.array([row for _, _, row in places])[part] + offset,
        written.labels,
    )


def _write_survey(
    writer: DeliveryWriter, regency: Regency, rng: np.random.Generator, delivered: date, profile: DamageProfile
) -> WrittenRows:
    del delivered
    source = "village_survey"
    judgement = village_survey.judge(rng, regency.welfare.score)
    chosen = village_survey.surveyed_people(rng, regency.residents, judgement, regency.budgets[source].chosen)
    mentions = _mentions(rng, regency, source, chosen)
    carelessness = village_survey.carelessness(rng, regency.residents, regency.places, mentions)
    written = damage(rng, regency.maker, regency.residents, mentions, profile, carelessness)
    files, sheets, mention, row, labels = [], [], [], [], []
    for name, sheet, rows, problems in village_survey.survey_sheets(
        rng, regency.residents, regency.livelihoods, regency.housing, judgement, regency.addresses, mentions, written
    ):
        [(file, sheet_name, first_row)] = writer.write(name, [sheet])
        files.append(_all(file, len(rows)))
        sheets.append(_all(sheet_name, len(rows)))
        mention.append(rows)
        row.append(first_row + np.arange(len(rows)))
        labels.append(written.labels[rows] | problems)
    return WrittenRows(
        source,
        mentions,
        np.concatenate(mention),
        pa.concat_arrays(files),
        pa.concat_arrays(sheets),
        np.concatenate(row),
        np.concatenate(labels),
    )


def _mentions(rng: np.random.Generator, regency: Regency, source: str, chosen: Index) -> Mentions:
    return complete_list(
        rng,
        regency.residents,
        regency.strangers,
        chosen,
        regency.rows[source],
        regency.budgets[source],
        regency.welfare.score,
        exact_copies=source != "village_survey",
    )


def _quarter(day: date) -> int:
    return (day.month + 2) // 3


def _all(text: str, count: int) -> pa.Array:
    return pa.array([text]).take(pa.array(np.zeros(count, dtype=np.int64)))


def _write_reference(folder: Path, regency: Regency) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    villages = regency.places.villages
    residents = regency.residents
    village = regency.places.house_village[residents.family_house]
    table = pd.DataFrame(
        {
            "area_code": villages["area_code"],
            "name": villages["name"],
            "kind": villages["kind"],
            "kecamatan_code": villages["kecamatan_code"],
            "kecamatan": villages["kecamatan"],
            "latitude": villages["latitude"],
            "longitude": villages["longitude"],
            "families": np.bincount(village, minlength=len(villages)),
            "residents": np.bincount(village[residents.family], weights=residents.status == 1, minlength=len(villages)).astype(np.int64),
        }
    )
    table.to_csv(folder / "villages.csv", index=False, lineterminator="\n")


def _write_truth(folder: Path, regency: Regency, written: Sequence[WrittenRows]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    residents, livelihoods, programmes = regency.residents, regency.livelihoods, regency.programmes
    truth.write_links(folder / "links.parquet", residents, written)
    truth.write_people(folder / "people.parquet", regency.maker, residents, livelihoods, programmes, regency.strangers)
    truth.write_families(folder / "families.parquet", residents, livelihoods, regency.welfare, programmes, regency.addresses)
    truth.write_houses(folder / "houses.parquet", regency.housing, regency.addresses)
