"""Reading the published views back, for reports: the same tables that other systems read."""

from __future__ import annotations

import pandas as pd
from sqlalchemy import Engine, text

from schemas.canonical import TEXT
from schemas.views.columns import VIEW_COLUMNS


def read_view(engine: Engine, view: str) -> pd.DataFrame:
    """One v1 view, whole, with text as the project's text type. Raises KeyError for a view that does not exist."""
    if view not in VIEW_COLUMNS:
        raise KeyError(f"no view {view}; there are: {', '.join(VIEW_COLUMNS)}")
    with engine.connect() as connection:
        frame = pd.read_sql_query(text(f"SELECT * FROM {view}"), connection)  # noqa: S608 - the name is one of ours
    texts = {name: TEXT for name, dtype in frame.dtypes.items() if pd.api.types.is_object_dtype(dtype)}
    return frame.astype(texts)
