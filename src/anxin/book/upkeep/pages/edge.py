"""What every page of this room shares: not found is 404."""

from __future__ import annotations

from functools import partial
from typing import Final

from django.urls import reverse

from anxin.book.customers.data import CustomerNotFound
from anxin.book.upkeep.data import NotFound
from anxin.kernel.web import pages

BOTH: Final = ("GET", "HEAD", "POST")


# 404 for what is not there or out of reach.
upkeep_page = partial(pages.page, missing=(NotFound, CustomerNotFound))


def file_of(ref: str) -> str:
    return reverse("customers:file", args=[ref])
