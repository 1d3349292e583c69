"""What every page of this room shares: not found is 404, a rejected value stands under its field."""

from __future__ import annotations

from functools import partial

from django import forms
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django_stubs_ext import StrOrPromise

from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.kernel.web import dialogs, pages

BOTH = ("GET", "HEAD", "POST")


# 404 for a customer, or a part of one, that is not there or out of reach.
customer_page = partial(pages.page, missing=(CustomerNotFound,))


def put(form: forms.Form, error: Rejected) -> None:
    """Show a rejected value under its field, or above the form."""
    form.add_error(error.field if error.field in form.fields else None, _(str(error)))


def ask(
    request: HttpRequest, form: forms.Form, *, title: StrOrPromise, button: StrOrPromise, ref: str = "",
    hint: StrOrPromise = "", back: str = "",
) -> HttpResponse:  # fmt: skip
    """A dialog over the file of `ref`, or over the page `back`."""
    return dialogs.ask(request, form, title=title, button=button, hint=hint, back=_file(ref) if ref else back)


def done(request: HttpRequest, text: str, *, ref: str, refresh: str) -> HttpResponse:
    """After a change of the file: its panels that listen to `refresh` are fetched again."""
    return dialogs.done(request, text, back=_file(ref), refresh=refresh)


def _file(ref: str) -> str:
    return reverse("customers:file", args=[ref])
