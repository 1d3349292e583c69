"""What every page of this room shares."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms as django_forms
from django.utils.translation import get_language, gettext

from anxin.book.customers.data import CustomerNotFound
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.web import pages
from anxin.service.complaints import data
from anxin.service.complaints.data import ComplaintNotFound, Refused
from anxin.service.complaints.queries import board

POST = ("POST",)
BOTH = ("GET", "HEAD", "POST")


# 404 for a complaint or customer that is not there or out of reach.
complaints_page = partial(pages.page, missing=(ComplaintNotFound, CustomerNotFound))


def put(form: django_forms.Form, error: Refused) -> None:
    """Say in the form why the service refused."""
    form.add_error(error.field if error.field in form.fields else None, gettext(str(error)))


def language() -> str:
    return get_language() or "zh-hans"


def words() -> dict[str, dict[str, str]]:
    """Code → word of every group of the taxonomy, in the language of the reader."""
    return board.words(language(), today=clock.today())


def crumbs(last: str) -> list[tuple[str, str]]:
    return [("/complaints/", gettext("Complaints")), ("", last)]


def state_of(code: str) -> tuple[str, str]:
    word, level = data.STATES.get(data.State(code), (code, ""))
    return gettext(word), level


def said(vocabulary: Any, code: str) -> str:
    """The word of a code of `data`; "" stays empty."""
    word = vocabulary.get(code, code)
    return gettext(word) if word and code else ""


def staff(actor: Actor, permission: str) -> list[tuple[str, str]]:
    """People a picker offers: within the scope of the permission."""
    return [
        (str(one.id), f"{one.name} · {one.unit}") for one in org.find_staff(actor, permission=permission, limit=200)
    ]


def units(actor: Actor, permission: str, *, limit: int = 200) -> list[tuple[str, str]]:
    return [(str(one.id), one.name) for one in org.find_units(actor, permission=permission, limit=limit)]
