"""What every page of this room shares: not found is 404."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from django.urls import reverse

from anxin.book.customers.data import CustomerNotFound
from anxin.book.upkeep.data import NotFound
from anxin.kernel.web import pages

BOTH: Final = ("GET", "HEAD", "POST")


def upkeep_page(
    permission: str, *, methods: tuple[str, ...] = ("GET", "HEAD")
) -> Callable[[pages.Page[pages.P]], pages.Page[pages.P]]:  # fmt: skip
    """404 for what is not there or out of reach."""
    return pages.page(
        permission,
        methods=methods,
        missing=(
            NotFound,
            CustomerNotFound,
        ),
    )


def file_of(ref: str) -> str:
    return reverse("customers:file", args=[ref])
