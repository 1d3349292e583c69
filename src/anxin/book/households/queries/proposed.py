"""The queue of proposals: the strongest first, with who and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import keyset
from anxin.book.households import access, rules
from anxin.book.households.data import Candidate, MemberRole, ProposalState, ProposalView, Tie
from anxin.book.households.models import Membership, Proposal, ProposalMember
from anxin.kernel.actor import Actor
from anxin.kernel.paging import Page

PAGE_SIZE: Final = 20
COUNTED_AT_MOST: Final = 1_000
_RUN: Final = keyset.Run(where=Q(), first="score", is_descending=True)


class ProposalPage(Page[ProposalView]):
    """One page of proposals."""


def list_proposals(
    actor: Actor, *, today: date, state: str = ProposalState.OPEN, score_from: int = 0, cursor: str = "",
    size: int = PAGE_SIZE,
) -> ProposalPage:  # fmt: skip
    """A constant number of queries. Raises BadCursor."""
    rows = access.visible_proposals(actor).filter(state=state, score__gte=score_from)
    part = keyset.read(rows, [_RUN], code=f"proposals-{state}", cursor=cursor, size=size)
    total = rows.order_by()[: COUNTED_AT_MOST + 1].count()
    return ProposalPage(
        rows=_views(actor, part.ids, today), next_cursor=part.next_cursor, previous_cursor=part.previous_cursor,
        start=part.start, total=min(total, COUNTED_AT_MOST), is_total_estimate=total > COUNTED_AT_MOST,
    )  # fmt: skip


def count_open(actor: Actor) -> int:
    """Up to COUNTED_AT_MOST."""
    return access.visible_proposals(actor).filter(state=ProposalState.OPEN)[:COUNTED_AT_MOST].count()


def get_proposal(actor: Actor, proposal_id: UUID, *, today: date) -> ProposalView:
    """Raises NotPermitted and HouseholdNotFound."""
    return _views(actor, [access.get_proposal(actor, proposal_id).pk], today)[0]


def list_proposals_of(actor: Actor, ref: str, *, today: date) -> tuple[ProposalView, ...]:
    """Open proposals the customer is part of. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, "households.view")
    ids = ProposalMember.objects.filter(party=party.pk, proposal__state=ProposalState.OPEN)
    return _views(actor, list(ids.order_by("-proposal__score").values_list("proposal_id", flat=True)[:3]), today)


def _views(actor: Actor, ids: Sequence[UUID], today: date) -> tuple[ProposalView, ...]:
    if not ids:
        return ()
    rows = {row.pk: row for row in Proposal.objects.filter(pk__in=ids).select_related("decided_by")}
    members: dict[UUID, list[dict[str, Any]]] = {}
    columns = (
        "proposal_id", "party_id", "role", "is_in_household", "party__ref", "party__name", "party__sex",
        "party__birth_date", "party__manager__display_name",
    )  # fmt: skip
    for row in ProposalMember.objects.filter(proposal__in=ids).order_by("proposal", "position").values(*columns):
        members.setdefault(row["proposal_id"], []).append(row)
    reached = customers.reached_of(actor, {row["party_id"] for group in members.values() for row in group})
    wanted = [row.household_id for row in rows.values() if row.household_id]
    heads: dict[UUID, tuple[UUID, str]] = {}
    if wanted:
        found = Membership.objects.filter(access.present(), household__in=wanted, role=MemberRole.HEAD)
        heads = {
            key: (party, name) for key, party, name in found.values_list("household_id", "party_id", "party__name")
        }
    return tuple(_view(rows[key], members.get(key, []), reached, heads, today) for key in ids)


def _view(
    row: Proposal, members: Sequence[dict[str, Any]], reached: set[UUID], heads: dict[UUID, tuple[UUID, str]],
    today: date,
) -> ProposalView:  # fmt: skip
    head = heads.get(row.household_id) if row.household_id else None
    ties = tuple(
        Tie(left=one["a"], right=one["b"], kinds=tuple(one["kinds"]), score=one["score"]) for one in row.evidence
    )
    return ProposalView(
        id=row.pk, score=row.score, state=row.state, created_at=row.created_at, version=row.version,
        candidates=tuple(_candidate(one, one["party_id"] in reached, today) for one in members), ties=ties,
        household_id=row.household_id,
        household_head="" if head is None else head[1] if head[0] in reached else customers.shown("name", head[1]),
        decided_by=row.decided_by.display_name if row.decided_by else "", decided_at=row.decided_at,
        kinds=tuple(sorted({kind for tie in ties for kind in tie.kinds})),
    )  # fmt: skip


def _candidate(row: dict[str, Any], is_reached: bool, today: date) -> Candidate:
    return Candidate(
        party_id=row["party_id"], ref=row["party__ref"] if is_reached else "",
        name=row["party__name"] if is_reached else customers.shown("name", row["party__name"]),
        role="inside" if row["is_in_household"] else row["role"],
        age=rules.age_on(row["party__birth_date"], today) if is_reached else None,
        sex=row["party__sex"] if is_reached else "", is_reached=is_reached,
        manager=row["party__manager__display_name"] or "",
    )  # fmt: skip
