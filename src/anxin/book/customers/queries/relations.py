"""Who stands around a customer: relations read from either end, and a picture of them with fixed places."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Case, F, Q, QuerySet, Value, When
from django.utils.translation import gettext as _

from anxin.book.customers import access, data
from anxin.book.customers.data import CustomerFile, Family, RelatedParty
from anxin.book.customers.models import Party, Relation
from anxin.kernel.actor import Actor
from anxin.kernel.statements import Json

MOST: Final = 60
DRAWN: Final = 24
_WIDTH: Final = 480
_HEIGHT: Final = 340
_COLOURS: Final = {"family": "c2", "business": "c3", "social": "c5"}


def family_of(actor: Actor, file: CustomerFile) -> Family:
    """Relations of a file the actor has reached, with their picture."""
    members = members_of(actor, file, limit=MOST + 1)
    return Family(members=members[:MOST], is_cut=len(members) > MOST, picture=picture(file, members[:MOST]))


def members_of(actor: Actor, file: CustomerFile, *, limit: int = MOST) -> tuple[RelatedParty, ...]:
    """At most three queries, one when there are none. Names outside the reach are masked and have no reference."""
    rows = list(
        Relation.objects.filter(Q(from_party=file.id) | Q(to_party=file.id)).order_by("created_at", "id")[:limit]
    )
    if not rows:
        return ()
    ends = {row.to_party_id if row.from_party_id == file.id else row.from_party_id for row in rows}
    columns = ("id", "ref", "name", "kind", "standing__active_policies", "standing__tier")
    parties = {row["id"]: row for row in Party.objects.filter(pk__in=ends).values(*columns)}
    reached = set(access.visible_parties(actor).filter(pk__in=ends).values_list("pk", flat=True))
    return tuple(_member(row, file.id, parties, reached) for row in rows)


def _member(row: Relation, me: UUID, parties: dict[UUID, dict[str, Any]], reached: set[UUID]) -> RelatedParty:
    outgoing = row.from_party_id == me
    other = row.to_party_id if outgoing else row.from_party_id
    party = parties[other]
    # The row says what `from_party` is to `to_party`; the customer wants to know what the other one is.
    known = data.RELATION_KINDS.get(row.kind)
    kind = row.kind if not outgoing else known.reverse if known else row.kind
    told = data.RELATION_KINDS.get(kind)
    within = other in reached
    return RelatedParty(
        relation_id=row.pk, party_id=other, ref=party["ref"] if within else "",
        name=party["name"] if within else access.shown("name", party["name"]), party_kind=party["kind"], kind=kind,
        group=told.group if told else "social", note=row.note, is_confirmed=row.is_confirmed, source=row.source,
        active_policies=(party["standing__active_policies"] or 0) if within else 0,
        tier=(party["standing__tier"] or "") if within else "",
        person_role=row.person_role, from_date=row.from_date, until_date=row.until_date,
    )  # fmt: skip


def rows(me: Any, mine: str, other: str, within: Q) -> QuerySet[Any, Any]:
    """For the file as one document: relations in which the customer is `mine` and another is `other`, as Json."""
    is_within = Q(within, **{f"{other}__state": "active"})
    return (
        Relation.objects.filter(**{mine: me})
        .annotate(is_within=Case(When(is_within, then=Value(True)), default=Value(False)))
        .order_by("created_at", "id")
        .values(one=Json("id", "kind", "created_at", "is_within", ref=F(f"{other}__ref"), name=F(f"{other}__name")))
    )[:MOST]


def plain(outgoing: Sequence[dict[str, Any]], incoming: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """What `rows` found from either end as plain values."""
    reverse = {kind: told.reverse for kind, told in data.RELATION_KINDS.items()}
    both = [(one, reverse.get(one["kind"], one["kind"])) for one in outgoing] + [(one, one["kind"]) for one in incoming]
    both.sort(key=lambda pair: (datetime.fromisoformat(pair[0]["created_at"]), pair[0]["id"]))
    return [
        {
            "kind": kind,
            "name": one["name"] if one["is_within"] else access.shown("name", one["name"]),
            "ref": one["ref"] if one["is_within"] else None,
        }
        for one, kind in both[:MOST]
    ]


def picture(file: CustomerFile, members: Sequence[RelatedParty]) -> dict[str, object]:
    """Nodes and links for the chart. Family around the middle, business and acquaintances at the right and above."""
    drawn = _once(members)[:DRAWN]
    nodes: list[dict[str, object]] = [
        {"id": "0", "name": file.name, "note": "", "x": _WIDTH // 2, "y": _HEIGHT // 2, "size": 52,
         "kind": "person" if file.is_person else "company", "color": "c1"}
    ]  # fmt: skip
    links = []
    for number, (member, (x, y)) in enumerate(zip(drawn, _places(drawn), strict=True), 1):
        told = data.RELATION_KINDS.get(member.kind)
        shape = (
            "company"
            if member.party_kind == "organisation"
            else "referral"
            if told and told.shape == "referral"
            else "person"
        )
        nodes.append(
            {"id": str(number), "name": member.name, "note": _(told.label) if told else member.kind, "x": x, "y": y,
             "size": 36 if member.group == "family" else 30, "kind": shape, "color": _COLOURS[member.group]}
        )  # fmt: skip
        links.append({"source": "0", "target": str(number), "dashed": member.group != "family"})
    return {"nodes": nodes, "links": links}


def _once(members: Iterable[RelatedParty]) -> list[RelatedParty]:
    found: dict[UUID, RelatedParty] = {}
    for member in members:
        found.setdefault(member.party_id, member)
    order = ("family", "business", "social")
    return sorted(found.values(), key=lambda one: order.index(one.group))


def _places(members: Sequence[RelatedParty]) -> list[tuple[int, int]]:
    """On an ellipse, every group in its own stretch, the same for the same members."""
    count = len(members)
    places = []
    for position in range(count):
        # From lower left over the top to lower right: straight below the middle stands its name.
        angle = math.radians(130 + (280 * position / (count - 1) if count > 1 else 140))
        ring = 1.0 if count <= 10 or position % 2 == 0 else 0.62
        x = _WIDTH / 2 + ring * (_WIDTH / 2 - 60) * math.cos(angle)
        y = _HEIGHT / 2 + ring * (_HEIGHT / 2 - 30) * math.sin(angle)
        places.append((round(x), round(y)))
    return places
