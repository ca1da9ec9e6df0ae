"""The data dictionary: every table, view and column in the words of Satu Data Indonesia, generated from the schema.

Satu Data (Perpres 39/2019) asks for concept, definition, unit, classification, period, source and version of all data that
offices share. The words stand beside each column in `schemas/tables_*.py` and `columns.py`; nothing is written twice.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import astuple, dataclass, fields
from itertools import groupby

from schemas import postgis, tables
from schemas.views.columns import NEVER_EMPTY, VIEW_COLUMNS, kind_of

_VIEW_TITLES = {
    "v1_area_summary": "Poverty by area",
    "v1_dci_group": "Families, DCI social registry standard",
    "v1_eligibility": "Eligibility with reasons",
    "v1_family_programme": "Programmes of each family",
    "v1_house": "Houses",
    "v1_house_map": "Houses as points (PostgreSQL only)",
    "v1_person": "Persons, numbers masked",
    "v1_person_full": "Persons, full numbers (restricted)",
    "v1_poor_family": "Poor families",
    "v1_publication": "Publications",
}


@dataclass(frozen=True)
class Entry:
    """One line of the dictionary: a column of a table or view."""

    object_name: str
    object_kind: str
    concept: str
    column_name: str
    position: int
    data_type: str
    definition: str
    unit: str
    classification: str
    period: str
    source: str
    sensitivity: str
    version: str
    nullable: str
    """`yes` where the column may be empty, `no` where it never is."""


DICTIONARY_COLUMNS: tuple[str, ...] = tuple(field.name for field in fields(Entry))


def dictionary_entries() -> Iterator[Entry]:
    """The whole dictionary, tables first, each in the order of its columns."""
    for name, table in sorted(tables.METADATA.tables.items()):
        for position, column in enumerate(table.columns, start=1):
            words = column.info
            yield Entry(
                name, "table", table.info["title"], column.name, position, kind_of(name, column.name), words["definition"], words["unit"],
                words["classification"], table.info["period"], words["source"], words["sensitivity"], tables.SCHEMA_REVISION,
                _yes_no(column.nullable),
            )  # fmt: skip
        if name == postgis.LOCATION_TABLE:
            yield Entry(
                name, "table", table.info["title"], postgis.LOCATION_COLUMN, len(table.columns) + 1, "point",
                postgis.LOCATION_DEFINITION, "", "", table.info["period"], "house.latitude, house.longitude", "personal",
                tables.SCHEMA_REVISION, "yes",
            )  # fmt: skip
    for name, columns in sorted(VIEW_COLUMNS.items()):
        for position, (column_name, shown) in enumerate(columns.items(), start=1):
            yield Entry(
                name, "view", _VIEW_TITLES[name], column_name, position, shown.kind, shown.definition, shown.unit,
                shown.classification, "state as of publication.as_of", shown.source, shown.sensitivity, tables.SCHEMA_REVISION,
                _yes_no(column_name not in NEVER_EMPTY[name]),
            )  # fmt: skip


def _yes_no(holds: bool | None) -> str:
    return "yes" if holds else "no"


def dictionary_view() -> str:
    """The statement that creates `v1_data_dictionary`; both engines call the columns of VALUES column1, column2 …."""
    rows = ",\n    ".join("(" + ", ".join(_literal(value) for value in astuple(entry)) + ")" for entry in dictionary_entries())
    names = ", ".join(f"d.column{number} AS {name}" for number, name in enumerate(DICTIONARY_COLUMNS, start=1))
    return f"CREATE VIEW v1_data_dictionary AS\nSELECT {names}\nFROM (VALUES\n    {rows}\n) AS d\n"


def _literal(value: object) -> str:
    return str(value) if isinstance(value, int) else "'" + str(value).replace("'", "''") + "'"


_PAGE_HEAD = """# Data dictionary

Every table, view and column of the unified database, in the terms of Satu Data Indonesia (Perpres 39/2019): concept, definition, unit,
classification, period, source and version. Made by `padan database dictionary --out docs/data-dictionary.md` from the schema; the
same rows are in the view `v1_data_dictionary` of every database.

Other systems read the views whose names begin with `v1_`: within v1, columns are only ever added. Sensitivity is that of UU 27/2022,
article 4: `open` may be published, `internal` is technical, `personal` is general and `specific` is specific personal data.

Schema version: {version}
"""


_PAGE_COLUMNS = ("column", "kind", "may be empty", "definition", "unit", "classification", "source", "sensitivity")


def dictionary_page() -> str:
    """The dictionary as a Markdown page: views first, since they are what others read, then tables."""
    lines = [_PAGE_HEAD.format(version=tables.SCHEMA_REVISION)]
    entries = sorted(dictionary_entries(), key=lambda entry: (entry.object_kind != "view", entry.object_name, entry.position))
    for name, group in groupby(entries, key=lambda entry: entry.object_name):
        columns = list(group)
        first = columns[0]
        lines.append(f"## {name}\n\n{first.concept} ({first.object_kind}; period: {first.period})\n")
        lines.append("| " + " | ".join(_PAGE_COLUMNS) + " |\n" + "|---" * len(_PAGE_COLUMNS) + "|")
        lines.extend(_line(entry) for entry in columns)
        lines.append("")
    return "\n".join(lines)


def _line(entry: Entry) -> str:
    words = (entry.definition, entry.unit, entry.classification, entry.source)
    return f"| `{entry.column_name}` | {entry.data_type} | {entry.nullable} | {' | '.join(map(_cell, words))} | {entry.sensitivity} |"


def _cell(words: str) -> str:
    return words.replace("|", "\\|")
