"""Erasing a person: asked by one, approved by another, done by a job, proven by a certificate."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import CustomerNotFound
from anxin.book.customers.services import restricting
from anxin.book.rights import data, queries, rules
from anxin.book.rights.data import StillHeld, Verdict
from anxin.book.rights.models import Certificate, Restriction, RetentionDue
from anxin.book.rights.services import noting
from anxin.book.rights.services.certificates import make_certificate
from anxin.book.rights.services.requests import next_number, trace_deed
from anxin.foundation.approvals import services as approvals
from anxin.foundation.approvals.data import RequestView as Approval
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.jobs import services as jobs
from anxin.foundation.jobs.data import Finished
from anxin.foundation.privacy import services as privacy
from anxin.foundation.privacy.data import Mode
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _

APPROVAL: Final = "rights.erase"
KIND: Final = "rights.erase"


def ask_erasure(
    *, actor: Actor, now: datetime, ref: str, reason: str, request_id: UUID | None = None
) -> Approval:  # fmt: skip
    """Ask a second person to have a file erased. Raises StillHeld while a retention period runs, CustomerNotFound."""
    actor.require("rights.handle")
    party_id = restricting.find_restricted(ref)
    if party_id is None:
        party_id = customers.get_party(actor, ref).pk
    _check(party_id, now)
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="rights.ask_erasure", object_kind="party", object_id=party_id, object_ref=ref
        )
        if request_id is not None:
            trace_deed(actor, now, request_id, "ask_erasure")
        return approvals.ask(
            actor=actor, now=now, kind=APPROVAL, subject_kind="party", subject_id=party_id, subject_ref=ref,
            summary=_("Erase everything that says who this customer is"), reason=reason,
            payload={"request": str(request_id) if request_id else ""},
        )  # fmt: skip


def start_erasure(actor: Actor, now: datetime, approval: Approval, task: jobs.QueuedTask) -> None:
    """What an approval sets off, in its transaction. Raises StillHeld when something new forbids it."""
    if approval.subject_id is None:
        raise CustomerNotFound("")
    _check(approval.subject_id, now)
    jobs.start(
        actor=actor, now=now, kind=KIND, title=approval.subject_ref, task=task, dedupe_key=str(approval.subject_id),
        arguments={
            "party": str(approval.subject_id), "asked_by": approval.asked_by, "approved_by": actor.display_name,
            "request": approval.payload.get("request", ""),
        },
    )  # fmt: skip


def work(running: jobs.Running) -> Finished:
    """Erase in one transaction; a killed attempt begins again and finds everything as it was."""
    now, told = running.clock(), running.arguments
    party_id = UUID(str(told["party"]))
    if Certificate.objects.filter(party=party_id).exists():
        return Finished(message=_("The file was erased."))
    with transaction.atomic():
        running.fence()
        try:
            _check(party_id, now)
        except StillHeld as error:
            raise jobs.JobFailed(_("A retention period began to run meanwhile.")) from error
        certificate = erase(
            actor=running.actor, now=now, party_id=party_id, asked_by=str(told["asked_by"]),
            approved_by=str(told["approved_by"]), request_id=UUID(told["request"]) if told["request"] else None,
        )  # fmt: skip
    return Finished(message=_("The file was erased."), document_id=certificate.document_id)


def erase(
    *, actor: Actor, now: datetime, party_id: UUID, asked_by: str, approved_by: str, request_id: UUID | None
) -> Certificate:  # fmt: skip
    """Let every room erase and write the certificate, in the caller's transaction."""
    ref = restricting.lock_erasable(party_id)
    verdict = _verdict(party_id, now)
    lines: list[dict[str, Any]] = [
        {"room": room, "table": one.table, "removed": one.removed, "blanked": one.blanked, "kept": one.kept,
         "why": one.why_kept}
        for room, one in privacy.erase_holdings(party_id, Mode.ERASE, now=now)
    ]  # fmt: skip
    lines += [
        {"room": room, "table": model, "removed": 0, "blanked": 0, "kept": 0, "why": why}
        for room, holdings in privacy.registered_rooms().items()
        for model, why in holdings.keeps.items()
    ]
    RetentionDue.objects.filter(party=party_id).delete()
    Restriction.objects.filter(party=party_id, until_at__isnull=True).update(until_at=now, lift_reason="")
    row = Certificate(
        ref=rules.CERTIFICATE_CODES.encode(next_number()), party_id=party_id, customer_ref=ref, request_id=request_id,
        asked_by=asked_by, approved_by=approved_by, erased_at=now, lines=lines,
        scheme_version=verdict.scheme_version,
    )  # fmt: skip
    kept = documents.store(
        actor=Actor.system("rights"), now=now, name=f"{row.ref}.pdf", purpose="rights.certificate",
        content=io.BytesIO(make_certificate(row, data.HOLD_GROUNDS)),
    )  # fmt: skip
    row.document_id = kept.id
    row.save(force_insert=True)
    noting.note(row)
    if request_id is not None:
        trace_deed(actor, now, request_id, "erase", row.ref)
    audit.record(
        actor=actor, now=now, action="rights.erase", object_kind="party", object_id=party_id, object_ref=ref,
        detail={"certificate": row.ref, "removed": sum(int(line["removed"]) for line in lines)},
    )  # fmt: skip
    return row


def _verdict(party_id: UUID, now: datetime) -> Verdict:
    return queries.verdicts([party_id], today=rules.day_of(now))[party_id]


def _check(party_id: UUID, now: datetime) -> None:
    """A prospect may be erased at once: what holds a file without a contract is our own wish, not the law's."""
    verdict = _verdict(party_id, now)
    legal = [line for line in verdict.lines if line.ground != "file"]
    today = rules.day_of(now)
    for line in legal:
        if line.until is None or line.until > today:
            raise StillHeld(verdict.due)
