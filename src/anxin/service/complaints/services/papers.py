"""What is added to a complaint beside its moves: talks, evidence, penalties, and its papers as PDF."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from xml.sax.saxutils import escape

from django.db import transaction
from django.utils.translation import gettext, override
from reportlab.lib import colors
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import pdf_font
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.complaints import access, data
from anxin.service.complaints.data import Refused
from anxin.service.complaints.models import Complaint, Decision, Evidence, Responsibility, Talk
from anxin.service.complaints.rules import flow, numbering, taxonomy
from anxin.service.complaints.services import stored

PURPOSE: Final = "complaints.evidence"


@transaction.atomic
def add_talk(
    *, actor: Actor, now: datetime, ref: str, kind: str, summary: str, way: str = "phone",
    offer_fen: int | None = None, is_agreed: bool | None = None, mood_now: str = "",
) -> Talk:  # fmt: skip
    """Write down a talk with the complainant or between units. Raises NotPermitted, ComplaintNotFound, Refused."""
    row = access.get_complaint(actor, ref, flow.HANDLE)
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
    row = access.get_complaint(actor, ref, flow.HANDLE)
    if kind not in data.EVIDENCE_KINDS:
        raise Refused("kind", _("Choose one of the list."))
    if content is None and not reference.strip():
        raise Refused("file", _("Choose a file or give the reference of the recording."))
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


@transaction.atomic
def set_penalty(
    *, actor: Actor, now: datetime, responsibility_id: UUID, penalty: str, fen: int = 0
) -> Responsibility:  # fmt: skip
    """Decide the penalty of whoever is responsible; once. Raises NotPermitted, ComplaintNotFound, Refused."""
    found = Responsibility.objects.select_related("complaint").filter(pk=responsibility_id).first()
    if found is None:
        raise data.ComplaintNotFound(str(responsibility_id))
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


def take_paper(*, actor: Actor, now: datetime, ref: str, kind: str) -> tuple[str, bytes]:
    """(file name, PDF) of the investigation report (查处报告) or of the last decision notice.

    The trail notes who took it. Raises NotPermitted, ComplaintNotFound; Refused while there is nothing to write.
    """
    row = access.get_complaint(actor, ref)
    if kind == "report":
        content, title = _report(row, now), "投诉查处报告"
    elif kind == "notice":
        decision = Decision.objects.filter(complaint=row).order_by("-made_at").first()
        if decision is None:
            raise Refused("", _("The decision was not told yet."))
        content, title = _notice(row, decision), "投诉处理决定告知书"
    else:
        raise data.ComplaintNotFound(kind)
    with transaction.atomic():
        audit.record(
            actor=actor, now=now, action="complaints.paper", object_kind="complaint", object_id=row.pk,
            object_ref=row.ref, detail={"kind": kind},
        )  # fmt: skip
    return f"{title}-{row.ref}.pdf", content


def _report(row: Complaint, now: datetime) -> bytes:
    if not row.findings:
        raise Refused("", _("There are no findings yet."))
    words = schemes.active(taxonomy.TAXONOMY, on=numbering.day_of(now)).content
    with override("zh-hans"):
        blame = [
            "、".join(filter(None, (one.unit.name, one.department, gettext(data.DEGREES.get(one.degree, "")),
                                   gettext(data.PENALTIES.get(one.penalty, "")) if one.penalty else "")))
            for one in Responsibility.objects.filter(complaint=row).select_related("unit")
        ]  # fmt: skip
        facts = (
            (gettext("Complaint no."), row.ref),
            (gettext("Complainant"), row.complainant),
            (gettext("Received"), _moment(row.received_at)),
            (gettext("Intake channel"), taxonomy.words_of(words, "channels", "zh").get(row.channel, row.channel)),
            (gettext("Cause of the complaint"), taxonomy.words_of(words, "causes", "zh").get(row.cause, row.cause)),
            (gettext("Unit"), org.unit_names([row.unit_id]).get(row.unit_id, "—") if row.unit_id else "—"),
            (gettext("Severity"), gettext(data.SEVERITIES[row.severity])),
            (gettext("Validity"), gettext(data.VALIDITIES[row.validity])),
            (gettext("Responsibility"), "；".join(blame) or "—"),
        )
        parts = (
            (gettext("Request of the complainant"), row.request), (gettext("Facts and reasons"), row.facts),
            (gettext("Findings of the investigation"), row.findings), (gettext("Root cause"), row.root_cause),
        )  # fmt: skip
        return _pdf(row.ref, "投诉案件查处报告", facts, parts)


def _notice(row: Complaint, decision: Decision) -> bytes:
    with override("zh-hans"):
        facts = (
            (gettext("Complaint no."), row.ref), (gettext("Complainant"), row.complainant),
            (gettext("Received"), _moment(row.received_at)),
            (gettext("Outcome"), gettext(data.OUTCOMES.get(row.outcome, ""))),
            (gettext("Delivered"), f"{gettext(data.WAYS[decision.way])} {_moment(decision.delivered_at)}"),
        )  # fmt: skip
        parts = (
            (gettext("Request of the complainant"), row.request),
            (gettext("Result of the verification"), decision.finding),
            (gettext("Basis and reasons"), decision.basis), (gettext("Measures taken"), decision.measures),
            (gettext("Ways to appeal"), decision.remedies),
        )  # fmt: skip
        return _pdf(row.ref, "投诉处理决定告知书", facts, parts)


def _moment(moment: datetime) -> str:
    return f"{moment.astimezone(numbering.CHINA):%Y-%m-%d %H:%M}"


def _pdf(ref: str, title: str, facts: Any, parts: Any) -> bytes:
    said = [title, "—", *(word for pair in (*facts, *parts) for word in pair if word)]
    body = ParagraphStyle("body", fontName=pdf_font.font_for("".join(said)), fontSize=10.5, leading=17, wordWrap="CJK")
    head = ParagraphStyle("head", parent=body, fontSize=18, leading=28, alignment=1, spaceAfter=6 * mm)
    section = ParagraphStyle("section", parent=body, fontSize=12, leading=20, spaceBefore=4 * mm)
    table = Table(
        [[Paragraph(escape(label), body), Paragraph(escape(value or "—"), body)] for label, value in facts],
        colWidths=[38 * mm, 132 * mm],
    )
    table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#D2D9E3")),
                               ("VALIGN", (0, 0), (-1, -1), "TOP")]))  # fmt: skip
    told: list[Any] = [Paragraph(escape(title), head), table, Spacer(1, 3 * mm)]
    for label, text in parts:
        told.append(Paragraph(escape(label), section))
        told += [Paragraph(escape(line) or "—", body) for line in (text or "—").splitlines()]
    out = io.BytesIO()
    SimpleDocTemplate(
        out, pagesize=A4, leftMargin=20 * mm, rightMargin=20 * mm, topMargin=18 * mm, bottomMargin=18 * mm, title=ref,
        author="Anxin",
    ).build(told)  # fmt: skip
    return out.getvalue()
