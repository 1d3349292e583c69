"""Which columns of this room are personal data."""

from __future__ import annotations

from typing import Final

from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData, Protection

_FREE: Final = PersonalData(Kind.FREE_TEXT)

PERSONAL_DATA: dict[str, PersonalData] = {
    **{
        f"Complaint.{name}": NOT_PERSONAL
        for name in (
            "ref",
            "state",
            "complainant_kind",
            "capacity",
            "channel",
            "nature",
            "situation",
            "forward_no",
            "rater",
            "line",
            "cause",
            "detail_cause",
            "sales_channel",
            "policy_no",
            "claim_no",
            "ticket_ref",
            "mood",
            "mood_now",
            "severity",
            "bearing",
            "clock",
            "target",
            "pause",
            "validity",
            "outcome",
            "currency",
            "source",
            "source_key",
            "digest",
        )
    },
    "Complaint.title": _FREE,
    "Complaint.complainant": PersonalData(Kind.NAME),
    "Complaint.contact_sealed": PersonalData(Kind.PHONE, Protection.ENCRYPTED),
    "Complaint.request": _FREE,
    "Complaint.facts": _FREE,
    "Complaint.respondent": PersonalData(Kind.NAME),
    "Complaint.representative_names": PersonalData(Kind.NAME),
    "Complaint.expectation": _FREE,
    "Complaint.findings": _FREE,
    "Complaint.root_cause": _FREE,
    **{
        f"Matter.{name}": NOT_PERSONAL
        for name in (
            "key",
            "respondent",
            "line",
            "product",
            "cause",
            "detail_cause",
            "words",
            "validity",
            "outcome",
            "outcome_words",
            "digest",
        )
    },
    "Move.action": NOT_PERSONAL,
    "Move.before": NOT_PERSONAL,
    "Move.after": NOT_PERSONAL,
    "Move.actor_name": NOT_PERSONAL,
    "Move.why": _FREE,
    "Talk.kind": NOT_PERSONAL,
    "Talk.way": NOT_PERSONAL,
    "Talk.summary": _FREE,
    "Evidence.kind": NOT_PERSONAL,
    "Evidence.name": _FREE,
    "Evidence.reference": NOT_PERSONAL,
    "Draft.page": NOT_PERSONAL,
    "Draft.fields_sealed": PersonalData(Kind.FREE_TEXT, Protection.ENCRYPTED),
    "Plan.outcome": NOT_PERSONAL,
    "Plan.measures": _FREE,
    "Plan.method": NOT_PERSONAL,
    "Plan.state": NOT_PERSONAL,
    "Plan.decided_by": NOT_PERSONAL,
    "Plan.note": _FREE,
    "Decision.finding": _FREE,
    "Decision.basis": _FREE,
    "Decision.measures": _FREE,
    "Decision.remedies": NOT_PERSONAL,
    "Decision.way": NOT_PERSONAL,
    "Decision.proof": _FREE,
    "Responsibility.department": NOT_PERSONAL,
    "Responsibility.degree": NOT_PERSONAL,
    "Responsibility.reason": _FREE,
    "Responsibility.penalty": NOT_PERSONAL,
    "Check.reason": _FREE,
    "Check.decided_by": NOT_PERSONAL,
    "Check.answer": _FREE,
    "Supervision.order": _FREE,
    "Supervision.ordered_by": NOT_PERSONAL,
    "Supervision.answer": _FREE,
    "Rectification.title": NOT_PERSONAL,
    "Rectification.cause": NOT_PERSONAL,
    "Rectification.root_cause": NOT_PERSONAL,
    "Rectification.measures": NOT_PERSONAL,
    "Rectification.state": NOT_PERSONAL,
    "Rectification.result": NOT_PERSONAL,
    "Rectification.note": NOT_PERSONAL,
    "Regulation.kind": NOT_PERSONAL,
    "Regulation.title": NOT_PERSONAL,
    "Regulation.text": NOT_PERSONAL,
    "Volume.name": NOT_PERSONAL,
    "StaleTally.source": NOT_PERSONAL,
    **{
        f"Tally.{name}": NOT_PERSONAL
        for name in (
            "source", "outcome", "validity", "channel", "severity", "situation", "capacity", "nature", "sales_channel",
            "rater", "currency",
        )
    },
    **{
        f"MatterTally.{name}": NOT_PERSONAL
        for name in ("dimension", "subject", "source", "outcome", "validity", "channel", "severity", "currency")
    },
}  # fmt: skip
