"""What blocking and comparisons need of a column is found out beforehand, on both cores."""

from matching_people import register_spec, tables

from matching.linking import link_prepared
from matching.prepared import prepare
from matching.stages import Stages


def test_nothing_is_left_to_be_found_out_while_pairs_are_compared():
    """One feature that only one thread can find out, while the other waits for it: a quarter of a run's time went that way."""
    left, right, _ = tables()
    spec = register_spec()
    prepared = prepare(left, right, spec, Stages())
    columns = prepared.tables.columns
    before = {name: _found(column.distinct) for name, column in columns.items()}
    link_prepared(prepared, spec, None, None, None, Stages())
    assert not {name: later for name, column in columns.items() if (later := _found(column.distinct) - before[name])}
    assert before["name"] >= {"sound_endings", "skeleton_matrix", "feature sound"}


def _found(values):
    return set(values.__dict__) | {f"feature {name}" for name in values._features}
