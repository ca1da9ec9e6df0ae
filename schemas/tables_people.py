"""Persons, families, houses, with their history, and the evidence behind them.

Person, family and house keep every published version of a row: `valid_from` and `valid_to` are publication numbers, and the
current version is the one whose `valid_to` is empty. Because a row's id therefore stands in many versions, no foreign key can
point at it; the audit of each publication checks these references instead, on exactly the data that is published.
"""

from __future__ import annotations

from sqlalchemy import Index, text

from schemas.tables_vocabulary import (
    DAY,
    DECIMAL,
    SMALL,
    TEXT,
    YES_NO,
    Sensitivity,
    described,
    described_table,
    row_hash,
    valid_from,
    valid_to,
)

FROM_REGISTER = "dukcapil_population, else the office's record"
FROM_RECORDS = "linked records, by survivorship"
FROM_RECORDS_ELSE_REGISTER = "linked records, by survivorship, else dukcapil_population"
"""Where values of persons come from. `publishing.value_origins` follows these words back to a record."""
_REGISTER, _RECORDS = FROM_REGISTER, FROM_RECORDS
_FAMILIES = "families"
_COMPOSITION = "families, from the members"
_MEMBER_COUNTS: tuple[tuple[str, str, Sensitivity], ...] = (
    ("children", "Members below 18", "personal"),
    ("elderly", "Members of 60 and more", "personal"),
    ("dependants", "Members below 15 or of 65 and more", "personal"),
    ("disabled", "Members with a severe disability", "specific"),
    ("pregnant", "Pregnant members", "specific"),
    ("pupils", "Members of 6-21 years who go to school", "specific"),
    ("widows", "Widows and widowers", "personal"),
    ("orphans", "Members below 18 whose father or mother is known to be dead", "personal"),
)
POVERTY_STATUSES = ("extreme_poor", "poor", "near_poor", "not_poor", "unknown")
POSITION_PRECISIONS = ("gps", "house", "rt", "rw", "hamlet", "village", "kecamatan", "none")
REGISTER_STATUSES = ("registered", "unregistered")
LINK_STATUSES = ("linked", "review", "unregistered")
LINK_METHODS = ("nik", "evidence", "decision")
ENTITIES = ("person", "family", "house")
MOVE_REASONS = ("joined", "split")

person = described_table(
    "person",
    "Persons",
    "Members of the families that are kept: residents of the register, and people in offices' lists whom the register does not know",
    described(
        "person_id",
        TEXT,
        "Opaque id, stable from run to run, never derived from the NIK",
        source="identity registry",
        sensitivity="internal",
        key=True,
    ),
    described("nik", TEXT, "National identity number, 16 digits", source=_REGISTER, sensitivity="personal"),
    described(
        "nik_hash", TEXT, "Keyed hash of the NIK, for joins by those who may not see it", source="HMAC-SHA256", sensitivity="personal"
    ),
    described("name", TEXT, "Full name", source=_REGISTER, sensitivity="personal"),
    described("birth_place", TEXT, "Place of birth", source=_REGISTER, sensitivity="personal"),
    described("birth_date", DAY, "Date of birth", source=_REGISTER, sensitivity="personal"),
    described("sex", TEXT, "Sex: L male, P female", source=_REGISTER, sensitivity="personal", values=("L", "P")),
    described("relation", TEXT, "Relation to the head of the family", source=_REGISTER, sensitivity="personal", code_list="relation"),
    described("marital_status", TEXT, "Marital status", source=_REGISTER, sensitivity="personal", code_list="marital_status"),
    described("religion", TEXT, "Religion", source=_REGISTER, sensitivity="personal", code_list="religion"),
    described("education", TEXT, "Highest education", source=_REGISTER, sensitivity="personal", code_list="education"),
    described("occupation", TEXT, "Occupation", source=_REGISTER, sensitivity="personal", code_list="occupation"),
    described("father_name", TEXT, "Father's name", source=_REGISTER, sensitivity="personal"),
    described("mother_name", TEXT, "Mother's name", source=_REGISTER, sensitivity="personal"),
    described(
        "vital_status",
        TEXT,
        "Whether the person is alive",
        source=FROM_RECORDS_ELSE_REGISTER,
        sensitivity="personal",
        values=("alive", "dead", "unknown"),
    ),
    described(
        "register_status",
        TEXT,
        "Whether the register knows the person",
        source="matching",
        sensitivity="personal",
        values=REGISTER_STATUSES,
        required=True,
    ),
    described(
        "residence",
        TEXT,
        "Whether the person still lives with the family",
        source=FROM_RECORDS_ELSE_REGISTER,
        sensitivity="personal",
    ),
    described("kk_number", TEXT, "Number of the family card, 16 digits", source=_REGISTER, sensitivity="personal"),
    described("family_id", TEXT, "Family that the person belongs to", source=_FAMILIES, sensitivity="internal"),
    described(
        "disability_level",
        SMALL,
        "Worst answer to the Washington Group questions: 1 cannot, 2 much difficulty, 3 some, 4 none",
        source=_RECORDS,
        sensitivity="specific",
        code_list="regsosek_428a",
    ),
    described("severe_disability", YES_NO, "Whether a disability counts as severe", source=_RECORDS, sensitivity="specific"),
    described("chronic_illness", YES_NO, "Whether the person has a chronic illness", source=_RECORDS, sensitivity="specific"),
    described("pregnant", YES_NO, "Whether the person is pregnant", source=_RECORDS, sensitivity="specific"),
    described(
        "school_participation",
        TEXT,
        "Schooling: never, at school, no longer",
        source=_RECORDS,
        sensitivity="specific",
        code_list="regsosek_412",
    ),
    described("school_level", TEXT, "School level attended last or now", source=_RECORDS, sensitivity="personal", code_list="regsosek_413"),
    described("works", YES_NO, "Whether the person works", source=_RECORDS, sensitivity="personal"),
    described("has_business", YES_NO, "Whether the person runs or starts a small business", source=_RECORDS, sensitivity="personal"),
    described(
        "widowed",
        YES_NO,
        "Whether the person is a widow or widower",
        source=FROM_RECORDS_ELSE_REGISTER,
        sensitivity="personal",
    ),
    described(
        "register_record",
        TEXT,
        "Record of the register that the register's columns come from; empty for people whom it does not know",
        source="dukcapil_population",
        sensitivity="internal",
    ),
    described(
        "office_record",
        TEXT,
        "Record of an office from which those values come that neither the register gives nor attribute_source lists",
        source=_FAMILIES,
        sensitivity="internal",
    ),
    row_hash(),
    valid_from(),
    valid_to(),
)

family = described_table(
    "family",
    "Families",
    "Families that are poor, have a record from an office, or are unregistered",
    described("family_id", TEXT, "Opaque id, stable from run to run", source="identity registry", sensitivity="internal", key=True),
    described("kk_number", TEXT, "Number of the family card, 16 digits", source=_REGISTER, sensitivity="personal"),
    described("kk_hash", TEXT, "Keyed hash by which the family is found again", source="HMAC-SHA256", sensitivity="personal"),
    described("head_person_id", TEXT, "Head of the family", source=_FAMILIES, sensitivity="internal"),
    described("size", SMALL, "Members alive and present", source=_FAMILIES, sensitivity="personal", unit="person"),
    described("area_code", TEXT, "Village of residence", source=_REGISTER, sensitivity="personal", references="area.area_code"),
    described("hamlet", TEXT, "Hamlet (dusun, lingkungan)", source=_REGISTER, sensitivity="personal"),
    described("rt", TEXT, "Neighbourhood unit, 3 digits", source=_REGISTER, sensitivity="personal"),
    described("rw", TEXT, "Group of neighbourhood units, 3 digits", source=_REGISTER, sensitivity="personal"),
    described("address", TEXT, "Address without the parts that have columns of their own", source=_REGISTER, sensitivity="personal"),
    described("house_id", TEXT, "House that the family lives in", source="geocoding", sensitivity="internal"),
    described(
        "register_status",
        TEXT,
        "Whether the register knows the family",
        source="matching",
        sensitivity="personal",
        values=REGISTER_STATUSES,
        required=True,
    ),
    described("decile", SMALL, "National welfare decile, 1 (poorest) to 10", source="dinsos_dtsen", sensitivity="specific"),
    described(
        "poverty_status",
        TEXT,
        "Poverty status from the first source that speaks",
        source="decile, village survey, local score",
        sensitivity="specific",
        values=POVERTY_STATUSES,
        required=True,
    ),
    described("poverty_source", TEXT, "Source whose word the poverty status is", source=_FAMILIES, sensitivity="internal"),
    described(
        "is_poor", YES_NO, "Whether the family is extreme poor, poor or near poor", source=_FAMILIES, sensitivity="specific", required=True
    ),
    *(
        described(name, SMALL, f"{words}, alive and present", source=_COMPOSITION, sensitivity=sensitivity, unit="person")
        for name, words, sensitivity in _MEMBER_COUNTS
    ),
    described(
        "single_head",
        YES_NO,
        "Whether the head brings up children below 18 without a spouse in the family",
        source=_COMPOSITION,
        sensitivity="personal",
    ),
    described(
        "elderly_alone", YES_NO, "Whether everybody who lives in the family is 60 or older", source=_COMPOSITION, sensitivity="personal"
    ),
    row_hash(),
    valid_from(),
    valid_to(),
)

house = described_table(
    "house",
    "Houses",
    "Where families live, how precisely that is known, and what the house is like",
    described("house_id", TEXT, "Opaque id, stable from run to run", source="identity registry", sensitivity="internal", key=True),
    described("latitude", DECIMAL, "Latitude, WGS 84", source="geocoding", sensitivity="personal", unit="degree"),
    described("longitude", DECIMAL, "Longitude, WGS 84", source="geocoding", sensitivity="personal", unit="degree"),
    described(
        "position_precision",
        TEXT,
        "What the position stands for",
        source="geocoding",
        sensitivity="internal",
        values=POSITION_PRECISIONS,
        required=True,
    ),
    described("position_radius_m", DECIMAL, "Radius within which the house lies", source="geocoding", sensitivity="internal", unit="metre"),
    described("area_code", TEXT, "Village of the house", source="geocoding", sensitivity="personal", references="area.area_code"),
    described(
        "position_source", TEXT, "Record that gave the position; empty where it was derived", source="geocoding", sensitivity="internal"
    ),
    described("tenure", TEXT, "Who owns the house", source=_RECORDS, sensitivity="specific", code_list="regsosek_301a"),
    described("floor_area_m2", DECIMAL, "Floor area", source=_RECORDS, sensitivity="specific", unit="square metre"),
    described("floor", TEXT, "Widest floor", source=_RECORDS, sensitivity="specific", code_list="regsosek_303"),
    described("wall", TEXT, "Widest wall", source=_RECORDS, sensitivity="specific", code_list="regsosek_304"),
    described("roof", TEXT, "Widest roof", source=_RECORDS, sensitivity="specific", code_list="regsosek_305"),
    described("water", TEXT, "Drinking water", source=_RECORDS, sensitivity="specific", code_list="regsosek_306a"),
    described("lighting", TEXT, "Lighting", source=_RECORDS, sensitivity="specific", code_list="regsosek_307a"),
    described("power", TEXT, "Installed power class", source=_RECORDS, sensitivity="specific", code_list="regsosek_307b1"),
    described("fuel", TEXT, "Cooking fuel", source=_RECORDS, sensitivity="specific", code_list="regsosek_308"),
    described("latrine", TEXT, "Latrine", source=_RECORDS, sensitivity="specific", code_list="regsosek_309a"),
    described("closet", TEXT, "Kind of closet", source=_RECORDS, sensitivity="specific", code_list="regsosek_309b"),
    described("disposal", TEXT, "Final disposal", source=_RECORDS, sensitivity="specific", code_list="regsosek_310"),
    described(
        "house_condition",
        TEXT,
        "Condition as the village survey judges it",
        source=_RECORDS,
        sensitivity="specific",
        code_list="house_condition",
    ),
    row_hash(),
    valid_from(),
    valid_to(),
)

attribute_source = described_table(
    "attribute_source",
    "Sources of attributes",
    "Which record and cell gave a value of a person, family or house, and the values that did not survive. Of persons it lists what is "
    "disputed or comes from elsewhere than person.register_record and person.office_record say",
    row_hash(key=True),
    described("entity", TEXT, "What the attribute belongs to", source=_FAMILIES, sensitivity="internal", values=ENTITIES, required=True),
    described("entity_id", TEXT, "Id of the person, family or house", source=_FAMILIES, sensitivity="internal", required=True),
    described("attribute", TEXT, "Column of the person, family or house", source=_FAMILIES, sensitivity="internal", required=True),
    described("value", TEXT, "What the record says", source="the office's file", sensitivity="specific"),
    described("source", TEXT, "Id of the source contract", source=_FAMILIES, sensitivity="internal"),
    described("record_id", TEXT, "Record that says it; empty for derived values", source=_FAMILIES, sensitivity="internal"),
    described("cell", TEXT, "Cell of the sheet, such as C17", source="intake", sensitivity="internal"),
    described("used", YES_NO, "Whether this value survived", source=_FAMILIES, sensitivity="internal", required=True),
    described(
        "reason",
        TEXT,
        "Why an interview outweighs the register's family card: joined another family, or split from the card; empty otherwise",
        source=_FAMILIES,
        sensitivity="internal",
        values=MOVE_REASONS,
    ),
)

person_link = described_table(
    "person_link",
    "Links",
    "Who each record is: a resident, an open question, or somebody whom the register does not know",
    described("record_id", TEXT, "The record", source="matching", sensitivity="internal", references="source_record.record_id", key=True),
    described("person_id", TEXT, "The person; empty while in review", source="matching", sensitivity="internal"),
    described("status", TEXT, "What became of the record", source="matching", sensitivity="internal", values=LINK_STATUSES, required=True),
    described("method", TEXT, "How a linked record was linked", source="matching", sensitivity="internal", values=LINK_METHODS),
    described("probability", DECIMAL, "Probability that the link is right", source="matching", sensitivity="internal"),
    described("evidence", TEXT, "What spoke for and against, JSON", source="matching", sensitivity="personal"),
    row_hash(),
)

review_case = described_table(
    "review_case",
    "Review cases",
    "Candidates of the records that a person must decide",
    described("record_id", TEXT, "The record", source="matching", sensitivity="internal", references="source_record.record_id", key=True),
    described("rank", SMALL, "1 is the best candidate", source="matching", sensitivity="internal", key=True),
    described("register_nik", TEXT, "NIK of the candidate in the register", source="dukcapil_population", sensitivity="personal"),
    described("probability", DECIMAL, "Probability that the candidate is the person", source="matching", sensitivity="internal"),
    described("reason", TEXT, "Code: why a person must look", source="matching", sensitivity="internal"),
    described("evidence", TEXT, "What speaks for and against, JSON", source="matching", sensitivity="personal"),
    row_hash(),
)

_CURRENT = text("valid_to IS NULL")

for _table, _id in ((person, "person_id"), (family, "family_id"), (house, "house_id")):
    Index(f"uq_{_table.name}_current", _table.c[_id], unique=True, sqlite_where=_CURRENT, postgresql_where=_CURRENT)

for _column in (person.c.nik_hash, person.c.family_id, family.c.kk_number, family.c.area_code, family.c.house_id):
    Index(None, _column, sqlite_where=_CURRENT, postgresql_where=_CURRENT)

Index(None, attribute_source.c.entity_id)
Index(None, person_link.c.person_id)
