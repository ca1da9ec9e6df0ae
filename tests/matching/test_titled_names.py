"""A word like PAK before a name names a relative, or is the person's own title: who bears the name must stay within reach."""

import numpy as np
import pandas as pd
import pytest

from matching.columns import encode_column
from matching.compare import levels_of
from matching.spec import ColumnSpec

TEXT = pd.StringDtype("pyarrow")
LEVELS = ("titled", "teknonym", "common_words", "equal", "initials 3", "initials")


def level(one, other):
    column = encode_column(pd.Series([one], dtype=TEXT), pd.Series([other], dtype=TEXT), ColumnSpec(kind="name"))
    number = int(levels_of(column.distinct, column.left.astype(np.int64), column.right.astype(np.int64), LEVELS)[0])
    return LEVELS[number - 1] if number <= len(LEVELS) else "different"


@pytest.mark.parametrize(
    ("written", "registered", "expected"),
    [
        ("P. MOHAMMAD MUJAHONUN", "MUHAMAD MUJAHONUN", "titled"),
        ("BU ENI JULWATI", "ENI JULWATI", "titled"),
        ("B. DWI SAMPURNO", "BUDI DWI SAMPURNO", "titled"),
        ("MAKNE RUDI", "RUDI", "teknonym"),
        ("PAK RUDI", "SUPARMAN", "teknonym"),
        ("RUDI", "RUDI", "equal"),
        ("MOH", "MUHAMMAD", "common_words"),
        ("MOH", "MUHAMMAD RIZKI", "common_words"),
        ("MOH", "AHMAD", "different"),
        ("N. FATIMAH BADRABAH", "NUR FATIMAH BADRABAH", "initials 3"),
        ("SRI H.", "SRI HARTATIK", "initials"),
    ],
)
def test_the_name_behind_the_word_is_compared(written, registered, expected):
    """PAK RUDI is Rudi's father, mostly, but PAK MUHAMMAD MUJAHONUN is himself; and MOH, cut off, is not the one who has no other name."""
    assert level(written, registered) == expected


def test_it_is_looked_up_by_the_name_behind_the_word():
    column = encode_column(pd.Series(["PAK RUDI"], dtype=TEXT), pd.Series(["RUDI"], dtype=TEXT), ColumnSpec(kind="name"))
    values = column.distinct
    sounds, whole = values.feature("sound"), values.feature("")
    assert sounds[column.left[0]] == sounds[column.right[0]]
    assert whole[column.left[0]] != whole[column.right[0]], "and is another name all the same"
