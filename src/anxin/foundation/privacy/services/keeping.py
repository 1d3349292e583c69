"""What a controller has to be able to show: notices, activities, impact assessments, breaches."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from anxin.foundation.audit import services as audit
from anxin.foundation.privacy.models import Breach, ImpactAssessment, PrivacyNotice, ProcessingActivity
from anxin.kernel.actor import Actor
from anxin.kernel.states import StaleState

KEPT_YEARS: Final = 3


@transaction.atomic
def publish_notice(
    *, actor: Actor, now: datetime, code: str, title: str, text: str, effective_from: date
) -> str:  # fmt: skip
    """The next version of a notice; returns its wording (`P1@3`), what consents name. Published, it never changes."""
    actor.require("privacy.edit")
    newest = PrivacyNotice.objects.filter(code=code).aggregate(newest=Max("version"))["newest"] or 0
    try:
        with transaction.atomic():
            row = PrivacyNotice.objects.create(
                code=code, version=newest + 1, title=title, text=text, effective_from=effective_from,
                published_by_id=actor.user_id, published_by_name=actor.display_name, published_at=now,
            )  # fmt: skip
    except IntegrityError as error:
        raise StaleState("published", newest + 1) from error
    _record(actor, now, "privacy.publish_notice", row.pk, f"{code}@{row.version}")
    return f"{code}@{row.version}"


@transaction.atomic
def save_activity(
    *, actor: Actor, now: datetime, values: Mapping[str, Any], activity_id: UUID | None = None, version: int = 0
) -> UUID:  # fmt: skip
    """A new activity, or a change of one as its `version` was seen. Raises StaleState."""
    actor.require("privacy.edit")
    if activity_id is None:
        row = ProcessingActivity.objects.create(**values)
        activity_id = row.pk
    else:
        done = ProcessingActivity.objects.filter(pk=activity_id, version=version).update(
            version=F("version") + 1, **values
        )
        if not done:
            raise StaleState("activity", version + 1)
    _record(actor, now, "privacy.save_activity", activity_id, "")
    return activity_id


@transaction.atomic
def assess(*, actor: Actor, now: datetime, activity_id: UUID, values: Mapping[str, Any]) -> None:
    """Write an impact assessment down. There is no way to change or delete one; it is kept at least three years."""
    actor.require("privacy.edit")
    day: date = values["assessed_on"]
    # The first of the month after: never a day too short, whatever the calendar.
    keep_until = date(day.year + KEPT_YEARS + (day.month == 12), day.month % 12 + 1, 1)
    row = ImpactAssessment.objects.create(
        activity_id=activity_id, keep_until=keep_until, assessor_id=actor.user_id, assessor_name=actor.display_name,
        recorded_at=now, **values,
    )  # fmt: skip
    _record(actor, now, "privacy.assess", row.pk, "")


@transaction.atomic
def save_breach(
    *, actor: Actor, now: datetime, values: Mapping[str, Any], breach_id: UUID | None = None, version: int = 0
) -> UUID:  # fmt: skip
    """Write a breach down, or go on with one as its `version` was seen. Raises StaleState."""
    actor.require("privacy.edit")
    if breach_id is None:
        breach_id = Breach.objects.create(recorded_by_name=actor.display_name, **values).pk
    elif not Breach.objects.filter(pk=breach_id, version=version).update(version=F("version") + 1, **values):
        raise StaleState("breach", version + 1)
    _record(actor, now, "privacy.save_breach", breach_id, "")
    return breach_id


def _record(actor: Actor, now: datetime, action: str, key: UUID, ref: str) -> None:
    audit.record(
        actor=actor, now=now, action=action, object_kind=action.partition(".")[2], object_id=key, object_ref=ref
    )
