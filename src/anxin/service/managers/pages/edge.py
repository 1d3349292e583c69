"""What every page of this room shares: not found is 404, words of codes, who may be chosen."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext, gettext_lazy
from django_stubs_ext import StrOrPromise

from anxin.book.customers.data import CustomerNotFound
from anxin.foundation.org import queries as org
from anxin.kernel.actor import Actor
from anxin.kernel.web import answers, pages
from anxin.service.managers.data import ManagerNotFound, Refused, RunKind, RunNotFound, RunState

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
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


def managers_page(permission: str, *, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[Page[P]], Page[P]]:
    """`kernel.web.pages.page`, and 404 for what is not there or out of reach."""

    def decorate(view: Page[P]) -> Page[P]:
        @wraps(view)
        def found(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except (RunNotFound, ManagerNotFound, CustomerNotFound) as error:
                raise Http404 from error

        return pages.page(permission, methods=methods)(cast(Page[P], found))

    return decorate


def ask(
    request: HttpRequest, form: forms.Form, *, title: StrOrPromise, button: StrOrPromise, back: str,
    hint: StrOrPromise = "",
) -> HttpResponse:  # fmt: skip
    """A dialog with a form; without htmx a page with the same form. 422 when the form has errors."""
    template = "customers/ask.html" if request.headers.get("HX-Request") else "customers/ask_page.html"
    context: dict[str, Any] = {
        "form": form, "title": title, "button": button, "hint": hint, "url": request.get_full_path(), "back": back,
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)


def done(request: HttpRequest, text: str, *, back: str, refresh: str = "") -> HttpResponse:
    """After a change: close the dialog, say so, fetch the panel (or the page) again. Without htmx: back."""
    if not request.headers.get("HX-Request"):
        return redirect(back)
    response = answers.close_dialog(answers.toast(HttpResponse(status=204), text))
    if refresh:
        return answers.trigger(response, refresh, {})
    response["HX-Refresh"] = "true"
    return response


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
