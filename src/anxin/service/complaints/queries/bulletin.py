"""A quarter in the layout of the regulators: in general, by number, against business, causes, lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from django.db.models import Count, QuerySet

from anxin.foundation.org import queries as org
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.service.complaints import access
from anxin.service.complaints.models import Complaint, Matter, Volume
from anxin.service.complaints.rules import measuring, numbering, taxonomy

LEVELS: Final = ("province", "city", "county")
BASES: Final = ("in_force", "signed")
TOP: Final = 10


@dataclass(frozen=True, kw_only=True)
class Business:
    """What complaints are held against. Money in fen."""

    premium_fen: int
    policies: int
    insured: int


@dataclass(frozen=True, kw_only=True)
class BulletinLine:
    """One insurer or unit. `counted` is what the policies on record say, `entered` what somebody entered instead."""

    name: str
    complaints: int
    used: Business
    counted: Business | None
    entered: Business | None
    ratios: measuring.Ratios


@dataclass(frozen=True, kw_only=True)
class Bulletin:
    """A quarter. `growth` against the same quarter of the year before, `since_last` against the quarter before."""

    year: int
    quarter: int
    total: int
    growth: float | None
    since_last: float | None
    forwarded: int
    lines: tuple[BulletinLine, ...]
    median: measuring.Ratios
    causes: tuple[tuple[str, int, float], ...]
    covers: tuple[tuple[str, int, float], ...]
    # Cause by the ten with most complaints: the names, then (cause, a number for each of them).
    heads: tuple[str, ...] = ()
    table: tuple[tuple[str, tuple[int, ...]], ...] = ()
    rankings: Mapping[str, tuple[BulletinLine, ...]] = field(default_factory=dict)
    counted_at: datetime | None = None

    @property
    def share_forwarded(self) -> float | None:
        return self.forwarded / self.total if self.total else None


def bulletin(
    actor: Actor, *, year: int, quarter: int, language: str, today: date, level: str = "province",
    basis: str = "in_force",
) -> Bulletin:  # fmt: skip
    """Complaints received in a quarter, against the business of that quarter. Raises NotPermitted."""
    everything = access.visible_complaints(actor, "complaints.report").filter(source="").exclude(state="merged")
    inside = _within(everything, year, quarter)
    total = inside.count()
    units = _units(actor, level)
    numbers = dict(inside.exclude(unit=None).values_list("unit__path").annotate(n=Count("pk")))
    lines = _lines(year, quarter, basis, units, numbers)
    content = schemes.active(taxonomy.TAXONOMY, on=today).content
    causes = taxonomy.words_of(content, "causes", language)
    matters = Matter.objects.filter(complaint__in=inside)
    heads = [line.name for line in lines[:TOP] if line.complaints and line.name in units]
    return Bulletin(
        year=year, quarter=quarter, total=total, growth=measuring.growth(total, _count(everything, year - 1, quarter)),
        since_last=measuring.growth(total, _count(everything, *_quarter_before(year, quarter))),
        forwarded=inside.filter(forwarded_at__isnull=False).count(), lines=tuple(lines),
        median=measuring.Ratios(
            per_premium=measuring.middle([line.ratios.per_premium for line in lines]),
            per_policies=measuring.middle([line.ratios.per_policies for line in lines]),
            per_insured=measuring.middle([line.ratios.per_insured for line in lines]),
        ),
        causes=_counted(matters, "cause", causes, total),
        covers=_counted(matters, "line", taxonomy.words_of(content, "lines", language), total),
        heads=tuple(heads), table=_table(matters, heads, units, causes),
        rankings={name: _ranked(lines, name) for name in ("per_premium", "per_policies", "per_insured")},
        counted_at=Volume.objects.filter(year=year, quarter=quarter).order_by("counted_at")
        .exclude(counted_at=None).values_list("counted_at", flat=True).first(),
    )  # fmt: skip


def is_counted(actor: Actor, *, year: int, quarter: int) -> bool:
    """Whether the business of this quarter was counted in the policies on record. Raises NotPermitted."""
    actor.require("complaints.report")
    return Volume.objects.filter(year=year, quarter=quarter, counted_at__isnull=False).exists()


def levels_of(actor: Actor) -> list[str]:
    """The levels there are units of within reach, the highest first: who leads a sub-branch reads sub-branches."""
    found = {one.level for one in org.find_units(actor, permission="complaints.report", limit=5_000)}
    return [level for level in LEVELS if level in found] or [LEVELS[0]]


def _units(actor: Actor, level: str) -> dict[str, tuple[UUID, str]]:
    """Name → (key, path) of the units of this level within reach; the code tells units of one name apart."""
    found = [one for one in org.find_units(actor, permission="complaints.report", limit=5_000) if one.level == level]
    named = Counter(one.name for one in found)
    return {one.name if named[one.name] == 1 else f"{one.name} {one.code}": (one.id, one.path) for one in found}


def _lines(
    year: int, quarter: int, basis: str, units: Mapping[str, tuple[UUID, str]], numbers: Mapping[str, int]
) -> list[BulletinLine]:
    volumes = list(Volume.objects.filter(year=year, quarter=quarter))
    of_unit = {one.unit_id: one for one in volumes if one.unit_id}
    made = []
    for name, (key, path) in units.items():
        count = sum(n for at, n in numbers.items() if at.startswith(path))
        volume = of_unit.get(key)
        if volume is not None or count:
            made.append(_line(name, count, volume, basis))
    made += [_line(one.name, one.complaints or 0, one, basis) for one in volumes if one.unit_id is None]
    return sorted(made, key=lambda line: (-line.complaints, line.name))


def _line(name: str, complaints: int, volume: Volume | None, basis: str) -> BulletinLine:
    counted = entered = None
    if volume is not None and volume.counted_at is not None:
        policies = volume.counted_signed if basis == "signed" else volume.counted_policies
        counted = Business(
            premium_fen=volume.counted_premium_fen or 0, policies=policies or 0, insured=volume.counted_insured or 0
        )
    if volume is not None and volume.entered_at is not None:
        entered = Business(premium_fen=volume.premium_fen, policies=volume.policies, insured=volume.insured)
    empty = Business(premium_fen=0, policies=0, insured=0)
    base, over = counted or empty, entered or empty
    # A figure left at nought was not entered: what was counted stands.
    used = Business(
        premium_fen=over.premium_fen or base.premium_fen, policies=over.policies or base.policies,
        insured=over.insured or base.insured,
    )  # fmt: skip
    ratios = measuring.ratios(
        complaints, premium_fen=used.premium_fen, policies=used.policies, insured=used.insured
    )  # fmt: skip
    return BulletinLine(name=name, complaints=complaints, used=used, counted=counted, entered=entered, ratios=ratios)


def _ranked(lines: Sequence[BulletinLine], name: str) -> tuple[BulletinLine, ...]:
    """The ten with the highest ratio; those without business to divide by are left out."""
    known = [(getattr(line.ratios, name), line) for line in lines if getattr(line.ratios, name) is not None]
    return tuple(line for _ratio, line in sorted(known, key=lambda pair: (-pair[0], pair[1].name))[:TOP])


def _table(
    matters: QuerySet[Matter], heads: Sequence[str], units: Mapping[str, tuple[UUID, str]], words: Mapping[str, str]
) -> tuple[tuple[str, tuple[int, ...]], ...]:
    rows = matters.exclude(complaint__unit=None).values_list("cause", "complaint__unit__path")
    found: dict[str, list[int]] = {}
    for cause, path, n in rows.annotate(n=Count("complaint", distinct=True)):
        numbers = found.setdefault(cause, [0] * len(heads))
        for place, name in enumerate(heads):
            if path.startswith(units[name][1]):
                numbers[place] += n
    ordered = sorted(found.items(), key=lambda pair: (-sum(pair[1]), pair[0]))
    return tuple((words.get(cause, cause or "—"), tuple(numbers)) for cause, numbers in ordered[:TOP])


def _counted(
    rows: QuerySet[Matter], column: str, words: Mapping[str, str], total: int
) -> tuple[tuple[str, int, float], ...]:  # fmt: skip
    found = rows.values_list(column).annotate(n=Count("complaint", distinct=True)).order_by("-n", column)
    return tuple((words.get(code, code or "—"), n, n / total if total else 0.0) for code, n in found[:TOP])


def _within(rows: QuerySet[Complaint], year: int, quarter: int) -> QuerySet[Complaint]:
    begin, end = bounds(year, quarter)
    return rows.filter(received_at__gte=begin, received_at__lt=end)


def _count(rows: QuerySet[Complaint], year: int, quarter: int) -> int:
    return _within(rows, year, quarter).count()


def _quarter_before(year: int, quarter: int) -> tuple[int, int]:
    return (year, quarter - 1) if quarter > 1 else (year - 1, 4)


def quarters(today: date) -> list[tuple[int, int]]:
    """The last eight quarters, the running one first."""
    made = [(today.year, (today.month - 1) // 3 + 1)]
    while len(made) < 8:
        made.append(_quarter_before(*made[-1]))
    return made


def bounds(year: int, quarter: int) -> tuple[datetime, datetime]:
    """The quarter as moments in China, half-open."""
    first, end = days(year, quarter)
    midnight = datetime.min.time()
    return (
        datetime.combine(first, midnight, numbering.CHINA),
        datetime.combine(end + timedelta(days=1), midnight, numbering.CHINA),
    )


def days(year: int, quarter: int) -> tuple[date, date]:
    """The first and the last day of a quarter."""
    month = quarter * 3 - 2
    after = date(year + (month == 10), 1 if month == 10 else month + 3, 1)
    return date(year, month, 1), after - timedelta(days=1)
