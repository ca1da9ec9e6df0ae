"""`padan delivery`. Mistakes prevented: a list taken back without a trace of who and why; a mistyped id that seems to have worked."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from intake import DeliveryStore, receive
from pipelines.cli import cli
from schemas.contracts import load_contracts


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    file = tmp_path / "inbox/dinsos_pkh/2026-09-20/a.csv"
    file.parent.mkdir(parents=True)
    file.write_text("NAMA\nx\n", encoding="utf-8")
    home = tmp_path / "home"
    receive(tmp_path / "inbox", DeliveryStore.of_home(home), load_contracts(), by="sari", at=dt.datetime(2026, 9, 21, 7, 30, tzinfo=dt.UTC))
    monkeypatch.setenv("PADAN_HOME", str(home))
    monkeypatch.setenv("PADAN_USER", "budi")
    return home


def padan(*arguments: str) -> Result:
    return CliRunner().invoke(cli, arguments, catch_exceptions=False)


def test_the_list_says_who_what_and_whether_it_speaks(home: Path) -> None:
    lines = padan("delivery", "list").stdout.splitlines()
    assert lines[0].split() == ["SERAHAN", "BERKAS", "UKURAN", "DITERIMA", "OLEH", "KEADAAN"]
    assert lines[1].split() == ["dinsos_pkh/2026-09-20", "1", "0", "KB", "2026-09-21T07:30", "sari", "menunggu", "proses"]


def test_withdrawing_and_restoring_are_told_with_name_and_reason(home: Path) -> None:
    assert "dinsos_pkh/2026-09-20 ditarik" in padan("delivery", "withdraw", "dinsos_pkh/2026-09-20", "--reason", "salah kirim").stdout
    line = padan("delivery", "list").stdout.splitlines()[1]
    assert "ditarik (" in line
    assert "budi: salah kirim)" in line
    assert "dipulihkan" in padan("delivery", "restore", "dinsos_pkh/2026-09-20").stdout
    assert "menunggu proses" in padan("delivery", "list").stdout


@pytest.mark.parametrize("command", ["withdraw", "restore"])
def test_an_unknown_delivery_is_a_usage_error(home: Path, command: str) -> None:
    result = CliRunner().invoke(cli, ["delivery", command, "dinsos_pkh/2026-09-21"])
    assert result.exit_code != 0
    assert "tidak ada serahan dinsos_pkh/2026-09-21" in result.output


def test_english(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PADAN_LANGUAGE", "en")
    assert "waiting for a run" in padan("delivery", "list").stdout
