"""Both tables as integers: each column of the spec standardised once and encoded over left and right together."""

from collections.abc import Callable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from matching.identifier_values import IdentifierValues
from matching.spec import ColumnSpec, LinkSpec, Relatives, key_column
from matching.standardise.addresses import plain_hamlets, plain_numbers
from matching.standardise.dates import encoded_dates
from matching.standardise.distinct import arrow_text, blank_to_null, encode, encode_together
from matching.standardise.identifiers import identifier_numbers
from matching.standardise.names import plain_letters, standard_words
from matching.standardise.places import plain_places
from matching.standardise.tokens import Flags, Hashes, TokenTable, mixed, split_words
from matching.tables import Source, Table
from matching.text_values import TextValues
from matching.values import CodeValues, DateValues, Integers, Locks, Values, codes_of

Rows = npt.NDArray[np.int64]
RowOrder = Callable[[], Rows | None]
_REPEATED = ("code", "number", "hamlet", "place")  # kinds whose values repeat much


def _as_they_come() -> None:
    """Rows that stay where they are."""


@dataclass(frozen=True)
class Column:
    """For each row of either table, the place of its value among the ``distinct`` ones; -1 where missing."""

    left: npt.NDArray[np.int32]
    right: npt.NDArray[np.int32]
    distinct: Values

    def frequency(self, feature: str) -> Integers:
        """For each distinct value, how many right rows share its feature."""
        codes, _ = pd.factorize(self.distinct.feature(feature))
        missing = self.distinct.feature(feature) < 0
        counts = np.bincount(codes[self.right[self.right >= 0]], minlength=int(codes.max(initial=-1)) + 1)
        return np.where(missing, 0, counts[codes]) if len(codes) else np.empty(0, dtype=np.int64)


@dataclass(frozen=True)
class Tables:
    """The encoded columns, the number of rows on either side, and the left rows' positions in degrees (latitude, longitude).

    ``relatives``: how the right table knows relatives, with the column of its ``household``; ``None`` where it does not.
    """

    columns: dict[str, Column]
    left_count: int
    right_count: int
    left_positions: npt.NDArray[np.float64] | None = None
    relatives: Relatives | None = None
    household: str = ""
    _words: dict[tuple[str, str], "WordRows"] = field(default_factory=dict, repr=False)
    _locks: Locks = field(default_factory=Locks, repr=False)

    def key(self, expression: str, side: str, rows: Rows | None = None) -> Integers:
        """Blocking key of each row (or of those given): ``column``, ``column.feature`` or ``column[start:stop]``; -1 where missing."""
        column = self.columns[key_column(expression)]
        places = column.left if side == "left" else column.right
        if rows is not None:
            places = places[rows]
        return np.asarray(column.distinct.padded(key_feature(expression))[places])

    def hashed_key(self, expression: str, side: str, rows: Rows | None = None) -> tuple[Hashes, Flags | None]:
        """The same as a number that looks random, and where it is missing; ``None`` where it never is."""
        column = self.columns[key_column(expression)]
        places = column.left if side == "left" else column.right
        places = (places if rows is None else places.take(rows)).astype(np.int64)
        if len(places) < len(column.distinct):
            codes = column.distinct.padded(key_feature(expression)).take(places, mode="wrap")
            return mixed(codes.view(np.uint64)), codes < 0
        hashes, missing = column.distinct.hashed(key_feature(expression))
        never = not missing[:-1].any() and not bool((places < 0).any())
        # A place of -1 wraps round to the last one, which stands for a missing value.
        return hashes.take(places, mode="wrap"), None if never else missing.take(places, mode="wrap")

    def forget_keys(self) -> None:
        """Let go of what only blocking needs, once it is done."""
        self._words.clear()
        for column in self.columns.values():
            column.distinct.forget_hashed()

    def word_rows(self, expression: str, side: str) -> "WordRows | None":
        """Rows and words where each word of a text is a key of its own; ``None`` for other keys."""
        column = self.columns[key_column(expression)]
        table = column.distinct.words(key_feature(expression))
        if table is None:
            return None
        with self._locks.of(f"{side} {expression}"):
            if (side, expression) not in self._words:
                self._words[side, expression] = WordRows.of(column.left if side == "left" else column.right, table)
            return self._words[side, expression]


@dataclass(frozen=True)
class WordRows:
    """Each word of each row's text, and for each distinct word a number that looks random."""

    rows: npt.NDArray[np.int32]
    words: npt.NDArray[np.int32]
    hashes: Hashes

    @classmethod
    def of(cls, places: npt.NDArray[np.int32], table: TokenTable) -> "WordRows":
        """Words of the texts at these places."""
        rows = np.flatnonzero(places >= 0).astype(np.int32)
        chosen = table.rows(places.take(rows).astype(np.int64))
        return cls(np.repeat(rows, chosen.counts), chosen.ids, mixed(codes_of(table.words).view(np.uint64)))


def key_feature(expression: str) -> str:
    """Feature of a blocking key; empty for the value itself."""
    rest = expression.strip()[len(key_column(expression)) :].strip()
    return rest.removeprefix(".")


def encode_tables(
    left: Table,
    right: Table,
    spec: LinkSpec,
    threads: Executor,
    left_order: RowOrder = _as_they_come,
    right_order: RowOrder = _as_they_come,
) -> Tables:
    """Encode each column of the spec; a column that a table does not have is missing throughout.

    ``left_order`` and ``right_order`` give the positions of the rows in the order that the encoded tables are to have; they are asked last,
    so that they may still be at work on the same ``threads``.
    """
    left_source, right_source = Source(left, "left"), Source(right, "right")

    def encoded(item: tuple[str, ColumnSpec]) -> Column:
        name, column = item
        repeated = column.kind in _REPEATED
        coded = encode_column(
            left_source.column_or_missing(column.left or name, repeated=repeated),
            right_source.column_or_missing(column.right or name, repeated=repeated),
            column,
        )
        return Column(_in_order(coded.left, left_order()), _in_order(coded.right, right_order()), coded.distinct)

    # The longest work first, so that no core waits for the other at the end.
    by_work = sorted(spec.columns.items(), key=lambda item: item[1].kind != "name")
    found = dict(zip((name for name, _ in by_work), threads.map(encoded, by_work), strict=True))
    columns = {name: found[name] for name in spec.columns}
    positions = _positions(left_source, spec, left_order())
    return Tables(columns, left_source.rows, right_source.rows, positions, spec.relatives, spec.household or "")


def _positions(left: Source, spec: LinkSpec, order: Rows | None) -> npt.NDArray[np.float64] | None:
    """Latitude and longitude of each left row in degrees, not a number where they are missing; ``None`` where the table has none."""
    if spec.positions is None or spec.positions.latitude not in left or spec.positions.longitude not in left:
        return None
    degrees = [
        pd.to_numeric(left.column(name), errors="coerce").to_numpy(dtype=np.float64, na_value=np.nan)
        for name in (spec.positions.latitude, spec.positions.longitude)
    ]
    found = np.stack(degrees, axis=1)
    found[np.isnan(found).any(axis=1)] = np.nan
    return found if order is None else found[order]


def _in_order(codes: npt.NDArray[np.int32], order: Rows | None) -> npt.NDArray[np.int32]:
    return codes if order is None else codes[order]


def encode_column(left: pd.Series, right: pd.Series, spec: ColumnSpec) -> Column:
    """Standardise the distinct values of both sides and encode them together."""
    if spec.kind == "date":
        return _encode_dates(left, right)
    if spec.kind == "identifier":
        return _encode_identifiers(left, right, spec)
    raw, distinct = encode_together(left, right)
    values, places = _standardised(distinct, spec)
    coded = np.where(raw < 0, -1, places[raw]).astype(np.int32) if len(places) else raw
    return Column(coded[: len(left)], coded[len(left) :], values)


def _standardised(distinct: Any, spec: ColumnSpec) -> tuple[Values, npt.NDArray[np.int32]]:
    """Distinct standardised values, and for each raw value the place of its standardised one (-1 when it says nothing)."""
    if spec.kind in {"code", "number"}:
        plain = plain_numbers(distinct) if spec.kind == "number" else pc.utf8_upper(pc.utf8_trim_whitespace(pc.fill_null(distinct, "")))
        places, strings = encode(blank_to_null(plain))
        return CodeValues(strings), places
    if spec.kind == "name":
        raw = split_words(plain_letters(distinct, degrees=True))
        names = standard_words(raw)
        values = TextValues(raw, names.tokens, names.teknonym & spec.teknonyms)
    else:
        raw = split_words(_plain_text(distinct, spec))
        values = TextValues(raw, raw, np.zeros(len(raw), dtype=bool))
    return values, np.where(values.tokens.counts > 0, np.arange(len(values)), -1).astype(np.int32)


def _plain_text(distinct: Any, spec: ColumnSpec) -> Any:
    if spec.kind == "text":
        return pc.replace_substring_regex(pc.utf8_upper(pc.fill_null(distinct, "")), r"[^\p{L}\d]+", " ")
    return plain_hamlets(distinct) if spec.kind == "hamlet" else plain_places(distinct)


def _encode_dates(left: pd.Series, right: pd.Series) -> Column:
    parts = [encoded_dates(left), encoded_dates(right)]
    numbers, places = np.unique(np.concatenate([part[1] for part in parts]), return_inverse=True)
    place = np.where(numbers < 0, -1, np.arange(len(numbers)))[places].astype(np.int32)
    first = len(parts[0][1])
    return Column(place[:first][parts[0][0]], place[first:][parts[1][0]], DateValues(numbers))


def _encode_identifiers(left: pd.Series, right: pd.Series, spec: ColumnSpec) -> Column:
    numbers, width = identifier_numbers(pa.concat_arrays([arrow_text(left), arrow_text(right)]), spec.digits)
    places = np.where(numbers < 0, -1, np.arange(len(numbers))).astype(np.int32)
    birth = spec.birth
    values = IdentifierValues(numbers, width, birth.start if birth else None, birth.day_offset_for_women if birth else 0)
    return Column(places[: len(left)], places[len(left) :], values)
