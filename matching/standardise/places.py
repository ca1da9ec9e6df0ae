"""Place names in one spelling: words for the kind of place gone, and a key that ignores spaces and old spelling (KALIBARUKULON)."""

from typing import Any

import pandas as pd
import pyarrow.compute as pc

from matching.standardise.distinct import on_distinct
from matching.standardise.names import plain_letters

_KIND = (
    r"^\s*(?:(?:DUSUN|DSN|DS|DUKUH|DKH|DESA|KELURAHAN|KEL|KECAMATAN|KEC|LINGKUNGAN|LINGK|LING|LINK|KAMPUNG|KP|KABUPATEN|KAB|PROVINSI|PROV)\b\s*)+"
    r"(?P<rest>\S)"
)


def standardise_places(values: pd.Series) -> pd.Series:
    """Upper case, without the word for its kind: ``Dsn. Krajan`` is ``KRAJAN``."""
    return on_distinct(values, plain_places)


def place_keys(values: pd.Series) -> pd.Series:
    """What two spellings of one place share: no spaces, old digraphs modern, doubled letters single."""
    return on_distinct(values, place_key)


def plain_places(distinct: Any) -> Any:
    """Same as :func:`standardise_places` on distinct Arrow strings."""
    letters = plain_letters(distinct)
    bare = pc.replace_substring_regex(letters, _KIND, r"\1")
    return pc.replace_substring_regex(pc.utf8_trim_whitespace(bare), r"\s+", " ")


def place_key(distinct: Any) -> Any:
    """Same as :func:`place_keys` on distinct Arrow strings."""
    closed = pc.replace_substring(plain_places(distinct), " ", "")
    for old, new in (("OE", "U"), ("DJ", "J"), ("TJ", "C"), ("H", "")):
        closed = pc.replace_substring(closed, old, new)
    for letter in "ABCDEFGIJKLMNOPQRSTUVWXYZ":
        closed = pc.replace_substring(closed, letter * 2, letter)
    return closed
