"""`python -m benchmarks.crowd N`: a book of N customers, 5 N policies and 10 N contacts for the night alone.

The sample insurer that stands in the instance is copied in SQL until there are as many as the night is promised for:
its products, terms, dates and families, with premiums of their own and its contacts dealt out over everybody. Texts,
numbers and identifiers are those of the original, so what keeps them apart (unique constraints, indexes, foreign keys)
is gone, and nothing but the night may be measured on such an instance.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Mapping
from typing import Any, Final

import django

POLICIES, CONTACTS = 5, 10  # of a customer
# The first eight digits of a key are the time, in steps of 65 seconds: copies are of 70 minutes earlier each.
COPY: Final = (
    "(lpad(to_hex(('x' || left({key}::text, 8))::bit(32)::bigint - 64 * {number}), 8, '0') "
    "|| substr({key}::text, 9))::uuid"
)
_CHANCE: Final = "(hashtextextended({key}::text, {number}) & 1048575) / 1048576.0"


def main() -> None:
    django.setup()
    from django.db import connection, transaction

    wanted = int(sys.argv[1])
    with connection.cursor() as cursor:
        cursor.execute("SET work_mem = '256MB'")
        with transaction.atomic():
            # Neither triggers nor checks of foreign keys.
            cursor.execute("SET LOCAL session_replication_role = replica")
            # A night writes them anew; a migration that fills them would look for indexes that are gone.
            cursor.execute("TRUNCATE customers_standing, segments_profile")
            _copy_all(cursor, wanted)
        # As after a quiet day: the first reader of a page would write back what it found out about its rows.
        cursor.execute("VACUUM (FREEZE, ANALYZE)")
        cursor.execute("CHECKPOINT")


def _copy_all(cursor: Any, wanted: int) -> None:
    (parties,), (policies,), (contacts,) = (
        _one(cursor, f"SELECT count(*) FROM {table}")
        for table in ("customers_party", "portfolio_policy", "desk_touchpoint")
    )
    crowd = max(1, round(wanted / parties))  # copies of everybody
    per_copy = parties * POLICIES / policies  # of each policy, for one copy of its holder
    most = int(per_copy) + 1
    here = {"c": f"generate_series(0, {crowd - 1}) c", "j": f"generate_series(0, {most - 1}) j"}
    number = f"(c * {most} + j)"
    kept = f"{_CHANCE.format(key='{owner}', number=number)} < {per_copy} - j"

    def of_policy(table: str, owner: str, columns: Mapping[str, str]) -> None:
        moved = {"id": COPY.format(key="one.id", number=number)} | columns
        if owner != "id":
            moved[owner] = COPY.format(key=f"one.{owner}", number=number)
        where = kept.format(owner=f"one.{owner}")
        _copy(cursor, table, moved, [here["c"], here["j"]], f"({number} > 0) AND {where}")

    mine = {"id": COPY.format(key="one.id", number="c")}
    premium = f"one.annual_premium_fen * (60 + (80 * {_CHANCE.format(key='one.id', number=number)})::int) / 100"
    _copy(cursor, "customers_party", mine, [here["c"]], "c > 0")
    of_policy("portfolio_policy", "id", {
        "holder_id": COPY.format(key="one.holder_id", number="c"), "annual_premium_fen": premium,
        "contract_key": f"CASE one.contract_key WHEN '' THEN '' ELSE one.contract_key || {number} END",
    })  # fmt: skip
    of_policy("portfolio_policyrole", "policy_id", {"party_id": COPY.format(key="one.party_id", number="c")})
    of_policy("portfolio_instalment", "policy_id", {})
    of_policy("portfolio_claim", "policy_id", {})
    ends = {name: COPY.format(key=f"one.{name}", number="c") for name in ("from_party_id", "to_party_id")}
    _copy(cursor, "customers_relation", mine | ends, [here["c"]], "c > 0")
    # Contacts to anybody: those of the sample are of a few.
    cursor.execute(
        "CREATE TEMP TABLE anybody ON COMMIT DROP AS SELECT row_number() OVER () - 1 AS n, id FROM customers_party"
    )
    cursor.execute("ANALYZE anybody")
    times = -(-wanted * CONTACTS // contacts)
    _copy(
        cursor, "desk_touchpoint",
        {"id": COPY.format(key="one.id", number="c"), "at": "one.at - (c % 400) * interval '1 day'",
         "party_id": "anybody.id"},
        [f"generate_series(0, {times - 1}) c",
         f"LATERAL (SELECT (hashtextextended(one.id::text, c) & 2147483647) % {crowd * parties} AS n) dealt",
         "anybody"],
        "c > 0 AND anybody.n = dealt.n",
    )  # fmt: skip
    _few(cursor)


def _few(cursor: Any) -> None:
    """What the sample leaves to people: consents, households, complaints."""
    from anxin.book.customers.models import Consent
    from anxin.book.households.models import Membership
    from anxin.service.complaints.models import Complaint

    party = "FROM customers_party one WHERE one.state = 'active'"
    share = _CHANCE.format(key="one.id", number="{seed}")
    given = {"party_id": "one.id", "purpose": "'marketing'", "is_given": f"{share.format(seed=1)} < 0.7"}
    _make(cursor, Consent, given, f"{party} AND {share.format(seed=2)} < 0.5")
    # Who is in one household shares the first digits of the key: some three of each.
    home = "(left(one.id::text, 8) || '-0000-7000-8000-' || right(one.id::text, 12))::uuid"
    _make(cursor, Membership, {"party_id": "one.id", "household_id": home},
          f"{party} AND one.kind = 'person' AND {share.format(seed=3)} < 0.4")  # fmt: skip
    _make(cursor, Complaint, {"party_id": "one.id"}, f"{party} AND {share.format(seed=4)} < 0.02")


def _make(cursor: Any, model: Any, columns: Mapping[str, str], source: str) -> None:
    """Rows with what a column of its kind holds when nothing is said."""
    plain = {
        "UUIDField": "gen_random_uuid()", "BooleanField": "false", "DateField": "current_date",
        "DateTimeField": "now() - interval '90 days'", "JSONField": "'{}'", "ArrayField": "'{}'",
    }  # fmt: skip
    table = model._meta.db_table
    _drop_keys(cursor, table)
    values = {}
    for field in model._meta.concrete_fields:
        if field.column in columns:
            values[field.column] = columns[field.column]
        elif not field.null:
            kind = field.get_internal_type()
            values[field.column] = plain.get(kind, "0" if "Integer" in kind else "''")
    began = time.monotonic()
    cursor.execute(f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} {source}")
    _tell(cursor, table, began)


def _copy(cursor: Any, table: str, columns: Mapping[str, str], sources: list[str], where: str) -> None:
    _drop_keys(cursor, table)
    cursor.execute(
        "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 AND NOT attisdropped "
        "AND attgenerated = ''",
        [table],
    )
    names = [name for (name,) in cursor.fetchall()]
    values = ", ".join(columns.get(name, f'one."{name}"') for name in names)
    listed = ", ".join(f'"{name}"' for name in names)
    began = time.monotonic()
    cursor.execute(
        f"INSERT INTO {table} ({listed}) SELECT {values} FROM {table} one, {', '.join(sources)} WHERE {where}"
    )
    _tell(cursor, table, began)


def _drop_keys(cursor: Any, table: str) -> None:
    """Constraints and indexes; the key of customers alone stays, for what a night writes points to it."""
    cursor.execute(
        "SELECT conname FROM pg_constraint WHERE conrelid = %s::regclass AND contype IN ('u', 'p', 'x') "
        "AND NOT (contype = 'p' AND conrelid = 'customers_party'::regclass)",
        [table],
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{name}" CASCADE')
    cursor.execute(
        "SELECT indexrelid::regclass FROM pg_index WHERE indrelid = %s::regclass AND NOT indisprimary", [table]
    )
    for (name,) in cursor.fetchall():
        cursor.execute(f"DROP INDEX {name}")


def _tell(cursor: Any, table: str, began: float) -> None:
    print(f"  {table:<28}+{cursor.rowcount:>11,} rows  {time.monotonic() - began:>7.1f} s", flush=True)


def _one(cursor: Any, query: str) -> Any:
    cursor.execute(query)
    return cursor.fetchone()


if __name__ == "__main__":
    main()
