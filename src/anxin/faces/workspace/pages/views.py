"""Saving, changing and deleting views of lists."""

from __future__ import annotations

from typing import Final
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext

from anxin.faces.workspace import forms, queries, services
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page

# Lists that keep views, with the address their views lead to.
LISTS: Final = {"customers": "workspace:customers"}


@page("workspace.use", methods=("GET", "POST"))
def save_page(request: HttpRequest, list_code: str, view_id: UUID | None = None) -> HttpResponse:
    """GET: the dialog for a new view, or for one's own. POST: keep the list as it stands under that name."""
    if list_code not in LISTS:
        raise Http404
    actor = actor_of(request)
    initial = {}
    try:
        if view_id is not None:
            view = queries.get_own_view(actor, view_id)
            initial = {"name": view.name, "is_shared": view.is_shared, "is_default": view.is_default}
        form = forms.ViewForm(request.POST or None, initial=initial, may_share=actor.may("workspace.share_views"))
        state = (request.POST or request.GET).get("state", "")[:4000]
        if request.method == "POST" and form.is_valid():
            given = QueryDict(state)
            saved = services.save_view(
                actor=actor,
                now=clock.now(),
                page=list_code,
                name=form.cleaned_data["name"],
                query={key: given.getlist(key) for key in given},
                is_shared=bool(form.cleaned_data.get("is_shared")),
                is_default=form.cleaned_data["is_default"],
                view_id=view_id,
            )
            kept = QueryDict(mutable=True)
            for key, values in saved.query.items():
                kept.setlist(key, list(values))
            kept["view"] = str(saved.id)
            return _go(f"{reverse(LISTS[list_code])}?{kept.urlencode()}")
    except queries.ViewNotFound as error:
        raise Http404 from error
    except services.ViewError as error:
        form.add_error("name", gettext(str(error)))
    return render(
        request,
        "workspace/view_dialog.html",
        {"form": form, "state": state, "is_new": view_id is None},
        status=422 if form.errors else 200,
    )


@page("workspace.use", methods=("POST",))
def delete_page(request: HttpRequest, list_code: str, view_id: UUID) -> HttpResponse:
    if list_code not in LISTS:
        raise Http404
    try:
        services.delete_view(actor=actor_of(request), now=clock.now(), view_id=view_id)
    except queries.ViewNotFound as error:
        raise Http404 from error
    return _go(f"{reverse(LISTS[list_code])}?view=all")


def _go(address: str) -> HttpResponse:
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response
