"""The board of complaints, and what other pages say of them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from anxin.book.customers import queries as customers
from anxin.foundation.schemes import queries as schemes
from anxin.foundation.schemes.data import Content
from anxin.kernel.actor import Actor
from anxin.kernel.words import mark as _
from anxin.service.complaints import access
from anxin.service.complaints.models import Complaint
from anxin.service.complaints.rules import flow, routing, taxonomy
from anxin.service.complaints.rules import templates as templates_rules
from anxin.service.desk.queries import glance

MOST: Final = 100
_CLOSED: Final = list(flow.CLOSED)


@dataclass(frozen=True, kw_only=True)
class BoardFilter:
    """What the board shows. `show` "": open, waiting (not dispatched yet), mine, late, watched, done."""

    show: str = ""
    state: str = ""
    line: str = ""
    cause: str = ""
    channel: str = ""
    severity: str = ""
    text: str = ""


def list_complaints(actor: Actor, wanted: BoardFilter, *, now: datetime) -> QuerySet[Complaint]:
    """Raises NotPermitted. Texts are looked for in the number, the policy, the claim and the name, by beginning."""
    rows = access.visible_complaints(actor).select_related("handler", "unit", "party")
    rows = rows.filter(state__in=_CLOSED) if wanted.show == "done" else rows.exclude(state__in=_CLOSED)
    if wanted.show == "mine":
        rows = rows.filter(Q(handler=actor.user_id) | Q(registered_by=actor.user_id))
    elif wanted.show == "waiting":
        rows = rows.filter(state__in=routing.UNSENT)
    elif wanted.show == "late":
        rows = rows.filter(Q(due_at__lte=now) | Q(target_due_at__lte=now))
    elif wanted.show == "watched":
        rows = rows.filter(is_supervised=True)
    for name in ("state", "line", "cause", "channel", "severity"):
        if value := getattr(wanted, name):
            rows = rows.filter(**{name: value})
    if text := wanted.text.strip():
        rows = rows.filter(
            Q(ref__startswith=text.upper()) | Q(policy_no=text) | Q(claim_no=text) | Q(complainant__startswith=text)
        )
    return rows


def counts(actor: Actor, *, now: datetime) -> dict[str, int]:
    """Open, late by law, about to be late, watched: counted up to a hundred each."""
    rows = access.visible_complaints(actor).exclude(state__in=_CLOSED)
    return {
        "open": rows[:MOST].count(),
        "late": rows.filter(due_at__lte=now, told_at__isnull=True)[:MOST].count(),
        "amber": rows.filter(amber_at__lte=now, due_at__gt=now, told_at__isnull=True)[:MOST].count(),
        "waiting": rows.filter(state__in=routing.UNSENT)[:MOST].count(),
        "target": rows.filter(target_due_at__lte=now)[:MOST].count(),
        "watched": rows.filter(is_supervised=True)[:MOST].count(),
    }


def count_late(actor: Actor, *, now: datetime) -> tuple[int, int]:
    """Open ones in reach, and of them those past a day, counted over the first hundred: for the rail, one query."""
    rows = access.visible_complaints(actor).exclude(state__in=_CLOSED).order_by("due_at", "id")[:MOST]
    late = Q(due_at__lte=now, told_at__isnull=True) | Q(target_due_at__lte=now)
    found = rows.aggregate(count=Count("pk"), late=Count("pk", filter=late))
    return found["count"], found["late"]


def by_state(actor: Actor) -> dict[str, int]:
    """Open complaints per state within reach, counted over at most a thousand."""
    rows = access.visible_complaints(actor).exclude(state__in=_CLOSED).order_by("due_at", "id")
    inside = Complaint.objects.filter(pk__in=rows.values("pk")[:1_000])
    return dict(inside.values_list("state").annotate(n=Count("pk")))


def words(language: str, *, today: date) -> dict[str, dict[str, str]]:
    """Code → word of every group of the taxonomy."""
    content = schemes.active(taxonomy.TAXONOMY, on=today).content
    return {group: taxonomy.words_of(content, group, language) for group in taxonomy.GROUPS}


def templates(*, today: date) -> Content:
    """The texts of the scheme `complaints.templates`."""
    return schemes.active(templates_rules.TEMPLATES, on=today).content


def detail_parents(*, today: date) -> dict[str, str]:
    """Detailed cause → its cause."""
    content = schemes.active(taxonomy.TAXONOMY, on=today).content
    return {row["code"]: row.get("parent", "") for row in taxonomy.rows_of(content, "details")}


def of_party(actor: Actor, ref: str) -> tuple[UUID, list[Complaint]]:
    """(the customer, their last twenty complaints within reach). Raises NotPermitted and CustomerNotFound."""
    party = customers.get_party(actor, ref)
    rows = access.visible_complaints(actor).filter(party=party).select_related("handler")
    return party.pk, list(rows.order_by("-received_at", "-id")[:20])


def lines_for_caller(actor: Actor, party_id: UUID, now: datetime) -> list[glance.Line]:
    """What an agent on the telephone must know: that complaints are open, and which of them the agent may open."""
    rows = list(Complaint.objects.filter(party=party_id).exclude(state__in=_CLOSED).order_by("received_at")[:5])
    if not rows:
        return []
    reached: set[UUID] = set()
    if actor.may("complaints.view"):
        mine = access.visible_complaints(actor).filter(pk__in=[one.pk for one in rows])
        reached = set(mine.values_list("pk", flat=True))
    return [
        glance.Line(
            icon="message-report", kind=_("Complaint"), text=one.ref if one.pk in reached else "",
            url=f"/complaints/{one.ref}/" if one.pk in reached else "",
            note=_("Past its limit") if one.due_at is not None and one.due_at <= now else _("Not closed"),
            level="danger" if one.due_at is not None and one.due_at <= now else "warn", due_at=one.due_at,
        )
        for one in rows
    ]  # fmt: skip


def silent_since(party_id: UUID, *, today: date) -> tuple[bool, date | None]:
    """(no marketing to this customer now, until which day it is known to last). Asks for no permission: a door."""
    rows = Complaint.objects.filter(party=party_id)
    if rows.exclude(state__in=_CLOSED).exists():
        return True, None
    last = rows.filter(silent_until__gt=today).order_by("-silent_until").values_list("silent_until", flat=True).first()
    return last is not None, last


def silences(today: date) -> QuerySet[Any, Any]:
    """Keys of all customers who are not to be approached for marketing on a day, for `permissions.register_silence`."""
    rows = Complaint.objects.filter(party__isnull=False).order_by()
    # Two small indexes, not one OR over all complaints there ever were.
    later = rows.filter(silent_until__gt=today).values("party")
    return rows.exclude(state__in=_CLOSED).values("party").union(later, all=True)


def silent_parties(party_ids: list[UUID], *, today: date) -> set[UUID]:
    """Which of these customers are not to be approached for marketing today."""
    rows = Complaint.objects.filter(party__in=party_ids)
    found = rows.filter(~Q(state__in=_CLOSED) | Q(silent_until__gt=today)).values_list("party_id", flat=True)
    return {key for key in found if key is not None}
