"""Where people live: boundaries, coordinates, and houses with a stated precision.

Belongs here: everything about places once a record has been read: boundaries (approximate ones built from village points, or
the user's own), judging coordinates, placing houses, counting residents by area. Does not belong here: reading
coordinates out of cells (intake), who lives together (families), drawing maps (publishing).
"""

from geocoding.boundaries import Boundaries, load_boundaries
from geocoding.boundary_file import BoundaryFileError
from geocoding.houses import Houses, build_houses, with_house_ids
from geocoding.residents import COUNTED_COLUMNS, count_residents

__all__ = [
    "COUNTED_COLUMNS",
    "Boundaries",
    "BoundaryFileError",
    "Houses",
    "build_houses",
    "count_residents",
    "load_boundaries",
    "with_house_ids",
]
