"""The card a customer fills in on a phone: no sign-in, a signed link, one answer. Shows only a surname of the file."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import translation
from django.utils.translation import gettext as _

from anxin.book.upkeep import forms, services
from anxin.book.upkeep.data import CARD_FIELDS, LinkState, UpkeepRejected
from anxin.kernel import clock
from anxin.kernel.web.pages import public

STATUS = {
    LinkState.OPEN: 200, LinkState.USED: 410, LinkState.EXPIRED: 410, LinkState.REVOKED: 410, LinkState.UNKNOWN: 404,
}  # fmt: skip


@public(methods=("GET", "HEAD", "POST"))
def fill(request: HttpRequest, token: str) -> HttpResponse:
    """GET shows the card, POST keeps it. 404 for no such link, 410 for one that is over, 429 for too many openings."""
    if services.is_too_often(token=token, address=request.META.get("REMOTE_ADDR", "")):
        return _answer(request, {"state": "busy"}, 429)
    card = services.open_card(token=token, now=clock.now())
    language = request.GET.get("lang", "") or card.language
    with translation.override(language if language in ("zh-hans", "en") else "zh-hans"):
        if card.state is not LinkState.OPEN:
            return _answer(request, {"state": str(card.state)}, STATUS[card.state])
        form = forms.CardForm(request.POST if request.method == "POST" else None)
        if request.method == "POST":
            if form.is_valid():
                try:
                    state = services.submit(
                        token=token, now=clock.now(), agrees=form.cleaned_data["agrees"],
                        values={name: str(form.cleaned_data.get(name) or "") for name in CARD_FIELDS},
                    )  # fmt: skip
                except UpkeepRejected as error:
                    form.add_error(None, _(str(error)))
                else:
                    is_kept = state is LinkState.OPEN
                    return _answer(request, {"state": "kept" if is_kept else str(state)}, STATUS[state])
            services.note_try(token=token)
        context: dict[str, Any] = {"state": "open", "card": card, "form": form, "language": translation.get_language()}
        return _answer(request, context, 422 if form.errors else 200)


def _answer(request: HttpRequest, context: dict[str, Any], status: int) -> HttpResponse:
    response = render(request, "upkeep/fill.html", context, status=status)
    response["Cache-Control"] = "no-store"
    # The address is the key: no other site is to learn it. Not `no-referrer`: a browser then sends the filled-in form
    # with the origin "null", which the CSRF check refuses.
    response["Referrer-Policy"] = "same-origin"
    response["X-Robots-Tag"] = "noindex, nofollow"
    return response
