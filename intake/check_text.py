"""The report of `padan check` as text, in Indonesian or English."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Literal

from schemas.canonical import BY_NAME, INPUT_ONLY_TITLES
from schemas.cell_codes import REMARKS, WANTED
from schemas.expectations_words import expectation_words, found_words

if TYPE_CHECKING:
    from intake.check import CheckReport, Found
    from intake.messages import Message

Language = Literal["id", "en"]

_WORDS: dict[str, tuple[str, str]] = {
    "source": ("Sumber", "Source"),
    "not_counted": ("tidak dihitung", "not counted"),
    "another_list": (
        "Bila ini daftar lain, sebut kontraknya: --source. Bila daftar baru: padan contract new BERKAS",
        "If this is another list, name its contract: --source. If it is a new list: padan contract new FILE",
    ),
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
    "remarks": ("Perlu diperhatikan (nilainya tetap dipakai)", "Worth a look (the values are used)"),
    "unnamed": (
        "tanpa nama dan NIK: barisnya tercatat, orangnya belum diketahui",
        "without name and NIK: the row is on record, who it is about is not known",
    ),
    "text_table": ("Berkas teks", "Text file"),
    "repairs": ("Perbaikan", "Repairs"),
    "expectations": ("Syarat yang tidak terpenuhi", "Expectations not met"),
    "lost": ("PERHATIAN: ada baris yang tidak terhitung", "ATTENTION: some rows are not accounted for"),
    "for_example": ("misalnya", "for example"),
    "right": ("seharusnya", "what would be right"),
    "result_ok": ("Berkas ini akan diterima.", "This file would be accepted."),
    "result_refused": ("Berkas ini akan ditolak.", "This file would be refused."),
    "warn": ("peringatan", "warning"),
    "delivery": ("menolak serahan", "refuses the delivery"),
    "publication": ("menahan publikasi", "stops the publication"),
    "row": ("menolak baris", "refuses rows"),
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

_WIDEST_HEADER = 40
_SAME: tuple[tuple[frozenset[str | None], ...], ...] = (
    (frozenset({"rt", "rw"}), frozenset({"rt_rw"})),
    (frozenset({"latitude", "longitude"}), frozenset({"position"})),
    (frozenset({"address"}), frozenset({"address_text"})),
)
"""Columns that say the same in several forms, of which an office writes one."""


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
        lines += ["", f"{_word('refused', language)}: {text} [{report.refusal.code}]"]
        if report.guessed:
            lines.append(_word("another_list", language))
    for sheet in report.sheets:
        lines += ["", *_sheet_lines(sheet, report.called, language)]
    if report.sheets:
        lines += _totals(report, language)
    lines += _section("quarantine", report.quarantined, language)
    lines += _section("errors", [found for found in report.errors if found.code not in REMARKS], language)
    lines += _section("remarks", [found for found in report.errors if found.code in REMARKS], language)
    lines += _section("repairs", report.repairs, language)
    unmet = [result for result in report.expectations if not result.success]
    if unmet:
        lines += ["", f"{_word('expectations', language)}:"]
        for result in unmet:
            expectation = report.expected[result.name]
            said, found = expectation_words(expectation, language), found_words(expectation, result, language)
            lines.append(f"  {_word(result.severity, language)}: {said}; {found}")
            lines.append(f"      {expectation.why.id if language == 'id' else expectation.why.en} [{result.name}]")
    return "\n".join([*lines, "", _word("result_refused" if report.refused else "result_ok", language)])


def _totals(report: CheckReport, language: Language) -> list[str]:
    quarantined = sum(found.count for found in report.quarantined)
    lines = [
        "",
        f"{_word('read', language)}: {report.rows_read}",
        f"  {report.accepted} {_word('accepted', language)}",
        f"  {quarantined} {_word('quarantined', language)}",
        f"  {_word('skipped', language)}: {_kinds({kind: count for kind, count in report.skipped.items() if kind != 'blank'}, language)}",
    ]
    if report.skipped.get("blank"):
        lines.append(f"  {report.skipped['blank']} {_word('blank', language)} ({_word('not_counted', language)})")
    return lines if report.conserved else [*lines, _word("lost", language)]


def _kinds(counts: Mapping[str, int], language: Language) -> str:
    return ", ".join(f"{count} {_word(kind, language)}" for kind, count in counts.items()) or "0"


def _sheet_lines(sheet: dict[str, object], called: Mapping[str, Message], language: Language) -> Iterable[str]:
    name = f"{_word('sheet', language)} «{sheet['sheet']}»" if sheet["sheet"] else _word("text_table", language)
    name += f" ({_word('hidden', language)})" if sheet["hidden"] else ""
    header_rows = sheet["header_rows"]
    assert isinstance(header_rows, list | tuple)
    if not header_rows:
        yield f"{name}: {_word('no_table', language)}"
        return
    yield f"{name}: {_word('header_row', language)} {'-'.join(str(row) for row in dict.fromkeys((header_rows[0], header_rows[-1])))}"
    columns, proposals, absent, kinds = sheet["columns"], sheet["proposals"], sheet["absent"], sheet["kinds"]
    assert isinstance(columns, list | tuple)
    assert isinstance(proposals, list | tuple)
    assert isinstance(absent, list | tuple)
    assert isinstance(kinds, dict)
    perhaps = dict(proposals)
    people = {column["mention"]: None for column in columns if column["mention"]} | {mention: None for mention, _ in absent}
    names = {mention: _called(mention, called, language) for mention in people} if len(people) > 1 else {}
    meanings: dict[tuple[str, str], list[tuple[str, str]]] = {}
    for column in columns:
        said = meanings.setdefault((column["letter"], column["header"]), [])
        if (meant := (column["mention"], _meaning(column, perhaps, language))) not in said:  # several tables may have one layout
            said.append(meant)
    width = min(max((len(header) for _, header in meanings), default=0), _WIDEST_HEADER)
    for (letter, header), taken_for in meanings.items():
        yield f"  {letter:>3}  {header:<{width}} → {_with_people(taken_for, names)}"
    found = {mention: {column["canonical"] for column in columns if column["mention"] == mention} for mention in people}
    if lacking := [(mention, _titled(name, language)) for mention, name in absent if not _stands_elsewhere(name, found[mention])]:
        yield f"  {_word('absent', language)}: {_with_people(lacking, names)}"
    skipped = f"; {_word('skipped', language)}: {_kinds(kinds, language)}" if kinds else ""
    unnamed = sheet["unnamed"]
    assert isinstance(unnamed, dict)
    for mention, count in unnamed.items():
        yield f"  {count} x {_called(mention, called, language)}: {_word('unnamed', language)}"
    yield f"  {sheet['accepted']} {_word('accepted', language)}, {sheet['quarantined']} {_word('quarantined', language)}{skipped}"


def _with_people(said: Iterable[tuple[str, str]], names: Mapping[str, str]) -> str:
    """What is said of the columns of several people, each with the people of whom it holds; plain where rows speak of one."""
    of_whom: dict[str, list[str]] = {}
    for mention, text in said:
        of_whom.setdefault(text, []).extend([names[mention]] if mention in names else [])
    return ", ".join(f"{text} [{', '.join(people)}]" if people else text for text, people in of_whom.items())


def _meaning(column: Mapping[str, str | None], perhaps: Mapping[str, str], language: Language) -> str:
    """What a column was taken for, in words."""
    taken_for = column["canonical"]
    if taken_for == "ignore":
        return _word("ignored", language)
    if taken_for is None:
        near = perhaps.get(column["header"] or "")
        return _word("unknown", language) + (f" ({_word('perhaps', language)} {near})" if near else "")
    return _titled(taken_for, language)


def _titled(name: str, language: Language) -> str:
    """A canonical or input column with its title, where that says more than its name."""
    title = BY_NAME[name].title_id if name in BY_NAME else INPUT_ONLY_TITLES.get(name)
    return f"{name} ({title})" if title and language == "id" else name


def _stands_elsewhere(name: str, found: AbstractSet[str | None]) -> bool:
    """Whether columns that are there say the same in another form: RT and RW in one cell or in two, a position likewise."""
    return any(name in form and any(other <= found for other in forms if other is not form) for forms in _SAME for form in forms)


def _called(mention: str, called: Mapping[str, Message], language: Language) -> str:
    return mention if mention not in called else called[mention].id if language == "id" else called[mention].en


def _section(key: str, found: Sequence[Found], language: Language) -> list[str]:
    """What was found, one line each: how often, in which column, what it means, and the first cells."""
    if not found:
        return []
    lines = ["", f"{_word(key, language)}:"]
    for item in found:
        words = "" if item.message is None else (item.message.id if language == "id" else item.message.en)
        lines.append(f"  {item.count} x {item.column or '-'}: {words or item.code} [{item.code}]")
        wanted = WANTED[item.code] if key == "errors" and item.code in WANTED else None
        right = "" if wanted is None else f"; {_word('right', language)}: {getattr(wanted, language)}"
        lines.append(f"      {_word('for_example', language)} {', '.join(item.cells)}{right}")
    return lines
