"""Official code lists, one YAML file each: the codes, their labels, and where they were read.

In lists whose labels are the values (`labels_are_values`), frames and tables hold the label ("KEPALA KELUARGA"); in the
others they hold the code ("8"), and the label is for display. Codes are text everywhere.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

import pandas as pd
import yaml
from pydantic import BaseModel, ConfigDict

from schemas.canonical import TEXT

_FOLDER = Path(__file__).parent


class CodeList(BaseModel):
    """One official list. `codes` maps code to label, in the list's own order."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: str
    title: str
    source: str
    labels_are_values: bool = False
    excluded_from_aid: tuple[str, ...] = ()
    codes: dict[str, str]

    @property
    def values(self) -> tuple[str, ...]:
        """What a frame may hold in a column of this list."""
        return tuple(self.codes.values()) if self.labels_are_values else tuple(self.codes)

    def value_of(self, code: str) -> str:
        """The value that stands for an official code. Raises KeyError for a code that is not in the list."""
        return self.codes[code] if self.labels_are_values else (code if code in self.codes else _unknown(self.id, code))


def _unknown(list_id: str, code: str) -> str:
    raise KeyError(f"code list {list_id} has no code {code!r}")


@cache
def code_list(list_id: str) -> CodeList:
    """The list with this id. Raises KeyError, naming the lists that exist, when there is none."""
    path = _FOLDER / f"{list_id}.yaml"
    if not path.is_file():
        raise KeyError(f"no code list {list_id!r}; there are: {', '.join(code_list_ids())}")
    return CodeList.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))


@cache
def code_list_ids() -> tuple[str, ...]:
    """The ids of all lists, sorted."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.yaml")))


def code_list_frame() -> pd.DataFrame:
    """All lists in one table: code_list, code, label, value (what frames hold), title, origin; in each list's own order."""
    rows = [
        (found.id, code, label, found.value_of(code), found.title, found.source)
        for found in map(code_list, code_list_ids())
        for code, label in found.codes.items()
    ]
    return pd.DataFrame(rows, columns=["code_list", "code", "label", "value", "title", "origin"], dtype=TEXT)
