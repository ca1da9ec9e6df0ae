"""Levels of agreement of identifier numbers: what spreadsheets and typists do to them."""

import numpy as np

from matching.identifier_values import IdentifierValues
from matching.pairs import Flags, Pairs


def last_digit_zero(pairs: Pairs, _: float) -> Flags:
    """All digits but the last are equal and one side ends in 0: what a spreadsheet makes of a 16-digit number."""
    values = _identifiers(pairs)
    left, right = values.numbers[pairs.left], values.numbers[pairs.right]
    return np.asarray((left // 10 == right // 10) & ((left % 10 == 0) | (right % 10 == 0)))


def other_sex(pairs: Pairs, _: float) -> Flags:
    """Equal but for the mark of a woman's birth day: a man and a woman born on one day in one place, not a typing error."""
    values = _identifiers(pairs)
    if values.birth_start is None:
        raise ValueError("this level needs to know where the identifier holds a birth date; give its column a `birth`")
    mark = values.day_offset_for_women * 10 ** (values.digits - values.birth_start - 2)
    return np.asarray(np.abs(values.numbers[pairs.left] - values.numbers[pairs.right]) == mark)


def one_edit_same_end(pairs: Pairs, digits: float) -> Flags:
    """One typing error, and not in the last digits (the serial)."""
    values = _identifiers(pairs)
    modulus = 10 ** int(digits)
    return np.asarray((values.numbers[pairs.left] % modulus == values.numbers[pairs.right] % modulus) & pairs.edits_within(1))


def _identifiers(pairs: Pairs) -> IdentifierValues:
    if not isinstance(pairs.values, IdentifierValues):
        raise ValueError("this level compares identifiers; declare the column as identifier")  # noqa: TRY004
    return pairs.values
