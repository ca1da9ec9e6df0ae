"""Settings: flags outrank the environment, paths become absolute, the key is private."""

import stat
from pathlib import Path

import pytest

from assets.workspace import load_hash_key, prepare_home
from pipelines.settings import Settings


def test_flag_outranks_environment(monkeypatch, tmp_path):
    monkeypatch.setenv("PADAN_HOME", str(tmp_path / "environment"))
    assert Settings().home == tmp_path / "environment"
    assert Settings(home=tmp_path / "flag").home == tmp_path / "flag"


def test_relative_paths_become_absolute_so_that_dagster_may_change_folders(monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)
    settings = Settings(home=Path("home"), inbox=Path("inbox")).resolved()
    assert settings.home == tmp_path / "home"
    assert settings.inbox == tmp_path / "inbox"
    assert settings.database_url == f"sqlite:///{tmp_path / 'home' / 'padan.sqlite'}"


def test_settings_survive_the_way_through_the_environment(monkeypatch, tmp_path):
    settings = Settings(home=tmp_path / "home", inbox=tmp_path / "inbox", language="en").resolved()
    for name, value in settings.as_environment().items():
        monkeypatch.setenv(name, value)
    assert Settings().resolved() == settings


def test_home_and_key_are_readable_by_their_owner_alone(tmp_path):
    home = tmp_path / "home"
    prepare_home(home)
    key = load_hash_key(home / "hash.key")
    assert load_hash_key(home / "hash.key") == key
    assert stat.S_IMODE(home.stat().st_mode) == 0o700
    assert stat.S_IMODE((home / "hash.key").stat().st_mode) == 0o600


def test_a_short_key_is_refused(tmp_path):
    (tmp_path / "hash.key").write_text("too short\n", encoding="ascii")
    with pytest.raises(ValueError, match="9 characters"):
        load_hash_key(tmp_path / "hash.key")
