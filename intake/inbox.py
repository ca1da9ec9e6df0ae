"""The inbox: which deliveries lie there, and which of them may speak for their source.

`<inbox>/<source>/<YYYY-MM-DD>[-n]/<file>` is one delivery; files directly in `<source>/` are one undated delivery, older than all
dated ones. File names mean nothing; files that programs leave behind while they work are ignored, and listed as ignored.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from schemas.canonical import TEXT
from schemas.contracts import SourceContract

_DATED = re.compile(r"^(\d{4})-(\d{2})-(\d{2})(?:-(\d+))?$")
_IGNORED = re.compile(r"^(?:\..*|~\$.*|.*\.(?:part|tmp|crdownload)|Thumbs\.db|desktop\.ini)$", re.IGNORECASE)
UNDATED = "undated"
_BLOCK = 1 << 20

_COLUMNS: dict[str, object] = {
    "delivery_id": TEXT,
    "source": TEXT,
    "delivered_on": "datetime64[ns]",
    "ordinal": "int32",
    "file": TEXT,
    "path": TEXT,
    "sha256": TEXT,
    "bytes": "int64",
}
_IGNORED_COLUMNS: dict[str, object] = {"place": TEXT, "reason": TEXT}


@dataclass(frozen=True)
class _Folder:
    """One delivery's folder."""

    source: str
    path: Path
    delivered_on: dt.date | None
    ordinal: int
    name: str

    @property
    def delivery_id(self) -> str:
        return f"{self.source}/{self.name}"


def find_deliveries(inbox: Path, contracts: Mapping[str, SourceContract]) -> pd.DataFrame:
    """All files of all deliveries of known sources, one row per file, oldest delivery first.

    Columns: delivery_id, source, delivered_on (NaT when undated), ordinal (the n of `-n`, 0 without), file (relative to the
    delivery), path, sha256, bytes. Raises FileNotFoundError when there is no inbox.
    """
    if not inbox.is_dir():
        raise FileNotFoundError(f"no inbox at {inbox}")
    rows = [
        {
            "delivery_id": folder.delivery_id,
            "source": folder.source,
            "delivered_on": pd.NaT if folder.delivered_on is None else pd.Timestamp(folder.delivered_on),
            "ordinal": folder.ordinal,
            "file": path.relative_to(folder.path).as_posix(),
            "path": str(path),
            "sha256": sha256_of(path),
            "bytes": path.stat().st_size,
        }
        for folder in _folders(inbox, contracts)
        for path in _files(folder)
    ]
    return deliveries_frame(rows)


def deliveries_frame(rows: Sequence[Mapping[str, object]]) -> pd.DataFrame:
    """Files of deliveries as a frame: in its types, oldest delivery of each source first."""
    frame = pd.DataFrame(rows, columns=list(_COLUMNS)).astype(_COLUMNS)  # type: ignore[arg-type]
    return frame.sort_values(["source", "delivered_on", "ordinal", "file"], na_position="first", ignore_index=True)


def delivery_day(delivery_id: str) -> tuple[dt.date | None, int]:
    """The day of a delivery and its number on that day, as its id says them; (None, 0) for an undated one."""
    return _date_of(delivery_id.partition("/")[2]) or (None, 0)


def find_ignored(inbox: Path, contracts: Mapping[str, SourceContract]) -> pd.DataFrame:
    """What lies in the inbox and is no delivery: place (relative to it) and reason.

    Reasons: `unknown_source`, `not_a_date`, `left_by_a_program`, `outside_of_a_source`.
    """
    rows: list[dict[str, str]] = []
    for entry in sorted(inbox.iterdir()):
        if entry.is_file():
            rows.append({"place": entry.name, "reason": "left_by_a_program" if _IGNORED.match(entry.name) else "outside_of_a_source"})
        elif entry.name not in contracts:
            rows.append({"place": entry.name, "reason": "left_by_a_program" if entry.name.startswith(".") else "unknown_source"})
        else:
            rows += [{"place": path.relative_to(inbox).as_posix(), "reason": reason} for path, reason in _ignored_in_source(entry)]
    return pd.DataFrame(rows, columns=list(_IGNORED_COLUMNS)).astype(_IGNORED_COLUMNS)  # type: ignore[arg-type]


def _ignored_in_source(source: Path) -> Iterator[tuple[Path, str]]:
    for entry in sorted(source.iterdir()):
        if entry.is_dir() and _date_of(entry.name) is None:
            yield entry, "left_by_a_program" if entry.name.startswith(".") else "not_a_date"
        elif entry.is_dir():
            yield from ((path, "left_by_a_program") for path in sorted(entry.rglob("*")) if path.is_file() and _is_ignored(path, entry))
        elif _IGNORED.match(entry.name):
            yield entry, "left_by_a_program"


def _folders(inbox: Path, contracts: Mapping[str, SourceContract]) -> Iterator[_Folder]:
    for source in sorted(contracts):
        base = inbox / source
        if not base.is_dir():
            continue
        yield _Folder(source, base, None, 0, UNDATED)
        for entry in sorted(base.iterdir()):
            if entry.is_dir() and (dated := _date_of(entry.name)) is not None:
                yield _Folder(source, entry, dated[0], dated[1], entry.name)


def _date_of(name: str) -> tuple[dt.date, int] | None:
    match = _DATED.match(name)
    if match is None:
        return None
    try:
        return dt.date(int(match.group(1)), int(match.group(2)), int(match.group(3))), int(match.group(4) or 0)
    except ValueError:
        return None


def _files(folder: _Folder) -> list[Path]:
    # Files directly in <source>/ are the undated delivery; its sub-folders are other deliveries.
    found = folder.path.iterdir() if folder.delivered_on is None else folder.path.rglob("*")
    return sorted(path for path in found if path.is_file() and not _is_ignored(path, folder.path))


def _is_ignored(path: Path, base: Path) -> bool:
    return any(_IGNORED.match(part) for part in path.relative_to(base).parts)


def sha256_of(path: Path) -> str:
    """The SHA-256 of a file's content, in hexadecimal."""
    digest = hashlib.sha256()
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()


def newest_first(source_deliveries: pd.DataFrame) -> list[pd.DataFrame]:
    """The deliveries of one source, each a frame of its files, newest first; an undated one is the oldest."""
    ordered = source_deliveries.sort_values(["delivered_on", "ordinal", "file"], na_position="first")
    groups = [group.reset_index(drop=True) for _, group in ordered.groupby("delivery_id", sort=False)]
    return groups[::-1]
