"""Searching everything at once; keeping views of lists for oneself, as a default, for all who may see the list."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import IntegrityError, transaction

from anxin.book.customers import queries as customers
from anxin.book.customers import services as customer_services
from anxin.book.households import queries as households
from anxin.book.households.data import HouseholdRow
from anxin.book.portfolio import queries as portfolio
from anxin.faces.workspace import queries
from anxin.faces.workspace.data import ViewData
from anxin.faces.workspace.models import SavedView
from anxin.foundation.audit import services as audit
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.words import mark as _

MOST_VIEWS: Final = 100
# What somebody typed to find a person is no part of a view; neither is where in the list they were.
NEVER_KEPT: Final = frozenset({"q", "cursor", "view", "csrfmiddlewaretoken"})


class ViewError(ValueError):
    """The view cannot be kept so. The message is an English text of the catalogue."""


@transaction.atomic
def save_view(
    *, actor: Actor, now: datetime, page: str, name: str, query: Mapping[str, Sequence[str]], is_shared: bool = False,
    is_default: bool = False, view_id: UUID | None = None,
) -> ViewData:  # fmt: skip
    """Make a view, or change one's own. Sharing takes `workspace.share_views`.

    Raises NotPermitted, ViewNotFound and ViewError (no name, a name used twice, too many views).
    """
    actor.require("workspace.use")
    if actor.user_id is None:
        raise NotPermitted("workspace.use")
    if is_shared:
        actor.require("workspace.share_views")
    name = " ".join(name.split())[:60]
    if not name:
        raise ViewError(_("Give the view a name."))
    kept = {key: [str(value)[:200] for value in values][:50] for key, values in query.items() if key not in NEVER_KEPT}
    if view_id is None and SavedView.objects.filter(owner=actor.user_id).count() >= MOST_VIEWS:
        raise ViewError(_("You already keep 100 views. Delete one first."))
    if is_default:
        SavedView.objects.filter(owner=actor.user_id, page=page).update(is_default=False)
    try:
        with transaction.atomic():
            if view_id is None:
                row = SavedView.objects.create(
                    owner_id=actor.user_id, page=page, name=name, query=kept, is_shared=is_shared,
                    is_default=is_default, created_at=now,
                )  # fmt: skip
            else:
                row = SavedView.objects.get(pk=queries.get_own_view(actor, view_id).id)
                row.name, row.query, row.is_shared, row.is_default = name, kept, is_shared, is_default
                row.save()
    except IntegrityError as error:
        raise ViewError(_("You already have a view of this name.")) from error
    if is_shared:
        audit.record(actor=actor, now=now, action="workspace.share_view", object_kind="view", object_id=row.id)
    return queries.get_own_view(actor, row.id)


@transaction.atomic
def delete_view(*, actor: Actor, now: datetime, view_id: UUID) -> None:
    """Delete one's own view. Raises ViewNotFound."""
    view = queries.get_own_view(actor, view_id)
    SavedView.objects.filter(pk=view.id).delete()
    if view.is_shared:
        audit.record(actor=actor, now=now, action="workspace.delete_view", object_kind="view", object_id=view.id)


@transaction.atomic
def set_default_view(*, actor: Actor, page: str, view_id: UUID | None) -> None:
    """Which of one's own views the page opens with; None: the plain list. Raises ViewNotFound."""
    SavedView.objects.filter(owner=actor.user_id, page=page).update(is_default=False)
    if view_id is not None:
        view = queries.get_own_view(actor, view_id)
        SavedView.objects.filter(pk=view.id).update(is_default=True)


@dataclass(frozen=True, kw_only=True)
class SearchResults:
    """What fits a text, by kind; kinds that the actor may not see are empty."""

    customers: tuple[customers.CustomerRow, ...] = ()
    policies: tuple[portfolio.PolicyHit, ...] = ()
    claims: tuple[portfolio.ClaimHit, ...] = ()
    households: tuple[HouseholdRow, ...] = ()
    has_more: bool = False

    @property
    def count(self) -> int:
        return len(self.customers) + len(self.policies) + len(self.claims) + len(self.households)


def search(*, actor: Actor, now: datetime, text: str, limit: int) -> SearchResults:
    """Customers, their households, policies, claims within the reach. Looking up a personal number is recorded."""
    if not text:
        return SearchResults()
    people = customers.find_customers(actor, text, limit=limit) if actor.may("customers.view") else None
    may_see_policies = actor.may("portfolio.view")
    found = SearchResults(
        customers=people.rows if people else (),
        policies=tuple(portfolio.find_policies(actor, text, limit=limit)) if may_see_policies else (),
        claims=tuple(portfolio.find_claims(actor, text, limit=limit)) if may_see_policies else (),
        households=households.find_households(actor, [row.id for row in people.rows[:limit]]) if people else (),
        has_more=people.has_more if people else False,
    )
    if found.count:
        customer_services.record_search(actor, text, now=now, found=found.count)
    return found
