"""Import profiles of the exported files, in the form the intake reads."""

from __future__ import annotations

from pathlib import Path

from anxin.config.sample.profiles.contracts import contract_profiles
from anxin.config.sample.profiles.customers import customer_profiles
from anxin.config.sample.profiles.form import CALL_CENTRE, SHARED, Profile, render, same_names


def all_profiles() -> list[Profile]:
    """One profile per exported file, in the order of import: what others refer to comes first."""
    return [
        Profile(
            "org-units", SHARED, "org_units*.csv", (("unit", same_names("code name level parent_code division_code")),)
        ),
        Profile("staff", SHARED, "staff*.csv", (("staff", same_names("staff_no name unit_code role mobile email")),)),
        Profile(
            "products",
            SHARED,
            "products*.csv",
            (
                (
                    "product",
                    {
                        **same_names(
                            "code name short_name category group_or_individual main_or_rider term_type on_sale "
                            "cooling_off_days waiting_days grace_days"
                        ),
                        # Rows in the import carry their line of the file under `line`.
                        "line_of_business": "line",
                    },
                ),
            ),
        ),
        *customer_profiles(),
        *contract_profiles(),
        Profile(
            "touchpoints",
            SHARED,
            "touchpoints*.csv",
            (
                (
                    "touchpoint",
                    {
                        **same_names("touchpoint_no source channel direction time topic result staff_no"),
                        "customer_key": "customer_no",
                    },
                ),
            ),
        ),
        Profile(
            "tickets",
            SHARED,
            "tickets*.csv",
            (
                (
                    "ticket",
                    {
                        **same_names(
                            "ticket_no source type subject channel status opened_at closed_at result satisfaction "
                            "staff_no"
                        ),
                        "customer_key": "customer_no",
                    },
                ),
            ),
        ),
        Profile(
            "relations",
            SHARED,
            "relations*.csv",
            (("relation", same_names("from_source from_customer_no to_source to_customer_no relation")),),
        ),
        Profile(
            "call-history",
            CALL_CENTRE,
            "call_history*.csv",
            (
                (
                    "call",
                    same_names(
                        "call_no direction number menu queue rang_at asked_at answered_at ended_at hold_seconds "
                        "after_seconds staff_no code purpose note recording"
                    ),
                ),
            ),
        ),
        Profile(
            "agent-states",
            CALL_CENTRE,
            "agent_states*.csv",
            (("agent_state", same_names("staff_no state began_at ended_at")),),
        ),
    ]


def write(folder: Path) -> None:
    """One TOML file per profile, numbered in the order of import."""
    folder.mkdir(exist_ok=True)
    for number, profile in enumerate(all_profiles(), start=1):
        (folder / f"{number:02d}-{profile.name}.toml").write_text(render(profile), encoding="utf-8")
