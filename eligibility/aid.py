"""Aid that people are on record as receiving: rows of recipients' lists, and yes/no columns of welfare lists."""

from __future__ import annotations

import datetime as dt

import numpy as np
import numpy.typing as npt
import pandas as pd

from eligibility.rows import Rows, rows_of, taken_at
from schemas.canonical import TEXT
from schemas.programmes import ProgrammeBook

AID_COLUMNS = (
    *("programme_id", "unit", "person_id", "family_id", "house_id", "period", "amount", "record_id"),
    *("current", "listed", "payer", "months_since"),
)
_MONTHS_WITHOUT_RULES = 3
"""How long aid of a programme without a rule file counts as received after its period: the default of the rule files."""
_UNITS = ("person", "family", "house")


def build_aid_received(
    social_records: pd.DataFrame,
    record_person: pd.DataFrame,
    families: pd.DataFrame,
    book: ProgrammeBook,
    *,
    as_of: dt.date,
) -> pd.DataFrame:
    """One row per record and programme (AID_COLUMNS), in the order of the records; exactly one of the three unit ids is given.

    record_person: record_id, person_id, family_id; records about nobody yet (in review) have no row, nor has aid to a house whose
    family has no known house. `current`: the period, counted on by the programme's months, reaches the as-of date; a list without any
    date is in force. `listed`: from a list of recipients, not a yes/no column. `months_since`: months from the end of the period, missing
    where the period is unknown or has not begun.
    """
    about = rows_of(social_records["record_id"], record_person["record_id"])
    parts = [_from_lists(social_records, about), _from_flags(social_records, about, book)]
    mentions = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    mentions = mentions.sort_values(["record", "programme_id"], kind="stable", ignore_index=True)
    aid = _with_units(mentions, social_records, record_person, families, about)
    aid = _with_period(aid, social_records, book, as_of)
    given = aid[["person_id", "family_id", "house_id"]].notna().any(axis=1)
    return aid.loc[given, list(AID_COLUMNS)].reset_index(drop=True)


def _from_lists(records: pd.DataFrame, about: Rows) -> pd.DataFrame:
    is_listed = (records["role"] == "recipients").fillna(False) & records["programme"].notna()
    rows = np.flatnonzero(is_listed.to_numpy(dtype=bool) & (about >= 0))
    return pd.DataFrame(
        {
            "record": rows,
            "programme_id": records["programme"].array.take(rows),
            "unit": records["unit"].array.take(rows),
            "listed": True,
            "payer": pd.Series(pd.NA, index=range(len(rows)), dtype=TEXT),
        }
    )


def _from_flags(records: pd.DataFrame, about: Rows, book: ProgrammeBook) -> pd.DataFrame:
    """Programmes that a welfare list says a person gets; one row per record, its payers joined by +."""
    parts = []
    for programme in book.programmes.values():
        payer = pd.Series("", index=range(len(records)), dtype=TEXT)
        for flag in programme.flags:
            if flag in records:
                yes = records[flag].astype("boolean").fillna(False).to_numpy(dtype=bool)
                payer = payer.mask(yes, payer + "+" + flag)
        rows = np.flatnonzero((payer != "").to_numpy(dtype=bool) & (about >= 0))
        if len(rows):
            payers = payer.iloc[rows].str.slice(1).array
            parts.append(
                pd.DataFrame({"record": rows, "programme_id": programme.id, "unit": programme.unit, "listed": False, "payer": payers})
            )
    return pd.concat(parts, ignore_index=True) if parts else pd.DataFrame()


def _with_units(
    mentions: pd.DataFrame, records: pd.DataFrame, record_person: pd.DataFrame, families: pd.DataFrame, about: Rows
) -> pd.DataFrame:
    rows = mentions["record"].to_numpy(dtype=np.int64)
    link = about[rows]
    family_id = taken_at(record_person["family_id"], link)
    ids = {
        "person": taken_at(record_person["person_id"], link),
        "family": family_id,
        "house": taken_at(families["house_id"], rows_of(family_id, families["family_id"])),
    }
    aid = mentions.astype({"programme_id": TEXT, "unit": TEXT})
    for unit in _UNITS:
        aid[f"{unit}_id"] = ids[unit].where(aid["unit"] == unit).astype(TEXT)
    aid["record_id"] = records["record_id"].array.take(rows)
    return aid


def _with_period(aid: pd.DataFrame, records: pd.DataFrame, book: ProgrammeBook, as_of: dt.date) -> pd.DataFrame:
    rows = aid["record"].to_numpy(dtype=np.int64)
    day, days = pd.factorize(records["delivered_on"])
    months = pd.array(pd.DatetimeIndex(days).strftime("%Y-%m/%Y-%m").tolist(), dtype=TEXT)
    by_delivery = pd.Series(months.take(day[rows], allow_fill=True), dtype=TEXT)
    aid["period"] = by_delivery
    if "period" in records:
        aid["period"] = pd.Series(records["period"].array.take(rows), dtype=TEXT).fillna(by_delivery)
    amounts = records["amount"].array.take(rows) if "amount" in records else pd.array([pd.NA] * len(rows), dtype="Int64")
    aid["amount"] = pd.Series(amounts, dtype="Int64").where(aid["listed"])
    start, end = months_of(aid["period"])
    now = as_of.year * 12 + as_of.month
    counted_on = {programme.id: programme.receiving_months for programme in book.programmes.values()}
    grace = aid["programme_id"].map(counted_on).fillna(_MONTHS_WITHOUT_RULES).to_numpy(dtype="float64")
    aid["months_since"] = pd.Series(np.maximum(now - end, 0), dtype="Float64").where(start <= now).astype("Int64")
    aid["current"] = np.isnan(end) | ((start <= now) & (end + grace >= now))
    return aid


def months_of(period: pd.Series) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """First and last month of periods such as 2026-07/2026-09, as year x 12 + month; NaN where there is no such period."""
    place, distinct = pd.factorize(period)
    known = pd.Series(distinct, dtype=TEXT)
    known = known.where(known.str.fullmatch(r"\d{4}-\d{2}/\d{4}-\d{2}").fillna(False))
    bounds = []
    for first in (0, 8):
        year = pd.to_numeric(known.str.slice(first, first + 4)).to_numpy(dtype="float64", na_value=np.nan)
        month = pd.to_numeric(known.str.slice(first + 5, first + 7)).to_numpy(dtype="float64", na_value=np.nan)
        bounds.append(np.append(year * 12 + month, np.nan)[place])
    return bounds[0], bounds[1]
