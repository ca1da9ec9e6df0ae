"""`padan explain`: why a record was linked, or not, in words and as a waterfall; each look is on the audit trail."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from pipelines.commands.options import FOLDER, settings_of

if TYPE_CHECKING:
    import pandas as pd
    from sqlalchemy import Engine

    from publishing.explanation_words import Chapter, Side, Story
    from publishing.language import Language
    from publishing.link_lookup import PublishedLink

_LIKE_A_NIK = re.compile(r"(?<!\d)\d{16}(?!\d)")


@click.command()
@click.argument("record", metavar="CATATAN")
@click.option("--html", type=click.Path(dir_okay=False, path_type=Path), help="Tulis juga sebagai halaman dengan grafik.")
@click.option("--purpose", help="Untuk apa Anda melihatnya; dicatat dalam jejak audit.")
@click.option("--home", type=FOLDER)
@click.option("--database-url")
def explain(record: str, html: Path | None, purpose: str | None, home: Path | None, database_url: str | None) -> None:
    """Jelaskan satu catatan menurut id-nya (seperti dinsos_pkh:3f…:0): perbandingan, bobot, pesaing, keputusan."""
    from publishing.database import open_engine
    from publishing.explanation_words import explanation_page, told
    from publishing.language import Language

    if _LIKE_A_NIK.search(record):
        raise click.UsageError("beri id catatan, bukan NIK: argumen perintah terbaca orang lain (give a record id, never a NIK)")
    settings = settings_of(home=home, database_url=database_url)
    words = Language.of(settings.language)
    assert settings.database_url is not None
    engine = open_engine(settings.database_url)
    found = _looked_up(engine, record, settings.user, purpose, words)
    story = _story(found, settings.home, words)
    click.echo(told(story, words))
    if html is not None:
        html.write_text(explanation_page(story, words), encoding="utf-8")
        html.chmod(0o600)
        click.echo(f"\n{html}")


def _looked_up(engine: Engine, record: str, user: str, purpose: str | None, words: Language) -> PublishedLink:
    """The record's published link; that it was looked at is written first."""
    from publishing.errors import PublishingError
    from publishing.link_lookup import look_up_link

    try:
        found = look_up_link(engine, record, actor=user, at=datetime.now(UTC).replace(tzinfo=None), purpose=purpose)
    except PublishingError as error:
        raise click.UsageError(str(error)) from None
    if found is None:
        raise click.UsageError(
            "tidak ada catatan dengan id ini dalam publikasi yang berlaku"
            if words.code == "id"
            else "no record with this id in the publication in force"
        )
    return found


def _story(found: PublishedLink, home: Path, words: Language) -> Story:
    import pyarrow.compute as pc

    from pipelines.frames import read_frame
    from publishing.explanation_words import Story

    niks = [candidate.nik for candidate in found.candidates if candidate.nik]
    records = read_frame(home, "social_records", where=pc.field("record_id") == found.record_id)
    residents = read_frame(home, "population", where=pc.field("nik").isin(niks)) if niks else None
    named = read_frame(home, "areas", columns=["area_code", "name"])
    areas = dict(zip(named["area_code"].astype(str), named["name"].astype(str), strict=True))
    place = words.text("explain.place", file=found.file, sheet=found.sheet or "-", row=found.row)
    return Story(
        found.record_id, place, _outcome(found, words), _decisions(found, words), _chapters(found, records, residents, areas, words)
    )


def _outcome(found: PublishedLink, words: Language) -> str:
    share = words.sure_percent(found.probability)
    if found.status == "linked":
        return words.text(f"explain.linked.{found.method}", share=share)
    if found.status == "review":
        reason = words.text_or(f"quality.review.{found.reason}", str(found.reason))
        return words.text("explain.review", reason=reason, share=share)
    nothing = found.nothing_found
    return words.text("explain.unregistered", candidates=nothing.candidates, share=words.sure_percent(nothing.runner_up))


def _decisions(found: PublishedLink, words: Language) -> list[str]:
    return [
        words.text(
            "explain.decision",
            number=one["decision_id"],
            answer=words.text(f"review.answer.{one['decision']}"),
            who=one["decided_by"],
            day=words.date(one["decided_at"].date()),
        )
        for one in found.decisions
    ]


def _chapters(
    found: PublishedLink, records: pd.DataFrame, residents: pd.DataFrame | None, areas: dict[str, str], words: Language
) -> list[Chapter]:
    from publishing.explanation_words import Chapter

    record = _first(records)
    chapters = []
    for number, candidate in enumerate(found.candidates, start=1):
        resident = {} if residents is None or candidate.nik is None else _first(residents[residents["nik"] == candidate.nik])
        numbered = words.text("explain.candidate", number=number, total=len(found.candidates))
        heading = numbered if found.status == "review" else f"{words.text('explain.resident')} {candidate.person_id}"
        chapters.append(Chapter(heading, _sides(record, resident, areas, words), candidate.explanation))
    if not chapters:
        chapters.append(Chapter(words.text("explain.record"), _sides(record, {}, areas, words), found.nothing_found))
    return chapters


def _first(frame: pd.DataFrame) -> dict[str, Any]:
    rows = frame.head(1).to_dict(orient="records")
    return {str(name): value for name, value in rows[0].items()} if rows else {}


def _sides(record: dict[str, Any], resident: dict[str, Any], areas: dict[str, str], words: Language) -> list[Side]:
    from publishing.explanation_words import Side
    from publishing.review_cases import RECORD_FIELDS

    both = [(field, _shown(field, record.get(field), areas), _shown(field, resident.get(field), areas)) for field in RECORD_FIELDS]
    return [Side(words.text(f"review.field.{field}"), one, other) for field, one, other in both if one or other]


def _shown(field: str, value: Any, areas: dict[str, str]) -> str | None:
    """A value as it may be shown on a screen: identity numbers masked."""
    import pandas as pd

    from schemas.redaction import mask_nik

    if value is None or pd.isna(value):
        return None
    if field in {"nik", "kk_number"}:
        return mask_nik(str(value))
    if isinstance(value, pd.Timestamp):
        return value.strftime("%d-%m-%Y")
    return areas.get(str(value), str(value)) if field == "area_code" else str(value)
