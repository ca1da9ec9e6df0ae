"""Row conservation: every row that an independent reader sees in a file is accounted for, as a set of rows and not as a number.

Rows read = accepted + quarantined + skipped (blank, titles, headers, totals, signatures, lines of block reports, other tables and
sheets) + exact duplicates. A row that is listed and not accounted for is `missing`; one that is called blank although it shows something
is missing too; one that is accounted for and not listed is `extra`, invented. Numbers that merely add up would prove nothing.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from schemas.canonical import TEXT

SKIPPED = (
    *("blank", "title", "header", "repeated_header", "total", "signature"),
    *("ignored_sheet", "block_line", "ignored_table", "hidden_sheet"),
)
DISPOSITIONS = ("accepted", "quarantined", *SKIPPED, "exact_duplicate")
COLUMNS = ("delivery_id", "file", "sheet", "read", "accepted", "quarantined", *SKIPPED, "duplicates", "missing", "extra", "holds")

Rows = npt.NDArray[np.int64]
SheetKey = tuple[str, str, str]
"""delivery_id, file, sheet."""


def prove_conservation(listed: Mapping[SheetKey, Rows], records: pd.DataFrame, quarantine: pd.DataFrame) -> pd.DataFrame:
    """One row per sheet: rows read, how they ended, how many are missing or extra, and whether the promise holds.

    `read` counts the rows that show something. `records` may hold several mentions of one row.
    """
    accounted = _accounted(records, quarantine)
    lines = [_line(key, listed.get(key, np.empty(0, np.int64)), accounted.get(key, {})) for key in sorted({*listed, *accounted})]
    frame = pd.DataFrame(lines, columns=list(COLUMNS))
    counts = [name for name in COLUMNS if name not in {"delivery_id", "file", "sheet", "holds"}]
    types: dict[str, object] = {"delivery_id": TEXT, "file": TEXT, "sheet": TEXT, "holds": bool} | dict.fromkeys(counts, "int64")
    return frame.astype(types)  # type: ignore[arg-type]


def _accounted(records: pd.DataFrame, quarantine: pd.DataFrame) -> dict[SheetKey, dict[str, Rows]]:
    """For each sheet the distinct rows of each disposition."""
    found: dict[SheetKey, dict[str, Rows]] = {}
    for frame, fixed in ((records, "accepted"), (quarantine[quarantine["disposition"] != "delivery_refused"], None)):
        for key, rows, dispositions in _by_sheet(frame):
            kinds = {fixed: rows} if fixed else {str(kind): rows[dispositions == kind] for kind in np.unique(dispositions)}
            for kind, chosen in kinds.items():
                found.setdefault(key, {})[str(kind)] = _distinct(chosen)
    return found


def _distinct(rows: Rows) -> Rows:
    """The distinct rows, rising. Most come so already, or in a few rising parts, which a stable sort takes as they are."""
    ordered = rows if (rows[1:] > rows[:-1]).all() else np.sort(rows, kind="stable")
    return ordered if ordered is rows else ordered[np.r_[True, ordered[1:] != ordered[:-1]]]


def _by_sheet(frame: pd.DataFrame) -> Sequence[tuple[SheetKey, Rows, npt.NDArray[np.str_]]]:
    if frame.empty:
        return []
    keys = frame[["delivery_id", "file", "sheet"]]
    numbers, distinct = _numbered(keys)
    rows = frame["row"].to_numpy(np.int64)
    dispositions = frame["disposition"].to_numpy(str) if "disposition" in frame else np.full(len(frame), "accepted")
    order = np.argsort(numbers, kind="stable")
    bounds = np.searchsorted(numbers[order], np.arange(len(distinct) + 1))
    return [
        (key, rows[order[start:end]], dispositions[order[start:end]]) for key, start, end in zip(distinct, bounds, bounds[1:], strict=False)
    ]


def _numbered(keys: pd.DataFrame) -> tuple[npt.NDArray[np.int64], list[SheetKey]]:
    """A number for each distinct (delivery, file, sheet), and the keys in the order of their numbers."""
    combined = np.zeros(len(keys), np.int64)
    for name in keys:
        codes, values = pd.factorize(keys[name])
        combined = combined * (len(values) + 1) + codes
    numbers, first = np.unique(combined, return_index=True)
    distinct = [tuple(str(value) for value in keys.iloc[place]) for place in first]
    return np.searchsorted(numbers, combined), [(key[0], key[1], key[2]) for key in distinct]


def _line(key: SheetKey, read: Rows, accounted: Mapping[str, Rows]) -> tuple[object, ...]:
    nothing = np.empty(0, np.int64)
    by_kind = {kind: accounted.get(kind, nothing) for kind in DISPOSITIONS}
    unknown = set(accounted) - set(DISPOSITIONS)
    if unknown:
        raise ValueError(f"dispositions that conservation does not know: {', '.join(sorted(unknown))}")
    shown = _distinct(np.concatenate([rows for kind, rows in by_kind.items() if kind != "blank"]))
    agree = np.array_equal(read, shown)
    missing = nothing if agree else np.setdiff1d(read, shown, assume_unique=True)
    extra = nothing if agree else np.setdiff1d(shown, read, assume_unique=True)
    # A row may have one end only; accepted and quarantined at once would count twice what was read once.
    total = sum(len(rows) for kind, rows in by_kind.items() if kind != "blank")
    holds = not len(missing) and not len(extra) and total == len(shown)
    counts = [len(by_kind[kind]) for kind in ("accepted", "quarantined", *SKIPPED, "exact_duplicate")]
    return (*key, len(read), *counts, len(missing), len(extra), holds)
