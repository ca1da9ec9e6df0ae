"""How often a repair is wrong when everything is mistyped: `python -m benchmarks.repair_noise --cells 50000 --seed 101`.

The simulator writes as offices mostly do, which is clean. Here each kind of cell is written in the ways that offices have for it and
then mistyped (a letter replaced, lost, doubled or swapped), so that repairs that are rare in files are tried often. A value that is read
must be the one that was meant; missing with a code is right too. Digits that were mistyped are the office's, and are not counted.
"""

from __future__ import annotations

import argparse
import random
import re
from collections import Counter
from collections.abc import Callable, Iterator

import numpy as np
import pyarrow as pa

from intake.address_places import columns_of_address, village_of_address
from intake.cells.codes import CodeReader
from intake.cells.dates import parse_dates
from intake.cells.identifiers import repair_identity_number
from intake.cells.parsed import Repaired
from intake.cells.positions import read_position
from intake.free_addresses import read_free_address
from intake.places import PlaceIndex
from schemas.areas import BANYUWANGI, load_areas
from schemas.canonical import BY_NAME
from schemas.code_lists import code_list
from schemas.contracts import ColumnContract

Case = tuple[str, object, Repaired[object]]
"""What is tried, what was meant, and what was read."""

_LETTERS = "ABCDEFGHIJKLMNOPRSTUWY"
_HAMLETS = ("KRAJAN", "SUMBER WADUNG", "TEGAL PAKIS", "PONDOK NONGKO", "CURAH PALUNG", "REJOSARI", "SUMBERSARI", "KALIGUNG")
_STREETS = ("JL MAWAR NO 12", "JL. RAYA SRONO", "GG 3", "JALAN A. YANI NO. 5/7", "PERUM ARTHA BLOK C/2")
_MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September", "Oktober", "November", "Desember")
CODED = ("sex", "relation", "religion", "education", "occupation", "marital_status", "resident_status", "floor", "wall", "roof", "water")
COLUMN = 200
"""Dates are read as columns of this length, whose own evidence decides their order."""


def mistyped(dice: random.Random, text: str, errors: int) -> str:
    """The text with so many letters replaced, lost, doubled or swapped."""
    for _ in range(errors):
        if len(text) < 3:
            return text
        place = dice.randrange(len(text) - 1)
        kind = dice.randrange(4)
        if kind == 0:
            text = text[:place] + dice.choice(_LETTERS) + text[place + 1 :]
        elif kind == 1:
            text = text[:place] + text[place + 1 :]
        elif kind == 2:
            text = text[:place] + text[place] + text[place:]
        else:
            text = text[:place] + text[place + 1] + text[place] + text[place + 2 :]
    return text


class Writer:
    """Writes what is true as offices do, and reads it back."""

    def __init__(self, dice: random.Random) -> None:
        self.dice = dice
        areas = load_areas()
        self.places = PlaceIndex(areas)
        self.kecamatan = areas[areas["level"] == "kecamatan"].set_index("area_code")["name"].to_dict()
        villages = areas[areas["level"] == "village"]
        self.villages = list(zip(villages["area_code"], villages["name"], villages["parent_code"], strict=True))
        self.readers = {name: CodeReader(name, ColumnContract(aliases=("x",))) for name in CODED}

    def numbers(self) -> Iterator[Case]:
        """An identity number with signs between its digits and letters for some of them."""
        digits = f"3510{self.dice.randrange(1, 26):02d}{self.dice.randrange(1, 29):02d}{self.dice.randrange(1, 13):02d}"
        digits += f"{self.dice.randrange(100):02d}{self.dice.randrange(1, 9999):04d}"
        written = digits
        if self.dice.random() < 0.3:
            written = "".join({"0": "O", "1": "l"}.get(sign, sign) if self.dice.random() < 0.3 else sign for sign in written)
        for _ in range(self.dice.randrange(4)):
            place = self.dice.randrange(len(written) + 1)
            written = written[:place] + self.dice.choice([" ", ".", "-", "'", "\u00a0", "\u200b"]) + written[place:]
        yield "nik", digits, repair_identity_number(self.dice.choice(["", "", "NIK ", "NIK: "]) + written)

    def codes(self) -> Iterator[Case]:
        """A label with typing errors, or without its end."""
        name = self.dice.choice(CODED)
        own = BY_NAME[name].code_list
        assert own is not None
        answers = code_list(own)
        code, label = self.dice.choice(list(answers.codes.items()))
        written = (
            mistyped(self.dice, label, self.dice.choice([0, 1, 1, 2])) if self.dice.random() < 0.8 else label[: self.dice.randrange(4, 25)]
        )
        yield f"code {name}", answers.value_of(code), self.readers[name].read(written)

    def village_names(self) -> Iterator[Case]:
        """A village with its sub-district, either of them mistyped."""
        code, name, parent = self.dice.choice(self.villages)
        village = mistyped(self.dice, self.dice.choice(["", "Desa ", "DS. "]) + name, self.dice.choice([0, 1, 1, 2, 3]))
        kecamatan = mistyped(self.dice, self.kecamatan[parent], self.dice.choice([0, 0, 0, 1, 2]))
        stated = kecamatan if self.dice.random() < 0.8 else None
        yield "village", code, self.places.village_code(village, stated, codes="names")

    def addresses(self) -> Iterator[Case]:
        """A whole address in one cell, in any order, mistyped."""
        code, name, parent = self.dice.choice(self.villages)
        hamlet, rt, rw = self.dice.choice(_HAMLETS), self.dice.randrange(1, 30), self.dice.randrange(1, 12)
        neighbourhood = self.dice.choice(["RT {0:02d}/RW {1:02d}", "RT.{0} RW.{1}", "RT {0:03d}/{1:03d}", "{0:02d}/{1:02d}", "RT{0}RW{1}"])
        parts = [
            self.dice.choice(["DSN. ", "Dusun ", "LINK. "]) + hamlet,
            neighbourhood.format(rt, rw),
            self.dice.choice(["DS. ", "Desa ", "KEL. ", ""]) + name,
            self.dice.choice(["KEC. ", "Kecamatan ", "KEC ", ""]) + self.kecamatan[parent],
        ]
        if self.dice.random() < 0.3:
            self.dice.shuffle(parts)
        if self.dice.random() < 0.4:
            parts.insert(0, self.dice.choice(_STREETS))
        if self.dice.random() < 0.2:
            parts.pop()
        text = mistyped(self.dice, self.dice.choice([" ", ", ", " - "]).join(parts), self.dice.choice([0, 0, 1, 2]))
        read = read_free_address(text)
        village = village_of_address(read, self.places, kecamatan=None, regency="Banyuwangi")
        columns = columns_of_address(read, village.value, self.places, "Banyuwangi")
        yield "address: village", code, village
        if re.search(rf"(?<!\d){re.escape(neighbourhood.format(rt, rw))}(?![\dO])", text):  # else its digits were mistyped
            yield "address: rt", f"{rt:03d}", Repaired(columns.rt, None, "taken out" if columns.rt else None)
            yield "address: rw", f"{rw:03d}", Repaired(columns.rw, None, "taken out" if columns.rw else None)

    def positions(self) -> Iterator[Case]:
        """A position in one of its writings."""
        south, east = round(self.dice.uniform(8.0, 8.7), 6), round(self.dice.uniform(113.9, 114.5), 6)
        minutes = [(int(value), int(value % 1 * 60), value * 60 % 1 * 60) for value in (south, east)]
        angles = ["{}°{}'{:.2f}\"".format(*parts) for parts in minutes]
        spoken = ["{} {} {:.2f}".format(*parts) for parts in minutes]
        text = self.dice.choice(
            [
                f"-{south}, {east}",
                f"{east} -{south}",
                f"-{south}; {east}".replace(".", ","),
                f"{south},{east}",
                f"{angles[0]}S {angles[1]}E",
                f"{angles[0]} LS, {angles[1]} BT",
                f"S {spoken[0]} E {spoken[1]}",
                f"{south} LS {east} BT",
                f"Lat: -{south} Long: {east}",
                f"https://maps.google.com/?q=-{south},{east}",
                f"{angles[1]} BT {angles[0]} LS",
                f"-{south:.6f} {east:.6f}".replace(".", ""),
            ]
        )
        outcome = read_position(text, BANYUWANGI)
        near = outcome.value is not None and abs(outcome.value.latitude + south) < 2e-5 and abs(outcome.value.longitude - east) < 2e-5
        yield "position", True, Repaired(None if outcome.value is None else near, outcome.error, outcome.rule)

    def dates(self) -> Iterator[Case]:
        """A column of dates, by one person in one way, with months by name among them; some columns write the month first."""
        style = self.dice.choice(["{0:02d}/{1:02d}/{2}", "{0}-{1}-{2}", "{1:02d}/{0:02d}/{2}", "{0:02d}.{1:02d}.{3:02d}", "{0} {4} {2}"])
        meant = [(self.dice.randrange(1, 29), self.dice.randrange(1, 13), self.dice.randrange(1930, 2025)) for _ in range(COLUMN)]
        written = []
        for day, month, year in meant:
            name = mistyped(self.dice, _MONTHS[month - 1], self.dice.choice([0, 1, 1, 2]))
            written.append(style.format(day, month, year, year % 100, name))
        column = parse_dates(pa.array(written, pa.large_string()), ("d/m/Y",), epoch_1904=False, latest=np.datetime64("2026-10-01").item())
        rules = column.rules.to_pylist() if column.rules is not None else [None] * COLUMN
        for (day, month, year), value, rule in zip(meant, column.values.to_pylist(), rules, strict=True):
            read = None if value is None else (value.day, value.month, value.year)
            yield "date", (day, month, year), Repaired(read, None, rule)


def main() -> None:
    """Write, read and count; print the wrong ones by kind and rule."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--cells", type=int, default=50_000)
    parser.add_argument("--seed", type=int, default=101)
    parser.add_argument("--show", type=int, default=3)
    given = parser.parse_args()
    writer = Writer(random.Random(given.seed))
    kinds: tuple[Callable[[], Iterator[Case]], ...] = (
        writer.numbers, writer.codes, writer.village_names, writer.addresses, writer.positions, writer.dates,
    )  # fmt: skip
    cells: Counter[tuple[str, str]] = Counter()
    wrong: Counter[tuple[str, str]] = Counter()
    for write in kinds:
        for _ in range(given.cells // (COLUMN if write == writer.dates else 1)):
            for kind, meant, read in write():
                key = (kind, read.rule or ("as written" if read.value is not None else "missing"))
                cells[key] += 1
                if read.value is not None and read.value != meant:
                    wrong[key] += 1
                    if wrong[key] <= given.show:
                        print(f"wrong: {kind}, {read.rule}: read {read.value!r}, meant {meant!r}")
    for key, count in sorted(cells.items()):
        print(f"{key[0]:<24} {key[1]:<44} {count:>8,} cells, {wrong[key]:>5,} wrong, {10_000 * wrong[key] / count:8.1f} per 10,000")
    repaired = sum(count for (_, rule), count in cells.items() if rule not in {"as written", "missing"})
    faults = sum(count for (_, rule), count in wrong.items() if rule != "as written")
    print(f"repaired {repaired:,}, wrong {faults:,}: {10_000 * faults / max(repaired, 1):.2f} per 10,000")


if __name__ == "__main__":
    main()
