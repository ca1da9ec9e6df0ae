"""Some of the left records with all right rows that they may be linked to, as two small tables.

What a record is linked to depends on its candidates, on their households on the right, on its own household's records, and on how common
their values are in the whole right table. Candidates are looked up in the kept right table (:mod:`matching.kept_right`), counts as well;
only the rows that were found are read and encoded. Small tables so chosen give what the large ones would.
"""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pyarrow.compute as pc

from matching.blocking import Block, Rows, look_up, rule_keys
from matching.columns import Column, Tables, encode_tables, key_feature
from matching.decisions import resolve_decisions
from matching.gathering import Find
from matching.kept_right import CountingComparer
from matching.members import may_contain
from matching.prepared import Prepared, prepare
from matching.snapshot import Snapshot
from matching.spec import BlockingRule, LinkSpec, key_column
from matching.stages import Stages
from matching.standardise.distinct import arrow_text
from matching.standardise.tokens import Flags
from matching.values import codes_of

_ANY_NUMBER = 1 << 62  # an identifier is looked up however many right rows bear it: whether it is one decides
_NOBODY: Rows = np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Neighbours:
    """``rows``: the left records, by their place among all; their tables, encoded; and how candidates are found in these."""

    rows: Rows
    prepared: Prepared
    find: Find


class Neighbourhood:
    """Finds the neighbours of left records; what was looked up once is not looked up again."""

    def __init__(self, now: Snapshot, spec: LinkSpec, right: Tables, decisions: pd.DataFrame | None) -> None:
        self._now, self._spec, self._right = now, spec, right
        self._named = self._named_by_people(decisions)
        identifier = () if spec.identifier is None else (BlockingRule(keys=(spec.identifier.column,), cap=_ANY_NUMBER),)
        self._rules = (*spec.blocking, *identifier)
        self._found: list[list[Block]] = [[] for _ in self._rules]
        self._looked_up = np.zeros(len(now.records), dtype=bool)

    def of(self, rows: Rows, stages: Stages) -> Neighbours:
        """The left records ``rows``, of which more and more may be asked for, with all that matters to them."""
        with stages.time("neighbours"):
            self._look_up(rows[~self._looked_up[rows]])
            blocks = [_joined(found) if found else _nothing(rule) for rule, found in zip(self._rules, self._found, strict=True)]
            near = np.unique(np.concatenate([self._named, *(block.right_rows for block in blocks)]))
            near = self._with_households(near)
            left, right = self._now.left_rows(rows, self._spec), self._now.right_rows(near, self._spec)
        prepared = prepare(left, right, self._spec, stages, self._comparer)
        place = np.full(len(self._looked_up), -1, dtype=np.int64)
        place[rows] = np.arange(len(rows))
        small = [replace(block, left_rows=place[block.left_rows], right_rows=np.searchsorted(near, block.right_rows)) for block in blocks]
        by_rule = dict(zip(self._rules, small, strict=True))

        def find(rule: BlockingRule, of_rows: Rows) -> Block:
            wanted = np.zeros(len(rows), dtype=bool)
            wanted[of_rows] = True
            block: Block = by_rule[rule]
            chosen = np.flatnonzero(wanted[block.left_rows])
            return replace(block, left_rows=block.left_rows[chosen], starts=block.starts[chosen], counts=block.counts[chosen])

        return Neighbours(rows, prepared, find)

    def alone(self, rows: Rows) -> tuple[Tables, CountingComparer]:
        """Left records without any right ones, to be compared with each other."""
        with ThreadPoolExecutor(2) as threads:
            left, right = self._now.left_rows(rows, self._spec), self._now.right_rows(_NOBODY, self._spec)
            tables = encode_tables(left, right, self._spec, threads)
        return tables, self._comparer(tables, self._spec)

    def not_applied(self, decisions: pd.DataFrame | None) -> pd.DataFrame:
        """What people said of any record and could not be used: left_key, right_id, reason."""
        if decisions is None:
            return resolve_decisions(None, self._now.left_keys, self._now.left_keys).report
        spoken_of = pc.is_in(arrow_text(self._now.left_keys), value_set=_texts(decisions["left_key"])).to_numpy(zero_copy_only=False)
        ids = self._now.right_rows(self._named, self._spec)[self._spec.right_id]
        return resolve_decisions(decisions, self._now.left_keys[spoken_of], ids).report

    def _comparer(self, tables: Tables, spec: LinkSpec) -> CountingComparer:
        return CountingComparer(tables, spec, self._right)

    def _look_up(self, rows: Rows) -> None:
        if not len(rows):
            return
        tables, _ = self.alone(rows)
        with ThreadPoolExecutor(2) as threads:  # numpy sorts without Python's lock
            blocks = threads.map(lambda rule: self._block(rule, tables), self._rules)
            for found, block in zip(self._found, blocks, strict=True):
                found.append(replace(block, left_rows=rows[block.left_rows]))
        self._looked_up[rows] = True

    def _block(self, rule: BlockingRule, tables: Tables) -> Block:
        """The rule looked up for these left rows, among the right rows that may have all of its keys."""
        everybody = np.arange(tables.left_count)
        asking = np.unique(rule_keys(tables, rule, "left", everybody)[0])
        if not len(asking):
            return _nothing(rule)
        some = np.arange(self._right.right_count)
        for key in rule.keys:
            places = self._right.columns[key_column(key)].right
            some = some[self._possible(key, tables, asking).take(places if len(some) == len(places) else places[some], mode="wrap")]
        if rule.of_relative:  # from the rows with these keys it leads on to others of their households
            some = self._with_households(some)
        part = {name: Column(column.left, column.right[some], column.distinct) for name, column in self._right.columns.items()}
        there = Tables(part, 0, len(some), None, self._right.relatives, self._right.household)
        block = _within_cap(look_up(tables, rule, everybody, there))
        return replace(block, right_rows=some[block.right_rows])

    def _possible(self, key: str, tables: Tables, asking: Rows) -> Flags:
        """For each distinct right value, and last for a missing one, whether a row with it may have the key of one of these left rows."""
        name, feature = key_column(key), key_feature(key)
        kept, wanted = self._right.columns[name].distinct, tables.columns[name]
        words, asked = kept.words(feature), wanted.distinct.words(feature)
        if words is None or asked is None:
            codes = kept.padded(feature)
            return may_contain(tables.key(key, "left", asking).view(np.uint64), codes.view(np.uint64)) & (codes >= 0)
        asked_codes = codes_of(asked.words)[asked.rows(wanted.left[asking].astype(np.int64)).ids]
        some_words = may_contain(asked_codes.view(np.uint64), codes_of(words.words).view(np.uint64))
        return np.append(np.bincount(words.owners[some_words[words.ids]], minlength=len(words)) > 0, False)

    def _with_households(self, rows: Rows) -> Rows:
        """These right rows and all of their households."""
        if self._spec.household is None:
            return rows
        homes = self._right.key(self._spec.household, "right")
        wanted = np.unique(homes[rows])
        wanted = wanted[wanted >= 0]
        near = np.flatnonzero((homes >= 0) & may_contain(wanted.view(np.uint64), homes.view(np.uint64)))
        return np.union1d(rows, near[np.isin(homes[near], wanted)])

    def _named_by_people(self, decisions: pd.DataFrame | None) -> Rows:
        """Right rows that decisions name."""
        if decisions is None or decisions.empty:
            return _NOBODY
        ids = arrow_text(self._now.right.column(self._spec.right_id))
        is_named = pc.is_in(ids, value_set=_texts(decisions["right_id"])).to_numpy(zero_copy_only=False)
        return np.flatnonzero(is_named if self._now.right_order is None else is_named[self._now.right_order])


def _texts(values: pd.Series) -> Any:
    return arrow_text(values).unique()


def _nothing(rule: BlockingRule) -> Block:
    return Block(rule, _NOBODY, _NOBODY, _NOBODY, _NOBODY, rule.cap)


def _within_cap(block: Block) -> Block:
    """The block with only those right rows that it leads to; what is above the cap is counted and leads nowhere."""
    kept = block.kept
    counts = np.where(kept, block.counts, 0)
    ends = np.cumsum(counts)
    starts = ends - counts
    flat = np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(block.starts - starts, counts)
    return replace(block, starts=starts, right_rows=block.right_rows[flat])


def _joined(blocks: list[Block]) -> Block:
    """Blocks of one rule as one."""
    sizes = np.cumsum([0, *(len(block.right_rows) for block in blocks)])
    return replace(
        blocks[0],
        left_rows=np.concatenate([block.left_rows for block in blocks]),
        starts=np.concatenate([block.starts + size for block, size in zip(blocks, sizes, strict=False)]),
        counts=np.concatenate([block.counts for block in blocks]),
        right_rows=np.concatenate([block.right_rows for block in blocks]),
    )
