"""All that offices are known to call each canonical column: the aliases of every contract and a list of further names.

A contract is drafted from it. Files are never read by it: only a contract, which a person has looked at, decides what a header means.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from schemas.canonical import BY_NAME, INPUT_ONLY_COLUMNS
from schemas.contracts import SourceContract, normalised_header

_SYNONYMS = Path(__file__).with_name("header_synonyms.yaml")
RUNNING_NUMBER = frozenset(normalised_header(text) for text in ("NO", "No.", "Nomor", "No Urut", "Nomor Urut", "Urut"))
"""Headers of the column that counts the rows, which every Indonesian list begins with."""

_COMMON = 0.25
"""A meaning that is rarer than this, beside the most usual one, is one office's habit: `KET` is a note in 12 lists, a status in one."""

Vocabulary = Mapping[str, tuple[str, ...]]
"""Normalised header → canonical columns that it is known to mean, the most usual first."""


def header_vocabulary(contracts: Mapping[str, SourceContract]) -> Vocabulary:
    """The vocabulary of these contracts and of the further names."""
    uses: dict[str, Counter[str]] = {}
    for contract in contracts.values():
        for table in contract.mentions:
            for name, column in table.all_columns.items():
                for alias in column.aliases:
                    uses.setdefault(normalised_header(alias), Counter())[name] += 1
    for name, aliases in synonyms().items():
        for alias in aliases:
            uses.setdefault(normalised_header(alias), Counter())[name] += 1
    return {alias: _usual(counts) for alias, counts in uses.items()}


def _usual(counts: Counter[str]) -> tuple[str, ...]:
    """The meanings that are common enough to be asked about, the most usual first."""
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(name for name, count in ordered if count >= _COMMON * ordered[0][1])


@cache
def synonyms() -> Mapping[str, tuple[str, ...]]:
    """The further names by canonical column. Raises ValueError for a name that is no column."""
    raw = yaml.safe_load(_SYNONYMS.read_text(encoding="utf-8"))
    unknown = sorted(set(raw) - BY_NAME.keys() - INPUT_ONLY_COLUMNS.keys())
    if unknown:
        raise ValueError(f"{_SYNONYMS.name}: no canonical columns: {', '.join(unknown)}")
    return {str(name): tuple(str(alias) for alias in aliases) for name, aliases in raw.items()}
