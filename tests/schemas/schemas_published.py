"""A published regency of 60 families, for tests of what the views show."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pandas as pd
from sqlalchemy import Engine

from publishing.audit import audit_state
from publishing.database import open_engine
from publishing.publication import publish

sys.path.insert(0, str(Path(__file__).parents[1] / "publishing"))
from publishing_frames import make_state, receiving_without_rule


@dataclass(frozen=True)
class PublishedRegency:
    """The database, and the frames that went into it."""

    engine: Engine
    state: dict[str, pd.DataFrame]


def publish_regency(
    url: str, *, without_village: Iterable[int] = (), one_member_receives: int | None = None, also_receives: Mapping[int, str] | None = None
) -> PublishedRegency:
    """Publish the test regency into an empty database, perhaps with families of unknown village, or with one who receives PBI.

    `also_receives`: families, by number, that get a programme for which no rule is written.
    """
    state = make_state(60)
    for number, programme in (also_receives or {}).items():
        state = receiving_without_rule(state, number, programme)
    state["families"].loc[list(without_village), "area_code"] = pd.NA
    if one_member_receives is not None:
        member = state["persons"].loc[one_member_receives * 3 + 2, "person_id"]
        decisions = state["programme_eligibility"]
        decisions.loc[(decisions["person_id"] == member).fillna(False), "status"] = "receiving"
    engine = open_engine(url)
    audit = audit_state(state, conservation_holds=True)
    publish(engine, state, audit=audit, as_of=date(2026, 10, 1), code_version="1", inputs={})
    return PublishedRegency(engine, state)
