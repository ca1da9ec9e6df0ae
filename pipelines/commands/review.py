"""`padan review`: doubtful records out to people, their decisions back into the ledger, and what the ledger holds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.options import FOLDER, settings_of
from pipelines.exit_code import ExitCode
from pipelines.settings import Settings

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Engine

    from publishing.review_ledger import Stored
    from publishing.review_workbook import Look

_WORKBOOK = click.Path(exists=True, dir_okay=False, path_type=Path)


@click.group()
def review() -> None:
    """Tinjauan: ekspor kasus, impor keputusan, daftar, tarik (review: export, import, list, withdraw)."""


@review.command("export")
@click.option("--home", type=FOLDER)
@click.option("--database-url")
@click.option("--out", type=FOLDER, help="Folder tujuan; bawaan: review di folder kerja.")
@click.option("--blind", is_flag=True, help="Tanpa peluang, tanpa nilai bantuan, dan tanpa urutan kepentingan.")
@click.option(
    "--sample", type=click.IntRange(min=1), help="Sebagai gantinya: sampel sebanyak ini dari tautan otomatis, untuk mengukur presisi."
)
@click.option("--seed", type=int, default=1, show_default=True, help="Benih sampel: angka yang sama memilih tautan yang sama.")
def review_export(home: Path | None, database_url: str | None, out: Path | None, blind: bool, sample: int | None, seed: int) -> None:
    """Tulis buku kerja kasus yang perlu ditinjau, satu per kecamatan."""
    from pipelines.frames import read_frame
    from publishing.review_cases import QUEUE_FRAMES, review_queue
    from publishing.review_export import export_queue, export_sample
    from publishing.review_ledger import ledger
    from publishing.review_sample import sampled_links

    settings = settings_of(home=home, database_url=database_url)
    folder = out or settings.home / "review"
    look, hashed, english = _look(settings, blind=blind), _hashing(settings), settings.language == "en"
    areas = read_frame(settings.home, "areas", columns=["area_code", "name"])
    if sample is not None:
        frames = {name: read_frame(settings.home, name) for name in ("links", "social_records", "population")}
        queue = sampled_links(frames, sample, seed, hashed)
        path = export_sample(queue, areas, folder, look, hashed)
        click.echo(f"{len(queue.cases)} {'links' if english else 'tautan'}: {path}")
        return
    from eligibility import yearly_rupiah
    from schemas.programmes import load_programmes

    frames = {name: read_frame(settings.home, name) for name in QUEUE_FRAMES}
    decisions = ledger(_engine(settings))
    exported = export_queue(
        review_queue(frames, decisions, hashed, yearly_rupiah(load_programmes(settings.contracts))), areas, folder, look, hashed
    )
    for path in exported.paths:
        click.echo(str(path))
    click.echo(
        f"{exported.cases} cases, {exported.candidates} candidates in {len(exported.paths)} workbooks"
        if english
        else f"{exported.cases} kasus, {exported.candidates} calon dalam {len(exported.paths)} buku kerja"
    )


@review.command("import")
@click.argument("files", nargs=-1, required=True, type=_WORKBOOK)
@click.option("--home", type=FOLDER)
@click.option("--database-url")
def review_import(files: tuple[Path, ...], home: Path | None, database_url: str | None) -> None:
    """Baca buku kerja yang sudah diisi; bila ada yang salah, tidak satu pun jawaban disimpan dan keluar dengan 1."""
    from publishing.language import Language
    from publishing.review_ledger import store
    from publishing.review_reading import read_returned
    from publishing.review_sample import precision_estimate

    settings = settings_of(home=home, database_url=database_url)
    words = Language.of(settings.language)
    english = words.code == "en"
    returned = read_returned(files, _hashing(settings), words)
    if returned.problems:
        for problem in returned.problems:
            click.echo(problem, err=True)
        click.echo("nothing was stored" if english else "tidak ada yang disimpan", err=True)
        sys.exit(ExitCode.REFUSED)
    engine, now = _engine(settings), datetime.now(UTC).replace(tzinfo=None)
    stored = [
        store(engine, answers, actor=settings.user, at=now, workbook_hash=str(workbook_hash))
        for workbook_hash, answers in returned.answers.groupby("workbook_hash", sort=False)
    ]
    _say_stored(stored, returned.unanswered, english=english)
    estimate = precision_estimate(returned.answers[returned.answers["kind"] == "sample"])
    if estimate is not None:
        click.echo(
            words.text(
                "review.precision", **{**vars(estimate), **{name: f"{getattr(estimate, name):.4f}" for name in ("share", "low", "high")}}
            )
        )


def _say_stored(stored: list[Stored], unanswered: int, *, english: bool) -> None:
    new, repeated, replaced = (sum(getattr(one, name) for one in stored) for name in ("new", "repeated", "replaced"))
    click.echo(
        f"{new} decisions stored, {replaced} of yours replaced, {repeated} known already, {unanswered} candidates without an answer"
        if english
        else f"{new} keputusan disimpan, {replaced} milik Anda digantikan, {repeated} sudah ada, {unanswered} calon belum dijawab"
    )
    if stored:
        _say_conflicts(stored[-1].conflicts, english=english)


def _say_conflicts(conflicts: pd.DataFrame, *, english: bool) -> None:
    for one in conflicts.itertuples():
        click.echo(
            f"conflict ({one.kind}): decision {one.decision_id} of {one.decided_by} against {one.other_id} of {one.other_by}; "
            "one of them must be withdrawn"
            if english
            else f"bertentangan ({one.kind}): keputusan {one.decision_id} oleh {one.decided_by} dengan {one.other_id} oleh {one.other_by}; "
            "salah satunya perlu ditarik"
        )


@review.command("list")
@click.option("--all", "everything", is_flag=True, help="Juga yang sudah ditarik atau digantikan.")
@click.option("--home", type=FOLDER)
@click.option("--database-url")
def review_list(everything: bool, home: Path | None, database_url: str | None) -> None:
    """Keputusan dalam buku besar, dan yang saling bertentangan."""
    from publishing.language import Language
    from publishing.review_ledger import conflicts_of, ledger

    settings = settings_of(home=home, database_url=database_url)
    english, words = settings.language == "en", Language.of(settings.language)
    held = ledger(_engine(settings), ended=everything)
    for one in held.astype(object).where(held.notna(), None).to_dict(orient="records"):
        ending = f"  {one['ended_as']} {one['ended_at']:%Y-%m-%d} {one['ended_by']}" if one["ended_as"] else ""
        place = f"{one['source']}:{one['record_key']}"
        answer = words.text(f"review.answer.{one['decision']}")
        click.echo(f"{one['decision_id']:>6}  {one['decided_at']:%Y-%m-%d %H:%M}  {one['decided_by']}  {place}  {answer}{ending}")
    click.echo(f"{len(held)} decisions" if english else f"{len(held)} keputusan")
    _say_conflicts(conflicts_of(held[held["ended_at"].isna()]), english=english)


@review.command("withdraw")
@click.argument("decisions", nargs=-1, required=True, type=int, metavar="NOMOR...")
@click.option("--home", type=FOLDER)
@click.option("--database-url")
def review_withdraw(decisions: tuple[int, ...], home: Path | None, database_url: str | None) -> None:
    """Tarik keputusan menurut nomornya (lihat `padan review list`); barisnya tetap tersimpan."""
    from publishing.review_ledger import withdraw

    settings = settings_of(home=home, database_url=database_url)
    unknown = withdraw(_engine(settings), sorted(set(decisions)), actor=settings.user, at=datetime.now(UTC).replace(tzinfo=None))
    english = settings.language == "en"
    if unknown:
        numbers = ", ".join(map(str, unknown))
        raise click.UsageError(f"not in force: {numbers}" if english else f"tidak berlaku atau tidak ada: {numbers}")
    number = len(set(decisions))
    click.echo(f"{number} decisions withdrawn" if english else f"{number} keputusan ditarik; berlaku mulai proses berikutnya")


def _engine(settings: Settings) -> Engine:
    from publishing.database import open_engine

    assert settings.database_url is not None
    return open_engine(settings.database_url)


def _hashing(settings: Settings) -> Callable[[pd.Series], pd.Series]:
    from assets.workspace import load_hash_key
    from families import keyed_hash

    assert settings.hash_key_file is not None
    return partial(keyed_hash, key=load_hash_key(settings.hash_key_file))


def _look(settings: Settings, *, blind: bool) -> Look:
    from publishing.language import Language
    from publishing.review_workbook import Look
    from schemas.contracts import load_contracts

    titles = {source: getattr(contract.title, settings.language) for source, contract in load_contracts(settings.contracts).items()}
    return Look(Language.of(settings.language), blind, villages={}, sources=titles)
