"""What this room holds of a person: their complaints. Kept as proof for the years the scheme says, then blanked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from anxin.book.customers.queries import merged
from anxin.foundation.documents import services as documents
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Erased, Hold, Holdings, Mode, Records
from anxin.kernel.words import mark as _
from anxin.service.complaints.models import (
    Check,
    Complaint,
    Decision,
    Evidence,
    Move,
    Plan,
    Responsibility,
    Supervision,
    Talk,
)


def export(party_id: UUID) -> Iterator[Records]:
    """The person's own complaints and what they were told."""
    rows = Complaint.objects.filter(party__in=merged.members(party_id)).order_by("received_at")
    yield privacy.records_of(
        "complaints", _("Complaints"), rows,
        labels={"ref": _("Complaint no."), "received_at": _("Received"), "complainant": _("Complainant"),
                "request": _("Request of the complainant"), "facts": _("Facts and reasons"), "state": _("Status"),
                "outcome": _("Outcome"), "closed_date": _("Closed on")},
    )  # fmt: skip
    yield privacy.records_of(
        "complaint_decisions", _("Decisions on complaints"),
        Decision.objects.filter(complaint__in=rows).order_by("delivered_at"),
        labels={"finding": _("Result of the verification"), "basis": _("Basis and reasons"),
                "measures": _("Measures taken"), "remedies": _("Ways to appeal"), "delivered_at": _("Delivered")},
    )  # fmt: skip


def erase(party_id: UUID, mode: Mode, now: datetime) -> Iterable[Erased]:
    if mode is not Mode.ERASE:
        return
    rows = Complaint.objects.filter(party__in=merged.members(party_id))
    keys = list(rows.values_list("pk", flat=True))
    if not keys:
        return
    rows.update(
        title="", complainant="—", contact_sealed=None, request="", facts="", respondent="", expectation="",
        findings="", root_cause="", representative_names="",
    )  # fmt: skip
    privacy.forget_history(Complaint, keys)
    of = {"complaint__in": keys}
    Move.objects.filter(**of).update(why="")
    Talk.objects.filter(**of).update(summary="")
    Plan.objects.filter(**of).update(measures="", note="")
    Decision.objects.filter(**of).update(finding="—", basis="—", measures="", proof="—")
    Responsibility.objects.filter(**of).update(reason="")
    Check.objects.filter(**of).update(reason="", answer="")
    Supervision.objects.filter(**of).update(order="", answer="")
    files = Evidence.objects.filter(**of)
    for document_id in files.exclude(document_id=None).values_list("document_id", flat=True):
        if document_id is not None:
            documents.remove(document_id=document_id, now=now)
    files.delete()
    yield Erased(
        table="complaints_complaint", blanked=len(keys), kept=len(keys),
        why_kept=_("How complaints were answered, without who complained."),
    )  # fmt: skip


def find_holds(party_ids: Sequence[UUID]) -> dict[UUID, list[Hold]]:
    """A complaint file is kept from its end; while it is open nothing of the person goes."""
    found: dict[UUID, list[Hold]] = {}
    rows = Complaint.objects.filter(party__in=party_ids).values_list("party", "ref", "closed_date")
    for party, ref, closed in rows:
        if party is not None:
            found.setdefault(party, []).append(Hold(ground="complaint", since=closed, what=ref))
    return found


HOLDINGS: Final = Holdings(
    room="complaints",
    covers=frozenset({
        "Complaint", "Check", "Decision", "Evidence", "Move", "Plan", "Responsibility", "Supervision", "Talk",
    }),
    export=export, erase=erase, holds=find_holds,
    keeps={
        "Draft": _("What a colleague typed and did not send: sealed, theirs alone, gone after some days."),
        "Matter": _("Line and cause only; counted in statistics."),
        "Rectification": _("What the house mends; names staff, not customers."),
        "Regulation": _("A rule of the house."),
        "Volume": _("Business figures."),
    },
)  # fmt: skip
