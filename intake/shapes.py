"""The shape of a value: what it looks like without saying what it is.

Messages, reports and logs may never hold a person's data, yet an officer must find what is wrong. `15 digits, letter O at 3`
tells it; the value itself stands only in the office's own workbook and in the quarantine table.
"""

from __future__ import annotations

import re
from typing import NamedTuple

_SCIENTIFIC = re.compile(r"^[+-]?\d([.,]\d+)?E\+?\d+$", re.IGNORECASE)
_INVISIBLE = {"\u00a0": ("spasi tak putus", "no-break space"), "\u200b": ("spasi lebar nol", "zero-width space"), "\ufeff": ("BOM", "BOM")}
_NAMED = {
    " ": ("spasi", "space"),
    "'": ("apostrof", "apostrophe"),
    ".": ("titik", "dot"),
    ",": ("koma", "comma"),
    "-": ("tanda hubung", "hyphen"),
    "/": ("garis miring", "slash"),
    "\t": ("tab", "tab"),
    "\n": ("ganti baris", "line break"),
} | _INVISIBLE
_MOSTLY_DIGITS = 0.6
_CALLS_NAMED = 3


class Shape(NamedTuple):
    """A description in both languages."""

    id: str
    en: str


EMPTY = Shape("kosong", "empty")


def shape_of(value: str | None) -> Shape:
    """Describe a cell's text: its length, kinds of characters, and in a number the place of what is not a digit.

    At most a separator or a letter that stands in a number is named, never a digit and never a letter of a word.
    """
    if value is None or value == "":
        return EMPTY
    if value.isspace():
        return Shape("hanya spasi", "only spaces")
    if _SCIENTIFIC.match(value.strip()):
        return Shape("notasi ilmiah", "scientific notation")
    digits = sum(character in "0123456789" for character in value)
    if digits == len(value):
        return Shape(f"{digits} angka", f"{digits} digits")
    if digits >= _MOSTLY_DIGITS * len(value):
        return _number_with_strangers(value, digits)
    return _words(value, digits)


def _number_with_strangers(value: str, digits: int) -> Shape:
    strangers = [(place, character) for place, character in enumerate(value, start=1) if character not in "0123456789"]
    parts_id, parts_en = [f"{digits} angka"], [f"{digits} digits"]
    for place, character in strangers[:_CALLS_NAMED]:
        name_id, name_en = _called(character)
        parts_id.append(f"{name_id} di posisi {place}")
        parts_en.append(f"{name_en} at {place}")
    if len(strangers) > _CALLS_NAMED:
        parts_id.append(f"dan {len(strangers) - _CALLS_NAMED} tanda lain")
        parts_en.append(f"and {len(strangers) - _CALLS_NAMED} other characters")
    return Shape(", ".join(parts_id), ", ".join(parts_en))


def _called(character: str) -> tuple[str, str]:
    if character in _NAMED:
        return _NAMED[character]
    if character in "OolI|":  # the letters that people type for 0 and 1; naming them is the help that is needed
        return f"huruf {character}", f"letter {character}"
    if character.isalpha():
        return "huruf", "a letter"
    return "tanda", "a sign"


def _words(value: str, digits: int) -> Shape:
    letters = sum(character.isalpha() for character in value)
    words = len(value.split())
    parts_id, parts_en = [f"{len(value)} karakter"], [f"{len(value)} characters"]
    if letters:
        parts_id.append(f"{letters} huruf")
        parts_en.append(f"{letters} letters")
    if digits:
        parts_id.append(f"{digits} angka")
        parts_en.append(f"{digits} digits")
    if words > 1:
        parts_id.append(f"{words} kata")
        parts_en.append(f"{words} words")
    return Shape(", ".join(parts_id), ", ".join(parts_en))
