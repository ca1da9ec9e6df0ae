"""The right table as look-ups see it, kept from run to run: blocking keys of all its rows, without what only comparisons need.

A new record finds its candidates in it; only these are then read and encoded again. In a folder it is plain arrays, each mapped into memory
and read where it is looked at. It is as private as the table: its keys are numbers, some of which are read off cells.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from matching.columns import Column, Tables, key_feature
from matching.compare import Comparer, frequency_bands
from matching.identifier_values import IdentifierValues
from matching.members import may_contain
from matching.relatives import name_counts
from matching.spec import RELATIVE, Comparison, LinkSpec, Relatives, key_column
from matching.standardise.tokens import TokenTable
from matching.values import Integers, Values

_HEAD = "columns.json"
_NOBODY: npt.NDArray[np.int32] = np.empty(0, dtype=np.int32)


@dataclass
class KeptValues(Values):
    """Distinct values of which some features and words were kept, and nothing else. Each feature has a -1 behind it."""

    size: int
    features: dict[str, Integers]
    tables: dict[str, TokenTable]

    def __post_init__(self) -> None:
        super().__init__()
        self._features |= self.features

    def __len__(self) -> int:
        return self.size

    def _compute(self, feature: str) -> Integers:
        raise ValueError(f"the feature {feature!r} was not kept; there are {sorted(self.features)}")

    def words(self, name: str) -> TokenTable | None:
        """Words of each value, where they were kept."""
        return self.tables.get(name)

    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """Nothing: texts are not kept."""
        raise NotImplementedError("texts are not kept")


class CountingComparer(Comparer):
    """Compares rows of small tables that were taken from large ones: how common a value is comes from the kept right table."""

    def __init__(self, tables: Tables, spec: LinkSpec, right: Tables) -> None:
        super().__init__(tables, spec)
        self._right = right

    def bands(self, comparison: Comparison) -> npt.NDArray[np.int16]:
        """Frequency band of each distinct value of the comparison's column."""
        values = self.tables.columns[comparison.column].distinct
        with values.locks.of(f"bands {comparison.name}"):
            if comparison.name not in self._bands:
                assert comparison.frequency is not None
                counts = right_counts(self._right.columns[comparison.column], comparison.frequency, values.feature(comparison.frequency))
                self._bands[comparison.name] = frequency_bands(counts)
            return self._bands[comparison.name]

    def relative_bands(self) -> npt.NDArray[np.int16]:
        """The same of the names that relatives are called by."""
        if RELATIVE not in self._bands:
            self._bands[RELATIVE] = frequency_bands(name_counts(self.tables, self._right))
        return self._bands[RELATIVE]


def right_counts(column: Column, feature: str, codes: Integers) -> Integers:
    """How many right rows of the kept column have each of these codes of a feature; 0 where it is missing."""
    kept = column.distinct.feature(feature)
    near = np.flatnonzero((kept >= 0) & may_contain(codes.view(np.uint64), kept.view(np.uint64)))
    rows = np.bincount(column.right[column.right >= 0], minlength=len(kept))[near]
    distinct, place = np.unique(kept[near], return_inverse=True)
    if not len(distinct):
        return np.zeros(len(codes), dtype=np.int64)
    counts = np.bincount(place, weights=rows, minlength=len(distinct)).astype(np.int64)
    at = np.minimum(np.searchsorted(distinct, codes), len(distinct) - 1)
    return np.where((distinct[at] == codes) & (codes >= 0), counts[at], 0)


def right_side(tables: Tables, spec: LinkSpec) -> Tables:
    """Of encoded tables what look-ups ask of the right one."""
    columns = {name: _kept(tables.columns[name], sorted(features)) for name, features in _asked(spec).items()}
    return Tables(columns, 0, tables.right_count, None, tables.relatives, tables.household)


def _asked(spec: LinkSpec) -> dict[str, set[str]]:
    """Features that look-ups ask for, by column."""
    keys = [(key_column(key), key_feature(key)) for rule in spec.blocking for key in rule.keys]
    keys += [(comparison.column, comparison.frequency) for comparison in spec.comparisons if comparison.frequency is not None]
    keys += [(name, "") for name in (spec.household, None if spec.identifier is None else spec.identifier.column) if name is not None]
    if spec.relatives is not None:
        of_relatives = ((spec.relatives.name, "words"), (spec.relatives.born, "year"), (spec.relatives.sex, ""))
        keys += [(name, feature) for name, feature in of_relatives if name is not None]
    asked: dict[str, set[str]] = {}
    for name, feature in keys:
        asked.setdefault(name, set()).add(feature)
    return asked


def _kept(column: Column, features: list[str]) -> Column:
    values = column.distinct
    if isinstance(values, IdentifierValues):  # a number per row, from which all features follow
        numbers = values.padded("")[column.right]
        return Column(_NOBODY, _own_places(numbers), _with_numbers(values, numbers))
    used = np.flatnonzero(np.bincount(column.right[column.right >= 0], minlength=len(values)))
    place = np.full(len(values) + 1, -1, dtype=np.int32)
    place[used] = np.arange(len(used), dtype=np.int32)
    words = {feature: table.rows(used) for feature in features if (table := values.words(feature)) is not None}
    plain = {feature: np.append(values.feature(feature)[used], -1) for feature in features if feature not in words}
    return Column(_NOBODY, place[column.right], KeptValues(len(used), plain, words))


def _own_places(numbers: Integers) -> npt.NDArray[np.int32]:
    return np.where(numbers < 0, -1, np.arange(len(numbers))).astype(np.int32)


def _with_numbers(values: IdentifierValues, numbers: Integers) -> IdentifierValues:
    return IdentifierValues(numbers, values.digits, values.birth_start, values.day_offset_for_women)


def write_right(right: Tables, folder: Path) -> None:
    """Write the kept right table into a new ``folder``."""
    folder.mkdir()
    relatives = None if right.relatives is None else right.relatives.model_dump(mode="json")
    columns = [_written(name, column, folder / str(number)) for number, (name, column) in enumerate(right.columns.items())]
    head = {"rows": right.right_count, "relatives": relatives, "household": right.household, "columns": columns}
    (folder / _HEAD).write_text(json.dumps(head), encoding="utf-8")


def read_right(folder: Path) -> Tables:
    """What :func:`write_right` wrote. Raises OSError, ValueError, KeyError, TypeError or ArrowException where there is something else."""
    head = json.loads((folder / _HEAD).read_text(encoding="utf-8"))
    columns = {kept["name"]: _read(kept, folder / str(number)) for number, kept in enumerate(head["columns"])}
    relatives = None if head["relatives"] is None else Relatives.model_validate(head["relatives"])
    return Tables(columns, 0, int(head["rows"]), None, relatives, str(head["household"]))


def _written(name: str, column: Column, folder: Path) -> dict[str, Any]:
    folder.mkdir()
    values = column.distinct
    if isinstance(values, IdentifierValues):
        np.save(folder / "numbers.npy", values.numbers)
        return {"name": name, "digits": values.digits, "birth": values.birth_start, "women": values.day_offset_for_women}
    assert isinstance(values, KeptValues)
    np.save(folder / "places.npy", column.right)
    for number, codes in enumerate(values.features.values()):
        np.save(folder / f"feature{number}.npy", codes)
    for number, table in enumerate(values.tables.values()):
        np.save(folder / f"words{number}.offsets.npy", table.offsets)
        np.save(folder / f"words{number}.ids.npy", table.ids)
        words = pa.table({"word": table.words})
        with pa.OSFile(str(folder / f"words{number}.arrow"), "wb") as file, pa.ipc.new_file(file, words.schema) as writer:
            writer.write_table(words)
    return {"name": name, "size": values.size, "features": [*values.features], "words": [*values.tables]}


def _read(kept: dict[str, Any], folder: Path) -> Column:
    if "digits" in kept:
        numbers = _array(folder / "numbers.npy")
        return Column(_NOBODY, _own_places(numbers), IdentifierValues(numbers, kept["digits"], kept["birth"], kept["women"]))
    features = {name: _array(folder / f"feature{number}.npy") for number, name in enumerate(kept["features"])}
    words = {name: _words(folder, number) for number, name in enumerate(kept["words"])}
    return Column(_NOBODY, _array(folder / "places.npy"), KeptValues(kept["size"], features, words))


def _words(folder: Path, number: int) -> TokenTable:
    with pa.memory_map(str(folder / f"words{number}.arrow")) as file:
        words = pa.ipc.open_file(file).read_all().column("word").combine_chunks()
    return TokenTable(_array(folder / f"words{number}.offsets.npy"), _array(folder / f"words{number}.ids.npy"), words)


def _array(path: Path) -> npt.NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r", allow_pickle=False))
