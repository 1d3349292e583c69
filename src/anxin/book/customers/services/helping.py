"""A door for rooms above: who helps with a customer reaches the file, though somebody else manages it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import QuerySet

from anxin.book.customers import access


def register(source: Callable[[Any], QuerySet[Any, Any]], *, never: Iterable[str] = ()) -> None:
    """`source(user)` selects the keys of the customers somebody helps with now, as a list of values; few for anybody.
    `user` may be a parameter of a statement: it is compared with a column and nothing else.

    They count as within every permission of the person whose scope is narrower than everybody's, but for `never`: what
    only the manager, or whoever leads, decides about a customer.
    """
    access.register_helpers(source, never)
