"""What changed between two publications, and the state of an earlier one."""

from __future__ import annotations

from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from publishing_frames import make_state, receiving_without_rule
from publishing_runs import prepared_state, publish_audited
from sqlalchemy import Engine, text

from publishing.change_report import KINDS, change_report
from publishing.change_workbook import write_change_workbook
from publishing.errors import NoSuchPublication
from publishing.history import STATE_AS_OF, state_as_of
from publishing.language import Language

State = dict[str, pd.DataFrame]


def next_quarter(state: State) -> State:
    """Each kind of change once, in a family of its own; families 12 and 13 are new, as make_state numbers them."""
    after = {name: frame.copy() for name, frame in make_state(14).items()}
    families, persons, decisions = after["families"], after["persons"], after["programme_eligibility"]
    families.loc[5, ["decile", "poverty_status", "is_poor"]] = [2, "poor", True]
    families.loc[0, ["decile", "poverty_status", "is_poor"]] = [9, "not_poor", False]
    families.loc[6, ["area_code", "address"]] = ["35.10.16.1001", "JL. BARU"]
    persons.loc[7 * 3 + 1, "vital_status"] = "dead"
    persons.loc[8 * 3 + 1, "residence"] = "moved"
    persons.loc[9 * 3 + 1, "family_id"] = families.loc[10, "family_id"]
    pkh = decisions["programme_id"] == "pkh"
    of = decisions["family_id"].map(dict(zip(families["family_id"], families.index, strict=True)))
    decisions.loc[pkh & (of == 2), "status"] = "receiving"
    decisions.loc[pkh & (of == 1), "status"] = "eligible"
    return after


def test_every_kind_of_change_is_counted(engine: Engine) -> None:
    """Prevents a change report that says `changed: 12`, from which nobody learns whom to visit."""
    state = make_state(12)
    publish_audited(engine, state)
    publish_audited(engine, next_quarter(state))
    report = change_report(engine, 1, 2)
    counts = {kind: count for kind, count in report.counts().items() if count}
    assert counts == {
        "newly_poor": 3,  # family 5, and both new ones
        "no_longer_poor": 1,
        "family_new": 2,
        "family_moved": 1,
        "person_new": 6,
        "person_died": 1,
        "person_moved_away": 1,
        "changed_family": 1,
        "programme_gained": 1,
        "programme_lost": 1,
    }
    rows = report.changes.set_index("kind")
    assert rows.loc["no_longer_poor", ["entity_id", "before", "after"]].tolist() == [
        state["families"].loc[0, "family_id"],
        "extreme_poor",
        "not_poor",
    ]
    assert rows.loc["programme_lost", ["entity", "before"]].tolist() == ["family", "pkh"]
    assert rows.loc["family_moved", ["name", "area_code"]].tolist() == ["SITI 0000018", "35.10.16.1001"]
    assert rows.loc["person_died", "name"] == "SITI 0000022"
    backwards = make_state(12)
    publish_audited(engine, backwards)
    again = change_report(engine, 2, 3).counts()
    assert (again["family_left"], again["person_left"], again["programme_gained"]) == (2, 6, 1)
    over_both = change_report(engine, 1, 3)
    assert over_both.changes.empty, "what was undone in between is no change"


def test_programmes_without_rules_begin_and_end(engine: Engine) -> None:
    """Prevents help that comes as a list alone from being passed over: families 3 and 4 are on it, then 4 and 5."""
    before, after = make_state(12), make_state(12)
    for number in (3, 4):
        before = receiving_without_rule(before, number, "mitra_mapan")
    for number in (4, 5):
        after = receiving_without_rule(after, number, "mitra_mapan")
    publish_audited(engine, before)
    publish_audited(engine, after)
    report = change_report(engine, 1, 2)
    assert {kind: count for kind, count in report.counts().items() if count} == {"programme_gained": 1, "programme_lost": 1}
    rows = report.changes.set_index("kind")
    families = make_state(12)["families"]["family_id"]
    assert rows.loc["programme_gained", ["entity", "entity_id", "after"]].tolist() == ["family", families[5], "mitra_mapan"]
    assert rows.loc["programme_lost", ["entity", "entity_id", "before"]].tolist() == ["family", families[3], "mitra_mapan"]


def test_a_renewed_card_is_neither_a_family_that_left_nor_a_new_one(engine: Engine) -> None:
    state = make_state(12)
    publish_audited(engine, state)
    old = state["families"].loc[4, "family_id"]
    kept = ("areas", "programmes", "population", "social_records", "register_records", "links")
    after = {
        name: frame
        if name in kept
        else frame.assign(**{c: frame[c].replace({old: "Fnew"}) for c in ("family_id", "entity_id") if c in frame})
        for name, frame in state.items()
    }
    publish_audited(engine, after)
    counts = {kind: count for kind, count in change_report(engine, 1, 2).counts().items() if count}
    assert counts == {"alias": 1, "changed_family": 3}


def test_the_workbook_shows_counts_and_rows(engine: Engine, tmp_path: Path) -> None:
    state = make_state(12)
    publish_audited(engine, state)
    publish_audited(engine, next_quarter(state))
    report = change_report(engine, 1, 2)
    for language in ("id", "en"):
        write_change_workbook(report, tmp_path / f"{language}.xlsx", Language.of(language))
        book = openpyxl.load_workbook(tmp_path / f"{language}.xlsx")
        summary, listed = book.worksheets
        assert summary.max_row == len(KINDS) + 3
        assert ("data pribadi" if language == "id" else "personal data") in summary.cell(len(KINDS) + 3, 1).value
        assert listed.max_row == len(report.changes) + 1
        shown = {str(cell.value) for row in listed.iter_rows(min_row=2) for cell in row if cell.value is not None}
        assert not shown & {"person", "not_poor", "near_poor", "extreme_poor", "unknown"} - ({"person"} if language == "en" else set())
        assert [cell.value for cell in summary[2]] == [KINDS["newly_poor"][language == "en"], report.counts()["newly_poor"]]


def test_publications_that_there_are_not(engine: Engine) -> None:
    publish_audited(engine, prepared_state(12))
    for first, last in ((1, 2), (0, 1), (1, 1)):
        with pytest.raises(NoSuchPublication):
            change_report(engine, first, last)
    with pytest.raises(NoSuchPublication):
        state_as_of(engine, "person", 7)


def test_the_state_of_an_earlier_publication(engine: Engine) -> None:
    """Prevents history that keeps versions from which no state can be put together again."""
    editions = [make_state(12), next_quarter(make_state(12)), make_state(9, edition=2)]
    for state in editions:
        publish_audited(engine, state)
    for number, state in enumerate(editions, start=1):
        for table, frame, key in (("person", "persons", "person_id"), ("family", "families", "family_id"), ("house", "houses", "house_id")):
            stored = state_as_of(engine, table, number).set_index(key)
            given = state[frame].set_index(key)
            assert sorted(stored.index) == sorted(given.index), (number, table)
            column = {"person": "name", "family": "address", "house": "floor"}[table]
            assert stored[column].sort_index().tolist() == given[column].sort_index().tolist()
        with engine.connect() as connection:
            decided = connection.execute(text(STATE_AS_OF.format(table="eligibility")), {"publication": number}).fetchall()
        assert len(decided) == len(state["programme_eligibility"])
    with pytest.raises(KeyError, match="no history"):
        state_as_of(engine, "person_link", 1)
