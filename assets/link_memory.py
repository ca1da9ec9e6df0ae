"""What linkage remembers from run to run, in the home: the model with what it was learned from, and the last run's links.

Nothing here is needed: without it the model is learned and everything is linked anew. It holds personal data and is the owner's alone.
"""

import json
from pathlib import Path

import pandas as pd

import matching

_MODEL, _BASIS, _LAST_RUN, _JUDGED = "model.json", "learned_from.json", "last_run", "judged.json"


def model_for(
    records: pd.DataFrame, residents: pd.DataFrame, spec: matching.LinkSpec, folder: Path
) -> tuple[matching.LinkModel, str | None]:
    """The model to link these tables with, and the reason why it was learned now (None: the one in ``folder`` still serves)."""
    basis = matching.basis_of(records, residents, spec)
    held = _kept_model(folder)
    reason = matching.why_train(basis, None if held is None else held[1])
    if held is not None and reason is None:
        return held[0], None
    model = matching.train(records, residents, spec)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    _written(folder / _MODEL, model.to_json())
    _written(folder / _BASIS, json.dumps(basis.to_dict(), indent=1, sort_keys=True))
    return model, reason


def linked_since(
    records: pd.DataFrame,
    residents: pd.DataFrame,
    spec: matching.LinkSpec,
    model: matching.LinkModel,
    decisions: pd.DataFrame,
    together: pd.DataFrame,
    folder: Path,
) -> tuple[matching.LinkResult, tuple[matching.Drift, ...]]:
    """The links of all records, of which only what has changed since the last run is linked; and what has moved in the estimates."""
    before = matching.kept_result(folder / _LAST_RUN)
    if before is None or before.model.to_json() != model.to_json():
        result = matching.link(records, residents, spec, model, decisions, together=together, keep_state=True)
    else:
        result = matching.relink(before, records, residents, spec, decisions, together=together)
    moved = () if before is None else matching.drift(result.report.to_dict(), before.report.to_dict())
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    matching.keep_result(result, folder / _LAST_RUN)
    _written(folder / _JUDGED, json.dumps(sorted(decisions["right_id"].unique())))
    return result, moved


def likely_residents(folder: Path) -> pd.Series:
    """Right ids that decisions probably speak of: those in the last run's queue, and those of the decisions that were in force then."""
    queue = matching.kept_queue(folder / _LAST_RUN)
    try:
        judged = json.loads((folder / _JUDGED).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        judged = []
    queued = [] if queue is None else queue["right_id"].tolist()
    return pd.Series(sorted({*queued, *judged}), dtype=pd.StringDtype("pyarrow"))


def _kept_model(folder: Path) -> tuple[matching.LinkModel, matching.Basis] | None:
    """The model of the last training with its basis; None where there is none that this version reads."""
    try:
        model = matching.LinkModel.from_json((folder / _MODEL).read_text(encoding="utf-8"))
        return model, matching.Basis.from_dict(json.loads((folder / _BASIS).read_text(encoding="utf-8")))
    except (OSError, ValueError, KeyError, TypeError):
        return None


def _written(path: Path, text: str) -> None:
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(text, encoding="utf-8")
    unfinished.replace(path)
