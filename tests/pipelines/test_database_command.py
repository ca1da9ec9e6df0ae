"""`padan database`. Mistakes prevented: a command that fails on the database that an office has, or says that all is well when it is not."""

from __future__ import annotations

import re
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

import openpyxl
import pytest
from alembic import command
from click.testing import CliRunner, Result
from sqlalchemy import inspect, text

from pipelines.cli import cli
from publishing.database import _config, check, head, open_engine, writing
from schemas.views.dictionary import dictionary_page

sys.path.insert(0, str(Path(__file__).parents[1] / "publishing"))
from publishing_frames import make_state, receiving_without_rule
from publishing_runs import publish_audited


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgis"))])
def url(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    found = server.new_database() if server else f"sqlite:///{tmp_path / 'padan.sqlite'}"
    for name, value in {"PADAN_HOME": str(tmp_path / "home"), "PADAN_DATABASE_URL": found, "PADAN_LANGUAGE": "id"}.items():
        monkeypatch.setenv(name, value)
    yield found
    if server:
        server.drop(found)


def padan(*arguments: str) -> Result:
    return CliRunner().invoke(cli, ["database", *arguments])


def publish(url: str, *states: dict[str, object]) -> None:
    engine = open_engine(url)
    for state in states:
        publish_audited(engine, state)
    engine.dispose()


def counted(output: str) -> dict[str, int]:
    lines = re.findall(r"^ *([0-9.,]+)  (\S.*)$", output, flags=re.MULTILINE)
    return {words: int(re.sub(r"\D", "", number)) for number, words in lines if re.sub(r"\D", "", number) != "0"}


def test_changes_between_the_last_two_publications(url: str, tmp_path: Path) -> None:
    """Counts on the screen, names in a workbook that its owner alone may read."""
    publish(url, make_state(10), receiving_without_rule(make_state(12), 3, "mitra_mapan"))
    shown = padan("changes")
    assert shown.exit_code == 0, shown.output
    assert counted(shown.output) == {
        "keluarga baru miskin": 2,
        "keluarga baru dalam data": 2,
        "orang baru dalam data": 6,
        "program mulai diterima": 2,
    }
    path = Path(shown.output.splitlines()[-1])
    assert path == tmp_path / "home" / "changes" / "perubahan_1_2.xlsx"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    listed = openpyxl.load_workbook(path).worksheets[1]
    assert listed.max_row == 1 + 12
    assert "SITI" not in shown.output, "the screen counts, it does not name"


def test_changes_of_named_publications_and_in_english(url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADAN_LANGUAGE", "en")
    publish(url, make_state(10), make_state(12), make_state(11))
    assert counted(padan("changes", "1", "3", "--out", str(tmp_path / "a.xlsx")).output)["families new in the data"] == 1
    assert counted(padan("changes", "2", "3", "--out", str(tmp_path / "b.xlsx")).output)["families that left the data"] == 1
    assert (tmp_path / "a.xlsx").exists()


@pytest.mark.parametrize(("arguments", "says"), [(("1", "9"), "9"), (("2", "1"), "lebih lama"), (("1", "1"), "lebih lama")])
def test_changes_that_nobody_can_tell(url: str, arguments: tuple[str, ...], says: str) -> None:
    publish(url, make_state(10), make_state(12))
    shown = padan("changes", *arguments)
    assert shown.exit_code == 2
    assert says in shown.output


def test_changes_before_there_are_two_publications(url: str) -> None:
    publish(url, make_state(10))
    assert padan("changes").exit_code == 2


def test_an_office_upgrades_what_it_has(url: str) -> None:
    """An old database is refused by name of the command; check says so too; upgrade keeps what is in it; then all is well."""
    engine = open_engine(url)
    with writing(engine) as connection:
        config = _config()
        config.attributes["connection"] = connection
        command.upgrade(config, "0003")
        connection.execute(
            text(
                "INSERT INTO publication (number, as_of, published_at, content_hash, data_hash, table_hashes, code_version, inputs, counts, "
                "rows_written) VALUES (1, '2026-10-01', '2026-10-02 08:00:00', 'x', 'x', '{}', '1', '{}', '{}', 1)"
            )
        )
        connection.execute(
            text(
                "INSERT INTO person (person_id, name, register_status, family_id, row_hash, valid_from) "
                "VALUES ('P1', 'SITI', 'registered', 'F1', 1, 1)"
            )
        )
    old = padan("check")
    assert old.exit_code == 2
    assert "padan database upgrade" in old.output
    assert "0003" in old.output
    upgraded = padan("upgrade")
    assert upgraded.exit_code == 0, upgraded.output
    assert upgraded.output == f"skema {head()}\n"
    well = padan("check")
    assert (well.exit_code, well.output) == (0, "basis data utuh dan mutakhir\n")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT name FROM v1_person_full")).scalars().all() == ["SITI"]
    assert publish_audited(engine, make_state(5)).number == 2
    engine.dispose()


def test_a_database_that_somebody_tidied_up(url: str) -> None:
    publish(url, make_state(5))
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW v1_person"))
        connection.execute(text("DROP VIEW v1_house"))
    shown = padan("check")
    assert shown.exit_code == 2
    assert shown.output.splitlines() == ["view v1_house is missing", "view v1_person is missing"]
    assert padan("upgrade").exit_code == 0
    assert check(engine) == []
    engine.dispose()


def test_a_view_of_another_version_is_found(url: str) -> None:
    """Prevents a database whose views lack the newest columns from passing as up to date."""
    publish(url, make_state(5))
    engine = open_engine(url)
    with engine.begin() as connection:
        connection.execute(text("DROP VIEW v1_dci_group"))
        connection.execute(text("CREATE VIEW v1_dci_group AS SELECT family_id AS group_identifier FROM family"))
    shown = padan("check")
    assert shown.exit_code == 2
    assert "column v1_dci_group.group_type is missing" in shown.output.splitlines()
    assert padan("upgrade").exit_code == 0
    assert "group_type" in {column["name"] for column in inspect(engine).get_columns("v1_dci_group")}
    engine.dispose()


def test_the_dictionary_on_the_screen_and_in_a_file(tmp_path: Path) -> None:
    shown = padan("dictionary")
    assert shown.output.startswith(dictionary_page())
    assert "# Which source wins" in shown.output
    assert padan("dictionary", "--out", str(tmp_path / "kamus.md")).output == f"{tmp_path / 'kamus.md'}\n"
    assert (tmp_path / "kamus.md").read_text(encoding="utf-8") == shown.output
