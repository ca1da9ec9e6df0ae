"""What is wrong with a contract file, told in both languages so that a data officer can mend it.

Each mistake says at which key it stands, what is allowed there, and what was perhaps meant.
"""

from __future__ import annotations

import types
import typing
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError
from rapidfuzz import fuzz, process

NEAR_ENOUGH = 65.0
"""rapidfuzz ratio from which a word is taken for a slip of another: `aliasses` for `aliases` has 93, `nama` for `name` 75, `mim` for
`min` 67."""


@dataclass(frozen=True)
class Problem:
    """One mistake in both languages."""

    id: str
    en: str


class MistakesError(ValueError):
    """Mistakes that a validator found, as pydantic carries them out of a model."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(problem.en for problem in problems))
        self.problems = tuple(problems)


@dataclass(frozen=True)
class KeyProblem:
    """A mistake and the key at which it stands: `tables[1].columns.nik.aliases`; no key where the whole file is meant."""

    key: str
    problem: Problem

    def text(self, language: str) -> str:
        """One line."""
        said = self.problem.id if language == "id" else self.problem.en
        return f"{self.key}: {said}" if self.key else said


class ContractError(ValueError):
    """A contract file that cannot be used; the message names the file, each key, and what is allowed."""

    def __init__(self, file: str, problems: Sequence[KeyProblem]) -> None:
        self.file = file
        self.problems = tuple(problems)
        super().__init__(self.text("en"))

    def text(self, language: str) -> str:
        """All mistakes, one a line."""
        count = len(self.problems)
        head = f"{self.file}: {count} kesalahan" if language == "id" else f"{self.file}: {count} mistake{'s' if count > 1 else ''}"
        return "\n".join([head, *(f"  {problem.text(language)}" for problem in self.problems)])


def nearest(word: str, allowed: Iterable[str]) -> str | None:
    """The allowed word that this one is perhaps a slip of."""
    match = process.extractOne(word.casefold(), list(allowed), scorer=fuzz.ratio, score_cutoff=NEAR_ENOUGH)
    return None if match is None else str(match[0])


def perhaps(word: str, allowed: Iterable[str]) -> Problem:
    """` (did you mean …?)` in both languages; empty when nothing comes near."""
    near = nearest(word, allowed)
    return Problem("", "") if near is None else Problem(f" (maksudnya {near}?)", f" (did you mean {near}?)")


def problems_of(error: ValidationError, model: type[BaseModel]) -> list[KeyProblem]:
    """All mistakes of a file, by key."""
    found: list[KeyProblem] = []
    faults = error.errors()
    for fault in faults:
        if fault["type"] == "too_short" and any(len(other["loc"]) > len(fault["loc"]) for other in faults):
            continue  # a list is called empty when each of its parts is wrong
        key = _key_text(fault["loc"])
        cause = fault.get("ctx", {}).get("error")
        if isinstance(cause, MistakesError):
            found += [KeyProblem(key, problem) for problem in cause.problems]
        else:
            found.append(KeyProblem(key, _problem(fault, model)))
    return found


def _key_text(place: Sequence[int | str]) -> str:
    """`('tables', 0, 'role')` as `tables[1].role`, tables counted from 1 as people do."""
    text = ""
    for part in place:
        text += f"[{part + 1}]" if isinstance(part, int) else f".{part}"
    return text.removeprefix(".") or "(berkas/file)"


def _problem(fault: Any, model: type[BaseModel]) -> Problem:
    kind, context = str(fault["type"]), fault.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(str(fault["loc"][-1]), _keys_at(model, fault["loc"][:-1]))
    if kind in {"literal_error", "union_tag_invalid"}:
        allowed = str(context.get("expected") or context.get("expected_tags", ""))
        words = [word.strip(" '") for word in allowed.replace(" or ", ",").split(",")]
        hint = perhaps(str(context.get("tag", fault["input"])), words)
        return Problem(f"yang boleh: {', '.join(words)}{hint.id}", f"allowed are: {', '.join(words)}{hint.en}")
    if kind in _BY_KIND:
        bound = context.get("ge", context.get("le", context.get("min_length", "")))
        return Problem(*(text.format(bound=bound) for text in _BY_KIND[kind]))
    message = str(fault["msg"]).removeprefix("Value error, ")
    return Problem(message, message)


def _unknown_key(key: str, allowed: Sequence[str]) -> Problem:
    hint = perhaps(key, allowed)
    if not allowed:
        return Problem(f"kunci tidak dikenal{hint.id}", f"unknown key{hint.en}")
    return Problem(
        f"kunci tidak dikenal{hint.id}; yang boleh: {', '.join(allowed)}", f"unknown key{hint.en}; allowed are: {', '.join(allowed)}"
    )


_KEYS_AND_VALUES = ("harus kunci dan nilai: {{kunci: nilai}}", "must be keys and values: {{key: value}}")
_BY_KIND: dict[str, tuple[str, str]] = {
    "missing": ("kunci wajib ini tidak ada", "this required key is missing"),
    "string_pattern_mismatch": (
        "hanya huruf kecil, angka dan garis bawah, diawali huruf",
        "only small letters, digits and underscores, beginning with a letter",
    ),
    "greater_than_equal": ("sekurang-kurangnya {bound}", "at least {bound}"),
    "less_than_equal": ("sebesar-besarnya {bound}", "at most {bound}"),
    "too_short": ("tidak boleh kosong", "must not be empty"),
    "string_too_short": ("sekurang-kurangnya {bound} huruf", "at least {bound} letters"),
    "string_type": ("harus teks; beri tanda kutip bila perlu", "must be text; put it in quotes if need be"),
    "int_type": ("harus bilangan bulat", "must be a whole number"),
    "int_parsing": ("harus bilangan bulat", "must be a whole number"),
    "bool_parsing": ("harus true atau false", "must be true or false"),
    "tuple_type": ("harus daftar: [satu, dua]", "must be a list: [one, two]"),
    "dict_type": _KEYS_AND_VALUES,
    "model_type": _KEYS_AND_VALUES,
}
"""pydantic's kinds of mistakes, in words for people who write YAML and no Python."""


def _keys_at(model: type[BaseModel], place: Sequence[int | str]) -> list[str]:
    """The keys that are allowed at a place of the file."""
    here: Any = model
    for part in place:
        options = _models_in(here.model_fields[part].annotation) if _is_model(here) and part in here.model_fields else []
        if options:
            here = options[0] if len(options) == 1 else options
        elif isinstance(here, list):  # one of several kinds, named by its tag
            tagged = [option for option in here if _tag(option) == part]
            here = tagged[0] if tagged else here
    return list(here.model_fields) if _is_model(here) else []


def _is_model(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseModel)


def _tag(model: type[BaseModel]) -> str | None:
    field = model.model_fields.get("expect")
    words = typing.get_args(field.annotation) if field is not None else ()
    return str(words[0]) if words else None


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    """The models that an annotation speaks of, however deep: `tuple[A | B, ...]`, `dict[str, A]`."""
    if _is_model(annotation):
        return [annotation]
    if isinstance(annotation, types.UnionType) or typing.get_origin(annotation) is not None:
        return [found for part in typing.get_args(annotation) for found in _models_in(part)]
    return []


def yaml_problem(error: Exception) -> KeyProblem:
    """What a YAML reader says of a file that it can't read, with the line."""
    mark = getattr(error, "problem_mark", None)
    place = f"baris/line {mark.line + 1}" if mark is not None else "(berkas/file)"
    told = getattr(error, "problem", None) or str(error)
    return KeyProblem(place, Problem(f"bukan YAML yang terbaca: {told}", f"not readable as YAML: {told}"))
