"""Targeting gaps: who should get aid and does not, who gets it and should not, who gets it twice."""

from __future__ import annotations

import json

import pandas as pd

from eligibility.overlaps import aid_with_levels
from eligibility.rows import rows_of
from schemas.canonical import TEXT
from schemas.programmes import Overlap, ProgrammeBook

GAP_COLUMNS = ("programme_id", "unit", "person_id", "family_id", "house_id", "kind", "detail")
_IDS = ("person_id", "family_id", "house_id")


def targeting_gaps(
    book: ProgrammeBook,
    programme_eligibility: pd.DataFrame,
    aid_received: pd.DataFrame,
    persons: pd.DataFrame,
    family_facts: pd.DataFrame,
) -> pd.DataFrame:
    """One row per gap (GAP_COLUMNS), by kind, in the order of the decisions and of the aid.

    eligible_not_receiving; receiving_not_eligible: `detail` holds the codes of the criteria that fail; receiving_twice: the same
    programme by two lists or payers, or two programmes that exclude each other, which `detail` names.
    """
    status, qualifies = programme_eligibility["status"], programme_eligibility["qualifies"]
    eligible = programme_eligibility[status == "eligible"].assign(kind="eligible_not_receiving")
    eligible["detail"] = pd.Series(pd.NA, index=eligible.index, dtype=TEXT)
    undeserved = programme_eligibility[(status == "receiving") & (~qualifies).fillna(False)].assign(kind="receiving_not_eligible")
    undeserved["detail"] = _failing(undeserved["reasons"])
    current = aid_received[aid_received["current"]]
    levels = aid_with_levels(current, persons, family_facts)
    twice = [_same_programme_twice(current), *(_excluded_pair(levels, overlap) for overlap in book.overlaps)]
    parts = [part[list(GAP_COLUMNS)].astype(TEXT) for part in (eligible, undeserved, *twice)]
    return pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)


def _failing(reasons: pd.Series) -> pd.Series:
    """The codes of the criteria that fail; read once from each distinct list of reasons, of which there are a few hundred."""
    codes, distinct = pd.factorize(reasons)
    failing = [" ".join(reason["code"] for reason in json.loads(text) if reason["holds"] is False) for text in distinct]
    return pd.Series(pd.array(failing, dtype=TEXT).take(codes, allow_fill=True), index=reasons.index)


def _same_programme_twice(current: pd.DataFrame) -> pd.DataFrame:
    """Units that two rows of recipients' lists pay for one period, or for which two payers pay."""
    current = current.assign(unit_id=current["person_id"].fillna(current["family_id"]).fillna(current["house_id"]))
    listed = current[current["listed"]]
    paid = listed.groupby(["programme_id", "unit_id", "period"], sort=False, dropna=False)["record_id"].transform("nunique")
    again = listed.assign(detail=paid.astype(str) + " records")[paid > 1]
    payers = current.assign(detail=current["payer"])[current["payer"].str.contains("+", regex=False).fillna(False)]
    found = pd.concat([part for part in (again, payers) if len(part)] or [again], ignore_index=True)
    return found.drop_duplicates(["programme_id", "unit_id"]).assign(kind="receiving_twice")


def _excluded_pair(levels: pd.DataFrame, overlap: Overlap) -> pd.DataFrame:
    """Units that get a programme beside another that excludes it."""
    column = f"{overlap.at}_id"
    gets = levels[levels["programme_id"] == overlap.programme].drop_duplicates(column)
    excluding = pd.Series("", index=gets.index, dtype=TEXT)
    for programme in sorted({*overlap.barred_by} - {overlap.programme}):
        also = rows_of(gets[column], levels.loc[levels["programme_id"] == programme, column]) >= 0
        excluding = excluding.where(~also, excluding + "+" + programme)
    both = excluding != ""
    result = gets[both].assign(kind="receiving_twice", detail=overlap.programme + excluding[both])
    for level in _IDS:  # the gap is the unit's own, so only its id stands
        result[level] = result[level].where(result["unit"] + "_id" == level)
    return result
