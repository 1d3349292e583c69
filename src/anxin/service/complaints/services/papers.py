"""The papers of a complaint as PDF: the decision notice, the investigation report, the complete form of the case."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from xml.sax.saxutils import escape

from django.db import transaction
from django.utils.translation import gettext, override

from anxin.book.customers.data import written_in
from anxin.foundation.audit import services as audit
from anxin.foundation.documents import services as documents
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import pdf_font
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.complaints import access, data
from anxin.service.complaints.data import Refused, State
from anxin.service.complaints.models import Complaint, Decision, Evidence, Move, Plan, Responsibility, Talk
from anxin.service.complaints.rules import flow, numbering, taxonomy
from anxin.service.complaints.services import adding

Pairs = Sequence[tuple[str, str]]


@dataclass(frozen=True, kw_only=True)
class Notice:
    """What a decision notice says (Article 19), before or after it was told."""

    finding: str
    basis: str
    remedies: str
    outcome: str
    measures: str
    amount_fen: int


@dataclass(frozen=True, kw_only=True)
class Sheet:
    """A part of a paper: a heading, a table of facts, then texts under headings, then a signature."""

    title: str
    facts: Pairs = ()
    opening: Sequence[str] = ()
    parts: Pairs = ()
    signature: Sequence[str] = ()


def take_paper(*, actor: Actor, now: datetime, ref: str, kind: str) -> tuple[str, bytes]:
    """(file name, PDF) of the investigation report, the last decision notice with its delivery, or the whole form.

    The trail notes who took it. Raises NotPermitted, ComplaintNotFound; Refused while there is nothing to write.
    """
    row = access.get_complaint(actor, ref)
    with override("zh-hans"):
        if kind == "report":
            sheets, title = [_report(row, now)], "投诉案件查处报告"
        elif kind == "notice":
            sheets, title = _told(row), "投诉处理决定告知书"
        elif kind == "form":
            sheets, title = [_form(row, now)], "客户投诉处理单"
        else:
            raise data.ComplaintNotFound(kind)
        content = _pdf(row.ref, sheets)
    with transaction.atomic():
        _note(actor, now, row, kind)
    return f"{title}-{row.ref}.pdf", content


def preview_notice(
    *, actor: Actor, now: datetime, ref: str, finding: str, basis: str, remedies: str
) -> tuple[str, bytes]:  # fmt: skip
    """(file name, PDF) of the notice as it would be told, to be handed over, posted or sent.

    Raises NotPermitted, ComplaintNotFound; Refused when an item of Article 19 is missing or no plan is approved.
    """
    row = access.get_complaint(actor, ref, flow.HANDLE)
    if row.state != State.APPROVED:
        raise Refused("", _("The plan is not approved yet."))
    for name, text in (("finding", finding), ("basis", basis), ("remedies", remedies)):
        if not text.strip():
            raise Refused(name, _("This is needed."))
    content = _pdf(row.ref, [_letter(row, notice_of(row, finding, basis, remedies), now)])
    with transaction.atomic():
        _note(actor, now, row, "notice draft")
    return f"投诉处理决定告知书-{row.ref}.pdf", content


def notice_of(row: Complaint, finding: str, basis: str, remedies: str) -> Notice:
    """The notice of the plan that was approved."""
    plan = Plan.objects.filter(complaint=row, state="approved").order_by("-decided_at").first()
    return Notice(
        finding=finding.strip(), basis=basis.strip(), remedies=remedies.strip(),
        outcome=plan.outcome if plan else row.outcome, measures=plan.measures if plan else "",
        amount_fen=plan.amount_fen if plan else 0,
    )  # fmt: skip


def keep_notice(actor: Actor, now: datetime, row: Complaint, notice: Notice) -> Any:
    """Keep the notice as it was told, as a file of the evidence; returns the key of the document."""
    content = _pdf(row.ref, [_letter(row, notice, now)])
    name = f"投诉处理决定告知书-{row.ref}.pdf"
    document = documents.store(
        actor=actor, now=now, name=name, content=io.BytesIO(content), purpose=adding.PURPOSE,
        content_type="application/pdf",
    )  # fmt: skip
    Evidence.objects.create(
        complaint=row, kind="notice", name=name, document_id=document.id, added_by_id=actor.user_id, added_at=now
    )
    return document.id


def _note(actor: Actor, now: datetime, row: Complaint, kind: str) -> None:
    audit.record(
        actor=actor, now=now, action="complaints.paper", object_kind="complaint", object_id=row.pk,
        object_ref=row.ref, detail={"kind": kind},
    )  # fmt: skip


_MONTHS: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
)  # fmt: skip
_LOCALES: Final = {"zh": "zh-hans", "en": "en"}
# The frame of the decision notice in the language of the customer: it goes to them, whatever whoever writes it reads.
_LETTERS: Final[Mapping[str, Mapping[str, str]]] = {
    "zh": {
        "title": "投诉处理决定告知书", "number": "编号：{ref}", "dear": "{name}：",
        "opening": "　　我公司于 {day} 收到您提出的投诉，投诉请求为：{request}。"
        "我们进行了调查核实，现将处理决定告知如下。",
        "amount": "，金额人民币 {amount} 元",
        "finding": "一、核查结果", "decision": "二、处理决定", "basis": "三、依据和理由",
        "remedies": "四、救济途径（核查、调解、仲裁、诉讼等）", "seal": "（盖章）",
    },
    "en": {
        "title": "Decision on your complaint", "number": "No. {ref}", "dear": "Dear {name},",
        "opening": "On {day} we received your complaint, in which you ask for: {request}. "
        "We have looked into it and tell you our decision below.",
        "amount": ", amount CNY {amount}",
        "finding": "1. What we found", "decision": "2. Our decision", "basis": "3. Basis and reasons",
        "remedies": "4. What you can do if you disagree (check, mediation, arbitration, lawsuit)", "seal": "(Seal)",
    },
}  # fmt: skip


def remedies(language: str) -> str:
    """What a notice says of the ways to appeal, for whoever writes it to begin with. `language`: "zh" or "en"."""
    with override(_LOCALES[language]):
        return gettext(
            "If you disagree, you may within 30 days of receiving this notice ask our superior institution in "
            "writing for a check, apply for mediation, or go to arbitration or court as the contract provides."
        )


def _letter(row: Complaint, notice: Notice, now: datetime) -> Sheet:
    """The decision notice: the result of the verification, the decision, its basis and reasons, the remedies."""
    language = written_in(row.party.language if row.party is not None else "")
    said = _LETTERS[language]
    with override(_LOCALES[language]):
        decided = gettext(data.OUTCOMES.get(notice.outcome, ""))
    if notice.amount_fen:
        decided += said["amount"].format(amount=f"{notice.amount_fen // 100:,}.{notice.amount_fen % 100:02d}")
    asked = _flat(row.request, "；" if language == "zh" else "; ")
    return Sheet(
        title=said["title"],
        opening=(
            said["number"].format(ref=row.ref), said["dear"].format(name=row.complainant),
            said["opening"].format(day=_day(row.received_at, language), request=asked),
        ),
        parts=(
            (said["finding"], notice.finding),
            (said["decision"], "\n".join(filter(None, (decided, notice.measures)))),
            (said["basis"], notice.basis),
            (said["remedies"], notice.remedies),
        ),
        signature=(_unit(row), _day(now, language), said["seal"]),
    )  # fmt: skip


def _told(row: Complaint) -> list[Sheet]:
    decision = Decision.objects.filter(complaint=row).order_by("-made_at").first()
    if decision is None:
        raise Refused("", _("The decision was not told yet."))
    # A complaint that was reopened may have another plan by now: the notice was of the one before it.
    plans = Plan.objects.filter(complaint=row, state__in=("approved", "past"), decided_at__lte=decision.made_at)
    plan = plans.order_by("-decided_at").first()
    notice = Notice(
        finding=decision.finding, basis=decision.basis, remedies=decision.remedies, measures=decision.measures,
        outcome=plan.outcome if plan else row.outcome, amount_fen=plan.amount_fen if plan else 0,
    )  # fmt: skip
    delivery = Sheet(
        title="送达记录",
        facts=(
            ("编号", row.ref),
            (gettext("Complainant"), row.complainant),
            (gettext("How it was told"), gettext(data.WAYS[decision.way])),
            (gettext("Delivered"), _moment(decision.delivered_at)),
            (gettext("Proof of delivery"), decision.proof),
            ("法定期限", f"{_moment(row.due_at)}（{'期限内告知' if decision.was_in_time else '超期告知'}）"
                if row.due_at else "—"),
        ),
    )  # fmt: skip
    return [_letter(row, notice, decision.made_at), delivery]


def _report(row: Complaint, now: datetime) -> Sheet:
    if not row.findings:
        raise Refused("", _("There are no findings yet."))
    return Sheet(
        title="投诉案件查处报告",
        facts=(*_registration(row, now), *_judged(row)),
        parts=(
            (gettext("Request of the complainant"), row.request), (gettext("Facts and reasons"), row.facts),
            (gettext("Findings of the investigation"), row.findings), (gettext("Root cause"), row.root_cause),
            ("责任追究", "\n".join(_blame(row)) or "—"),
        ),
        signature=(_unit(row), _day(now)),
    )  # fmt: skip


def _form(row: Complaint, now: datetime) -> Sheet:
    """Everything of the case on one form, in the order of the procedure, for the archive."""
    plans = Plan.objects.filter(complaint=row).select_related("proposed_by").order_by("proposed_at")
    decisions = Decision.objects.filter(complaint=row).order_by("made_at")
    talks = Talk.objects.filter(complaint=row).select_related("by").order_by("at")
    moves = {move.action: move for move in Move.objects.filter(complaint=row).order_by("number")}

    def said(action: str) -> str:
        move = moves.get(action)
        return f"{_moment(move.at)} {move.actor_name} {move.why}".strip() if move else "—"

    return Sheet(
        title="客户投诉处理单",
        facts=(
            *_registration(row, now),
            (gettext("Capacity of the complainant"), gettext(data.CAPACITIES.get(row.capacity, row.capacity))),
            (gettext("People complaining together"),
             f"{row.people_count}　{gettext('Representatives')} {row.representatives} {row.representative_names}"),
            (gettext("Policy number"), row.policy_no), (gettext("Claim number"), row.claim_no),
            (gettext("Respondent"), row.respondent),
            *_judged(row),
        ),
        parts=(
            (gettext("Request of the complainant"), row.request), (gettext("Facts and reasons"), row.facts),
            (gettext("Review"), said("review")), (gettext("Dispatch"), said("dispatch")),
            (gettext("Findings of the investigation"), row.findings), (gettext("Root cause"), row.root_cause),
            ("判定责任", "\n".join(_blame(row))),
            ("处理方案与主管领导批示", "\n".join(
                f"{gettext(data.OUTCOMES.get(one.outcome, ''))}：{one.measures}（{one.proposed_by or ''} "
                f"{_moment(one.proposed_at)}）→ {one.decided_by or '—'} {_moment(one.decided_at)} {one.note}"
                for one in plans
            )),
            ("通知客户", "\n".join(
                f"{gettext(data.WAYS[one.way])} {_moment(one.delivered_at)} {one.proof}：{one.finding}"
                for one in decisions
            )),
            (gettext("Execution"), said("execute")),
            (gettext("Talks and negotiation"), "\n".join(
                f"{_moment(one.at)} {gettext(data.TALKS.get(one.kind, ''))} {one.summary}" for one in talks
            )),
            (gettext("Call-back"), f"{said('call_back')}　{gettext('Satisfaction')} {row.satisfaction or '—'}"),
            ("总结评价", said("archive")),
        ),
    )  # fmt: skip


def _registration(row: Complaint, now: datetime) -> Pairs:
    words = schemes.active(taxonomy.TAXONOMY, on=numbering.day_of(now)).content

    def word(group: str, code: str) -> str:
        return taxonomy.words_of(words, group, "zh").get(code, code)

    forwarded = _moment(row.forwarded_at) + (f"　{row.forward_no}" if row.forward_no else "")
    return (
        (gettext("Complaint no."), row.ref), (gettext("Complainant"), row.complainant),
        (gettext("Received"), _moment(row.received_at)), (gettext("Intake channel"), word("channels", row.channel)),
        *(((gettext("Forwarded by the regulator on"), forwarded),) if row.forwarded_at else ()),
        (gettext("Cause of the complaint"),
         "　".join(filter(None, (word("causes", row.cause), word("details", row.detail_cause))))),
        (gettext("Line of business"), word("lines", row.line) if row.line else ""),
        (gettext("Unit"), _unit(row)), (gettext("Severity"), gettext(data.SEVERITIES[row.severity])),
    )  # fmt: skip


def _judged(row: Complaint) -> Pairs:
    return (
        (gettext("Validity"), gettext(data.VALIDITIES[row.validity])),
        (gettext("Outcome"), gettext(data.OUTCOMES[row.outcome]) if row.outcome else ""),
    )


def _blame(row: Complaint) -> list[str]:
    found = Responsibility.objects.filter(complaint=row).select_related("unit", "user").order_by("found_at")
    return [
        "　".join(filter(None, (
            gettext(data.DEGREES.get(one.degree, "")), one.unit.name, one.department, str(one.user or ""), one.reason,
            _penalty(one),
        )))
        for one in found
    ]  # fmt: skip


def _penalty(one: Responsibility) -> str:
    if not one.penalty:
        return ""
    amount = f" {one.penalty_fen // 100:,}.{one.penalty_fen % 100:02d} 元" if one.penalty_fen else ""
    return gettext(data.PENALTIES.get(one.penalty, "")) + amount


def _unit(row: Complaint) -> str:
    return org.unit_names([row.unit_id]).get(row.unit_id, "") if row.unit_id else ""


def _moment(moment: datetime | None) -> str:
    return f"{moment.astimezone(numbering.CHINA):%Y-%m-%d %H:%M}" if moment else ""


def _day(moment: datetime, language: str = "zh") -> str:
    day = numbering.day_of(moment)
    if language == "en":
        return f"{day.day} {_MONTHS[day.month - 1]} {day.year}"
    return f"{day.year} 年 {day.month} 月 {day.day} 日"


def _flat(text: str, between: str = "；") -> str:
    return between.join(line.strip(" 。；.;") for line in text.splitlines() if line.strip())


def _pdf(ref: str, sheets: Sequence[Sheet]) -> bytes:
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.lib.units import mm
    from reportlab.platypus import PageBreak, SimpleDocTemplate

    said = [ref, "—"]
    for sheet in sheets:
        said += [sheet.title, *sheet.opening, *sheet.signature, *(word for pair in sheet.facts for word in pair)]
        said += [word for pair in sheet.parts for word in pair]
    body = ParagraphStyle("body", fontName=pdf_font.font_for("".join(said)), fontSize=10.5, leading=17, wordWrap="CJK")
    styles = {
        "body": body,
        "head": ParagraphStyle("head", parent=body, fontSize=18, leading=28, alignment=1, spaceAfter=6 * mm),
        "section": ParagraphStyle("section", parent=body, fontSize=12, leading=20, spaceBefore=4 * mm),
        "right": ParagraphStyle("right", parent=body, alignment=2),
    }
    told: list[Any] = []
    for place, sheet in enumerate(sheets):
        told += [PageBreak()] if place else []
        told += _flow(sheet, styles)
    out = io.BytesIO()
    SimpleDocTemplate(
        out, pagesize=A4, leftMargin=22 * mm, rightMargin=22 * mm, topMargin=20 * mm, bottomMargin=20 * mm, title=ref,
        author="Anxin",
    ).build(told)  # fmt: skip
    return out.getvalue()


def _flow(sheet: Sheet, styles: Mapping[str, Any]) -> list[Any]:
    from reportlab.lib import colors
    from reportlab.lib.units import mm
    from reportlab.platypus import Spacer, Table, TableStyle

    body = styles["body"]
    told: list[Any] = [_paragraph(sheet.title, styles["head"])]
    if sheet.facts:
        table = Table(
            [[_paragraph(label, body), _paragraph(value.strip() or "—", body)]
             for label, value in sheet.facts],
            colWidths=[38 * mm, 128 * mm],
        )  # fmt: skip
        table.setStyle(TableStyle([("GRID", (0, 0), (-1, -1), 0.4, colors.HexColor("#D2D9E3")),
                                   ("VALIGN", (0, 0), (-1, -1), "TOP")]))  # fmt: skip
        told += [table, Spacer(1, 3 * mm)]
    told += [_paragraph(line, body) for line in sheet.opening]
    for label, text in sheet.parts:
        told.append(_paragraph(label, styles["section"]))
        told += [_paragraph(line or "—", body) for line in (text.strip() or "—").splitlines()]
    if sheet.signature:
        told.append(Spacer(1, 12 * mm))
        told += [_paragraph(line, styles["right"]) for line in sheet.signature]
    return told


def _paragraph(text: str, style: Any) -> Any:
    """Chinese is broken anywhere, as `style` says; what has none of it, between words."""
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.platypus import Paragraph

    if not any(sign >= "\u2e80" for sign in text):
        style = ParagraphStyle(f"{style.name} words", parent=style, wordWrap=None)
    return Paragraph(escape(text), style)
