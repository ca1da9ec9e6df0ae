"""The report of changes as a workbook for an officer: a sheet of counts, and a sheet of all changes, with words for codes."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from publishing.change_report import COLUMNS, KINDS, ChangeReport
from publishing.language import Language
from publishing.workbook import open_workbook, text_format, write_row

_TITLES = {
    "id": ("Ringkasan", "Perubahan", "Jumlah", ("Perubahan", "Jenis", "Id", "Nama", "Desa/kelurahan", "Sebelum", "Sesudah")),
    "en": ("Summary", "Changes", "Count", ("Change", "Kind", "Id", "Name", "Village", "Before", "After")),
}
_PRIVATE = ("Buku kerja ini memuat data pribadi. Jangan disebarkan.", "This workbook holds personal data. Don't pass it on.")
_ENTITIES = {"person": ("orang", "person"), "family": ("keluarga", "family"), "house": ("rumah", "house")}
_POVERTY = {
    "extreme_poor": ("sangat miskin", "extremely poor"),
    "poor": ("miskin", "poor"),
    "near_poor": ("hampir miskin", "nearly poor"),
    "not_poor": ("tidak miskin", "not poor"),
    "unknown": ("belum diketahui", "unknown"),
}


def write_change_workbook(report: ChangeReport, path: Path, words: Language) -> None:
    """Write the report. It holds names: the file is readable by its owner alone, and says so on its first sheet."""
    place = 0 if words.code == "id" else 1
    summary_title, changes_title, count_title, headers = _TITLES[words.code]
    said = {code: both[place] for code, both in (_ENTITIES | _POVERTY).items()}
    with open_workbook(path) as workbook:
        texts, bold = text_format(workbook), text_format(workbook, bold=True)
        summary, listed = workbook.add_worksheet(summary_title), workbook.add_worksheet(changes_title)
        write_row(summary, 0, (f"{changes_title} {report.first} → {report.last}", count_title), bold)
        for line, (kind, count) in enumerate(report.counts().items(), start=1):
            write_row(summary, line, (KINDS[kind][place], count))
        write_row(summary, len(KINDS) + 2, (_PRIVATE[place],), texts)
        summary.set_column(0, 0, 60)
        write_row(listed, 0, headers, bold)
        for line, row in enumerate(report.changes.astype(object).where(report.changes.notna(), None).itertuples(index=False), start=1):
            kind, entity, entity_id, name, *codes = row
            shown = (KINDS[str(kind)][place], said.get(str(entity), entity), entity_id, name)
            write_row(listed, line, (*shown, *(_in_words(code, said, report.area_names) for code in codes)), texts)
        listed.set_column(0, len(COLUMNS) - 1, 24)
        listed.freeze_panes(1, 0)
        listed.autofilter(0, 0, max(1, len(report.changes)), len(COLUMNS) - 1)


def _in_words(code: str | None, said: Mapping[str, str], areas: Mapping[str, str]) -> str | None:
    """A village with its name before its code, a status in words; ids and programmes as they are."""
    if code is None:
        return None
    return f"{areas[code]} ({code})" if code in areas else said.get(code, code)
