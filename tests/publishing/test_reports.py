"""Reports of a call centre, and the register's row of each person, find their way into the database."""

from __future__ import annotations

import pandas as pd
from publishing_frames import make_state
from publishing_runs import publish_audited
from sqlalchemy import Engine, text


def test_a_report_is_about_the_person_reported_and_not_about_the_caller(engine: Engine) -> None:
    """Prevents a caller from standing in the table as somebody who needs help, and a report in review from naming anybody."""
    state = make_state(6)
    records = state["social_records"]
    records.loc[[3, 4], "role"] = "reports"
    records.loc[3, "mention"] = "reported"
    records.loc[4, "mention"] = "caller"
    records["report_number"] = pd.Series(["T-1" if row in {3, 4} else None for row in records.index], dtype=records["role"].dtype)
    records["reported_on"] = pd.Series([pd.Timestamp("2026-09-01") if row in {3, 4} else pd.NaT for row in records.index])
    records["report_kind"] = "lansia terlantar"
    publish_audited(engine, state)
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT channel, report_number, reported_on, kind, status, person_id, house_id FROM report")
        ).fetchall()
    assert len(rows) == 1
    channel, number, day, kind, status, person, house = rows[0]
    assert (channel, number, str(day), kind, status) == ("dinsos_dtsen", "T-1", "2026-09-01", "lansia terlantar", None)
    assert (person, house) == (state["persons"].loc[3, "person_id"], state["families"].loc[1, "house_id"])


def test_each_registered_person_has_its_row_of_the_register(engine: Engine) -> None:
    """Prevents a name or birth date in the database whose origin nobody can show."""
    state = make_state(6)
    publish_audited(engine, state)
    query = (
        "SELECT p.nik, p.register_status, r.row FROM person AS p LEFT JOIN source_record AS r ON r.record_id = p.register_record "
        "AND r.source = 'dukcapil_population'"
    )
    with engine.connect() as connection:
        rows = connection.execute(text(query)).fetchall()
    assert {(nik[-10:], row) for nik, status, row in rows if status == "registered"} == {
        (f"{row - 2:010d}", row) for _, status, row in rows if status == "registered"
    }
    assert {row for _, status, row in rows if status == "unregistered"} == {None}
