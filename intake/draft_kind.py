"""What kind of list a spreadsheet probably is, by the columns that it has: whom a row is about, and what the list is for."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable

from schemas.canonical import HOUSING_COLUMNS

_OF_A_FAMILY_CARD = frozenset(
    {
        "kk_number",
        "birth_place",
        "religion",
        "marital_status",
        "education",
        "occupation",
        "father_name",
        "father_nik",
        "mother_name",
        "mother_nik",
        "resident_status",
    }
)
"""What the register of residents prints on a family's card beside name, NIK, birth date, sex and relation (UU 24/2013, article 58)."""
_FACTS_OF_A_REGISTER = 3
"""A list of aid that names the relation has one or two of them, the narrowest excerpts of the register three."""
_SPEAKS_OF_AID = re.compile(
    r"pkh|bpnt|sembako|kks|kip|pbi|bst|blt|bdt|dtks|dtsen|ppks|pmks|desil|miskin|bantuan|penerima|peserta|pendamping", re.IGNORECASE
)


def unit_of(columns: Collection[str]) -> str:
    """Whom a row is about: person, family or house."""
    if len(set(columns) & set(HOUSING_COLUMNS)) >= 4 and "decile" not in columns:
        return "house"
    return "family" if "kk_number" in columns and "birth_date" not in columns else "person"


def role_of(columns: Collection[str], headers: Iterable[str]) -> str:
    """What the list is for, by its canonical columns and by all headers, known or not."""
    names = set(columns)
    if "decile" in names:
        return "welfare"
    if names & {"report_number", "report_kind"}:
        return "reports"
    if _is_register(names, headers):
        return "population"
    return "survey" if names & {"house_condition", "poverty_kind"} and "amount" not in names else "recipients"


def _is_register(names: set[str], headers: Iterable[str]) -> bool:
    """Whether a list tells of each resident what a family's card does, and nothing of aid."""
    if not {"name", "relation"} <= names or len(names & _OF_A_FAMILY_CARD) < _FACTS_OF_A_REGISTER:
        return False
    return not names & {"amount", "period", "stage", "card_number"} and not any(_SPEAKS_OF_AID.search(text) for text in headers)
