"""Rows looked up by a key: which keys may be among others at all, and the members of households."""

import numpy as np
import numpy.typing as npt

Rows = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

MOST_MEMBERS = 15  # larger "households" are institutions or fillers; they testify to nothing


def may_contain(keys: Keys, right_keys: Keys) -> npt.NDArray[np.bool_]:
    """Right keys that may be among the left ones, by a table of their low bits; it keeps the sort small when few records are looked up."""
    bits = max(10, int(np.ceil(np.log2(max(len(keys), 1) * 8))))
    mask = np.uint64((1 << bits) - 1)
    table = np.zeros(1 << bits, dtype=bool)
    table[(keys & mask).view(np.int64)] = True
    return np.asarray(table[(right_keys & mask).view(np.int64)])


def members_of(households: Rows, wanted: Rows) -> tuple[Rows, Rows]:
    """Members of the wanted households: for each the place of its household in ``wanted``, and its row; none of an institution's.

    ``households``: the household of each row, -1 where it is not known.
    """
    rows = np.flatnonzero((households >= 0) & may_contain(wanted.view(np.uint64), households.view(np.uint64)))
    rows = rows[np.argsort(households[rows], kind="stable")]
    ordered = households[rows]
    first = np.searchsorted(ordered, wanted, side="left")
    many = np.searchsorted(ordered, wanted, side="right") - first
    many = np.where(many <= MOST_MEMBERS, many, 0)
    inside = np.repeat(first - (np.cumsum(many) - many), many) + np.arange(int(many.sum()))
    return np.repeat(np.arange(len(wanted)), many), rows[inside]
