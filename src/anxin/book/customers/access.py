"""The only place that decides which customers an actor reaches. "Not yours" and "not there" answer alike."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple
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

# Whose files somebody may open besides those of the scope: named by rooms above (`services.helping`).
_helped: list[Callable[[Any], QuerySet[Any, Any]]] = []
_never_by_help: set[str] = set()


class Way(NamedTuple):
    """What the text of a condition depends on: the scope, and whether somebody helps with other customers too."""

    scope: Scope
    helps: bool = False


@dataclass(frozen=True)
class Bounds:
    """How far a permission reaches: its scope; for a team or units the ids of their members or units; and the keys of
    customers beyond that whom the actor helps."""

    scope: Scope
    ids: tuple[UUID, ...] = ()
    helped: tuple[UUID, ...] = ()

    @property
    def way(self) -> Way:
        return Way(self.scope, bool(self.helped))


def register_helpers(source: Callable[[Any], QuerySet[Any, Any]], never: Iterable[str]) -> None:
    """See `services.helping.register`."""
    _helped.append(source)
    _never_by_help.update(never)


def bounds(actor: Actor, permission: str = "customers.view") -> Bounds:
    """One query for a team or units, and one for whom the actor helps; none for everybody's customers.

    Raises NotPermitted when the actor lacks `permission` altogether.
    """
    way = way_of(actor, permission)
    keys = (key for source in _helped for (key,) in source(actor.user_id)) if way.helps else ()
    return Bounds(way.scope, ids_of(actor, way.scope), tuple(keys))


def way_of(actor: Actor, permission: str) -> Way:
    """For one file that is found by its key: `within` then looks itself whether somebody helps. No query."""
    scope = actor.require(permission)
    may_help = scope is not Scope.ALL and actor.user_id is not None and permission not in _never_by_help
    return Way(scope, may_help and bool(_helped))


def ids_of(actor: Actor, scope: Scope) -> tuple[UUID, ...]:
    """The members of the team, or the units, of a scope. One query for these two, else none."""
    if scope is Scope.TEAM:
        return tuple(org.colleagues_of(actor))
    return tuple(org.units_within(actor.unit_paths)) if scope is Scope.UNIT else ()


def within(way: Way, *, user: Any, ids: Any, helped: Any = None, prefix: str = "") -> Q:
    """The condition on a party (under `prefix`, such as `holder__`): `user` reaches it, with `ids` of the scope.

    `helped` as of `bounds`; None looks for them, which is for a file that is found by its key: a list would lose the
    index it is sorted by.
    """
    if way.scope is Scope.ALL:
        return Q()
    if way.scope is Scope.OWN:
        found = Q(**{f"{prefix}manager_id": user})
    else:
        found = Q(**{f"{prefix}{'manager' if way.scope is Scope.TEAM else 'unit'}__any_of": ids})
    if way.helps and helped is not None:
        return found | Q(**{f"{prefix}id__any_of": helped})
    for source in _helped if way.helps else ():
        found |= Q(**{f"{prefix}id__in": source(user)})
    return found


def reach(actor: Actor, permission: str = "customers.view", *, prefix: str = "") -> Q:
    """The condition on a party (under `prefix`) that keeps to the actor's rows.

    Raises NotPermitted when the actor lacks `permission` altogether.
    """
    reached = bounds(actor, permission)
    found = within(Way(reached.scope), user=actor.user_id, ids=(), helped=(), prefix=prefix)
    if reached.scope is Scope.TEAM:
        found = Q(**{f"{prefix}manager_id__in": reached.ids})
    elif reached.scope is Scope.UNIT:
        found = Q(**{f"{prefix}unit_id__in": reached.ids})
    return found | Q(**{f"{prefix}id__in": reached.helped}) if reached.helped else found


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
    if wanted is None or had is None:
        return False
    # Who helps with a customer reaches the file, and may not do everything with it that its manager may.
    is_by_help = had is not Scope.ALL and permission in _never_by_help and known not in _never_by_help
    return wanted is Scope.ALL or (wanted.width >= had.width and not is_by_help)


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
