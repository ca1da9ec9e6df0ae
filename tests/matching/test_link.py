"""The whole run on a small simulated register: quality, conservation, determinism, people's decisions, and odd input."""

import json

import numpy as np
import pandas as pd
import pytest
from matching_people import register_spec, tables

from matching import LinkModel, LinkSpec, link, measure, train

TEXT = pd.StringDtype("pyarrow")


@pytest.fixture(scope="module")
def run():
    left, right, truth = tables()
    return left, right, truth, link(left, right, register_spec())


def test_links_are_right_and_nearly_complete(run):
    """The figures of the main job, with a margin for so small a register."""
    _, _, truth, result = run
    quality = measure(result.links, truth)
    assert quality.precision.share >= 0.995
    assert quality.recall.share >= 0.97


def test_each_record_has_exactly_one_status(run):
    """Mentions = linked + review + unregistered, or people get lost."""
    left, _, _, result = run
    links = result.links
    assert sorted(links["left_id"]) == sorted(left["record_id"])
    linked = links["status"].eq("linked").to_list()
    assert links["right_id"].notna().to_list() == linked
    assert links["method"].notna().to_list() == linked
    assert links["cluster_id"].notna().to_list() == links["status"].eq("unregistered").to_list()
    assert set(links["method"].dropna()) <= {"nik", "evidence", "decision"}
    assert links["probability"].between(0, 1).all()
    assert sorted(result.review.loc[result.review["rank"].eq(1), "left_id"]) == sorted(links.loc[links["status"].eq("review"), "left_id"])
    counts = result.report.counts
    assert counts["linked"] + counts["review"] + counts["unregistered"] == counts["records"] == len(left)


def test_rows_in_another_order_change_nothing(run):
    """A link that depends on the order of rows cannot be explained to anybody."""
    left, right, _, result = run
    again = link(left.sample(frac=1, random_state=1), right.sample(frac=1, random_state=2), register_spec())
    assert again.model.to_json() == result.model.to_json()
    assert again.links.to_csv(index=False) == result.links.to_csv(index=False)
    assert again.review.to_csv(index=False) == result.review.to_csv(index=False)
    assert again.report.blocking.equals(result.report.blocking)


def test_one_thread_and_two_give_the_same(run, monkeypatch):
    """Threads finish in any order."""
    import matching.compare
    import matching.evidence
    import matching.gathering
    import matching.prepared
    import matching.weights

    left, right, _, result = run
    for module in (matching.prepared, matching.compare, matching.evidence, matching.gathering, matching.weights):
        pool = module.ThreadPoolExecutor
        monkeypatch.setattr(module, "ThreadPoolExecutor", lambda _, pool=pool: pool(1))
    assert link(left, right, register_spec()).links.equals(result.links)


def test_evidence_adds_up_to_the_probability(run):
    """What is shown to a clerk must be what decided."""
    _, _, _, result = run
    links = result.links[result.links["method"].isin(["evidence", "nik"])]
    for row in links.groupby("method").head(300).itertuples():
        evidence = json.loads(row.evidence)
        assert {"comparisons", "prior", "candidates", "runner_up"} <= set(evidence)
        assert all({"column", "level", "weight"} == set(part) for part in evidence["comparisons"])
        if evidence["candidates"] == 1:
            score = evidence["prior"] + sum(part["weight"] for part in evidence["comparisons"])
            least = register_spec().thresholds.link if row.method == "nik" else 0.0  # what the number settles is a link
            assert max(1 / (1 + np.exp(-score)), least) == pytest.approx(row.probability, abs=0.03)


def test_the_report_counts_and_holds_no_names(run):
    """Reports travel; people's names must not travel with them."""
    left, _, _, result = run
    report = result.report.to_dict()
    assert {"blocking", "counts", "precision", "recall", "seconds"} <= set(report)
    text = json.dumps(report)
    assert not any(name in text for name in left["name"].dropna().head(50))
    assert result.report.precision.low <= result.report.precision.share <= result.report.precision.high


def test_the_estimated_quality_is_near_the_true_one(run):
    """A run that reports more than it reaches misleads its office."""
    _, _, truth, result = run
    quality = measure(result.links, truth)
    assert result.report.precision.share == pytest.approx(quality.precision.share, abs=0.005)
    assert result.report.recall.share == pytest.approx(quality.recall.share, abs=0.015)


def test_a_saved_model_links_new_records(run):
    """Train rarely, predict often: the model file is enough."""
    left, right, truth, result = run
    model = LinkModel.from_json(result.model.to_json())
    half = left.iloc[::2]
    again = link(half, right, register_spec(), model)
    assert measure(again.links, truth[truth["left_id"].isin(half["record_id"])]).precision.share >= 0.99
    assert link(left, right, register_spec(), model).links.equals(result.links)
    assert train(left, right, register_spec()).to_json() == result.model.to_json()


def test_a_model_of_another_format_is_refused():
    """Old weights read wrongly would link wrongly without a word."""
    with pytest.raises(ValueError, match="train again"):
        LinkModel.from_json('{"format": 0}')


def decisions(*rows):
    return pd.DataFrame(rows, columns=["left_key", "right_id", "decision"]).astype(TEXT)


def test_people_outrank_every_score(run):
    """What a clerk decided stays decided, for settled records as well."""
    left, right, _, result = run
    settled = result.links[result.links["method"].eq("nik")].iloc[0]
    weighed = result.links[result.links["method"].eq("evidence")].iloc[0]
    other = right.loc[~right["nik"].isin(result.links["right_id"].dropna()), "nik"].iloc[0]
    given = decisions((settled["left_id"], settled["right_id"], "different"), (weighed["left_id"], other, "same"))
    links = link(left, right, register_spec(), result.model, given).links.set_index("left_id")
    assert links.loc[settled["left_id"], "right_id"] is pd.NA or links.loc[settled["left_id"], "right_id"] != settled["right_id"]
    assert links.loc[weighed["left_id"], ["status", "method", "right_id", "probability"]].tolist() == ["linked", "decision", other, 1.0]


def test_contradictions_are_reported_and_reviewed(run):
    """Two clerks who disagree must hear of it; neither wins in silence."""
    left, right, _, result = run
    record = result.links[result.links["method"].eq("nik")].iloc[0]
    one, two = right["nik"].iloc[0], right["nik"].iloc[1]
    given = decisions(
        (record["left_id"], one, "same"),
        (record["left_id"], two, "same"),
        ("nobody", one, "same"),
        (record["left_id"], "0" * 16, "different"),
    )
    again = link(left, right, register_spec(), result.model, given)
    assert again.links.set_index("left_id").loc[record["left_id"], "status"] == "review"
    assert again.review.set_index("left_id").loc[[record["left_id"]], "reason"].eq("decisions_contradict").all()
    assert sorted(again.report.decisions_not_applied["reason"]) == [
        "left_key_not_found",
        "right_id_not_found",
        "same_as_two",
        "same_as_two",
    ]


def test_an_unknown_decision_is_an_error(run):
    """*maybe* is no decision."""
    left, right, _, result = run
    with pytest.raises(ValueError, match="maybe"):
        link(left, right, register_spec(), result.model, decisions((left["record_id"].iloc[0], right["nik"].iloc[0], "maybe")))


def test_a_list_that_names_people_once_spreads_namesakes():
    """Two records that can only be two namesakes are one each, not both the same."""
    left, right, truth = tables()
    result = link(left.assign(source="a", lists_person_once=True), right, register_spec())
    linked = result.links[result.links["status"].eq("linked")]
    assert not linked["right_id"].duplicated().any()
    assert measure(result.links, truth).recall.share >= 0.97


def test_a_list_that_may_name_people_twice_keeps_both_rows():
    """In a call log the same person twice is no mistake; in a list of recipients two equal rows go to review or count as one twice."""
    left, right, _ = tables()
    twins = left.assign(record_id="z" + left["record_id"].str[1:], nik=left["nik"].where(left["nik"].isna())).head(300)
    both = pd.concat([left, twins], ignore_index=True).assign(source="a")
    free = link(both.assign(lists_person_once=pd.array([pd.NA] * len(both), dtype="boolean")), right, register_spec()).links
    bound = link(both.assign(lists_person_once=True), right, register_spec()).links
    twice = free.loc[free["left_id"].str.startswith("z"), "status"].eq("linked")
    once = bound.loc[bound["left_id"].str.startswith("z"), "status"].eq("linked")
    assert twice.mean() > 0.9
    assert once.mean() < twice.mean()


def test_a_parquet_file_gives_the_same_links_as_a_frame(run, tmp_path):
    """Reading column by column, with the file's own dictionaries, must change no link."""
    left, right, _, result = run
    left.sample(frac=1, random_state=3).to_parquet(tmp_path / "left.parquet", row_group_size=100)
    right.to_parquet(tmp_path / "right.parquet", row_group_size=300)
    again = link(tmp_path / "left.parquet", tmp_path / "right.parquet", register_spec())
    assert again.model.to_json() == result.model.to_json()
    assert again.links.equals(result.links)


def test_unregistered_records_of_one_person_share_a_cluster():
    """The same stranger in two lists must not become two people."""
    left, right, truth = tables()
    strangers = left[left["record_id"].isin(truth.loc[truth["right_id"].isna(), "left_id"])]
    twins = strangers.assign(record_id="z" + strangers["record_id"].str[1:])
    result = link(pd.concat([left, twins], ignore_index=True), right, register_spec())
    clusters = result.links.set_index("left_id")["cluster_id"]
    both = [record for record in strangers["record_id"] if clusters[record] is not pd.NA and clusters["z" + record[1:]] is not pd.NA]
    assert len(both) > 20
    same = [clusters[record] == clusters["z" + record[1:]] for record in both]
    assert np.mean(same) >= 0.9
    assert clusters[both].nunique() >= 0.95 * len(both)


# --- odd input ---


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_empty_and_tiny_tables(rows):
    """An office may send an empty list."""
    left, right, _ = tables()
    result = link(left.head(rows), right, register_spec())
    assert len(result.links) == rows
    assert len(link(left.head(rows), right.head(1), register_spec()).links) == rows
    assert result.model.learned_from == "em"


def test_an_empty_register():
    """Nobody can be linked; everybody is unregistered, with a cluster."""
    left, right, _ = tables()
    links = link(left.head(50), right.head(0), register_spec()).links
    assert links["status"].eq("unregistered").all()
    assert links["cluster_id"].notna().all()


def test_all_missing_columns():
    """A list with names only, and one with nothing at all."""
    left, right, truth = tables()
    bare = left.assign(**dict.fromkeys(("nik", "kk_number", "mother_name", "sex", "hamlet", "rt", "rw"), pd.NA)).assign(birth_date=pd.NaT)
    result = link(bare, right, register_spec())
    assert measure(result.links, truth).precision.share >= 0.9
    nothing = bare.assign(name=pd.NA, area_code=pd.NA)
    assert link(nothing, right, register_spec()).links["status"].eq("unregistered").all()
    assert len(link(left[["record_id", "record_key", "name"]], right, register_spec()).links) == len(left)


def test_unicode_names():
    """Names from anywhere must pass."""
    left, right, _ = tables()
    odd = left.head(6).assign(name=pd.Series(["Ünal Çelik", "李小龙", "Иван", "🙂", "O'Neil", "ﷺ"], dtype=TEXT))
    assert len(link(odd, right, register_spec()).links) == 6


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda left, right: (left.drop(columns="record_id"), right), "left table has no column 'record_id'"),
        (lambda left, right: (left, right.assign(nik=right["nik"].iloc[0])), "right table's id 'nik' is not unique"),
        (lambda left, right: (left.assign(record_id=pd.NA), right), "left table's id 'record_id' is missing in 800 rows"),
    ],
    ids=["no id", "repeated id", "missing id"],
)
def test_unusable_ids_are_named_without_values(break_it, message):
    """The message says what is wrong and holds no person's number."""
    left, right, _ = tables()
    with pytest.raises(ValueError, match=message) as error:
        link(*break_it(left, right), register_spec())
    assert right["nik"].iloc[0] not in str(error.value)


def test_a_record_that_says_too_little_needs_more(run):
    """One in a hundred links of callers, who give a name and a village, went to somebody else."""
    left, right, _, result = run
    bare = left.assign(**dict.fromkeys(("nik", "kk_number", "rt", "rw", "hamlet", "mother_name"), pd.NA), birth_date=pd.NaT)
    found = {}
    for least in (0.8, 0.95):
        thresholds = register_spec().thresholds.model_copy(update={"bare": least})
        links = link(bare, right, register_spec().model_copy(update={"thresholds": thresholds}), result.model).links
        made = links[links["status"].eq("linked")]
        assert made["probability"].min() >= least
        found[least] = len(made)
    assert found[0.8] > found[0.95] > 0
    with pytest.raises(ValueError, match="which no comparison reads"):
        LinkSpec.from_yaml(register_spec().to_yaml().replace("bare_without:\n  - birth_date", "bare_without:\n  - shoe_size"))
