"""Addresses taken apart: street, house number, RT, RW, hamlet, whichever the text holds.

Offices write one address in many ways: ``DUSUN KRAJAN RT 003 RW 01 JL. MAWAR NO. 12``, ``Jl Mawar 12 RT/RW 3/1``, ``Krajan``.
"""

from typing import Any

import pandas as pd
import pyarrow.compute as pc

from matching.standardise.distinct import TEXT, arrow_text, blank_to_null, encode, like, spread
from matching.standardise.places import plain_places

PARTS = ("hamlet", "street", "number", "rt", "rw")

_RT_RW = r"\bRT\s*[/\\]\s*RW\s*[.:]*\s*(?P<rt>\d{1,3})\s*[/\\-]\s*(?P<rw>\d{1,3})"
_RT = r"\bRT\s*[.:]*\s*(?P<rt>\d{1,3})"
_RW = r"\bRW\s*[.:]*\s*(?P<rw>\d{1,3})"
_STREET = (
    r"\b(?:JALAN|JLN|JL|GANG|GG)\b[. ]*(?P<street>[^\d,]*?)\s*"
    r"(?:,|\bNO\b|\bNOMOR\b|\d|\bRT\b|\bRW\b|\b(?:DUSUN|DSN|DS|DESA|KEL|KEC|LINGK?)\b|$)"
)
_NUMBER = r"(?:\bNO(?:MOR)?\b[. ]*|\b(?:JALAN|JLN|JL|GANG|GG)\b[^\d,]*\s)(?P<number>\d{1,4}\s?[A-Z]?)(?:$|[^\d/A-Z])"
_ADDRESS_WORD = r"\b(?:JALAN|JLN|JL|GANG|GG|RT|RW|NO)\b"
_HAMLET = (
    r"\b(?:DUSUN|DSN|DUKUH|DKH|LINGKUNGAN|LINGK|LING|KAMPUNG|KP)\b[. ]*(?P<hamlet>[^\d,]+?)\s*"
    r"(?:,|\d|\b(?:JALAN|JLN|JL|GANG|GG|RT|RW|NO|DESA|KEL|KEC)\b|$)"
)


def standardise_addresses(values: pd.Series) -> pd.DataFrame:
    """Columns ``hamlet, street, number, rt, rw``, each missing where the address does not state it; the index is kept."""
    codes, distinct = encode(arrow_text(values))
    parts = address_parts(distinct)
    frame = pd.DataFrame({name: spread(blank_to_null(parts[name]), codes) for name in PARTS}, dtype=TEXT)
    frame.index = values.index
    return frame


def standardise_numbers(values: pd.Series) -> pd.Series:
    """House, RT and RW numbers without leading zeros: ``003`` and ``3`` are equal; zero itself is missing."""
    codes, distinct = encode(arrow_text(values))
    return like(spread(blank_to_null(plain_numbers(distinct)), codes), values)


def standardise_hamlets(values: pd.Series) -> pd.Series:
    """Hamlet of each value: what an address states, else the value itself as a place name."""
    codes, distinct = encode(arrow_text(values))
    return like(spread(blank_to_null(plain_hamlets(distinct)), codes), values)


def plain_hamlets(distinct: Any) -> Any:
    """Same as :func:`standardise_hamlets` on distinct Arrow strings; an address that names a street but no hamlet gives none."""
    stated = address_parts(distinct)["hamlet"]
    is_address = pc.match_substring_regex(pc.utf8_upper(pc.fill_null(distinct, "")), _ADDRESS_WORD)
    return pc.if_else(pc.or_(pc.not_equal(stated, ""), is_address), stated, plain_places(distinct))


def address_parts(distinct: Any) -> dict[str, Any]:
    """Part → Arrow strings, empty where not stated, for distinct addresses."""
    text = pc.replace_substring_regex(pc.utf8_upper(pc.fill_null(distinct, "")), r"\s+", " ")
    both = pc.extract_regex(text, _RT_RW)
    return {
        "street": plain_places(_extracted(text, _STREET, "street")),
        "number": plain_numbers(_extracted(text, _NUMBER, "number")),
        "rt": plain_numbers(_first(_field(both, "rt"), _extracted(text, _RT, "rt"))),
        "rw": plain_numbers(_first(_field(both, "rw"), _extracted(text, _RW, "rw"))),
        "hamlet": plain_places(_extracted(text, _HAMLET, "hamlet")),
    }


def plain_numbers(distinct: Any) -> Any:
    """Upper-case letters and digits without leading zeros."""
    text = pc.replace_substring_regex(pc.utf8_upper(pc.fill_null(distinct, "")), r"\.0$", "")
    return pc.replace_substring_regex(pc.replace_substring_regex(text, r"[^0-9A-Z]", ""), r"^0+", "")


def _extracted(text: Any, pattern: str, name: str) -> Any:
    return _field(pc.extract_regex(text, pattern), name)


def _field(matches: Any, name: str) -> Any:
    return pc.fill_null(pc.struct_field(matches, name), "")


def _first(one: Any, other: Any) -> Any:
    return pc.if_else(pc.equal(one, ""), other, one)
