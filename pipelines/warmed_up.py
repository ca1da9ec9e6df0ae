"""What the process that step processes are forked from imports beforehand, so that no step pays for it again.

Imported for what that does and for nothing else. Great Expectations comes in by the door that turns its usage statistics off.
"""

import geopandas
import pandas as pd
import pyarrow as pa
import rapidfuzz

import pipelines.definitions
from schemas.expectations_gx import great_expectations_package

LOADED = (pipelines.definitions, pd, pa, geopandas, rapidfuzz, great_expectations_package())
