"""Foreign keys point down the house; between rooms they leave no way back. import-linter cannot see them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from tests.architecture.rooms import levels


def first_party_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("anxin.")]


def violations(found: Iterable[type[models.Model]]) -> list[str]:
    bad = []
    for model in found:
        room = model._meta.app_label
        for field in model._meta.get_fields():
            target: Any = field.related_model
            if not field.is_relation or field.auto_created or target is None or not isinstance(field, models.Field):
                continue
            other = target._meta.app_label
            if other == room or other not in levels():
                continue
            name = f"{model._meta.label}.{field.name} -> {target._meta.label}"
            if levels()[other] >= levels()[room]:
                bad.append(f"{name} does not point down")
            if not field.remote_field.hidden:
                bad.append(f"{name} needs related_name='+'")
    return bad


def test_every_room_with_models_has_a_place_in_the_house() -> None:
    assert {model._meta.app_label for model in first_party_models()} <= set(levels())


def test_foreign_keys_point_down_and_leave_no_way_back() -> None:
    assert violations(first_party_models()) == []


@isolate_apps("anxin.book.customers", "anxin.foundation.audit")
def test_a_planted_foreign_key_upwards_is_found() -> None:
    class Person(models.Model):
        class Meta:
            app_label = "customers"

    class Trace(models.Model):
        person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "audit"

    assert violations([Trace]) == ["audit.Trace.person -> customers.Person does not point down"]


@isolate_apps("anxin.book.customers", "anxin.foundation.audit")
def test_a_planted_way_back_is_found() -> None:
    class Trace(models.Model):
        class Meta:
            app_label = "audit"

    class Person(models.Model):
        trace = models.ForeignKey(Trace, on_delete=models.CASCADE)

        class Meta:
            app_label = "customers"

    assert violations([Person]) == ["customers.Person.trace -> audit.Trace needs related_name='+'"]
