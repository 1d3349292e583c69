"""The catalogue of service packages: what does a gold customer get?"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxin.analytics.classes import registry
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of
from anxin.service.managers import data, forms, queries, rules
from anxin.service.managers.data import TIERS
from anxin.service.managers.pages.edge import managers_page


@managers_page("managers.packages")
def index(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    found = queries.catalogue(actor, on=clock.today())
    tier = request.GET.get("tier", "") if request.GET.get("tier", "") in TIERS else ""
    names = {item.code: name for item, name, _times in found.rows}
    in_english = (get_language() or "").startswith("en")
    extras = [
        {"class": _word(row["class"], in_english), "value": _value(row["class"], row["value"], in_english),
         "item": names.get(row["item"], row["item"]), "times": row["times"]}
        for row in found.extras
    ]  # fmt: skip
    at = TIERS.index(tier) if tier else -1
    words = [forms.tier_word(one) for one in TIERS]
    context: dict[str, Any] = {
        "found": found, "tier": tier, "extras": extras,
        "rows": [
            (item, name, _(data.ITEM_CHANNELS[item.channel]), [*zip(words, times, strict=True)])
            for item, name, times in found.rows if at < 0 or times[at]
        ],
        "words": words, "named": list(zip(words, found.tiers, strict=True)), "at": at,
        "may_edit": actor.may("schemes.view"), "edit_url": reverse("schemes:kind", args=[rules.PACKAGES]),
        "has_tabs": actor.may("managers.view"), "may_allocate": actor.may("managers.allocate"),
    }  # fmt: skip
    return render(request, "managers/packages.html", context)


def _word(code: str, in_english: bool) -> str:
    kind = registry.BY_CODE.get(code)
    return code if kind is None else kind.en if in_english else kind.zh


def _value(code: str, value: str, in_english: bool) -> str:
    kind = registry.BY_CODE.get(code)
    words = kind.values.get(value) if kind is not None else None
    return value if words is None else words[1] if in_english else words[0]
