"""Candidate pairs: records that agree on the keys of at least one blocking rule, within a budget of pairs.

Each key is one 64-bit number; the right keys that the left table has are sorted once per rule, the left ones are looked up by bisection. A
rule's cap drops keys that too many right records share, and says how many pairs that cost. When the rules together exceed the budget, they
tighten in a stated order: the cap of the last rule of the spec is halved first, then that of the one before, and so on, round after round,
until the pairs fit.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from matching.columns import Tables, WordRows
from matching.members import may_contain
from matching.relatives import led_to, named_after
from matching.spec import BlockingRule

Rows = npt.NDArray[np.int64]
Keys = npt.NDArray[np.uint64]

_CHAIN = np.uint64(0xBF58476D1CE4E5B9)  # odd, so that no bit of the keys before is lost when the next one is added


@dataclass
class Block:
    """One rule looked up: for each left key the run of right rows that share it."""

    rule: BlockingRule
    left_rows: Rows
    starts: Rows
    counts: Rows
    right_rows: Rows
    cap: int

    @property
    def kept(self) -> npt.NDArray[np.bool_]:
        """Left keys within the cap."""
        return self.counts <= self.cap

    @property
    def pairs(self) -> int:
        """Pairs within the cap."""
        return int(self.counts[self.kept].sum())


def candidate_pairs(tables: Tables, rules: tuple[BlockingRule, ...], left_rows: Rows, budget: int) -> tuple[Rows, pd.DataFrame]:
    """Pair numbers of ``left_rows`` with right rows under the rules, at most ``budget`` before duplicates are united; and the report."""
    blocks = [look_up(tables, rule, left_rows) for rule in rules]
    tighten(blocks, budget)
    return unite([expand(block, tables.right_count) for block in blocks]), blocking_report(blocks)


def blocking_report(blocks: list[Block]) -> pd.DataFrame:
    """Per rule: its cap, the cap after tightening, pairs, what cap and budget dropped, and how many records lost a key."""
    return pd.DataFrame(
        {
            "rule": [block.rule.name for block in blocks],
            "cap": [block.rule.cap for block in blocks],
            "cap_used": [block.cap for block in blocks],
            "pairs": [block.pairs for block in blocks],
            "dropped_by_cap": [int(block.counts[block.counts > block.rule.cap].sum()) for block in blocks],
            "dropped_by_budget": [
                int(block.counts[(block.counts > block.cap) & (block.counts <= block.rule.cap)].sum()) for block in blocks
            ],
            "records_dropped": [int(np.count_nonzero(~block.kept)) for block in blocks],
        }
    )


def unite(parts: list[Rows]) -> Rows:
    """Distinct pair numbers of several lists, sorted. Sort and mask: ``np.unique`` with hashing takes ten times as long on 17 million."""
    pairs: Rows = np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)
    pairs.sort()
    first = np.ones(len(pairs), dtype=bool)
    first[1:] = pairs[1:] != pairs[:-1]
    return np.asarray(pairs[first])


def pair_numbers(left: npt.NDArray[Any], right: npt.NDArray[Any], right_count: int) -> Rows:
    """One number per pair that sorts by left row, then right row."""
    return np.asarray(left.astype(np.int64) * max(right_count, 1) + right)


def split_pairs(pairs: Rows, right_count: int) -> tuple[npt.NDArray[np.int32], npt.NDArray[np.int32]]:
    """Left and right rows of pair numbers."""
    left = pairs // max(right_count, 1)
    return left.astype(np.int32), (pairs - left * max(right_count, 1)).astype(np.int32)


def rule_keys(tables: Tables, rule: BlockingRule, side: str, rows: Rows | None) -> tuple[Rows, Keys]:
    """Rows (of those given, or all) with a key under the rule, and their keys; a row with a missing part has none."""
    total = tables.left_count if side == "left" else tables.right_count
    keys = np.zeros(total if rows is None else len(rows), dtype=np.uint64)
    present = np.ones(len(keys), dtype=bool)
    for name in rule.when_missing if side == "left" else ():
        places = tables.columns[name].left
        present &= (places if rows is None else places[rows]) < 0
    if rule.of_relative and side == "left":
        present &= named_after(tables, np.arange(total) if rows is None else rows)
    by_word: WordRows | None = None
    for expression in rule.keys:
        words = tables.word_rows(expression, side)
        if words is not None:
            if by_word is not None:
                raise ValueError(f"blocking rule {rule.name}: at most one key may be the words of a text")
            by_word = words
            continue
        hashes, missing = tables.hashed_key(expression, side, rows)
        if missing is not None:
            present &= ~missing
        keys *= _CHAIN
        keys += hashes
    if by_word is None:
        where = np.flatnonzero(present)
        return where if rows is None else rows[where], keys[where]
    place = np.full(total, -1, dtype=np.int32)
    place[slice(None) if rows is None else rows] = np.where(present, np.arange(len(keys), dtype=np.int32), -1)
    owner = place.take(by_word.rows)
    used = np.flatnonzero(owner >= 0)
    return by_word.rows.take(used).astype(np.int64), keys.take(owner[used]) * _CHAIN + by_word.hashes.take(by_word.words[used])


def look_up(tables: Tables, rule: BlockingRule, left_rows: Rows, right: Tables | None = None) -> Block:
    """Find for each of the left rows the right rows with its key; those of the tables ``right``, where other ones are given."""
    rows, keys = rule_keys(tables, rule, "left", left_rows)
    right_rows, right_keys = rule_keys(tables if right is None else right, rule, "right", None)
    near = np.flatnonzero(may_contain(keys, right_keys))
    right_rows, right_keys = right_rows[near], right_keys[near]
    order = np.argsort(right_keys)  # rows of one key come in any order: all pairs are sorted in the end
    right_keys = right_keys[order]
    by_key = np.argsort(keys)
    rows, keys = rows[by_key], keys[by_key]
    starts = np.searchsorted(right_keys, keys, side="left")
    counts = np.searchsorted(right_keys, keys, side="right") - starts
    found = np.flatnonzero(counts)
    block = Block(rule, rows[found], starts[found], counts[found], right_rows[order], rule.cap)
    return _led_on(block, tables, tables if right is None else right) if rule.of_relative else block


def _led_on(block: Block, tables: Tables, there: Tables) -> Block:
    """From those who bear the name that a record is called by to their relatives; keys that too many bear stay as they are, dropped."""
    kept = np.flatnonzero(block.kept)
    counts = block.counts[kept]
    left, right = led_to(tables, there, np.repeat(block.left_rows[kept], counts), block.right_rows[_flat(block.starts[kept], counts)])
    order = np.argsort(left, kind="stable")
    rows, starts, many = np.unique(left[order], return_index=True, return_counts=True)
    dropped = np.flatnonzero(~block.kept)
    return Block(
        block.rule,
        np.concatenate((rows, block.left_rows[dropped])),
        np.concatenate((starts, np.zeros(len(dropped), dtype=np.int64))),
        np.concatenate((many, block.counts[dropped])),
        right[order],
        block.cap,
    )


def tighten(blocks: list[Block], budget: int) -> None:
    """Halve caps from the last rule to the first, round after round, until the pairs fit the budget."""
    pairs = [block.pairs for block in blocks]
    while sum(pairs) > budget:
        for place in reversed(range(len(blocks))):
            if pairs[place]:
                blocks[place].cap //= 2
                pairs[place] = blocks[place].pairs
                if sum(pairs) <= budget:
                    return


def expand(block: Block, right_count: int) -> Rows:
    """Pair numbers of a block within its cap."""
    kept = np.flatnonzero(block.kept)
    counts = block.counts[kept]
    return pair_numbers(np.repeat(block.left_rows[kept], counts), block.right_rows[_flat(block.starts[kept], counts)], right_count)


def _flat(starts: Rows, counts: Rows) -> Rows:
    """Places of runs one after the other."""
    ends = np.cumsum(counts)
    return np.asarray(np.arange(int(ends[-1]) if len(ends) else 0) + np.repeat(starts - (ends - counts), counts))
