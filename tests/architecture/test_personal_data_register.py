"""Every column that could hold personal data says what it holds and how it is protected."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from importlib import import_module

import pghistory.models
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test.utils import isolate_apps

from anxin.kernel.personal import NOT_PERSONAL, Kind, PersonalData, Protection

HOLDS_ANYTHING = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.BinaryField,
    models.GenericIPAddressField,
    models.FileField,
    ArrayField,
)
KIND_OF_FIELD = {Protection.ENCRYPTED: models.BinaryField, Protection.BLIND_INDEX: models.BinaryField}


def gaps(found: Iterable[type[models.Model]], register: Mapping[str, PersonalData]) -> list[str]:
    fields = {
        f"{model.__name__}.{field.name}": field
        for model in found
        # What a history table repeats is declared once, at the table it repeats.
        if not issubclass(model, pghistory.models.Event)
        for field in model._meta.local_concrete_fields
    }
    wanted = {name for name, field in fields.items() if isinstance(field, HOLDS_ANYTHING)}
    bad = [f"{name}: no entry" for name in sorted(wanted - set(register))]
    bad += [f"{name}: no such column" for name in sorted(set(register) - set(fields))]
    for name, entry in register.items():
        kind = KIND_OF_FIELD.get(entry.protection)
        if kind is not None and name in fields and not _is_kind(fields[name], kind):
            bad.append(f"{name}: said to be {entry.protection}, but it is no binary column")
    return bad


def _is_kind(field: models.Field[object, object], kind: type[models.BinaryField]) -> bool:
    return isinstance(field, kind) or (isinstance(field, ArrayField) and isinstance(field.base_field, kind))


def test_every_text_column_of_every_room_is_in_the_register() -> None:
    bad = []
    for config in apps.get_app_configs():
        if not config.name.startswith("anxin.") or config.name.startswith("anxin.kernel"):
            continue
        register = import_module(f"{config.name}.data").PERSONAL_DATA
        bad += [f"{config.label}: {gap}" for gap in gaps(config.get_models(), register)]
    assert bad == []


@isolate_apps("anxin.book.customers")
def test_a_planted_column_without_an_entry_is_found() -> None:
    class Person(models.Model):
        number = models.CharField(max_length=20)
        sealed = models.CharField(max_length=20)

        class Meta:
            app_label = "customers"

    register = {
        "Person.sealed": PersonalData(Kind.DOCUMENT, Protection.ENCRYPTED),
        "Person.gone": NOT_PERSONAL,
    }
    assert gaps([Person], register) == [
        "Person.number: no entry",
        "Person.gone: no such column",
        "Person.sealed: said to be encrypted, but it is no binary column",
    ]
