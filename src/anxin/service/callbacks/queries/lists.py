"""The list of call-backs: parts of it, counted up to a hundred, and the panel of one customer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from django.db.models import CharField, Count, Q, QuerySet, Value

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import permissions
from anxin.kernel.actor import Actor
from anxin.service.callbacks import access
from anxin.service.callbacks.data import QUIET_KINDS, CallBackFilter, CallBackRow, Kind, Lane, State
from anxin.service.callbacks.models import CallBack
from anxin.service.callbacks.rules import due

# Counters stop here: the pages show “99+”.
COUNTED: Final = 100
COLUMNS: Final = (
    "id", "kind", "state", "round", "party__ref", "party__name", "party__standing__tier", "policy_no",
    "policy__product_name", "line", "channel", "unit__name", "owner_id", "owner__display_name", "receipt_date",
    "is_assumed", "cooling_ends", "starts_at", "due_at", "not_before", "attempts", "ended_at", "score", "version",
)  # fmt: skip


def select(actor: Actor, wanted: CallBackFilter, *, now: datetime) -> QuerySet[Any, Any]:
    """The rows of a part of the list, in no order yet: the edge pages them, `row_of` makes each a CallBackRow."""
    rows = _lane(access.visible(actor), wanted.lane, actor, now)
    if wanted.kinds:
        rows = rows.filter(kind__in=wanted.kinds)
    if wanted.unit_id:
        rows = rows.filter(unit=wanted.unit_id)
    if text := wanted.text.strip().replace("\x00", ""):
        rows = rows.filter(Q(policy_no=text) | Q(party__ref=text.upper()) | Q(party__name=text))
    found: QuerySet[Any, Any] = rows.values(*COLUMNS)
    return found


def list_open(actor: Actor, *, now: datetime, kind: Kind | None = None) -> QuerySet[Any, Any]:
    """Open call-backs within reach whose customer is not silent, for the API: an outside dialler calls all of them."""
    rows = access.visible(actor).filter(ended_at__isnull=True).exclude(_quiet(now))
    if kind is not None:
        rows = rows.filter(kind=kind)
    found: QuerySet[Any, Any] = rows.values(*COLUMNS)
    return found


def counts(actor: Actor, *, now: datetime) -> Mapping[str, int]:
    """Call-backs of each part, at most COUNTED of each, in one query; `amber`: about to be late."""
    rows = access.visible(actor)
    parts = {lane.value: _lane(rows, lane, actor, now) for lane in Lane if lane is not Lane.DONE}
    parts["amber"] = rows.filter(ended_at__isnull=True, amber_at__lte=now, due_at__gt=now)
    limited = [
        part.order_by().values_list(Value(code, output_field=CharField()))[:COUNTED] for code, part in parts.items()
    ]
    first, *others = limited
    return Counter(code for (code,) in first.union(*others, all=True))


def count_late(actor: Actor, *, now: datetime) -> tuple[int, int]:
    """What is open within reach and about to be late, and of that what is late, over the first hundred: for the rail,
    one query."""
    rows = access.visible(actor).filter(ended_at__isnull=True, amber_at__lte=now).order_by("due_at", "id")[:COUNTED]
    found = rows.aggregate(count=Count("pk"), late=Count("pk", filter=Q(due_at__lte=now)))
    return found["count"], found["late"]


def of_customer(actor: Actor, ref: str, *, limit: int = 20) -> list[CallBackRow]:
    """The latest call-backs of one customer, for whoever reaches the customer. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, "callbacks.view")
    rows = CallBack.objects.filter(party=party.pk).order_by("-due_at", "-pk")
    return [row_of(row) for row in rows.values(*COLUMNS)[:limit]]


def row_of(row: Mapping[str, Any]) -> CallBackRow:
    same = {name: row[name] for name in COLUMNS if "__" not in name and name not in {"kind", "state"}}
    return CallBackRow(
        **same, kind=Kind(row["kind"]), state=State(row["state"]), party_ref=row["party__ref"],
        party_name=row["party__name"], tier=row["party__standing__tier"] or "",
        product_name=row["policy__product_name"] or "", unit_name=row["unit__name"] or "",
        owner_name=row["owner__display_name"] or "",
    )  # fmt: skip


def _quiet(now: datetime) -> Q:
    """Waits for the end of a complaint."""
    return permissions.is_silent("party", today=due.day_of(now)) & Q(kind__in=QUIET_KINDS)


def _lane(rows: QuerySet[CallBack], lane: Lane, actor: Actor, now: datetime) -> QuerySet[CallBack]:
    if lane is Lane.DONE:
        return rows.filter(ended_at__isnull=False)
    if lane is Lane.PROBLEMS:
        return rows.filter(state=State.PROBLEM, found__solved_at__isnull=True)
    rows = rows.filter(ended_at__isnull=True)
    if lane is Lane.MINE:
        return rows.filter(owner=actor.user_id)
    if lane is Lane.COOLING:
        return rows.filter(kind=Kind.NEW_BUSINESS, due_at__gt=now)
    if lane is Lane.LATE:
        return rows.filter(due_at__lte=now)
    if lane is Lane.FALLBACK:
        return rows.filter(state=State.FALLBACK)
    if lane is Lane.PUT_OFF:
        return rows.filter(Q(not_before__gt=now) | _quiet(now), state=State.WAITING)
    rows = rows.exclude(_quiet(now))
    return rows.filter(state=State.WAITING, owner__isnull=True, not_before__lte=now)
