"""The facts that programme rules may ask about: one vocabulary per unit (family, person, house).

A rule file names these columns and no others, so that a misspelt column is found when the file is read, not when a family
is refused. Rules for persons and houses see the facts of the family as `family.<column>`. A fact may be unknown; a count of 0 is
only written when every member is known, so "at least one" stays unknown where it is unknown (a positive count is a lower bound).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Unit = Literal["family", "person", "house"]
FactKind = Literal["integer", "decimal", "boolean", "text"]

FAMILY_PREFIX = "family."


@dataclass(frozen=True)
class Fact:
    """One column that rules may use; `code_list` or `values` say what a text column may hold."""

    kind: FactKind
    meaning: str
    code_list: str | None = None
    values: tuple[str, ...] = ()


POVERTY_STATUSES = ("extreme_poor", "poor", "near_poor", "not_poor")
"""`unknown` is not among them: to a rule it is an unknown value, not a value of its own."""

_HOUSING: Mapping[str, Fact] = {
    "tenure": Fact("text", "Who owns the house (Regsosek 301a)", "regsosek_301a"),
    "floor_area_m2": Fact("decimal", "Floor area in square metres"),
    "floor_area_per_person": Fact("decimal", "Floor area divided by the people who live in the house"),
    "floor": Fact("text", "Widest floor (Regsosek 303)", "regsosek_303"),
    "wall": Fact("text", "Widest wall (Regsosek 304)", "regsosek_304"),
    "roof": Fact("text", "Widest roof (Regsosek 305)", "regsosek_305"),
    "water": Fact("text", "Drinking water (Regsosek 306a)", "regsosek_306a"),
    "lighting": Fact("text", "Lighting (Regsosek 307a)", "regsosek_307a"),
    "power": Fact("text", "Installed power class (Regsosek 307b)", "regsosek_307b1"),
    "fuel": Fact("text", "Cooking fuel (Regsosek 308)", "regsosek_308"),
    "latrine": Fact("text", "Latrine (Regsosek 309a)", "regsosek_309a"),
    "closet": Fact("text", "Kind of closet (Regsosek 309b)", "regsosek_309b"),
    "disposal": Fact("text", "Final disposal (Regsosek 310)", "regsosek_310"),
    "house_condition": Fact("text", "Condition of the house as the village survey judges it", "house_condition"),
}

FAMILY_FACTS: Mapping[str, Fact] = {
    "size": Fact("integer", "Members who are alive and live here"),
    "n_members_known": Fact("integer", "Present members whose birth date is known"),
    "register_status": Fact("text", "Whether the family stands in the civil register", values=("registered", "unregistered")),
    "head_age": Fact("integer", "Age of the head in completed years"),
    "head_sex": Fact("text", "Sex of the head", "sex"),
    "head_woman": Fact("boolean", "The head is a woman"),
    "head_education": Fact("text", "Highest education of the head", "education"),
    "head_occupation": Fact("text", "Occupation of the head", "occupation"),
    "n_pregnant": Fact("integer", "Pregnant women"),
    "n_children_0_6": Fact("integer", "Children up to 6 years"),
    "n_pupils": Fact("integer", "Pupils of 6-21 years below tertiary education, at school now"),
    "n_pupils_sd": Fact("integer", "Pupils of primary school"),
    "n_pupils_smp": Fact("integer", "Pupils of lower secondary school"),
    "n_pupils_sma": Fact("integer", "Pupils of upper secondary school"),
    "n_out_of_school": Fact("integer", "Children of 7-18 years who do not go to school"),
    "n_elderly": Fact("integer", "Members of 60 years and more"),
    "n_severe_disability": Fact("integer", "Members with a severe disability"),
    "n_working_age": Fact("integer", "Members of 18-59 years"),
    "all_elderly_or_child": Fact("boolean", "Every member is at least 60 or below 18"),
    "anyone_works": Fact("boolean", "At least one member works"),
    "has_business": Fact("boolean", "A member runs or starts a small business"),
    "has_working_age_business": Fact("boolean", "A member of 18-59 years runs or starts a small business"),
    "excluded_occupation": Fact("boolean", "A member has an occupation that bars from national aid"),
    "owns_valuables": Fact("boolean", "Owns a motorcycle, car, boat, jewellery or livestock"),
    "decile": Fact("integer", "National welfare decile, 1 (poorest) to 10"),
    "poverty_status": Fact("text", "Poverty status", values=POVERTY_STATUSES),
    "poor": Fact("boolean", "Extreme poor, poor or near poor"),
    "area_kind": Fact("text", "Kind of village", values=("desa", "kelurahan")),
    **_HOUSING,
}

PERSON_FACTS: Mapping[str, Fact] = {
    "age": Fact("integer", "Age in completed years"),
    "sex": Fact("text", "Sex", "sex"),
    "alive": Fact("boolean", "The person is alive"),
    "present": Fact("boolean", "The person is alive and lives here"),
    "registered": Fact("boolean", "The person stands in the civil register"),
    "relation": Fact("text", "Relation to the head", "relation"),
    "education": Fact("text", "Highest education", "education"),
    "occupation": Fact("text", "Occupation", "occupation"),
    "works": Fact("boolean", "Works"),
    "has_business": Fact("boolean", "Runs or starts a small business"),
    "widowed": Fact("boolean", "Widow or widower"),
    "pregnant": Fact("boolean", "Pregnant"),
    "chronic_illness": Fact("boolean", "Has a chronic illness"),
    "severe_disability": Fact("boolean", "Cannot do one of the Washington Group's activities, or needs help in self-care"),
    "lives_alone": Fact("boolean", "Lives alone: as the village survey says, else as the family card says"),
    "school_participation": Fact("text", "Schooling (Regsosek 412)", "regsosek_412"),
    "school_level": Fact("text", "Level attended (Regsosek 413)", "regsosek_413"),
}

HOUSE_FACTS: Mapping[str, Fact] = {
    "residents": Fact("integer", "People who live in the house, all its families together"),
    "families": Fact("integer", "Families who live in the house"),
    **_HOUSING,
}

_OWN: Mapping[Unit, Mapping[str, Fact]] = {"family": FAMILY_FACTS, "person": PERSON_FACTS, "house": HOUSE_FACTS}


def facts_for(unit: Unit) -> Mapping[str, Fact]:
    """The columns that a rule for this unit may name: its own, and for persons and houses those of the family."""
    own = _OWN[unit]
    if unit == "family":
        return own
    return {**own, **{FAMILY_PREFIX + name: fact for name, fact in FAMILY_FACTS.items()}}
