"""Rectifications, the responsibility register, institutional documents, and the estimate of the silent."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from uuid import UUID

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, Q, QuerySet

from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import SchemeView
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.service.complaints import access
from anxin.service.complaints.data import ComplaintNotFound
from anxin.service.complaints.models import (
    Check,
    Complaint,
    Decision,
    Rectification,
    Regulation,
    Responsibility,
    Supervision,
)
from anxin.service.complaints.rules import measuring, numbering, terms


def list_rectifications(actor: Actor) -> QuerySet[Rectification]:
    """Raises NotPermitted."""
    scope = actor.require("complaints.view")
    rows = Rectification.objects.select_related("owner", "unit", "verified_by").annotate(count=Count("complaints"))
    if scope is Scope.ALL:
        return rows
    if scope is Scope.UNIT:
        return rows.filter(Q(unit__in=org.units_within(actor.unit_paths)) | Q(owner=actor.user_id))
    return rows.filter(owner=actor.user_id)


def get_rectification(actor: Actor, rectification_id: UUID) -> Rectification:
    """Raises NotPermitted and ComplaintNotFound."""
    found = list_rectifications(actor).filter(pk=rectification_id).first()
    if found is None:
        raise ComplaintNotFound(str(rectification_id))
    return found


def list_responsibilities(actor: Actor) -> QuerySet[Responsibility]:
    """The responsibility register: who answers for which complaint, and the penalty."""
    rows = Responsibility.objects.filter(complaint__in=access.visible_complaints(actor, "complaints.report"))
    return rows.select_related("complaint", "unit", "user")


def list_supervisions(actor: Actor, *, is_open: bool = True) -> QuerySet[Supervision]:
    rows = Supervision.objects.filter(complaint__in=access.visible_complaints(actor)).select_related("complaint")
    return rows.filter(answered_at__isnull=is_open)


def list_regulations(actor: Actor) -> QuerySet[Regulation]:
    actor.require("complaints.view")
    return Regulation.objects.order_by("kind", "-number")


def iceberg(actor: Actor, *, today: date) -> tuple[measuring.Iceberg, SchemeView]:
    """The estimate for the complaints of the last year, with the parameters it was made by."""
    rows = access.visible_complaints(actor, "complaints.report").filter(source="")
    begin = datetime(today.year - 1, today.month, 1, tzinfo=numbering.CHINA)
    scheme = schemes.active(terms.ICEBERG, on=today)
    return measuring.iceberg(rows.filter(received_at__gte=begin).count(), scheme.content), scheme


def same_cause(row: Complaint, *, since: datetime) -> Sequence[int]:
    """(complaints with the same detailed cause since then, all of that cause): for the root-cause card."""
    rows = Complaint.objects.filter(received_at__gte=since, source="")
    told = rows.aggregate(
        same=Count("pk", filter=Q(cause=row.cause, detail_cause=row.detail_cause)),
        whole=Count("pk", filter=Q(cause=row.cause)),
    )  # fmt: skip
    return told["same"], told["whole"]


@dataclass(frozen=True, kw_only=True)
class Signal:
    """A detailed cause that came up often and is not being mended: something to learn from."""

    cause: str
    detail_cause: str
    complaints: int
    valid: int
    refs: str


def signals(actor: Actor, *, now: datetime, least: int = 3) -> list[Signal]:
    """Causes of the last ninety days with `least` complaints or more, none of them in an open rectification."""
    rows = access.visible_complaints(actor).filter(source="", received_at__gte=now - timedelta(days=90))
    rows = rows.exclude(state__in=("merged", "refused"))
    found = rows.exclude(detail_cause="").values("cause", "detail_cause").annotate(
        n=Count("pk"), valid=Count("pk", filter=Q(validity__in=("valid", "partly"))),
        mended=Count("pk", filter=Q(rectification__isnull=False)), refs=ArrayAgg("ref", order_by="-received_at"),
    )  # fmt: skip
    told = [row for row in found.order_by("-valid", "-n", "detail_cause") if row["n"] >= least and not row["mended"]]
    return [
        Signal(
            cause=row["cause"], detail_cause=row["detail_cause"], complaints=row["n"], valid=row["valid"],
            refs=" ".join(row["refs"][:20]),
        )
        for row in told[:5]
    ]  # fmt: skip


def year_of(actor: Actor, year: int) -> dict[str, int]:
    """Received, forwarded by the regulator, decided and decided in time, checks asked for and upheld, in a year."""
    begin = datetime(year, 1, 1, tzinfo=numbering.CHINA)
    end = datetime(year + 1, 1, 1, tzinfo=numbering.CHINA)
    rows = access.visible_complaints(actor, "complaints.report").filter(source="").exclude(state="merged")
    inside = rows.filter(received_at__gte=begin, received_at__lt=end)
    found = inside.aggregate(received=Count("pk"), forwarded=Count("pk", filter=Q(forwarded_at__isnull=False)))
    decided = Decision.objects.filter(complaint__in=rows, made_at__gte=begin, made_at__lt=end)
    found |= decided.aggregate(decided=Count("pk"), in_time=Count("pk", filter=Q(was_in_time=True)))
    checks = Check.objects.filter(complaint__in=rows, asked_at__gte=begin, asked_at__lt=end)
    found |= checks.aggregate(checks=Count("pk"), upheld=Count("pk", filter=Q(is_upheld=True)))
    mended = Rectification.objects.filter(opened_at__gte=begin, opened_at__lt=end)
    found |= mended.aggregate(mended=Count("pk"), verified=Count("pk", filter=Q(state="verified")))
    return {name: int(value or 0) for name, value in found.items()}
