"""What service a customer of a class gets, and what was given."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Sum
from django.utils.translation import get_language

from anxin.book.customers import queries as customers
from anxin.book.customers.queries import merged, standings
from anxin.book.segments import queries as segments
from anxin.foundation.schemes import queries as schemes
from anxin.kernel.actor import Actor
from anxin.service.managers import rules
from anxin.service.managers.data import CLASSES, TIERS, GivenView, ItemUse, PackageOf
from anxin.service.managers.models import Given

MOST_GIVEN: Final = 200


@dataclass(frozen=True, kw_only=True)
class TierPackage:
    """What a tier gets a year, and what that costs for one customer and for all within the reader's reach."""

    tier: str
    items: int
    times: int
    cost_fen: int
    minutes: int
    customers: int

    @property
    def total_fen(self) -> int:
        return self.cost_fen * self.customers


@dataclass(frozen=True, kw_only=True)
class Catalogue:
    """The catalogue of a day: `rows` are the items with times a year per tier, in the order of TIERS."""

    version: int
    effective_from: date | None
    rows: tuple[tuple[rules.Item, str, tuple[int, ...]], ...]
    tiers: tuple[TierPackage, ...]
    extras: tuple[Mapping[str, Any], ...]


def catalogue(actor: Actor, *, on: date) -> Catalogue:
    """The dry view: which tier gets what. Raises NotPermitted."""
    actor.require("managers.packages")
    scheme = schemes.active(rules.PACKAGES, on=on)
    items = rules.items_of(scheme.content)
    counts: dict[str, int] = {}
    for one in standings.count_classes(actor, "tier", permission="managers.packages"):
        tier = one.code if one.code in TIERS else TIERS[0]
        counts[tier] = counts.get(tier, 0) + one.parties
    extras: Any = scheme.content["extras"]
    return Catalogue(
        version=scheme.version, effective_from=scheme.effective_from,
        rows=tuple((item, word(item), tuple(item.times[tier] for tier in TIERS)) for item in items),
        tiers=tuple(
            TierPackage(
                tier=tier, items=sum(1 for item in items if item.times[tier]),
                times=sum(item.times[tier] for item in items),
                cost_fen=sum(item.times[tier] * item.cost_fen for item in items),
                minutes=sum(item.times[tier] * item.minutes for item in items), customers=counts.get(tier, 0),
            )
            for tier in TIERS
        ),
        extras=tuple(extras),
    )  # fmt: skip


def items(*, on: date) -> list[tuple[rules.Item, str]]:
    """The service items of a day with their names."""
    return [(item, word(item)) for item in rules.items_of(schemes.active(rules.PACKAGES, on=on).content)]


def word(item: rules.Item) -> str:
    return item.en if (get_language() or "").startswith("en") else item.zh


def package_of(actor: Actor, ref: str, *, now: datetime) -> PackageOf:
    """What one customer gets in the year of `now` (Shanghai) and was given. Raises CustomerNotFound."""
    party = customers.get_party(actor, ref, "managers.packages")
    today = rules.day_of(now)
    scheme = schemes.active(rules.PACKAGES, on=today)
    classes: dict[str, str] = {}
    tier = ""
    if actor.may("segments.view") or actor.is_system:
        found = segments.classes_of(actor, party.ref)
        if found is not None:
            classes = {one.code: one.value for one in found.classes}
    standing = standings.get_standing(actor, party.ref, permission="managers.packages")
    if standing is not None:
        tier = standing.tier
        classes.setdefault("abc", standing.abc)
    gets = rules.entitled(scheme.content, tier=tier, classes={code: classes.get(code, "") for code in CLASSES})
    items = {item.code: item for item in rules.items_of(scheme.content)}
    rows = list(
        Given.objects.filter(party__in=merged.members(party.pk), given_on__year=today.year)
        .select_related("given_by").order_by("-given_on", "-pk")[:MOST_GIVEN]
    )  # fmt: skip
    given = tuple(
        GivenView(
            id=row.pk, item=row.item, name=word(items[row.item]) if row.item in items else row.item,
            given_on=row.given_on, by=row.given_by.display_name if row.given_by else "", note=row.note,
            cost_fen=row.cost_fen,
        )
        for row in rows
    )  # fmt: skip

    def use(item: rules.Item, times: int, because: str) -> ItemUse:
        mine = [one for one in given if one.item == item.code]
        return ItemUse(
            code=item.code, name=word(item), channel=item.channel, times=times, because=because, given=len(mine),
            cost_fen=item.cost_fen, minutes=item.minutes, last_on=mine[0].given_on if mine else None,
        )  # fmt: skip

    known = [use(item, *gets[code]) for code, item in items.items() if code in gets]
    beyond = [
        use(item, 0, "") for code, item in items.items() if code not in gets and any(o.item == code for o in given)
    ]
    return PackageOf(
        ref=party.ref, tier=tier, year=today.year, scheme_version=scheme.version, items=tuple(known),
        beyond=tuple(beyond), given=given,
    )  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Usage:
    """What a customer was given in a period, over all items."""

    times: int
    cost_fen: int
    minutes: int


def usage_of(party_ids: Iterable[UUID], *, first: date, last: date) -> dict[UUID, Usage]:
    """For rooms that hold service against what a class gets (B29); both days included. Asks for no permission."""
    rows = (
        Given.objects.filter(party__in=list(party_ids), given_on__gte=first, given_on__lte=last)
        .values("party_id").annotate(times=Count("pk"), cost=Sum("cost_fen"), spent=Sum("minutes")).order_by()
    )  # fmt: skip
    return {
        row["party_id"]: Usage(times=row["times"], cost_fen=row["cost"] or 0, minutes=row["spent"] or 0) for row in rows
    }
