"""`padan database`: the schema of the unified database."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from pipelines.commands.options import FOLDER, settings_of
from pipelines.exit_code import ExitCode


@click.group()
def database() -> None:
    """Basis data: buat, perbarui, periksa (create, upgrade, check)."""


@database.command("upgrade")
@click.option("--database-url")
@click.option("--home", type=FOLDER)
def database_upgrade(database_url: str | None, home: Path | None) -> None:
    """Perbarui skema basis data ke versi program ini."""
    from assets.workspace import prepare_home
    from publishing import database as store

    settings = settings_of(database_url=database_url, home=home)
    prepare_home(settings.home)
    assert settings.database_url is not None
    engine = store.open_engine(settings.database_url)
    store.upgrade(engine)
    click.echo(f"skema {store.revision(engine)}")


@database.command("check")
@click.option("--database-url")
@click.option("--home", type=FOLDER)
def database_check(database_url: str | None, home: Path | None) -> None:
    """Periksa versi skema dan keutuhan basis data."""
    from publishing import database as store

    settings = settings_of(database_url=database_url, home=home)
    assert settings.database_url is not None
    problems = store.check(store.open_engine(settings.database_url))
    click.echo("\n".join(problems) if problems else "basis data utuh dan mutakhir")
    sys.exit(ExitCode.NOT_PUBLISHED if problems else ExitCode.DONE)
