"""Which rows are one person: pairs that the engine found, joined transitively, where people allow it.

People's *same* joins whatever the engine thinks. People's *different* keeps apart: the engine's pairs are then joined from the likeliest
down, and a pair that would bring two such rows together is left out. Where people's own words exclude each other (A is B, B is C, A is not
C), *same* is followed and the contradiction is reported.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching.standardise.distinct import TEXT

Rows = npt.NDArray[np.int64]
SAME, DIFFERENT = "same", "different"
_NOTHING: Rows = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Sayings:
    """Pairs of rows that people called the same or different, and what of it could not be used: left_key, other_key, reason."""

    same: tuple[Rows, Rows] = (_NOTHING, _NOTHING)
    different: tuple[Rows, Rows] = (_NOTHING, _NOTHING)
    report: pd.DataFrame = field(default_factory=lambda: _report([]))


def sayings_of(together: pd.DataFrame | None, keys: pd.Series, rows: Rows) -> Sayings:
    """Find the rows that people spoke of (left_key, other_key, decision). ``keys``: of all rows; ``rows``: those that are to be joined.

    A key that several rows have speaks of each of them. Reasons of what is not used: *left_key_not_found*, *not_to_be_joined* (a row that
    has meanwhile found its person), *same_and_different* (through others). Raises ValueError for another decision than these two.
    """
    if together is None or together.empty:
        return Sayings()
    if unknown := sorted(set(together["decision"].astype(str)) - {SAME, DIFFERENT}):
        raise ValueError(f"decisions hold {unknown}; a decision is {SAME!r} or {DIFFERENT!r}")
    given = (
        together[["left_key", "other_key", "decision"]].astype(TEXT).drop_duplicates().sort_values(["left_key", "other_key", "decision"])
    )
    place = np.full(len(keys), -1, dtype=np.int64)
    place[rows] = np.arange(len(rows))
    spoken = keys.astype(TEXT).isin(pd.concat([given["left_key"], given["other_key"]])).to_numpy(dtype=bool)
    where = pd.Series(np.flatnonzero(spoken)).groupby(keys.astype(TEXT).to_numpy(dtype=object)[spoken]).apply(list).to_dict()
    pairs: dict[str, list[tuple[int, int]]] = {SAME: [], DIFFERENT: []}
    unused = []
    for left, other, decision in given.itertuples(index=False):
        if left not in where or other not in where:
            unused.append((left, other, "left_key_not_found"))
            continue
        both = [(place[one], place[two]) for one in where[left] for two in where[other] if one != two]
        usable = [(int(one), int(two)) for one, two in both if one >= 0 and two >= 0]
        pairs[decision] += usable
        if len(usable) < len(both):
            unused.append((left, other, "not_to_be_joined"))
    same, different = (_as_rows(pairs[decision]) for decision in (SAME, DIFFERENT))
    by_people = components(len(rows), *same)
    names = keys.astype(TEXT).to_numpy(dtype=object)[rows]
    unused += [
        (names[one], names[two], "same_and_different") for one, two in zip(*different, strict=True) if by_people[one] == by_people[two]
    ]
    return Sayings(same, different, _report(unused))


def joined(size: int, pairs: tuple[Rows, Rows], probability: npt.NDArray[np.float64], said: Sayings) -> Rows:
    """For each row the least row of its person's rows."""
    left, right = (np.concatenate(parts) for parts in zip(pairs, said.same, strict=True))
    free = components(size, left, right)
    one, two = said.different
    torn = np.unique(free[one[free[one] == free[two]]])
    if not len(torn):
        return free
    inside = np.isin(free, torn)
    result = np.where(inside, np.arange(size), free)
    own = np.flatnonzero(inside[pairs[0]])
    order = own[np.lexsort((pairs[1][own], pairs[0][own], -probability[own]))]
    groups = _Groups(size, said.different)
    for first, second in _both(said.same):
        groups.join(first, second)
    for first, second in _both((pairs[0][order], pairs[1][order])):
        if not groups.kept_apart(first, second):
            groups.join(first, second)
    rows = np.flatnonzero(inside)
    result[rows] = [groups.least(int(row)) for row in rows]
    return result


def components(size: int, left: Rows, right: Rows) -> Rows:
    """For each row, the least row of those that these pairs join it with, directly or through others."""
    if not size:
        return np.empty(0, dtype=np.int64)
    _, number = connected_components(coo_matrix((np.ones(len(left)), (left, right)), shape=(size, size)), directed=False)
    least = np.full(int(number.max()) + 1, size, dtype=np.int64)
    np.minimum.at(least, number, np.arange(size))
    return np.asarray(least[number])


class _Groups:
    """Rows joined one pair at a time, with the groups that each must stay apart from; only for the few that people have torn."""

    def __init__(self, size: int, apart: tuple[Rows, Rows]) -> None:
        self._parent = np.arange(size)
        self._apart: dict[int, set[int]] = {}
        for one, two in _both(apart):
            self._apart.setdefault(one, set()).add(two)
            self._apart.setdefault(two, set()).add(one)

    def least(self, row: int) -> int:
        """The least row of a row's group."""
        while self._parent[row] != row:
            self._parent[row] = self._parent[self._parent[row]]
            row = int(self._parent[row])
        return row

    def kept_apart(self, one: int, two: int) -> bool:
        """Whether people said that a row of the one group is not a row of the other."""
        other = self.least(two)
        return any(self.least(row) == other for row in self._apart.get(self.least(one), ()))

    def join(self, one: int, two: int) -> None:
        """Make one group of two."""
        low, high = sorted((self.least(one), self.least(two)))
        if low != high:
            self._parent[high] = low
            self._apart.setdefault(low, set()).update(self._apart.pop(high, ()))


def _both(pairs: tuple[Rows, Rows]) -> Iterator[tuple[int, int]]:
    return zip(pairs[0].tolist(), pairs[1].tolist(), strict=True)


def _as_rows(pairs: list[tuple[int, int]]) -> tuple[Rows, Rows]:
    both = np.array(sorted(set(pairs)), dtype=np.int64).reshape(-1, 2)
    return both[:, 0], both[:, 1]


def _report(unused: list[tuple[str, str, str]]) -> pd.DataFrame:
    return pd.DataFrame(unused, columns=["left_key", "other_key", "reason"]).astype(TEXT)
