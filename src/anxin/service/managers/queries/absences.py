"""Who is away, until when, and who stands in."""

from __future__ import annotations

from django.db.models import Count, OuterRef, Subquery
from django.db.models.functions import Coalesce

from anxin.kernel.actor import Actor
from anxin.service.managers import access
from anxin.service.managers.data import AbsenceView
from anxin.service.managers.models import Absence, Decision


def list_absences(actor: Actor, *, limit: int = 50) -> list[AbsenceView]:
    """Of the staff within reach, those that run or come first."""
    staff = access.staff_of(actor, "managers.view")
    moved = (
        Decision.objects.filter(run=OuterRef("run_id"), state=Decision.State.APPLIED)
        .order_by().values("run").annotate(count=Count("pk")).values("count")
    )  # fmt: skip
    rows = (
        Absence.objects.filter(access.as_ids(staff, "user"))
        .select_related("user", "deputy")
        .annotate(moved=Coalesce(Subquery(moved), 0))
        .order_by("-last", "-id")
    )
    return [
        AbsenceView(
            id=row.pk, manager_id=row.user_id, manager=row.user.display_name, deputy=row.deputy.display_name,
            cause=row.cause, first=row.first, last=row.last, state=row.state, customers=row.moved,
        )
        for row in rows[:limit]
    ]  # fmt: skip
