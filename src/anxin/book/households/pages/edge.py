"""What every page of this room shares: not found is 404, a rejected wish stands above the form."""

from __future__ import annotations

from functools import partial
from typing import Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse

from anxin.book.customers.data import CustomerNotFound
from anxin.book.households.data import HouseholdNotFound
from anxin.kernel.web import answers, pages

BOTH: Final = ("GET", "HEAD", "POST")


# 404 for a household or customer that is not there or out of reach.
household_page = partial(pages.page, missing=(HouseholdNotFound, CustomerNotFound))


def to_household(request: HttpRequest, household_id: UUID, text: str) -> HttpResponse:
    """After a change: show the household anew."""
    address = reverse("households:household", args=[household_id])
    if not request.headers.get("HX-Request"):
        return redirect(address)
    response = answers.toast(HttpResponse(status=204), text)
    response["HX-Redirect"] = address
    return response
