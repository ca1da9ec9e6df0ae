"""The programs that offices really use read the database: psql, the sqlite3 shell, pandas, GDAL."""

from __future__ import annotations

import subprocess

import pandas as pd
import pytest
from publishing_runs import prepared_state, publish_audited
from sqlalchemy import Engine, make_url

ON_POSTGRESQL = pytest.mark.parametrize("engine_name", [pytest.param("postgresql", marks=pytest.mark.needs("postgis"))], indirect=True)
REGENCY = "SELECT area_code, poor_families, round(CAST(poor_rate AS numeric), 4) FROM v1_area_summary WHERE level = 'regency'"


def shell(*command: str) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.strip()


@ON_POSTGRESQL
@pytest.mark.needs("psql")
def test_psql(database_url: str, engine: Engine) -> None:
    publish_audited(engine, prepared_state(10))
    assert shell("psql", "--no-psqlrc", "--tuples-only", "--no-align", database_url, "-c", REGENCY) == "35.10|4|0.0033"
    described = shell("psql", "--no-psqlrc", database_url, "-c", "\\d+ person")
    assert "National identity number, 16 digits. Source:" in described, "the words stand in the database itself"


def test_pandas(database_url: str, engine: Engine) -> None:
    """By URL alone, as a notebook would."""
    publish_audited(engine, prepared_state(10))
    url = database_url.replace("postgresql://", "postgresql+psycopg://")
    poor = pd.read_sql("SELECT family_id, decile, latitude FROM v1_poor_family", url)
    assert len(poor) == 4
    assert sorted(poor["decile"]) == [1, 2, 3, 4]
    assert poor["latitude"].between(-9, -8).all()


@ON_POSTGRESQL
@pytest.mark.needs("ogrinfo")
def test_gdal_reads_the_houses_as_points(database_url: str, engine: Engine) -> None:
    """Prevents a map layer without geometry, or with latitude and longitude swapped, from reaching desktop GIS."""
    publish_audited(engine, prepared_state(10))
    url = make_url(database_url)
    told = shell("ogrinfo", "-so", f"PG:dbname={url.database} host={url.query['host']} user=postgres", "v1_house_map")
    assert "Geometry: Point" in told
    assert "Feature Count: 10" in told
    assert "Extent: (114.200000, -8.400000)" in told
    assert "EPSG" in told
    assert "WGS 84" in told


@ON_POSTGRESQL
def test_a_point_index_answers_where(database_url: str, engine: Engine) -> None:
    publish_audited(engine, prepared_state(10))
    with engine.connect() as connection:
        near = connection.exec_driver_sql(
            "SELECT count(*) FROM v1_house_map WHERE ST_DWithin(location::geography, ST_SetSRID(ST_MakePoint(114.2, -8.4), 4326)::geography, 100)"
        ).scalar_one()
        kinds = connection.exec_driver_sql("SELECT indexdef FROM pg_indexes WHERE indexname = 'ix_house_location'").scalar_one()
    assert near == 10
    assert "USING gist" in kinds
