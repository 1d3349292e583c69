"""What every page of this room shares: not found is 404, a rejected value stands under its field."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.kernel.web import answers, pages

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
BOTH = ("GET", "HEAD", "POST")


def customer_page(permission: str, *, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[Page[P]], Page[P]]:
    """`kernel.web.pages.page`, and 404 for a customer, or a part of one, that is not there or out of reach."""

    def decorate(view: Page[P]) -> Page[P]:
        @wraps(view)
        def found(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except CustomerNotFound as error:
                raise Http404 from error

        return pages.page(permission, methods=methods)(cast(Page[P], found))

    return decorate


def put(form: forms.Form, error: Rejected) -> None:
    """Show a rejected value under its field, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, _(str(error)))


def ask(
    request: HttpRequest, form: forms.Form, *, title: StrOrPromise, button: StrOrPromise, ref: str = "",
    hint: StrOrPromise = "", back: str = "",
) -> HttpResponse:  # fmt: skip
    """A dialog with a form; without htmx a page with the same form. 422 when the form has errors."""
    template = "customers/ask.html" if request.headers.get("HX-Request") else "customers/ask_page.html"
    context: dict[str, Any] = {
        "form": form, "title": title, "button": button, "hint": hint, "url": request.get_full_path(),
        "back": reverse("customers:file", args=[ref]) if ref else back,
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)


def done(request: HttpRequest, text: str, *, ref: str, refresh: str) -> HttpResponse:
    """After a change: close the dialog, say so, fetch the panel again. Without htmx: back to the file."""
    if not request.headers.get("HX-Request"):
        return redirect("customers:file", ref)
    response = answers.close_dialog(answers.toast(HttpResponse(status=204), text))
    for name in refresh.split():
        response = answers.trigger(response, name, {})
    return response
