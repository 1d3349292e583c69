"""Every address of the product. Each room owns what lies under its prefix."""

from __future__ import annotations

from importlib.util import find_spec as module_exists

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path, re_path

from anxin.config import signin
from anxin.config.api import api
from anxin.kernel.web import gallery, shell


def health(_request: HttpRequest) -> HttpResponse:
    """Alive and able to ask the database: for load balancers and `anxin run`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


def closed(_request: HttpRequest) -> HttpResponse:
    raise Http404


urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("i18n/setlang/", signin.switch_language, name="set_language"),
    # Ways of allauth that staff accounts do not have: an administrator makes them and keeps their addresses.
    re_path(r"^accounts/(?:signup|email|confirm-email|login/code|social)/", closed, name="closed"),
    path("accounts/password/reset/", signin.forgotten_password, name="account_reset_password"),
    path("accounts/", include("allauth.urls")),
    path("ui/preferences/", shell.save_preference, name="ui-preferences"),
    path("api/v1/", api.urls),
]
PREFIXES = {
    "anxin.foundation.accounts": "people/",
    "anxin.foundation.org": "org/",
    "anxin.foundation.audit": "audit/",
    "anxin.foundation.privacy": "privacy/",
    "anxin.foundation.schemes": "schemes/",
    "anxin.foundation.documents": "documents/",
    "anxin.foundation.jobs": "jobs/",
    "anxin.foundation.notices": "notices/",
    "anxin.foundation.intake": "imports/",
    "anxin.foundation.approvals": "approvals/",
    "anxin.book.customers": "customers/",
    "anxin.book.rights": "rights/",
    "anxin.book.diligence": "diligence/",
    "anxin.book.matching": "matching/",
    "anxin.book.portfolio": "policies/",
    "anxin.book.households": "households/",
    "anxin.book.upkeep": "upkeep/",
    "anxin.book.segments": "segments/",
    "anxin.service.worklist": "worklist/",
    "anxin.service.knowledge": "knowledge/",
    "anxin.service.managers": "managers/",
    "anxin.service.desk": "desk/",
    "anxin.service.callbacks": "callbacks/",
    "anxin.service.complaints": "complaints/",
    "anxin.engagement.renewals": "renewals/",
    "anxin.faces.workspace": "",
}
urlpatterns += [
    path(prefix, include(f"{room}.urls")) for room, prefix in PREFIXES.items() if module_exists(f"{room}.urls")
]
if settings.DEBUG:
    urlpatterns.append(path("ui/gallery/", gallery.show, name="gallery"))

handler400 = "anxin.kernel.web.errors.bad_request"
handler403 = "anxin.kernel.web.errors.permission_denied"
handler404 = "anxin.kernel.web.errors.page_not_found"
handler500 = "anxin.kernel.web.errors.server_error"
