"""One household with its members, figures and history."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any, Final
from uuid import UUID

from anxin.book.customers import queries as customers
from anxin.book.households import access, rules
from anxin.book.households.data import HouseholdView, MemberRole, MemberView, Totals
from anxin.book.households.models import Household, Membership
from anxin.book.households.queries import totals
from anxin.book.portfolio.queries import kinship
from anxin.kernel.actor import Actor

_ORDER: Final = {role: number for number, role in enumerate(MemberRole)}
_COLUMNS: Final = (
    "pk", "party_id", "role", "from_date", "until_date", "source", "reason", "party__ref", "party__name", "party__sex",
    "party__birth_date", "party__standing__tier", "party__standing__annual_premium_fen",
    "party__standing__active_policies", "covered",
)  # fmt: skip


def get_household(actor: Actor, household_id: UUID, *, today: date, with_policies: bool = True) -> HouseholdView:
    """A constant number of queries. Raises NotPermitted and HouseholdNotFound."""
    return _view(actor, access.get_household(actor, household_id), today, with_policies=with_policies)


def of_customer(actor: Actor, ref: str, *, today: date) -> HouseholdView | None:
    """The household a customer belongs to now. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, "households.view")
    household = access.visible_households(actor).filter(
        memberships__party=party.pk, memberships__until_date=None, memberships__party__state="active"
    ).select_related("created_by").first()  # fmt: skip
    return _view(actor, household, today, with_policies=False) if household is not None else None


def _view(actor: Actor, household: Household, today: date, *, with_policies: bool) -> HouseholdView:
    rows = list(
        Membership.objects.filter(household=household, party__state="active")
        .annotate(covered=kinship.is_covered("party_id"))
        .order_by("from_date", "created_at", "pk")
        .values(*_COLUMNS)
    )
    reached = customers.reached_of(actor, {row["party_id"] for row in rows}, "households.view")
    members = [_member(row, row["party_id"] in reached, today) for row in rows]
    present = sorted((one for one in members if one.until_date is None), key=lambda one: _ORDER[MemberRole(one.role)])
    mine = [one.party_id for one in present if one.ref]
    names = {one.party_id: one.name for one in present}
    policies: list[Mapping[str, Any]] = kinship.policies_held(actor, mine) if with_policies else []
    return HouseholdView(
        id=household.pk, version=household.version, state=household.state, note=household.note,
        source=household.source, created_at=household.created_at,
        created_by=household.created_by.display_name if household.created_by else "",
        head=present[0].name if present else "", members=tuple(present),
        former=tuple(one for one in members if one.until_date is not None),
        totals=totals.of_some(actor, [household.pk]).get(household.pk, Totals()),
        hidden=sum(1 for one in present if not one.ref),
        policies=tuple({**row, "holder": names[row["holder_id"]]} for row in policies),
    )  # fmt: skip


def _member(row: Mapping[str, Any], is_reached: bool, today: date) -> MemberView:
    name = row["party__name"]
    return MemberView(
        membership_id=row["pk"], party_id=row["party_id"], ref=row["party__ref"] if is_reached else "",
        name=name if is_reached else customers.shown("name", name), role=row["role"],
        age=rules.age_on(row["party__birth_date"], today) if is_reached else None,
        sex=row["party__sex"] if is_reached else "",
        tier=(row["party__standing__tier"] or "") if is_reached else "",
        annual_premium_fen=(row["party__standing__annual_premium_fen"] or 0) if is_reached else 0,
        active_policies=(row["party__standing__active_policies"] or 0) if is_reached else 0,
        is_covered=bool(row["covered"]), from_date=row["from_date"], until_date=row["until_date"],
        source=row["source"], reason=row["reason"],
    )  # fmt: skip
