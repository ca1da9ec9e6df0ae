"""Deciding who is eligible for what, with a reason for every criterion."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

import numpy as np
import pandas as pd

from eligibility.conditions import evaluate
from eligibility.overlaps import aid_with_levels, barred, receiving
from eligibility.reasons import reasons_of
from eligibility.three_valued import Flags, Truth, all_of
from eligibility.units import UnitTable, family_units, house_units, person_units
from schemas.canonical import TEXT
from schemas.programmes import Programme, ProgrammeBook

ELIGIBILITY_COLUMNS = (
    *("programme_id", "unit", "person_id", "family_id", "house_id", "status", "reasons", "rule_version"),
    *("qualifies", "priority"),
)
STATUSES = ("eligible", "ineligible", "unknown", "receiving", "blocked_by_overlap")
_IDS = ("person_id", "family_id", "house_id")


def decide(
    book: ProgrammeBook,
    family_facts: pd.DataFrame,
    persons: pd.DataFrame,
    houses: pd.DataFrame,
    aid_received: pd.DataFrame,
    *,
    as_of: dt.date,
) -> pd.DataFrame:
    """One row per programme and unit (ELIGIBILITY_COLUMNS), by programme, in the order of the units; only the unit's own id is given.

    The status says, in this order: `receiving` (gets it now, deserved or not), `ineligible` (a criterion fails), `blocked_by_overlap`
    (gets what excludes it), `unknown` (a criterion is unknown), `eligible`. `qualifies`: whether all criteria are met, whatever is
    received; `priority`: 1 comes first. Units outside a programme's scope have no row unless they receive it. Of programmes without
    rules there are rows for those who receive them, without reasons: whoever gets something is on record, whatever is written down.
    """
    aid = aid_with_levels(aid_received, persons, family_facts)
    tables: Mapping[str, UnitTable] = {
        "family": family_units(family_facts),
        "person": person_units(persons, family_facts, as_of),
        "house": house_units(houses, family_facts),
    }
    decided = [_decide_programme(programme, book, tables[programme.unit], aid) for programme in book.programmes.values()]
    without_rules = sorted(set(aid["programme_id"].dropna().unique()) - set(book.programmes))
    decided += [_recipients(programme_id, tables, aid) for programme_id in without_rules]
    return _together(decided)


def _decide_programme(programme: Programme, book: ProgrammeBook, units: UnitTable, aid: pd.DataFrame) -> pd.DataFrame:
    receives = receiving(units, aid, programme.id)
    overlaps = book.overlaps_of(programme.id)
    criteria = [evaluate(criterion.condition, units.column) for criterion in programme.criteria]
    not_barred = [Truth.known(~barred(units, aid, overlap)) for overlap in overlaps]
    met = all_of(criteria)
    blocked = ~all_of(not_barred).holds if overlaps else np.zeros(len(units), dtype=bool)
    decided = pd.DataFrame(
        {
            "unit_id": units.ids[f"{programme.unit}_id"].array,
            "status": _status(receives, met, blocked),
            "reasons": reasons_of([*programme.criteria, *overlaps], [*criteria, *not_barred]),
            "qualifies": met.to_series().array,
            "priority": _priority(programme, units),
        }
    )
    if programme.scope is not None:
        scope = evaluate(programme.scope, units.column)
        in_scope = (scope.holds if programme.unknown_is_outside_scope else ~scope.fails) | receives
        decided = decided[in_scope].reset_index(drop=True)
    return decided.assign(programme_id=programme.id, unit=programme.unit, rule_version=programme.rule_version)


def _recipients(programme_id: str, tables: Mapping[str, UnitTable], aid: pd.DataFrame) -> pd.DataFrame:
    """Those who get a programme that has no rules, whatever the unit of its lists."""
    parts = []
    for unit in sorted(set(aid.loc[aid["programme_id"] == programme_id, "unit"])):
        ids = tables[unit].ids.loc[receiving(tables[unit], aid, programme_id), f"{unit}_id"]
        parts.append(pd.DataFrame({"unit_id": ids.array, "unit": unit}))
    found = pd.concat(parts, ignore_index=True)
    return found.assign(
        programme_id=programme_id,
        status=pd.Categorical(["receiving"] * len(found), categories=list(STATUSES)),
        reasons=pd.Categorical([pd.NA] * len(found), categories=pd.Index([], dtype=object)),
        qualifies=pd.Series(pd.NA, index=found.index, dtype="boolean"),
        priority=pd.Series(pd.NA, index=found.index, dtype="Int8"),
        rule_version=pd.Series(pd.NA, index=found.index, dtype=TEXT),
    )


def _priority(programme: Programme, units: UnitTable) -> pd.Series:
    """Who comes first: 1 with all priorities, one later for each that does not hold; missing where the programme has none."""
    if not programme.priority:
        return pd.Series(pd.NA, index=range(len(units)), dtype="Int8")
    holding = np.sum([evaluate(criterion.condition, units.column).holds for criterion in programme.priority], axis=0)
    return pd.Series(1 + len(programme.priority) - holding, dtype="Int8")


def _status(receives: Flags, met: Truth, blocked: Flags) -> pd.Categorical[str]:
    codes = np.select([receives, met.fails, blocked, met.unknown], [3, 1, 4, 2], default=0)
    return pd.Categorical(np.asarray(STATUSES, dtype=object)[codes], categories=list(STATUSES))


def _together(decided: list[pd.DataFrame]) -> pd.DataFrame:
    """One frame; the reasons stay categories, since as plain text they would take a gigabyte."""
    reasons = pd.api.types.union_categoricals([part["reasons"] for part in decided])
    result = pd.concat([part.drop(columns="reasons") for part in decided], ignore_index=True)
    for column in _IDS:
        result[column] = result["unit_id"].where(result["unit"] + "_id" == column).astype(TEXT)
    result["reasons"] = reasons.remove_unused_categories()
    result = result.astype({"programme_id": TEXT, "unit": TEXT, "status": TEXT, "rule_version": TEXT})
    return result[list(ELIGIBILITY_COLUMNS)]
