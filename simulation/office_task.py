"""What an office needs to write its list, and what it does alike: pick people, make its mistakes, say where each row came to stand."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simulation.damage import damage
from simulation.damage_profile import DamageProfile
from simulation.delivery_writer import DeliveryWriter
from simulation.mentions import Mentions, Written, bit
from simulation.office_rows import complete_list, row_budget
from simulation.regency import Regency
from simulation.truth import WrittenRows

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class OfficeTask:
    """One office's turn."""

    source: str
    regency: Regency
    writer: DeliveryWriter
    rng: np.random.Generator
    delivered: date
    profiles: Mapping[str, DamageProfile]
    rows: int

    @property
    def quarter(self) -> int:
        """Quarter of the delivery, 1 to 4."""
        return (self.delivered.month + 2) // 3

    def profile(self, mention: str = "") -> DamageProfile:
        """How carelessly this office writes; a second person in a row has a profile of its own."""
        return self.profiles[f"{self.source}/{mention}" if mention else self.source]

    def chosen_count(self, rows: int | None = None) -> int:
        """How many of the rows (all of them by default) are people whom the office means to list."""
        return row_budget(self.rows if rows is None else rows, self.profile()).chosen

    def mentions(
        self,
        chosen: Index,
        *,
        rows: int | None = None,
        exact_copies: bool = False,
        gone_allowed: Flags | None = None,
        strangers_allowed: Flags | None = None,
    ) -> Mentions:
        """``chosen`` residents and whoever else stands in such a list; see ``complete_list``."""
        count = self.rows if rows is None else rows
        return complete_list(
            self.rng,
            self.regency.residents,
            self.regency.strangers,
            chosen,
            count,
            row_budget(count, self.profile()),
            self.regency.welfare.score,
            exact_copies=exact_copies,
            gone_allowed=gone_allowed,
            strangers_allowed=strangers_allowed,
        )

    def written(self, mentions: Mentions, mention: str = "", carelessness: Floats | None = None) -> Written:
        """The mentions with this office's mistakes."""
        regency = self.regency
        return damage(self.rng, regency.maker, regency.residents, mentions, self.profile(mention), carelessness)

    def placed(
        self, mentions: Mentions, order: Index, file: str, sheet: str, row: Index, labels: Index, mention_name: str = "person"
    ) -> WrittenRows:
        """Where mentions came to stand in one sheet: ``order`` numbers them, ``row`` and ``labels`` (of all mentions) follow it."""
        return WrittenRows(
            self.source, mentions, order, repeated(file, len(order)), repeated(sheet, len(order)), row, labels[order], mention_name
        )


def lost_digit(written: Written) -> pa.Array:
    """Rows whose NIK was typed as a number and lost its last digit."""
    return pa.array((written.labels & bit("nik_zeroed")) != 0)


def repeated(text: str, count: int) -> pa.Array:
    """A column that says the same in every row."""
    return pa.array([text]).take(pa.array(np.zeros(count, dtype=np.int64)))


def texts(choices: tuple[str | None, ...], which: npt.NDArray[np.generic]) -> pa.Array:
    """A column of the choices by their number."""
    return pa.array(choices, pa.string()).take(pa.array(which.astype(np.int64)))


def sex_letters(is_female: Flags) -> pa.Array:
    """L and P."""
    return texts(("L", "P"), is_female)
