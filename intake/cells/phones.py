"""Telephone numbers: `+62 812-3456-7890`, `62812…`, `812…` and `0812…` are one number, written with its 0."""

from __future__ import annotations

import re

from intake.cells.parsed import NOTHING, Repaired, is_filler

_SIGNS = re.compile(r"[\s.\-()'`\u00a0]+")
_DIGITS = re.compile(r"^\+?\d{8,15}$")


def read_phone(text: str) -> Repaired[str]:
    """The number with its leading 0; fewer than 9 or more than 14 digits are none."""
    if is_filler(text):
        return NOTHING if not text.strip() else Repaired(None, "filler")
    plain = _SIGNS.sub("", text)
    if not _DIGITS.match(plain):
        return Repaired(None, "unreadable_phone")
    digits = plain.lstrip("+")
    if digits.startswith("62"):
        digits = "0" + digits[2:]
    elif digits.startswith("8"):
        digits = "0" + digits
    if not digits.startswith("0") or not 9 <= len(digits) <= 14:
        return Repaired(None, "unreadable_phone")
    return Repaired(digits, None, None if digits == text else "phone_written_out")
