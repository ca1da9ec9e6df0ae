"""Both tables as they are now, before anything is encoded: what the right one says, and what each left record says.

All that is found out here is numbers. A record is known again by the spec's ``known_by`` and, where that repeats, by how many equal ones
came before it.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
import pandas as pd

from matching.blocking import Rows
from matching.columns import encode_column
from matching.contents import row_numbers, table_fingerprint, text_numbers
from matching.ordering import content_order
from matching.prepared import known_by, ordered, ordering_columns, sources
from matching.spec import LinkSpec
from matching.standardise.distinct import TEXT
from matching.standardise.tokens import Hashes, mixed
from matching.tables import Source, Table


@dataclass(frozen=True)
class Snapshot:
    """What both tables say; everything about left records is in the order of their content.

    ``left_order``, ``right_order``: positions of the rows of the tables in that order, ``None`` where they have it; ``right_fingerprint``:
    of all that the spec reads of the right table; ``records``: key, content and household of each left record.
    """

    left: Source
    right: Source
    left_order: Rows | None
    right_order: Rows | None
    left_ids: pd.Series
    left_keys: pd.Series
    strata: dict[str, pd.Series]
    right_fingerprint: str
    records: pd.DataFrame

    def left_rows(self, rows: Rows, spec: LinkSpec) -> pd.DataFrame:
        """Some of the left records, with all that the spec reads of them."""
        return self.left.only(_left_columns(spec), rows if self.left_order is None else self.left_order[rows])

    def right_rows(self, rows: Rows, spec: LinkSpec) -> pd.DataFrame:
        """Some of the right rows, with all that the spec reads of them."""
        return self.right.only(right_columns(spec), rows if self.right_order is None else self.right_order[rows])


def snapshot(left: Table, right: Table, spec: LinkSpec, decisions: pd.DataFrame | None) -> Snapshot:
    """Read both tables through. Raises ValueError when an id column is missing, empty or not unique, as linking does."""
    lists, residents = sources(left, right, spec)
    with ThreadPoolExecutor(2) as threads:  # Arrow and numpy leave Python's lock
        right_order = threads.submit(content_order, residents, spec.right_id, ())
        left_order = threads.submit(content_order, lists, spec.left_id, ordering_columns(lists, spec))
        keys = threads.submit(_numbers_known_by, lists, spec)
        household = threads.submit(_households, lists, spec)
        order = left_order.result()
        fingerprint = table_fingerprint(residents, right_columns(spec), right_order.result())
        content = row_numbers(lists, _content_columns(spec))
        left_keys = ordered(lists.column(spec.left_key or spec.left_id), order)
        number, content = (found if order is None else found[order] for found in (keys.result(), content))
        home = household.result() if order is None else household.result()[order]
    records = pd.DataFrame(
        {
            "key": _told_apart(number),
            "content": (content ^ _said(left_keys, decisions)).view(np.int64),
            "household": home,
        }
    )
    return Snapshot(
        lists,
        residents,
        order,
        right_order.result(),
        ordered(lists.column(spec.left_id), order),
        left_keys,
        {name: ordered(lists.column(name), order).reset_index(drop=True) for name in spec.strata if name in lists},
        fingerprint,
        records,
    )


def _content_columns(spec: LinkSpec) -> tuple[str, ...]:
    """Left columns that a link may depend on."""
    positions = () if spec.positions is None else (spec.positions.latitude, spec.positions.longitude)
    once = (spec.lists_person_once, spec.lists_person_once_where)
    named = [*(column.left or name for name, column in spec.columns.items()), *positions, *(name for name in once if name is not None)]
    return tuple(dict.fromkeys(named))


def _left_columns(spec: LinkSpec) -> tuple[str, ...]:
    return (spec.left_id, spec.left_key or spec.left_id, *spec.left_order, *spec.known_by, *spec.strata, *_content_columns(spec))


def right_columns(spec: LinkSpec) -> tuple[str, ...]:
    """All that the spec reads of the right table."""
    return tuple(dict.fromkeys((spec.right_id, *(column.right or name for name, column in spec.columns.items()))))


def _numbers_known_by(lists: Source, spec: LinkSpec) -> Hashes:
    """A number per record from what it is known by."""
    numbers = np.zeros(lists.rows, dtype=np.uint64)
    for name in known_by(lists, spec):
        numbers = mixed(numbers ^ mixed(text_numbers(lists.column(name))))
    return numbers


def _told_apart(numbers: Hashes) -> Rows:
    """The same with how many records before it are known by the same."""
    before = np.zeros(len(numbers), dtype=np.uint64)
    in_turn = np.sort(numbers)
    if bool((in_turn[1:] == in_turn[:-1]).any()):
        before = np.asarray(pd.Series(numbers).groupby(numbers).cumcount().to_numpy()).astype(np.uint64)
    return np.asarray(mixed(numbers ^ mixed(before)).view(np.int64))


def _households(lists: Source, spec: LinkSpec) -> Rows:
    """A number per record for its household, -1 where it has none."""
    if spec.household is None:
        return np.full(lists.rows, -1, dtype=np.int64)
    column = spec.columns[spec.household]
    values = lists.column_or_missing(column.left or spec.household)
    encoded = encode_column(values, values.iloc[:0], column)
    return np.asarray(encoded.distinct.padded("")[encoded.left])


def _said(left_keys: pd.Series, decisions: pd.DataFrame | None) -> Hashes:
    """A number per record for what people have decided on it."""
    numbers = np.zeros(len(left_keys), dtype=np.uint64)
    if decisions is None or decisions.empty:
        return numbers
    given = decisions[["left_key", "right_id", "decision"]].astype(TEXT).drop_duplicates()
    each = mixed(text_numbers(given["right_id"]) ^ mixed(text_numbers(given["decision"])))
    by_key = pd.Series(each).groupby(text_numbers(given["left_key"])).sum()
    keys, sums = by_key.index.to_numpy(), by_key.to_numpy()
    wanted = text_numbers(left_keys)
    place = np.minimum(np.searchsorted(keys, wanted), len(keys) - 1)
    return np.where(keys[place] == wanted, sums[place], np.uint64(0))
