"""Which column of a spreadsheet is which canonical column, by the aliases of the contract.

Headers match without regard to case, spaces, underscores, punctuation and line breaks. A header that only comes near an alias
is never taken: it is proposed in the message, and a person adds the alias. What no alias names is reported by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

from rapidfuzz import fuzz, process

from schemas.contracts import TableContract, normalised_header

NEAR_MISS = 80.0
"""rapidfuzz ratio from which a header is proposed for an alias: `NAMA PENERMA` for `NAMA_PENERIMA` has 96, `ALAMAT` for `NAMA` 60."""

_PARENTHESES = re.compile(r"\([^)]*\)|\[[^\]]*\]")


@dataclass(frozen=True)
class HeaderMap:
    """How the columns of one table were understood. Places are 0-based column numbers; headers are as written."""

    columns: Mapping[str, int]
    headers: Mapping[int, str]
    ignored: tuple[int, ...]
    unknown: tuple[int, ...]
    missing: tuple[str, ...]
    duplicates: Mapping[str, tuple[int, ...]]
    proposals: Mapping[str, int]
    """For canonical columns that were not found: the place of the header that comes nearest, if it comes near."""


class HeaderIndex:
    """The aliases of one table contract, ready to be looked up; `others` are the row's other mentions, whose columns are theirs."""

    def __init__(self, table: TableContract, others: Sequence[TableContract] = ()) -> None:
        self.table = table
        self.by_alias = _aliases(table)
        self._of_others = frozenset(alias for other in others for alias in _aliases(other))
        self._ignored = frozenset(normalised_header(text) for text in table.ignore if "*" not in text)
        self._ignored_patterns = tuple(_pattern(text) for text in table.ignore if "*" in text)

    def column_of(self, options: Iterable[str]) -> str | None:
        """The canonical column that the first matching option names; None when that option is another mention's."""
        for option in options:
            if option in self.by_alias:
                return self.by_alias[option]
            if option in self._of_others:
                return None
        return None

    def is_ignored(self, options: Sequence[str]) -> bool:
        """Whether the contract lists one of the options under `ignore`, or it is a column of another mention."""
        if any(option in self._of_others for option in options):
            return True
        return any(option in self._ignored or any(fnmatchcase(option, pattern) for pattern in self._ignored_patterns) for option in options)


def indexes_of(table: TableContract) -> tuple[HeaderIndex, ...]:
    """The indexes of a table's mentions, the main one first; a header belongs to the mention that names it most tellingly."""
    mentions = table.mentions
    return tuple(HeaderIndex(mention, [other for other in mentions if other is not mention]) for mention in mentions)


def _aliases(table: TableContract) -> dict[str, str]:
    aliases: dict[str, str] = {}
    for name, column in table.columns.items():
        for alias in column.aliases:
            aliases.setdefault(normalised_header(alias), name)
    return aliases


def _pattern(text: str) -> str:
    return "*".join(normalised_header(part) for part in text.split("*"))


def header_options(levels: Sequence[str | None]) -> tuple[str, ...]:
    """What a column may be called, most telling first, from the cells of its header rows, top to bottom.

    Under a merged `ASN` the column `Nama` is `asnnama` if an alias says so, else `nama`; a unit or hint in parentheses may be left out.
    """
    texts = [text for text in levels if text and text.strip()]
    if not texts:
        return ()
    leaf = texts[-1]
    candidates = [" ".join(texts), leaf, _PARENTHESES.sub(" ", " ".join(texts)), _PARENTHESES.sub(" ", leaf)]
    return tuple(dict.fromkeys(option for option in map(normalised_header, candidates) if option))


def map_header(index: HeaderIndex, levels: Sequence[Sequence[str | None]]) -> HeaderMap:
    """Understand the header whose column j has the texts `levels[j]` (top to bottom)."""
    found: dict[str, list[int]] = {}
    headers: dict[int, str] = {}
    ignored: list[int] = []
    unknown: list[int] = []
    options_of: dict[int, tuple[str, ...]] = {}
    for place, texts in enumerate(levels):
        options = header_options(texts)
        if not options:
            continue
        headers[place] = " / ".join(" ".join(text.split()) for text in texts if text and text.strip())
        options_of[place] = options
        name = index.column_of(options)
        if name is not None:
            found.setdefault(name, []).append(place)
        elif index.is_ignored(options):
            ignored.append(place)
        else:
            unknown.append(place)
    columns, duplicates = _chosen(index.table, found)
    absent = [name for name in index.table.columns if name not in columns]
    missing = tuple(name for name in absent if index.table.columns[name].required and name not in duplicates)
    proposals = _proposals(index, absent, {place: options_of[place] for place in unknown})
    return HeaderMap(columns, headers, tuple(ignored), tuple(unknown), missing, duplicates, proposals)


def _chosen(table: TableContract, found: Mapping[str, Sequence[int]]) -> tuple[dict[str, int], dict[str, tuple[int, ...]]]:
    columns: dict[str, int] = {}
    duplicates: dict[str, tuple[int, ...]] = {}
    for name, places in found.items():
        choice = table.columns[name].duplicates
        if len(places) == 1 or choice == "first":
            columns[name] = places[0]
        elif choice == "last":
            columns[name] = places[-1]
        else:
            duplicates[name] = tuple(places)
    return columns, duplicates


def _proposals(index: HeaderIndex, absent: Sequence[str], unknown: Mapping[int, Sequence[str]]) -> dict[str, int]:
    candidates = [(option, place) for place, options in unknown.items() for option in options]
    if not candidates:
        return {}
    proposals: dict[str, int] = {}
    for name in absent:
        best: tuple[float, int] | None = None
        for alias in index.table.columns[name].aliases:
            match = process.extractOne(
                normalised_header(alias), [option for option, _ in candidates], scorer=fuzz.ratio, score_cutoff=NEAR_MISS
            )
            if match is not None and (best is None or match[1] > best[0]):
                best = (match[1], candidates[match[2]][1])
        if best is not None:
            proposals[name] = best[1]
    return proposals
