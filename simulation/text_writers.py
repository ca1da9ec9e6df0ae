"""Lists as plain text, each office's system in its own dialect."""

from __future__ import annotations

import io
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.csv as pa_csv


@dataclass(frozen=True)
class TextDialect:
    """How a system exports a table as text."""

    delimiter: str
    encoding: str = "utf-8"
    line_end: str = "\n"
    quoted: bool = False
    """Every value in quotes; else none, and a value that would need them raises."""


def write_text(path: Path, table: pa.Table, dialect: TextDialect) -> None:
    """A header and the records.

    Raises UnicodeEncodeError for letters that the encoding lacks, pyarrow.ArrowInvalid for values that can't be written without quotes.
    """
    style: Literal["all_valid", "none"] = "all_valid" if dialect.quoted else "none"
    records = io.BytesIO()
    pa_csv.write_csv(table, records, pa_csv.WriteOptions(include_header=False, delimiter=dialect.delimiter, quoting_style=style))
    names = [f'"{name}"' for name in table.column_names] if dialect.quoted else table.column_names
    text = dialect.delimiter.join(names) + "\n" + records.getvalue().decode()
    path.write_bytes(text.replace("\n", dialect.line_end).encode(dialect.encoding))
