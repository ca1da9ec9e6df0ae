"""Answers from a list: official code, official label, or a spelling that offices use, to the one value that frames hold.

Where a source's own list contradicts the official one, its contract says so (`codes`, `code_list`) and outranks it. An answer that no
list knows is missing with the code `unknown_code`; it never becomes "other".
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import yaml

from intake.cells.parsed import NOTHING, Repaired, is_filler
from schemas.canonical import BY_NAME
from schemas.code_lists import CodeList, code_list
from schemas.contracts import ColumnContract

_SYNONYMS = Path(__file__).parent.parent / "code_synonyms.yaml"
_NOT_ALPHANUMERIC = re.compile(r"[\W_]+")
_WHOLE_AS_DECIMAL = re.compile(r"^(-?\d+)[.,]0+$")
_CODE_AND_LABEL = re.compile(r"^\s*\(?(\d{1,2})\s*[).:\-\u2013]+\s*(\S.*)$")
_TRUE = ("true", "ya", "y", "yes", "benar", "1", "ada", "v", "√", "✓", "✔", "iya", "betul", "sudah", "punya", "masih")
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
)


class CodeReader:
    """Reads the answers of one column, by its contract, its code list and the spellings that offices use."""

    def __init__(self, name: str, contract: ColumnContract) -> None:
        self._absent = frozenset(code_key(text) for text in contract.absent)
        if BY_NAME[name].kind == "boolean":
            self._values: Mapping[str, str] = _boolean_answers(contract)
        else:
            self._values = _code_answers(name, contract)

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

    def read_yes_no(self, text: str) -> Repaired[bool]:
        """The answer as true or false, or `unknown_code`."""
        outcome = self.read(text)
        return Repaired(None if outcome.value is None else outcome.value == "true", outcome.error, outcome.rule)


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


def _code_answers(name: str, contract: ColumnContract) -> dict[str, str]:
    own_list = BY_NAME[name].code_list
    assert own_list is not None, f"{name} is a code without a list"
    official = code_list(own_list)
    written = code_list(contract.code_list) if contract.code_list else official
    answers: dict[str, str] = {}
    for value, spellings in _synonyms().get(own_list, {}).items():
        answers |= {code_key(str(spelling)): value for spelling in spellings}
    answers |= _answers_of(official, labels_only=written is not official)
    if written is not official:
        answers |= {key: _value_in(official, value, name) for key, value in _answers_of(written).items()}
    return answers | {code_key(text): value for text, value in contract.codes.items()}


def _answers_of(codes: CodeList, *, labels_only: bool = False) -> dict[str, str]:
    answers = {code_key(label): codes.value_of(code) for code, label in codes.codes.items()}
    return answers if labels_only else answers | {code_key(code): codes.value_of(code) for code in codes.codes}


def _value_in(official: CodeList, value: str, name: str) -> str:
    if value not in official.values:
        raise ValueError(f"{name}: the value {value} of the source's list is not in the list {official.id}")
    return value


@cache
def _synonyms() -> Mapping[str, Mapping[str, list[str]]]:
    loaded: Mapping[str, Mapping[str, list[str]]] = yaml.safe_load(_SYNONYMS.read_text(encoding="utf-8"))
    return loaded
