"""Rectifications, the responsibility register, institutional documents, volumes and what is counted against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import SchemeView
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.service.complaints import access
from anxin.service.complaints.data import ComplaintNotFound
from anxin.service.complaints.models import (
    Complaint,
    Matter,
    Rectification,
    Regulation,
    Responsibility,
    Supervision,
    Volume,
)
from anxin.service.complaints.rules import measuring, numbering, taxonomy, terms


@dataclass(frozen=True, kw_only=True)
class BulletinLine:
    """One insurer or unit of the bulletin."""

    name: str
    complaints: int
    ratios: measuring.Ratios


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """A quarter in the layout of the regulators: volumes, three ratios with median and top ten, causes, lines."""

    year: int
    quarter: int
    total: int
    growth: float | None
    forwarded: int
    lines: tuple[BulletinLine, ...]
    median: measuring.Ratios
    causes: tuple[tuple[str, int], ...]
    covers: tuple[tuple[str, int], ...]


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


def list_volumes(actor: Actor, *, limit: int = 100) -> list[Volume]:
    actor.require("complaints.report")
    return list(Volume.objects.order_by("-year", "-quarter", "name")[:limit])


def quarters(actor: Actor) -> list[tuple[int, int]]:
    """Quarters with volumes, the newest first."""
    actor.require("complaints.report")
    return list(Volume.objects.order_by("-year", "-quarter").values_list("year", "quarter").distinct()[:40])


def bulletin(actor: Actor, *, year: int, quarter: int, language: str, today: date) -> Bulletin:
    """Complaints received in a quarter, against the volumes entered for it. Raises NotPermitted."""
    begin, end = bounds(year, quarter)
    rows = access.visible_complaints(actor, "complaints.report").filter(source="").exclude(state="merged")
    inside = rows.filter(received_at__gte=begin, received_at__lt=end)
    before_begin, before_end = bounds(year - 1, quarter)
    before = rows.filter(received_at__gte=before_begin, received_at__lt=before_end).count()
    total = inside.count()
    by_unit: dict[str, int] = {}
    counts = dict(inside.exclude(unit=None).values("unit__path").annotate(n=Count("pk")).values_list("unit__path", "n"))
    volumes = list(Volume.objects.filter(year=year, quarter=quarter).select_related("unit"))
    for volume in volumes:
        path = volume.unit.path if volume.unit else None
        by_unit[volume.name] = (
            sum(n for at, n in counts.items() if at.startswith(path)) if path else (volume.complaints or 0)
        )
    lines = [
        BulletinLine(
            name=one.name, complaints=by_unit[one.name],
            ratios=measuring.ratios(
                by_unit[one.name], premium_fen=one.premium_fen, policies=one.policies, insured=one.insured
            ),
        )
        for one in volumes
    ]  # fmt: skip
    lines.sort(key=lambda line: (-line.complaints, line.name))
    words = schemes.active(taxonomy.TAXONOMY, on=today).content
    matters = Matter.objects.filter(complaint__in=inside)
    return Bulletin(
        year=year, quarter=quarter, total=total, growth=measuring.growth(total, before),
        forwarded=inside.filter(forwarded_at__isnull=False).count(), lines=tuple(lines),
        median=measuring.Ratios(
            per_premium=measuring.middle([line.ratios.per_premium for line in lines]),
            per_policies=measuring.middle([line.ratios.per_policies for line in lines]),
            per_insured=measuring.middle([line.ratios.per_insured for line in lines]),
        ),
        causes=_counted(matters, "cause", taxonomy.words_of(words, "causes", language)),
        covers=_counted(matters, "line", taxonomy.words_of(words, "lines", language)),
    )  # fmt: skip


def _counted(rows: QuerySet[Matter], column: str, words: dict[str, str]) -> tuple[tuple[str, int], ...]:
    found = rows.values_list(column).annotate(n=Count("complaint", distinct=True)).order_by("-n", column)
    return tuple((words.get(code, code or "—"), n) for code, n in found[:10])


def bounds(year: int, quarter: int) -> tuple[datetime, datetime]:
    """The quarter as moments in China, half-open."""
    first = quarter * 3 - 2
    begin = datetime(year, first, 1, tzinfo=numbering.CHINA)
    return begin, datetime(year + (first == 10), 1 if first == 10 else first + 3, 1, tzinfo=numbering.CHINA)


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
