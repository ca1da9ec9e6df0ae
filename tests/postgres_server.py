"""A PostgreSQL server of the tests' own: made with `initdb`, reached by a Unix socket in a folder of its own, gone afterwards.

Nothing of the machine's own servers is touched. `initdb` and the server refuse to run as root, so then they run as the user
`postgres`, whom the Debian package brings. Tests flush nothing to the disk (`fsync=off`): a commit is handed to the kernel, which
keeps it when a client or the server itself is killed, and no test can cut the power. Timings use a server that does flush.
"""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

import psycopg

TEMPLATE = "padan_template"
_SETTINGS = {"listen_addresses": "", "max_connections": "30", "log_min_messages": "fatal"}
_FOR_TESTS = {"fsync": "off", "full_page_writes": "off", "autovacuum": "off"}
_DURABLE = {"shared_buffers": "1GB", "max_wal_size": "8GB", "checkpoint_timeout": "15min"}


def server_programs() -> Path | None:
    """The folder with `initdb` and `postgres`, None where there is none."""
    on_path = shutil.which("initdb")
    found = [Path(on_path)] if on_path else sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return found[-1].resolve().parent if found else None


@dataclass
class PostgresServer:
    """A running server. Each test asks it for a database of its own."""

    folder: Path
    settings: Mapping[str, str]
    process: subprocess.Popen[bytes]
    numbers: Iterator[int] = field(default_factory=count)
    templates: set[str] = field(default_factory=lambda: {TEMPLATE})

    def url(self, database: str) -> str:
        """The SQLAlchemy URL of a database."""
        return f"postgresql://postgres@/{database}?host={self.folder}"

    def new_database(self, template: str = TEMPLATE) -> str:
        """The URL of a new database, a copy of one of the `templates`: by default it is empty, and PostGIS is switched on."""
        name = f"padan_{next(self.numbers)}"
        # File by file, where that has to be asked for: many times cheaper than page by page through the log.
        strategy = " STRATEGY file_copy" if int((self.folder / "data" / "PG_VERSION").read_text()) >= 15 else ""
        self.run(f"CREATE DATABASE {name} TEMPLATE {template}{strategy}")
        return self.url(name)

    def drop(self, url: str) -> None:
        """Drop a database, whoever is still connected."""
        name = url.split("?", maxsplit=1)[0].rsplit("/", 1)[1]
        self.run(f"DROP DATABASE {name} WITH (FORCE)")

    def kill(self) -> None:
        """SIGKILL the server and every process of it at once, as when the machine's memory runs out: nobody tidies up."""
        self.process.send_signal(signal.SIGSTOP)  # or it would see its children die, and end in its own way
        children = _children(self.process.pid)
        for pid in (*children, self.process.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        self.process.wait()
        while any(_is_running(pid) for pid in children):
            time.sleep(0.01)

    def restart(self) -> None:
        """Start a killed server again, on the same data; returns when it has recovered and answers."""
        self.process = _started(self.folder, self.settings)
        _wait_until_it_answers(self)

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
    owner = _owner()
    folder = Path(tempfile.mkdtemp(prefix="padan-postgres-"))
    if owner:
        os.chown(folder, owner["user"], owner["group"])
    made = subprocess.run(
        [programs / "initdb", "-D", folder / "data", "-U", "postgres", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"],
        capture_output=True,
        cwd="/",
        check=False,
        **owner,  # type: ignore[call-overload]
    )
    if made.returncode:
        raise RuntimeError(made.stderr.decode())
    settings = _SETTINGS | (_DURABLE if durable else _FOR_TESTS)
    server = PostgresServer(folder, settings, _started(folder, settings))
    try:
        _wait_until_it_answers(server)
        server.run(f"CREATE DATABASE {TEMPLATE}")
        server.run("CREATE EXTENSION IF NOT EXISTS postgis", database=TEMPLATE)
        # Half the size of a database, copied for each test: 8,500 systems of coordinates, of which positions use one.
        server.run("DELETE FROM spatial_ref_sys WHERE srid <> 4326", "VACUUM FULL", database=TEMPLATE)
        yield server
    finally:
        server.process.kill()
        server.process.wait()
        shutil.rmtree(folder, ignore_errors=True)


def _owner() -> dict[str, Any]:
    """As whom the server runs: as the user `postgres` where we are root, who may not."""
    if os.geteuid():
        return {}
    postgres = pwd.getpwnam("postgres")
    return {"user": postgres.pw_uid, "group": postgres.pw_gid, "extra_groups": []}


def _started(folder: Path, settings: Mapping[str, str]) -> subprocess.Popen[bytes]:
    programs = server_programs()
    assert programs is not None
    words = [word for name, value in settings.items() for word in ("-c", f"{name}={value}")]
    with (folder / "log").open("ab") as log:
        return subprocess.Popen(
            [programs / "postgres", "-D", folder / "data", "-k", folder, *words],
            stdout=log,
            stderr=log,
            cwd="/",
            **_owner(),
        )


def _children(pid: int) -> list[int]:
    """The processes that a process started, as the kernel lists them."""
    return [int(child) for task in Path(f"/proc/{pid}/task").iterdir() for child in (task / "children").read_text().split()]


def _is_running(pid: int) -> bool:
    """Whether a process still holds anything; one that nobody has asked for its end yet does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", maxsplit=1)[1].split()[0]
    except (FileNotFoundError, ProcessLookupError):
        return False
    return state not in {"Z", "X"}


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
