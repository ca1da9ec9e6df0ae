"""Names, addresses and other free text: spaces tidied, what cannot be seen taken out, texts that mean nothing made missing.

Case and spelling stay as written: standardising them is the business of matching, not of intake.
"""

from __future__ import annotations

import re
import unicodedata

import pyarrow as pa
import pyarrow.compute as pc

from intake.cells.parsed import NOTHING, ParsedColumn, Repaired, is_filler, spread

_INVISIBLE = re.compile(r"[\u00ad\u200b-\u200f\u2060\u202a-\u202e\ufeff\x00-\x08\x0b-\x1f\x7f]")
_SPACES = re.compile(r"\s+")
_UNTIDY = r"^\s|\s$|\s\s|[^ -~]|^[^A-Za-z]|^.{0,3}$|(?i)^(?:none|null|kosong|nihil|unknown|(?:tidak|tdk|belum|tanpa) .*)$"
"""What may need a look: outer or double spaces, anything outside of printable ASCII, no letter at the start, and what may be a filler."""
_ONLY_SIGNS = re.compile(r"^[\W\d_]+$")


def tidy(text: str) -> str:
    """The text with ordinary single spaces, composed accents, and nothing invisible."""
    return _SPACES.sub(" ", _INVISIBLE.sub("", unicodedata.normalize("NFC", text))).strip()


def read_text(text: str) -> Repaired[str]:
    """Free text; a filler is missing. Tidying is recorded only where something invisible went."""
    tidied = tidy(text).lstrip("'`")
    if is_filler(tidied):
        return Repaired(None, "filler") if tidied else NOTHING
    return Repaired(tidied, None, "invisible_removed" if _INVISIBLE.search(text) else None)


def read_name(text: str) -> Repaired[str]:
    """A person's name; a text without a letter is none."""
    outcome = read_text(text)
    if outcome.value is not None and _ONLY_SIGNS.match(outcome.value):
        return Repaired(None, "not_a_name")
    return outcome


def parse_texts(cells: pa.Array, *, names: bool = False) -> ParsedColumn:
    """A column of free text. Tidy ones pass untouched; the distinct others are read one by one."""
    untidy = pc.fill_null(pc.match_substring_regex(cells, _UNTIDY), False)
    if not pc.any(untidy).as_py():
        return ParsedColumn(cells)
    encoded = pc.dictionary_encode(pc.if_else(untidy, cells, pa.scalar(None, pa.large_string())))
    read = read_name if names else read_text
    outcome = spread(encoded.indices, [read(text) for text in encoded.dictionary.to_pylist()], pa.large_string())
    return ParsedColumn(pc.if_else(untidy, outcome.values, cells), outcome.errors, outcome.rules)
