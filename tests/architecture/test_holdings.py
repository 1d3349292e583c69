"""Every model that holds something of a person is answered for: handed out and erased, or kept with a reason."""

from __future__ import annotations

from collections import defaultdict
from importlib import import_module

import pytest
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from anxin.foundation.privacy import services
from anxin.kernel.personal import Kind


def personal() -> dict[str, set[str]]:
    """App label → models with a column that its room's register calls personal."""
    found: dict[str, set[str]] = defaultdict(set)
    for config in apps.get_app_configs():
        if config.name.startswith("anxin.") and not config.name.startswith("anxin.kernel"):
            for name, entry in import_module(f"{config.name}.data").PERSONAL_DATA.items():
                if entry.kind is not Kind.NOT_PERSONAL:
                    found[config.label].add(name.split(".")[0])
    return found


def test_a_room_answers_for_everything_that_is_held_of_a_person() -> None:
    assert services.missing_models(services.first_party_models(), personal()) == []


def test_nobody_answers_for_a_model_that_does_not_exist() -> None:
    for room, holdings in services.registered_rooms().items():
        known = {model.__name__ for model in apps.get_app_config(room).get_models()}
        assert (holdings.covers | set(holdings.keeps)) - known == set(), room
        assert not holdings.covers & set(holdings.keeps), room
        assert not holdings.covers or holdings.erase is not None, room


@isolate_apps("anxin.service.desk")
def test_a_planted_model_that_points_to_a_customer_is_found() -> None:
    class Visit(models.Model):
        party = models.ForeignKey(apps.get_model("customers", "Party"), on_delete=models.CASCADE, related_name="+")

        class Meta:
            app_label = "desk"

    assert services.missing_models([Visit], {}) == ["desk.Visit"]


@isolate_apps("anxin.service.desk")
def test_a_planted_model_with_a_personal_column_is_found() -> None:
    class Remark(models.Model):
        text = models.TextField()

        class Meta:
            app_label = "desk"

    assert services.missing_models([Remark], {"desk": {"Remark"}}) == ["desk.Remark"]
    assert services.missing_models([Remark], {"desk": set()}) == []


def test_a_room_registers_once() -> None:
    from anxin.foundation.privacy.data import Holdings

    with pytest.raises(ValueError, match="twice"):
        services.register_room(Holdings(room="desk"))
