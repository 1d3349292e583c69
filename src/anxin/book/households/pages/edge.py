"""What every page of this room shares: not found is 404, a rejected wish stands above the form."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast
from uuid import UUID

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_stubs_ext import StrOrPromise

from anxin.book.customers.data import CustomerNotFound
from anxin.book.households.data import HouseholdNotFound
from anxin.kernel.web import answers, pages

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
READ: Final = ("GET", "HEAD")
BOTH: Final = ("GET", "HEAD", "POST")


def household_page(permission: str, *, methods: tuple[str, ...] = READ) -> Callable[[Page[P]], Page[P]]:
    """`kernel.web.pages.page`, and 404 for a household or customer that is not there or out of reach."""

    def decorate(view: Page[P]) -> Page[P]:
        @wraps(view)
        def found(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except (HouseholdNotFound, CustomerNotFound) as error:
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


def to_household(request: HttpRequest, household_id: UUID, text: str) -> HttpResponse:
    """After a change: show the household anew."""
    address = reverse("households:household", args=[household_id])
    if not request.headers.get("HX-Request"):
        return redirect(address)
    response = answers.toast(HttpResponse(status=204), text)
    response["HX-Redirect"] = address
    return response
