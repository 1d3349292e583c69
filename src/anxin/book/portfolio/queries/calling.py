"""Policies and claims whose customers are called: what the room of call-backs lives on. For the system itself.

Conditions and queries, no rows: the room above writes what they find in the database. `prefix` leads from the model of
a query to its policy ("policy__"); "" for queries of policies.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime, timedelta

from django.db.models import Case, DateField, F, Q, QuerySet, When
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Coalesce

from anxin.book.portfolio.models import Claim, Policy

# Contracts that were never taken up, or ended before anybody could call.
GONE = (Policy.Status.CANCELLED, Policy.Status.SURRENDERED, Policy.Status.TERMINATED)


def sold(*, lines: Collection[str], longer_than_days: int, since: date) -> QuerySet[Policy]:
    """New contracts of single customers in these lines that took effect from `since` on and run for more than so many
    days (or for life). A term that follows another is not new."""
    runs_long = Q(expiry_date=None) | Q(expiry_date__gt=F("effective_date") + timedelta(days=longer_than_days))
    return Policy.objects.filter(
        runs_long, line__in=list(lines), effective_date__gte=since, is_group_header=False, group_policy_no="",
        previous_policy_no="", holder__state="active",
    ).exclude(status__in=GONE)  # fmt: skip


def accepted(prefix: str = "") -> Coalesce:
    """The day the policy was accepted and paid for: as the source says, else the day it took effect."""
    said = Cast(KeyTextTransform("underwritten_date", F(f"{prefix}attributes")), DateField())
    return Coalesce(said, F(f"{prefix}effective_date"))


def receipt(today: date, prefix: str = "") -> Case:
    """The day the receipt was signed; null when there is none, or one that lies ahead."""
    return Case(
        When(Q(**{f"{prefix}receipt_date__lte": today}), then=F(f"{prefix}receipt_date")),
        default=None, output_field=DateField(),
    )  # fmt: skip


def ended_by(day: str, *, today: date, prefix: str = "") -> Q:
    """The contract ended up to the day in the column `day`. Without the day of its end: while that day is not over."""
    return Q(**{f"{prefix}status__in": GONE}) & (
        Q(**{f"{prefix}ended_date__lte": F(day)}) | (Q(**{f"{prefix}ended_date": None}) & Q(**{f"{day}__gte": today}))
    )


def closed_claims(*, since: datetime, until: datetime) -> QuerySet[Claim]:
    """Claims of living customers that ended in this time, withdrawn ones and recoveries not among them."""
    return (
        Claim.objects.filter(closed_at__gte=since, closed_at__lt=until, is_recovery=False)
        .exclude(conclusion="withdrawn")
        .filter(Q(claimant__state="active") | Q(claimant=None, policy__holder__state="active"))
    )
