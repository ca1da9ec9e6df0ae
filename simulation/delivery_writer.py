"""Puts sheets into delivery folders in the wanted format, two files at a time.

Joining columns (Arrow) and compressing (zlib) both work outside Python's lock, so threads are enough. Only a few files wait at once: a
regency of text would fill the memory.
"""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Literal

from simulation.other_writers import write_csv, write_xls
from simulation.sheets import Sheet
from simulation.xlsx_writer import write_xlsx

FileFormat = Literal["xlsx", "csv"]
_THREADS = 2


class DeliveryWriter:
    """Writes one delivery; use as a context manager, which waits for the files."""

    def __init__(self, folder: Path, file_format: FileFormat, created: date, *, delimiter: str = ",") -> None:
        self.folder = folder
        self.files = 0
        self._file_format = file_format
        self._created = created
        self._delimiter = delimiter
        self._pool = ThreadPoolExecutor(_THREADS)
        self._waiting: set[Future[None]] = set()

    def __enter__(self) -> DeliveryWriter:
        self.folder.mkdir(parents=True, exist_ok=True)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._pool.shutdown(cancel_futures=error is not None)
        for future in self._waiting:
            if error is None:
                future.result()

    def write(self, name: str, sheets: list[Sheet], *, old_excel: bool = False) -> list[tuple[str, str, int]]:
        """Starts to write a workbook, or one text file per sheet.

        Returns for each sheet the file's name, the sheet's name as a reader reports it, and the row of the first record.
        """
        if self._file_format == "csv":
            names = [f"{name}.csv" if len(sheets) == 1 else f"{name}_{number}.csv" for number in range(1, len(sheets) + 1)]
            for file, sheet in zip(names, sheets, strict=True):
                self._submit(self._pool.submit(write_csv, self.folder / file, sheet, self._delimiter))
            # A text file has one header row and nothing above it; its only sheet has no name.
            return [(file, "", 2) for file in names]
        file = f"{name}.xls" if old_excel else f"{name}.xlsx"
        path = self.folder / file
        self._submit(
            self._pool.submit(write_xls, path, sheets) if old_excel else self._pool.submit(write_xlsx, path, sheets, self._created)
        )
        return [(file, sheet.name, sheet.first_data_row) for sheet in sheets]

    def write_file(self, name: str, write: Callable[[Path], None]) -> None:
        """Starts to write a file that has the same shape in every format: ``write`` gets its path."""
        self._submit(self._pool.submit(write, self.folder / name))

    def _submit(self, future: Future[None]) -> None:
        self.files += 1
        self._waiting.add(future)
        while len(self._waiting) > _THREADS:
            done, self._waiting = wait(self._waiting, return_when=FIRST_COMPLETED)
            for finished in done:
                finished.result()
