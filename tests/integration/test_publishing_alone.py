"""A job that selects the publishing asset alone, on frames that an earlier run left: the real Dagster job, on both engines.

Mistakes prevented: data that nobody audited reaches other systems because the gate stood in another run; a value that a failing
publication leaves in Dagster's storage, in a log or on the screen.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import dagster as dg
import pandas as pd
import pytest
from leak_search import search_leaks
from sqlalchemy import Connection, Engine, text

import assets.publication as publishing_asset
from pipelines.dagster_stores import engines_kept, seldom_synced
from pipelines.definitions import build_defs
from pipelines.settings import Settings
from publishing import publication
from publishing.audit import Audit
from publishing.database import open_engine

CANARY = "3510016503870042"
BOTH = {"sqlite", "postgresql"}
ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgis"))]


@dataclass
class Office:
    """The home of an office whose first run has left its frames, and a database that is still empty."""

    home: Path
    url: str
    instance: dg.DagsterInstance

    @property
    def engine(self) -> Engine:
        return open_engine(self.url)

    def publish_alone(self) -> dg.ExecuteInProcessResult:
        """Execute the job that consists of the publishing asset."""
        settings = Settings(home=self.home, database_url=self.url, user="tester", language="id")
        alone = dg.define_asset_job("publish_alone", selection=["unified_database"])
        definitions = dg.Definitions.merge(build_defs(settings), dg.Definitions(jobs=[alone]))
        return definitions.resolve_job_def("publish_alone").execute_in_process(instance=self.instance, raise_on_error=False)

    def numbers(self) -> list[int]:
        """The publications in the database, also where it has no tables yet."""
        engine = self.engine
        with engine.connect() as connection:
            if not engine.dialect.has_table(connection, "publication"):
                return []
            return list(connection.execute(text("SELECT number FROM publication ORDER BY number")).scalars())

    def change(self, name: str, how: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
        """Change a frame behind the back of the job."""
        path = self.home / "frames" / f"{name}.parquet"
        how(pd.read_parquet(path, dtype_backend="pyarrow")).to_parquet(path, index=False)


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    """A Dagster that keeps nothing: its stores on disk cost more than the publication."""
    with dg.DagsterInstance.ephemeral() as made:
        yield made


@pytest.fixture
def kept_instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    """A Dagster with stores on disk, in which a value could be found again."""
    (tmp_path / "dagster").mkdir()
    with seldom_synced(tmp_path / "dagster"), dg.instance_for_test(temp_dir=str(tmp_path / "dagster")) as made, engines_kept(made):
        yield made


@pytest.fixture(params=ENGINES)
def office(two_runs: Any, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    home = tmp_path / "home"
    shutil.copytree(two_runs.place.home, home)
    for file in home.glob("padan.sqlite*"):
        file.unlink()
    server = request.getfixturevalue("postgres_server") if request.param == "postgresql" else None
    url = server.new_database() if server else f"sqlite:///{home / 'padan.sqlite'}"
    yield Office(home, url, request.getfixturevalue("kept_instance" if "kept_instance" in request.fixturenames else "instance"))
    if server:
        server.drop(url)


def audit_of(result: dg.ExecuteInProcessResult) -> dg.AssetCheckEvaluation:
    evaluations = result.get_asset_check_evaluations()
    assert len(evaluations) == 1
    return evaluations[0]


def test_audited_data_is_published_once(office: Office) -> None:
    result = office.publish_alone()
    assert result.success
    assert audit_of(result).passed
    assert office.numbers() == [1]
    assert office.publish_alone().success
    assert office.numbers() == [1], "nothing changed, so nothing was published"


def without_first(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[1:]


def unproven(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.assign(holds=False)


def emptied(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.iloc[:0]


@pytest.mark.parametrize(
    ("frame", "how", "check"),
    [
        pytest.param("links", without_first, "links", id="a mention without a link"),
        pytest.param("persons", without_first, "references", id="a family without its head"),
        pytest.param("conservation/dinsos_pkh", unproven, "row_conservation", id="rows that were lost"),
        pytest.param("population", emptied, "population", id="no residents"),
    ],
)
def test_what_does_not_pass_is_not_published(office: Office, frame: str, how: Callable[[pd.DataFrame], pd.DataFrame], check: str) -> None:
    """The gate of the whole job passed on other data; what counts is the data that is there now."""
    office.change(frame, how)
    result = office.publish_alone()
    evaluation = audit_of(result)
    assert not evaluation.passed
    assert evaluation.blocking
    assert int(evaluation.metadata[check].value) > 0
    assert office.numbers() == []


def test_an_audit_of_other_data_publishes_nothing(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the asset says, the publishing function itself asks for the audit of exactly this data."""
    really = publishing_asset.audit_state

    def audited_elsewhere(*arguments: Any) -> Audit:
        return replace(really(*arguments), data_hash="0" * 64)

    monkeypatch.setattr(publishing_asset, "audit_state", audited_elsewhere)
    result = office.publish_alone()
    assert not result.success
    failures = [event.step_failure_data.error.to_string() for event in result.get_step_failure_events()]
    assert "This is not the data that was audited" in failures[0]
    assert office.numbers() == []


def one_id_twice(persons: pd.DataFrame) -> pd.DataFrame:
    ids = persons["person_id"].tolist()
    ids[0] = ids[1] = CANARY
    return persons.assign(person_id=pd.array(ids, dtype="string[pyarrow]"))


def named(value: str) -> Callable[[pd.DataFrame], pd.DataFrame]:
    def change(persons: pd.DataFrame) -> pd.DataFrame:
        names = persons["name"].tolist()
        names[0] = value
        return persons.assign(name=pd.array(names, dtype="string[pyarrow]"))

    return change


def as_text(persons: pd.DataFrame) -> pd.DataFrame:
    return persons.assign(pregnant=pd.array([CANARY + "x"] * len(persons), dtype="string[pyarrow]"))


def lose_connection(connection: Connection, *_: object) -> None:
    """The server ends the session; on SQLite the disk is full from now on."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_terminate_backend(pg_backend_pid())")
    pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
    connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")
    connection.exec_driver_sql("CREATE TABLE much AS SELECT p.* FROM person AS p, area AS a")


def spoken(office: Office, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> str:
    """All that was printed or logged, and what Dagster keeps must be silent too."""
    storage = Path(office.instance.root_directory)
    assert any(path.suffix == ".db" for path in storage.rglob("*"))
    assert search_leaks([storage], [CANARY]) == []
    printed = capfd.readouterr()
    return printed.out + printed.err + caplog.text


FAILURES = [
    pytest.param(one_id_twice, None, "database error", BOTH, id="unique violation"),
    pytest.param(named(CANARY + "\x00"), None, "database error 22021", {"postgresql"}, id="COPY refuses a text that SQLite keeps"),
    pytest.param(as_text, None, "StateError", BOTH, id="a value of the wrong type"),
    pytest.param(named(CANARY), lose_connection, "database error", BOTH, id="connection lost, disk full"),
]


@pytest.mark.usefixtures("kept_instance")
@pytest.mark.parametrize(("how", "on_the_way", "says", "fails_on"), FAILURES)
def test_no_failure_leaves_a_number_behind(
    office: Office,
    monkeypatch: pytest.MonkeyPatch,
    capfd: pytest.CaptureFixture[str],
    caplog: pytest.LogCaptureFixture,
    how: Callable[[pd.DataFrame], pd.DataFrame],
    on_the_way: Callable[..., None] | None,
    says: str,
    fails_on: set[str],
) -> None:
    """A NIK in the data, and the database refuses: 0 hits in errors, logs, metadata, Dagster's storage."""
    caplog.set_level(logging.DEBUG)
    really = publishing_asset.audit_state
    monkeypatch.setattr(publishing_asset, "audit_state", lambda *arguments: replace(really(*arguments), findings=()))
    if on_the_way:
        monkeypatch.setattr(publication, "settle_cases", on_the_way)
    office.change("persons", how)
    result = office.publish_alone()
    failures = "".join(event.step_failure_data.error.to_string() for event in result.get_step_failure_events())
    if office.engine.dialect.name in fails_on:
        assert says in failures
        assert office.numbers() == []
    else:
        assert result.success
    assert CANARY not in spoken(office, capfd, caplog)


@pytest.mark.usefixtures("kept_instance")
def test_a_planted_number_is_found(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same search, on a publication that writes a NIK into its metadata: it is not green for nothing."""
    really = publishing_asset.audit_state
    monkeypatch.setattr(publishing_asset, "audit_state", lambda *arguments: replace(really(*arguments), content_hash=CANARY))
    assert office.publish_alone().success
    assert search_leaks([Path(office.instance.root_directory)], [CANARY])
