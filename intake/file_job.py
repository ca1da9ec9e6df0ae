"""The jobs of a worker's fork: read a file by its contract and list its rows independently; results are left as Arrow files."""

from __future__ import annotations

import dataclasses
import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.ipc

from intake.file_intake import take_in_file
from intake.inbox import sha256_of
from intake.intake_setup import FileToRead, IntakeSetup
from intake.passwords import without_password
from intake.quarantine import QUARANTINE_SCHEMA, TEXT
from intake.readers import read_sheets
from intake.record_columns import records_schema
from intake.refusals import Refused
from intake.row_listing import list_rows


@dataclass(frozen=True)
class ReadJob:
    """Read a file and leave `raw-<n>.arrow`, `records.arrow`, `quarantine.arrow` and the independent `listed.arrow` in a folder."""

    file: FileToRead
    folder: Path


@dataclass(frozen=True)
class SheetsJob:
    """Read a file's sheets as they stand and leave `sheet-<n>.arrow` in a folder: the type letters of each row, then the columns."""

    path: Path
    folder: Path


@dataclass(frozen=True)
class DraftJob:
    """Draft a contract with this id for a file; the report holds its YAML."""

    path: Path
    source: str
    language: str


@dataclass(frozen=True)
class GuessJob:
    """Find the contract that fits a file; among all of the setup."""

    path: Path


def load_libraries(setup: object) -> None:
    """Load once, before the forks, what each of them would load."""
    from intake.cells.codes import CodeReader
    from schemas.canonical import BY_NAME

    pa.set_cpu_count(1)
    pa.set_io_thread_count(1)
    pa.set_memory_pool(pa.system_memory_pool())  # the others reserve address space, which a file's limit is measured in
    if isinstance(setup, IntakeSetup):
        columns = (pair for contract in setup.contracts.values() for table in contract.tables for pair in table.columns.items())
        for name, column in columns:
            if name in BY_NAME and BY_NAME[name].kind in {"code", "boolean"}:
                CodeReader(name, column)


def do_job(setup: object, job: object) -> dict[str, Any]:
    """Do one job; the report is plain JSON. A refusal is an answer; a fault of the program is reported with its place in the code."""
    try:
        if isinstance(job, SheetsJob):
            return _sheets(job)
        assert isinstance(setup, IntakeSetup)
        if isinstance(job, GuessJob):
            from intake.check import guess_source

            return {"source": guess_source(job.path, tuple(setup.contracts.values()))}
        if isinstance(job, DraftJob):
            return _draft(setup, job)
        assert isinstance(job, ReadJob)
        return _read(setup, job)
    except Refused as refused:
        return {"refused": refused.code, "facts": dict(refused.facts)}
    except MemoryError:
        raise
    except BaseException as error:  # noqa: BLE001 - a crafted .xls raises a Rust panic, which is no Exception
        return _fault(error)


def _fault(error: BaseException) -> dict[str, Any]:
    if type(error).__name__ == "PanicException":
        return {"refused": "reader_crashed", "facts": {}}
    # Never str(error): a library's message may quote a cell.
    own = [
        frame for frame in traceback.extract_tb(error.__traceback__) if Path(frame.filename).parent.name in {"intake", "cells", "schemas"}
    ]
    places = [f"{Path(frame.filename).name}:{frame.lineno}" for frame in reversed(own[-3:])]
    return {"refused": "internal_error", "facts": {"kind": type(error).__name__, "place": " < ".join(places)}}


def _read(setup: IntakeSetup, job: ReadJob) -> dict[str, Any]:
    if job.file.sha256 and sha256_of(job.file.path) != job.file.sha256:
        raise Refused("changed_while_read")
    content = take_in_file(job.file, setup)
    shown = content.shown
    for place, table in enumerate(content.raw):
        write_arrow(table, job.folder / f"raw-{place:03d}.arrow")
    write_arrow(_stacked(content.records, records_schema(setup.contracts[job.file.source])), job.folder / "records.arrow")
    write_arrow(_stacked(content.quarantine, QUARANTINE_SCHEMA), job.folder / "quarantine.arrow")
    report = {"sheets": [dataclasses.asdict(report) for report in content.sheets], "raw_parts": len(content.raw)}
    del content
    return report | {"listed": _list(job, shown)}


def _list(job: ReadJob, shown: Mapping[str, npt.NDArray[np.int64]]) -> list[str]:
    """List the rows independently and hold the reader to account. Raises Refused when the two did not see the same rows.

    A file that two readings disagree on is damaged, or made to deceive one of them; none of its rows is used.
    """
    try:
        with without_password(job.file.path) as path:
            listed = list_rows(path)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 - whatever keeps the rows from being listed, they can't be vouched for
        raise Refused("rows_disagree", sheet="-", row=1) from None
    nothing = np.empty(0, np.int64)
    for name in sorted({*listed, *shown}):
        differing = np.setxor1d(listed.get(name, nothing), shown.get(name, nothing))
        if len(differing):
            raise Refused("rows_disagree", sheet=name or "-", row=int(differing[0]))
    names = [pa.array([name], TEXT).take(pa.array(np.zeros(len(rows), np.int64))) for name, rows in listed.items()]
    numbers = [pa.array(rows, pa.int64()) for rows in listed.values()]
    table = pa.table({"sheet": pa.chunked_array(names, TEXT), "row": pa.chunked_array(numbers, pa.int64())})
    write_arrow(table, job.folder / "listed.arrow")
    return list(listed)


def _sheets(job: SheetsJob) -> dict[str, Any]:
    names = []
    for number, sheet in enumerate(read_sheets(job.path)):
        columns = {f"c{place:03d}": column for place, column in enumerate(sheet.cells)}
        write_arrow(pa.table({"types": sheet.types_as_text()} | columns), job.folder / f"sheet-{number:03d}.arrow")
        names.append(sheet.name)
    return {"sheets": names}


def _draft(setup: IntakeSetup, job: DraftJob) -> dict[str, Any]:
    from intake.contract_draft import draft_of
    from intake.draft_yaml import draft_yaml
    from schemas.header_vocabulary import header_vocabulary

    draft = draft_of(job.path, header_vocabulary(setup.contracts), setup.places)
    return {"yaml": draft_yaml(draft, job.source, job.language) if draft.tables else None}


def _stacked(tables: list[pa.Table], schema: pa.Schema) -> pa.Table:
    return pa.concat_tables(tables) if tables else schema.empty_table()


def write_arrow(table: pa.Table, path: Path) -> None:
    """Write an Arrow IPC file that can be mapped into memory."""
    with pa.OSFile(str(path), "wb") as sink, pa.ipc.new_file(sink, table.schema) as writer:
        writer.write_table(table)


def read_arrow(path: Path) -> pa.Table:
    """Map an Arrow IPC file into memory; its columns take no memory of their own until they are changed."""
    with pa.memory_map(str(path)) as source:
        return pa.ipc.open_file(source).read_all()
