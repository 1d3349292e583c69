"""What households hold of a person: the copy they get, and forgetting them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db.models import Q

from anxin.book.customers.queries import merged
from anxin.book.households import data
from anxin.book.households.models import Membership, Proposal, ProposalMember, Refusal
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Holdings, Mode, Records
from anxin.kernel.words import mark as _


def export(party_id: UUID) -> Iterator[Records]:
    """Households the person belongs or belonged to."""
    rows = Membership.objects.filter(party__in=merged.members(party_id)).order_by("from_date", "id")
    yield privacy.records_of(
        "households", _("Households"), rows,
        labels={
            "role": _("Role in the household"), "from_date": _("Since"), "until_date": _("Up to"),
            "reason": _("Reason"),
        },
        words={"role": data.MEMBER_ROLES},
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, _now: datetime) -> Iterable[Erased]:
    """Open proposals go at once; memberships, proposals and refusals when the person is forgotten."""
    members = merged.members(party_id)
    proposals = Proposal.objects.filter(members__party__in=members)
    if mode is not Mode.ERASE:
        proposals = proposals.filter(state=Proposal.State.OPEN)
    gone = list(proposals.values_list("pk", flat=True).distinct())
    ProposalMember.objects.filter(proposal__in=gone).delete()
    yield Erased(table="households_proposal", removed=Proposal.objects.filter(pk__in=gone).delete()[0])
    if mode is Mode.ERASE:
        rows = Membership.objects.filter(party__in=members)
        yield Erased(table="households_membership", removed=privacy.remove_rows(Membership, rows))
        refusals = Refusal.objects.filter(Q(left__in=members) | Q(right__in=members))
        yield Erased(table="households_refusal", removed=refusals.delete()[0])


HOLDINGS: Final = Holdings(
    room="households",
    covers=frozenset({"Membership", "Proposal", "ProposalMember", "Refusal"}),
    keeps={"Household": _("Says nothing of a person without its members.")},
    export=export,
    erase=erase,
)
