"""How a table is declared: every table and column carries the words that the data dictionary needs.

The four files `tables_*.py` beside this one declare the unified database with these functions. A column cannot be declared
without its definition, its source and its sensitivity, so that the dictionary can never lag behind the schema.
"""

from __future__ import annotations

from typing import Any, Literal

from sqlalchemy import BigInteger, Boolean, CheckConstraint, Column, Date, DateTime, Double, ForeignKey, Integer, MetaData, Table, Text
from sqlalchemy.dialects import postgresql
from sqlalchemy.types import TypeEngine

Sensitivity = Literal["open", "internal", "personal", "specific"]
"""`open`: may be published; `internal`: technical, no person behind it; `personal` and `specific`: UU 27/2022 article 4."""

METADATA = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)
"""All tables of the unified database. Constraint names are fixed, since error messages and migrations speak of them."""

# Byte order on both engines, so that every sorted list is the same on SQLite and PostgreSQL whatever the server's locale.
TEXT: TypeEngine[Any] = Text().with_variant(postgresql.TEXT(collation="C"), "postgresql")
SMALL: TypeEngine[Any] = Integer()
# SQLite makes a 64-bit key the row's own address only when it is called INTEGER.
LARGE: TypeEngine[Any] = BigInteger().with_variant(Integer(), "sqlite")
DECIMAL: TypeEngine[Any] = Double()
YES_NO: TypeEngine[Any] = Boolean(create_constraint=False)
DAY: TypeEngine[Any] = Date()
INSTANT: TypeEngine[Any] = DateTime(timezone=False)


def described(
    name: str,
    kind: TypeEngine[Any],
    definition: str,
    *,
    source: str,
    sensitivity: Sensitivity,
    unit: str = "",
    values: tuple[str, ...] = (),
    code_list: str = "",
    references: str | None = None,
    key: bool = False,
    required: bool = False,
) -> Column[Any]:
    """One column with its words.

    `values` is the closed set of what the column may hold (checked by the database and by the audit); `code_list` names a list
    of `schemas.code_lists` instead. `references` is `table.column`; the check waits for the commit, so that tables can be
    written in any order inside a publication.
    """
    if not definition.strip() or not source.strip():
        raise ValueError(f"column {name} needs a definition and a source")
    classification = f"one of {', '.join(values)}" if values else (f"code list {code_list}" if code_list else "")
    words = {
        "definition": definition,
        "unit": unit,
        "classification": classification,
        "source": source,
        "sensitivity": sensitivity,
    }
    extra = [f"{label}: {words[word]}." for word, label in _COMMENT_PARTS if words[word]]
    constraints: list[Any] = []
    if references is not None:
        constraints.append(ForeignKey(references, deferrable=True, initially="DEFERRED"))
    column: Column[Any] = Column(
        name,
        kind,
        *constraints,
        primary_key=key,
        nullable=not (key or required),
        autoincrement=False,
        comment=" ".join([definition.rstrip(".") + ".", *extra]),
        info={**words, "values": values},
    )
    return column


_COMMENT_PARTS = (("unit", "Unit"), ("classification", "Classification"), ("source", "Source"), ("sensitivity", "Sensitivity"))


def described_table(name: str, title: str, definition: str, *parts: Any, period: str = "state as of publication.as_of") -> Table:
    """One table with its words; each column with a closed set of values gets its check constraint."""
    wordless = [part.name for part in parts if isinstance(part, Column) and "definition" not in part.info]
    if wordless:
        raise ValueError(f"columns of {name} without words: {', '.join(wordless)}")
    checks = [
        # Not IN (…): SQLite builds a small table for each list and each row, and takes twice as long to load a regency.
        CheckConstraint(" OR ".join(f"{part.name} = {value!r}" for value in part.info["values"]), name=part.name)
        for part in parts
        if isinstance(part, Column) and part.info.get("values")
    ]
    return Table(
        name,
        METADATA,
        *parts,
        *checks,
        comment=f"{title}: {definition}",
        info={"title": title, "definition": definition, "period": period},
    )


def row_hash(*, key: bool = False) -> Column[Any]:
    """The fingerprint by which a publication sees whether a row changed."""
    return described(
        "row_hash",
        LARGE,
        "64-bit fingerprint of the row's other columns; equal rows have equal fingerprints on every machine",
        source="computed (publishing.row_hash)",
        sensitivity="internal",
        key=key,
        required=True,
    )


def valid_from(*, key: bool = True) -> Column[Any]:
    """The first publication that shows this version of the row."""
    return described(
        "valid_from",
        LARGE,
        "Number of the first publication that shows this version of the row",
        source="publication.number",
        sensitivity="internal",
        references="publication.number",
        key=key,
        required=True,
    )


def valid_to() -> Column[Any]:
    """The publication that replaced this version."""
    return described(
        "valid_to",
        LARGE,
        "Number of the publication that replaced or removed this version; empty for the current one",
        source="publication.number",
        sensitivity="internal",
        references="publication.number",
    )
