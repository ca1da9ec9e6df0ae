"""What the cells of a column say about it, without keeping any of them: its dates, its codes, whether it holds identity numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow.compute as pc

from intake.cells.codes import CodeReader
from intake.cells.dates import DateReading, order_of, read_date, without_place
from intake.cells.parsed import Repaired
from intake.places import PlaceIndex
from intake.raw_sheet import DATE_CELL, NUMBER_CELL, RawSheet
from schemas.canonical import BY_NAME
from schemas.contracts import ColumnContract

_NEARLY_ALL = 0.8
_DISTINCT_ASKED = 300
"""Distinct values of a column that are looked at one by one."""
_FEW_LABELS = 12
_KNOWN_ANSWERS = 0.25
"""Share of the cells that must be known answers before the others are named: a column of officers' names repeats its texts too."""
_LABEL = re.compile(r"^[^\W_](?:[\w /().,-]{0,23})$")
_REPEATS = 3
"""A label is no person's when it stands on several rows; fewer, and it stays out of the draft."""


@dataclass(frozen=True)
class Doubt:
    """Something that a person has to look at, in both languages."""

    id: str
    en: str


@dataclass(frozen=True)
class ColumnValues:
    """The cells of one column: each distinct text with its count, the number of rows, and how many of them are numbers or dates."""

    counts: Counter[str]
    rows: int
    numbers: int
    dates: int

    @classmethod
    def of(cls, sheet: RawSheet, place: int, first: int, last: int) -> ColumnValues:
        """The cells of a column from row `first` up to `last` (0-based, not included) that stand in rows with content."""
        used = sheet.filled()[first:last].sum(axis=1) >= 2
        types = sheet.types[first:last, place][used]
        texts = pc.utf8_trim_whitespace(sheet.cells[place].slice(first, last - first).filter(used)).to_pylist()
        return cls(
            Counter(text for text in texts if text), int(used.sum()), int((types == NUMBER_CELL).sum()), int((types == DATE_CELL).sum())
        )

    @property
    def filled(self) -> int:
        """Cells that hold something."""
        return self.counts.total()

    def share(self, pattern: str) -> float:
        """Share of the filled cells that match a pattern whole."""
        compiled = re.compile(pattern)
        return sum(count for text, count in self.counts.items() if compiled.fullmatch(text)) / max(self.filled, 1)

    def distinct_share(self) -> float:
        """Distinct values by filled cells."""
        return len(self.counts) / max(self.filled, 1)

    def names_each_row(self) -> bool:
        """Whether the column could be a key."""
        return self.filled >= 0.99 * self.rows and self.distinct_share() > 0.999

    def scientific(self) -> bool:
        """Whether numbers stand in scientific notation."""
        return self.share(r"\d[.,]\d+E\+?\d+") > 0


def fills(values: ColumnValues) -> float:
    """Share of the rows that the column fills."""
    return values.filled / max(values.rows, 1)


def looks_like(values: ColumnValues, places: PlaceIndex) -> str | None:
    """What a column of unknown name holds, if its cells leave little doubt."""
    if not values.filled:
        return None
    if values.share(r"'?\d{16}") >= _NEARLY_ALL:
        return "nik" if values.distinct_share() > 0.9 else "kk_number"
    if values.share(r"[LPlp]|[Ll]aki-laki|[Pp]erempuan") >= _NEARLY_ALL:
        return "sex"
    if values.share(r"(?:\+62|62|0)8\d{7,11}") >= _NEARLY_ALL:
        return "phone"
    asked = values.counts.most_common(_DISTINCT_ASKED)
    total = sum(count for _, count in asked)
    villages = sum(count for text, count in asked if _is_village(text, places))
    if villages >= _NEARLY_ALL * total:
        return "village"
    return None


def _is_village(text: str, places: PlaceIndex) -> bool:
    found = places.village_code(text, None, codes="names")
    return found.value is not None or found.error == "ambiguous_village"


def doubtful_area_codes(values: ColumnValues) -> list[Doubt]:
    """Codes that are no village's by themselves: BDT splits them over four columns, of which each has two or three digits."""
    if not values.filled or values.share(r"[\d.]{8,13}") > 1 - _NEARLY_ALL or values.share(r"\d{1,7}") < _NEARLY_ALL:
        return []
    return [Doubt("bukan kode desa 10 angka; gabungkan kolom-kolomnya", "no village code of 10 digits; join its columns into one")]


def likeliest_first(names: Sequence[str], values: ColumnValues) -> list[str]:
    """Meanings of one header, those first whose answers the cells are: `Usaha` says yes or no, or it says what the business is."""
    return sorted(names, key=lambda name: _fit(name, values))


def answers_fit(name: str, values: ColumnValues) -> bool:
    """Whether the cells could be answers to the column's question: a header that only comes near proves nothing by itself."""
    return _fit(name, values) < 2


def _fit(name: str, values: ColumnValues) -> int:
    """0: the cells are answers to the column's question; 1: any text is one; 2: they are none."""
    read = _answer_reader(name)
    asked = values.counts.most_common(_DISTINCT_ASKED)
    if read is None or not asked:
        return 1
    unread = sum(count for text, count in asked if read(text).error is not None)
    return 2 if unread > (1 - _NEARLY_ALL) * sum(count for _, count in asked) else 0


def _answer_reader(name: str) -> Callable[[str], Repaired[Any]] | None:
    if name not in BY_NAME or BY_NAME[name].kind not in {"code", "boolean"}:
        return None
    reader = CodeReader(name, ColumnContract(aliases=("x",)))
    return reader.read if BY_NAME[name].kind == "code" else reader.read_yes_no


def dates_of(values: ColumnValues) -> tuple[tuple[str, ...], list[Doubt]]:
    """The date formats that a column is written in, and what is uncertain: the order where no day is past the twelfth."""
    written = list(values.counts)[:_DISTINCT_ASKED]
    texts = [without_place(text) for text in written]
    formats: list[str] = []
    doubts: list[Doubt] = []
    if sum(short != long for short, long in zip(texts, written, strict=True)) > len(texts) / 2:
        doubts.append(Doubt("tempat dan tanggal sekaligus; hanya tanggal yang dibaca", "place and date in one cell; only the date is read"))
    if values.dates or values.numbers:
        formats.append("serial")
    numeric = [text for text in texts if re.fullmatch(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2,4}", text)]
    if numeric:
        month_first = order_of(numeric, ("m/d/Y",)) == "month_first"
        proved = order_of(numeric, ("m/d/Y",)) == order_of(numeric, ("d/m/Y",))
        dashed = sum("-" in text for text in numeric) > len(numeric) / 2
        short = all(len(re.split(r"[/.-]", text)[2]) == 2 for text in numeric)
        formats.append("m/d/Y" if month_first and proved else "d/m/y" if short else "d-m-Y" if dashed else "d/m/Y")
        if not proved:
            doubts.append(Doubt("hari atau bulan lebih dulu? tidak ada bukti", "day or month first? nothing proves it"))
    if not values.dates and any(re.match(r"\d{4}-\d{1,2}-\d{1,2}", text) for text in texts):
        formats.append("Y-m-d")
    if any(re.search(r"[A-Za-z]{3,}", text) for text in texts):
        formats.append("d month Y")
    reading = DateReading(order="month_first" if "m/d/Y" in formats else "day_first")
    unread = np.mean([read_date(text, reading).value is None for text in texts]) if texts else 0.0
    if unread > 1 - _NEARLY_ALL:
        doubts.append(Doubt("banyak sel tidak terbaca sebagai tanggal", "many cells can't be read as dates"))
    return tuple(formats), doubts


def doubtful_codes(name: str, values: ColumnValues) -> list[Doubt]:
    """Answers that no list knows: named where they are few short labels that repeat, else only counted."""
    read = _answer_reader(name)
    if read is None:
        return []
    asked = values.counts.most_common(_DISTINCT_ASKED)
    unknown = [(text, count) for text, count in asked if read(text).error is not None]
    if not unknown:
        return []
    known_share = 1 - sum(count for _, count in unknown) / sum(count for _, count in asked)
    nameable = known_share >= _KNOWN_ANSWERS and len(unknown) <= _FEW_LABELS
    if not nameable or not all(count >= _REPEATS and _is_label(text) for text, count in unknown):
        return [Doubt(f"{len(unknown)} jawaban tidak dikenal", f"{len(unknown)} answers are unknown")]
    labels = ", ".join(sorted(text for text, _ in unknown))
    return [Doubt(f"codes untuk jawaban ini: {labels}", f"codes for these answers: {labels}")]


def _is_label(text: str) -> bool:
    return _LABEL.match(text) is not None and re.search(r"\d{3}", text) is None


def village_code_system(values: ColumnValues) -> str:
    """`names`, unless most cells are codes: then Kemendagri's, which a person has to confirm."""
    return "kemendagri" if values.share(r"[\d.]{8,13}") > 0.5 else "names"
