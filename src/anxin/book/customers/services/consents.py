"""What customers agree to and refuse: recorded with its evidence, withdrawn as easily (PIPL articles 14 to 16)."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from django.db import transaction

from anxin.book.customers import access, data, rules
from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.book.customers.models import Consent, Party
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _


def record_consent(
    *, actor: Actor, now: datetime, ref: str, purpose: str, is_given: bool, channel: str = "", recipient: str = "",
    evidence: str = "", is_separate: bool = False, wording: str = "", recording_ref: str = "", guardian: str = "",
    until_date: date | None = None, document_id: UUID | None = None,
) -> None:  # fmt: skip
    """What the customer now agrees to or refuses; the answer before it stays in the history.

    Raises Rejected: without evidence, for sensitive purposes and sharing without separate consent, for sharing without
    naming the recipient, for a child under fourteen without the guardian.
    """
    party = access.get_party(actor, ref, "customers.edit")
    if purpose not in data.CONSENT_PURPOSES:
        raise Rejected("purpose", _("Choose a purpose."))
    if channel not in data.CONSENT_CHANNELS:
        raise Rejected("channel", _("Choose a channel."))
    if not evidence.strip() and not recording_ref.strip() and document_id is None:
        raise Rejected("evidence", _("Say how the customer told it: a call, a form, a message."))
    today = rules.day_of(now)
    if until_date is not None and until_date <= today:
        raise Rejected("until_date", _("The last day lies in the past."))
    if is_given:
        _judge(party, purpose, recipient, is_separate, guardian, today)
    with transaction.atomic():
        Consent.objects.update_or_create(
            party=party, purpose=purpose, channel=channel, recipient=recipient.strip()[:80],
            defaults={
                "is_given": is_given, "is_separate": is_separate, "wording": wording.strip()[:40],
                "evidence": evidence.strip()[:300], "document_id": document_id,
                "recording_ref": recording_ref.strip()[:80], "guardian": guardian.strip()[:120], "given_at": now,
                "until_date": until_date, "withdrawn_at": None, "withdrawal_evidence": "",
                "recorded_by_id": actor.user_id,
            },
        )  # fmt: skip
        _record(actor, now, party, "customers.record_consent", purpose)


def withdraw_consent(*, actor: Actor, now: datetime, ref: str, item: UUID, evidence: str) -> None:
    """The customer takes a consent back; from now on it counts as a refusal. Raises Rejected, CustomerNotFound."""
    party = access.get_party(actor, ref, "customers.edit")
    if not evidence.strip():
        raise Rejected("evidence", _("Say how the customer told it: a call, a form, a message."))
    with transaction.atomic():
        done = Consent.objects.filter(pk=item, party=party, is_given=True).update(
            is_given=False, withdrawn_at=now, withdrawal_evidence=evidence.strip()[:300], recorded_by_id=actor.user_id
        )
        if not done:
            raise CustomerNotFound(str(item))
        _record(actor, now, party, "customers.withdraw_consent", "consent")


def _judge(party: Party, purpose: str, recipient: str, is_separate: bool, guardian: str, today: date) -> None:
    if purpose in rules.SEPARATE and not is_separate:
        raise Rejected("is_separate", _("This purpose needs a consent of its own, told and agreed to by itself."))
    if purpose == rules.SHARING and not recipient.strip():
        raise Rejected("recipient", _("Name the recipient: there is no consent to sharing with just anybody."))
    if party.birth_date is not None and rules.is_child(party.birth_date, today) and not guardian.strip():
        raise Rejected("guardian", _("For a child under fourteen the guardian agrees: name them."))


def _record(actor: Actor, now: datetime, party: Party, action: str, field: str) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind="party", object_id=party.pk, object_ref=party.ref,
        detail={"fields": [field]},
    )  # fmt: skip
