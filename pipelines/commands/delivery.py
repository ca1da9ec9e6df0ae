"""`padan delivery`: what the offices handed in, and taking a list back that should not speak."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pipelines.commands.options import FOLDER, settings_of

if TYPE_CHECKING:
    from intake.delivery_overview import DeliverySummary, LastRun

_STATES = {
    "in_force": ("berlaku", "in force"),
    "refused": ("ditolak", "refused"),
    "superseded": ("digantikan", "superseded"),
    "withdrawn": ("ditarik", "withdrawn"),
    "waiting": ("menunggu proses", "waiting for a run"),
}
_HEADER = (
    ("SERAHAN", "BERKAS", "UKURAN", "DITERIMA", "OLEH", "KEADAAN"),
    ("DELIVERY", "FILES", "SIZE", "RECEIVED", "BY", "STATE"),
)


@click.group()
def delivery() -> None:
    """Serahan dinas: daftar, tarik, pulihkan (deliveries: list, withdraw, restore)."""


@delivery.command("list")
@click.option("--source", help="Hanya serahan sumber ini.")
@click.option("--home", type=FOLDER)
def delivery_list(source: str | None, home: Path | None) -> None:
    """Semua serahan yang pernah diterima, dan mana yang berlaku."""
    from intake.delivery_overview import deliveries_overview
    from intake.delivery_store import DeliveryStore

    settings = settings_of(home=home)
    language = 0 if settings.language == "id" else 1
    found = deliveries_overview(DeliveryStore.of_home(settings.home).book(), _last_run(settings.home / "frames"))
    shown = [summary for summary in found if source is None or summary.delivery_id.startswith(f"{source}/")]
    if not shown:
        click.echo(("belum ada serahan", "no deliveries yet")[language])
        return
    rows = [_HEADER[language], *(_row(summary, language) for summary in shown)]
    widths = [max(len(row[place]) for row in rows) for place in range(len(rows[0]))]
    for row in rows:
        click.echo("  ".join(text.ljust(width) for text, width in zip(row, widths, strict=True)).rstrip())


def _row(summary: DeliverySummary, language: int) -> tuple[str, ...]:
    state = _STATES[summary.state][language]
    if summary.withdrawn is not None:
        why = f": {summary.withdrawn.reason}" if summary.withdrawn.reason else ""
        state += f" ({summary.withdrawn.at[:10]}, {summary.withdrawn.by}{why})"
    return (summary.delivery_id, str(summary.files), _size(summary.bytes), summary.received_at[:16], summary.received_by, state)


def _size(count: int) -> str:
    return f"{count / 1024:.0f} KB" if count < 1024 * 1024 else f"{count / 1024 / 1024:.1f} MB"


def _last_run(frames: Path) -> LastRun:
    """What the last run made of the deliveries, from the frames that it left."""
    import pandas as pd

    from intake.delivery_overview import NO_RUN, last_run_of
    from pipelines.frames import parquet_table

    if not (frames / "deliveries.parquet").exists():
        return NO_RUN
    seen = parquet_table(frames / "deliveries.parquet", columns=["delivery_id"]).to_pandas()["delivery_id"]
    records = [parquet_table(path, columns=["delivery_id"]).to_pandas() for path in sorted((frames / "records").glob("*.parquet"))]
    quarantine = [
        parquet_table(path, columns=["delivery_id", "disposition"]).to_pandas()
        for path in sorted((frames / "quarantine").glob("*.parquet"))
    ]
    if not records or not quarantine:
        return NO_RUN
    return last_run_of(seen, pd.concat(records)["delivery_id"].drop_duplicates(), pd.concat(quarantine))


@delivery.command("withdraw")
@click.argument("delivery_id", metavar="ID")
@click.option("--reason", help="Alasan penarikan, dicatat bersama nama Anda.")
@click.option("--home", type=FOLDER)
def delivery_withdraw(delivery_id: str, reason: str | None, home: Path | None) -> None:
    """Tarik satu serahan: mulai proses berikutnya isinya tidak dipakai. ID seperti dinsos_pkh/2026-09-20."""
    from intake.delivery_store import DeliveryStore, withdraw

    settings = settings_of(home=home)
    try:
        done = withdraw(DeliveryStore.of_home(settings.home), delivery_id, by=settings.user, at=datetime.now(UTC), reason=reason)
    except KeyError:
        raise click.UsageError(_unknown(delivery_id, settings.language)) from None
    texts = {
        ("id", True): "{} ditarik; tidak dipakai mulai proses berikutnya",
        ("id", False): "{} memang sudah ditarik",
        ("en", True): "{} is withdrawn; it is silent from the next run on",
        ("en", False): "{} was withdrawn already",
    }
    click.echo(texts[settings.language, done].format(delivery_id))


@delivery.command("restore")
@click.argument("delivery_id", metavar="ID")
@click.option("--home", type=FOLDER)
def delivery_restore(delivery_id: str, home: Path | None) -> None:
    """Pulihkan serahan yang pernah ditarik."""
    from intake.delivery_store import DeliveryStore, restore

    settings = settings_of(home=home)
    try:
        done = restore(DeliveryStore.of_home(settings.home), delivery_id, by=settings.user, at=datetime.now(UTC))
    except KeyError:
        raise click.UsageError(_unknown(delivery_id, settings.language)) from None
    texts = {
        ("id", True): "{} dipulihkan; dipakai lagi mulai proses berikutnya",
        ("id", False): "{} tidak sedang ditarik",
        ("en", True): "{} is restored; it speaks again from the next run on",
        ("en", False): "{} is not withdrawn",
    }
    click.echo(texts[settings.language, done].format(delivery_id))


def _unknown(delivery_id: str, language: str) -> str:
    if language == "id":
        return f"tidak ada serahan {delivery_id}; lihat `padan delivery list`"
    return f"no delivery {delivery_id}; see `padan delivery list`"
