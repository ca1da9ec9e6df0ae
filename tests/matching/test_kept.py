"""Going on from a kept run, and when a model is learned anew."""

import json
from dataclasses import replace

import pandas as pd
import pytest
from matching_people import register_spec, tables

from matching import Basis, basis_of, keep_result, kept_queue, kept_result, link, relink, why_train


@pytest.fixture(scope="module")
def run():
    left, right, _ = tables(1_000, 500, 903)
    left = left.assign(source="a", lists_person_once=True)
    return left, right, link(left.iloc[:-40], right, register_spec(), keep_state=True)


def test_a_kept_run_is_read_back_as_it_was(run, tmp_path):
    """Whatever a file makes of a column would make the next run another one."""
    _, _, result = run
    keep_result(result, tmp_path / "last")
    back = kept_result(tmp_path / "last")
    for one, other in ((back.links, result.links), (back.review, result.review), (back.state.records, result.state.records)):
        pd.testing.assert_frame_equal(one, other)
    assert back.report.to_dict() | {"seconds": 0} == result.report.to_dict() | {"seconds": 0}
    assert back.model.to_json() == result.model.to_json()


def test_going_on_from_a_file_equals_linking_everything(run, tmp_path):
    """Short cuts through the disk must change no byte of the links."""
    left, right, result = run
    keep_result(result, tmp_path / "last")
    again = relink(kept_result(tmp_path / "last"), left, right, register_spec())
    full = link(left, right, register_spec(), result.model)
    assert again.report.counts["linked_again"] < len(left) / 2
    assert again.links.to_csv() == full.links.to_csv()
    assert again.review.to_csv() == full.review.to_csv()


def test_a_second_increment_stands_on_the_first(run, tmp_path):
    """What is kept of an increment must be as good as what is kept of a whole run."""
    left, right, result = run
    first = relink(result, left.iloc[:-20], right, register_spec())
    keep_result(first, tmp_path / "last")
    second = relink(kept_result(tmp_path / "last"), left, right, register_spec())
    assert second.links.to_csv() == link(left, right, register_spec(), result.model).links.to_csv()
    assert second.report.blocking["pairs"].ge(result.report.blocking["pairs"]).all()


def test_the_right_table_is_written_once(run, tmp_path):
    """Most of what is kept is the register's: writing it again for each delivery would cost more than linking that."""
    left, right, result = run
    folder = tmp_path / "last"
    keep_result(result, folder)
    written = {path.relative_to(folder): path.stat().st_ino for path in (folder / "right").rglob("*.npy")}
    keep_result(relink(kept_result(folder), left, right, register_spec()), folder)
    assert {path.relative_to(folder): path.stat().st_ino for path in (folder / "right").rglob("*.npy")} == written
    (folder / "right" / "1" / "numbers.npy").write_bytes(b"")
    keep_result(result, folder)
    assert kept_result(folder) is not None
    keep_result(link(left, right.iloc[1:], register_spec(), result.model, keep_state=True), folder)
    assert kept_result(folder).state.right.right_count == len(right) - 1
    assert [path.name for path in tmp_path.iterdir()] == ["last"]


def test_the_queue_is_read_alone(run, tmp_path):
    """Whom decisions speak of is asked before anything is linked."""
    assert kept_queue(tmp_path / "last") is None
    keep_result(run[2], tmp_path / "last")
    pd.testing.assert_frame_equal(kept_queue(tmp_path / "last"), run[2].review)


@pytest.mark.parametrize("damage", ["gone", "another format", "cut off", "a frame is missing", "keys cut off", "keys are missing"])
def test_what_cannot_be_read_is_nothing(run, tmp_path, damage):
    """A damaged memory costs a whole run, never a wrong link or a stop."""
    folder = tmp_path / "last"
    keep_result(run[2], folder)
    match damage:
        case "gone":
            (folder / "kept.json").unlink()
        case "another format":
            (folder / "kept.json").write_text(json.dumps({"format": 0}), encoding="utf-8")
        case "cut off":
            (folder / "links.arrow").write_bytes((folder / "links.arrow").read_bytes()[:200])
        case "a frame is missing":
            (folder / "claims.arrow").unlink()
        case "keys cut off":
            places = next((folder / "right").rglob("places.npy"))
            places.write_bytes(places.read_bytes()[:-8])
        case "keys are missing":
            next((folder / "right").rglob("words0.arrow")).unlink()
    assert kept_result(folder) is None


def test_a_result_without_state_is_not_kept(run, tmp_path):
    """It could not be gone on from."""
    left, right, result = run
    with pytest.raises(ValueError, match="keep_state=True"):
        keep_result(link(left.iloc[:100], right, register_spec(), result.model), tmp_path / "last")


def test_the_fingerprint_comes_from_the_content(run):
    """The order of rows is no reason to train."""
    left, right, _ = run
    now = basis_of(left, right, register_spec())
    assert basis_of(left.sample(frac=1, random_state=1), right.sample(frac=1, random_state=2), register_spec()) == now
    assert Basis.from_dict(json.loads(json.dumps(now.to_dict()))) == now
    assert why_train(now, now) is None


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ("nothing kept", "first"),
        ("another engine", "engine"),
        ("spec", "specification"),
        ("a resident's name", "right_table"),
        ("a resident fewer", "right_table"),
        ("new list", "new_list"),
        ("a list gone", None),
        ("a tenth more", None),
        ("twice as many", "size"),
    ],
)
def test_when_a_model_is_learned_anew(run, change, reason):
    """Train too often, and each delivery costs a whole run; too seldom, and the model speaks of other lists."""
    left, right, _ = run
    spec = register_spec()
    before = basis_of(left, right, spec)
    match change:
        case "nothing kept":
            before = None
        case "another engine":
            before = replace(before, engine="of last year")
        case "spec":
            spec = spec.model_copy(update={"prior": 0.5})
        case "a resident's name":
            right = right.assign(name=["X", *right["name"].iloc[1:]])
        case "a resident fewer":
            right = right.iloc[1:]
        case "new list":
            left = pd.concat([left, left.iloc[:5].assign(source="b")])
        case "a list gone":
            both = pd.concat([left, left.iloc[:5].assign(source="b")])
            before = basis_of(both, right, spec)
        case "a tenth more":
            left = pd.concat([left, left.iloc[:50]])
        case "twice as many":
            left = pd.concat([left, left])
    assert why_train(basis_of(left, right, spec), before) == reason
