"""What the planner knows of tables that are being filled, or just were, and what the driver remembers of statements.

Autovacuum looks once a minute. Who reads before it has looked (the linking of what an import brought) is served by
plans made for empty tables: minutes instead of a second.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from django.db import connection
from psycopg import sql

from anxin.kernel import bulk

LEAST_ROWS: Final = 1_000
_SHARE: Final = 0.2
_CHANGED: Final = (
    "SELECT relname FROM pg_stat_user_tables WHERE schemaname = current_schema()"
    " AND n_mod_since_analyze >= {} AND n_mod_since_analyze > {} * n_live_tup ORDER BY relname"
)


def tell_planner() -> list[str]:
    """Let the planner look at every table of which a fifth and a thousand rows changed; their names."""
    with connection.cursor() as cursor:
        # What this session counted reaches the view with the next statement, not within a second.
        bulk.run(cursor, "SELECT pg_stat_force_next_flush()")
        bulk.run(cursor, _CHANGED, sql.Literal(LEAST_ROWS), sql.Literal(_SHARE))
        names = [name for (name,) in cursor.fetchall()]
        for name in names:
            bulk.run(cursor, "ANALYZE {}", sql.Identifier(name))
    return names


def forget_plans() -> None:
    """Let this session plan anew. To be called before the end of a transaction that wrote thousands of rows.

    A session keeps the plan by which it checks a foreign key, and it lives as long as its process: made when the
    table held a page, it reads the whole table for each row. After a first small file the first portions of a large
    one took minutes at their COMMIT. Planned anew it knows the table as large as it is, without ANALYZE and its lock.
    """
    with connection.cursor() as cursor:
        bulk.run(cursor, "DISCARD PLANS")


@contextmanager
def without_memory() -> Iterator[None]:
    """Inside, the driver does not count statements to have those prepared that come again and again.

    It keeps the text of the last hundred, also of Django's cursors, which never have any prepared and put the values
    into the text: the thousands of keys of a portion. Of an import of a million rows that were 30 to 60 MB.
    """
    connection.ensure_connection()
    session = connection.connection
    before, session.prepare_threshold = session.prepare_threshold, None
    try:
        yield
    finally:
        session.prepare_threshold = before
