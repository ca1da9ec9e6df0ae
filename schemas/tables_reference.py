"""Reference tables: areas, code lists, programmes. No person is behind any of their rows."""

from __future__ import annotations

from sqlalchemy import Index

from schemas.tables_vocabulary import DECIMAL, SMALL, TEXT, described, described_table, row_hash

_DECREE = "Kepmendagri 300.2.2-2430/2025"
UNITS = ("person", "family", "house")
AREA_LEVELS = ("regency", "kecamatan", "village")

area = described_table(
    "area",
    "Areas",
    "The regency, its sub-districts (kecamatan) and its villages (desa and kelurahan)",
    described("area_code", TEXT, "Kemendagri code with dots, such as 35.10.01.2001", source=_DECREE, sensitivity="open", key=True),
    described("level", TEXT, "Level of the area", source=_DECREE, sensitivity="open", values=AREA_LEVELS, required=True),
    described("kind", TEXT, "Legal kind: kabupaten, kecamatan, desa or kelurahan", source=_DECREE, sensitivity="open", required=True),
    described("name", TEXT, "Official name", source=_DECREE, sensitivity="open", required=True),
    described("parent_code", TEXT, "Code of the area that holds this one", source=_DECREE, sensitivity="open", references="area.area_code"),
    described("latitude", DECIMAL, "Latitude of a point inside the area, WGS 84", source="areas file", sensitivity="open", unit="degree"),
    described("longitude", DECIMAL, "Longitude of a point inside the area, WGS 84", source="areas file", sensitivity="open", unit="degree"),
    described(
        "residents",
        SMALL,
        "Residents alive in the register",
        source="dukcapil_population",
        sensitivity="open",
        unit="person",
    ),
    described(
        "families",
        SMALL,
        "Family cards with a living member in the register",
        source="dukcapil_population",
        sensitivity="open",
        unit="family",
    ),
    row_hash(),
)

code_list = described_table(
    "code_list",
    "Code lists",
    "Every code that a column of this database may hold, with its official label",
    described("code_list", TEXT, "Id of the list", source="schemas/code_lists", sensitivity="open", key=True),
    described("code", TEXT, "Official code", source="schemas/code_lists", sensitivity="open", key=True),
    described("label", TEXT, "Official label (Indonesian)", source="schemas/code_lists", sensitivity="open", required=True),
    described("value", TEXT, "What columns hold for this code: the code or the label", source="schemas/code_lists", sensitivity="open"),
    described("title", TEXT, "Title of the list", source="schemas/code_lists", sensitivity="open"),
    described("origin", TEXT, "Where the list was read", source="schemas/code_lists", sensitivity="open"),
    row_hash(),
)

programme = described_table(
    "programme",
    "Programmes",
    "The aid programmes that the regency follows",
    described("programme_id", TEXT, "Id of the programme", source="schemas/programmes", sensitivity="open", key=True),
    described("name_id", TEXT, "Name in Indonesian", source="schemas/programmes", sensitivity="open", required=True),
    described("name_en", TEXT, "Name in English", source="schemas/programmes", sensitivity="open"),
    described("agency", TEXT, "Office in charge", source="schemas/programmes", sensitivity="open"),
    described("unit", TEXT, "Whom the programme helps", source="schemas/programmes", sensitivity="open", values=UNITS, required=True),
    described(
        "rule_version", TEXT, "Version of the written rule; empty where there is none", source="schemas/programmes", sensitivity="open"
    ),
    row_hash(),
)

Index(None, area.c.parent_code)
