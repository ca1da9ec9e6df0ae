"""Identifier numbers as integers, and their parts."""

from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from matching.values import Integers, Values, slice_of

_BITS = 6  # of a field that counts one digit
_FIELDS = np.uint64(sum(1 << _BITS * digit for digit in range(10)))
_GUARDS = _FIELDS << np.uint64(_BITS - 1)
_GROUP = 10_000  # digits are counted four at a time


@dataclass
class IdentifierValues(Values):
    """Identifier numbers of up to 18 digits as integers, one per row of either table: nearly all differ, so encoding would not pay."""

    numbers: Integers
    digits: int
    birth_start: int | None = None
    day_offset_for_women: int = 0

    def __post_init__(self) -> None:
        super().__init__()

    def __len__(self) -> int:
        return len(self.numbers)

    def text(self, places: Integers) -> npt.NDArray[np.object_]:
        """The numbers at these places with their leading zeros."""
        padded = pc.utf8_lpad(pa.array(self.numbers[places]).cast(pa.string()), self.digits, "0")
        return np.asarray(padded.to_numpy(zero_copy_only=False), dtype=object)

    def share_a_part(self, left: Integers, right: Integers) -> npt.NDArray[np.bool_]:
        """Where the first, middle or last third of the digits is equal: true whenever at most two digits differ, and cheap to see."""
        one, other = self.numbers[left], self.numbers[right]
        third = -(-self.digits // 3)
        result = one % 10**third == other % 10**third
        for _ in range(third, self.digits, third):
            one, other = one // 10**third, other // 10**third
            result |= one % 10**third == other % 10**third
        return np.asarray(result)

    def may_be_near(self, left: Integers, right: Integers) -> npt.NDArray[np.bool_]:
        """Where a part is shared and at most two digits are other ones, wherever they stand: what two edits can change."""
        one, other = _digit_counts(self.numbers.take(left), self.digits), _digit_counts(self.numbers.take(right), self.digits)
        difference = (one | _GUARDS) - other  # in each field 32 and how many more there are; below 32 where there are fewer
        more = ((difference & _GUARDS) >> np.uint64(_BITS - 1)) * np.uint64((1 << _BITS) - 1)
        surplus = ((difference & ~_GUARDS & more) * _FIELDS) >> np.uint64(9 * _BITS)
        return np.asarray((surplus & np.uint64((1 << _BITS) - 1) <= 2) & self.share_a_part(left, right))

    def part(self, start: int, stop: int) -> Integers:
        """Digits ``start`` to ``stop`` as a number; -1 where the identifier is missing."""
        shifted = self.numbers // 10 ** (self.digits - stop)
        return np.where(self.numbers < 0, -1, shifted % 10 ** (stop - start))

    def _compute(self, feature: str) -> Integers:
        if feature == "":
            return self.numbers
        if feature in {"birth_date", "sex"} and self.birth_start is not None:
            return self._birth_date() if feature == "birth_date" else self._sex()
        start, stop = slice_of(feature, "identifier: birth_date, sex (where the spec says where they stand) or a slice like [:15]")
        return self.part(start, self.digits if stop is None else stop)

    def _sex(self) -> Integers:
        assert self.birth_start is not None
        day = self.part(self.birth_start, self.birth_start + 2)
        return np.where(day < 0, -1, (day > self.day_offset_for_women).astype(np.int64))

    def _birth_date(self) -> Integers:
        """Day, month and two-digit year inside the number as ``YYMMDD``; -1 where they are no date."""
        assert self.birth_start is not None
        day = self.part(self.birth_start, self.birth_start + 2)
        day = np.where(day > self.day_offset_for_women, day - self.day_offset_for_women, day)
        month = self.part(self.birth_start + 2, self.birth_start + 4)
        year = self.part(self.birth_start + 4, self.birth_start + 6)
        plausible = (day >= 1) & (day <= 31) & (month >= 1) & (month <= 12) & (self.numbers >= 0)
        return np.where(plausible, year * 10_000 + month * 100 + day, -1)


def _digit_counts(numbers: Integers, digits: int) -> npt.NDArray[np.uint64]:
    """How often each number of so many digits has each digit: ten fields of :data:`_BITS` bits."""
    table, counts = _counts_of_four(), np.zeros(len(numbers), dtype=np.uint64)
    for _ in range(-(-digits // 4)):
        rest = numbers // _GROUP
        counts += table.take(numbers - rest * _GROUP)
        numbers = rest
    return counts


@cache
def _counts_of_four() -> npt.NDArray[np.uint64]:
    """The same for the numbers of four digits."""
    numbers, counts = np.arange(_GROUP, dtype=np.uint64), np.zeros(_GROUP, dtype=np.uint64)
    for _ in range(4):
        counts += np.uint64(1) << (numbers % np.uint64(10) * np.uint64(_BITS))
        numbers //= np.uint64(10)
    return counts
