"""Reading saved views."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Q, QuerySet

from anxin.faces.workspace.data import ViewData
from anxin.faces.workspace.models import SavedView
from anxin.kernel.actor import Actor
from anxin.kernel.statements import Statement


class ViewNotFound(Exception):
    """No such view of one's own (or shared, where reading is enough)."""


def list_views(actor: Actor, page: str) -> Sequence[ViewData]:
    """One's own views of a page and those others share, one's own first, by name."""
    if actor.user_id is None:
        return []
    found = [
        ViewData(
            id=key, name=name, page=page, query=json.loads(query), is_own=owner == actor.user_id, owner_name=owner_name,
            is_shared=is_shared, is_default=is_default and owner == actor.user_id,
        )
        for key, name, query, owner, owner_name, is_shared, is_default in _VIEWS.all(user=actor.user_id, page=page)
    ]  # fmt: skip
    return sorted(found, key=lambda view: not view.is_own)


def _views(user: Any, page: Any) -> QuerySet[Any, Any]:
    return (
        SavedView.objects.filter(Q(owner=user) | Q(is_shared=True), page=page)
        .order_by("name", "id")
        .values_list("id", "name", "query", "owner_id", "owner__display_name", "is_shared", "is_default")
    )


_VIEWS: Final = Statement(_views, user=UUID, page=str)


def get_own_view(actor: Actor, view_id: UUID) -> ViewData:
    """Raises ViewNotFound for a view of somebody else too."""
    row = SavedView.objects.filter(pk=view_id, owner=actor.user_id).select_related("owner").first()
    if row is None:
        raise ViewNotFound(str(view_id))
    return _view(row, actor)


def _view(row: SavedView, actor: Actor) -> ViewData:
    return ViewData(
        id=row.id,
        name=row.name,
        page=row.page,
        query={name: list(values) for name, values in row.query.items()},
        is_own=row.owner_id == actor.user_id,
        owner_name=row.owner.display_name,
        is_shared=row.is_shared,
        is_default=row.is_default and row.owner_id == actor.user_id,
    )
