"""The tables an empty database gets are those the models describe, though they are made at once."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps
from django.db import connection
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.questioner import NonInteractiveMigrationQuestioner
from django.db.migrations.state import ProjectState
from django.utils import translation

pytestmark = pytest.mark.django_db


def asked(sql: str) -> set[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return {row if len(row) > 1 else row[0] for row in cursor.fetchall()}


def test_every_column_index_constraint_and_trigger_of_a_model_is_in_the_database() -> None:
    columns = asked("SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public'")
    indexes = asked("SELECT indexname FROM pg_indexes WHERE schemaname = 'public'")
    constraints = asked("SELECT conname FROM pg_constraint")
    triggers = asked("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal")
    missing: list[str] = []
    for model in apps.get_models():
        if not model.__module__.startswith("anxin.") or not model._meta.managed:
            continue
        table = model._meta.db_table
        wanted = {(table, field.column) for field in model._meta.local_fields}
        missing += [f"{table}.{column}" for _table, column in wanted - columns]
        missing += [f"{table}: {one.name}" for one in model._meta.indexes if one.name not in indexes]
        # A unique constraint with a condition is an index.
        missing += [f"{table}: {one.name}" for one in model._meta.constraints if one.name not in constraints | indexes]
        named = [one.get_pgid(model) for one in getattr(model._meta, "triggers", [])]
        missing += [f"{table}: trigger {name}" for name in named if name not in triggers]
    assert not missing


def test_the_migrations_say_what_the_models_say() -> None:
    # Names of things that came with Django are translated where a language is chosen.
    with translation.override(None):
        changes = _changes()
    ours = {one.label for one in apps.get_app_configs() if one.name.startswith("anxin.")}
    assert not {app: [str(one.operations) for one in found] for app, found in changes.items() if app in ours}


def _changes() -> dict[str, list[Any]]:
    loader = MigrationLoader(connection)
    detector = MigrationAutodetector(
        loader.project_state(), ProjectState.from_apps(apps), NonInteractiveMigrationQuestioner(dry_run=True)
    )
    found: dict[str, list[Any]] = detector.changes(graph=loader.graph)
    return found
