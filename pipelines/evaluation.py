"""The last run's links held against a known truth: precision, recall and F1, by source and by kind of damage."""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from pipelines.frames import parquet_table, text_typed_frame

PLACE = ["source", "file", "sheet", "row", "mention"]


def evaluate_links(social_records: pd.DataFrame, links: pd.DataFrame, truth: pd.DataFrame) -> pd.DataFrame:
    """Measures per stratum: all records, each source, each kind of damage, each link method.

    `truth` has the columns of `truth/links.parquet`. A link is right when it names the resident whom the truth names; precision
    counts right links among all links, recall among the mentions whose person is in the register. Records that intake set aside
    count against recall: a row lost in quarantine is not linked either. Returns stratum, mentions, registered, linked, right,
    in_review, precision, recall, f1.
    """
    ours = social_records[["record_id", *PLACE]].merge(
        links[["record_id", "status", "method", "register_nik"]].rename(columns={"register_nik": "linked_nik"}), on="record_id", how="left"
    )
    held = truth.merge(ours.drop(columns="record_id"), on=PLACE, how="left", validate="one_to_one")
    held["linked"] = held["status"].eq("linked").fillna(False).astype(bool)
    held["registered"] = held["register_nik"].notna()
    held["right"] = held["linked"] & held["registered"] & held["linked_nik"].eq(held["register_nik"]).fillna(False).astype(bool)
    held["review"] = held["status"].eq("review").fillna(False).astype(bool)
    damage = held["damage"].explode().dropna()
    strata = [("all", held)]
    strata += [(f"source {name}", part) for name, part in held.groupby("source", sort=True)]
    strata += [(f"damage {name}", held.loc[damage.index[damage == name].unique()]) for name in sorted(damage.unique())]
    strata += [("damage none", held[held["damage"].str.len().fillna(0).eq(0)])]
    return pd.DataFrame([_measures(name, part) for name, part in strata])


def _measures(stratum: str, part: pd.DataFrame) -> dict[str, object]:
    linked, right, registered = int(part["linked"].sum()), int(part["right"].sum()), int(part["registered"].sum())
    precision = right / linked if linked else float("nan")
    recall = right / registered if registered else float("nan")
    return {
        "stratum": stratum,
        "mentions": len(part),
        "registered": registered,
        "linked": linked,
        "right": right,
        "in_review": int(part["review"].sum()),
        "precision": precision,
        "recall": recall,
        "f1": 2 * precision * recall / (precision + recall) if precision + recall else float("nan"),
    }


def evaluate_home(home: Path, truth_folder: Path) -> pd.DataFrame:
    """`evaluate_links` on the frames of a home. Raises FileNotFoundError naming what is missing."""
    frames = home / "frames"
    paths = {name: frames / f"{name}.parquet" for name in ("social_records", "links")} | {"truth": truth_folder / "links.parquet"}
    for name, path in paths.items():
        if not path.is_file():
            raise FileNotFoundError(
                f"{path}: no {name}; " + ("run `padan run` first" if name != "truth" else "give the folder that `padan simulate` wrote")
            )
    read = {name: text_typed_frame(parquet_table(path)) for name, path in paths.items()}
    return evaluate_links(read["social_records"], read["links"], read["truth"])
