"""A form in a dialog over the page one works on, and the answer when it is done; without htmx a page of its own."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django_stubs_ext import StrOrPromise

from anxin.kernel.web import answers


def ask(
    request: HttpRequest, form: forms.BaseForm, *, title: StrOrPromise, button: StrOrPromise, back: str = "",
    hint: StrOrPromise = "",
) -> HttpResponse:  # fmt: skip
    """`back`: where "cancel" of the page leads. 422 when the form has errors."""
    template = "ui/ask.html" if request.headers.get("HX-Request") else "ui/ask_page.html"
    context: dict[str, Any] = {
        "form": form, "title": title, "button": button, "hint": hint, "url": request.get_full_path(), "back": back,
    }  # fmt: skip
    return render(request, template, context, status=422 if form.errors else 200)


def done(request: HttpRequest, text: str, *, back: str, refresh: str = "") -> HttpResponse:
    """Close the dialog, say `text`, and fetch anew what listens to the events `refresh`, or the whole page."""
    if not request.headers.get("HX-Request"):
        return redirect(back)
    response = answers.close_dialog(answers.toast(HttpResponse(status=204), text))
    for event in refresh.split():
        response = answers.trigger(response, event, {})
    if not refresh:
        response["HX-Refresh"] = "true"
    return response
