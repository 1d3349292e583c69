"""The only place that decides which customers an actor reaches. "Not yours" and "not there" answer alike."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.book.customers import rules
from anxin.book.customers.data import CustomerNotFound
from anxin.book.customers.models import Party
from anxin.foundation.org import queries as org
from anxin.kernel import masking
from anxin.kernel.actor import Actor
from anxin.kernel.masking import PersonalKind
from anxin.kernel.permissions import Scope

__all__ = ["CustomerNotFound", "get_party", "reach", "reached_of", "reaches", "shown", "visible_parties"]


@dataclass(frozen=True)
class Bounds:
    """How far a permission reaches: its scope and, for a team or units, the ids of their members or units."""

    scope: Scope
    ids: tuple[UUID, ...] = ()


def bounds(actor: Actor, permission: str = "customers.view") -> Bounds:
    """One query for a team or units, else none. Raises NotPermitted when the actor lacks `permission` altogether."""
    scope = actor.require(permission)
    if scope is Scope.TEAM:
        return Bounds(scope, tuple(org.colleagues_of(actor)))
    if scope is Scope.UNIT:
        return Bounds(scope, tuple(org.units_within(actor.unit_paths)))
    return Bounds(scope)


def within(scope: Scope, *, user: Any, ids: Any, prefix: str = "") -> Q:
    """The condition on a party (under `prefix`, such as `holder__`): `user` reaches it, with `ids` as of `bounds`."""
    if scope is Scope.ALL:
        return Q()
    if scope is Scope.OWN:
        return Q(**{f"{prefix}manager_id": user})
    return Q(**{f"{prefix}{'manager' if scope is Scope.TEAM else 'unit'}__any_of": ids})


def reach(actor: Actor, permission: str = "customers.view", *, prefix: str = "") -> Q:
    """The condition on a party (under `prefix`) that keeps to the actor's rows.

    Raises NotPermitted when the actor lacks `permission` altogether.
    """
    reached = bounds(actor, permission)
    if reached.scope is Scope.TEAM:
        return Q(**{f"{prefix}manager_id__in": reached.ids})
    if reached.scope is Scope.UNIT:
        return Q(**{f"{prefix}unit_id__in": reached.ids})
    return within(reached.scope, user=actor.user_id, ids=(), prefix=prefix)


def visible_parties(actor: Actor, permission: str = "customers.view") -> QuerySet[Party]:
    """The living files the actor reaches with `permission`."""
    return Party.objects.filter(reach(actor, permission), state=Party.State.ACTIVE)


def get_party(actor: Actor, ref: str, permission: str = "customers.view") -> Party:
    """The file with public reference `ref`; a merged file's reference leads to the file that replaced it."""
    try:
        canonical = rules.normalise_ref(ref)
    except ValueError as error:
        raise CustomerNotFound(ref) from error
    found = Party.objects.filter(ref=canonical).first()
    hops = 0
    while found is not None and found.replaced_by_id is not None and hops < 20:
        found = Party.objects.filter(pk=found.replaced_by_id).first()
        hops += 1
    if found is None or not visible_parties(actor, permission).filter(pk=found.pk).exists():
        raise CustomerNotFound(ref)
    return found


# How each value of the file looks to those who did not ask to see it in clear. Pages, lists, search, exports and the
# API all come here; what is not named is hidden whole.
_SHOWN_AS: dict[str, PersonalKind] = {
    "mobile": PersonalKind.PHONE,
    "phone": PersonalKind.PHONE,
    "fax": PersonalKind.PHONE,
    "email": PersonalKind.EMAIL,
    "wechat": PersonalKind.CREDENTIAL,
    "document": PersonalKind.DOCUMENT,
    "bank_account": PersonalKind.BANK_ACCOUNT,
    "address": PersonalKind.ADDRESS,
    "birth_date": PersonalKind.BIRTH_DATE,
    "annual_income_fen": PersonalKind.FINANCE,
    "name": PersonalKind.NAME,
}


def shown(field: str, value: str | date | None) -> str:
    """The masked form of a value of the file; "" for nothing."""
    return masking.mask(_SHOWN_AS.get(field, PersonalKind.CREDENTIAL), value)


def is_as_wide(actor: Actor, permission: str, *, known: str = "customers.view") -> bool:
    """Whether whatever is reached with `known` is also within `permission`."""
    wanted, had = actor.scope(permission), actor.scope(known)
    return wanted is not None and had is not None and wanted.width >= had.width


def reaches(actor: Actor, party_id: UUID, permission: str, *, known: str = "customers.view") -> bool:
    """Whether a customer already reached with `known` is also within `permission`. No query when that is as wide."""
    if actor.scope(permission) is None:
        return False
    if is_as_wide(actor, permission, known=known):
        return True
    return visible_parties(actor, permission).filter(pk=party_id).exists()


def reached_of(actor: Actor, ids: Iterable[UUID], permission: str = "customers.view") -> set[UUID]:
    """Those of `ids` within the reach."""
    return set(visible_parties(actor, permission).filter(pk__in=list(ids)).values_list("pk", flat=True))
