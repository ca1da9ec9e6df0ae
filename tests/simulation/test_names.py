"""Names that are too different make linkage look easy; names that are too alike make it look hopeless."""

from __future__ import annotations

import numpy as np
import pyarrow as pa
import pytest

from simulation.name_parts import AHMAD_FAMILY, MUHAMMAD_FAMILY
from simulation.names import NAME_WIDTH, NO_TOKEN, Culture, Lexicon, NameMaker, Pool, join_parts, without_echo
from simulation.residents import birth_years
from tests.simulation.conftest import Million


def full_names(million: Million) -> tuple[np.ndarray, np.ndarray]:
    """Each person's name as a number, and how many bear it."""
    texts = join_parts(pa.array(million.maker.lexicon.parts), million.residents.name).dictionary_encode()
    codes = np.asarray(texts.indices)
    return codes, np.bincount(codes)[codes]


def test_three_in_ten_have_a_single_name_and_most_of_the_old(million: Million) -> None:
    single = million.residents.name[:, 1] == NO_TOKEN
    year = birth_years(million.residents.birth)
    assert single.mean() == pytest.approx(0.30, abs=0.02)
    assert single[year < 1965].mean() > 0.7
    assert single[year >= 2010].mean() < 0.05


def test_four_in_ten_share_their_full_name_in_a_million(million: Million) -> None:
    _, bearers = full_names(million)
    single = million.residents.name[:, 1] == NO_TOKEN
    assert (bearers > 1).mean() == pytest.approx(0.41, abs=0.015)
    assert (bearers > 1)[single].mean() == pytest.approx(0.85, abs=0.03)


def test_the_muhammad_family_leads_the_first_names_of_men(million: Million) -> None:
    parts = million.maker.lexicon.parts
    first = million.residents.name[~million.residents.is_female, 0]
    counts = np.bincount(first, minlength=len(parts))
    assert parts[int(counts.argmax())] == "MUHAMMAD"
    share = counts[million.maker.lexicon.numbers((*MUHAMMAD_FAMILY, *AHMAD_FAMILY))].sum() / len(first)
    assert 0.2 < share < 0.45


def test_namesakes_live_in_one_village(million: Million) -> None:
    codes, _ = full_names(million)
    residents, places = million.residents, million.places
    village = places.house_village[residents.family_house[residents.family]]
    _, place, count = np.unique(village * 10**7 + codes, return_inverse=True, return_counts=True)
    assert 0.03 < (count[place] > 1).mean() < 0.15


def test_fashions_change(million: Million) -> None:
    names = NameMaker()
    rng = np.random.default_rng(1)
    culture, women = np.full(4_000, int(Culture.JAVANESE), dtype=np.int8), np.ones(4_000, dtype=bool)
    old = set(names.draw(rng, culture, women, np.full(4_000, 1945))[:, 0].tolist())
    young = set(names.draw(rng, culture, women, np.full(4_000, 2020))[:, 0].tolist())
    assert len(old & young) / len(old | young) < 0.2


def test_balinese_names_carry_their_marks() -> None:
    names = NameMaker()
    culture = np.full(500, int(Culture.BALINESE), dtype=np.int8)
    drawn = names.draw(np.random.default_rng(1), culture, np.zeros(500, dtype=bool), np.full(500, 1970))
    texts = join_parts(pa.array(names.lexicon.parts), drawn).to_pylist()
    assert sum(text.startswith("I ") for text in texts) > 350


def test_a_part_never_echoes_the_one_before_it() -> None:
    tokens = np.array([[3, 3, 4, NO_TOKEN], [5, 6, 6, 7], [8, NO_TOKEN, NO_TOKEN, NO_TOKEN]], dtype=np.int32)
    assert without_echo(tokens).tolist() == [[3, 4, NO_TOKEN, NO_TOKEN], [5, 6, 7, NO_TOKEN], [8, NO_TOKEN, NO_TOKEN, NO_TOKEN]]


def test_joining_keeps_people_without_a_name_in_their_place() -> None:
    # Arrow's join drops a row that is null in every column, which would shift every later name by one person.
    tokens = np.array([[0, 1], [NO_TOKEN, NO_TOKEN], [1, NO_TOKEN]], dtype=np.int32)
    assert join_parts(pa.array(["SITI", "AMINAH"]), tokens).to_pylist() == ["SITI AMINAH", None, "AMINAH"]


def test_common_parts_are_drawn_more_often() -> None:
    lexicon = Lexicon()
    pool = Pool.build(lexicon, ("AGUS", "BUDI", "CAHYO"), exponent=1.0)
    counts = np.bincount(pool.draw(np.random.default_rng(1), 6_000))
    assert counts[0] > counts[1] > counts[2]


def test_everybody_has_a_name_a_mother_and_a_father(million: Million) -> None:
    residents = million.residents
    for names in (residents.name, residents.mother_name, residents.father_name):
        assert names.shape == (len(residents), NAME_WIDTH)
        assert (names[:, 0] != NO_TOKEN).all()
