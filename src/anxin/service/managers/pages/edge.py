"""What every page of this room shares: not found is 404, words of codes, who may be chosen."""

from __future__ import annotations

from functools import partial
from typing import Final

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrOrPromise

from anxin.book.customers.data import CustomerNotFound
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.web import pages
from anxin.service.managers.data import ManagerNotFound, Refused, RunKind, RunNotFound, RunState

BOTH: Final = ("GET", "HEAD", "POST")
POST: Final = ("POST",)
MOST_STAFF: Final = 500
KINDS: Final[dict[RunKind, StrOrPromise]] = {
    RunKind.ALLOCATE: gettext_lazy("Allocation"),
    RunKind.HAND_OVER: gettext_lazy("Hand-over"),
    RunKind.LEAVE: gettext_lazy("Hand-over of a leaver"),
    RunKind.ABSENCE: gettext_lazy("Absence"),
    RunKind.RECYCLE: gettext_lazy("Back to the pool"),
    RunKind.CLAIM: gettext_lazy("Taken from the pool"),
}
STATES: Final[dict[RunState, tuple[StrOrPromise, str]]] = {
    RunState.PLANNING: (gettext_lazy("Being planned"), "info"),
    RunState.PLANNED: (gettext_lazy("Waits for confirmation"), "warn"),
    RunState.APPLYING: (gettext_lazy("Under way"), "info"),
    RunState.DONE: (gettext_lazy("Done"), "ok"),
    RunState.UNDOING: (gettext_lazy("Being taken back"), "info"),
    RunState.UNDONE: (gettext_lazy("Taken back"), ""),
    RunState.DROPPED: (gettext_lazy("Thrown away"), ""),
}


# 404 for what is not there or out of reach.
managers_page = partial(pages.page, missing=(RunNotFound, ManagerNotFound, CustomerNotFound))


def go(request: HttpRequest, address: str) -> HttpResponse:
    """To another page, also from a dialog."""
    if not request.headers.get("HX-Request"):
        return redirect(address)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = address
    return response


def put(form: forms.Form, error: Refused) -> None:
    form.add_error(None, gettext(error.message) % error.values)


def staff_of(actor: Actor) -> list[tuple[str, str]]:
    """Whom a form offers: everybody within the reach of allocating."""
    found = org.find_staff(actor, permission="managers.allocate", limit=MOST_STAFF)
    return [(str(one.id), f"{one.name} · {one.unit}") for one in found]
