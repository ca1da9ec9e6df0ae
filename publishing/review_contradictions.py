"""Decisions that cannot all be true: found among the answers of workbooks, and among what different people have said.

A record is one person. So it is at most one resident; *same* and *different* of one pair exclude each other; and rows that say exactly
the same of who they are about (equal `record_hash`) are one person, so what is said of one holds for the other: *same* is transitive.
Two records whose persons no register knows are judged the same way: the second one stands in the candidate's place, by its reference. A
record may be the same as many records.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from publishing.review_pairs import are_references, referred

_SEPARATOR = "\x1f"
RECORD = ("source", "record_key", "mention")
PAIR = (*RECORD, "candidate_hash")
Kind = Literal["same_and_different", "same_as_two", "two_through_others", "different_through_others"]


@dataclass(frozen=True)
class Contradiction:
    """Two decisions, by their place in the frame, that exclude each other, and how."""

    kind: Kind
    one: int
    other: int


def contradictions(decisions: pd.DataFrame) -> list[Contradiction]:
    """All contradictions among decisions in force (`PAIR`, record_hash, decision), each pair of places once, in order.

    Those of a record itself come as `same_and_different` and `same_as_two`; those that show only through other records of the same
    person as `two_through_others` and `different_through_others`.
    """
    given = decisions.reset_index(drop=True)
    same = np.flatnonzero((given["decision"] == "same").to_numpy(dtype=bool))
    different = np.flatnonzero((given["decision"] == "different").to_numpy(dtype=bool))
    is_record = are_references(given["candidate_hash"]).to_numpy(dtype=bool)
    record, candidate = _nodes(given, is_record)
    found = _of_one_record(record, candidate, same, different, is_record)
    direct = {(one.one, one.other) for one in found}
    found += [one for one in _through_others(given, record, candidate, same, different, is_record) if (one.one, one.other) not in direct]
    return sorted(found, key=lambda one: (one.one, one.other, one.kind))


def _of_one_record(
    record: npt.NDArray[np.int64],
    candidate: npt.NDArray[np.int64],
    same: npt.NDArray[np.int64],
    different: npt.NDArray[np.int64],
    is_record: npt.NDArray[np.bool_],
) -> list[Contradiction]:
    first_same: dict[int, int] = {}
    same_pair: dict[tuple[int, int], int] = {}
    found: list[Contradiction] = []
    for place in same.tolist():
        same_pair.setdefault(_pair(record, candidate, place), place)
        if is_record[place]:
            continue
        first = first_same.setdefault(int(record[place]), place)
        if candidate[first] != candidate[place]:
            found.append(Contradiction("same_as_two", first, place))
    for place in different.tolist():
        against = same_pair.get(_pair(record, candidate, place))
        if against is not None:
            found.append(Contradiction("same_and_different", *sorted((against, place))))
    return found


def _through_others(
    given: pd.DataFrame,
    record: npt.NDArray[np.int64],
    candidate: npt.NDArray[np.int64],
    same: npt.NDArray[np.int64],
    different: npt.NDArray[np.int64],
    is_record: npt.NDArray[np.bool_],
) -> list[Contradiction]:
    """What a component joined by *same* and by equal rows says twice. Records of it that are wrong in themselves are left to the other."""
    alike = _numbers(given, ("record_hash",))
    nodes = int(max(record.max(initial=-1), candidate.max(initial=-1))) + 1
    size = nodes + int(alike.max(initial=-1)) + 1
    told = alike >= 0
    starts = np.concatenate([record[same], record[told]])
    ends = np.concatenate([candidate[same], nodes + alike[told]])
    _, component = connected_components(coo_matrix((np.ones(len(starts)), (starts, ends)), shape=(size, size)), directed=False)
    first_of: dict[int, int] = {}
    same_as: dict[int, int] = {}
    found: list[Contradiction] = []
    of_component: dict[int, int] = {}
    for place in same.tolist():
        of_component.setdefault(int(component[record[place]]), place)
        if is_record[place]:
            continue
        first = first_of.setdefault(int(component[record[place]]), place)
        same_as.setdefault(int(candidate[place]), place)
        if candidate[first] != candidate[place] and record[first] != record[place]:
            found.append(Contradiction("two_through_others", first, place))
    for place in different.tolist():
        if is_record[place]:
            joining = of_component.get(int(component[record[place]]))
            if joining is not None and component[record[place]] == component[candidate[place]]:
                found.append(Contradiction("different_through_others", *sorted((joining, place))))
            continue
        against = same_as.get(int(candidate[place]))
        if against is not None and record[against] != record[place] and component[record[against]] == component[record[place]]:
            found.append(Contradiction("different_through_others", *sorted((against, place))))
    return found


def _pair(record: npt.NDArray[np.int64], candidate: npt.NDArray[np.int64], place: int) -> tuple[int, int]:
    """Both sides of a decision, whichever way round they were asked."""
    one, other = sorted((int(record[place]), int(candidate[place])))
    return one, other


def _nodes(given: pd.DataFrame, is_record: npt.NDArray[np.bool_]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
    """A number per record and per resident; a record has the same one on either side of a decision."""
    others = referred(given.loc[is_record, "candidate_hash"])
    left, named = (frame["source"].str.cat(frame[list(RECORD[1:])], sep=_SEPARATOR).astype(object) for frame in (given, others))
    right = given["candidate_hash"].astype(object).to_numpy(copy=True)
    right[is_record] = named.to_numpy()
    codes, _ = pd.factorize(pd.concat([left, pd.Series(right, dtype=object)], ignore_index=True))
    return np.asarray(codes[: len(given)], dtype=np.int64), np.asarray(codes[len(given) :], dtype=np.int64)


def _numbers(given: pd.DataFrame, columns: Sequence[str]) -> npt.NDArray[np.int64]:
    """A number for each distinct row of these columns, -1 where one is missing."""
    numbers = given.groupby(list(columns), sort=False, dropna=True).ngroup()
    return np.asarray(numbers.fillna(-1), dtype=np.int64)
