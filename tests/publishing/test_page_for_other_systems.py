"""Everything on the page for other systems is run, on both engines, as somebody would who copies it from there."""

from __future__ import annotations

import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

import pytest
from publishing_frames import make_state
from publishing_runs import prepared_state, publish_audited
from sqlalchemy import Engine, make_url, text

from schemas.views import view_names

PAGE = Path(__file__).parents[2] / "docs" / "for-other-systems.md"
ENGINES = ("sqlite", "postgresql")
GIVEN = {"kecamatan": "Kecamatan 01", "last": 1, "n": 1, "family_id": make_state(12)["families"].loc[3, "family_id"]}


class Block(NamedTuple):
    """A block of the page: its language, its text, and the only engine that it is for, if it names one."""

    language: str
    text: str
    engine: str | None


def blocks(language: str) -> list[Block]:
    found = []
    for content in re.findall(rf"^```{language}\n(.*?)^```", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL):
        first, _, rest = content.partition("\n")
        engine = first.removeprefix("-- ").strip()
        found.append(Block(language, rest, engine) if engine in ENGINES else Block(language, content, None))
    return found


@pytest.fixture
def published(engine: Engine) -> Engine:
    """Two publications: families leave, and names change."""
    publish_audited(engine, prepared_state(12))
    publish_audited(engine, prepared_state(9, edition=2))
    return engine


def test_the_page_has_something_to_run() -> None:
    assert len(blocks("sql")) >= 12
    assert {block.engine for block in blocks("sql")} == {None, *ENGINES}
    assert {block.engine for block in blocks("console")} == set(ENGINES)
    assert len(blocks("python")) == 2


def test_every_statement_answers(published: Engine) -> None:
    for block in blocks("sql"):
        if block.engine in {None, published.dialect.name}:
            for statement in filter(str.strip, block.text.split(";\n")):
                with published.connect() as connection:
                    if re.match(r"\s*(BEGIN|COMMIT)", statement):
                        continue
                    known = {name: value for name, value in GIVEN.items() if f":{name}" in statement}
                    rows = connection.execute(text(statement), known).fetchall()
                assert rows or "identity_event" in statement, statement


def test_whole_transactions_are_taken_as_they_stand(published: Engine) -> None:
    """BEGIN and COMMIT included: what the page says of isolation is what the engine does."""
    block = next(block for block in blocks("sql") if block.engine == published.dialect.name and "BEGIN" in block.text)
    with published.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        if published.dialect.name == "postgresql":
            driver.autocommit = True
        for statement in filter(str.strip, block.text.split(";\n")):
            driver.execute(statement)
            if published.dialect.name == "postgresql" and statement.startswith("BEGIN"):
                assert driver.execute("SHOW transaction_isolation").fetchone()[0] == "repeatable read"
                publish_audited(published, prepared_state(20))
            elif statement.startswith("SELECT count(*) FROM v1_poor_family"):
                before = driver.execute(statement).fetchone()
                publish_audited(published, prepared_state(30))
                assert driver.execute(statement).fetchone() == before, "the state moved inside the transaction"


def test_the_code_runs(published: Engine, database_url: str) -> None:
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    first, second = (block.text for block in blocks("python"))
    names: dict[str, object] = {"url": url, "last": 1}
    exec(compile(first, str(PAGE), "exec"), names)
    assert len(names["poor"]) == 4  # type: ignore[arg-type]
    exec(compile(second, str(PAGE), "exec"), names)
    assert (names["newest"], len(names["changed"])) == (2, 27)  # type: ignore[arg-type]


@pytest.mark.needs("psql", "sqlite shell", "ogrinfo")
def test_the_commands_run(published: Engine, database_url: str) -> None:
    commands = [
        line.removeprefix("$ ")
        for block in blocks("console")
        if block.engine == published.dialect.name
        for line in block.text.splitlines()
        if line.startswith("$ ")
    ]
    assert commands
    here = Path(make_url(database_url).database or "").parent if published.dialect.name == "sqlite" else Path.cwd()
    for command in commands:
        environment = {**os.environ, "PADAN_DATABASE_URL": database_url}
        done = subprocess.run(["bash", "-c", command], cwd=here, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr
        assert "2026-10-01" in done.stdout or "Geometry: Point" in done.stdout, command


def test_every_view_is_named() -> None:
    listed = set(re.findall(r"^\| `(v1_\w+)` \|", PAGE.read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert listed == set(view_names("postgresql"))


def test_every_view_but_two_says_which_publication_it_shows(published: Engine) -> None:
    with published.connect() as connection:
        for name in view_names(published.dialect.name):
            columns = set(connection.execute(text(f"SELECT * FROM {name} LIMIT 0")).keys())
            assert bool(columns & {"publication", "number"}) == (name not in {"v1_dci_group", "v1_data_dictionary"}), name
