"""Records of one table that are the same person: pairs above a threshold, joined transitively."""

import numpy as np
import numpy.typing as npt
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from matching.blocking import Rows, candidate_pairs, split_pairs
from matching.columns import Column, Tables
from matching.compare import Comparer
from matching.labels import holds
from matching.spec import BlockingRule, LinkSpec
from matching.weights import WeightTable


def one_table(tables: Tables, rows: Rows) -> Tables:
    """Chosen left rows set against themselves."""
    columns = {name: Column(column.left[rows], column.left[rows], column.distinct) for name, column in tables.columns.items()}
    return Tables(columns, len(rows), len(rows))


def same_person_pairs(
    tables: Tables, spec: LinkSpec, comparer: Comparer, table: WeightTable, least: float
) -> tuple[Rows, Rows, npt.NDArray[np.float64]]:
    """Pairs of rows of one table (set against itself) with at least this probability, each pair once, and their probabilities.

    An equal identifier under a similar name is certain here as it is between tables.
    """
    budget = spec.pairs_per_record * tables.left_count
    numbers, _ = candidate_pairs(tables, _with_identifier_rule(spec), np.arange(tables.left_count), budget)
    one, other = split_pairs(numbers, tables.right_count)
    left, right = one[one < other].astype(np.int64), other[one < other].astype(np.int64)
    outcomes = comparer.outcomes(left, right)
    probability = 1 / (1 + np.exp(-np.clip(table.scores(outcomes), -50, 50)))
    if spec.identifier is not None:
        settled = holds({**spec.identifier.settled_when, spec.identifier.comparison: ("equal",)}, comparer, outcomes)
        probability = np.where(settled, np.maximum(probability, 0.999), probability)
    same = probability >= least
    return left[same], right[same], probability[same]


def _with_identifier_rule(spec: LinkSpec) -> tuple[BlockingRule, ...]:
    return spec.blocking if spec.identifier is None else (BlockingRule(keys=(spec.identifier.column,), cap=50), *spec.blocking)


def components(size: int, left: Rows, right: Rows) -> Rows:
    """For each row, the least row of its cluster."""
    if not size:
        return np.empty(0, dtype=np.int64)
    _, number = connected_components(coo_matrix((np.ones(len(left)), (left, right)), shape=(size, size)), directed=False)
    least = np.full(int(number.max()) + 1, size, dtype=np.int64)
    np.minimum.at(least, number, np.arange(size))
    return np.asarray(least[number])
