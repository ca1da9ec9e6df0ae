"""Publication: one consistent new state of the unified database, after the audit of exactly this data."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

import dagster as dg
import pandas as pd

import eligibility
import families as family_building
from assets.boundary import redacted
from assets.description import OWNER
from assets.standing import frame_input
from assets.workspace import LINKAGE_SPEC, Workspace
from intake.corrections import correction_receipts
from intake.quarantine_cases import answered_by_newer, cases_of
from publishing.audit import audit_state
from publishing.publication import publish
from publishing.quarantine_ledger import CaseAnswer
from publishing.state import RECORD_COLUMNS, STATE_FRAMES, prepare
from schemas.cell_layouts import cell_layouts
from schemas.code_lists import code_list_frame
from schemas.contracts import SourceContract

AUDIT_CHECK = "audit"
PUBLISHED_FRAMES = (
    "areas",
    "deliveries",
    "population",
    "social_records",
    "links",
    "review_cases",
    "persons",
    "houses",
    "deprivations",
    "aid_received",
    "programme_eligibility",
    "targeting_gaps",
)
"""Frames that a publication takes as they are."""
READ_FRAMES = (*PUBLISHED_FRAMES, "families", "family_facts", "house_sources")


def unified_database_asset(contracts: Mapping[str, SourceContract]) -> dg.AssetsDefinition:
    """The published database; it depends on every frame, and on what each source set aside."""
    registers = [source for source, contract in contracts.items() if contract.is_population]

    @dg.asset(
        name="unified_database",
        group_name="publication",
        owners=[OWNER],
        kinds={"sql", "sqlalchemy"},
        ins={
            **{name: dg.AssetIn(key=dg.AssetKey(name)) for name in READ_FRAMES},
            "population": frame_input("population", STATE_FRAMES["population"]),
            **{f"quarantine_{source}": dg.AssetIn(key=dg.AssetKey(["quarantine", source])) for source in contracts},
            **{f"conservation_{source}": dg.AssetIn(key=dg.AssetKey(["conservation", source])) for source in contracts},
            **{f"register_{source}": frame_input(["records", source], (*RECORD_COLUMNS, "nik")) for source in registers},
        },
        check_specs=[
            dg.AssetCheckSpec(
                AUDIT_CHECK,
                asset="unified_database",
                blocking=True,
                description="Row conservation, one fate for each mention, referential integrity, a population: else nothing is published.",
            )
        ],
        description=(
            "Basis data terpadu keluarga miskin. "
            "The unified poor-family database, published in one transaction; other systems read its v1_ views."
        ),
    )
    @redacted
    def unified_database(
        context: dg.AssetExecutionContext, workspace: Workspace, **frames: pd.DataFrame
    ) -> Iterator[dg.Output[dict[str, Any]] | dg.AssetCheckResult]:
        quarantine = pd.concat([frames[f"quarantine_{source}"] for source in contracts], ignore_index=True)
        register_records = pd.concat([frames[f"register_{source}"] for source in registers], ignore_index=True)
        state = state_to_publish(frames, quarantine, register_records, workspace)
        prepared = prepare(state)
        audit = audit_state(prepared, {source: bool(frames[f"conservation_{source}"]["holds"].all()) for source in contracts})
        published: dict[str, Any] = {"number": None, "published": False}
        if audit.passed:
            result = publish(
                workspace.engine,
                prepared,
                audit=audit,
                as_of=workspace.day_of_account(frames["deliveries"]),
                code_version=workspace.code_version,
                inputs=delivered_fingerprints(frames["deliveries"]) | rule_fingerprints(workspace),
                actor=workspace.user,
                answers=case_answers(quarantine, frames["deliveries"], [frames["social_records"], register_records], workspace),
            )
            context.log.info(f"publication {result.number}" + ("" if result.published else " stays in force: nothing changed"))
            published = {
                "number": result.number,
                "content_hash": result.content_hash,
                "published": result.published,
                "poor_families": int(state["families"]["is_poor"].sum()),
                "rows_written": result.total_written,
            }
        yield dg.Output(published, metadata={name: value for name, value in published.items() if value is not None})
        yield dg.AssetCheckResult(
            check_name=AUDIT_CHECK,
            passed=audit.passed,
            metadata=audit.by_check(),
            description="; ".join(f"{finding.check}: {finding.subject} ({finding.broken})" for finding in audit.broken) or None,
        )

    return unified_database


def case_answers(
    quarantine: pd.DataFrame, deliveries: pd.DataFrame, records: Sequence[pd.DataFrame], workspace: Workspace
) -> list[CaseAnswer]:
    """What settled rows that were set aside: corrections that people brought, and newer deliveries that hold the person's row."""
    corrected = [
        CaseAnswer(row.case_id, "corrected", receipt.by, datetime.fromisoformat(receipt.at).astimezone(UTC).replace(tzinfo=None))
        for receipt in correction_receipts(workspace.delivery_store)
        for row in receipt.rows
    ]
    cases = cases_of(quarantine, deliveries)
    with_nik = pd.concat([frame[["source", "delivery_id", "nik"]] for frame in records if "nik" in frame], ignore_index=True)
    answered = cases.loc[answered_by_newer(cases, quarantine, with_nik, deliveries), "case_id"]
    return [*corrected, *(CaseAnswer(case, "superseded") for case in answered)]


def state_to_publish(
    frames: Mapping[str, pd.DataFrame], quarantine: pd.DataFrame, register_records: pd.DataFrame, workspace: Workspace
) -> dict[str, pd.DataFrame]:
    """The frames of a run, as a publication takes them."""
    record_person = family_building.record_persons(frames["links"], frames["persons"])
    of_persons = family_building.build_person_sources(
        frames["persons"],
        frames["social_records"],
        record_person,
        trust=workspace.trust,
        as_of=workspace.day_of_account(frames["deliveries"]),
    )
    families = family_building.attach_local_score(frames["families"], frames["family_facts"])
    return {
        **{name: frames[name] for name in PUBLISHED_FRAMES},
        "persons": frames["persons"].assign(office_record=of_persons.office_record.array),
        "families": families,
        "quarantine": quarantine,
        "record_persons": record_person,
        "register_records": register_records,
        "programmes": eligibility.programme_frame(workspace.programmes, frames["aid_received"]),
        "attribute_sources": family_building.build_attribute_sources(
            families,
            frames["social_records"],
            record_person,
            layouts=cell_layouts(quarantine),
            house_sources=frames["house_sources"],
            person_sources=of_persons.listed,
        ),
        "code_lists": code_list_frame(),
    }


def rule_fingerprints(workspace: Workspace) -> dict[str, str]:
    """The sha256 of everything written that decides what becomes of the files: contracts, programme rules, linkage, areas."""
    rules = workspace.programmes
    written = {
        **{f"contract {source}": contract.model_dump_json() for source, contract in workspace.contracts.items()},
        **{f"programme {programme}": rule.model_dump_json() for programme, rule in rules.programmes.items()},
        "overlaps": json.dumps([overlap.model_dump(mode="json") for overlap in rules.overlaps], sort_keys=True),
        "deprivations": rules.signs.model_dump_json(),
        "linkage": LINKAGE_SPEC.read_text(encoding="utf-8"),
        "areas": workspace.areas.to_csv(index=False),
    }
    return {name: hashlib.sha256(text.encode()).hexdigest() for name, text in written.items()}


def delivered_fingerprints(deliveries: pd.DataFrame) -> dict[str, str]:
    """The sha256 of every delivered file, by its name inside the inbox."""
    names = deliveries["delivery_id"].str.cat(deliveries["file"], sep="/")
    return dict(zip(names.tolist(), deliveries["sha256"].tolist(), strict=True))
