"""What this room holds of a person: their requests. Kept as proof for the years the scheme says, then blanked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.book.customers.queries import merged
from anxin.book.rights import data, rules
from anxin.book.rights.models import RequestMove, Restriction, SubjectRequest
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Hold, Holdings, Mode, Records
from anxin.kernel.words import mark as _

_STATES: Final = {
    "received": _("Identity to be checked"), "working": _("Being worked on"), "answered": _("Answered and closed"),
    "refused": _("Refused with a reason"), "withdrawn": _("Taken back"),
}  # fmt: skip


def export(party_id: UUID) -> Iterator[Records]:
    """The person's own requests."""
    yield privacy.records_of(
        "requests", _("Requests about personal data"),
        SubjectRequest.objects.filter(party__in=merged.members(party_id)).order_by("received_at"),
        labels={"ref": _("Request no."), "kind": _("Kind"), "state": _("Status"), "requester": _("Who asks"),
                "detail": _("In their words"), "received_at": _("Received"), "answer": _("What was answered")},
        words={"kind": data.KINDS, "state": _STATES},
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, _now: datetime) -> Iterable[Erased]:
    if mode is not Mode.ERASE:
        return
    members = merged.members(party_id)
    rows = SubjectRequest.objects.filter(party__in=members)
    keys = list(rows.values_list("pk", flat=True))
    rows.update(requester="—", detail="", identity_note="", answer="", evidence="", extension_reason="")
    RequestMove.objects.filter(request__in=keys).update(why="")
    bans = list(Restriction.objects.filter(party__in=members).values_list("pk", flat=True))
    Restriction.objects.filter(pk__in=bans).update(reason="", lift_reason="")
    privacy.forget_history(SubjectRequest, keys)
    privacy.forget_history(Restriction, bans)
    if keys or bans:
        yield Erased(
            table="rights_subjectrequest", blanked=len(keys) + len(bans), kept=len(keys) + len(bans),
            why_kept=_("Proof of when and how requests were answered."),
        )  # fmt: skip


def find_holds(party_ids: Sequence[UUID]) -> dict[UUID, list[Hold]]:
    """Requests other than for erasure are proof for a time; one for erasure must not hold up itself."""
    found: dict[UUID, list[Hold]] = {}
    rows = SubjectRequest.objects.filter(party__in=party_ids).exclude(kind="erasure")
    for party, ref, closed in rows.values_list("party", "ref", "closed_at"):
        if party is not None:
            since = rules.day_of(closed) if closed else None
            found.setdefault(party, []).append(Hold(ground="rights", since=since, what=ref))
    return found


HOLDINGS: Final = Holdings(
    room="rights", covers=frozenset({"SubjectRequest", "RequestMove", "Restriction"}), export=export, erase=erase,
    holds=find_holds,
    keeps={
        "RetentionDue": _("A date; goes with the erasure."),
        "Certificate": _("Proof of the erasure; names only the bare customer number."),
    },
)  # fmt: skip
