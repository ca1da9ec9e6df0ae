"""What each column of each v1 view means. A column that shows a table's column as it is borrows that one's words.

The order is the view's own; a test compares names, order and types with the views as created, so that a view cannot change
without these words.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from schemas import postgis, tables
from schemas.canonical import HOUSING_COLUMNS
from schemas.tables_vocabulary import Sensitivity

ValueKind = Literal["text", "integer", "decimal", "yes_no", "day", "instant", "point"]
_PROGRAMMES = [
    "pkh",
    "sembako",
    "pbi_jkn",
    "spm",
    "banyuwangi_cerdas",
    "garda_ampuh",
    "siswa_asuh_sebaya",
    "rantang_kasih",
    "kanggo_riko",
    "mitra_mapan",
    "house_renovation",
    "healthy_latrine",
    "asn_berbagi",
    "pip",
    "pkh_plus",
    "aspd",
]


@dataclass(frozen=True)
class ViewColumn:
    """The words of one column of a view."""

    kind: ValueKind
    definition: str
    unit: str = ""
    classification: str = ""
    source: str = ""
    sensitivity: Sensitivity = "internal"


def _of(table: str, *names: str, **renamed: str) -> dict[str, ViewColumn]:
    """Columns of a table shown as they are; `shown=column` for those that a view calls otherwise."""
    pairs = {**{name: name for name in names}, **renamed}
    return {shown: _borrowed(table, column) for shown, column in pairs.items()}


_KINDS: dict[str, ValueKind] = {
    "TEXT": "text",
    "INTEGER": "integer",
    "BIGINT": "integer",
    "DOUBLE": "decimal",
    "BOOLEAN": "yes_no",
    "DATE": "day",
    "DATETIME": "instant",
}


def kind_of(table: str, column: str) -> ValueKind:
    """What a table's column holds, in the dictionary's words."""
    return _KINDS[str(tables.METADATA.tables[table].columns[column].type)]


def _borrowed(table: str, column: str) -> ViewColumn:
    info = tables.METADATA.tables[table].columns[column].info
    return ViewColumn(kind_of(table, column), info["definition"], info["unit"], info["classification"], info["source"], info["sensitivity"])


def _count(definition: str, unit: str) -> ViewColumn:
    return ViewColumn("integer", definition, unit, source="computed", sensitivity="open")


_VILLAGE = {
    "village": ViewColumn("text", "Name of the village", source="area", sensitivity="open"),
    "kecamatan": ViewColumn("text", "Name of the sub-district", source="area", sensitivity="open"),
}
_CHANGED = {
    "changed_in": ViewColumn("integer", "Publication in which the row last changed", source="publication.number"),
    "publication": ViewColumn("integer", "Publication that the row is read from", source="publication.number", sensitivity="open"),
}
_PUBLICATION = {"publication": _CHANGED["publication"]}
_MASKED_CARD = {
    "kk_number": ViewColumn(
        "text", "Number of the family card, all but the first six digits masked", source="person", sensitivity="personal"
    )
}
_MASKED_NIK = ViewColumn("text", "NIK, all but the first six digits masked", source="person", sensitivity="personal")
_HEALTH_AND_WORK = [
    "disability_level",
    "severe_disability",
    "chronic_illness",
    "pregnant",
    "school_participation",
    "school_level",
    "works",
    "has_business",
    "widowed",
]
_COMPOSITION = [
    *("children", "elderly", "dependants", "disabled", "pregnant", "pupils", "widows", "orphans"),
    *("single_head", "elderly_alone"),
]


_WITHOUT_A_SOURCE = {
    "mitra_mapan": ". No public source says whom this programme is for: the rule is a default of ours, and its reasons say so"
}


def _programme_columns() -> dict[str, ViewColumn]:
    columns: dict[str, ViewColumn] = {}
    for programme in _PROGRAMMES:
        columns[programme] = ViewColumn(
            "text",
            f"Standing of the family towards the programme {programme}: best of its members or of its house; empty where it is for none of "
            f"them{_WITHOUT_A_SOURCE.get(programme, '')}",
            classification=f"one of {', '.join(tables.eligibility.columns['status'].info['values'])}",
            source="eligibility",
            sensitivity="specific",
        )
        columns[f"{programme}_reason"] = ViewColumn(
            "text", f"Reasons of the standing towards {programme}, JSON", source="eligibility", sensitivity="specific"
        )
    return columns


VIEW_COLUMNS: Mapping[str, Mapping[str, ViewColumn]] = {
    "v1_area_summary": {
        **_of("area", "area_code", "level", "kind", "name", "parent_code"),
        "kecamatan": _VILLAGE["kecamatan"],
        **_of("area", "latitude", "longitude", "residents", "families"),
        "stored_families": _count("Families that the database holds", "family"),
        "poor_families": _count("Families that are extreme poor, poor or near poor", "family"),
        "extreme_poor_families": _count("Families that are extreme poor", "family"),
        "status_poor_families": _count("Families whose status is poor", "family"),
        "near_poor_families": _count("Families that are near poor", "family"),
        "unregistered_families": _count("Families that the register does not know", "family"),
        "families_of_unknown_status": _count("Families whose poverty status nobody has stated", "family"),
        "poor_persons": _count("Members of poor families", "person"),
        "extreme_poor_persons": _count("Members of extreme poor families", "person"),
        "poor_rate": ViewColumn(
            "decimal", "Poor families over the register's family cards", "share", source="computed", sensitivity="open"
        ),
        "poor_person_rate": ViewColumn(
            "decimal", "Members of poor families over residents", "share", source="computed", sensitivity="open"
        ),
        **_PUBLICATION,
        **_of("publication", "as_of"),
    },
    "v1_dci_group": {
        **_of("family", group_identifier="family_id"),
        "group_type": ViewColumn("text", "Kind of group, always FAMILY", source="constant", sensitivity="open"),
        **_of("family", group_size="size"),
        **_of("person", group_head_name="name"),
        **_of("family", "area_code", poverty_score="decile"),
        "poverty_score_type": ViewColumn("text", "What the score is: DTSEN_DECILE", source="constant", sensitivity="open"),
        "registration_date": ViewColumn("instant", "Publication that first showed the family", "UTC", source="publication.published_at"),
        "last_updated": ViewColumn("instant", "Publication in which the family last changed", "UTC", source="publication.published_at"),
    },
    "v1_eligibility": {
        **_of("eligibility", "programme_id", "unit", "person_id", "family_id", "house_id", "status", "qualifies", "priority"),
        **_of("eligibility_reason", "reasons"),
        **_of("eligibility", "rule_version"),
        **_CHANGED,
    },
    "v1_family_programme": {
        **_of("family", "family_id"),
        **_MASKED_CARD,
        **_of("family", "area_code", "decile", "poverty_status", "is_poor"),
        **_programme_columns(),
        **_PUBLICATION,
    },
    "v1_house": {
        **_of("house", "house_id", "latitude", "longitude", "position_precision", "position_radius_m", "area_code"),
        **_VILLAGE,
        "families": _count("Stored families that live in the house", "family"),
        "poor_families": _count("Poor families that live in the house", "family"),
        **_of("house", *HOUSING_COLUMNS),
        **_CHANGED,
    },
    "v1_house_map": {
        **_of("house", "house_id"),
        "location": ViewColumn("point", postgis.LOCATION_DEFINITION, source="house.latitude, house.longitude", sensitivity="personal"),
        **_of("house", "position_precision", "position_radius_m", "area_code"),
        **_VILLAGE,
        "families": _count("Stored families that live in the house", "family"),
        "poor_families": _count("Poor families that live in the house", "family"),
        **_CHANGED,
    },
    "v1_person": {
        **_of("person", "person_id"),
        "nik": _MASKED_NIK,
        **_of("person", "nik_hash"),
        **_MASKED_CARD,
        **_of("person", "name"),
        "birth_year": ViewColumn("integer", "Year of birth", "year", source="person.birth_date", sensitivity="personal"),
        **_of("person", "sex", "relation", "marital_status", "education", "occupation", "vital_status", "register_status", "residence"),
        **_of("person", "family_id"),
        **_of("family", "area_code"),
        **_VILLAGE,
        **_of("family", "hamlet", "rt", "rw", "decile", "poverty_status"),
        **_of("person", *_HEALTH_AND_WORK),
        **_CHANGED,
    },
    "v1_person_full": {
        **_of("person", "person_id", "nik", "nik_hash", "kk_number", "name", "birth_place", "birth_date", "sex", "relation"),
        **_of("person", "marital_status", "religion", "education", "occupation", "father_name", "mother_name"),
        **_of("person", "vital_status", "register_status", "residence", "family_id"),
        **_of("family", "area_code"),
        **_VILLAGE,
        **_of("family", "hamlet", "rt", "rw", "address", "decile", "poverty_status"),
        **_of("person", *_HEALTH_AND_WORK),
        **_CHANGED,
    },
    "v1_poor_family": {
        **_of("family", "family_id"),
        **_MASKED_CARD,
        **_of("family", "head_person_id"),
        **_of("person", head_name="name"),
        "head_nik": _MASKED_NIK,
        **_of("person", head_sex="sex"),
        **_of("family", "size", "address", "hamlet", "rt", "rw", "area_code"),
        **_VILLAGE,
        **_of("family", "house_id"),
        **_of("house", "latitude", "longitude", "position_precision", "position_radius_m"),
        **_of("family", "register_status", "decile", "poverty_status", "poverty_source"),
        "deprivations": ViewColumn("text", "Codes of what the family lacks, with commas", source="deprivation", sensitivity="specific"),
        "programmes_received": ViewColumn(
            "text", "Programmes that family, members or house receive now, with commas", source="aid_received", sensitivity="specific"
        ),
        "programmes_due": ViewColumn(
            "text", "Programmes that fit and are not received, with commas", source="eligibility", sensitivity="specific"
        ),
        **_CHANGED,
        **_of("family", *_COMPOSITION),
    },
    "v1_publication": _of("publication", "number", "as_of", "published_at", "content_hash", "code_version", "counts", "rows_written"),
}
"""Every v1 view but the dictionary itself."""

NEVER_EMPTY: Mapping[str, frozenset[str]] = {
    "v1_area_summary": frozenset(
        {
            *("area_code", "level", "kind", "name", "stored_families", "poor_families", "extreme_poor_families", "status_poor_families"),
            *("near_poor_families", "unregistered_families", "families_of_unknown_status", "poor_persons", "extreme_poor_persons"),
            *("publication", "as_of"),
        }
    ),
    "v1_dci_group": frozenset({"group_identifier", "group_type", "registration_date", "last_updated"}),
    "v1_eligibility": frozenset({"programme_id", "unit", "status", "changed_in", "publication"}),
    "v1_family_programme": frozenset({"family_id", "poverty_status", "is_poor", "publication"}),
    "v1_house": frozenset({"house_id", "position_precision", "families", "poor_families", "changed_in", "publication"}),
    "v1_house_map": frozenset({"house_id", "location", "position_precision", "families", "poor_families", "changed_in", "publication"}),
    "v1_person": frozenset({"person_id", "register_status", "changed_in", "publication"}),
    "v1_person_full": frozenset({"person_id", "register_status", "changed_in", "publication"}),
    "v1_poor_family": frozenset({"family_id", "register_status", "poverty_status", "changed_in", "publication"}),
    "v1_publication": frozenset(VIEW_COLUMNS["v1_publication"]),
}
"""The columns that hold a value in every row, which other systems may count on; all others may be empty."""
