"""Answers from a list: official code, official label, or a spelling that offices use, to the one value that frames hold.

Where a source's own list contradicts the official one, its contract says so (`codes`, `code_list`) and outranks it. An answer that no
list knows is missing with the code `unknown_code`; it never becomes "other". A typing error in a long label is mended where one answer
alone comes near, and a label that an export cut off where one answer alone begins like it.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
import yaml
from rapidfuzz.distance import OSA

from intake.cells.parsed import NOTHING, ParsedColumn, Repaired, flagged, is_filler, parse_distinct
from schemas.canonical import BY_NAME
from schemas.code_lists import CodeList, code_list
from schemas.contracts import ColumnContract

_SYNONYMS = Path(__file__).parent.parent / "code_synonyms.yaml"
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_WHOLE_AS_DECIMAL = re.compile(r"^(-?[0-9]+)[.,]0+$")
_CODE_AND_LABEL = re.compile(r"^\s*\(?([0-9]{1,2})\s*[).:\-\u2013]+\s*(\S.*)$")
_SHORTEST_MENDED = 6
"""Letters and digits of an answer from which one typing error is mended: `SLTP` and `SLTA` differ by one, `KAWIM` may be anything."""
_SHORTEST_BEGINNING = 10
"""Letters of a label that must be there when the rest was cut off."""
_VILLAGE_OTHER, _NATIONAL_ONLY = r"^\s*89(?:[.,]0+)?\s*$", r"^\s*9[0-9](?:[.,]0+)?\s*$"
_TOO_MANY_OFFICIALS = 3
"""Members of high state institutions (89 of the national list) in one column that never says 90-99: the office means LAINNYA."""
_TRUE = ("true", "ya", "y", "yes", "benar", "1", "ada", "v", "√", "✓", "✔", "iya", "betul", "sudah", "punya", "masih", "pernah")
_FALSE = (
    "false",
    "tidak",
    "tdk",
    "t",
    "no",
    "n",
    "0",
    "tidak ada",
    "tdk ada",
    "bukan",
    "belum",
    "salah",
    "tidak punya",
    "nihil",
    "tak ada",
    "tidak pernah",
    "belum pernah",
    "tdk punya",
)


class CodeReader:
    """Reads the answers of one column, by its contract, its code list and the spellings that offices use."""

    def __init__(self, name: str, contract: ColumnContract) -> None:
        self._absent = frozenset(code_key(text) for text in contract.absent)
        self._mends = BY_NAME[name].kind != "boolean"
        self._ambiguous: frozenset[str] = frozenset()
        if BY_NAME[name].kind == "boolean":
            self._values: Mapping[str, str] = _boolean_answers(contract)
        else:
            self._values, self._ambiguous = _code_answers(name, contract)

    def read(self, text: str) -> Repaired[str]:
        """The value that stands for an answer, or `unknown_code`."""
        key = code_key(text)
        if key in self._values:
            return Repaired(self._values[key])
        if key in self._absent or is_filler(text):
            return NOTHING
        if (both := _CODE_AND_LABEL.match(text)) is not None:
            by_code, by_label = self._values.get(code_key(both.group(1))), self._values.get(code_key(both.group(2)))
            if by_label is not None and by_code in {by_label, None}:
                return Repaired(by_label, None, "code_and_label")
            return Repaired(None, "unknown_code")
        if key in self._ambiguous:
            return Repaired(None, "ambiguous_code")
        return self._mended(key)

    def _mended(self, key: str) -> Repaired[str]:
        """An answer with one typing error, or without its end; only where a single value is meant."""
        if not self._mends or len(key) < _SHORTEST_MENDED or any(character.isdigit() for character in key):
            return Repaired(None, "unknown_code")
        near = self._within(key, 1)
        begun = {value for known, value in self._values.items() if known.startswith(key) and known != key}
        if len(near | begun) != 1:
            return Repaired(None, "unknown_code")
        if near and not begun:
            # Two errors away may stand what was meant: STRATA II and STRATA III, or KAWIN and B. KAWIN, are not told apart by guessing.
            return Repaired(near.pop(), None, "spelling") if len(self._within(key, 2)) == 1 else Repaired(None, "unknown_code")
        return Repaired(begun.pop(), None, "end_cut_off") if len(key) >= _SHORTEST_BEGINNING else Repaired(None, "unknown_code")

    def _within(self, key: str, errors: int) -> set[str]:
        """The values of all answers that lie so many typing errors from a text."""
        return {value for known, value in self._values.items() if OSA.distance(key, known, score_cutoff=errors) <= errors}

    def read_yes_no(self, text: str) -> Repaired[bool]:
        """The answer as true or false, or `unknown_code`."""
        outcome = self.read(text)
        return Repaired(None if outcome.value is None else outcome.value == "true", outcome.error, outcome.rule)


def parse_codes(cells: pa.Array, name: str, contract: ColumnContract) -> ParsedColumn:
    """A column of answers. Where its codes show that the office counts jobs by the list of villages, its 89 is not taken."""
    column = parse_distinct(cells, CodeReader(name, contract).read, pa.large_string())
    if name != "occupation" or contract.code_list is not None:
        return column
    doubtful = pc.fill_null(pc.match_substring_regex(cells, _VILLAGE_OTHER), False)
    many = pc.sum(doubtful).as_py() or 0
    if many < _TOO_MANY_OFFICIALS or pc.any(pc.match_substring_regex(cells, _NATIONAL_ONLY)).as_py():
        return column
    column = ParsedColumn(pc.if_else(doubtful, pa.scalar(None, pa.large_string()), column.values), column.errors, column.rules)
    return flagged(column, doubtful.to_numpy(zero_copy_only=False), "code_of_village_list")


def code_key(text: str) -> str:
    """An answer without case, spaces, punctuation, leading zeros, and the `.0` that a number cell adds."""
    plain = unicodedata.normalize("NFKC", text).casefold().strip()
    if whole := _WHOLE_AS_DECIMAL.match(plain):
        plain = whole.group(1)
    key = _NOT_ALPHANUMERIC.sub("", plain)
    return (key.lstrip("0") or "0") if key.isdigit() else key or plain


def _boolean_answers(contract: ColumnContract) -> dict[str, str]:
    answers = {code_key(text): "true" for text in _TRUE} | {code_key(text): "false" for text in _FALSE}
    return answers | {code_key(text): value for text, value in contract.codes.items()}


def _code_answers(name: str, contract: ColumnContract) -> tuple[dict[str, str], frozenset[str]]:
    """The value of each answer; and the answers of the source's own list that may be two values of ours."""
    own_list = BY_NAME[name].code_list
    assert own_list is not None, f"{name} is a code without a list"
    official = code_list(own_list)
    written = code_list(contract.code_list) if contract.code_list else official
    answers: dict[str, str] = {}
    for value, spellings in _synonyms().get(own_list, {}).items():
        answers |= {code_key(str(spelling)): value for spelling in spellings}
    if written is official:
        answers |= _answers_of(official)
        ambiguous: frozenset[str] = frozenset()
    else:
        # Spellings that are numbers are codes of the official list, which this source does not use.
        answers = {key: value for key, value in (answers | _answers_of(official, labels_only=True)).items() if not key.isdigit()}
        theirs = _in_our_values(written, official, answers, name)
        ambiguous = frozenset(key for key, value in theirs.items() if value is None)
        answers |= {key: value for key, value in theirs.items() if value is not None}
    return answers | {code_key(text): value for text, value in contract.codes.items()}, ambiguous


def _in_our_values(written: CodeList, official: CodeList, answers: Mapping[str, str], name: str) -> dict[str, str | None]:
    """Codes and labels of another list as values of ours, None where a label of theirs is two of ours (`Istri/suami`)."""
    values = {code: answers.get(code_key(label)) for code, label in written.codes.items()}
    if sum(value is None for value in values.values()) > len(values) / 2:
        unknown = next(label for code, label in written.codes.items() if values[code] is None)
        raise ValueError(f"{name}: the value {unknown} of the source's list is not in the list {official.id}")
    return {code_key(code): value for code, value in values.items()} | {
        code_key(label): values[code] for code, label in written.codes.items()
    }


def _answers_of(codes: CodeList, *, labels_only: bool = False) -> dict[str, str]:
    answers = {code_key(label): codes.value_of(code) for code, label in codes.codes.items()}
    return answers if labels_only else answers | {code_key(code): codes.value_of(code) for code in codes.codes}


@cache
def _synonyms() -> Mapping[str, Mapping[str, list[str]]]:
    loaded: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(_SYNONYMS.read_text(encoding="utf-8"))
    return loaded
