"""The linkage model in force, and how people decided at which weight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

from django.db.models import Count, Q

from anxin.analytics.linkage.model import Model
from anxin.book.matching import access
from anxin.book.matching.data import CandidateState
from anxin.book.matching.models import Candidate, Run
from anxin.book.matching.rules import models as scheme
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor

BANDS: Final = ((None, 0.0), (0.0, 2.0), (2.0, 4.0), (4.0, 6.0), (6.0, 8.0), (8.0, None))


@dataclass(frozen=True, kw_only=True)
class Weighed:
    """One level of one comparison: `weight` is log2(m / u)."""

    field: str
    level: str
    weight: float
    m: float
    u: float


@dataclass(frozen=True, kw_only=True)
class Band:
    """How people judged pairs of a stretch of weights."""

    low: float | None
    high: float | None
    same: int
    different: int
    waiting: int


@dataclass(frozen=True, kw_only=True)
class InForce:
    scheme: str
    version: int
    certain: float
    review: float
    is_automatic: bool
    prior: float
    levels: tuple[Weighed, ...]
    bands: tuple[Band, ...]
    last_run: Run | None = None


def in_force(actor: Actor, kind: str, *, today: date) -> InForce:
    """Raises NotPermitted."""
    actor.require(access.VIEW)
    active = schemes.active(scheme.SCHEMES[kind], on=today)
    model = scheme.model_of(kind, active.content)
    return InForce(
        scheme=active.kind, version=active.version, certain=model.thresholds.certain, review=model.thresholds.review,
        is_automatic=bool(active.content["is_automatic"]), prior=model.prior,
        levels=tuple(
            Weighed(field=one.code, level=level.code, weight=level.weight, m=level.m or 0.0, u=level.u or 0.0)
            for one in model.comparisons
            for level in one.levels
        ),
        bands=_bands(kind), last_run=Run.objects.filter(state=Run.State.DONE).order_by("-started_at").first(),
    )  # fmt: skip


_kept: Final = scheme.Kept()


def current(kind: str, today: date) -> Model:
    """The model in force on a day, for rooms that weigh single pairs. One query."""
    active = schemes.active(scheme.SCHEMES[kind], on=today)
    return _kept.get(kind, active.version, active.content)


def _bands(kind: str) -> tuple[Band, ...]:
    wanted = {}
    for number, (low, high) in enumerate(BANDS):
        within = Q(weight__gte=low) if low is not None else Q()
        within &= Q(weight__lt=high) if high is not None else Q()
        for name, states in (
            ("same", [CandidateState.MERGED]), ("different", [CandidateState.DIFFERENT]),
            ("waiting", [CandidateState.OPEN, CandidateState.LATER]),
        ):  # fmt: skip
            wanted[f"{name}_{number}"] = Count("pk", filter=within & Q(state__in=states))
    found = Candidate.objects.filter(left__kind=kind).aggregate(**wanted)
    return tuple(
        Band(
            low=low, high=high, same=found[f"same_{number}"], different=found[f"different_{number}"],
            waiting=found[f"waiting_{number}"],
        )
        for number, (low, high) in enumerate(BANDS)
    )  # fmt: skip
