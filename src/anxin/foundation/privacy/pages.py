"""The register of personal data."""

from __future__ import annotations

from collections import Counter

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.foundation.privacy import queries
from anxin.kernel.personal import Kind, Protection
from anxin.kernel.web.pages import page

KINDS = {
    Kind.NOT_PERSONAL: _("Not personal"),
    Kind.NAME: _("Name"),
    Kind.DOCUMENT: _("ID document"),
    Kind.MOBILE: _("Mobile phone"),
    Kind.PHONE: _("Phone"),
    Kind.EMAIL: _("E-mail"),
    Kind.BANK_ACCOUNT: _("Bank account"),
    Kind.PLATE: _("Number plate"),
    Kind.VEHICLE: _("Vehicle"),
    Kind.ADDRESS: _("Address"),
    Kind.BIRTH_DATE: _("Birth date"),
    Kind.OCCUPATION: _("Occupation"),
    Kind.FINANCE: _("Finances"),
    Kind.FAMILY: _("Family"),
    Kind.HEALTH: _("Health"),
    Kind.FREE_TEXT: _("Free text"),
    Kind.CREDENTIAL: _("Credential"),
}
PROTECTIONS = {
    Protection.PLAIN: (_("Readable"), ""),
    Protection.ENCRYPTED: (_("Encrypted"), "ok"),
    Protection.BLIND_INDEX: (_("Blind index"), "ok"),
    Protection.HASHED: (_("Hashed"), "ok"),
}
# The purpose most columns have; rooms may name others in English, marked for translation.
_("insurance contract and customer service")


@page("privacy.view")
def register_page(request: HttpRequest) -> HttpResponse:
    kind, with_all = request.GET.get("kind", ""), request.GET.get("all") == "1"
    lines = queries.register(with_all=with_all)
    counts = Counter(str(line.entry.kind) for line in lines)
    shown = [line for line in lines if not kind or line.entry.kind == kind]
    rows = [
        {
            "line": line,
            "kind": KINDS[line.entry.kind],
            "protection": PROTECTIONS[line.entry.protection],
            "purpose": gettext(line.entry.purpose) if line.entry.purpose else "",
        }
        for line in shown
    ]
    kinds = [{"value": str(one), "label": label, "count": counts[one]} for one, label in KINDS.items() if counts[one]]
    context = {"rows": rows, "kinds": kinds, "kind": kind, "with_all": with_all}
    return render(request, "privacy/register.html", context)
