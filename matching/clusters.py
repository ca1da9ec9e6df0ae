"""Records of one table that are the same person: pairs above a threshold."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from matching.blocking import Rows, candidate_pairs, split_pairs
from matching.columns import Column, Tables
from matching.compare import Comparer, Outcomes
from matching.labels import holds
from matching.spec import BlockingRule, LinkSpec
from matching.weights import WeightTable


@dataclass(frozen=True)
class SamePerson:
    """Pairs of rows of one table, the lesser row left, with their probability and how they compare."""

    left: Rows
    right: Rows
    probability: npt.NDArray[np.float64]
    outcomes: Outcomes

    def only(self, chosen: npt.NDArray[np.bool_]) -> "SamePerson":
        """Some of the pairs."""
        return SamePerson(self.left[chosen], self.right[chosen], self.probability[chosen], self.outcomes[:, chosen])


def one_table(tables: Tables, rows: Rows) -> Tables:
    """Chosen left rows set against themselves."""
    columns = {name: Column(column.left[rows], column.left[rows], column.distinct) for name, column in tables.columns.items()}
    return Tables(columns, len(rows), len(rows))


def same_person_pairs(tables: Tables, spec: LinkSpec, comparer: Comparer, table: WeightTable, least: float) -> "SamePerson":
    """Pairs of rows of one table (set against itself) with at least this probability, each pair once.

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
    return SamePerson(left[same], right[same], np.round(probability[same], 6), outcomes[:, same])


def _with_identifier_rule(spec: LinkSpec) -> tuple[BlockingRule, ...]:
    return spec.blocking if spec.identifier is None else (BlockingRule(keys=(spec.identifier.column,), cap=50), *spec.blocking)
