"""Every address of the product. Each room owns what lies under its prefix."""

from __future__ import annotations

from importlib.util import find_spec as module_exists

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path
from django.views.generic import TemplateView

from anxin.config.api import api


def health(_request: HttpRequest) -> HttpResponse:
    """Alive and able to ask the database: for load balancers and `anxin run`."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return HttpResponse("ok", content_type="text/plain")


urlpatterns: list[URLPattern | URLResolver] = [
    path("health/", health, name="health"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
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
    "anxin.book.customers": "customers/",
    "anxin.book.portfolio": "policies/",
    "anxin.book.segments": "segments/",
    "anxin.service.worklist": "worklist/",
    "anxin.service.desk": "desk/",
    "anxin.engagement.renewals": "renewals/",
    "anxin.faces.workspace": "",
}
urlpatterns += [
    path(prefix, include(f"{room}.urls")) for room, prefix in PREFIXES.items() if module_exists(f"{room}.urls")
]
if settings.DEBUG:
    urlpatterns.append(path("ui/gallery/", TemplateView.as_view(template_name="ui/gallery.html"), name="gallery"))
