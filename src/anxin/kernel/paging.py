"""One page of a list, as queries give it and the pager of a page reads it, wherever its rows come from."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

Row = TypeVar("Row")


@dataclass(frozen=True, kw_only=True)
class Page(Generic[Row]):
    """Rows of one page. `start` counts from 1 (0 when empty); `total` is None when nobody counted."""

    rows: Sequence[Row]
    next_cursor: str = ""
    previous_cursor: str = ""
    start: int = 0
    sort: str = ""
    total: int | None = None
    is_total_estimate: bool = False

    @property
    def end(self) -> int:
        return self.start + len(self.rows) - 1 if self.rows else 0

    def map(self, change: Callable[[Row], Any]) -> Page[Any]:
        """The same page with other rows: a query turns its models into data here."""
        return Page(
            rows=[change(row) for row in self.rows],
            next_cursor=self.next_cursor,
            previous_cursor=self.previous_cursor,
            start=self.start,
            sort=self.sort,
            total=self.total,
            is_total_estimate=self.is_total_estimate,
        )
