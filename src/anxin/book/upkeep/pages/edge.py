"""What every page of this room shares: not found is 404."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, Final, ParamSpec, cast

from django import forms
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django_stubs_ext import StrOrPromise

from anxin.book.customers.data import CustomerNotFound
from anxin.book.upkeep.data import NotFound
from anxin.kernel.web import answers, pages

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]
BOTH: Final = ("GET", "HEAD", "POST")


def upkeep_page(permission: str, *, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[Page[P]], Page[P]]:
    """`kernel.web.pages.page`, and 404 for what is not there or out of reach."""

    def decorate(view: Page[P]) -> Page[P]:
        @wraps(view)
        def found(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            try:
                return view(request, *args, **kwargs)
            except (NotFound, CustomerNotFound) as error:
                raise Http404 from error

        return pages.page(permission, methods=methods)(cast(Page[P], found))

    return decorate


def ask(
    request: HttpRequest, form: forms.Form, *, title: StrOrPromise, button: StrOrPromise, ref: str,
    hint: StrOrPromise = "",
) -> HttpResponse:  # fmt: skip
    """A dialog with a form; without htmx a page with the same form. 422 when the form has errors."""
    template = "customers/ask.html" if request.headers.get("HX-Request") else "customers/ask_page.html"
    context: dict[str, Any] = {
        "form": form, "title": title, "button": button, "hint": hint, "url": request.get_full_path(),
        "back": reverse("customers:file", args=[ref]),
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)


def done(request: HttpRequest, text: str, *, ref: str, refresh: str) -> HttpResponse:
    """After a change: close the dialog, say so, fetch the panel again. Without htmx: back to the file."""
    if not request.headers.get("HX-Request"):
        return redirect("customers:file", ref)
    response = answers.close_dialog(answers.toast(HttpResponse(status=204), text))
    return answers.trigger(response, refresh, {})
