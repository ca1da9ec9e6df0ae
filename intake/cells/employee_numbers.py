"""NIP, the number of a civil servant: 18 digits that hold birth date, month of appointment, sex and a serial.

`19800117 200501 2 003`: born 17 January 1980, appointed January 2005, woman, third of that day. A spreadsheet keeps 15 digits of it.
"""

from __future__ import annotations

import calendar
import datetime as dt
import re
import unicodedata

from intake.cells.parsed import NOTHING, Repaired, is_filler

LENGTH = 18
_YOUNGEST, _OLDEST = 15, 70
"""Years of age at an appointment; outside of them two digits were exchanged."""
_SCIENTIFIC = re.compile(r"^[0-9](?:[.,][0-9]+)?\s*[eE]\s*\+?\s*[0-9]{1,2}$")
_LABEL = re.compile(r"^NIP\b\s*[:.]?\s*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[\s.\-_'`\u2018\u2019,;:/\u00ad\u200b-\u200f\u2060\ufeff]+")
_LETTERS = str.maketrans({"O": "0", "o": "0", "l": "1", "I": "1", "|": "1"})
_NUMBER_ENDING = re.compile(r"^([0-9]{18})[.,]0{1,2}$")


def read_employee_number(text: str) -> Repaired[str]:
    """The 18 digits, or why they are none: length, not_digits, scientific_notation, last_digits_lost, impossible_number."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_filler(plain):
        return Repaired(None, "filler") if plain else NOTHING
    if _SCIENTIFIC.match(plain):
        return Repaired(None, "scientific_notation")
    digits = _SEPARATORS.sub("", _LABEL.sub("", _NUMBER_ENDING.sub(r"\1", plain)))
    rules = [] if digits == text else ["separators_removed"]
    if not _is_digits(digits) and _is_digits(read := digits.translate(_LETTERS)) and len(read) == LENGTH:
        digits = read
        rules.append("letters_read_as_digits")
    error = _error(digits)
    return Repaired(None, error) if error else Repaired(digits, None, "+".join(rules) or None)


def born_and_sex(number: str) -> tuple[dt.date, str]:
    """Birth date and sex (L or P) inside a number that `read_employee_number` has read."""
    return dt.date(int(number[:4]), int(number[4:6]), int(number[6:8])), "L" if number[14] == "1" else "P"


def _error(digits: str) -> str | None:
    if not _is_digits(digits):
        return "not_digits" if digits else "filler"
    if len(digits) != LENGTH:
        return "length"
    if digits.endswith("000"):
        return "last_digits_lost"  # serials begin at 001: a number cell has eaten the last three digits
    return None if _possible(digits) else "impossible_number"


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _possible(digits: str) -> bool:
    year, month, day = int(digits[:4]), int(digits[4:6]), int(digits[6:8])
    appointed, appointed_month = int(digits[8:12]), int(digits[12:14])
    if not (1 <= month <= 12 and 1 <= appointed_month <= 12 and year >= 1900 and digits[14] in "12"):
        return False
    return 1 <= day <= calendar.monthrange(year, month)[1] and _YOUNGEST <= appointed - year <= _OLDEST
