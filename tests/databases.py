"""The test databases: one template migrated once, a copy of it for each test process, and emptying it between tests.

Migrating takes ten seconds of one core, copying a fraction of one. The template stays in the test server under the
digest of what it was made from, so the next run finds it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
from django.core.management import call_command
from django.db import connection
from psycopg import sql

from anxin.config import tables
from tests.architecture.rooms import SOURCE

PREFIX = "anxin_template_"
UNFINISHED = "anxin_template"
# Any number, the same for all test processes: who holds it may make the template.
LOCK = 7_202_611_23
# What a freshly migrated database holds (roles, kinds of content, the key proof), to be put back between tests.
BASELINE = "baseline"
KEPT = ("django_migrations",)


def digest() -> str:
    """Of what decides what `migrate` leaves behind: the migrations, the permissions, and who writes the first rows."""
    from anxin.kernel import permissions

    state = hashlib.blake2b(repr(permissions.registered()).encode(), digest_size=8)
    files = list(SOURCE.rglob("migrations/*.py"))
    for room in ("accounts", "audit", "org", "privacy"):
        files += [SOURCE / "foundation" / room / "apps.py", *(SOURCE / "foundation" / room).glob("rules.py")]
    for path in sorted(files):
        state.update(path.relative_to(SOURCE).as_posix().encode() + b"\0" + path.read_bytes())
    return state.hexdigest()


def copy_of_template(name: str, *, keep: bool) -> None:
    """Make database `name` a fresh copy; with `keep` leave one made from the same sources as it is."""
    wanted = f"{PREFIX}{digest()}"
    with closing(_admin()) as admin:
        admin.execute("SELECT pg_advisory_lock(%s)", [LOCK])
        if not _exists(admin, wanted):
            _make_template(admin, wanted)
        if keep and _made_from(admin, name) == wanted:
            return
        _drop(admin, name)
        admin.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {} STRATEGY file_copy").format(
                sql.Identifier(name), sql.Identifier(wanted)
            )
        )
        admin.execute(sql.SQL("COMMENT ON DATABASE {} IS {}").format(sql.Identifier(name), sql.Literal(wanted)))


def drop(name: str) -> None:
    with closing(_admin()) as admin:
        _drop(admin, name)


def keep(schema: str) -> None:
    """Note every row there is, for `put_back(schema)`: what takes seconds to make is made once for a test process."""
    with connection.cursor() as cursor:
        cursor.execute(sql.SQL("DROP SCHEMA IF EXISTS {} CASCADE").format(sql.Identifier(schema)))
        cursor.execute(sql.SQL("CREATE SCHEMA {}").format(sql.Identifier(schema)))
        for table in connection.introspection.table_names(cursor):
            cursor.execute(sql.SQL("SELECT EXISTS (SELECT FROM {})").format(sql.Identifier(table)))
            if table not in KEPT and cursor.fetchone()[0]:
                cursor.execute(
                    sql.SQL("CREATE TABLE {0}.{1} AS TABLE public.{1}").format(
                        sql.Identifier(schema), sql.Identifier(table)
                    )
                )


def put_back(schema: str = BASELINE) -> None:
    """Every table as `keep` found it, or as the migrations left it. Past the triggers that rightly refuse this in the
    product."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = %s::regnamespace", [schema])
        shipped = {name for (name,) in cursor.fetchall()}
        cursor.execute("SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace")
        tables = [name for (name,) in cursor.fetchall() if name not in KEPT]
        cursor.execute(
            sql.SQL("SELECT {}").format(
                sql.SQL(", ").join(sql.SQL("EXISTS (SELECT FROM {})").format(sql.Identifier(name)) for name in tables)
            )
        )
        filled = {name for name, has_rows in zip(tables, cursor.fetchone(), strict=True) if has_rows}
        steps = [sql.SQL("BEGIN"), sql.SQL("SET LOCAL session_replication_role = replica")]
        steps += [sql.SQL("DELETE FROM {}").format(sql.Identifier(name)) for name in sorted(filled | shipped)]
        steps += [
            sql.SQL("INSERT INTO {0} SELECT * FROM {1}.{0}").format(sql.Identifier(name), sql.Identifier(schema))
            for name in sorted(shipped)
        ]
        cursor.execute(sql.SQL("; ").join([*steps, sql.SQL("COMMIT")]))


@contextmanager
def database(name: str) -> Iterator[None]:
    """The product's connection leads to database `name`."""
    from django.conf import settings

    before = connection.settings_dict["NAME"]
    connection.close()
    settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = name
    try:
        yield
    finally:
        connection.close()
        settings.DATABASES["default"]["NAME"] = connection.settings_dict["NAME"] = before


def _make_template(admin: psycopg.Connection[Any], name: str) -> None:
    old = admin.execute("SELECT datname FROM pg_database WHERE starts_with(datname, %s)", [UNFINISHED]).fetchall()
    for (stale,) in old:
        _drop(admin, stale)
    admin.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(UNFINISHED)))
    with database(UNFINISHED):
        with tables.quickly():
            call_command("migrate", verbosity=0, interactive=False, run_syncdb=True)
        keep(BASELINE)
    admin.execute(sql.SQL("ALTER DATABASE {} RENAME TO {}").format(sql.Identifier(UNFINISHED), sql.Identifier(name)))


def _admin() -> psycopg.Connection[Any]:
    given = connection.get_connection_params()
    return psycopg.connect(
        **{key: given[key] for key in ("host", "port", "user", "password") if given.get(key)},
        dbname="postgres", autocommit=True,
    )  # fmt: skip


def _exists(admin: psycopg.Connection[Any], name: str) -> bool:
    return admin.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone() is not None


def _made_from(admin: psycopg.Connection[Any], name: str) -> str:
    row = admin.execute(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
    ).fetchone()
    return (row[0] or "") if row else ""


def _drop(admin: psycopg.Connection[Any], name: str) -> None:
    admin.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
