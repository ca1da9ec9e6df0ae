"""What a run brought, in numbers: read from the frames that it wrote and from the publication in force."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from assets.reports import PAGES
from pipelines.frames import parquet_table
from pipelines.settings import Settings
from publishing.language import Language
from publishing.link_drift import drift_sentences
from schemas.contracts import load_contracts

_PLACE = ["delivery_id", "file"]
SENT_TWICE = "duplicate_file"
"""A file that was sent twice speaks once; nothing in it is refused."""


@dataclass(frozen=True)
class RunSummary:
    """The numbers that `padan run` ends with. `publication` is None where nothing was ever published."""

    deliveries: int
    rows: Mapping[str, int]
    links: Mapping[str, int]
    refused: Sequence[str]
    missing_sources: Sequence[tuple[str, str]]
    """Sources that gave no record, each with the role of its table."""
    poor_families: int | None
    publication: int | None
    published: bool
    in_force: bool
    content_hash: str | None
    paths: Mapping[str, str]
    failures: Mapping[str, str] = field(default_factory=dict)
    broken_checks: Sequence[str] = ()
    drift: Sequence[Mapping[str, Any]] = ()
    """What has moved in the estimates of linkage since the last run: stratum, figure, before, now."""

    def lines(self, language: str, *, seconds: float) -> list[str]:
        """The summary as an officer reads it."""
        return _indonesian(self, seconds) if language == "id" else _english(self, seconds)


def summarise(settings: Settings, *, done: set[str], failures: Mapping[str, str], broken_checks: Sequence[str]) -> RunSummary:
    """Read back what the steps that are `done` have written."""
    frames = settings.home / "frames"
    contracts = load_contracts(settings.contracts)
    taken_in = [source for source in contracts if f"intake_{source}" in done]
    deliveries = (
        parquet_table(frames / "deliveries.parquet", columns=_PLACE).to_pandas() if "deliveries" in done else pd.DataFrame(columns=_PLACE)
    )
    conservation = _concat(frames / "conservation" / f"{source}.parquet" for source in taken_in)
    set_aside = _concat(
        (frames / "quarantine" / f"{source}.parquet" for source in taken_in),
        ["delivery_id", "file", "disposition", "reason", "message_id", "message_en"],
    )
    refused = (
        set_aside[(set_aside["disposition"] == "delivery_refused") & (set_aside["reason"] != SENT_TWICE)] if len(set_aside) else set_aside
    )
    message = "message_id" if settings.language == "id" else "message_en"
    accepted = {source: _rows(frames / "records" / f"{source}.parquet") for source in taken_in}
    links = (
        parquet_table(frames / "links.parquet", columns=["status", "method"]).to_pandas()
        if "link_records" in done
        else pd.DataFrame({"status": [], "method": []})
    )
    published = json.loads((frames / "unified_database.json").read_text(encoding="utf-8")) if "unified_database" in done else {}
    pages = [name for step, name in PAGES[settings.language].items() if step in done]
    reports = sorted(path for name in pages if (path := settings.home / "reports" / f"{name}.html").is_file())
    return RunSummary(
        deliveries=deliveries["delivery_id"].nunique(),
        rows={
            "read": int(conservation["read"].sum()) if len(conservation) else 0,
            # Rows, not records: a row that names two people makes two records.
            "accepted": int(conservation["accepted"].sum()) if len(conservation) else 0,
            "quarantined": int((set_aside["disposition"] == "quarantined").sum()) if len(set_aside) else 0,
            "duplicates": int((set_aside["disposition"] == "exact_duplicate").sum()) if len(set_aside) else 0,
            "skipped": int(_skipped(set_aside["disposition"]).sum()) if len(set_aside) else 0,
        },
        links={
            "nik": int(((links["status"] == "linked") & (links["method"] == "nik")).sum()),
            "evidence": int(((links["status"] == "linked") & (links["method"] == "evidence")).sum()),
            "decision": int(((links["status"] == "linked") & (links["method"] == "decision")).sum()),
            "review": int((links["status"] == "review").sum()),
            "unregistered": int((links["status"] == "unregistered").sum()),
        },
        refused=[f"{row.delivery_id}/{row.file}: {getattr(row, message)}" for row in refused.itertuples()],
        missing_sources=[(source, contract.tables[0].role) for source, contract in contracts.items() if accepted.get(source, 0) == 0],
        poor_families=published.get("poor_families"),
        publication=published.get("number"),
        published=bool(published.get("published")),
        in_force=published.get("number") is not None,
        content_hash=published.get("content_hash"),
        paths={"database": _shown_database(settings), **{page.stem: str(page) for page in reports}},
        failures=failures,
        broken_checks=broken_checks,
        drift=json.loads((frames / "link_report.json").read_text(encoding="utf-8"))["drift"] if "link_records" in done else (),
    )


def _concat(paths: object, columns: list[str] | None = None) -> pd.DataFrame:
    read = [parquet_table(path, columns=columns).to_pandas() for path in paths]  # type: ignore[attr-defined]
    return pd.concat(read, ignore_index=True) if read else pd.DataFrame()


def _rows(path: Path) -> int:
    import pyarrow.parquet as pq

    return int(pq.read_metadata(path).num_rows)


def _skipped(disposition: pd.Series) -> pd.Series:
    """Rows with content that hold no record; blank rows are not among the rows read."""
    return ~disposition.isin(["quarantined", "exact_duplicate", "delivery_refused", "blank"])


def _shown_database(settings: Settings) -> str:
    """Where the database is, without a password."""
    from sqlalchemy.engine import make_url

    assert settings.database_url is not None
    url = make_url(settings.database_url)
    return url.database or "" if url.get_backend_name() == "sqlite" else url.render_as_string(hide_password=True)


def _number(value: int, separator: str) -> str:
    return f"{value:,}".replace(",", separator)


def _indonesian(summary: RunSummary, seconds: float) -> list[str]:
    def n(value: int) -> str:
        return _number(value, ".")

    rows, links = summary.rows, summary.links
    by_people = f", keputusan orang {n(links['decision'])}" if links["decision"] else ""
    lines = [
        "",
        f"Serahan          {n(summary.deliveries)}" + (f" ({len(summary.refused)} berkas ditolak)" if summary.refused else ""),
        (
            f"Baris dibaca     {n(rows['read'])}: diterima {n(rows['accepted'])}, karantina {n(rows['quarantined'])}, "
            f"dilewati {n(rows['skipped'])}, rangkap {n(rows['duplicates'])}"
        ),
        (
            f"Catatan          tertaut {n(links['nik'] + links['evidence'] + links['decision'])} (NIK {n(links['nik'])}, "
            f"bukti lain {n(links['evidence'])}{by_people}), "
            f"ditinjau {n(links['review'])}, tidak terdaftar {n(links['unregistered'])}"
        ),
    ]
    if summary.in_force:
        news = "baru" if summary.published else "tetap berlaku, tidak ada yang berubah"
        lines += [
            f"Keluarga miskin  {n(summary.poor_families or 0)}",
            f"Publikasi        {summary.publication} ({news})",
            f"Sidik isi        {summary.content_hash}",
        ]
    else:
        lines.append("Publikasi        TIDAK DITERBITKAN; keadaan terakhir tetap berlaku")
    lines += [f"{_PATH_TITLES['id'].get(name, name):<16} {path}" for name, path in summary.paths.items()]
    lines += [f"Ditolak: {line}" for line in summary.refused]
    lines += [f"Tanpa {source}: {_COSTS['id'][role]}" for source, role in summary.missing_sources]
    lines += [f"Pencocokan bergeser: {line}" for line in drift_sentences(summary.drift, Language("id"))]
    lines += [f"Pemeriksaan gagal: {check}" for check in summary.broken_checks]
    lines += [f"Gagal: {step}: {message}" for step, message in summary.failures.items()]
    return [*lines, f"Selesai dalam {seconds:.0f} detik"]


def _english(summary: RunSummary, seconds: float) -> list[str]:
    def n(value: int) -> str:
        return _number(value, ",")

    rows, links = summary.rows, summary.links
    by_people = f", people's decisions {n(links['decision'])}" if links["decision"] else ""
    lines = [
        "",
        f"Deliveries     {n(summary.deliveries)}" + (f" ({len(summary.refused)} files refused)" if summary.refused else ""),
        (
            f"Rows read      {n(rows['read'])}: accepted {n(rows['accepted'])}, quarantined {n(rows['quarantined'])}, "
            f"skipped {n(rows['skipped'])}, duplicates {n(rows['duplicates'])}"
        ),
        (
            f"Records        linked {n(links['nik'] + links['evidence'] + links['decision'])} (NIK {n(links['nik'])}, "
            f"evidence {n(links['evidence'])}{by_people}), "
            f"in review {n(links['review'])}, unregistered {n(links['unregistered'])}"
        ),
    ]
    if summary.in_force:
        news = "new" if summary.published else "stays in force, nothing changed"
        lines += [
            f"Poor families  {n(summary.poor_families or 0)}",
            f"Publication    {summary.publication} ({news})",
            f"Content hash   {summary.content_hash}",
        ]
    else:
        lines.append("Publication    NOT PUBLISHED; the last state stays in force")
    lines += [f"{_PATH_TITLES['en'].get(name, name):<14} {path}" for name, path in summary.paths.items()]
    lines += [f"Refused: {line}" for line in summary.refused]
    lines += [f"Without {source}: {_COSTS['en'][role]}" for source, role in summary.missing_sources]
    lines += [f"Matching has moved: {line}" for line in drift_sentences(summary.drift, Language("en"))]
    lines += [f"Check failed: {check}" for check in summary.broken_checks]
    lines += [f"Failed: {step}: {message}" for step, message in summary.failures.items()]
    return [*lines, f"Done in {seconds:.0f} seconds"]


_PATH_TITLES = {
    "id": {"database": "Basis data", "peta_kemiskinan": "Peta", "laporan_mutu": "Laporan mutu"},
    "en": {"database": "Database", "poverty_map": "Map", "quality_report": "Report"},
}
_COSTS = {
    "id": {
        "population": "tidak ada yang dapat dicocokkan, dan tidak ada yang diterbitkan",
        "welfare": "desil dan keadaan rumah tidak diketahui; status kemiskinan hanya dari pendataan desa",
        "recipients": "penerima program ini tidak diketahui; yang layak tampak belum menerima",
        "survey": "posisi rumah dan jenis kemiskinan menurut desa tidak diketahui",
        "reports": "laporan warga tidak ikut dihitung",
    },
    "en": {
        "population": "nobody can be matched, and nothing is published",
        "welfare": "deciles and the state of houses are unknown; poverty status comes from village surveys alone",
        "recipients": "this programme's recipients are unknown; who is eligible seems not to receive",
        "survey": "positions of houses and the villages' judgement of poverty are unknown",
        "reports": "people's reports are not counted",
    },
}
"""What the result lacks when a source of this role gave nothing."""
