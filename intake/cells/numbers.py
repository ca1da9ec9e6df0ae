"""Whole numbers, decimals and money as Indonesian offices write them: `Rp 1.250.000,00`, `36,5 m2`, `2 ekor`.

A dot followed by three digits divides thousands in money and counts; in a measurement it may be a decimal point, so only a
second sign settles it.
"""

from __future__ import annotations

import re
from typing import Any

from intake.cells.parsed import NOTHING, Repaired, is_filler

_PLAIN = re.compile(r"^[+-]?[0-9]+(?:\.0{1,2})?$")
_CURRENCY = re.compile(r"^(?:rp\.?|idr)\s*", re.IGNORECASE)
_ENDING = re.compile(r"(?:,-{1,2}|,=|\.-)$")
_UNIT = re.compile(r"\s*(?:m2|m²|meter(?:\s*persegi)?|ekor|orang|jiwa|rupiah|unit|buah|org|watt|va)\.?$", re.IGNORECASE)
_DOT_THOUSANDS = re.compile(r"^[+-]?[0-9]{1,3}(?:\.[0-9]{3})+(?:,[0-9]{1,2})?$")
_COMMA_THOUSANDS = re.compile(r"^[+-]?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]{1,2})?$")
_IN_WORDS = re.compile(r"^([0-9]{1,4})(?:[.,]([0-9]{1,3}))?\s*(ribu|rb|juta|jt)\.?$", re.IGNORECASE)
_DECIMAL = re.compile(r"^[+-]?[0-9]+(?:[.,][0-9]+)?$")
LARGEST = 10**15
"""Beyond this a whole number is an identifier in the wrong column."""
LONGEST = 60
"""Characters beyond which a text is no number: Python refuses to read 4,301 digits, and 400 of them would be a measurement without end."""


def read_whole_number(text: str) -> Repaired[int]:
    """A count or an amount of money in whole units; fractions of zero are dropped, other fractions are an error."""
    plain = text.strip()
    if _PLAIN.match(plain) and len(plain) <= LONGEST:
        return _bounded(int(plain.split(".")[0]), None)
    if (nothing := _no_number(plain)) is not None:
        return nothing
    bare = _bare(plain)
    if _PLAIN.match(bare):
        return _bounded(int(bare.split(".")[0]), "unit_removed")
    if (words := _IN_WORDS.match(bare)) is not None:
        return _written_out(words)
    for pattern, thousands, decimal in ((_DOT_THOUSANDS, ".", ","), (_COMMA_THOUSANDS, ",", ".")):
        if pattern.match(bare):
            whole, _, cents = bare.partition(decimal)
            digits = int(whole.replace(thousands, ""))
            return Repaired(None, "not_whole") if cents.strip("0") else _bounded(digits, "thousands_separator")
    return Repaired(None, "not_whole" if _DECIMAL.match(bare) else "not_a_number")


def _written_out(words: re.Match[str]) -> Repaired[int]:
    """`600 rb` and `1,5 juta` as whole numbers."""
    zeros = 3 if words.group(3).lower() in {"ribu", "rb"} else 6
    return _bounded(int(words.group(1) + (words.group(2) or "").ljust(zeros, "0")), "unit_words")


def read_decimal(text: str) -> Repaired[float]:
    """A measurement; the comma is a decimal comma unless dots already stand for it."""
    plain = text.strip()
    if _DECIMAL.match(plain) and len(plain) <= LONGEST:
        return Repaired(float(plain.replace(",", ".")), None, "decimal_comma" if "," in plain else None)
    if (nothing := _no_number(plain)) is not None:
        return nothing
    bare = _bare(plain)
    if _DECIMAL.match(bare):
        return Repaired(float(bare.replace(",", ".")), None, "unit_removed")
    if _DOT_THOUSANDS.match(bare):
        return Repaired(float(bare.replace(".", "").replace(",", ".")), None, "thousands_separator")
    if _COMMA_THOUSANDS.match(bare):
        return Repaired(float(bare.replace(",", "")), None, "thousands_separator")
    return Repaired(None, "not_a_number")


def _no_number(plain: str) -> Repaired[Any] | None:
    """The outcome of a text that is nothing, or too long to be a number; None for what may be one."""
    if len(plain) > LONGEST:
        return Repaired(None, "not_a_number")
    if is_filler(plain):
        return Repaired(None, "filler") if plain else NOTHING
    return None


def _bare(text: str) -> str:
    return _UNIT.sub("", _ENDING.sub("", _CURRENCY.sub("", text.replace("\u00a0", " ").strip(" '`"))).strip()).strip()


def _bounded(number: int, rule: str | None) -> Repaired[int]:
    return Repaired(None, "too_large") if abs(number) >= LARGEST else Repaired(number, None, rule)
