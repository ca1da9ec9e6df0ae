"""`padan database`: the schema of the unified database, its dictionary, and what changed between two publications."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, NoReturn

import click

from pipelines.commands.options import FOLDER, settings_of
from pipelines.exit_code import ExitCode

if TYPE_CHECKING:
    from publishing.errors import PublishingError


@click.group()
def database() -> None:
    """Basis data: buat, perbarui, periksa, kamus data, perubahan (create, upgrade, check, dictionary, changes)."""


@database.command("upgrade")
@click.option("--database-url")
@click.option("--home", type=FOLDER)
def database_upgrade(database_url: str | None, home: Path | None) -> None:
    """Perbarui skema basis data ke versi program ini."""
    from assets.workspace import prepare_home
    from publishing import database as store
    from publishing.errors import PublishingError

    settings = settings_of(database_url=database_url, home=home)
    prepare_home(settings.home)
    assert settings.database_url is not None
    engine = store.open_engine(settings.database_url)
    try:
        store.upgrade(engine)
    except PublishingError as error:
        _refuse(error)
    click.echo(f"skema {store.revision(engine)}")


@database.command("check")
@click.option("--database-url")
@click.option("--home", type=FOLDER)
def database_check(database_url: str | None, home: Path | None) -> None:
    """Periksa versi skema dan keutuhan basis data."""
    from publishing import database as store
    from publishing.errors import PublishingError

    settings = settings_of(database_url=database_url, home=home)
    assert settings.database_url is not None
    try:
        problems = store.check(store.open_engine(settings.database_url))
    except PublishingError as error:
        _refuse(error)
    click.echo("\n".join(problems) if problems else "basis data utuh dan mutakhir")
    sys.exit(ExitCode.NOT_PUBLISHED if problems else ExitCode.DONE)


@database.command("dictionary")
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Berkas Markdown; bawaan: ke layar.")
def database_dictionary(out: Path | None) -> None:
    """Kamus data menurut Satu Data Indonesia: semua tabel, pandangan dan kolom (the data dictionary, as Markdown)."""
    from families.survivorship_page import survivorship_page
    from schemas.views.dictionary import dictionary_page

    page = dictionary_page() + "\n" + survivorship_page()
    if out is None:
        click.echo(page, nl=False)
    else:
        out.write_text(page, encoding="utf-8")
        click.echo(str(out))


@database.command("changes")
@click.argument("first", type=int, metavar="[DARI]", required=False)
@click.argument("last", type=int, metavar="[SAMPAI]", required=False)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), help="Buku kerja (memuat nama); bawaan: changes/ di folder kerja.")
@click.option("--database-url")
@click.option("--home", type=FOLDER)
def database_changes(first: int | None, last: int | None, out: Path | None, database_url: str | None, home: Path | None) -> None:
    """Perubahan antara dua publikasi; bawaan: yang terbaru dan yang sebelumnya (what changed, counted and as a workbook)."""
    from publishing.change_report import KINDS, change_report
    from publishing.change_workbook import write_change_workbook
    from publishing.database import open_engine
    from publishing.errors import PublishingError
    from publishing.history import publication_numbers
    from publishing.language import Language

    settings = settings_of(database_url=database_url, home=home)
    assert settings.database_url is not None
    words = Language.of(settings.language)
    engine = open_engine(settings.database_url)
    try:
        numbers = publication_numbers(engine)
        last = last if last is not None else (numbers[-1] if numbers else 0)
        report = change_report(engine, first if first is not None else last - 1, last)
    except PublishingError as error:
        _refuse(error)
    for kind, count in report.counts().items():
        click.echo(f"{words.integer(count):>9}  {KINDS[kind][0 if words.code == 'id' else 1]}")
    path = out or settings.home / "changes" / f"perubahan_{report.first}_{report.last}.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    write_change_workbook(report, path, words)
    click.echo(str(path))


def _refuse(error: PublishingError) -> NoReturn:
    """These texts hold no values and speak both languages."""
    click.echo(str(error), err=True)
    sys.exit(ExitCode.NOT_PUBLISHED)
