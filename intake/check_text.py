"""The report of `padan check` as text, in Indonesian or English."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Literal

from schemas.canonical import BY_NAME

if TYPE_CHECKING:
    from intake.check import CheckReport, Found

Language = Literal["id", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "source": ("Sumber", "Source"),
    "guessed": ("ditebak dari judul kolom", "guessed from the header"),
    "refused": ("DITOLAK", "REFUSED"),
    "sheet": ("Lembar", "Sheet"),
    "hidden": ("tersembunyi", "hidden"),
    "no_table": ("bukan tabel, tidak dibaca", "no table, not read"),
    "header_row": ("judul di baris", "header in row"),
    "ignored": ("diabaikan menurut kontrak", "ignored by contract"),
    "unknown": ("TIDAK DIKENAL", "UNKNOWN"),
    "perhaps": ("mungkin", "perhaps"),
    "absent": ("Kolom yang tidak ada", "Columns that are not there"),
    "read": ("Baris terbaca", "Rows read"),
    "accepted": ("diterima", "accepted"),
    "quarantined": ("dikarantina", "quarantined"),
    "skipped": ("dilewati", "skipped"),
    "quarantine": ("Karantina", "Quarantine"),
    "errors": ("Nilai yang tidak dapat dipakai (barisnya tetap diterima)", "Values that can't be used (their rows are accepted)"),
    "repairs": ("Perbaikan", "Repairs"),
    "expectations": ("Syarat yang tidak terpenuhi", "Expectations not met"),
    "lost": ("PERHATIAN: ada baris yang tidak terhitung", "ATTENTION: some rows are not accounted for"),
    "for_example": ("misalnya", "for example"),
    "result_ok": ("Berkas ini akan diterima.", "This file would be accepted."),
    "result_refused": ("Berkas ini akan ditolak.", "This file would be refused."),
    "blank": ("kosong", "blank"),
    "title": ("judul", "title"),
    "header": ("judul kolom", "header"),
    "repeated_header": ("judul kolom berulang", "repeated header"),
    "total": ("jumlah", "total"),
    "signature": ("tanda tangan", "signature"),
    "ignored_sheet": ("lembar diabaikan", "ignored sheet"),
    "block_line": ("baris kepala keluarga", "family-card line"),
    "ignored_table": ("tabel lain", "other table"),
    "hidden_sheet": ("lembar tersembunyi", "hidden sheet"),
    "exact_duplicate": ("ganda identik", "exact duplicate"),
}


def _word(key: str, language: Language) -> str:
    return _WORDS[key][0 if language == "id" else 1]


def check_text(report: CheckReport, language: Language) -> str:
    """The report, a line per fact."""
    lines = [f"{report.file}"]
    if report.source:
        guessed = f" ({_word('guessed', language)})" if report.guessed else ""
        lines.append(f"{_word('source', language)}: {report.source}{guessed}")
    if report.refusal is not None:
        text = report.refusal.message_id if language == "id" else report.refusal.message_en
        lines += ["", f"{_word('refused', language)} [{report.refusal.code}]: {text}"]
        return "\n".join([*lines, "", _word("result_refused", language)])
    for sheet in report.sheets:
        lines += ["", *_sheet_lines(sheet, language)]
    skipped = ", ".join(f"{count} {_word(kind, language)}" for kind, count in report.skipped.items())
    quarantined = sum(found.count for found in report.quarantined)
    lines += [
        "",
        (
            f"{_word('read', language)}: {report.rows_read}; {report.accepted} {_word('accepted', language)}, "
            f"{quarantined} {_word('quarantined', language)}; {_word('skipped', language)}: {skipped or '0'}"
        ),
    ]
    if not report.conserved:
        lines.append(_word("lost", language))
    lines += _section("quarantine", report.quarantined, language)
    lines += _section("errors", report.errors, language)
    lines += _section("repairs", report.repairs, language)
    unmet = [result for result in report.expectations if not result.success]
    if unmet:
        lines += ["", f"{_word('expectations', language)}:"]
        lines += [f"  {result.name} [{result.severity}]: {result.unexpected} / {result.evaluated}" for result in unmet]
    return "\n".join([*lines, "", _word("result_ok", language)])


def _sheet_lines(sheet: dict[str, object], language: Language) -> Iterable[str]:
    name = f"{_word('sheet', language)} «{sheet['sheet'] or '-'}»" + (f" ({_word('hidden', language)})" if sheet["hidden"] else "")
    header_rows = sheet["header_rows"]
    assert isinstance(header_rows, list | tuple)
    if not header_rows:
        yield f"{name}: {_word('no_table', language)}"
        return
    yield f"{name}: {_word('header_row', language)} {'-'.join(str(row) for row in dict.fromkeys((header_rows[0], header_rows[-1])))}"
    columns, proposals, absent = sheet["columns"], sheet["proposals"], sheet["absent"]
    assert isinstance(columns, list | tuple)
    assert isinstance(proposals, list | tuple)
    assert isinstance(absent, list | tuple)
    perhaps = dict(proposals)
    for column in columns:
        taken_for = column["canonical"]
        if taken_for == "ignore":
            meaning = _word("ignored", language)
        elif taken_for is None:
            meaning = _word("unknown", language)
            if column["header"] in perhaps:
                meaning += f" ({_word('perhaps', language)} {perhaps[column['header']]})"
        else:
            known = BY_NAME.get(taken_for)
            meaning = f"{taken_for} ({known.title_id})" if known and language == "id" else taken_for
        yield f"  {column['letter']:>3}  {column['header']} → {meaning}"
    if absent:
        yield f"  {_word('absent', language)}: {', '.join(absent)}"


def _section(key: str, found: Sequence[Found], language: Language) -> list[str]:
    if not found:
        return []
    lines = ["", f"{_word(key, language)}:"]
    for item in found:
        cells = ", ".join(item.cells)
        lines.append(f"  {item.count} x {item.column or '-'}: {item.code} ({_word('for_example', language)} {cells})")
        if item.message is not None:
            lines.append(f"      {item.message.id if language == 'id' else item.message.en}")
    return lines
