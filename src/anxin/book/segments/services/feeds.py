"""A door for rooms above: what they know of customers that the night counts, without this room knowing them.

A room says in its `AppConfig.ready` which of its tables holds one row per event of a customer; the extract reads it
with the other tables, in the same snapshot.
"""

from __future__ import annotations

from anxin.analytics import marts

_fed: dict[str, marts.Mart] = {}


class UnknownFeed(ValueError):
    """No figure is counted from events of this name."""


def register(code: str, *, table: str, party: str, at: str, where_null: str = "") -> None:
    """Events `code` (one of marts.EVENTS: complaints) are the rows of `table`; `party` and `at` are its columns of the
    customer's key and of the moment. Rows with something in the column `where_null` do not count (merged ones …).
    Raises UnknownFeed; ValueError for what is no plain name of a table or column."""
    if code not in marts.EVENTS:
        raise UnknownFeed(code)
    _fed[code] = marts.events(table=table, party=party, at=at, where_null=where_null)


def fed() -> dict[str, marts.Mart]:
    """The marts of all events that a room feeds."""
    return dict(_fed)
