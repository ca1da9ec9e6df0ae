"""The shape of a correction workbook, which one side writes for an office and the other reads when it comes back.

Each sheet of rows begins with a hidden row that names the shape and, above each of the office's own columns, the letter that the column
has in the office's file. Then a line for people, the header, and the rows, each led by the number of its case and by where it stands.
"""

from __future__ import annotations

import hashlib

MARK = "padan-quarantine-1"
"""Stands in A1 of each sheet of rows; the number grows when the shape changes."""
LETTERS_ROW, NOTE_ROW, HEADER_ROW, FIRST_CASE_ROW = 0, 1, 2, 3
"""0-based rows of a sheet of cases."""
IDENTIFYING = ("case", "file", "sheet", "row")
"""The first columns: what ties a line to its case. They are locked, and must come back as they were sent."""
EXPLAINING = ("reason", "right")
"""The next columns: why the row was set aside, and what would be right."""
OFFICE_CELLS_FROM = len(IDENTIFYING) + len(EXPLAINING)
"""The first column that holds the office's own cells, which are there to be corrected."""


def case_number(sha256: str, sheet: str | None, row: int) -> str:
    """The number of the case of one row: the same in every run, and saying nothing of the row's content but its file's fingerprint."""
    return hashlib.sha256(f"{sha256}\n{sheet or ''}\n{row}".encode()).hexdigest()[:16]
