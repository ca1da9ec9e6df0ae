"""A draft as the YAML of a contract: it can be loaded as it stands, and `# PERIKSA:` marks whatever a person has to look at."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Sequence

from intake.contract_draft import Draft, DraftColumn, DraftTable
from intake.draft_values import Doubt

_PLAIN = re.compile(r"[A-Za-z][A-Za-z0-9_ /.()]*[A-Za-z0-9_.)]")
_NOT_PLAIN = frozenset({"true", "false", "null", "yes", "no", "on", "off", "y", "n"})
_MARK = {"id": "PERIKSA", "en": "CHECK"}
_CADENCES = ("daily", "weekly", "monthly", "quarterly", "yearly", "once")
_ROLES = ("population", "welfare", "recipients", "survey", "reports")
_WIDEST = 0.5, 2.0
"""Rows that a delivery may have, by those of the file that the draft was made from."""


def draft_yaml(draft: Draft, source: str, language: str) -> str:
    """The contract as text. `source` is its id."""
    texts = _Texts(language)
    rows = sum(table.rows for table in draft.tables)
    lines = [
        texts.say(
            f"# Rancangan dari satu berkas. Setiap baris bertanda {_MARK['id']} harus dilihat orang; hapus tandanya bila sudah benar.",
            f"# Drafted from one file. A person has to look at each line marked {_MARK['en']}; take the mark away when it is right.",
        ),
        f"id: {source}",
        f"office: {texts.say('Nama Dinas', 'Name of the office')} {texts.check('nama dinas pengirim', 'name of the office that sends it')}",
        (
            f"title: {{id: {_text(source.replace('_', ' ').title())}, en: {_text(source.replace('_', ' ').title())}}} "
            f"{texts.check('nama daftar ini', 'name of this list')}"
        ),
        f"cadence: monthly {texts.one_of(_CADENCES)}",
        (
            "replaces: source "
            + texts.check(
                "source: serahan baru menggantikan semuanya; file_name: per nama berkas; nothing: semua tetap berlaku",
                "source: a new delivery replaces all; file_name: by name of file; nothing: all stay in force",
            )
        ),
        f"trust: 50 {texts.check('0-100, dibanding sumber lain', '0-100, beside other sources')}",
        f"village_codes: {draft.village_codes}" + _village_codes(draft, texts),
    ]
    if draft.other_sheets:
        count = draft.other_sheets
        lines.append(
            texts.check(f"{count} lembar lain tanpa judul kolom yang dikenali", f"{count} other sheets without a header that is known")
        )
    lines.append("tables:")
    for table in draft.tables:
        lines += _table(table, one_of_several=len(draft.tables) > 1 or draft.other_sheets > 0, texts=texts)
    least, most = max(int(rows * _WIDEST[0]), 1), max(int(rows * _WIDEST[1]), 10)
    why = texts.say(f"berkas contoh memuat {rows} baris", f"the example held {rows} rows")
    lines += [
        "expectations:",
        (
            f"  - {{expect: row_count_between, min: {least}, max: {most}, severity: warn, why: {_text(why)}}} "
            f"{texts.check('berapa baris yang wajar', 'how many rows are plausible')}"
        ),
    ]
    return "\n".join(lines) + "\n"


class _Texts:
    """What the draft says, in one language."""

    def __init__(self, language: str) -> None:
        self._language = "en" if language == "en" else "id"

    def say(self, indonesian: str, english: str) -> str:
        return indonesian if self._language == "id" else english

    def check(self, indonesian: str, english: str) -> str:
        """A comment that marks its line for a person."""
        return f"# {_MARK[self._language]}: {self.say(indonesian, english)}"

    def one_of(self, words: Sequence[str]) -> str:
        """A mark that lists what may stand there."""
        return self.check(", ".join(words), ", ".join(words))

    def doubts(self, doubts: Iterable[Doubt]) -> str:
        """The doubts of one line as one mark; nothing when there are none."""
        together = list(doubts)
        if not together:
            return ""
        return " " + self.check("; ".join(doubt.id for doubt in together), "; ".join(doubt.en for doubt in together))


def _village_codes(draft: Draft, texts: _Texts) -> str:
    if draft.village_codes == "names":
        return ""
    return " " + texts.check("kode Kemendagri atau bps? keduanya 10 angka", "codes of Kemendagri or bps? both have 10 digits")


def _table(table: DraftTable, *, one_of_several: bool, texts: _Texts) -> list[str]:
    sheet = "/.*/" if not one_of_several else f"/{'|'.join(re.escape(name) for name in table.sheets)}/"
    lines = [
        f"  - sheet: {_text(sheet)}",
        f"    role: {table.role} {texts.one_of(_ROLES)}",
        f"    unit: {table.unit} {texts.check('satu baris: person, family atau house?', 'one row is a person, a family or a house?')}",
    ]
    if table.role == "recipients":
        lines.append("    " + texts.check("programme: kode program, misalnya pkh", "programme: code of the programme, such as pkh"))
    lines.append(f"    lists_person_once: {str(table.lists_person_once).lower()}" + _once(table, texts))
    if table.record_key:
        lines.append(f"    record_key: [{table.record_key}]")
    lines.append("    columns:")
    lines += [f"      {name}: {_column(column)}{texts.doubts(column.doubts)}" for name, column in table.columns.items()]
    certain = [header for header, doubt in table.ignore.items() if doubt is None]
    lines.append(f"    ignore: {_list(certain)}" if all(doubt is None for doubt in table.ignore.values()) else "    ignore:")
    if any(table.ignore.values()):
        lines += [f"      - {_text(header)}{texts.doubts([doubt] if doubt else [])}" for header, doubt in table.ignore.items()]
    return lines


def _once(table: DraftTable, texts: _Texts) -> str:
    if "nik" not in table.columns:
        return " " + texts.check("apakah satu orang hanya sekali dalam daftar?", "does a person stand in the list only once?")
    return "" if table.lists_person_once else " " + texts.check("ada NIK yang berulang", "some NIKs stand there twice")


def _column(column: DraftColumn) -> str:
    parts = [f"aliases: {_list(column.aliases)}"]
    if column.required:
        parts.append("required: true")
    if column.dates:
        parts.append(f"dates: {_list(column.dates)}")
    if column.numeric:
        parts.append("numeric: true")
    return "{" + ", ".join(parts) + "}"


def _list(texts: Sequence[str]) -> str:
    return "[" + ", ".join(_text(text) for text in texts) + "]"


def _text(text: str) -> str:
    """A text as YAML, in quotes where it could be read as anything else."""
    if _PLAIN.fullmatch(text) and text.casefold() not in _NOT_PLAIN:
        return text
    return json.dumps(text, ensure_ascii=False)
