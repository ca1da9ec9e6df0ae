"""All deliveries of one source to the records that are in force: the door that the lineage graph calls.

What a newer delivery supersedes is the contract's `replaces`. Where the whole source is replaced, a delivery stands or falls as one,
because half a register would count people twice who moved; where each file stands for itself, only the bad file is refused. A refused
delivery lets the last good one speak.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from intake.assembly import Assembled, FileParts, assemble, raw_of
from intake.conservation import Rows, SheetKey, prove_conservation
from intake.corrections import NO_CORRECTIONS, Corrections
from intake.delivery_files import distinct_contents, refusal_of, refuse, with_corrections
from intake.file_job import read_arrow
from intake.file_reading import FileReading, ReadFile
from intake.inbox import newest_first
from intake.intake_setup import IntakeSetup
from intake.isolation import WORKERS, Limits, WorkerPool
from intake.messages import Message
from intake.parsed_files import ParsedFiles
from intake.places import PlaceIndex
from intake.quarantine import QUARANTINE_SCHEMA, refused_file
from intake.refusals import Refusal
from intake.to_pandas import to_frame
from schemas.areas import BANYUWANGI, Regency
from schemas.contracts import SourceContract
from schemas.crosswalk import Crosswalk
from schemas.expectations import evaluate
from schemas.expectations_canonical import all_expectations
from schemas.expectations_words import unmet_words


@dataclass(frozen=True)
class IntakeResult:
    """What a source's deliveries gave; rows stand in the order of delivery, file, sheet and row."""

    raw: pd.DataFrame
    records: pd.DataFrame
    quarantine: pd.DataFrame
    refused: tuple[Refusal, ...]
    in_force: tuple[str, ...]
    conservation: pd.DataFrame
    sheets: tuple[dict[str, Any], ...]
    """One report per sheet, with delivery_id and file: how its header was understood, its rows by kind."""


@dataclass
class _Collected:
    """What has been decided so far."""

    taken: list[ReadFile] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)
    assembled: Assembled | None = None


def take_in(
    source_deliveries: pd.DataFrame,
    contract: SourceContract,
    areas: pd.DataFrame,
    hash_key: bytes,
    *,
    regency: Regency = BANYUWANGI,
    crosswalk: Crosswalk | None = None,
    as_of: dt.date | None = None,
    workers: int = WORKERS,
    limits: Limits | None = None,
    pool: WorkerPool | None = None,
    reading: FileReading | None = None,
    corrections: Corrections = NO_CORRECTIONS,
) -> IntakeResult:
    """Take in the deliveries of one source (the rows of `find_deliveries` with this source).

    `corrections` are cells that offices have put right since. `as_of` is what relative dates of expectations count from; by default
    the newest delivery's day. `pool` is an open pool whose setup knows this contract, for those who take in several sources; `reading`
    is more: it has begun already, or kept what earlier runs have read. Without both a pool is opened. The result's frames are empty,
    with the right columns, when no delivery can be used. No message holds anything of a file's content.
    """
    deliveries = with_corrections(source_deliveries, corrections)
    if reading is not None:
        return _take_in(deliveries, contract, as_of, reading)
    if pool is not None:
        with FileReading(pool) as pool_reading:
            return _take_in(deliveries, contract, as_of, pool_reading)
    needed = max(1, min(workers, len(deliveries)))
    setup = intake_setup({contract.id: contract}, areas, hash_key, regency=regency, crosswalk=crosswalk)
    with reading_of(setup, workers=needed, limits=limits) as own_reading:
        return _take_in(deliveries, contract, as_of, own_reading)


def intake_setup(
    contracts: Mapping[str, SourceContract],
    areas: pd.DataFrame,
    hash_key: bytes,
    *,
    regency: Regency = BANYUWANGI,
    crosswalk: Crosswalk | None = None,
) -> IntakeSetup:
    """What all files share, from its parts."""
    return IntakeSetup(contracts, PlaceIndex(areas, crosswalk), regency, hash_key)


@contextmanager
def reading_of(
    setup: IntakeSetup, kept_in: Path | None = None, *, workers: int = WORKERS, limits: Limits | None = None
) -> Iterator[FileReading]:
    """One reading for all sources of a run; with `kept_in`, files that an earlier run has parsed are not parsed again."""
    kept = None if kept_in is None else ParsedFiles(kept_in, setup)
    with WorkerPool(setup, workers=workers, limits=limits) as pool, FileReading(pool, kept) as reading:
        yield reading


def _take_in(deliveries: pd.DataFrame, contract: SourceContract, as_of: dt.date | None, reading: FileReading) -> IntakeResult:
    as_of = as_of or _newest_day(deliveries)
    collected = _Collected()
    if contract.replaces == "source":
        _newest_whole_delivery(newest_first(deliveries), reading, collected, contract, as_of)
    else:
        _each_file(newest_first(deliveries), reading, collected, same_name_replaces=contract.replaces == "file_name")
        collected.taken.sort(key=lambda read: (read.file.delivery_id, read.file.file))
    assembled = collected.assembled or assemble([_parts(read) for read in collected.taken], contract, as_of)
    result = _result(collected, assembled, _listed_rows(collected.taken))
    reading.done_with(contract.id)
    return result


def _newest_day(deliveries: pd.DataFrame) -> dt.date | None:
    newest = deliveries["delivered_on"].max()
    return None if pd.isna(newest) else pd.Timestamp(newest).date()


def _newest_whole_delivery(
    deliveries: Sequence[pd.DataFrame], reading: FileReading, collected: _Collected, contract: SourceContract, as_of: dt.date | None
) -> None:
    """Take the newest delivery of which every file can be used and which meets the expectations that may refuse a delivery."""
    for delivery in deliveries:
        files, repeated = distinct_contents(delivery)
        results = reading.read(files)
        refusals = [refusal for read in results if (refusal := refusal_of(read.file, read.outcome)) is not None]
        if refusals:
            names = ", ".join(refusal.file for refusal in refusals)
            refused_files = {refusal.file for refusal in refusals}
            good = [file for file in files if file.file not in refused_files]
            collected.refused += refusals + [refuse(file, "delivery_incomplete", {"files": names}) for file in good]
            continue
        assembled = assemble([_parts(read) for read in results], contract, as_of)
        failures = _failed_gates(assembled.records, contract, as_of)
        if failures:
            collected.refused += [refuse(file, "expectation_failed", failures) for file in files]
            continue
        collected.taken, collected.assembled = results, assembled
        collected.refused += repeated
        return


def _failed_gates(records: pd.DataFrame, contract: SourceContract, as_of: dt.date | None) -> dict[str, str]:
    """The expectations of severity `delivery` that the records do not meet, for the message; empty where they meet all."""
    gates = [expectation for expectation in all_expectations(contract) if expectation.severity == "delivery"]
    results = evaluate(records, gates, as_of or dt.date.max)
    return unmet_words(zip(gates, results, strict=True))


def _each_file(deliveries: Sequence[pd.DataFrame], reading: FileReading, collected: _Collected, *, same_name_replaces: bool) -> None:
    """Take each file that can be used; where names replace, the newest usable one of each name."""
    accepted_names: set[str] = set()
    seen: dict[str, str] = {}
    for delivery in deliveries:
        files, repeated = distinct_contents(delivery, seen)
        collected.refused += repeated
        wanted = [file for file in files if not (same_name_replaces and file.file.casefold() in accepted_names)]
        for read in reading.read(wanted):
            refusal = refusal_of(read.file, read.outcome)
            if refusal is None:
                collected.taken.append(read)
                accepted_names.add(read.file.file.casefold())
            else:
                collected.refused.append(refusal)


def _listed_rows(taken: Sequence[ReadFile]) -> dict[SheetKey, Rows]:
    """The independent listing of the files in force."""
    listed: dict[SheetKey, Rows] = {}
    for read in taken:
        table = read_arrow(read.folder / "listed.arrow")
        names, rows = table.column("sheet").to_numpy(), table.column("row").to_numpy()
        for sheet in _report(read)["listed"]:
            listed[read.file.delivery_id, read.file.file, sheet] = rows[names == sheet]
    return listed


def _report(read: ReadFile) -> dict[str, Any]:
    assert read.outcome.report is not None, "a file in force has a report"
    return read.outcome.report


def _parts(read: ReadFile) -> FileParts:
    return FileParts(read.folder, _report(read)["raw_parts"])


def _result(collected: _Collected, assembled: Assembled, listed: dict[SheetKey, Rows]) -> IntakeResult:
    refused = sorted(collected.refused, key=lambda refusal: (refusal.delivery_id, refusal.file))
    rows = [refused_file(item.delivery_id, item.file, item.code, Message(item.message_id, item.message_en)) for item in refused]
    refused_rows = to_frame(pa.concat_tables([QUARANTINE_SCHEMA.empty_table(), *rows]))
    quarantine = pd.concat([assembled.quarantine, refused_rows], ignore_index=True) if rows else assembled.quarantine
    quarantine = quarantine.sort_values(["delivery_id", "file", "sheet", "row"], kind="stable", na_position="first", ignore_index=True)
    return IntakeResult(
        raw=raw_of([_parts(read) for read in collected.taken]),
        records=assembled.records,
        quarantine=quarantine,
        refused=tuple(refused),
        in_force=tuple(dict.fromkeys(taken.file.delivery_id for taken in collected.taken)),
        conservation=prove_conservation(listed, assembled.records, quarantine),
        sheets=tuple(
            {"delivery_id": read.file.delivery_id, "file": read.file.file} | sheet
            for read in collected.taken
            for sheet in _report(read)["sheets"]
        ),
    )
