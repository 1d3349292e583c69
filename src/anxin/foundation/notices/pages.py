"""The bell: what one was told, and marking it read."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language

from anxin.foundation.notices import queries, services
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page
from anxin.kernel.web.tables import Listing, key

LISTING = Listing(code="notices", orders={"-created": (key("-created_at"), key("-id"))}, default="-created")


@page("notices.view")
def list_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    rows = queries.list_notices(actor)
    if request.GET.get("show") == "unread":
        rows = rows.filter(read_at__isnull=True)
    found = LISTING.first_page_if_bad(rows, cursor=request.GET.get("cursor", ""))
    is_english = (get_language() or "").startswith("en")
    context = {
        "page": found,
        "rows": [(one, one.title_en if is_english else one.title_zh) for one in map(queries.view, found.rows)],
        "show": request.GET.get("show", ""),
        "unread": queries.count_unread(actor),
    }
    return render(request, "notices/list.html", context)


@page("notices.view", methods=("POST",))
def open_page(request: HttpRequest, notice_id: UUID) -> HttpResponse:
    """Mark one notice as read and go where it leads."""
    actor = actor_of(request)
    try:
        notice = queries.get_notice(actor, notice_id)
    except queries.NoticeNotFound as error:
        raise Http404 from error
    services.mark_read(actor=actor, now=clock.now(), notice_ids=[notice_id])
    return redirect(notice.url or "notices:list")


@page("notices.view", methods=("POST",))
def read_all(request: HttpRequest) -> HttpResponse:
    services.mark_read(actor=actor_of(request), now=clock.now())
    return redirect("notices:list")
