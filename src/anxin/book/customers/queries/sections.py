"""What rooms above add to a customer's file when it is read as one document: policies, claims, touchpoints."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db.models import QuerySet

# The rows that hang on a customer, each one `kernel.statements.Json`. The argument is the customer's id, or
# `OuterRef("pk")`: it must reach the query as it is, and not from inside another subquery.
Rows = Callable[[Any], QuerySet[Any, Any]]
FoundRows = Mapping[str, list[dict[str, Any]]]


@dataclass(frozen=True, kw_only=True)
class Section:
    """`rows` by name, each found by an index on the customer; `plain` makes of them values ready for JSON.

    Asked for only within the reach of `permission`.
    """

    code: str
    permission: str
    rows: Mapping[str, Rows] = field(hash=False)
    plain: Callable[[FoundRows], Any]


_sections: dict[str, Section] = {}


def register_section(code: str, permission: str, rows: Mapping[str, Rows], plain: Callable[[FoundRows], Any]) -> None:
    """Add a section; called from AppConfig.ready. A code belongs to one loader."""
    section = Section(code=code, permission=permission, rows=rows, plain=plain)
    if _sections.setdefault(code, section) != section:
        raise ValueError(f"The file section {code!r} is registered twice.")


def registered() -> tuple[Section, ...]:
    return tuple(_sections.values())
