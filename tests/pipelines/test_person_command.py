"""`padan person`. Mistakes prevented: a NIK in the list of processes or in an error; a look that leaves no trace."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner, Result
from sqlalchemy import text

from pipelines.cli import cli
from publishing.database import open_engine
from publishing.value_origins import value_origins

sys.path.insert(0, str(Path(__file__).parents[1] / "publishing"))
from publishing_frames import make_state
from publishing_runs import publish_audited

NIK, UNKNOWN = "3510010000000004", "3510019999999999"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgis"))])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    found = server.new_database() if server else f"sqlite:///{tmp_path / 'padan.sqlite'}"
    engine = open_engine(found)
    publish_audited(engine, make_state(6))
    engine.dispose()
    for name, value in {"PADAN_HOME": str(tmp_path / "home"), "PADAN_USER": "sari", "PADAN_DATABASE_URL": found}.items():
        monkeypatch.setenv(name, value)
    yield found
    if server:
        server.drop(found)


def padan(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(cli, arguments, input=typed)


def trail(url: str) -> list[tuple[str, str, str | None, str, str | None]]:
    engine = open_engine(url)
    with engine.connect() as connection:
        query = "SELECT actor, action, entity_id, purpose, detail FROM audit_entry WHERE entity = 'person' ORDER BY entry_id"
        rows = [tuple(row) for row in connection.execute(text(query))]
    engine.dispose()
    return rows


def test_everything_held_is_shown_with_its_origin_and_the_look_is_on_the_trail(url: str) -> None:
    shown = padan("person", "--purpose", "permohonan warga", typed=f"{NIK}\n")
    assert shown.exit_code == 0, shown.output
    state = make_state(6)
    person_id = state["persons"].loc[4, "person_id"]
    assert "name=SITI 0000004" in shown.output
    assert (
        "source=dukcapil_population  delivery_id=dukcapil_population/2026-09-30  file=penduduk.xlsx  sheet=Data Penduduk  row=6"
        in shown.output
    )
    assert "file=dtsen_2026_q3.xlsx" in shown.output
    assert "attribute=decile  value=2" in shown.output
    assert "cell=D5" in shown.output
    assert "programme_id=pbi_jkn  status=eligible" in shown.output
    assert trail(url) == [("sari", "look_up", person_id, "permohonan warga", None)]
    assert padan("person", "--purpose", "x", "--id", person_id).exit_code == 0


def disputed_state() -> dict[str, pd.DataFrame]:
    """Person 4's name is disputed by an office, and whether they work was said by one record and denied by another."""
    state = make_state(6)
    persons, records = state["persons"], state["social_records"]["record_id"]
    persons.loc[4, "works"] = True
    state["persons"] = persons.assign(office_record=records.array)
    rows = [
        ("name", "SITI EMPAT", "dinsos_dtsen", records[4], "C6", False),
        ("works", "true", "dinsos_dtsen", records[4], "K6", True),
        ("works", "false", "dinsos_dtsen", records[5], "K7", False),
    ]
    columns = ["attribute", "value", "source", "record_id", "cell", "used"]
    added = pd.DataFrame(rows, columns=columns).assign(entity="person", entity_id=persons.loc[4, "person_id"])
    state["attribute_sources"] = pd.concat([state["attribute_sources"], added], ignore_index=True)
    return state


def test_each_value_says_where_it_came_from_and_what_others_said(url: str) -> None:
    """Prevents an officer from seeing a value without being able to say who stated it, and who states otherwise."""
    engine = open_engine(url)
    publish_audited(engine, disputed_state())
    shown = padan("person", "--purpose", "permohonan warga", typed=f"{NIK}\n").output
    lines = {line.split()[0]: line for line in shown.splitlines() if line.startswith("  attribute=") and "value=" in line}
    name, works, born = (lines[f"attribute={column}"] for column in ("name", "works", "birth_date"))
    assert "value=SITI 0000004  source=dukcapil_population" in name
    assert "sheet=Data Penduduk  row=6  others=dinsos_dtsen: SITI EMPAT (dtsen_2026_q3.xlsx, 6, C6)" in name
    assert "source=dinsos_dtsen" in works
    assert "row=6  cell=K6  others=dinsos_dtsen: false (dtsen_2026_q3.xlsx, 7, K7)" in works
    assert "source=dukcapil_population" in born
    assert "others" not in born
    with engine.connect() as connection:
        person_id = make_state(6)["persons"].loc[4, "person_id"]
        origins = value_origins(connection, person_id)
        assert value_origins(connection, "nobody") == []
    engine.dispose()
    held = [row for row in origins if row["value"] is not None]
    assert len(held) > 10
    assert all(row["source"] and row["file"] and row["row"] for row in held), "a value without an origin"


def test_the_nik_may_stand_in_a_file(url: str, tmp_path: Path) -> None:
    (tmp_path / "nik.txt").write_text(f" {NIK}\n", encoding="utf-8")
    assert "SITI 0000004" in padan("person", "--purpose", "x", "--file", str(tmp_path / "nik.txt")).output


def test_somebody_of_whom_nothing_is_held(url: str) -> None:
    """Nothing is held: that is said, it was asked, and the number is repeated nowhere."""
    shown = padan("person", "--purpose", "permohonan warga", typed=f"{UNKNOWN}\n")
    assert shown.exit_code != 0
    assert UNKNOWN not in shown.output
    assert trail(url) == [("sari", "look_up", None, "permohonan warga", '{"found": false}')]


@pytest.mark.parametrize("wrong", ["351001", "35100100000000040", "SITI"])
def test_what_is_no_nik_is_refused_without_being_repeated(url: str, wrong: str) -> None:
    shown = padan("person", "--purpose", "x", typed=f"{wrong}\n")
    assert shown.exit_code != 0
    assert wrong not in shown.output
    assert trail(url) == []


def test_a_nik_as_an_argument_is_refused(url: str) -> None:
    assert padan("person", "--purpose", "x", "--id", NIK).exit_code != 0
    assert padan("person", NIK).exit_code != 0
    assert trail(url) == []
