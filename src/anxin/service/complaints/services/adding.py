"""What is added to a complaint beside its moves: talks, evidence, the responsible, penalties; and its telephone."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction

from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.kernel import vault
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.words import mark as _
from anxin.service.complaints import access, data
from anxin.service.complaints.data import ComplaintNotFound, Refused
from anxin.service.complaints.models import Complaint, Evidence, Responsibility, Talk
from anxin.service.complaints.rules import flow, intake
from anxin.service.complaints.services import stored

PURPOSE: Final = "complaints.evidence"
# Whoever works on a complaint: the handler, the review post, the first seat.
_WORK: Final = (flow.HANDLE, flow.REVIEW, flow.REGISTER)


def _worked_on(actor: Actor, ref: str) -> Complaint:
    """The complaint, for somebody who works on it. Raises NotPermitted and ComplaintNotFound."""
    held = [permission for permission in _WORK if actor.may(permission)]
    if not held:
        raise NotPermitted(flow.HANDLE)
    for permission in held:
        try:
            return access.get_complaint(actor, ref, permission)
        except ComplaintNotFound:
            continue
    raise ComplaintNotFound(ref)


@transaction.atomic
def add_talk(
    *, actor: Actor, now: datetime, ref: str, kind: str, summary: str, way: str = "phone",
    offer_fen: int | None = None, is_agreed: bool | None = None, mood_now: str = "",
) -> Talk:  # fmt: skip
    """Write down a talk with the complainant or between units. Raises NotPermitted, ComplaintNotFound, Refused."""
    row = _worked_on(actor, ref)
    if kind not in data.TALKS:
        raise Refused("kind", _("Choose one of the list."))
    if not summary.strip():
        raise Refused("summary", _("Write down what was said."))
    talk = Talk.objects.create(
        complaint=row, kind=kind, way=way, at=now, by_id=actor.user_id, summary=summary.strip(), offer_fen=offer_fen,
        is_agreed=is_agreed,
    )  # fmt: skip
    if mood_now in data.MOODS:
        Complaint.objects.filter(pk=row.pk).update(mood_now=mood_now)
    audit.record(
        actor=actor, now=now, action="complaints.talk", object_kind="complaint", object_id=row.pk, object_ref=row.ref,
        detail={"kind": kind},
    )  # fmt: skip
    return talk


@transaction.atomic
def add_evidence(
    *, actor: Actor, now: datetime, ref: str, kind: str, name: str, content: bytes | None = None, reference: str = ""
) -> Evidence:  # fmt: skip
    """Add a file, or the reference of a recording. Raises NotPermitted, ComplaintNotFound, Refused."""
    row = _worked_on(actor, ref)
    if kind not in data.EVIDENCE_KINDS:
        raise Refused("kind", _("Choose one of the list."))
    if content is None and not reference.strip():
        raise Refused("file", _("Choose a file or give the reference of the recording."))
    if content is not None and len(content) > intake.LARGEST_FILE:
        raise Refused("file", _("A file may have at most 20 MB."))
    document = None
    if content is not None:
        document = documents.store(actor=actor, now=now, name=name, content=io.BytesIO(content), purpose=PURPOSE)
    evidence = Evidence.objects.create(
        complaint=row, kind=kind, name=name[:200], document_id=document.id if document else None,
        reference=reference.strip()[:120], added_by_id=actor.user_id, added_at=now,
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action="complaints.evidence", object_kind="complaint", object_id=row.pk,
        object_ref=row.ref, detail={"kind": kind},
    )  # fmt: skip
    return evidence


def take_file(*, actor: Actor, now: datetime, ref: str, evidence_id: str) -> tuple[str, bytes]:
    """(name, content) of a file of the evidence, for whoever sees the complaint. The trail notes who took it.

    Raises NotPermitted, ComplaintNotFound, DocumentNotFound, DocumentDamaged.
    """
    row = access.get_complaint(actor, ref)
    one = next((one for one in Evidence.objects.filter(complaint=row) if str(one.pk) == evidence_id), None)
    if one is None or one.document_id is None:
        raise ComplaintNotFound(ref)
    with documents.open_document(one.document_id) as source:
        content = source.read()
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="complaints.fetch_file", object_kind="complaint", object_id=row.pk,
            object_ref=row.ref, detail={"kind": one.kind},
        )  # fmt: skip
    return one.name, content


@transaction.atomic
def set_penalty(
    *, actor: Actor, now: datetime, responsibility_id: UUID, penalty: str, fen: int = 0
) -> Responsibility:  # fmt: skip
    """Decide the penalty of whoever is responsible; once. Raises NotPermitted, ComplaintNotFound, Refused."""
    found = Responsibility.objects.select_related("complaint").filter(pk=responsibility_id).first()
    if found is None:
        raise ComplaintNotFound(str(responsibility_id))
    row = access.get_complaint(actor, found.complaint.ref, flow.REVIEW)
    if penalty not in data.PENALTIES:
        raise Refused("penalty", _("Choose one of the list."))
    if fen < 0:
        raise Refused("penalty_fen", _("An amount is not below zero."))
    flow.WORKFLOW.move(row.state, "penalise")
    done = Responsibility.objects.filter(pk=found.pk, penalty="").update(
        penalty=penalty, penalty_fen=fen, penalty_at=now, penalty_by_id=actor.user_id
    )
    if not done:
        raise stored.stale(row.pk)
    audit.record(
        actor=actor, now=now, action="complaints.penalise", object_kind="complaint", object_id=row.pk,
        object_ref=row.ref, detail={"penalty": penalty},
    )  # fmt: skip
    found.refresh_from_db()
    return found


@transaction.atomic
def add_responsible(
    *, actor: Actor, now: datetime, ref: str, unit_id: UUID, degree: str, department: str = "",
    user_id: UUID | None = None, reason: str = "",
) -> Responsibility:  # fmt: skip
    """Another unit, department or person that answers for it; the directly responsible one comes with the findings.

    Raises NotPermitted, ComplaintNotFound, Refused.
    """
    row = access.get_complaint(actor, ref, flow.HANDLE)
    if row.validity not in ("valid", "partly"):
        raise Refused("unit_id", _("Only a well-founded complaint has somebody responsible."))
    if degree not in data.DEGREES:
        raise Refused("degree", _("Choose one of the list."))
    made = Responsibility.objects.create(
        complaint=row, unit_id=unit_id, department=department.strip()[:60], user_id=user_id, degree=degree,
        reason=reason.strip()[:200], found_at=now,
    )  # fmt: skip
    audit.record(
        actor=actor, now=now, action="complaints.responsible", object_kind="complaint", object_id=row.pk,
        object_ref=row.ref, detail={"degree": degree},
    )  # fmt: skip
    return made


@transaction.atomic
def show_contact(*, actor: Actor, now: datetime, ref: str, reason: str) -> str:
    """The telephone of the complainant in clear, to call it. The trail notes who and why.

    Raises NotPermitted, ComplaintNotFound, Refused.
    """
    row = _worked_on(actor, ref)
    if not row.contact_sealed:
        raise Refused("reason", _("There is no telephone on record."))
    if not reason.strip():
        raise Refused("reason", _("Give the reason."))
    audit.record(
        actor=actor, now=now, action="complaints.contact", object_kind="complaint", object_id=row.pk,
        object_ref=row.ref, reason=reason.strip()[:200], detail={"fields": ["contact"]},
    )  # fmt: skip
    return vault.ring().open(
        bytes(row.contact_sealed), table="complaints_complaint", column="contact_sealed", row=row.pk
    )
