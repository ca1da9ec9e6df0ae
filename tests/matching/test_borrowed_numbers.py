"""An equal number under another name: the person's own under a nickname, or a relative's that was borrowed."""

import numpy as np
import pandas as pd
from matching_people import register_spec, tables

from matching import link
from matching.compare import Scale
from matching.identifier_evidence import gained_by_likeness
from matching.spec import Identifier

TEXT = pd.StringDtype("pyarrow")
NUMBER = Scale("number", ("missing", "equal", "different"), 1)
CARD = Scale("card", ("missing", "equal", "different"), 1)
NAME = Scale("name", ("missing", "equal", "ending", "never", "different"), 2)
IDENTIFIER = Identifier(column="number", settled_when={"name": ("equal",)}, borrowed_within="card", unlike="name")


def strangers(relatives, others):
    """Untrue candidates: how many on the same card and on another show each level of the name."""
    counts = [(1, level, count) for level, count in enumerate(relatives)] + [(2, level, count) for level, count in enumerate(others)]
    rows = [(2, card, level * NAME.bands) for card, level, count in counts for _ in range(count)]
    return np.array(rows, dtype=np.int16).T


def test_a_likeness_that_relatives_seldom_show_gains():
    """A number under the end of the owner's name is his own: what rules find by that end says nothing of whom numbers are borrowed from."""
    gained = gained_by_likeness(IDENTIFIER, (NUMBER, CARD, NAME), strangers((50, 5, 10, 0, 985), (200, 500, 300, 0, 200)))
    assert 2.5 < gained[NAME.levels.index("ending")] < np.log(0.25 / 0.0095), "held back by what is added to both"
    assert gained[NAME.levels.index("equal")] == 3.0, "no more than so few relatives can tell"


def test_what_relatives_show_oftener_or_nobody_shows_gains_nothing():
    """Under quite another name an equal number is worth what it was, and so is one under no name."""
    gained = gained_by_likeness(IDENTIFIER, (NUMBER, CARD, NAME), strangers((50, 5, 10, 0, 985), (200, 500, 300, 0, 200)))
    assert gained[[NAME.levels.index(level) for level in ("missing", "never", "different")]].tolist() == [0.0, 0.0, 0.0]


def test_without_relatives_nothing_is_gained():
    """A list of single people teaches nothing of relatives."""
    gained = gained_by_likeness(IDENTIFIER, (NUMBER, CARD, NAME), strangers((0, 0, 0, 0, 0), (0, 500, 300, 0, 200)))
    assert np.abs(gained).max() < 0.1


def test_a_relatives_number_makes_no_link_to_the_relative():
    """The number, sex and village of a relative under the own name."""
    records, register, _ = tables(people=6_000, records=2_500, seed=31)
    both = register.merge(register[["kk_number", "nik", "name"]], on="kk_number", suffixes=("", "_relative"))
    both = both[both["nik"] != both["nik_relative"]].sample(40, random_state=4)
    ids = [f"b{number:03d}" for number in range(len(both))]
    borrowed = both.assign(nik=both["nik_relative"], record_id=ids, record_key=ids)
    borrowed = borrowed[["record_id", "record_key", "nik", "name", "sex", "area_code"]].astype(TEXT)
    result = link(pd.concat([records, borrowed], ignore_index=True), register, register_spec())
    links = result.links[result.links["status"] == "linked"].set_index("left_id")["right_id"]
    assert sum(links.get(record) == owner for record, owner in zip(ids, both["nik_relative"], strict=True)) <= 1
