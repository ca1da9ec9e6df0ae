"""The database as a file: who may read it, how it comes about, what happens to old and newer ones."""

from __future__ import annotations

import stat
import subprocess
from pathlib import Path

import pytest
from publishing_runs import prepared_state, publish_audited
from sqlalchemy import Engine, make_url, text

from publishing.database import check, head, open_engine, ready_database, upgrade
from publishing.errors import OldDatabase

ON_SQLITE = pytest.mark.parametrize("engine_name", ["sqlite"], indirect=True)


@ON_SQLITE
def test_only_the_owner_reads_the_file(empty_url: str, empty_engine: Engine) -> None:
    """Prevents a database of personal data that every user of the machine can read; its log counts too."""
    folder = Path(make_url(empty_url).database or "").parent
    met: dict[str, set[int]] = {}

    def look_at_files(_step: str) -> None:
        for file in folder.iterdir():
            met.setdefault(file.name, set()).add(stat.S_IMODE(file.stat().st_mode))

    publish_audited(empty_engine, prepared_state(10), on_step=look_at_files)
    with empty_engine.connect() as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar() == "wal"
        connection.execute(text("SELECT 1 FROM publication")).all()
        look_at_files("read")
    assert set(met) == {f"padan.sqlite{part}" for part in ("", "-journal", "-wal", "-shm")}
    assert {mode for modes in met.values() for mode in modes} == {0o600}


@pytest.mark.parametrize("found", ["0000", None], ids=["older", "no version"])
def test_an_old_database_is_refused_and_the_command_named(empty_engine: Engine, found: str | None) -> None:
    """Prevents a run from writing into a schema that it does not know."""
    with empty_engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)"))
        connection.execute(text("CREATE TABLE person (nik TEXT)"))
    if found:
        with empty_engine.begin() as connection:
            connection.execute(text("INSERT INTO alembic_version VALUES ('0001')"))
            connection.execute(text("UPDATE alembic_version SET version_num = '0001'"))
            connection.execute(text("DELETE FROM alembic_version"))
    with pytest.raises(OldDatabase, match="padan database upgrade"):
        publish_audited(empty_engine, prepared_state(5))


def test_a_newer_database_is_refused(engine: Engine) -> None:
    ready_database(engine)
    with engine.begin() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(OldDatabase, match="newer Padan"):
        publish_audited(engine, prepared_state(5))
    assert check(engine) != []


def test_upgrading_twice_changes_nothing_and_keeps_the_data(engine: Engine) -> None:
    publish_audited(engine, prepared_state(10))
    assert upgrade(engine) == head()
    assert check(engine) == []
    with engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM v1_dci_group")).scalar() == 10


def test_the_first_schema_is_upgraded_with_its_data(empty_engine: Engine) -> None:
    """Prevents a migration that works on an empty database alone: offices upgrade the one that they have."""
    from alembic import command

    from publishing.database import _config, writing

    with writing(empty_engine) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
        connection.execute(
            text(
                "INSERT INTO publication (number, as_of, published_at, content_hash, data_hash, table_hashes, code_version, inputs, counts, "
                "rows_written) VALUES (1, '2026-10-01', '2026-10-02 08:00:00', 'x', 'x', '{}', '1', '{}', '{}', 3)"
            )
        )
        for number in range(3):
            connection.execute(
                text(
                    "INSERT INTO person (person_id, name, register_status, family_id, row_hash, valid_from) "
                    "VALUES (:id, 'SITI', 'registered', 'F1', :hash, 1)"
                ),
                {"id": f"P{number}", "hash": number},
            )
        connection.execute(
            text(
                "INSERT INTO family (family_id, register_status, poverty_status, is_poor, row_hash, valid_from) "
                "VALUES ('F1', 'registered', 'poor', true, 1, 1)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO house (house_id, latitude, longitude, position_precision, row_hash, valid_from) "
                "VALUES ('H1', -8.2, 114.3, 'gps', 1, 1)"
            )
        )
    with pytest.raises(OldDatabase):
        ready_database(empty_engine)
    assert upgrade(empty_engine) == head()
    assert check(empty_engine) == []
    with empty_engine.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM v1_person_full WHERE name = 'SITI'")).scalar_one() == 3
        assert connection.execute(text("SELECT poverty_status FROM v1_poor_family")).scalars().all() == ["poor"]
        if empty_engine.dialect.name == "postgresql":
            assert connection.execute(text("SELECT ST_AsText(location) FROM v1_house_map")).scalar_one() == "POINT(114.3 -8.2)"
    assert publish_audited(empty_engine, prepared_state(5)).number == 2


def test_a_missing_view_table_or_column_is_found(engine: Engine) -> None:
    """Prevents `padan database check` from saying that all is well when somebody tidied up."""
    ready_database(engine)
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW v1_person"))
        connection.execute(text("DROP VIEW v1_house"))
    assert check(engine) == ["view v1_house is missing", "view v1_person is missing"]
    upgrade(engine)
    assert check(engine) == []


@ON_SQLITE
@pytest.mark.needs("sqlite shell")
def test_the_sqlite_shell_reads_it(database_url: str, engine: Engine) -> None:
    """Prevents a view that only our own library can read."""
    publish_audited(engine, prepared_state(10))
    path = make_url(database_url).database or ""
    shell = subprocess.run(
        ["sqlite3", "-readonly", path, "SELECT area_code, poor_families, round(poor_rate, 4) FROM v1_area_summary WHERE level = 'regency'"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert shell.stdout.strip() == "35.10|4|0.0033"


@ON_SQLITE
def test_an_existing_file_is_closed_to_others(empty_url: str) -> None:
    path = Path(make_url(empty_url).database or "")
    path.parent.mkdir(parents=True)
    path.touch(mode=0o644)
    open_engine(empty_url).dispose()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
