"""Reading saved views."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Q

from anxin.faces.workspace.data import ViewData
from anxin.faces.workspace.models import SavedView
from anxin.kernel.actor import Actor


class ViewNotFound(Exception):
    """No such view of one's own (or shared, where reading is enough)."""


def list_views(actor: Actor, page: str) -> Sequence[ViewData]:
    """One's own views of a page and those others share, one's own first, by name."""
    rows = (
        SavedView.objects.filter(Q(owner=actor.user_id) | Q(is_shared=True), page=page)
        .select_related("owner")
        .order_by("name", "id")
    )
    found = [_view(row, actor) for row in rows]
    return sorted(found, key=lambda view: not view.is_own)


def default_view(actor: Actor, page: str) -> ViewData | None:
    row = SavedView.objects.filter(owner=actor.user_id, page=page, is_default=True).select_related("owner").first()
    return _view(row, actor) if row is not None else None


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
