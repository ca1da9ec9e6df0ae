"""The examples of docs/linkage.md do what the page says."""

import re
from pathlib import Path

import pandas as pd
from matching_people import EXAMPLES

from matching import LinkSpec, link, measure
from simulation import benchmark_profile

PAGE = Path(__file__).parents[2] / "docs" / "linkage.md"


def test_people_with_households_and_no_identifier():
    """Families testify where nobody has a number; the page names the figures."""
    left, right, truth = benchmark_profile(20_000, 5_000, 101)
    names = {"kk_number": "household", "mother_name": "mother", "birth_date": "born", "area_code": "village"}
    members = left.rename(columns=names).drop(columns="nik").assign(member=[f"m{number}" for number in range(len(left))])
    residents = right.rename(columns=names | {"nik": "resident"})
    spec = LinkSpec.load(EXAMPLES / "households.yaml")
    quality = measure(
        link(members, residents, spec).links, pd.DataFrame({"left_id": members["member"], "right_id": truth["register_nik"].to_numpy()})
    )
    assert quality.precision.share >= 0.998
    assert quality.recall.share >= 0.97


def test_the_page_names_files_that_exist():
    """A page whose examples are gone helps nobody."""
    targets = re.findall(r"\]\((?!https?://|#)([^)#]+)", PAGE.read_text(encoding="utf-8"))
    assert targets
    assert [target for target in targets if not (PAGE.parent / target).exists()] == []


def test_the_page_shows_the_example_as_it_is():
    """Whoever copies the specification from the page must get the one that is tested."""
    shown = re.search(r"```yaml\n(# People with households.*?)```", PAGE.read_text(encoding="utf-8"), re.DOTALL)
    assert shown is not None
    assert shown.group(1) == (EXAMPLES / "households.yaml").read_text(encoding="utf-8")
