"""What an expectation says, as a sentence for people: `Kolom NIK terisi pada sekurang-kurangnya 75 % baris`.

The name of an expectation tells machines which one it is; an officer whose delivery was refused needs the sentence.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from schemas.canonical import BY_NAME, INPUT_ONLY_TITLES
from schemas.cell_codes import ERRORS, words_of
from schemas.expectations import (
    ColumnFilled,
    ColumnsPresent,
    DatesBetween,
    ErrorShareAtMost,
    ExpectationBase,
    ExpectationResult,
    RowCountBetween,
    ValuesBetween,
    ValuesInCodeList,
    ValuesMatch,
    ValuesUnique,
)

Language = Literal["id", "en"]
_ABBREVIATIONS = frozenset({"nik", "kk", "rt", "rw", "pbi"})
_PROVENANCE_TITLES = {"delivered_on": "Tanggal serahan"}
_UNITS = {"d": ("hari", "days"), "m": ("bulan", "months"), "y": ("tahun", "years")}


def column_title(column: str, language: Language) -> str:
    """What people call a canonical column; the name itself for one that is none."""
    if language == "en":
        return " ".join(word.upper() if word in _ABBREVIATIONS else word for word in column.split("_"))
    return BY_NAME[column].title_id if column in BY_NAME else (INPUT_ONLY_TITLES | _PROVENANCE_TITLES).get(column, column)


def expectation_words(expectation: ExpectationBase, language: Language) -> str:
    """The sentence of one expectation, without a full stop. Raises TypeError for a kind that has no words."""
    indonesian = language == "id"
    if isinstance(expectation, RowCountBetween):
        least, most = _number(expectation.min, language), _number(expectation.max, language)
        if expectation.max is None:
            return f"Sekurang-kurangnya {least} baris" if indonesian else f"At least {least} rows"
        return f"{least} sampai {most} baris" if indonesian else f"{least} to {most} rows"
    if isinstance(expectation, ColumnsPresent):
        return f"Ke-{len(expectation.columns)} kolom ada" if indonesian else f"All {len(expectation.columns)} columns are there"
    if isinstance(expectation, ErrorShareAtMost):
        return _error_share(expectation, language)
    column = column_title(str(expectation.subject), language)
    share = getattr(expectation, "at_least", 1.0)
    rows, values = _at_least(share, "baris", language), _at_least(share, "isian", language)
    if isinstance(expectation, ColumnFilled):
        return f"{column} terisi pada {rows}" if indonesian else f"{column} filled in {rows}"
    said = _of_values(expectation, language)
    return f"{column}: {said} pada {values}" if indonesian else f"{column}: {said} in {values}"


def unmet_words(judged: Iterable[tuple[ExpectationBase, ExpectationResult]]) -> dict[str, str]:
    """What is not met, with the numbers found and the reason, in both languages: facts of a message. Empty where all is met."""
    unmet = [(expectation, result) for expectation, result in judged if not result.success]
    if not unmet:
        return {}
    return {
        "why_id": "; ".join(
            f"{expectation_words(gate, 'id')}; {found_words(gate, result, 'id')} ({gate.why.id})" for gate, result in unmet
        ),
        "why_en": "; ".join(
            f"{expectation_words(gate, 'en')}; {found_words(gate, result, 'en')} ({gate.why.en})" for gate, result in unmet
        ),
    }


def found_words(expectation: ExpectationBase, result: ExpectationResult, language: Language) -> str:
    """What was found instead: the number of rows, or how many of the values do not fit."""
    if isinstance(expectation, RowCountBetween):
        rows = _number(result.observed, language)
        return f"ada {rows}" if language == "id" else f"there are {rows}"
    unexpected, evaluated = _number(result.unexpected, language), _number(result.evaluated, language)
    return f"tidak pada {unexpected} dari {evaluated}" if language == "id" else f"not so in {unexpected} of {evaluated}"


def _of_values(expectation: ExpectationBase, language: Language) -> str:
    """What each value of a column should be."""
    indonesian = language == "id"
    match expectation:
        case ValuesUnique():
            return "tidak berulang" if indonesian else "not repeated"
        case ValuesInCodeList():
            return "kode yang dikenal" if indonesian else "a known code"
        case ValuesMatch():
            return f"berbentuk {expectation.regex}" if indonesian else f"of the shape {expectation.regex}"
        case ValuesBetween():
            return _between(_number(expectation.min, language), _number(expectation.max, language), language)
        case DatesBetween():
            return _between(_day(expectation.min, language), _day(expectation.max, language), language)
    raise TypeError(f"no words for an expectation of kind {expectation.expect}")


def _error_share(expectation: ErrorShareAtMost, language: Language) -> str:
    indonesian = language == "id"
    share = _percent(expectation.share, language)
    where = column_title(expectation.column, language) if expectation.column else ("Semua kolom" if indonesian else "All columns")
    what = (
        words_of(expectation.code, ERRORS)[0 if indonesian else 1] if expectation.code else ("tidak terpakai" if indonesian else "unusable")
    )
    return f"{where}: {what} pada paling banyak {share} baris" if indonesian else f"{where}: {what} in at most {share} of the rows"


def _between(first: str | None, last: str | None, language: Language) -> str:
    if first is None or last is None:
        least, most = ("sekurang-kurangnya", "paling banyak") if language == "id" else ("at least", "at most")
        return f"{least} {first}" if last is None else f"{most} {last}"
    return f"{first} sampai {last}" if language == "id" else f"{first} to {last}"


def _at_least(share: float, what: str, language: Language) -> str:
    english = {"baris": ("each row", "the rows"), "isian": ("each value", "the values")}[what]
    if share >= 1:
        return f"setiap {what}" if language == "id" else english[0]
    number = _percent(share, language)
    return f"sekurang-kurangnya {number} {what}" if language == "id" else f"at least {number} of {english[1]}"


def _day(bound: str | None, language: Language) -> str | None:
    """A bound of dates: a day as it is written, or its distance from the day of the run."""
    if bound is None or not bound.startswith("as_of"):
        return bound
    day, distance = ("tanggal perhitungan" if language == "id" else "the as-of date"), bound.removeprefix("as_of")
    if not distance:
        return day
    unit = _UNITS[distance[-1]][0 if language == "id" else 1]
    side = ("sebelum", "before") if distance[0] == "-" else ("sesudah", "after")
    return f"{distance[1:-1]} {unit} {side[0 if language == 'id' else 1]} {day}"


def _number(value: float | None, language: Language) -> str | None:
    if value is None:
        return None
    return _local(f"{value:,.1f}".removesuffix(".0"), language)


def _percent(share: float, language: Language) -> str:
    number = _local(f"{share * 100:.1f}".removesuffix(".0"), language)
    return f"{number} %" if language == "id" else f"{number}%"


def _local(english: str, language: Language) -> str:
    return english if language == "en" else english.translate(str.maketrans(",.", ".,"))
