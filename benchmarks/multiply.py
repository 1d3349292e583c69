"""`python -m benchmarks.multiply N`: make an instance filled by the import N times as large, in a fraction of the time.

For reading at a million customers. Every customer gets copies with all that hangs on them, every member of staff copies
who look after those, and units two copies, as a larger insurer has larger units: reach and lists are what they would
be. Copies have references, numbers, phones and plates of their own; names and products they share with the first.
Sealed values are sealed anew for their place. What the pages under test do not read is not copied (records of sources,
proposed households, results of intake). Import, night and linkage are never measured on such an instance.
"""

from __future__ import annotations

import sys
import time
from collections.abc import Iterator, Sequence
from typing import Any, Final
from uuid import UUID

import django

# In an order in which each finds what it points to.
TABLES: Final = (
    "org.Unit", "accounts.User", "org.Post", "customers.Party", "customers.Standing", "customers.ContactPoint",
    "customers.IdentityDocument", "customers.Address", "customers.Relation", "customers.Custody", "customers.Fact",
    "portfolio.Policy", "portfolio.PolicyRole", "portfolio.Vehicle", "portfolio.Coverage", "portfolio.Instalment",
    "portfolio.Endorsement", "portfolio.Claim", "desk.Touchpoint", "segments.Profile", "renewals.Renewal",
    "worklist.WorkItem", "upkeep.Score",
)  # fmt: skip
# Told apart by the number of the copy behind them.
TEXTS: Final = {
    "username", "staff_no", "policy_no", "previous_policy_no", "claim_no", "endorsement_no", "source_key", "occurrence",
}  # fmt: skip
SETS_OF_UNITS: Final = 3
# Told apart by other digits.
DIGITS: Final = {"plate", "vin"}
SEALED: Final = {
    "customers.ContactPoint": ("value_sealed", "value_blind", "kind"),
    "customers.IdentityDocument": ("number_sealed", "number_blind", "kind"),
}
# A key is of the second its first eight digits say, times 65.5: copies lie 70 minutes apart, before the first.
APART: Final = 64
NUMBERS_APART: Final = 10_000_000


def main() -> None:
    django.setup()
    from django.apps import apps
    from django.db import connection

    times = int(sys.argv[1])
    models = [apps.get_model(name) for name in TABLES]
    with connection.cursor() as cursor:
        cursor.execute("SET maintenance_work_mem = '1GB'; SET synchronous_commit = off; SET work_mem = '128MB'")
        cursor.execute("SET session_replication_role = replica")  # neither triggers nor checks of foreign keys
        cursor.execute("CREATE TABLE IF NOT EXISTS bench_copied (name text PRIMARY KEY)")
        for model in models:
            began = time.monotonic()
            cursor.execute("BEGIN")
            cursor.execute("INSERT INTO bench_copied VALUES (%s) ON CONFLICT DO NOTHING", [model._meta.db_table])
            if not cursor.rowcount:
                cursor.execute("COMMIT")
                continue  # by an earlier run that did not come to its end
            if model._meta.label == "customers.Party":
                _number(cursor, times)
            rebuild = _drop_indexes(cursor, model._meta.db_table)
            copies = SETS_OF_UNITS if model._meta.label == "org.Unit" else times
            rows = sum(_copy(cursor, model, models, number) for number in range(1, copies))
            for statement in rebuild:
                cursor.execute(statement)
            cursor.execute(f'ANALYZE "{model._meta.db_table}"')
            cursor.execute("COMMIT")
            print(f"  {model._meta.label:<28}+{rows:>10,} rows  {time.monotonic() - began:>7.1f} s", flush=True)
        # The sample leaves the code of a district out; the list filters by it.
        cursor.execute(
            "UPDATE customers_address a SET division_code = left(u.code, 6) FROM customers_party p "
            "JOIN org_unit u ON u.id = p.unit_id WHERE p.id = a.party_id AND length(u.code) >= 6"
        )
    connection.close()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
        cursor.execute("CHECKPOINT")


def _number(cursor: Any, times: int) -> None:
    """References of all copies, in a table of this session."""
    import numpy as np

    from anxin.book.customers import rules

    cursor.execute("CREATE TEMP TABLE bench_ref (id uuid PRIMARY KEY, ref text)")
    cursor.execute("SELECT id, ref FROM customers_party")
    parties = cursor.fetchall()
    numbers = np.array([rules.PARTY_CODES.decode(ref) for _, ref in parties], dtype=np.int64)
    with cursor.copy("COPY bench_ref FROM STDIN") as copy:
        for number in range(1, times):
            codes = rules.PARTY_CODES.encode_array(numbers + number * NUMBERS_APART)
            for (key, _), code in zip(parties, codes, strict=True):
                copy.write_row((_moved(key, number), code))
    cursor.execute("ANALYZE bench_ref")


def _copy(cursor: Any, model: Any, models: Sequence[Any], number: int) -> int:
    if model._meta.label in SEALED:
        return _copy_sealed(cursor, model, number)
    table, fields = model._meta.db_table, model._meta.concrete_fields
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = ", ".join(_value(field, models, number) for field in fields)
    joined = f"JOIN bench_ref ON bench_ref.id = {_shifted('one.id', number)}" if table == "customers_party" else ""
    cursor.execute(
        f'INSERT INTO "{table}" ({columns}) SELECT {values} FROM "{table}" one {joined} '
        f"WHERE {_is_first(model)} ORDER BY one.ctid"
    )
    return int(cursor.rowcount)


def _is_first(model: Any) -> str:
    """Only what was there before: the first copy is the largest in time."""
    return f"one.\"{model._meta.pk.column}\" >= (SELECT key FROM bench_first WHERE name = '{model._meta.db_table}')"


def _value(field: Any, models: Sequence[Any], number: int) -> str:
    column = f'one."{field.column}"'
    if field.is_relation and field.related_model._meta.label == "org.Unit":
        return _shifted(column, number % SETS_OF_UNITS)
    if field.model._meta.label == "org.Unit" and field.column in {"path", "code"}:
        return f"regexp_replace({column}, '([^/]+)', '\\1-{number}', 'g')"
    is_ours = field.is_relation and field.related_model in models
    if (field.get_internal_type() == "UUIDField" and field.primary_key) or is_ours or field.column == "subject_id":
        return _shifted(column, number)
    if field.model._meta.label == "customers.Party" and field.column == "ref":
        return "bench_ref.ref"
    if field.column in TEXTS:
        return f"CASE {column} WHEN '' THEN '' ELSE {column} || '-{number}' END"
    if field.column in DIGITS:
        turned = "".join(str((digit + number) % 10) for digit in range(10))
        return f"translate({column}, '0123456789', '{turned}')"
    return column


def _shifted(column: str, number: int) -> str:
    return (
        f"(lpad(to_hex(('x' || left({column}::text, 8))::bit(32)::bigint - {number * APART}), 8, '0') "
        f"|| substr({column}::text, 9))::uuid"
    )


def _moved(key: UUID, number: int) -> UUID:
    return UUID(int=key.int - (number * APART << 96))


def _copy_sealed(cursor: Any, model: Any, number: int) -> int:
    from anxin.book.customers import rules
    from anxin.kernel import vault

    sealed, blind, kind = SEALED[model._meta.label]
    table = model._meta.db_table
    names = [field.column for field in model._meta.concrete_fields]
    at = {name: names.index(name) for name in names}
    listed = ", ".join(f'"{name}"' for name in names)
    cursor.execute(f'SELECT {listed} FROM "{table}" one WHERE {_is_first(model)}')
    rows = cursor.fetchall()
    ring = vault.ring()
    clear = ring.open_many([bytes(row[at[sealed]]) for row in rows], table, sealed, [row[at["id"]] for row in rows])
    told = [_other(value or "", number) for value in clear]
    keys = [_moved(row[at["id"]], number) for row in rows]
    again = ring.seal_many(told, table, sealed, keys)

    def made() -> Iterator[list[Any]]:
        for row, key, value, blob in zip(rows, keys, told, again, strict=True):
            new = list(row)
            new[at["id"]], new[at["party_id"]] = key, _moved(row[at["party_id"]], number)
            new[at[sealed]] = blob
            domain = (
                rules.BLIND_DOCUMENT if kind not in at or table.endswith("identitydocument") else _domain(row[at[kind]])
            )
            new[at[blind]] = ring.blind(domain, value)
            if at.get("tail_blind") and row[at["tail_blind"]] is not None:
                new[at["tail_blind"]] = ring.blind(rules.BLIND_TAIL, value[-4:])
            yield new

    types = {
        "UUIDField": "uuid",
        "BinaryField": "bytea",
        "BooleanField": "bool",
        "DateField": "date",
        "ForeignKey": "uuid",
    }
    with cursor.copy(f'COPY "{table}" ({listed}) FROM STDIN (FORMAT BINARY)') as copy:
        copy.set_types([types.get(field.get_internal_type(), "text") for field in model._meta.concrete_fields])
        for new in made():
            copy.write_row(new)
    return len(rows)


def _domain(kind: str) -> str:
    from anxin.book.customers import rules

    return {"email": rules.BLIND_EMAIL, "wechat": rules.BLIND_WECHAT}.get(kind, rules.BLIND_PHONE)


def _other(value: str, number: int) -> str:
    """The same value with four digits in its middle moved on; texts without digits get the number behind them."""
    middle = len(value) // 2
    part = value[middle - 2 : middle + 2]
    if not part.isdigit():
        return f"{number}{value}"
    return f"{value[: middle - 2]}{(int(part) + number * 1_037) % 10_000:04d}{value[middle + 2 :]}"


def _drop_indexes(cursor: Any, table: str) -> list[str]:
    """Drop what is no constraint; returns how to make it again."""
    cursor.execute("CREATE TEMP TABLE IF NOT EXISTS bench_first (name text PRIMARY KEY, key uuid); ")
    cursor.execute(
        "SELECT a.attname FROM pg_index i JOIN pg_attribute a ON a.attrelid = i.indrelid AND a.attnum = i.indkey[0] "
        "WHERE i.indrelid = %s::regclass AND i.indisprimary",
        [table],
    )
    ((key,),) = cursor.fetchall()
    cursor.execute(f'INSERT INTO bench_first SELECT %s, "{key}" FROM "{table}" ORDER BY "{key}" LIMIT 1', [table])
    cursor.execute(
        "SELECT indexrelid::regclass::text, pg_get_indexdef(indexrelid) FROM pg_index i WHERE indrelid = %s::regclass "
        "AND NOT EXISTS (SELECT 1 FROM pg_constraint c WHERE c.conindid = i.indexrelid)",
        [table],
    )
    found = cursor.fetchall()
    for name, _definition in found:
        cursor.execute(f"DROP INDEX {name}")
    return [definition for _name, definition in found]


if __name__ == "__main__":
    main()
