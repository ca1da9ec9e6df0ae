"""Parts of a machine that some tests need: how to see that one is here, and how to say that it is not.

`@pytest.mark.needs("postgresql")` on a test, or `missing_part(...)` in a fixture that tried and failed. What is skipped so stands
in the closing list of the run (`conftest.py`).
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple, NoReturn

import pytest
from postgres_server import server_programs


class Part(NamedTuple):
    """Something outside Python that tests need: its name for people, how to see that it is here, and how to get it."""

    title: str
    is_here: Callable[[], bool]
    remedy: str


def _has_postgis() -> bool:
    return any(Path("/usr/share/postgresql").glob("*/extension/postgis.control"))


def _may_trace() -> bool:
    return bool(shutil.which("strace")) and subprocess.run(["strace", "-o", "/dev/null", "true"], check=False).returncode == 0


PARTS: dict[str, Part] = {
    "postgresql": Part("PostgreSQL", lambda: server_programs() is not None, "apt-get install postgresql"),
    "postgis": Part("PostGIS", lambda: server_programs() is not None and _has_postgis(), "apt-get install postgresql postgresql-postgis"),
    "sqlite shell": Part("the sqlite3 shell", lambda: bool(shutil.which("sqlite3")), "apt-get install sqlite3"),
    "psql": Part("psql", lambda: bool(shutil.which("psql")), "apt-get install postgresql-client"),
    "ogrinfo": Part("GDAL's ogrinfo", lambda: bool(shutil.which("ogrinfo")), "apt-get install gdal-bin"),
    "strace": Part("strace", _may_trace, "apt-get install strace, and the right to trace processes"),
    "chromium": Part(
        "Chromium", lambda: any(map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), "apt-get install chromium"
    ),
}


def missing_part(part: str, reason: str) -> NoReturn:
    """Skip the running test because a part of this name is missing, and have it stand in the closing list."""
    pytest.skip(f"{part} ({reason})")
