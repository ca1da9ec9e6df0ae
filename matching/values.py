"""What blocking and comparisons look at: features of the distinct values of a column, as integers.

A :class:`Values` holds the distinct standardised values of one column over both tables. A *feature* is one integer per distinct value (-1
where it is missing), equal exactly where the feature is equal: the value itself, its sound, its year, its first eight letters.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable
from dataclasses import dataclass
from threading import RLock
from typing import Any, Generic, TypeVar

import numpy as np
import numpy.typing as npt
import pyarrow.compute as pc

from matching.standardise.dates import swapped
from matching.standardise.tokens import Flags, Hashes, TokenTable, mixed, word_hashes

Integers = npt.NDArray[np.int64]
Found = TypeVar("Found")


class once(Generic[Found]):  # noqa: N801  (used like property)
    """A property that is computed once per object, whichever thread asks first; ``cached_property`` locks all objects together."""

    def __init__(self, compute: Callable[[Any], Found]) -> None:
        self._compute = compute
        self._name = compute.__name__
        self.__doc__ = compute.__doc__

    def __get__(self, values: Any, owner: type) -> Found:
        if self._name not in values.__dict__:
            with values.locks.of(self._name):
                if self._name not in values.__dict__:
                    values.__dict__[self._name] = self._compute(values)
        found: Found = values.__dict__[self._name]
        return found


class Locks:
    """A lock for each thing that is found out once: who needs one of them does not wait for another."""

    def __init__(self) -> None:
        self._all = RLock()
        self._locks: dict[str, RLock] = {}

    def of(self, name: str) -> RLock:
        """The lock of one thing."""
        with self._all:
            return self._locks.setdefault(name, RLock())


class Values(ABC):
    """Distinct values of one column."""

    def __init__(self) -> None:
        self._features: dict[str, Integers] = {}
        self._hashed: dict[str, tuple[Hashes, Flags]] = {}
        self.locks = Locks()

    @abstractmethod
    def __len__(self) -> int: ...

    @abstractmethod
    def _compute(self, feature: str) -> Integers: ...

    @abstractmethod
    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """The values at these places as Python strings, for rapidfuzz."""

    def feature(self, name: str) -> Integers:
        """One integer per distinct value; computed once."""
        return self.padded(name)[:-1]

    def padded(self, name: str) -> Integers:
        """The same with a -1 behind them, which the place -1 of a missing value finds."""
        if name not in self._features:
            with self.locks.of(f"feature {name}"):
                if name not in self._features:
                    self._features[name] = np.append(self._compute(name), -1)
        return self._features[name]

    def hashed(self, name: str) -> tuple[Hashes, Flags]:
        """The padded feature as numbers that look random, and where it is missing."""
        with self.locks.of(f"hashed {name}"):
            if name not in self._hashed:
                codes = self.padded(name)
                self._hashed[name] = mixed(codes.view(np.uint64)), codes < 0
            return self._hashed[name]

    def forget_hashed(self) -> None:
        """Let go of them."""
        self._hashed.clear()

    def words(self, name: str) -> TokenTable | None:  # noqa: ARG002
        """Words of each value where the column has any (a blocking key of its own per word)."""
        return None


@dataclass
class CodeValues(Values):
    """Codes and numbers as text: equal or not, and by their beginning."""

    strings: Any

    def __post_init__(self) -> None:
        super().__init__()

    def __len__(self) -> int:
        return len(self.strings)

    @once
    def objects(self) -> npt.NDArray[np.object_]:
        """All distinct values as Python strings; empty where missing."""
        return np.asarray(pc.fill_null(self.strings, "").to_numpy(zero_copy_only=False), dtype=object)

    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """The values at these places."""
        return self.objects[places]

    def _compute(self, feature: str) -> Integers:
        if feature == "":
            return codes_of(self.strings)
        start, stop = slice_of(feature, "code: a slice like [:8]")
        return codes_of(pc.utf8_slice_codeunits(pc.fill_null(self.strings, ""), start, stop))


@dataclass
class DateValues(Values):
    """Dates as ``YYYYMMDD``."""

    numbers: Integers

    def __post_init__(self) -> None:
        super().__init__()

    def __len__(self) -> int:
        return len(self.numbers)

    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """The dates at these places as eight digits."""
        return self.numbers[places].astype(str).astype(object)

    def _compute(self, feature: str) -> Integers:
        match feature:
            case "":
                return self.numbers
            case "year":
                return self.numbers // 10_000
            case "month_day":
                return self.numbers % 10_000
            case "year_month":
                return self.numbers // 100
            case "unordered":
                return np.where(swapped(self.numbers) > 0, np.minimum(self.numbers, swapped(self.numbers)), self.numbers)
            case _:
                raise ValueError(f"a date has no feature {feature!r}; it has year, month_day, year_month, unordered")


def slice_of(feature: str, allowed: str) -> tuple[int, int | None]:
    """Start and stop of ``[start:stop]``."""
    inside = feature.removeprefix("[").removesuffix("]")
    start, colon, stop = inside.partition(":")
    if (
        not colon
        or not (feature.startswith("[") and feature.endswith("]"))
        or not all(part.strip().isdigit() or not part.strip() for part in (start, stop))
    ):
        raise ValueError(f"unknown feature {feature!r}; {allowed}")
    return int(start or 0), int(stop) if stop.strip() else None


def codes_of(strings: Any) -> Integers:
    """A number per text, equal where the text is; -1 where it is missing or empty.

    It comes from the letters alone, so that it does not depend on which other texts there are, nor on their order.
    """
    filled = pc.fill_null(strings, "")
    hashes = mixed(word_hashes(filled)[0]) >> np.uint64(1)
    return np.where(pc.equal(filled, "").to_numpy(zero_copy_only=False), -1, hashes.view(np.int64))
