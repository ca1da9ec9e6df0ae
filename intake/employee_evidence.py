"""What a civil servant's number (NIP) says of its bearer: birth date and sex, which a list of civil servants seldom has columns for.

Where the columns are silent, the number fills them, so that its bearer can be told from others of the name; where they say otherwise,
that is a remark beside the number. A NIP is given once and keeps the birth date of the papers of that day, so it corrects nothing.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from intake.cells.employee_numbers import born_and_sex
from intake.cells.parsed import Repaired, flagged, spread
from intake.typed_table import ARROW_TYPES, TEXT_TYPE, TypedTable, flags_of


def weigh_employee_numbers(typed: TypedTable) -> None:
    """Fill birth_date and sex from the number where they are missing; flag numbers that say otherwise: birth_date_differs, sex_differs."""
    if "employee_number" not in typed.parsed:
        return
    column = typed.parsed["employee_number"]
    encoded = pc.dictionary_encode(column.values)
    told = [born_and_sex(number) for number in encoded.dictionary.to_pylist()]
    born = spread(encoded.indices, [Repaired(day) for day, _ in told], pa.date32()).values.cast(ARROW_TYPES["date"])
    sex = spread(encoded.indices, [Repaired(letter) for _, letter in told], TEXT_TYPE).values
    for name, said in (("birth_date", born), ("sex", sex)):
        column = flagged(column, flags_of(pc.not_equal(typed.values(name), said)), f"{name}_differs")
        typed.fill(name, said)
    typed.parsed["employee_number"] = column
