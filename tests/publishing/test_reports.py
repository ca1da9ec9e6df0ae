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


def test_a_report_about_somebody_unnamed_stands_in_the_table_and_is_about_nobody(engine: Engine) -> None:
    """Only the caller has a record then: the report was lost, or would have been about the caller."""
    state = make_state(6)
    records = state["social_records"]
    of_reports = records.index.isin([3, 4, 5])
    records.loc[of_reports, "role"] = "reports"
    records.loc[[3, 4], "mention"] = "caller"
    records.loc[5, "mention"] = "reported"
    numbers = {3: "T-2", 4: "T-1", 5: "T-1"}  # the fourth called about the fifth
    records["report_number"] = pd.Series([numbers.get(row) for row in records.index], dtype=records["role"].dtype)
    publish_audited(engine, state)
    with engine.connect() as connection:
        rows = connection.execute(text("SELECT record_id, person_id, house_id IS NULL FROM report")).fetchall()
    about = {record: (person, homeless) for record, person, homeless in rows}
    assert len(rows) == len(about) == 2, "each report once"
    assert about[records.loc[3, "record_id"]] == (None, True)
    assert about[records.loc[5, "record_id"]] == (state["persons"].loc[5, "person_id"], False)


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
