"""What officers read: the words of the pages in Indonesian and English, and numbers and dates as each language writes them.

Templates hold no words. A new language is a third entry in each tuple of `publishing/texts.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal, cast

import pandas as pd

from publishing.texts import MONTHS, TEXTS
from schemas.cell_codes import ERRORS, RULES, words_of

LanguageCode = Literal["id", "en"]
NOTHING = "\u2013"  # en dash


@dataclass(frozen=True)
class Language:
    """One language: `text` for words, the other methods for values. A missing value is a dash."""

    code: LanguageCode

    @classmethod
    def of(cls, code: str) -> Language:
        """The language with this code. Raises ValueError for one that Padan does not speak."""
        if code not in {"id", "en"}:
            raise ValueError(f"language {code!r} is not one of id, en (PADAN_LANGUAGE)")
        return cls(cast("LanguageCode", code))

    def text(self, key: str, **values: object) -> str:
        """The words for `key`, with `values` put in. Raises KeyError for a key without words."""
        words = TEXTS[key][0 if self.code == "id" else 1]
        return words.format(**values) if values else words

    def text_or(self, key: str, otherwise: str) -> str:
        """The words for `key`, or `otherwise` as it stands: for codes that a newer contract may bring."""
        return self.text(key) if key in TEXTS else otherwise

    def error(self, code: str) -> str:
        """What is wrong with a cell, by intake's code."""
        return words_of(code, ERRORS)[0 if self.code == "id" else 1]

    def rule(self, code: str) -> str:
        """What was done to a cell, by intake's rule."""
        return words_of(code, RULES)[0 if self.code == "id" else 1]

    def integer(self, value: object) -> str:
        """`12.345` in Indonesian, `12,345` in English."""
        if _missing(value):
            return NOTHING
        return self._separated(f"{int(cast('Any', value)):,}")

    def decimal(self, value: object, places: int = 1) -> str:
        """`12,3` in Indonesian, `12.3` in English."""
        if _missing(value):
            return NOTHING
        return self._separated(f"{float(cast('Any', value)):,.{places}f}")

    def percent(self, share: object, places: int = 1) -> str:
        """A share of one as a percentage: `12,3 %` or `12.3%`."""
        if _missing(share):
            return NOTHING
        number = self.decimal(float(cast("Any", share)) * 100, places)
        return f"{number}\u00a0%" if self.code == "id" else f"{number}%"

    def sure_percent(self, share: object, places: int = 2) -> str:
        """A percentage rounded down, so that 99.997 % never reads as certainty."""
        if _missing(share):
            return NOTHING
        steps = 10 ** (places + 2)
        return self.percent(math.floor(float(cast("Any", share)) * steps + 1e-9) / steps, places)

    def date(self, day: object) -> str:
        """`1 Oktober 2026` or `1 October 2026`."""
        if _missing(day):
            return NOTHING
        known = cast("date", day)
        return f"{known.day} {MONTHS[known.month - 1][0 if self.code == 'id' else 1]} {known.year}"

    def size(self, number_of_bytes: object) -> str:
        """A file size: `312 KB`, `1,4 MB`."""
        if _missing(number_of_bytes):
            return NOTHING
        size = float(cast("Any", number_of_bytes))
        return f"{self.decimal(size / 1e6)} MB" if size >= 1e6 else f"{self.integer(max(1, round(size / 1e3)))} KB"

    def _separated(self, english: str) -> str:
        return english if self.code == "en" else english.translate(str.maketrans(",.", ".,"))


def _missing(value: object) -> bool:
    return value is None or value is pd.NA or value is pd.NaT or (isinstance(value, float) and math.isnan(value))
