"""How much damage each office does to what it writes, and how large its list is.

The rates are those of the two kinds of list in ``damage_profile``, changed where an office's form has no such column (then the value is
always missing) or where its staff are known for it: nicknames in the lists of meals for the elderly, missing numbers in the schools'.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simulation.damage_profile import LARGE_LIST, SMALL_LIST, DamageProfile

SHARES: Mapping[str, float] = {
    "dinsos_dtsen": 0.43,
    "dinsos_pkh": 0.08,
    "village_survey": 0.10,
    "dinsos_bpnt": 0.11,
    "dinkes_pbi": 0.22,
    "dispendik_pupils": 0.025,
    "dpu_rtlh": 0.012,
    "dinsos_rantang_kasih": 0.005,
    "dpmd_kanggo_riko": 0.006,
    "call_112": 0.004,
    "asn_berbagi": 0.008,
}
"""Shares of the offices' rows. Of 600,000: 48,000 families with PKH, 3,000 elderly with Rantang Kasih, 3,600 with Kanggo Riko."""


def _without_birth_date(profile: DamageProfile) -> DamageProfile:
    return replace(profile, birth_missing=1.0, birth_swapped=0.0, birth_first_of_year=0.0, birth_year_off=0.0)


def _without_card(profile: DamageProfile) -> DamageProfile:
    return replace(profile, kk_missing=1.0, kk_stale=0.0, kk_other=0.0, kk_typo=0.0)


_STATE_WITHOUT_MOTHER = replace(LARGE_LIST, mother_missing=1.0, mother_damaged=0.0)
_BY_TELEPHONE = replace(_without_birth_date(_without_card(SMALL_LIST)), nameless=0.0)

PROFILES: Mapping[str, DamageProfile] = {
    "dinsos_dtsen": LARGE_LIST,
    "dinsos_pkh": LARGE_LIST,
    "village_survey": SMALL_LIST,
    "dinsos_bpnt": _without_birth_date(_STATE_WITHOUT_MOTHER),
    "dinkes_pbi": replace(_STATE_WITHOUT_MOTHER, nik_scientific=0.04),
    "dispendik_pupils": replace(
        _without_card(SMALL_LIST), nik_missing=0.5, birth_missing=0.08, nickname=0.10, mother_missing=0.15, mother_damaged=0.30
    ),
    "dpu_rtlh": replace(_without_birth_date(SMALL_LIST), nik_missing=0.25, kk_missing=0.35, nickname=0.12),
    "dinsos_rantang_kasih": replace(_without_card(SMALL_LIST), nik_missing=0.40, birth_missing=0.5, nickname=0.40),
    "dpmd_kanggo_riko": replace(_without_birth_date(SMALL_LIST), nik_missing=0.20, kk_missing=0.40, nickname=0.20),
    "call_112": replace(_BY_TELEPHONE, nik_missing=0.55, nickname=0.30),
    "asn_berbagi": replace(_without_birth_date(SMALL_LIST), nik_missing=0.18, kk_missing=0.30, nickname=0.12, nameless=0.0),
    "call_112/caller": replace(_BY_TELEPHONE, nik_missing=0.50, nickname=0.15, twice=0.0, gone=0.0),
    "asn_berbagi/civil_servant": replace(_BY_TELEPHONE, nik_missing=0.15, nickname=0.0, twice=0.0, gone=0.0, unregistered=0.04),
}
"""By source; the second person whom a row names has a profile of its own, ``source/mention``."""


def rows_by_office(records: int, *, has_desa: bool) -> dict[str, int]:
    """Splits ``records`` by ``SHARES``, the largest remainders rounded up, so that the sum is exact.

    Kanggo Riko is a programme of desa: without any (towns have kelurahan), the state's list has its rows.
    """
    exact = {source: records * share for source, share in SHARES.items()}
    rows = {source: int(value) for source, value in exact.items()}
    by_rest = sorted(exact, key=lambda source: rows[source] - exact[source])
    for source in by_rest[: records - sum(rows.values())]:
        rows[source] += 1
    if not has_desa:
        rows["dinsos_dtsen"] += rows["dpmd_kanggo_riko"]
        rows["dpmd_kanggo_riko"] = 0
    return rows
