"""Reading due diligence within the reach of whoever asks."""

from __future__ import annotations

from datetime import date
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import elements
from anxin.book.diligence.data import DiligenceView, PersonView
from anxin.book.diligence.models import Profile, RelatedPerson
from anxin.kernel import masking, vault
from anxin.kernel.actor import Actor
from anxin.kernel.masking import PersonalKind

PERSON_ELEMENTS: Final = 9
ORGANISATION_ELEMENTS: Final = 8


def load(actor: Actor, ref: str, *, today: date, permission: str = "diligence.view") -> DiligenceView:
    """Raises NotPermitted and CustomerNotFound."""
    party = customers.get_party(actor, ref, permission)
    found = elements.elements_of([party.pk], today=today)[party.pk]
    row = Profile.objects.select_related("reviewed_by").filter(party=party.pk).first()
    people = people_of(row.pk) if row else ()
    missing = list(found.missing)
    if not found.is_person:
        if row is None or not row.business_scope:
            missing.append("business_scope")
        if row is None or not row.licence_no or row.licence_until is None:
            missing.append("licence")
        missing += [role for role in ("beneficial_owner", "controller") if role not in {one.role for one in people}]
    reviewer: Any = row.reviewed_by if row else None
    return DiligenceView(
        party_id=party.pk, is_person=found.is_person, missing=tuple(missing),
        total=PERSON_ELEMENTS if found.is_person else ORGANISATION_ELEMENTS, expired=found.expired,
        risk=row.risk if row else "", risk_reason=row.risk_reason if row else "", is_pep=bool(row and row.is_pep),
        pep_note=row.pep_note if row else "", source_of_funds=row.source_of_funds if row else "",
        use_of_funds=row.use_of_funds if row else "", verification=row.verification if row else "none",
        verified_at=row.verified_at if row else None, business_scope=row.business_scope if row else "",
        licence_no=row.licence_no if row else "", licence_until=row.licence_until if row else None,
        next_review=row.next_review_date if row else None, reviewed_at=row.reviewed_at if row else None,
        reviewed_by=reviewer.display_name if reviewer else "", people=people, version=row.version if row else 0,
    )  # fmt: skip


def people_of(profile_id: UUID) -> tuple[PersonView, ...]:
    found = []
    for row in RelatedPerson.objects.filter(profile=profile_id).order_by("role", "name", "id"):
        clear = vault.ring().open(
            bytes(row.number_sealed), table="diligence_relatedperson", column="number_sealed", row=row.pk
        )
        found.append(
            PersonView(
                id=row.pk, role=row.role, name=row.name, document_kind=row.document_kind,
                number=masking.mask(PersonalKind.DOCUMENT, clear), valid_until=row.valid_until, share_bp=row.share_bp,
            )
        )  # fmt: skip
    return tuple(found)


def list_due(actor: Actor, *, until: date, risk: str = "") -> QuerySet[Profile]:
    """Profiles whose review, or licence, is due by `until`, within the actor's reach."""
    rows = Profile.objects.filter(
        Q(next_review_date__lte=until) | Q(licence_until__lte=until),
        customers.reach(actor, "diligence.view", prefix="party__"), party__state="active",
    ).select_related("party")  # fmt: skip
    return rows.filter(risk=risk) if risk else rows
