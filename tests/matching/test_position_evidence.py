"""Positions as evidence: where places are is learned from settled records, and tells namesakes apart."""

import json

import numpy as np
import pandas as pd
import pytest

from matching import LinkModel, LinkSpec, link, relink
from matching.positions import Places, metres_between, weights_among_candidates

TEXT = pd.StringDtype("pyarrow")
SPEC = {
    "name": "houses",
    "left_id": "row",
    "right_id": "person",
    "columns": {
        "number": {"kind": "identifier", "digits": 6},
        "name": {"kind": "name"},
        "birth": {"kind": "date"},
        "family": {"kind": "identifier", "digits": 6},
        "street": {"kind": "code"},
    },
    "blocking": [{"keys": ["number"], "cap": 5}, {"keys": ["name.sound"], "cap": 400}],
    "comparisons": [
        {"column": "number", "levels": ["equal"]},
        {"column": "name", "levels": ["equal", "jaro_winkler 0.9"]},
        {"column": "birth", "levels": ["equal"]},
        {"column": "street", "levels": ["equal"]},
    ],
    "identifier": {"column": "number", "settled_when": {"name": ["equal"]}},
    "positions": {"latitude": "lat", "longitude": "lon", "places": {"house": ["family"], "street": ["street"]}, "least": 2},
    "pairs_per_record": 400,
    "training": {"least_labels": 100},
}
STREETS, FAMILIES = 40, 10  # families to a street, three people to a family
METRE = 1 / 111_195


def town(with_positions=True):
    """A register of namesakes in 40 streets a kilometre apart; a list whose rows lie within ten metres of their houses."""
    rng = np.random.default_rng(5)
    count = STREETS * FAMILIES * 3
    family = np.arange(count) // 3
    street = family // FAMILIES
    names = np.array(["SUPARMAN", "KASIYEM", "WAGIMIN", "TUMINAH", "PONIRAN", "SARIYEM"])
    person = pd.Series([f"{number:06d}" for number in range(100_000, 100_000 + count)], dtype=TEXT)
    register = pd.DataFrame(
        {
            "person": person,
            "number": person,
            "name": pd.Series(names[rng.integers(0, 6, count)], dtype=TEXT),
            "birth": pd.to_datetime("1950-01-01") + pd.to_timedelta(rng.integers(0, 20_000, count), unit="D"),
            "family": pd.Series([f"{number:06d}" for number in family + 500_000], dtype=TEXT),
            "street": pd.Series([f"S{number}" for number in street], dtype=TEXT),
        }
    )
    listed = register.iloc[rng.permutation(count)[: count // 2]].reset_index(drop=True)
    home = listed["family"].astype(int).to_numpy() - 500_000
    listed["lat"] = -8 + (home // FAMILIES) * 1_000 * METRE + rng.normal(0, 5, len(listed)) * METRE
    listed["lon"] = 114 + (home % FAMILIES) * 300 * METRE + rng.normal(0, 5, len(listed)) * METRE
    bare = np.arange(len(listed)) % 3 == 0
    truth = listed["person"].copy()
    listed["number"] = listed["number"].mask(bare)
    listed["birth"] = listed["birth"].mask(bare | (np.arange(len(listed)) % 2 == 0))
    listed["street"] = listed["street"].mask(bare | (np.arange(len(listed)) % 4 == 0))
    listed.insert(0, "row", pd.Series([f"r{number:05d}" for number in range(len(listed))], dtype=TEXT))
    return listed.drop(columns=["person", "family"] + ([] if with_positions else ["lat", "lon"])), register, truth, bare


def right_links(result, truth):
    links = result.links.set_index("left_id")["right_id"].to_numpy(dtype=object, na_value="")
    return links == truth.to_numpy(dtype=object)


@pytest.fixture(scope="module")
def runs():
    listed, register, truth, bare = town()
    spec = LinkSpec.model_validate(SPEC)
    return listed, register, truth, bare, spec, link(listed, register, spec, keep_state=True)


def test_a_position_tells_namesakes_apart(runs):
    """A row with a name and a position is nobody without the position."""
    listed, register, truth, bare, spec, result = runs
    without = link(listed, register, spec.model_copy(update={"positions": None}))
    assert right_links(without, truth)[bare].mean() < 0.05
    assert right_links(result, truth)[bare].mean() > 0.35
    wrong = result.links["status"].eq("linked").to_numpy() & ~right_links(result, truth)
    assert wrong.mean() < 0.03


def test_the_distance_is_in_the_evidence(runs):
    """What decided must be said."""
    _, _, _, bare, _, result = runs
    shown = result.links[bare & result.links["status"].eq("linked").to_numpy()]["evidence"]
    levels = {part["level"] for text in shown for part in json.loads(text)["comparisons"] if part["column"] == "position"}
    assert "house_within 50" in levels


def test_places_are_part_of_the_model(runs):
    """The same row must be linked alike whichever others come with it, today and from the file of the model."""
    listed, register, _, bare, spec, result = runs
    model = LinkModel.from_json(result.model.to_json())
    alone = link(listed[bare].reset_index(drop=True), register, spec, model).links
    whole = link(listed, register, spec, model).links[bare].reset_index(drop=True)
    pd.testing.assert_series_equal(alone["right_id"], whole["right_id"])


def test_a_moved_position_is_a_change(runs):
    """A corrected coordinate must be looked at again, and only that."""
    listed, register, _, bare, spec, result = runs
    moved = listed.copy()
    moved.loc[np.flatnonzero(bare)[:3], "lat"] += 5_000 * METRE
    again = relink(result, moved, register, spec)
    assert again.report.counts["linked_again"] == 3
    assert again.links.to_csv() == link(moved, register, spec, result.model).links.to_csv()


def test_a_table_without_positions_is_linked_without_them(runs):
    """The same specification serves lists that have none."""
    _, register, truth, bare, spec, _ = runs
    listed = town(with_positions=False)[0]
    result = link(listed, register, spec)
    assert result.model.places is None
    assert right_links(result, truth)[~bare].mean() > 0.95


def test_stray_positions_teach_nothing(runs):
    """A telephone that was at the office gives the office's place to a hundred houses."""
    listed, register, _, _, spec, result = runs
    stray = listed.copy()
    stray.loc[stray.index % 11 == 1, ["lat", "lon"]] = [-7.0, 112.0]
    learned = link(stray, register, spec).model.places
    assert abs(learned.means[1][:, 0] + 8).max() < 0.5
    assert isinstance(result.model.places, Places)


def test_metres_between_two_points():
    """Against the great circle (haversine) of the same sphere: 0.01 degrees each way at 8 degrees south."""
    one, other = np.array([[-8.0, 114.0]]), np.array([[-8.01, 114.01]])
    assert metres_between(one, other)[0] == pytest.approx(1_564.7, abs=2)
    assert metres_between(one, one)[0] == 0


def test_weights_say_how_much_oftener_the_true_ones_are_near():
    """Near is worth more than far, and what nobody shows next to nothing."""
    near, far = 1, 2
    outcomes = np.array([near] * 90 + [far] * 10 + [near] * 100 + [far] * 900 + [0] * 50)
    weights = weights_among_candidates(outcomes, np.arange(len(outcomes)) < 100, 4)
    assert weights[0] == 0
    assert weights[near] == pytest.approx(np.log(95 / 120 / (105 / 1020)), abs=1e-9)
    assert weights[far] < -1
    assert abs(weights[3] - np.log(5 / 120 / (5 / 1020))) < 1e-9


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"places": {"house": ["nowhere"]}}, "positions: place house: there is no column 'nowhere'"),
        ({"metres": [100, 50]}, "must be above 0 and grow"),
    ],
)
def test_a_wrong_specification_is_told(change, message):
    """By key, with what is allowed."""
    with pytest.raises(ValueError, match=message):
        LinkSpec.model_validate(SPEC | {"positions": SPEC["positions"] | change})
