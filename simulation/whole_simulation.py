"""The whole simulation: a regency, the files of twelve offices, and the truth beside them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pandas as pd

from simulation import truth
from simulation.damage_profile import DamageProfile
from simulation.delivery_writer import DeliveryWriter, FileFormat
from simulation.office_profiles import PROFILES
from simulation.office_task import OfficeTask
from simulation.offices import OFFICES
from simulation.population_book import write_population_books
from simulation.population_register import RegisterAnswers, register_sheets
from simulation.regency import Regency, build_regency, stream
from simulation.truth import WrittenRows

LARGEST_SHARE_OF_PEOPLE = 0.6
"""More rows than this share of the people can't be drawn with the preferences of the offices."""
REGISTER = "dukcapil_population"
REGISTER_DAYS_BEFORE, OLD_REGISTER_DAYS_BEFORE = 1, 93
_REGISTER_STREAM = 6


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
    """Rows of each source but the register; a row may name two people."""

    @property
    def office_rows(self) -> int:
        """Rows of all offices together."""
        return sum(self.records.values())


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
    population_book: Sequence[str] = (),
    household_changes: float = 0.0,
) -> SimulationSummary:
    """Writes ``directory``/inbox, /reference and /truth for a regency of ``people`` living residents.

    The same arguments write the same bytes.
    ``records`` are the offices' rows, a third of the people if not given. ``villages`` are village codes; all people live there, about
    equally many in each (by default in all villages of the regency, by their size). ``profiles`` says how much damage each source does;
    ``PROFILES`` are the rates found in practice. ``file_format`` is that of the large lists; the others have a shape of their own.
    Villages in ``population_book`` come as printed population books instead of rows in the register's workbooks.

    ``household_changes`` is the share of families in which somebody lives elsewhere than on the card (truth/changes.parquet); with it
    the register is a quarter old, so that the interviews know what it does not.

    Raises ValueError for too few people, too many rows or unknown villages, FileExistsError when the directory already holds an inbox.
    """
    rows = round(people / 3) if records is None else records
    if people < 50 or rows < 20:
        raise ValueError(f"{people} people and {rows} rows are too few: at least 50 people and 20 rows")
    if rows > people * LARGEST_SHARE_OF_PEOPLE:
        raise ValueError(f"{rows} rows are too many for {people} people: at most {int(people * LARGEST_SHARE_OF_PEOPLE)}")
    if (directory / "inbox").exists():
        raise FileExistsError(f"{directory / 'inbox'} exists; give an empty directory")
    regency = build_regency(people, rows, villages, as_of, seed, profiles, household_changes)
    elsewhere = sorted(set(population_book) - set(regency.places.villages["area_code"]))
    if elsewhere:
        raise ValueError(f"no population book for {', '.join(elsewhere)}: nobody lives there in this simulation")
    registered = as_of - timedelta(days=REGISTER_DAYS_BEFORE if not len(regency.changes) else OLD_REGISTER_DAYS_BEFORE)
    register_files = _write_register(directory / "inbox", regency, registered, file_format, seed, population_book)
    office_files, written = _write_offices(directory / "inbox", regency, as_of, file_format, seed, profiles)
    _write_reference(directory / "reference", regency)
    _write_truth(directory / "truth", regency, written)
    return SimulationSummary(
        people=people,
        register_rows=len(regency.residents),
        families=regency.residents.families,
        houses=len(regency.places.house_rt),
        villages=len(regency.places.villages),
        unregistered_people=len(regency.strangers),
        files=register_files + office_files,
        records=regency.rows,
    )


def _write_register(
    inbox: Path, regency: Regency, delivered: date, file_format: FileFormat, seed: int, population_book: Sequence[str]
) -> int:
    answers = RegisterAnswers.draw(stream(seed, _REGISTER_STREAM), regency.residents)
    with DeliveryWriter(inbox / REGISTER / delivered.isoformat(), file_format, delivered) as writer:
        for name, sheet in register_sheets(
            answers, regency.maker, regency.residents, regency.livelihoods, regency.addresses, population_book
        ):
            writer.write(name, [sheet])
        write_population_books(writer, answers, regency, population_book, delivered)
    return writer.files


def _write_offices(
    inbox: Path, regency: Regency, as_of: date, file_format: FileFormat, seed: int, profiles: Mapping[str, DamageProfile]
) -> tuple[int, list[WrittenRows]]:
    """The files of all offices that have anything to write."""
    files = 0
    written: list[WrittenRows] = []
    for number, office in enumerate(OFFICES, start=_REGISTER_STREAM + 1):
        if not regency.rows[office.source]:
            continue
        delivered = as_of - timedelta(days=office.days_before)
        folder = inbox / office.source / delivered.isoformat()
        with DeliveryWriter(folder, file_format, delivered, delimiter=office.delimiter) as writer:
            task = OfficeTask(office.source, regency, writer, stream(seed, number), delivered, profiles, regency.rows[office.source])
            written += office.write(task)
        files += writer.files
    return files, written


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
    if len(regency.changes):
        truth.write_changes(folder / "changes.parquet", residents, regency.changes)
    truth.write_houses(folder / "houses.parquet", regency.housing, regency.addresses)
