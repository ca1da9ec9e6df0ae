"""recordlinkage as its documentation shows: an index of blocks, a Compare, and ECM without labels; for the smallest size only.

It compares some 64,000 pairs a second and keeps all pairs in one frame, so that only a few blocking rules are affordable.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import recordlinkage
from recordlinkage.index import Block

from benchmarks.linkage_engines.measured import Linked, run

BLOCKS = (["nik"], ["kk_number", "sex"], ["name", "birth_date"], ["birth_date", "area_code"], ["name", "area_code"])


def link_files(records: Path, register: Path) -> Linked:
    """The best candidate of each record at p >= 0.5 by the ECM classifier, ties by the lesser identifier."""
    left, right = pd.read_parquet(records), pd.read_parquet(register)
    for table in (left, right):
        table["birth_date"] = table["birth_date"].dt.strftime("%Y-%m-%d")
        for column in table.columns:
            table[column] = table[column].astype(object).where(table[column].notna(), None)
    indexer = recordlinkage.Index()
    for columns in BLOCKS:
        indexer.add(Block(left_on=columns))
    pairs = indexer.index(left, right)
    compare = recordlinkage.Compare(n_jobs=2)
    for column in ("nik", "kk_number"):
        compare.string(column, column, method="damerau_levenshtein", threshold=0.85, label=column)
    for column in ("name", "mother_name"):
        compare.string(column, column, method="jarowinkler", threshold=0.85, label=column)
    for column in ("birth_date", "sex", "area_code", "hamlet", "rt", "rw"):
        compare.exact(column, column, label=column)
    vectors = compare.compute(pairs, left, right)
    classifier = recordlinkage.ECMClassifier(binarize=0.5)
    classifier.fit(vectors)
    probability = classifier.prob(vectors)
    one, other = (np.asarray(probability.index.get_level_values(level)) for level in (0, 1))
    scored = pd.DataFrame(
        {
            "left_id": left["record_id"].to_numpy()[one],
            "right_id": right["nik"].to_numpy()[other],
            "probability": np.asarray(probability),
        }
    )
    best = scored[scored["probability"].ge(0.5)].sort_values(["left_id", "probability", "right_id"], ascending=[True, False, True])
    return Linked(best.drop_duplicates("left_id")[["left_id", "right_id"]], len(pairs), {})


if __name__ == "__main__":
    run(link_files)
