"""Search: the palette asks for a few hits of each kind, the results page for more."""

from __future__ import annotations

from typing import Any, Final

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from anxin.faces.workspace import services
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.web import shell
from anxin.kernel.web.pages import actor_of, page

IN_PALETTE: Final = 6
ON_PAGE: Final = 30
# Things to do that a search text leads to: label, icon, address, permission.
ACTIONS: Final = (
    (_("New customer"), "user-plus", "customers:new", "customers.create"),
    (_("New work item"), "checklist", "workspace:item-new", "worklist.work"),
    (_("Import a file"), "database-import", "intake:new", "intake.run"),
)


@page("workspace.use")
def search_page(request: HttpRequest) -> HttpResponse:
    """With htmx the options of the palette, else the page of results. Looking up personal numbers is recorded."""
    actor = actor_of(request)
    text = request.GET.get("q", "").strip()[:60]
    in_palette = bool(request.headers.get("HX-Request"))
    found = services.search(actor=actor, now=clock.now(), text=text, limit=IN_PALETTE if in_palette else ON_PAGE)
    context: dict[str, Any] = {
        "text": text,
        "found": found,
        "base": reverse("workspace:customers"),
        "search_url": reverse("workspace:search"),
        "actions": _actions(actor, text) if in_palette else (),
    }
    return render(request, "workspace/found.html" if in_palette else "workspace/search.html", context)


def _actions(actor: Actor, text: str) -> list[dict[str, Any]]:
    wanted = text.lower()
    return [
        {"label": label, "icon": icon, "url": address}
        for label, icon, name, permission in ACTIONS
        if wanted in str(label).lower() and actor.may(permission) and (address := shell.address(name))
    ]
