"""The programmes as a table, for the database."""

from __future__ import annotations

import pandas as pd

from schemas.canonical import TEXT
from schemas.programmes import ProgrammeBook


def programme_frame(book: ProgrammeBook, aid_received: pd.DataFrame | None = None) -> pd.DataFrame:
    """One row per programme: programme_id, name_id, name_en, agency, unit, rule_version; sorted by id.

    Programmes that aid is received from, but that have no rules, are there too, under their id, without agency and version.
    """
    rows = [
        {
            "programme_id": programme.id,
            "name_id": programme.name.id,
            "name_en": programme.name.en,
            "agency": programme.agency,
            "unit": programme.unit,
            "rule_version": programme.rule_version,
        }
        for programme in book.programmes.values()
    ]
    programmes = pd.DataFrame(rows, columns=["programme_id", "name_id", "name_en", "agency", "unit", "rule_version"]).astype(TEXT)
    if aid_received is None:
        return programmes
    others = aid_received.loc[~aid_received["programme_id"].isin(programmes["programme_id"]), ["programme_id", "unit"]]
    others = others.sort_values(["programme_id", "unit"]).drop_duplicates("programme_id")
    others = others.assign(name_id=others["programme_id"], name_en=others["programme_id"])
    return pd.concat([programmes, others], ignore_index=True).astype(TEXT).sort_values("programme_id", ignore_index=True)


_TIMES_A_YEAR = {"day": 365, "month": 12, "year": 1, "once": 1}


def yearly_rupiah(book: ProgrammeBook) -> dict[str, int]:
    """What each programme pays a unit in a year, in rupiah, by its highest amount: an order of size, for ranking work."""
    return {
        programme.id: max((amount.rupiah * _TIMES_A_YEAR[amount.per] for amount in programme.amounts), default=0)
        for programme in book.programmes.values()
    }
