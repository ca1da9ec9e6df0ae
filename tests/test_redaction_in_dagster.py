"""Redaction under a real Dagster instance: what a careless asset logs or raises leaves no identity number in its storage."""

import logging
import sys
import threading
import warnings

import dagster as dg
import pytest
from leak_search import search_leaks

from schemas.redaction import install_redaction, redacting_errors

NIK = "3510160107909991"


@dg.asset
def careless(context: dg.AssetExecutionContext) -> None:
    """Logs a number in every way."""
    context.log.info(f"person {NIK}")
    logging.getLogger("a.library").error("row %s", NIK)


@dg.asset
def failing() -> None:
    """Fails with a number, and with one in the cause."""
    with redacting_errors():
        raise ValueError(f"UNIQUE constraint failed: nik={NIK}") from KeyError(NIK)


@dg.asset
def failing_bare() -> None:
    """Fails with a number, at no boundary."""
    raise ValueError(NIK)


@pytest.fixture
def netted():
    """The net under this process, taken away afterwards."""
    before = (logging.getLogRecordFactory(), sys.excepthook, threading.excepthook, warnings.showwarning)
    install_redaction()
    yield
    logging.setLogRecordFactory(before[0])
    sys.excepthook, threading.excepthook, warnings.showwarning = before[1:]
    logging.getLogger().filters.clear()


def run(asset: dg.AssetsDefinition, home) -> None:
    with dg.instance_for_test(temp_dir=str(home), overrides={"python_logs": {"managed_python_loggers": ["a.library"]}}) as instance:
        dg.materialize([asset], instance=instance, raise_on_error=False)


@pytest.mark.parametrize("asset", [careless, failing], ids=["log", "error"])
def test_no_number_reaches_the_storage(asset, tmp_path, netted, capfd):
    """Dagster keeps each message and each error's text in its event log, for ever."""
    run(asset, tmp_path)
    assert any(path.is_file() for path in tmp_path.rglob("*.db"))
    assert search_leaks([tmp_path], [NIK]) == []
    printed = capfd.readouterr()
    assert NIK not in printed.out + printed.err


def test_the_search_would_see_it(tmp_path):
    """Without the net the same asset does leak: this test is not green for nothing."""
    run(failing_bare, tmp_path)
    assert search_leaks([tmp_path], [NIK])
