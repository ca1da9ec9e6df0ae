"""Both tables encoded in the order of their content, and what else of them a run needs."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.blocking import Rows
from matching.columns import Tables, encode_tables
from matching.compare import Comparer
from matching.features import features_needed
from matching.ordering import content_order
from matching.spec import LinkSpec
from matching.stages import Stages
from matching.standardise.distinct import arrow_text, encode
from matching.tables import Source, Table


@dataclass(frozen=True)
class Prepared:
    """Both tables encoded in the order of their content, and what else is needed of them, in the same order."""

    left_ids: pd.Series
    left_keys: pd.Series
    lists: Rows | None
    list_names: pd.Series | None
    strata: dict[str, pd.Series]
    right_ids: pd.Series
    tables: Tables
    comparer: Comparer

    def claimed_by(self, rows: npt.NDArray[np.bool_]) -> "Prepared":
        """The same, with only these left rows bound to name a person once."""
        return self if self.lists is None else replace(self, lists=np.where(rows, self.lists, -1))


def prepare(
    left: Table, right: Table, spec: LinkSpec, stages: Stages, comparing: Callable[[Tables, LinkSpec], Comparer] = Comparer
) -> Prepared:
    """Order and encode the tables, to be compared by what ``comparing`` makes.

    Raises ValueError when an id column is missing, empty or not unique, naming the table and the column, never a value.
    """
    with stages.time("encoding"):
        lists, residents = sources(left, right, spec)
        with ThreadPoolExecutor(2) as threads:  # Arrow and numpy leave Python's lock
            asked = ((lists, spec.left_id, ordering_columns(lists, spec)), (residents, spec.right_id, ()))
            orders = [threads.submit(content_order, *of_table) for of_table in asked]
            tables = encode_tables(left, right, spec, threads, orders[0].result, orders[1].result)
            comparer = comparing(tables, spec)
            list(threads.map(lambda find_out: find_out(), features_needed(comparer, spec)))
        left_order, right_order = (order.result() for order in orders)
        return Prepared(
            ordered(lists.column(spec.left_id), left_order),
            ordered(lists.column(spec.left_key or spec.left_id), left_order),
            _lists(lists, spec, left_order),
            None if spec.lists_person_once not in lists else ordered(lists.column(str(spec.lists_person_once)), left_order),
            {name: ordered(lists.column(name), left_order).reset_index(drop=True) for name in spec.strata if name in lists},
            ordered(residents.column(spec.right_id), right_order),
            tables,
            comparer,
        )


def sources(left: Table, right: Table, spec: LinkSpec) -> tuple[Source, Source]:
    """Both tables by column. Raises ValueError when one has no id or key."""
    lists, residents = Source(left, "left"), Source(right, "right")
    lists.need(spec.left_id, "its id")
    residents.need(spec.right_id, "its id")
    lists.need(spec.left_key or spec.left_id, "its key")
    return lists, residents


def ordering_columns(left: Source, spec: LinkSpec) -> tuple[str, ...]:
    """Columns that the left table has, of those it is to be ordered by."""
    return tuple(column for column in spec.left_order if column in left)


def known_by(left: Source, spec: LinkSpec) -> tuple[str, ...]:
    """Left columns by which a record is known again."""
    return tuple(name for name in spec.known_by if name in left) or (spec.left_id,)


def _lists(left: Source, spec: LinkSpec, order: Rows | None) -> Rows | None:
    """For each left row the number of the list that names a person once, -1 where a list may repeat people."""
    group, flag = spec.lists_person_once, spec.lists_person_once_where
    if group is None or group not in left or (flag is not None and flag not in left):
        return None
    numbers = encode(arrow_text(left.column(group)))[0].astype(np.int64)
    if flag is not None:
        numbers = np.where(left.column(flag).fillna(value=False).to_numpy(dtype=bool), numbers, -1)
    return _in_order(numbers, order)


def _in_order(numbers: Rows, order: Rows | None) -> Rows:
    return numbers if order is None else numbers[order]


def ordered(values: pd.Series, order: Rows | None) -> pd.Series:
    """A column in the order of the content."""
    return values if order is None else values.take(order)
