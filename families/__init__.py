"""Who lives together, and which source's value survives.

Belongs here: persons and families made of the register and of linked records, the ids that they keep from run to run, the table
that says which source wins for which column, and the record of winning and losing values. Does not belong here: finding out
who a record is (matching), where a house stands (geocoding), or who should get help (eligibility).
"""

from families.attribute_sources import build_attribute_sources
from families.families import attach_houses, attach_local_score, build_families
from families.house_sources import build_house_sources
from families.identity import KnownIdentities, assign_house_ids, assign_ids, keyed_hash
from families.membership import record_persons
from families.person_sources import build_person_sources
from families.persons import build_persons

__all__ = [
    "KnownIdentities",
    "assign_house_ids",
    "assign_ids",
    "attach_houses",
    "attach_local_score",
    "build_attribute_sources",
    "build_families",
    "build_house_sources",
    "build_person_sources",
    "build_persons",
    "keyed_hash",
    "record_persons",
]
