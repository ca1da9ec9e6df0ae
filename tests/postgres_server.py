"""A PostgreSQL server of the tests' own: made with `initdb`, reached by a Unix socket in a folder of its own, gone afterwards.

Nothing of the machine's own servers is touched. `initdb` and the server refuse to run as root, so then they run as the user
`postgres`, whom the Debian package brings. Tests flush nothing to the disk (`fsync=off`): what a killed *client* leaves behind
is what they ask about, and the server survives that. Timings use a server that does flush.
"""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import psycopg

TEMPLATE = "padan_template"
_SETTINGS = {"listen_addresses": "", "max_connections": "30", "log_min_messages": "fatal"}
_FOR_TESTS = {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
_FOR_TIMING = {"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "15min"}


def server_programs() -> Path | None:
    """The folder with `initdb` and `postgres`, None where there is none."""
    on_path = shutil.which("initdb")
    found = [Path(on_path)] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].resolve().parent if found else None


@dataclass
class PostgresServer:
    """A running server. Each test asks it for a database of its own."""

    folder: Path
    process: subprocess.Popen[bytes]
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def new_database(self) -> str:
        """The URL of a new, empty database in which PostGIS is switched on."""
        name = f"padan_{next(self.numbers)}"
        self.run(f"CREATE DATABASE {name} TEMPLATE {TEMPLATE}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        name = url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def run(self, *statements: str, database: str = "postgres") -> None:
        """Statements outside of any transaction."""
        with psycopg.connect(host=str(self.folder), user="postgres", dbname=database, autocommit=True) as connection:
            for statement in statements:
                connection.execute(statement)


@contextmanager
def running_server(*, durable: bool = False) -> Iterator[PostgresServer]:
    """A server for a while; a `durable` one flushes, as in an office. Raises RuntimeError with its own words when it does not start."""
    programs = server_programs()
    assert programs is not None, "ask for the part `postgresql` first"
    owner = pwd.getpwnam("postgres") if os.geteuid() == 0 else None
    as_owner: dict[str, object] = {"user": owner.pw_uid, "group": owner.pw_gid, "extra_groups": []} if owner else {}
    folder = Path(tempfile.mkdtemp(prefix="padan-postgres-"))
    if owner:
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    data = folder / "data"
    made = subprocess.run(
        [programs / "initdb", "-D", data, "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        capture_output=True,
        cwd="/",
        check=False,
        **as_owner,  # type: ignore[call-overload]
    )
    if made.returncode:
        raise RuntimeError(made.stderr.decode())
    settings = [
        word for name, value in (_SETTINGS | (_FOR_TIMING if durable else _FOR_TESTS)).items() for word in ("-c", f"{name}={value}")
    ]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(
            [programs / "postgres", "-D", data, "-k", folder, *settings],
            stdout=log,
            stderr=log,
            cwd="/",
            **as_owner,  # type: ignore[call-overload]
        )
    server = PostgresServer(folder, process)
    try:
        _wait_until_it_answers(server)
        server.run(f"CREATE DATABASE {TEMPLATE}")
        server.run("CREATE EXTENSION IF NOT EXISTS postgis", database=TEMPLATE)
        yield server
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _wait_until_it_answers(server: PostgresServer, seconds: float = 60) -> None:
    give_up_at = time.monotonic() + seconds
    while True:
        try:
            server.run("SELECT 1")
        except psycopg.OperationalError:
            if server.process.poll() is not None or time.monotonic() > give_up_at:
                raise RuntimeError((server.folder / "log").read_text()) from None
            time.sleep(0.05)
        else:
            return
