"""How often offices make which mistake, as one typed object.

The figures are those of national audits and of earlier linkages of such lists; ``scaled`` gives half or twice the damage for a sensitivity
test.
"""

from __future__ import annotations

from dataclasses import dataclass, fields, replace


@dataclass(frozen=True)
class DamageProfile:
    """Shares of rows, 0 to 1. Mistakes in one field exclude one another; mistakes in different fields are independent."""

    # National identity number
    nik_missing: float = 0.0
    nik_typo: float = 0.0
    nik_zeroed: float = 0.0
    """The 16th digit became 0: a spreadsheet holds 15 digits of a number."""
    nik_other: float = 0.0
    """Somebody else's number, mostly a relative's."""
    nik_scientific: float = 0.0
    """Shown as 3,51002E+15 and copied like that."""
    # Family card
    kk_missing: float = 0.0
    kk_stale: float = 0.0
    """The number before a move, split or death; the whole family shares this mistake."""
    kk_other: float = 0.0
    kk_typo: float = 0.0
    # Birth date
    birth_missing: float = 0.0
    birth_swapped: float = 0.0
    """Day and month swapped."""
    birth_first_of_year: float = 0.0
    """1 January or 1 July of the right year."""
    birth_year_off: float = 0.0
    """Off by 1, 2 or 10 years."""
    # Name
    name_damaged: float = 0.0
    """Typing error, abbreviation, old spelling, title, joined or split, last part dropped, BIN or BINTI: one of them."""
    nickname: float = 0.0
    """A nickname, or a teknonym: P. RUDI is Rudi's father."""
    name_misheard: float = 0.0
    """Vowels as heard over the telephone. Zero in every profile: a damage that no engine was told of, for tests of robustness."""
    nameless: float = 0.0
    """Neither name nor NIK: a row that was begun and never filled in, so that nobody can say who is meant."""
    mother_missing: float = 0.0
    mother_damaged: float = 0.0
    # Address
    former_address: float = 0.0
    # Rows
    twice: float = 0.0
    """The person stands twice in one file."""
    gone: float = 0.0
    """The person has died or moved away; the register knows."""
    unregistered: float = 0.0
    """The person is not in the register at all."""

    def __post_init__(self) -> None:
        for field in fields(self):
            if not 0.0 <= getattr(self, field.name) <= 1.0:
                raise ValueError(f"{field.name} is {getattr(self, field.name)}; a share lies between 0 and 1")
        for prefix in ("nik_", "kk_", "birth_"):
            total = sum(getattr(self, field.name) for field in fields(self) if field.name.startswith(prefix))
            if total > 1.0 + 1e-9:
                raise ValueError(f"the shares of {prefix}* exclude one another but sum to {total:.3f}")

    def scaled(self, factor: float) -> DamageProfile:
        """Every share times ``factor``; a field's shares are shrunk together where they would exceed 95 % of the rows."""
        if factor < 0:
            raise ValueError(f"factor is {factor}; damage can't be negative")
        values = {field.name: getattr(self, field.name) * factor for field in fields(self)}
        for prefix in ("nik_", "kk_", "birth_", ""):
            group = [name for name in values if name.startswith(prefix)] if prefix else []
            total = sum(values[name] for name in group)
            if total > 0.95:
                values |= {name: values[name] * 0.95 / total for name in group}
        return replace(self, **{name: min(value, 0.95) for name, value in values.items()})


LARGE_LIST = DamageProfile(
    nameless=0.0005,
    nik_missing=0.06,
    nik_typo=0.02,
    nik_zeroed=0.035,
    nik_other=0.01,
    kk_missing=0.07,
    kk_stale=0.06,
    kk_other=0.02,
    birth_missing=0.07,
    birth_swapped=0.03,
    birth_first_of_year=0.03,
    birth_year_off=0.03,
    name_damaged=0.35,
    nickname=0.01,
    mother_missing=0.25,
    mother_damaged=0.30,
    former_address=0.03,
    twice=0.01,
    gone=0.01,
    unregistered=0.03,
)
"""Welfare and recipient lists of the state: DTSEN, PKH, and with changes Sembako and the health premiums."""

SMALL_LIST = DamageProfile(
    nameless=0.004,
    nik_missing=0.30,
    nik_typo=0.04,
    nik_zeroed=0.035,
    nik_other=0.015,
    kk_missing=0.45,
    kk_stale=0.04,
    kk_other=0.02,
    birth_missing=0.20,
    birth_swapped=0.03,
    birth_first_of_year=0.05,
    birth_year_off=0.04,
    name_damaged=0.40,
    nickname=0.15,
    mother_missing=1.0,
    former_address=0.02,
    twice=0.01,
    gone=0.02,
    unregistered=0.05,
)
"""Lists kept by hand: the village survey, and with changes the small lists."""

BENCHMARK = DamageProfile(
    nik_missing=0.18,
    nik_typo=0.03,
    nik_zeroed=0.05,
    nik_other=0.012,
    kk_missing=0.25,
    kk_stale=0.04,
    kk_other=0.02,
    kk_typo=0.05,
    birth_missing=0.15,
    birth_swapped=0.03,
    birth_first_of_year=0.03,
    birth_year_off=0.03,
    name_damaged=0.45,
    mother_missing=0.45,
    mother_damaged=0.35,
    former_address=0.04,
    unregistered=0.04,
)
"""The profile on which linkage engines are compared; nobody stands twice."""
