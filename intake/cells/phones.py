"""Telephone numbers: `+62 812-3456-7890`, `62812…`, `812…` and `0812…` are one number, written with its 0."""

from __future__ import annotations

import re
import unicodedata

from intake.cells.parsed import NOTHING, Repaired, is_filler

_SIGNS = re.compile(r"[\s.\-()'`_\u00a0\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff]+")
_DIGITS = re.compile(r"^\+?[0-9]{8,16}$")
_SEVERAL = re.compile(r"\s*(?:[/,;&|]|\bdan\b|\batau\b)\s*", re.IGNORECASE)
_LABEL = re.compile(r"^(?:NO(?:MOR)?\.?\s*)?(?:HP|TELP(?:ON)?|TLP|WA|TELEPON|PHONE)\b\s*[.:]?\s*", re.IGNORECASE)
_SCIENTIFIC = re.compile(r"^[0-9](?:[.,][0-9]+)?\s*[eE]\s*\+?\s*[0-9]{1,2}$")
_NUMBER_ENDING = re.compile(r"^(\+?[0-9]{8,15})[.,]0$")
_COUNTRY = "62"


def read_phone(text: str) -> Repaired[str]:
    """The number with its leading 0; fewer than 9 or more than 14 digits are none. Of several numbers the first is taken."""
    plain = unicodedata.normalize("NFKC", text).strip()
    if is_filler(plain):
        return Repaired(None, "filler") if plain else NOTHING
    if _SCIENTIFIC.match(plain):
        return Repaired(None, "scientific_notation")
    parts = [part for part in _SEVERAL.split(_NUMBER_ENDING.sub(r"\1", _LABEL.sub("", plain))) if part]
    numbers = [number for part in parts if (number := _number(part)) is not None]
    if not numbers:
        return Repaired(None, "unreadable_phone")
    if len(parts) > 1:
        return Repaired(numbers[0], None, "first_of_several")
    return Repaired(numbers[0], None, None if numbers[0] == text else "phone_written_out")


def _number(text: str) -> str | None:
    plain = _SIGNS.sub("", text)
    if not plain.isascii() or not _DIGITS.match(plain):
        return None
    digits = plain.lstrip("+")
    if digits.startswith("00" + _COUNTRY):
        digits = digits[2:]
    if digits.startswith(_COUNTRY):
        digits = "0" + digits[len(_COUNTRY) :].removeprefix("0")
    elif plain.startswith("+"):
        return None  # another country's
    elif digits.startswith("8"):
        digits = "0" + digits  # a number cell drops the leading 0
    return digits if digits.startswith("0") and not digits.startswith("00") and 9 <= len(digits) <= 14 else None
