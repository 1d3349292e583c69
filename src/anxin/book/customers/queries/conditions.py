"""Which customers are meant: a filter of any conditions (A10), as one value that lists, bulk work and exports share."""

from __future__ import annotations

import dataclasses
import operator
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import reduce
from typing import Any, Final
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from anxin.book.customers import access
from anxin.book.customers.models import Address, AttentionEntry, PartyTag
from anxin.book.customers.queries import terms
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class CustomerFilter:
    """Conditions that all hold. Empty ones are not asked. Days count from today, today included; ages in full years."""

    text: str = ""
    manager: UUID | None = None
    without_manager: bool = False
    unit: UUID | None = None
    tiers: tuple[str, ...] = ()
    abc: tuple[str, ...] = ()
    kind: str = ""
    sex: str = ""
    age_from: int | None = None
    age_to: int | None = None
    birthday_within: int | None = None
    expiring_within: int | None = None
    silent_days: int | None = None
    premium_from_fen: int | None = None
    premium_to_fen: int | None = None
    holds: str = ""  # "active": a policy in force, "none": none
    lines: tuple[str, ...] = ()
    tags: tuple[UUID, ...] = ()
    division: str = ""  # administrative code or its beginning: 31 Shanghai, 310115 Pudong
    has_open_claim: bool = False
    on_attention: bool = False
    custom: tuple[tuple[str, str | bool | float], ...] = ()  # fields of the site's own: code and the exact value

    @property
    def is_empty(self) -> bool:
        return self == CustomerFilter()

    def to_json(self) -> dict[str, Any]:
        """Plain values; conditions that are not asked are left out."""
        plain: dict[str, Any] = {}
        for field in dataclasses.fields(self):
            value = getattr(self, field.name)
            if value != field.default:
                plain[field.name] = _plain(value)
        return plain

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> CustomerFilter:
        """The reverse of `to_json`; names that no longer exist are dropped."""
        known = {field.name for field in dataclasses.fields(cls)}
        given = {name: value for name, value in data.items() if name in known}
        for name in ("manager", "unit"):
            if name in given:
                given[name] = UUID(given[name])
        for name in ("tiers", "abc", "lines"):
            if name in given:
                given[name] = tuple(given[name])
        if "tags" in given:
            given["tags"] = tuple(UUID(value) for value in given["tags"])
        if "custom" in given:
            given["custom"] = tuple((str(code), value) for code, value in given["custom"])
        return cls(**given)


def _plain(value: Any) -> Any:
    if isinstance(value, tuple):
        return [_plain(one) for one in value]
    return str(value) if isinstance(value, UUID) else value


def condition(actor: Actor, wanted: CustomerFilter, *, today: date) -> Q:
    """The filter as a condition on Party, without the actor's reach."""
    asked = fixed_condition(wanted, today=today)
    if wanted.text:
        asked &= terms.matches(wanted.text)
    if wanted.unit is not None:
        asked &= Q(unit__in=org.units_at_or_below(wanted.unit))
    if wanted.on_attention:
        asked &= _on_attention(actor, today)
    return asked


def is_fixed(wanted: CustomerFilter) -> bool:
    """Whether the condition is the same whoever asks, whatever the tables hold: it can be made once and kept.

    Nothing that was typed is kept either: it may name somebody.
    """
    return not (wanted.text or wanted.custom or wanted.on_attention) and wanted.unit is None


def fixed_condition(wanted: CustomerFilter, *, today: date) -> Q:
    """What of the condition asks nothing of the database or of the actor."""
    if _holds_nothing_and_something(wanted):
        return Q(pk__in=[])
    asked = Q()
    if wanted.without_manager:
        asked &= Q(manager__isnull=True)
    elif wanted.manager is not None:
        asked &= Q(manager=wanted.manager)
    if wanted.kind:
        asked &= Q(kind=wanted.kind)
    if wanted.sex:
        asked &= Q(sex=wanted.sex)
    if wanted.division:
        asked &= Q(
            Exists(Address.objects.filter(party=OuterRef("pk"), **_division(wanted.division))),
        )
    if wanted.tags:
        asked &= Q(Exists(PartyTag.objects.filter(party=OuterRef("pk"), tag__in=wanted.tags)))
    if wanted.custom:
        # The second says nothing new, but the index holds only files that have such fields.
        asked &= Q(custom__contains=dict(wanted.custom)) & ~Q(custom={})
    return asked & _dates(wanted, today) & _figures(wanted)


def _holds_nothing_and_something(wanted: CustomerFilter) -> bool:
    """Only a policy in force has a line, an end and a premium, and only a premium has a class: that nobody fits both,
    the planner finds out by asking everybody."""
    held = wanted.lines or wanted.tiers or wanted.abc or wanted.premium_from_fen or wanted.expiring_within is not None
    return wanted.holds == "none" and bool(held)


def of_figures(wanted: CustomerFilter, figure: str, *, today: date) -> Q:
    """What the filter also says of parties that have `figure` (a path of Party), in words an index can begin at.

    The filter lets parties without any figures in, by an OR that no index serves. And what follows for the other
    figures, the planner cannot know: who holds nothing has no premium and nothing that expires; in the order of the
    premium it would walk through everybody who pays.
    """
    asked = Q()
    if wanted.holds == "none":
        asked &= Q(standing__active_policies=0, standing__annual_premium_fen=0, standing__next_expiry_date__isnull=True)
    if wanted.silent_days is not None and figure == "standing__last_contact_at":
        asked &= Q(standing__last_contact_at__lt=_silent_since(wanted.silent_days, today))
    return asked


def is_of_figures(wanted: CustomerFilter) -> bool:
    """Whether only figures are asked for, and only of those who have some: `on_standing` then says all of it."""
    asked = {
        field.name for field in dataclasses.fields(wanted) if getattr(wanted, field.name) != field.default
    }  # fmt: skip
    return bool(asked) and asked <= _OF_FIGURES and wanted.holds != "none"


_OF_FIGURES: Final = frozenset(
    {"tiers", "abc", "expiring_within", "premium_from_fen", "premium_to_fen", "holds", "lines", "has_open_claim"}
)


def on_standing(wanted: CustomerFilter, *, today: date) -> Q:
    """The same as `fixed_condition`, said of Standing itself."""
    return _without(_dates(wanted, today) & _figures(wanted), "standing__")


def _without(asked: Q, prefix: str) -> Q:
    found = Q(_connector=asked.connector, _negated=asked.negated)
    for child in asked.children:
        if isinstance(child, Q):
            found.children.append(_without(child, prefix))
        elif isinstance(child, tuple):
            path, value = child
            found.children.append((path.removeprefix(prefix), value))
        else:
            raise TypeError(f"Figures are not asked for by {child!r}.")
    return found


def _silent_since(days: int, today: date) -> datetime:
    day = today - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time.min), timezone.get_default_timezone())


def _dates(wanted: CustomerFilter, today: date) -> Q:
    asked = Q()
    if wanted.age_from is not None:
        asked &= Q(birth_date__lte=_years_before(today, wanted.age_from))
    if wanted.age_to is not None:
        asked &= Q(birth_date__gt=_years_before(today, wanted.age_to + 1))
    if wanted.birthday_within is not None:
        asked &= Q(kind="person", is_deceased=False) & _birthdays(today, wanted.birthday_within)
    if wanted.expiring_within is not None:
        end = today + timedelta(days=wanted.expiring_within)
        asked &= Q(standing__next_expiry_date__gte=today, standing__next_expiry_date__lte=end)
    if wanted.silent_days is not None:
        limit = _silent_since(wanted.silent_days, today)
        asked &= Q(standing__last_contact_at__lt=limit) | Q(standing__last_contact_at__isnull=True)
    return asked


def _figures(wanted: CustomerFilter) -> Q:
    asked = Q()
    if wanted.tiers:
        asked &= Q(standing__tier__in=wanted.tiers)
    if wanted.abc:
        asked &= Q(standing__abc__in=wanted.abc)
    if wanted.premium_from_fen is not None:
        asked &= Q(standing__annual_premium_fen__gte=wanted.premium_from_fen)
    if wanted.premium_to_fen is not None:
        asked &= Q(standing__annual_premium_fen__lt=wanted.premium_to_fen)
    if wanted.lines:
        # One by one: each line has indexes of its own.
        asked &= reduce(operator.or_, (Q(standing__lines__contains=[line]) for line in wanted.lines))
    if wanted.holds == "active":
        asked &= Q(standing__active_policies__gt=0)
    elif wanted.holds == "none":
        asked &= Q(standing__active_policies=0) | Q(standing__isnull=True)
    if wanted.has_open_claim:
        asked &= Q(standing__open_claims__gt=0)
    return asked


def _division(code: str) -> dict[str, str]:
    # A range, not LIKE: an index on the C-collated column can begin at it.
    plain = code.rstrip("0") if len(code) in (4, 6) and code.endswith("00") else code
    plain = plain + "0" if len(plain) == 1 else plain
    return {"division_code__gte": plain, "division_code__lt": plain + ":"}


def _on_attention(actor: Actor, today: date) -> Q:
    entries = AttentionEntry.objects.filter(party=OuterRef("pk"), from_date__lte=today, state="active").filter(
        Q(until_date__isnull=True) | Q(until_date__gt=today)
    )
    return access.reach(actor, "customers.attention") & Q(Exists(entries))


def _birthdays(today: date, days: int) -> Q:
    """Birthdays (month × 100 + day) from today for `days` days. 29 February counts on the 28th of a common year."""
    keys = set()
    for step in range(min(days, 366) + 1):
        day = today + timedelta(days=step)
        keys.add(day.month * 100 + day.day)
        if (day.month, day.day) == (2, 28) and (day + timedelta(days=1)).month == 3:
            keys.add(229)
    return Q(birthday__in=sorted(keys))


def _years_before(today: date, years: int) -> date:
    year = max(1, today.year - years)
    try:
        return today.replace(year=year)
    except ValueError:
        return date(year, 2, 28)
