"""What happens to people and families must reach the identity registry: a system that kept an old id finds its successor there."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
from families_regency import KEY, Regency, only

from families import KnownIdentities
from families.identity import keyed_hash
from publishing.identity_events import identity_events
from publishing.prepared import Prepared, PreparedTable
from publishing.row_hash import column_hashes
from schemas.canonical import TEXT

HOME = {"area_code": "35.10.01.2001", "rt": "001", "rw": "001", "method": "nik"}
ELSEWHERE = HOME | {"rt": "007"}
HEAD, CHILD = "KEPALA KELUARGA", "ANAK"


class Edition:
    """The people and families of one publication, with the ids that the one before gave."""

    def __init__(self, regency: Regency, before: Edition | None = None) -> None:
        self.regency = regency
        self.before = before
        self.persons = regency.persons(before.known if before else None)
        self.families = regency.families(self.persons)
        self.links = regency.links_frame.drop(columns="cluster_id").merge(regency.record_persons(self.persons), on="record_id")
        made = {f"{entity}_id" for entity in ("person", "family")}
        ids = {name: set(frame[name]) for frame in (self.persons, self.families) for name in made & set(frame.columns)}
        self.given: dict[str, set[str]] = {name: ids[name] | (before.given[name] if before else set()) for name in ids}

    @property
    def known(self) -> KnownIdentities:
        """As `publishing.identities` reads it from the database."""
        registered = self.persons["register_status"] == "registered"
        persons = pd.DataFrame({"nik_hash": keyed_hash(self.persons["nik"].where(registered), KEY), "person_id": self.persons["person_id"]})
        unregistered = self.links[self.links["status"] == "unregistered"]
        none = KnownIdentities.none()
        return KnownIdentities(persons, unregistered[["record_id", "person_id"]], self.families[["kk_hash", "family_id"]], none.houses)

    @property
    def prepared(self) -> Prepared:
        houses = pd.DataFrame({"house_id": pd.Series([], dtype=TEXT)})
        frames = {"person": self.persons, "family": self.families, "person_link": self.links, "house": houses}
        wanted = ("person_id", "nik", "register_status", "family_id", "house_id", "record_id")
        tables = {name: frame[[column for column in wanted if column in frame]].astype(TEXT) for name, frame in frames.items()}
        prepared = {name: PreparedTable(name, pa.Table.from_pandas(frame, preserve_index=False)) for name, frame in tables.items()}
        residents = column_hashes(pa.array(self.regency.population_frame["nik"], from_pandas=True))
        return Prepared(prepared, 0, residents, PreparedTable("links", pa.table({})))

    @property
    def stored(self) -> dict[str, pd.DataFrame]:
        """As `stored_identities` reads it from the database."""
        created = [(name.removesuffix("_id"), one) for name, ids in self.given.items() for one in sorted(ids)]
        columns = {"person_id": "id", "register_status": "status"}
        return {
            "person": self.persons[["person_id", "nik", "register_status", "family_id"]].rename(columns=columns),
            "family": self.families[["family_id", "register_status", "house_id"]].rename(columns=columns | {"family_id": "id"}),
            "house": pd.DataFrame({"id": pd.Series([], dtype=TEXT)}),
            "record": self.links[["record_id", "person_id"]].rename(columns={"record_id": "id"}),
            "identity": pd.DataFrame(created, columns=["entity", "id"], dtype=TEXT),
        }

    def events(self) -> list[tuple[str, str, str, str | None]]:
        """Entity, kind, id and the id that it came from: everything that is no first mention."""
        assert self.before is not None
        rows = identity_events(self.before.stored, self.prepared, 2).select(["entity", "kind", "entity_id", "other_id"]).to_pylist()
        return sorted(tuple(row.values()) for row in rows if row["kind"] != "create")

    def family(self, nik: str) -> str:
        return str(only(self.persons, "nik", nik)["family_id"])

    def person(self, column: str, value: str) -> str:
        return str(only(self.persons, column, value)["person_id"])


def card(regency: Regency, number: str, *niks: str) -> None:
    """A family card, its first resident as head, all of whom an interview met at home."""
    for place, nik in enumerate(niks):
        relation = CHILD if place else HEAD
        regency.resident(nik, number, name=nik, relation=relation, delivery_id="dukcapil_population/2026-06-30")
        regency.record(nik, on="2026-07-15", kk_number=number, relation=relation, **HOME)


def test_a_couple_in_a_house_of_its_own_parts_from_the_family_of_its_card(regency: Regency) -> None:
    """Prevents an office that keeps the old family's id from paying it for members who are a family of their own now."""
    card(regency, "K1", "N1", "N2", "N3")
    before = Edition(regency)
    regency.record("N1", kk_number="K1", relation=HEAD, **HOME)
    regency.record("N2", kk_number="S9", relation=HEAD, **ELSEWHERE)
    regency.record("N3", kk_number="S9", relation="ISTRI", **ELSEWHERE)
    after = Edition(regency, before)
    assert after.family("N1") == before.family("N1")
    assert after.family("N2") == after.family("N3") != before.family("N2")
    assert after.events() == [("family", "split", after.family("N2"), before.family("N2"))]


def test_a_family_whose_last_member_joined_another_is_merged_with_it(regency: Regency) -> None:
    card(regency, "K1", "N1", "N2")
    card(regency, "K2", "M1")
    before = Edition(regency)
    regency.record("N1", kk_number="K1", relation=HEAD, **HOME)
    regency.record("M1", kk_number="K1", relation="FAMILI LAIN", resident_status="ANGGOTA BARU", **HOME)
    after = Edition(regency, before)
    assert after.family("M1") == before.family("N1")
    assert after.events() == [("family", "merge", before.family("N1"), before.family("M1"))]


def test_somebody_who_joins_another_family_changes_no_id(regency: Regency) -> None:
    """Prevents a move from being told as the split or the merge of two families that are both still there."""
    card(regency, "K1", "N1", "N2")
    card(regency, "K2", "M1", "M2")
    before = Edition(regency)
    regency.record("N1", kk_number="K1", relation=HEAD, **HOME)
    regency.record("M2", kk_number="K1", relation="FAMILI LAIN", resident_status="ANGGOTA BARU", **HOME)
    after = Edition(regency, before)
    assert after.family("M2") == before.family("N1") != before.family("M2")
    assert after.events() == []


def test_two_unregistered_people_who_prove_to_be_one_are_merged(regency: Regency) -> None:
    regency.record("c1", name="SITI", kk_number="U1")
    regency.record("c2", name="SITI", kk_number="U1")
    before = Edition(regency)
    regency.links[1] |= {"cluster_id": "c1"}
    after = Edition(regency, before)
    kept = after.person("cluster_id", "c1")
    gone = {before.person("cluster_id", name) for name in ("c1", "c2")} - {kept}
    assert after.events() == [("person", "merge", kept, gone.pop())]


def test_one_unregistered_person_who_proves_to_be_two_is_split(regency: Regency) -> None:
    for _ in range(3):
        regency.record("c1", name="SITI", kk_number="U1")
    before = Edition(regency)
    regency.links[2] |= {"cluster_id": "c2"}
    after = Edition(regency, before)
    assert after.events() == [("person", "split", after.person("cluster_id", "c2"), before.person("cluster_id", "c1"))]


def test_an_unregistered_person_who_proves_to_be_a_stored_resident_is_absorbed(regency: Regency) -> None:
    card(regency, "K1", "N1")
    regency.record("c1", name="SITI", kk_number="U1")
    before = Edition(regency)
    regency.links[1] |= {"status": "linked", "register_nik": "N1", "cluster_id": pd.NA}
    after = Edition(regency, before)
    gone = only(before.persons, "cluster_id", "c1")
    assert after.events() == [
        ("family", "absorb", after.family("N1"), gone["family_id"]),
        ("person", "absorb", after.person("nik", "N1"), gone["person_id"]),
    ]
