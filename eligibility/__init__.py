"""Which programmes fit whom, and why: facts, deprivations, aid received, programme rules, overlaps, targeting gaps.

Belongs here: deciding, from facts that are known, by rules that stand in `schemas/programmes/`; each decision carries a reason for
every criterion, and what is not known is never taken for no. Does not belong here: making persons, families or houses, reading
files, or rules written in Python.
"""

from eligibility.aid import build_aid_received
from eligibility.deprivations import build_deprivations
from eligibility.engine import decide
from eligibility.facts import build_family_facts
from eligibility.gaps import targeting_gaps
from eligibility.programme_table import programme_frame, yearly_rupiah

__all__ = [
    "build_aid_received",
    "build_deprivations",
    "build_family_facts",
    "decide",
    "programme_frame",
    "targeting_gaps",
    "yearly_rupiah",
]
