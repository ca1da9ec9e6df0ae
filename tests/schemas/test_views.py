"""The v1 views: their columns are a promise, their figures are right, and they show no more than they may."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from postgres_server import PostgresServer
from ready_databases import ready_postgresql, ready_sqlite
from schemas_published import PublishedRegency, publish_regency
from sqlalchemy import text
from view_contract import Contract, Promise, breaches, observed, read_contract

from schemas import tables
from schemas.postgis import LOCATION_COLUMN, LOCATION_TABLE
from schemas.programmes import load_programmes
from schemas.views import view_names, view_sql
from schemas.views.columns import NEVER_EMPTY, VIEW_COLUMNS
from schemas.views.dictionary import dictionary_entries

CONTRACT = read_contract()
"""What v1 promises: columns may be added to this file; none is removed, renamed, given another kind, or empty where it never was."""


ENGINES = ["sqlite", pytest.param("postgresql", marks=pytest.mark.needs("postgis"))]


@pytest.fixture(scope="module", params=ENGINES)
def regency(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[PublishedRegency]:
    """The test regency on each engine."""
    if request.param == "sqlite":
        published = publish_regency(ready_sqlite(tmp_path_factory.mktemp("views") / "padan.sqlite"))
    else:
        published = publish_regency(ready_postgresql(request.getfixturevalue("postgres_server")))
    yield published
    published.engine.dispose()


def on_this_engine(regency: PublishedRegency, name: str) -> bool:
    """Whether the engine has the view; SQLite lacks the one with points."""
    return name in view_names(regency.engine.dialect.name)


def view(regency: PublishedRegency, name: str) -> pd.DataFrame:
    with regency.engine.connect() as connection:
        return pd.read_sql_query(text(f"SELECT * FROM {name}"), connection)


def test_the_contract_names_every_view() -> None:
    assert set(CONTRACT) == set(view_names("postgresql")) == {*view_names("sqlite"), "v1_house_map"}
    assert set(VIEW_COLUMNS) == set(view_names("postgresql")) - {"v1_data_dictionary"}


def test_the_promise_is_kept(regency: PublishedRegency) -> None:
    """Prevents a change that breaks a program of another office: names, order, kinds, and what is never empty, on each engine."""
    views = view_names(regency.engine.dialect.name)
    found = observed(regency.engine, views)
    assert breaches({name: CONTRACT[name] for name in views}, found) == []
    assert found == {name: CONTRACT[name] for name in views}, "what is new belongs in v1_contract.json"


def shown_by(regency: PublishedRegency, statement: str) -> Contract:
    """What v1_poor_family would promise if it were made by another statement; the database is left as it was."""
    with regency.engine.connect() as connection, connection.begin() as transaction:
        original = view_sql("v1_poor_family", regency.engine.dialect.name)
        connection.exec_driver_sql("DROP VIEW v1_poor_family")
        changed = statement.replace("ORIGINAL", original.split(" AS\n", 1)[1])
        connection.exec_driver_sql(f"CREATE VIEW v1_poor_family AS {changed}")
        transaction.commit()
    found = observed(regency.engine, ["v1_poor_family"])
    with regency.engine.connect() as connection, connection.begin():
        connection.exec_driver_sql("DROP VIEW v1_poor_family")
        connection.exec_driver_sql(original)
    return found


ALL_BUT = ", ".join(name for name in CONTRACT["v1_poor_family"] if name != "size")


@pytest.mark.parametrize(
    ("statement", "broken"),
    [
        pytest.param(f"SELECT {ALL_BUT} FROM (ORIGINAL) AS o", ["v1_poor_family.size is gone"], id="removed"),
        pytest.param(f"SELECT {ALL_BUT}, size AS members FROM (ORIGINAL) AS o", ["v1_poor_family.size is gone"], id="renamed"),
        pytest.param(
            "SELECT " + ", ".join(CONTRACT["v1_poor_family"]).replace(" size,", " CAST(size AS TEXT) AS size,") + " FROM (ORIGINAL) AS o",
            ["v1_poor_family.size was integer and is text"],
            id="retyped",
        ),
        pytest.param(
            "SELECT "
            + ", ".join(CONTRACT["v1_poor_family"]).replace(
                " register_status,", " nullif(register_status, 'registered') AS register_status,"
            )
            + " FROM (ORIGINAL) AS o",
            ["v1_poor_family.register_status was never empty and may be empty now"],
            id="newly empty",
        ),
        pytest.param(f"SELECT {ALL_BUT}, size FROM (ORIGINAL) AS o", ["v1_poor_family shows its columns in another order"], id="moved"),
        pytest.param("SELECT o.*, 1 AS one_more FROM (ORIGINAL) AS o", [], id="added"),
    ],
)
def test_a_broken_promise_is_found(regency: PublishedRegency, statement: str, broken: list[str]) -> None:
    """Prevents a contract test that lets everything pass: each way of breaking a view is tried on the engine itself."""
    assert breaches({"v1_poor_family": CONTRACT["v1_poor_family"]}, shown_by(regency, statement)) == broken


def test_a_view_that_is_gone_is_found_and_one_that_promises_more_is_none() -> None:
    promised = {"v1_x": {"a": Promise("text", nullable=True)}}
    assert breaches(promised, {}) == ["v1_x is gone"]
    assert breaches(promised, {"v1_x": {"a": Promise("text", nullable=False)}, "v1_y": {}}) == []


@pytest.mark.parametrize("name", sorted(VIEW_COLUMNS))
def test_words_fit_the_view(regency: PublishedRegency, name: str) -> None:
    """Prevents the dictionary from describing a view that is not there."""
    if not on_this_engine(regency, name):
        return
    frame = view(regency, name)
    words = VIEW_COLUMNS[name]
    assert list(words) == list(frame.columns)
    assert {column: shown.kind for column, shown in words.items()} == {column: CONTRACT[name][column].kind for column in words}
    assert {column for column in words if not CONTRACT[name][column].nullable} == NEVER_EMPTY[name]
    for column, shown in words.items():
        values = frame[column].dropna()
        assert all(_fits(value, shown.kind) for value in values), (column, shown.kind, values.head(1).tolist())


def _fits(value: Any, kind: str) -> bool:
    match kind:
        case "integer":
            return float(value).is_integer()
        case "decimal":
            return isinstance(value, int | float)
        case "yes_no":
            return value in {0, 1}
        case "day":
            return date.fromisoformat(str(value)[:10]) is not None
        case "instant":
            return not pd.isna(pd.Timestamp(value))
        case _:
            return isinstance(value, str)


@pytest.mark.needs("postgis")
def test_both_engines_show_the_same(postgres_server: PostgresServer, tmp_path: Path) -> None:
    """Prevents a program that was written against SQLite from finding other values in production."""
    here = publish_regency(ready_sqlite(tmp_path / "padan.sqlite"), without_village=[0, 1])
    there = publish_regency(ready_postgresql(postgres_server), without_village=[0, 1])
    moments = {"published_at", "registration_date", "last_updated"}
    for name in view_names("sqlite"):
        rows = []
        for published in (here, there):
            frame = view(published, name)
            kinds = {column: promise.kind for column, promise in CONTRACT[name].items()}
            for column in frame:
                if kinds[column] == "yes_no":
                    frame[column] = frame[column].astype("boolean")
                elif kinds[column] in {"integer", "decimal"}:
                    frame[column] = frame[column].astype("Float64")
                else:
                    frame[column] = frame[column].astype(object).where(frame[column].notna()).map(str, na_action="ignore")
            rows.append(sorted(map(repr, frame.drop(columns=moments, errors="ignore").itertuples(index=False, name=None))))
        assert rows[0] == rows[1], name
    here.engine.dispose()
    there.engine.dispose()


def test_areas_add_up(regency: PublishedRegency) -> None:
    """Prevents a village that counts twice in its kecamatan, or a kecamatan that misses one."""
    summary = view(regency, "v1_area_summary")
    poor = regency.state["families"][regency.state["families"]["is_poor"]]
    by_village = summary[summary["level"] == "village"].set_index("area_code")["poor_families"]
    assert by_village.to_dict() == {**dict.fromkeys(by_village.index, 0), **poor["area_code"].value_counts().to_dict()}
    for level in ("kecamatan", "regency"):
        for _, area in summary[summary["level"] == level].iterrows():
            inside = summary[(summary["level"] == "village") & summary["area_code"].str.startswith(area["area_code"] + ".")]
            for column in ("residents", "families", "poor_families", "extreme_poor_families", "poor_persons"):
                assert area[column] == inside[column].sum(), (area["area_code"], column)
            assert area["poor_rate"] == pytest.approx(area["poor_families"] / area["families"])
    assert set(summary.loc[summary["level"] == "village", "kecamatan"]) == {"Kecamatan 01", "Kecamatan 02", "Kecamatan 16"}


def test_a_family_without_a_village_counts_for_the_regency(tmp_path: Path) -> None:
    """Prevents poor families whose address nobody could read from vanishing from the total."""
    published = publish_regency(ready_sqlite(tmp_path / "padan.sqlite"), without_village=[0, 1])
    summary = view(published, "v1_area_summary").set_index("area_code")
    poor = published.state["families"]["is_poor"].sum()
    assert summary.loc["35.10", "poor_families"] == poor
    assert summary.loc[summary["level"] == "village", "poor_families"].sum() == poor - 2
    published.engine.dispose()


def test_a_poor_family_at_a_glance(regency: PublishedRegency) -> None:
    """Families 0, 10, 20 … are extreme poor; 1, 11, 21 … receive PKH."""
    poor = view(regency, "v1_poor_family").set_index("family_id")
    state = regency.state
    assert set(poor.index) == set(state["families"].loc[state["families"]["is_poor"], "family_id"])
    first, second = (poor.loc[state["families"].loc[number, "family_id"]] for number in (0, 1))
    assert first["head_name"] == "SITI 0000000"
    assert first["village"] == "Desa 2001"
    assert first["kecamatan"] == "Kecamatan 01"
    assert first["deprivations"] == "floor, wall, water"
    assert first["programmes_received"] is None
    assert first["programmes_due"] == "house_renovation, kanggo_riko, pbi_jkn, pkh, sembako"
    assert second["programmes_received"] == "pkh"
    assert second["programmes_due"] == "house_renovation, kanggo_riko, pbi_jkn, sembako"
    assert second["deprivations"] is None
    assert poor["publication"].unique().tolist() == [1]


def test_programmes_of_a_family(regency: PublishedRegency) -> None:
    """Prevents a person's or a house's programme from missing in the family's flags."""
    flags = view(regency, "v1_family_programme").set_index("family_id")
    families = regency.state["families"]
    assert len(flags) == len(families)
    of = {number: flags.loc[families.loc[number, "family_id"]] for number in (0, 1, 4, 9)}
    assert of[1]["pkh"] == "receiving"
    assert (of[0]["pkh"], of[0]["pbi_jkn"], of[0]["house_renovation"]) == ("eligible",) * 3
    assert (of[4]["pkh"], of[4]["sembako"], of[4]["pbi_jkn"]) == ("ineligible", "eligible", "eligible")
    assert (of[9]["sembako"], of[9]["pbi_jkn"]) == ("ineligible", "ineligible")
    assert json.loads(of[0]["pbi_jkn_reason"])[0]["text_id"] == "desil 1-5"
    assert flags[["garda_ampuh", "garda_ampuh_reason", "aspd"]].isna().all().all()


def test_who_receives_what_has_no_rule_is_flagged(tmp_path: Path) -> None:
    """Prevents a family on a list from looking as if it got nothing, because nobody has written down whom the programme is for."""
    published = publish_regency(ready_sqlite(tmp_path / "padan.sqlite"), also_receives={3: "mitra_mapan"})
    flags = view(published, "v1_family_programme").set_index("family_id")
    family = published.state["families"].loc[3, "family_id"]
    assert flags.loc[family, "mitra_mapan"] == "receiving"
    assert flags.loc[family, "mitra_mapan_reason"] is None
    assert flags["mitra_mapan"].notna().sum() == 1
    published.engine.dispose()


def test_flags_look_where_the_rules_decide() -> None:
    """Prevents a programme for persons whose flag is looked for among families, and is empty for ever."""
    text_of_view = view_sql("v1_family_programme", "sqlite")
    for programme, rule in load_programmes().programmes.items():
        part = text_of_view[: text_of_view.index(f"AS {programme},")] if f"AS {programme}," in text_of_view else ""
        part = part or text_of_view[: text_of_view.index(f"AS {programme}\n")]
        assert part.rindex(f"d.programme_id = '{programme}'") > part.rindex(f"d.unit = '{rule.unit}'") > part.rindex("(SELECT min"), (
            programme
        )


def test_the_best_standing_of_a_member_counts(tmp_path: Path) -> None:
    """Prevents a family from being called ineligible because its last member is."""
    published = publish_regency(ready_sqlite(tmp_path / "padan.sqlite"), one_member_receives=7)
    flags = view(published, "v1_family_programme").set_index("family_id")
    assert flags.loc[published.state["families"].loc[7, "family_id"], "pbi_jkn"] == "receiving"
    published.engine.dispose()


@pytest.mark.parametrize("name", sorted(set(CONTRACT) - {"v1_person_full"}))
def test_only_the_full_view_shows_whole_numbers(regency: PublishedRegency, name: str) -> None:
    """Prevents a NIK or family card's number from reaching a view that many may read."""
    if not on_this_engine(regency, name):
        return
    shown = view(regency, name).to_csv()
    numbers = pd.concat([regency.state["persons"]["nik"], regency.state["families"]["kk_number"]]).dropna()
    assert not [number for number in numbers if number in shown]


def test_masks(regency: PublishedRegency) -> None:
    person = view(regency, "v1_person")
    assert set(person["nik"].dropna()) == {"351001**********"}
    assert person["nik"].isna().sum() == (regency.state["persons"]["register_status"] == "unregistered").sum()
    assert "birth_date" not in person
    full = view(regency, "v1_person_full").set_index("person_id")
    given = regency.state["persons"].set_index("person_id")
    assert full["nik"].dropna().sort_index().tolist() == given["nik"].dropna().sort_index().tolist()
    years = person.set_index("person_id")["birth_year"].sort_index()
    assert years.tolist() == given["birth_date"].dt.year.sort_index().tolist()


def test_houses_count_their_families(regency: PublishedRegency) -> None:
    houses = view(regency, "v1_house")
    assert houses["families"].tolist() == [1] * len(houses)
    assert houses["poor_families"].sum() == regency.state["families"]["is_poor"].sum()


def test_the_dictionary_lists_every_column(regency: PublishedRegency) -> None:
    """Prevents a dictionary that lags behind the schema."""
    dictionary = view(regency, "v1_data_dictionary")
    listed = set(zip(dictionary["object_name"], dictionary["column_name"], strict=True))
    wanted = {(name, column.name) for name, table in tables.METADATA.tables.items() for column in table.columns}
    wanted |= {(LOCATION_TABLE, LOCATION_COLUMN)} | {(name, column) for name, columns in VIEW_COLUMNS.items() for column in columns}
    assert listed == wanted
    for word in ("concept", "definition", "data_type", "period", "source", "sensitivity", "version"):
        assert dictionary[word].str.len().gt(0).all(), word
    assert len(dictionary) == len(list(dictionary_entries()))


def test_a_family_is_followed_to_the_cells_it_came_from(regency: PublishedRegency) -> None:
    """The SQL that README shows."""
    from publishing.provenance import FOLLOW_FAMILY, followed_family

    family_id = regency.state["families"].loc[3, "family_id"]
    followed = followed_family(regency.engine, family_id)
    assert {"attribute", "value", "source", "file", "sheet", "row", "cell", "used"} <= set(followed.columns)
    decile = followed[followed["attribute"] == "decile"].iloc[0]
    assert (decile["value"], decile["source"], decile["file"], decile["cell"]) == ("4", "dinsos_dtsen", "dtsen_2026_q3.xlsx", "D11")
    assert "attribute_source" in FOLLOW_FAMILY


def test_dci_groups(regency: PublishedRegency) -> None:
    groups = view(regency, "v1_dci_group")
    assert groups["group_size"].tolist() == [3] * len(groups)
    assert groups["registration_date"].equals(groups["last_updated"])
