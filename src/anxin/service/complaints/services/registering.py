"""Taking a complaint in, with every field of the registration."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db import transaction

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import CustomerNotFound
from anxin.book.portfolio import queries as portfolio
from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel import bulk, outbox, vault
from anxin.kernel.actor import Actor
from anxin.kernel.identifiers.uuid7 import uuid7
from anxin.kernel.words import mark as _
from anxin.service.complaints.data import CAPACITIES, SITUATIONS, Refused
from anxin.service.complaints.events import ComplaintRegistered
from anxin.service.complaints.models import Complaint, Matter
from anxin.service.complaints.queries import similar
from anxin.service.complaints.rules import flow, intake, numbering, taxonomy, terms
from anxin.service.complaints.services import stored

_TEXTS: Final = (
    "facts",
    "expectation",
    "policy_no",
    "claim_no",
    "ticket_ref",
    "respondent",
    "complainant_kind",
    "forward_no",
)


@transaction.atomic
def register_complaint(
    *, actor: Actor, now: datetime, channel: str, complainant: str, request: str, cause: str, title: str = "",
    party_ref: str = "", contact: str = "", received_at: datetime | None = None, capacity: str = "self",
    line: str = "", nature: str = "", detail_cause: str = "", sales_channel: str = "", product: str = "",
    request_fen: int | None = None, severity: str = "", mood: str = "", people_count: int = 1,
    representatives: int = 1, is_regulatory: bool = False, forwarded_at: datetime | None = None,
    unit_id: UUID | None = None, situation: str = "", representative_names: str = "", **texts: str,
) -> Complaint:  # fmt: skip
    """Register a complaint; its statutory clock counts from the receipt. Raises NotPermitted and Refused.

    A complaint of the same customer within the scheme's days counts as repeated; twenty people make it major.
    """
    actor.require("complaints.register")
    if unknown := set(texts) - set(_TEXTS):
        raise TypeError(f"Unknown fields: {', '.join(sorted(unknown))}.")
    words = schemes.active(taxonomy.TAXONOMY, on=numbering.day_of(now)).content
    content = stored.content_of(now)
    received = received_at or now
    if received > now:
        raise Refused("received_at", _("The receipt lies in the future."))
    cause = cause or taxonomy.parent_of(words, detail_cause)
    _known(words, channel=channel, cause=cause, line=line, nature=nature, sales_channel=sales_channel,
           detail_cause=detail_cause)  # fmt: skip
    if capacity not in CAPACITIES:
        raise Refused("capacity", _("Choose one of the list."))
    if not complainant.strip():
        raise Refused("complainant", _("Say who complains."))
    if not request.strip():
        raise Refused("request", _("Write down what is asked for."))
    if not 1 <= representatives <= intake.SPEAKERS or representatives > people_count:
        raise Refused("representatives", _("A joint complaint has at most five representatives."))
    speakers = intake.names_in(representative_names)
    if len(speakers) > intake.SPEAKERS or (speakers and len(speakers) != representatives and representatives > 1):
        raise Refused("representative_names", _("Name each representative, at most five."))
    if speakers:
        representatives = len(speakers)
        if representatives > people_count:
            raise Refused("representatives", _("A joint complaint has at most five representatives."))
    if channel == "regulator" and forwarded_at is None:
        forwarded_at = received
    if forwarded_at is not None and forwarded_at > now:
        raise Refused("forwarded_at", _("The receipt lies in the future."))
    if situation and situation not in SITUATIONS:
        raise Refused("situation", _("Choose one of the list."))
    party = _party(actor, party_ref)
    earlier = similar.latest_of(party.pk, since_days=terms.days(content, "repeat_within"), now=now) if party else None
    bearing = "joint" if people_count >= terms.days(content, "joint_people") else ""
    if bearing:
        severity = "major"
    row = Complaint(
        id=uuid7(), title=(title.strip() or words_for(words, cause, detail_cause))[:80], party=party,
        complainant=complainant.strip()[:120], capacity=capacity, people_count=people_count,
        representatives=representatives, representative_names="、".join(speakers)[:200],
        channel=channel, received_at=received, forwarded_at=forwarded_at,
        registered_by_id=actor.user_id,
        situation=situation or taxonomy.situation_of(cause, detail_cause),
        nature=nature, line=line, cause=cause, detail_cause=detail_cause,
        sales_channel=sales_channel, request=request.strip(), request_fen=request_fen, mood=mood, mood_now=mood,
        severity=severity or ("repeated" if earlier else "plain"), bearing=bearing,
        is_regulatory=is_regulatory or forwarded_at is not None, repeats=earlier,
        unit_id=unit_id or _unit_of(texts) or (party.unit_id if party else None) or _own_unit(actor),
        **{name: str(texts.get(name, "")).strip() for name in _TEXTS},
    )  # fmt: skip
    number = int(bulk.next_numbers(numbering.SEQUENCE, 1)[0])
    row.ref = row.source_key = numbering.complaint_ref(numbering.day_of(received), number)
    if contact.strip():
        row.contact_sealed = vault.ring().seal(
            contact.strip()[:60], table="complaints_complaint", column="contact_sealed", row=row.pk
        )
    case = flow.begin(at=now, received_at=received, content=content)
    stored.apply(row, case, calendar=stored.calendar_of(row), now=now)
    row.save(force_insert=True)
    Matter.objects.create(
        complaint=row, key="1", respondent=row.respondent, line=line, product=product[:120], cause=cause,
        detail_cause=detail_cause,
    )  # fmt: skip
    stored.trace(actor, now, row, "register", "", "")
    stored.hand_on(actor, now, row)
    outbox.publish(ComplaintRegistered(complaint_id=row.pk, party_id=row.party_id, unit_id=row.unit_id))
    return row


def words_for(content: Mapping[str, Any], cause: str, detail: str) -> str:
    """A title for a complaint that was given none."""
    told = taxonomy.words_of(content, "details", "zh").get(detail)
    return told or taxonomy.words_of(content, "causes", "zh").get(cause, cause)


def _known(words: Mapping[str, Any], **codes: str) -> None:
    groups = {"channel": "channels", "cause": "causes", "line": "lines", "nature": "natures",
              "sales_channel": "sales_channels", "detail_cause": "details"}  # fmt: skip
    for name, code in codes.items():
        if not code and name in ("channel", "cause"):
            raise Refused(name, _("Choose one of the list."))
        if code and code not in {row["code"] for row in taxonomy.rows_of(words, groups[name])}:
            raise Refused(name, _("Choose one of the list."))


def _party(actor: Actor, ref: str) -> Any:
    if not ref.strip():
        return None
    try:
        return customers.get_party(actor, ref)
    except CustomerNotFound as error:
        raise Refused("party_ref", _("There is no such customer within your reach.")) from error


def _unit_of(texts: Mapping[str, str]) -> UUID | None:
    """The unit the policy or claim in question belongs to, which need not be that of the customer."""
    return portfolio.unit_of(policy_no=texts.get("policy_no", ""), claim_no=texts.get("claim_no", ""))


def _own_unit(actor: Actor) -> UUID | None:
    return org.unit_of(actor.user_id) if actor.user_id else None
