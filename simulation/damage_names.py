"""What happens to a name on its way into a spreadsheet.

Each damaged name gets one of: typing error, abbreviation, old spelling, title, parts joined or split, last part dropped, BIN or BINTI.
Nicknames and teknonyms replace the whole name. The tables here were written for this package alone; the standardisation under test has its
own.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from simulation.names import NAME_WIDTH, NO_TOKEN, Lexicon, Tokens, join_parts

Index = npt.NDArray[np.int64]
Flags = npt.NDArray[np.bool_]

WRITTEN_WIDTH = NAME_WIDTH + 3
"""Room for a title and for BIN with a father's name."""

KINDS = ("name_typo", "name_abbreviated", "name_old_spelling", "name_title", "name_joined_or_split", "name_truncated", "name_bin")
KIND_WEIGHTS = np.array([0.36, 0.18, 0.08, 0.10, 0.10, 0.12, 0.06])

SHORT_FORMS: dict[str, tuple[str, str, str]] = {
    **dict.fromkeys(
        (
            "MUHAMMAD",
            "MOHAMMAD",
            "MOCHAMAD",
            "MUHAMAD",
            "MOCHAMMAD",
            "MOHAMAD",
            "MUKHAMMAD",
            "MUCHAMMAD",
            "MUKHAMAD",
            "MUHAMMAT",
            "MOHAMMAT",
        ),
        ("MOH.", "M.", "MUH."),
    ),
    **dict.fromkeys(("AHMAD", "ACHMAD", "AKHMAD", "AHMADI"), ("A.", "ACH.", "AHM")),
    **dict.fromkeys(("ABDUL", "ABDUR", "ABDULLAH", "ABDULLOH"), ("ABD.", "ABD", "A.")),
    **dict.fromkeys(("SITI", "SITTI"), ("ST.", "ST", "S.")),
    **dict.fromkeys(("NUR", "NURUL"), ("N.", "NR", "NRL")),
}
TITLES_MALE = ("H.", "H", "ALM.", "BPK.", "ALM", "DRS.", "IR.", "P.", "KH.")
TITLES_FEMALE = ("HJ.", "HJ", "ALMH.", "IBU", "BU", "ALMH", "DRA.", "B.")
DEGREES = ("S.PD", "S.PD.", "SE", "SH", "S.PDI", "S.AG", "S.KOM", "AMD", "(ALM)", "ALM")
TEKNONYM_MALE = ("P.", "PAK", "PAKNE", "BAPAK", "P")
TEKNONYM_FEMALE = ("B.", "BU", "MBOK", "BUK", "MAKNE", "B")

_VOWELS = "AEIOU"


def old_spelling(part: str) -> str:
    """The spelling of before 1972: OE, DJ, TJ, J, NJ, SJ, CH."""
    text = part.replace("NY", "N\0").replace("SY", "S\0").replace("KH", "\1").replace("J", "DJ").replace("C", "TJ").replace("Y", "J")
    return text.replace("\0", "J").replace("\1", "CH").replace("U", "OE")


def nickname(part: str) -> str:
    """What people call somebody of this name: usually its last two syllables (HERMAWAN: MAWAN; RUDI stays)."""
    syllables = 0
    for position in range(len(part) - 1, 0, -1):
        if part[position] in _VOWELS and part[position - 1] not in _VOWELS:
            syllables += 1
            if syllables == 2 and position - 1 > 0:
                return part[position - 1 :]
    return part


def split_part(part: str) -> str:
    """A long part written as two words: NURHAYATI as NUR HAYATI."""
    if len(part) < 7:
        return part
    for position in range(3, len(part) - 2):
        if part[position] not in _VOWELS and part[position - 1] not in _VOWELS and part[position + 1] in _VOWELS:
            return f"{part[:position]} {part[position:]}"
    return f"{part[:3]} {part[3:]}"


def initial(part: str) -> str:
    """P. for PURNOMO."""
    return f"{part[0]}."


def _distinct(tokens: Tokens, size: int) -> tuple[Tokens, Index]:
    """The tokens that occur, in ascending order, and where each stands among them; nothing is sorted, as tokens number the lexicon."""
    seen = np.zeros(size + 1, dtype=bool)
    seen[tokens] = True  # NO_TOKEN, which is -1, marks the last place
    distinct = np.concatenate([np.full(int(seen[-1]), NO_TOKEN, dtype=np.int32), np.flatnonzero(seen[:-1]).astype(np.int32)])
    ranks = np.cumsum(seen[:-1]) - 1 + int(seen[-1])
    return distinct, np.append(ranks, 0)[tokens]


def _has_short_form(part: str) -> bool:
    return part in SHORT_FORMS


def _is_respelled(part: str) -> bool:
    return len(part) > 2 and any(letter in part for letter in "UJYC")


def _is_long(part: str) -> bool:
    return len(part) >= 7


def _is_formal(part: str) -> bool:
    """Parts by which nobody is called: MUHAMMAD, SITI, I, NI."""
    return part in SHORT_FORMS or part in {"MOH", "MOCH", "MUH"} or len(part) < 3 or part.endswith(".")


class NameDamage:
    """Writes names with mistakes; needs the lexicon to add the new parts to."""

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon

    def text(self, tokens: Tokens) -> npt.NDArray[np.object_]:
        """Names as text, None where there is none."""
        distinct, places = _distinct(tokens, len(self.lexicon))
        parts = pa.array(["" if token == NO_TOKEN else self.lexicon.parts[token] for token in distinct.tolist()], pa.string())
        texts: npt.NDArray[np.object_] = join_parts(parts, np.where(tokens == NO_TOKEN, NO_TOKEN, places)).to_numpy(zero_copy_only=False)
        return texts

    def damaged(
        self, rng: np.random.Generator, name: Tokens, is_female: Flags, is_grown: Flags, father_name: Tokens, rows: Flags
    ) -> tuple[Tokens, Index]:
        """Names with one mistake each in ``rows``; the number of the mistake in ``KINDS``, or -1.

        Typing errors are only marked: ``damage_letters.typed`` makes them, letter by letter. Only grown people have titles.
        """
        written = np.full((len(name), WRITTEN_WIDTH), NO_TOKEN, dtype=np.int32)
        written[:, :NAME_WIDTH] = name
        kind = self._kinds(rng, name, is_grown, rows)
        length = (name != NO_TOKEN).sum(axis=1)
        for number, change in enumerate((None, self._abbreviated, self._spelled_old, None, self._joined_or_split)):
            if change is not None:
                chosen = np.flatnonzero(kind == number)
                written[chosen] = change(rng, written[chosen], length[chosen])
        titled = np.flatnonzero(kind == KINDS.index("name_title"))
        written[titled] = self._titled(rng, written[titled], length[titled], is_female[titled])
        truncated = np.flatnonzero(kind == KINDS.index("name_truncated"))
        written[truncated, length[truncated] - 1] = NO_TOKEN
        with_father = np.flatnonzero(kind == KINDS.index("name_bin"))
        written[with_father, length[with_father]] = np.where(is_female[with_father], *self.lexicon.numbers(("BINTI", "BIN")))
        father = father_name[with_father]
        column = np.where(self.tested(father[:, 0], _is_formal) & (father[:, 1] != NO_TOKEN), 1, 0)
        written[with_father, length[with_father] + 1] = father[np.arange(len(father)), column]
        return written, kind

    def _kinds(self, rng: np.random.Generator, name: Tokens, is_grown: Flags, rows: Flags) -> Index:
        """One possible mistake for each of ``rows``: a single name can't lose its last part."""
        length = (name != NO_TOKEN).sum(axis=1)
        first = name[:, 0]
        possible = np.ones((len(name), len(KINDS)), dtype=bool)
        possible[:, 1] = self.tested(first, _has_short_form) | (length >= 2)
        possible[:, 2] = self.tested(first, _is_respelled)
        possible[:, 3] = is_grown
        possible[:, 4] = (length >= 2) | self.tested(first, _is_long)
        possible[:, 5] = length >= 2
        weights = possible * KIND_WEIGHTS
        cumulative = np.cumsum(weights, axis=1) / weights.sum(axis=1, keepdims=True)
        drawn = (cumulative <= rng.random(len(name))[:, None]).sum(axis=1)
        kind: Index = np.where(rows, np.minimum(drawn, len(KINDS) - 1), -1)
        return kind

    def mapped(self, tokens: npt.NDArray[np.int32], change: Callable[[str], str]) -> npt.NDArray[np.int32]:
        """Each part changed by a function, applied once per distinct part; no part stays no part."""
        distinct, places = _distinct(tokens, len(self.lexicon))
        parts = self.lexicon.parts
        changed = self.lexicon.numbers([change(parts[token]) if token != NO_TOKEN else "" for token in distinct.tolist()])
        result: npt.NDArray[np.int32] = np.where(distinct == NO_TOKEN, NO_TOKEN, changed)[places].astype(np.int32)
        return result

    def tested(self, tokens: npt.NDArray[np.int32], test: Callable[[str], bool]) -> Flags:
        """Whether each part passes a test, made once per distinct part; no part never does."""
        distinct, places = _distinct(tokens, len(self.lexicon))
        parts = self.lexicon.parts
        passed: Flags = np.array([token != NO_TOKEN and test(parts[token]) for token in distinct.tolist()], dtype=bool)
        result: Flags = passed[places]
        return result

    def _abbreviated(self, rng: np.random.Generator, written: Tokens, length: Index) -> Tokens:
        result = written.copy()
        has_short_form = self.tested(written[:, 0], _has_short_form)
        variant = rng.integers(0, 3, len(written))
        for number in range(3):
            rows = np.flatnonzero(has_short_form & (variant == number))
            result[rows, 0] = self.mapped(result[rows, 0], lambda part, number=number: SHORT_FORMS[part][number])  # type: ignore[misc]
        # Others lose all but the initial of the last part, or of the first where three are written.
        rest = np.flatnonzero(~has_short_form)
        column = np.where((length[rest] >= 3) & (rng.random(len(rest)) < 0.5), 0, length[rest] - 1)
        result[rest, column] = self.mapped(result[rest, column], initial)
        return result

    def _spelled_old(self, rng: np.random.Generator, written: Tokens, length: Index) -> Tokens:
        del rng, length
        return self.mapped(written, old_spelling)

    def _joined_or_split(self, rng: np.random.Generator, written: Tokens, length: Index) -> Tokens:
        result = written.copy()
        parts = self.lexicon.parts
        long = self.tested(written[:, 0], _is_long)
        join = (length >= 2) & (~long | (rng.random(len(written)) < 0.6))
        rows = np.flatnonzero(join)
        joined = [parts[first] + parts[second] for first, second in written[rows, :2].tolist()]
        result[rows, 0] = self.lexicon.numbers(joined)
        result[rows, 1:-1] = result[rows, 2:]
        rows = np.flatnonzero(~join)
        result[rows, 0] = self.mapped(result[rows, 0], split_part)
        return result

    def _titled(self, rng: np.random.Generator, written: Tokens, length: Index, is_female: Flags) -> Tokens:
        result = written.copy()
        count = len(written)
        before = rng.random(count) < 0.7
        # Common titles lead their lists: squaring a uniform draw favours the front.
        draw = rng.random(count) ** 2
        male, female, degrees = (self.lexicon.numbers(titles) for titles in (TITLES_MALE, TITLES_FEMALE, DEGREES))
        title = np.where(is_female, female[(draw * len(female)).astype(np.int64)], male[(draw * len(male)).astype(np.int64)])
        rows = np.flatnonzero(before)
        result[rows, 1:] = written[rows, :-1]
        result[rows, 0] = title[rows]
        rows = np.flatnonzero(~before)
        result[rows, length[rows]] = degrees[(draw[rows] * len(degrees)).astype(np.int64)]
        return result

    def nicknamed(self, rng: np.random.Generator, name: Tokens, is_female: Flags, child_name: Tokens) -> tuple[Tokens, Flags]:
        """Nicknames instead of names, and whether each is a teknonym.

        ``child_name`` has no part where there is no child to be called after.
        """
        written = np.full((len(name), WRITTEN_WIDTH), NO_TOKEN, dtype=np.int32)
        length = (name != NO_TOKEN).sum(axis=1)
        column = np.where(self.tested(name[:, 0], _is_formal) & (length >= 2), 1, 0)
        written[:, 0] = self.mapped(name[np.arange(len(name)), column], nickname)
        teknonym = (child_name[:, 0] != NO_TOKEN) & (rng.random(len(name)) < 0.5)
        rows = np.flatnonzero(teknonym)
        child_length = (child_name != NO_TOKEN).sum(axis=1)
        child_column = np.where(self.tested(child_name[rows, 0], _is_formal) & (child_length[rows] >= 2), 1, 0)
        draw = rng.random(len(rows)) ** 2
        male, female = self.lexicon.numbers(TEKNONYM_MALE), self.lexicon.numbers(TEKNONYM_FEMALE)
        written[rows, 0] = np.where(
            is_female[rows], female[(draw * len(female)).astype(np.int64)], male[(draw * len(male)).astype(np.int64)]
        )
        written[rows, 1] = child_name[rows, child_column]
        return written, teknonym
