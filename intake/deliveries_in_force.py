"""All deliveries of one source to the records that are in force: the door that the lineage graph calls.

What a newer delivery supersedes is the contract's `replaces`. Where the whole source is replaced, a delivery stands or falls as one,
because half a register would count people twice who moved; where each file stands for itself, only the bad file is refused. A refused
delivery lets the last good one speak.
"""

from __future__ import annotations

import datetime as dt
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from intake.assembly import Assembled, FileParts, assemble, raw_of
from intake.conservation import Rows, SheetKey, prove_conservation
from intake.corrections import NO_CORRECTIONS, Corrections
from intake.file_intake import FileToRead, IntakeSetup
from intake.file_job import ListJob, ReadJob, read_arrow
from intake.inbox import newest_first
from intake.isolation import WORKERS, Limits, Outcome, WorkerPool
from intake.messages import Message, message
from intake.places import PlaceIndex
from intake.quarantine import QUARANTINE_SCHEMA, refused_file
from intake.refusals import Refusal
from intake.to_pandas import to_frame
from schemas.areas import BANYUWANGI, Regency
from schemas.contracts import SourceContract
from schemas.crosswalk import Crosswalk
from schemas.expectations import evaluate
from schemas.expectations_canonical import all_expectations


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
class TakenFile:
    """A file that was read: where its Arrow files lie, and its report."""

    file: FileToRead
    folder: Path
    report: dict[str, Any]

    @property
    def parts(self) -> FileParts:
        """What assembling needs to know."""
        return FileParts(self.folder, self.report["raw_parts"])


@dataclass
class _Collected:
    """What has been decided so far."""

    taken: list[TakenFile] = field(default_factory=list)
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
    corrections: Corrections = NO_CORRECTIONS,
) -> IntakeResult:
    """Take in the deliveries of one source (the rows of `find_deliveries` with this source).

    `corrections` are cells that offices have put right since. `as_of` is what relative dates of expectations count from; by default
    the newest delivery's day. `pool` is an open pool whose
    setup knows this contract, for those who take in several sources; else one is opened. The result's frames are empty, with the
    right columns, when no delivery can be used. No message holds anything of a file's content.
    """
    # Kept beside each file, so that whatever reads the file reads it corrected.
    source_deliveries = source_deliveries.assign(corrections=source_deliveries["sha256"].astype(object).map(corrections.of_file))
    if pool is not None:
        return _take_in(source_deliveries, contract, as_of, pool)
    needed = max(1, min(workers, len(source_deliveries)))
    with worker_pool(
        {contract.id: contract}, areas, hash_key, regency=regency, crosswalk=crosswalk, workers=needed, limits=limits
    ) as own_pool:
        return _take_in(source_deliveries, contract, as_of, own_pool)


def worker_pool(
    contracts: Mapping[str, SourceContract],
    areas: pd.DataFrame,
    hash_key: bytes,
    *,
    regency: Regency = BANYUWANGI,
    crosswalk: Crosswalk | None = None,
    workers: int = WORKERS,
    limits: Limits | None = None,
) -> WorkerPool:
    """Worker processes that know these contracts, as a context manager; starting them costs half a second to a second."""
    return WorkerPool(IntakeSetup(contracts, PlaceIndex(areas, crosswalk), regency, hash_key), workers=workers, limits=limits)


def _take_in(source_deliveries: pd.DataFrame, contract: SourceContract, as_of: dt.date | None, pool: WorkerPool) -> IntakeResult:
    as_of = as_of or _newest_day(source_deliveries)
    with tempfile.TemporaryDirectory(prefix="padan-intake-") as scratch:
        collected = _Collected()
        reader = _Reader(pool, Path(scratch))
        deliveries = newest_first(source_deliveries)
        if contract.replaces == "source":
            _newest_whole_delivery(deliveries, reader, collected, contract, as_of)
        else:
            _each_file(deliveries, reader, collected, same_name_replaces=contract.replaces == "file_name")
            collected.taken.sort(key=lambda taken: (taken.file.delivery_id, taken.file.file))
        assembled = collected.assembled or assemble([taken.parts for taken in collected.taken], contract, as_of)
        return _result(collected, assembled, reader.listed_rows(collected.taken))


def _newest_day(deliveries: pd.DataFrame) -> dt.date | None:
    newest = deliveries["delivered_on"].max()
    return None if pd.isna(newest) else pd.Timestamp(newest).date()


class _Reader:
    """Reads files through the worker pool, each into a folder of its own."""

    def __init__(self, pool: WorkerPool, scratch: Path) -> None:
        self._pool = pool
        self._scratch = scratch
        self._count = 0
        self._listed: dict[Path, Outcome] = {}

    def read(self, files: Sequence[FileToRead]) -> list[tuple[FileToRead, Path, Outcome]]:
        """Read files, the largest first so that the workers end together; results in the order of the files.

        The independent listing of each file is made in the same go, so that a source of one large file keeps both workers busy.
        """
        jobs = [ReadJob(file, self._folder()) for file in files]
        by_size = sorted(range(len(jobs)), key=lambda place: -jobs[place].file.path.stat().st_size)
        listings = [ListJob(jobs[place].file.path, jobs[place].folder) for place in by_size]
        outcomes = self._pool.run_all([*(jobs[place] for place in by_size), *listings])
        read = dict(zip(by_size, outcomes[: len(jobs)], strict=True))
        self._listed.update(zip((job.folder for job in listings), outcomes[len(jobs) :], strict=True))
        return [(job.file, job.folder, read[place]) for place, job in enumerate(jobs)]

    def listed_rows(self, taken: Sequence[TakenFile]) -> dict[SheetKey, Rows]:
        """The independent listing of the files in force."""
        listed: dict[SheetKey, Rows] = {}
        for file in taken:
            report = self._listed[file.folder].report
            if report is None or "sheets" not in report:
                continue  # nothing listed: every row of the file counts as extra, and conservation does not hold
            frame = read_arrow(file.folder / "listed.arrow").to_pandas()
            for sheet in report["sheets"]:
                listed[file.file.delivery_id, file.file.file, sheet] = frame.loc[frame["sheet"] == sheet, "row"].to_numpy()
        return listed

    def _folder(self) -> Path:
        self._count += 1
        folder = self._scratch / f"{self._count:05d}"
        folder.mkdir()
        return folder


def _files_of(delivery: pd.DataFrame) -> Iterator[tuple[FileToRead, str]]:
    for facts in delivery[["path", "source", "delivery_id", "delivered_on", "file", "sha256", "corrections"]].to_dict("records"):
        day = pd.Timestamp(facts["delivered_on"])
        delivered_on = None if pd.isna(day) else day.date()
        file = FileToRead(Path(facts["path"]), facts["source"], facts["delivery_id"], delivered_on, facts["file"], facts["corrections"])
        yield file, facts["sha256"]


def _newest_whole_delivery(
    deliveries: Sequence[pd.DataFrame], reader: _Reader, collected: _Collected, contract: SourceContract, as_of: dt.date | None
) -> None:
    """Take the newest delivery of which every file can be used and which meets the expectations that may refuse a delivery."""
    for delivery in deliveries:
        files, repeated = _distinct_contents(delivery)
        results = reader.read(files)
        refusals = [refusal for file, _, outcome in results if (refusal := _refusal(file, outcome)) is not None]
        if refusals:
            names = ", ".join(refusal.file for refusal in refusals)
            refused_files = {refusal.file for refusal in refusals}
            good = [file for file, _, _ in results if file.file not in refused_files]
            collected.refused += refusals + [_refuse(file, "delivery_incomplete", {"files": names}) for file in good]
            continue
        taken = [_taken(*result) for result in results]
        assembled = assemble([part.parts for part in taken], contract, as_of)
        failures = _failed_gates(assembled.records, contract, as_of)
        if failures:
            collected.refused += [_refuse(file, "expectation_failed", {"why": "; ".join(failures)}) for file in files]
            continue
        collected.taken, collected.assembled = taken, assembled
        collected.refused += repeated
        return


def _failed_gates(records: pd.DataFrame, contract: SourceContract, as_of: dt.date | None) -> list[str]:
    """The reasons of the expectations of severity `delivery` that the records do not meet, with the numbers found."""
    gates = [expectation for expectation in all_expectations(contract) if expectation.severity == "delivery"]
    results = evaluate(records, gates, as_of or dt.date.max)
    return [
        f"{gate.name}: {result.unexpected} / {result.evaluated} ({gate.why})"
        for gate, result in zip(gates, results, strict=True)
        if not result.success
    ]


def _each_file(deliveries: Sequence[pd.DataFrame], reader: _Reader, collected: _Collected, *, same_name_replaces: bool) -> None:
    """Take each file that can be used; where names replace, the newest usable one of each name."""
    accepted_names: set[str] = set()
    seen: dict[str, str] = {}
    for delivery in deliveries:
        files, repeated = _distinct_contents(delivery, seen)
        collected.refused += repeated
        wanted = [file for file in files if not (same_name_replaces and file.file.casefold() in accepted_names)]
        for file, folder, outcome in reader.read(wanted):
            refusal = _refusal(file, outcome)
            if refusal is None:
                collected.taken.append(_taken(file, folder, outcome))
                accepted_names.add(file.file.casefold())
            else:
                collected.refused.append(refusal)


def _distinct_contents(delivery: pd.DataFrame, seen: dict[str, str] | None = None) -> tuple[list[FileToRead], list[Refusal]]:
    """The files of a delivery without those whose content was sent before, under another name or on another day."""
    seen = {} if seen is None else seen
    files, repeated = [], []
    for file, sha256 in _files_of(delivery):
        if sha256 in seen:
            repeated.append(_refuse(file, "duplicate_file", {"other": seen[sha256]}))
        else:
            seen[sha256] = f"{file.delivery_id}/{file.file}"
            files.append(file)
    return files, repeated


def _taken(file: FileToRead, folder: Path, outcome: Outcome) -> TakenFile:
    assert outcome.report is not None
    return TakenFile(file, folder, outcome.report)


def _refusal(file: FileToRead, outcome: Outcome) -> Refusal | None:
    """The refusal that a job's outcome means, None when the file was read."""
    if outcome.report is not None and "refused" not in outcome.report:
        return None
    if outcome.report is not None:
        return _refuse(file, outcome.report["refused"], outcome.report["facts"])
    return _refuse(file, outcome.failure or "reader_crashed", {"seconds": Limits().seconds})


def _refuse(file: FileToRead, code: str, facts: dict[str, Any]) -> Refusal:
    text = message(code, **facts)
    return Refusal(file.delivery_id, file.file, code, text.id, text.en, facts)


def _result(collected: _Collected, assembled: Assembled, listed: dict[SheetKey, Rows]) -> IntakeResult:
    refused = sorted(collected.refused, key=lambda refusal: (refusal.delivery_id, refusal.file))
    rows = [refused_file(item.delivery_id, item.file, item.code, Message(item.message_id, item.message_en)) for item in refused]
    refused_rows = to_frame(pa.concat_tables([QUARANTINE_SCHEMA.empty_table(), *rows]))
    quarantine = pd.concat([assembled.quarantine, refused_rows], ignore_index=True) if rows else assembled.quarantine
    quarantine = quarantine.sort_values(["delivery_id", "file", "sheet", "row"], kind="stable", na_position="first", ignore_index=True)
    return IntakeResult(
        raw=raw_of([taken.parts for taken in collected.taken]),
        records=assembled.records,
        quarantine=quarantine,
        refused=tuple(refused),
        in_force=tuple(dict.fromkeys(taken.file.delivery_id for taken in collected.taken)),
        conservation=prove_conservation(listed, assembled.records, quarantine),
        sheets=tuple(
            {"delivery_id": taken.file.delivery_id, "file": taken.file.file} | sheet
            for taken in collected.taken
            for sheet in taken.report["sheets"]
        ),
    )
