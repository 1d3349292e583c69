"""Import profiles: how the files of each source are read."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.intake import queries
from anxin.foundation.intake.pages.blanks import kinds
from anxin.foundation.intake.services import profiles as services
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Column, Listing, key

PROFILES = Listing(
    code="intake-profiles",
    orders={"name": (key("name"), key("id"))},
    default="name",
    columns=(
        Column(code="name", label=_("Import profile")),
        Column(code="source", label=_("Source")),
        Column(code="kinds", label=_("Rows of"), flexible=True),
        Column(code="fields", label=_("Fields"), kind="number"),
        Column(code="version", label=_("Version"), kind="number"),
        Column(code="state", label=_("Status")),
        Column(code="updated", label=_("Changed on"), kind="date"),
        Column(code="do", label=_("Actions"), kind="actions"),
    ),
)


@page("intake.view")
def list_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = PROFILES.first_page_if_bad(queries.list_profiles(actor), cursor=request.GET.get("cursor", ""))
    context = {
        "page": found,
        "rows": [queries.profile_view(one) for one in found.rows],
        "columns": PROFILES.columns,
        "kinds": kinds(),
        "may_run": actor.may("intake.run"),
        "nav": "intake",
    }
    return render(request, "intake/profiles.html", context)


@page("intake.view")
def profile_page(request: HttpRequest, profile_id: UUID) -> HttpResponse:
    profile = _profile(request, profile_id)
    context = {
        "profile": profile,
        "text": queries.as_toml(profile.content),
        "may_run": actor_of(request).may("intake.run"),
        "nav": "intake",
    }
    return render(request, "intake/profile.html", context)


@page("intake.view")
def download_page(request: HttpRequest, profile_id: UUID) -> HttpResponse:
    profile = _profile(request, profile_id)
    response = HttpResponse(queries.as_toml(profile.content), content_type="application/toml; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, f"{profile.name}.toml") or "attachment"
    return response


@page("intake.run", methods=("POST",))
def deactivate_page(request: HttpRequest, profile_id: UUID) -> HttpResponse:
    """Files are no longer recognised as of this profile; batches read with it stay as they are."""
    profile = _profile(request, profile_id)
    services.deactivate_profile(actor=actor_of(request), now=clock.now(), name=profile.name)
    messages.success(request, gettext("The profile “%(name)s” is no longer in use.") % {"name": profile.name})
    return redirect("intake:profiles")


def _profile(request: HttpRequest, profile_id: UUID) -> queries.ProfileView:
    try:
        return queries.get_profile(actor_of(request), profile_id)
    except queries.ProfileNotFound as error:
        raise Http404 from error
