"""Who belongs to a segment: conditions as one query over the profiles, within the actor's reach."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from anxin.book.customers import queries as customers
from anxin.book.segments.models import Profile, Segment, SegmentMember
from anxin.book.segments.queries import last_result, own
from anxin.book.segments.rules import conditions
from anxin.book.segments.rules.conditions import Field, Sort, Tree
from anxin.kernel.actor import Actor


class InvalidCondition(ValueError):
    """The condition cannot be read; `codes` say why."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        super().__init__(", ".join(codes))


@dataclass(frozen=True, kw_only=True)
class Size:
    parties: int
    premium_fen: int


@dataclass(frozen=True, kw_only=True)
class Member:
    """One customer of a segment, names masked by nobody: whoever reaches the customer may read the name."""

    party_id: UUID
    ref: str
    name: str
    manager: str
    unit: str
    annual_premium_fen: int
    active_policies: int
    tier: str
    abc: str
    value_tier: str
    lifecycle: str


def count(actor: Actor, tree: Tree, *, today: date) -> Size:
    """How many customers within the reach fulfil a condition, and their annual premium. Raises InvalidCondition."""
    profiles = matching(actor, tree, today=today)
    file = last_result.file_for(actor) if last_result.knows(tree) else None
    found = last_result.count(file, tree, today=today) if file is not None else None
    return Size(parties=found[0], premium_fen=found[1]) if found is not None else size(profiles)


def count_of(actor: Actor, segment: Segment, *, today: date) -> Size:
    """The same of a saved segment."""
    if segment.kind == Segment.Kind.CONDITION:
        return count(actor, segment.condition, today=today)
    return size(of_segment(actor, segment, today=today))


def size(profiles: QuerySet[Profile]) -> Size:
    found = profiles.aggregate(parties=Count("pk"), premium=Coalesce(Sum("annual_premium_fen"), 0))
    return Size(parties=found["parties"], premium_fen=int(found["premium"]))


def matching(actor: Actor, tree: Tree, *, today: date, permission: str = "segments.view") -> QuerySet[Profile]:
    known = own.fields_of(tree)
    if codes := conditions.problems(tree, known=known):
        raise InvalidCondition(codes)
    reach = customers.reach(actor, permission, prefix="party__")
    # The profiles are of living files; who erased or merged one since last night is found by the join of the list.
    return Profile.objects.filter(reach & as_condition(tree, today=today, known=known))


def as_condition(tree: Tree, *, today: date, known: Mapping[str, Field] = conditions.FIELDS) -> Q:
    """A checked condition as a condition on Profile. An empty group asks nothing."""
    if conditions.is_group(tree):
        parts = [as_condition(child, today=today, known=known) for child in conditions.children(tree)]
        found = Q()
        for part in parts:
            found = found | part if "any" in tree else found & part
        return found
    field = known[str(tree["field"])]
    if field.group == own.GROUP:
        return own.compared(field, str(tree["op"]), tree.get("value"), today)
    return _compared(field, str(tree["op"]), tree.get("value"), today)


def _compared(field: Field, operator: str, value: Any, today: date) -> Q:
    name = field.column
    if field.sort is Sort.CHOICE:
        wanted = Q(**{f"{name}__in": value})
        return ~wanted if operator == "not_in" else wanted
    if field.sort is Sort.TEXT:
        if operator == "unknown":
            return Q(**{name: ""}) | Q(**{f"{name}__isnull": True})
        return Q(**{f"{name}__contains": value}) if operator == "contains" else Q(**{name: value})
    if field.sort is Sort.DATE:
        name = f"{name}__date" if field.code == "last_contact_at" else name
        if operator == "unknown":
            return Q(**{f"{field.column}__isnull": True})
        if operator in ("before", "from"):
            return Q(**{f"{name}__{'lt' if operator == 'before' else 'gte'}": date.fromisoformat(value)})
        days = timedelta(days=value)
        if operator == "within_days":
            return Q(**{f"{name}__gte": today, f"{name}__lte": today + days})
        if operator == "last_days":
            return Q(**{f"{name}__gte": today - days, f"{name}__lte": today})
        return Q(**{f"{name}__lte": today - days})
    return Q(**{name if operator == "eq" else f"{name}__{operator}": value})


def of_segment(actor: Actor, segment: Segment, *, today: date, permission: str = "segments.view") -> QuerySet[Profile]:
    if segment.kind == Segment.Kind.CONDITION:
        return matching(actor, segment.condition, today=today, permission=permission)
    listed = SegmentMember.objects.filter(segment=segment, party=OuterRef("party"))
    return matching(actor, {"all": []}, today=today, permission=permission).filter(Exists(listed))


def list_members(profiles: QuerySet[Profile], limit: int = 50) -> list[Member]:
    """The largest by premium; one query."""
    rows = (
        profiles.filter(party__state="active")
        .select_related("party__manager", "party__unit")
        .order_by("-annual_premium_fen", "party_id")[:limit]
    )
    return [member(row) for row in rows]


def member(row: Profile) -> Member:
    party = row.party
    return Member(
        party_id=party.pk, ref=party.ref, name=party.name, manager=party.manager.display_name if party.manager else "",
        unit=party.unit.name if party.unit else "", annual_premium_fen=row.annual_premium_fen,
        active_policies=row.active_policies, tier=row.tier, abc=row.abc, value_tier=row.value_tier,
        lifecycle=row.lifecycle,
    )  # fmt: skip


def overlap(actor: Actor, one: Segment, other: Segment, *, today: date) -> Mapping[str, int]:
    """How many are in both, and in one only: keys both, first, second."""
    first, second = of_segment(actor, one, today=today), of_segment(actor, other, today=today)
    both = first.filter(pk__in=second.values("pk")).count()
    return {"both": both, "first": first.count() - both, "second": second.count() - both}


def party_ids(actor: Actor, segment_id: UUID, *, today: date) -> QuerySet[Profile, UUID]:
    """Keys of the members within the reach, for rooms above. Raises Segment.DoesNotExist."""
    from anxin.book.segments import access

    segment = access.get_segment(actor, segment_id)
    return of_segment(actor, segment, today=today).values_list("party_id", flat=True)
