"""What the unified database has on PostgreSQL beyond SQLite: the position of each house as a PostGIS point.

The server generates the column from latitude and longitude, so that it can never say anything else than they do (migration
0002). Maps and desktop GIS read it through `v1_house_map`.
"""

from __future__ import annotations

LOCATION_TABLE, LOCATION_COLUMN, LOCATION_INDEX = "house", "location", "ix_house_location"
LOCATION_DEFINITION = "Position as a PostGIS point (EPSG:4326), generated from latitude and longitude; on PostgreSQL only"
OBJECTS_OF_THE_EXTENSION = frozenset({"spatial_ref_sys", "geometry_columns", "geography_columns"})
"""Tables and views that PostGIS itself puts beside ours."""
