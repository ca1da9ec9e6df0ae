"""Lists of random people would make every figure about targeting meaningless: who is listed must follow the programme's rule, with errors."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from tests.simulation.conftest import AS_OF, Simulated

NOT_CHOSEN = {"twice", "dead", "moved_away", "unregistered", "nameless"}


def listed(crowd: Simulated, source: str, mention: str = "", sheet: str = "") -> pd.DataFrame:
    """True facts (of person, family and house) about residents whom an office meant to list."""
    links = crowd.links[crowd.links["source"] == source]
    links = links[links["mention"] == mention] if mention else links
    links = links[links["sheet"] == sheet] if sheet else links
    links = links[~links["damage"].map(lambda labels: bool(NOT_CHOSEN & set(labels))) & links["register_nik"].notna()]
    people = crowd.people.dropna(subset="register_nik").set_index("register_nik").loc[links["register_nik"]].reset_index()
    facts = people.merge(crowd.families, on="family_id", suffixes=("", "_family")).merge(
        crowd.houses, on="house_id", suffixes=("", "_house")
    )
    return facts.assign(age=(np.datetime64(AS_OF) - facts["birth_date"].to_numpy().astype("datetime64[D]")).astype(int) / 365.25)


def test_sembako_goes_to_five_deciles_with_errors_of_both_kinds(crowd: Simulated) -> None:
    facts = listed(crowd, "dinsos_bpnt")
    share = (facts["published_decile"] <= 5).mean()
    assert 0.85 < share < 0.995
    assert facts["family_id"].is_unique
    entitled = crowd.families[(crowd.families["published_decile"] <= 5) & ~crowd.families["excluded_occupation"]]
    assert 0.1 < entitled["family_id"].isin(facts["family_id"]).mean() < 0.95, "some who should have it have not"
    both = facts["receives_pkh"].mean()
    assert both > 2 * crowd.families["receives_pkh"].mean()


def test_premiums_are_listed_by_person_in_families(crowd: Simulated) -> None:
    facts = listed(crowd, "dinkes_pbi")
    insured = facts["pbi_national"] | facts["pbi_local"]
    assert 0.93 < insured.mean() < 1
    assert facts["register_nik"].is_unique
    assert facts.groupby("family_id").size().mean() > 1.5
    assert facts["published_decile"].mean() < crowd.families["published_decile"].mean() - 1


@pytest.mark.parametrize(
    ("sheet", "youngest", "oldest"), [("Garda Ampuh", 7, 22), ("Banyuwangi Cerdas", 17, 26), ("SAS", 6, 16), ("PIP", 6, 22)]
)
def test_pupils_are_of_age_and_mostly_poor(crowd: Simulated, sheet: str, youngest: int, oldest: int) -> None:
    facts = listed(crowd, "dispendik_pupils", sheet=sheet)
    assert facts["age"].between(youngest - 0.01, oldest).all()
    assert (facts["published_decile"] <= 4).mean() > 0.6
    at_school = (facts["school_participation"] == "2").mean()
    assert at_school > 0.9 if sheet in ("SAS", "PIP", "Banyuwangi Cerdas") else 0.05 < at_school < 0.95
    gone = crowd.links[(crowd.links["sheet"] == sheet) & crowd.links["register_nik"].notna()]
    born = crowd.people.dropna(subset="register_nik").set_index("register_nik")["birth_date"].loc[gone["register_nik"]]
    assert (pd.to_datetime(born).dt.year > AS_OF.year - 28).all(), "no grandmother among the pupils"


def test_sas_leaves_out_who_has_garda_ampuh(crowd: Simulated) -> None:
    both = set(listed(crowd, "dispendik_pupils", sheet="SAS")["register_nik"]) & set(
        listed(crowd, "dispendik_pupils", sheet="Garda Ampuh")["register_nik"]
    )
    assert not both


def test_unfit_houses_are_unfit_and_their_own(crowd: Simulated) -> None:
    facts = listed(crowd, "dpu_rtlh")
    signs = pd.concat(
        [
            facts["floor"].isin(["7", "8"]),
            facts["wall"].isin(["4", "5", "6", "7"]),
            facts["roof"].isin(["6", "7", "8"]),
            facts["latrine"] != "1",
            facts["water"].isin(["6", "8", "9", "10"]),
        ],
        axis=1,
    ).sum(axis=1)
    assert (signs >= 1).mean() > 0.85
    assert (facts["tenure"] == "1").mean() > 0.93
    assert facts["house_id"].is_unique
    assert (facts["published_decile"] <= 4).mean() > 0.75


def test_meals_go_to_old_people_without_anybody_of_working_age(crowd: Simulated) -> None:
    facts = listed(crowd, "dinsos_rantang_kasih")
    assert (facts["age"] >= 60).all()
    assert (facts["decile"] <= 4).mean() > 0.6
    people = crowd.people[crowd.people["status"].eq("alive") & crowd.people["register_nik"].notna()]
    age = (np.datetime64(AS_OF) - people["birth_date"].to_numpy().astype("datetime64[D]")).astype(int) / 365.25
    with_able = set(people.loc[(age >= 18) & (age < 60), "family_id"])
    assert 0.6 < (~facts["family_id"].isin(with_able)).mean() < 1


def test_kanggo_riko_is_for_women_with_a_business_in_desa(crowd: Simulated) -> None:
    facts = listed(crowd, "dpmd_kanggo_riko")
    assert facts["area_code"].str[9:].str.startswith("2").all(), "kelurahan have no village funds"
    assert (facts["sex"] == "P").mean() > 0.55
    assert facts["has_business"].mean() > 0.7
    assert facts["family_id"].is_unique
    assert facts["receives_pkh"].mean() < 0.25
    assert (facts["published_decile"] <= 4).mean() > 0.75
    everybody = crowd.links[(crowd.links["source"] == "dpmd_kanggo_riko") & crowd.links["register_nik"].notna()]
    family = crowd.people.dropna(subset="register_nik").set_index("register_nik")["family_id"].loc[everybody["register_nik"]]
    assert crowd.families.set_index("family_id")["area_code"].reindex(family).str[9:].str.startswith("2").all()


def test_callers_are_grown_and_mostly_near(crowd: Simulated) -> None:
    callers, reported = listed(crowd, "call_112", "caller"), listed(crowd, "call_112", "reported")
    assert (callers["age"] >= 18).all()
    calls = crowd.links[crowd.links["source"] == "call_112"].set_index("row")
    names = {mention: calls.loc[calls["mention"] == mention, "register_nik"] for mention in ("caller", "reported")}
    pairs = pd.DataFrame(names).dropna()
    family = crowd.people.dropna(subset="register_nik").set_index("register_nik")["family_id"]
    home = crowd.families.set_index("family_id")["area_code"]
    same_family = family[pairs["caller"]].to_numpy() == family[pairs["reported"]].to_numpy()
    same_village = home[family[pairs["caller"]]].to_numpy() == home[family[pairs["reported"]]].to_numpy()
    assert 0.2 < same_family.mean() < 0.75
    assert same_village.mean() > 0.9
    assert (reported["age"] >= 60).mean() > 0.15


def test_civil_servants_adopt_the_poorest(crowd: Simulated) -> None:
    staff, families = listed(crowd, "asn_berbagi", "civil_servant"), listed(crowd, "asn_berbagi", "adopted")
    assert (staff["occupation"] == "PEGAWAI NEGERI SIPIL (PNS)").all()
    assert (families["published_decile"] == 1).mean() > 0.6
    assert families["family_id"].is_unique
    of_each = crowd.links[crowd.links["mention"] == "civil_servant"]["register_nik"].value_counts()
    assert 1.2 < of_each.mean() < 3
