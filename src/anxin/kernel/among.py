"""Rows of many keys: one parameter, where `__in` makes one of each.

Django walks a list of keys five times (checks, compiles, splits and fills the statement), PostgreSQL plans it as long:
past some hundred keys that costs more than the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.db.models import Lookup, Q, UUIDField

_NAME: Final = "among"


def among(path: str, keys: Iterable[UUID]) -> Q:
    """The rows whose key at `path` is one of `keys`. `path` leads to the primary key: "pk", "party__pk"."""
    # As one text: Django looks into every element of a list. Hexadecimal digits need no quoting inside the array.
    return Q(**{f"{path}__{_NAME}": "{" + ",".join(sorted({key.hex for key in keys})) + "}"})


@UUIDField.register_lookup
class _Among(Lookup):
    lookup_name = _NAME
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, Any]:
        left, values = self.process_lhs(compiler, connection)
        return f"{left} = ANY(%s::uuid[])", (*values, self.rhs)
