"""Every column that points to a customer says what becomes of it in a merge. A new one fails the build."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import pghistory.models
from django.apps import apps
from django.db import models
from django.test.utils import isolate_apps

from anxin.book.customers.data.merging import Behaviour, MergeRule
from anxin.book.customers.services import merging


def first_party_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model.__module__.startswith("anxin.")]


def party_columns(found: Iterable[type[models.Model]]) -> list[tuple[type[models.Model], models.Field]]:
    """Foreign keys to Party, and UUID columns that by their name hold one. History rows stay as they were written."""
    columns = []
    for model in found:
        if issubclass(model, pghistory.models.Event):
            continue
        for field in model._meta.local_concrete_fields:
            target = field.related_model
            points = target is not None and not isinstance(target, str) and target._meta.label == "customers.Party"
            is_bare = isinstance(field, models.UUIDField) and field.name.endswith(("party_id", "customer_id"))
            if points or is_bare:
                columns.append((model, field))
    return columns


def violations(found: Iterable[type[models.Model]], rules: Sequence[MergeRule]) -> list[str]:
    known = {(rule.model, rule.column): rule for rule in rules}
    bad = []
    for model, field in party_columns(found):
        name = f"{model._meta.label}.{field.name}"
        rule = known.get((model._meta.label, field.name))
        if rule is None:
            bad.append(f"{name} has no merge rule: see src/anxin/book/customers/README.md, Merging")
        elif rule.behaviour is Behaviour.STAYS:
            if not rule.why:
                bad.append(f"{name} stays without a reason")
        else:
            bad += [f"{name}: {word}" for word in _unsound(model, field, rule)]
    return bad


def _unsound(model: type[models.Model], field: models.Field, rule: MergeRule) -> list[str]:
    bad = []
    key = model._meta.pk
    if not isinstance(key, models.UUIDField) or key.name != "id":
        bad.append("only rows with a UUID key `id` can follow")
    for group in _unique_groups(model):
        if field.name in group and not (rule.is_once and set(rule.once) <= group - {field.name}):
            bad.append(f"unique over {', '.join(sorted(group))}, but the rule names no `once`")
    if rule.shelved:
        if any(isinstance(one, models.BinaryField) and one.name.endswith("sealed") for one in model._meta.fields):
            bad.append("a table with sealed columns cannot be shelved")
        referring = [
            one for one in model._meta.related_objects if not issubclass(one.related_model, pghistory.models.Event)
        ]
        if referring:
            bad.append(f"shelved rows are taken out, but {referring[0].related_model._meta.label} refers to them")
    return bad


def _unique_groups(model: type[models.Model]) -> list[set[str]]:
    groups = [set(one.fields) for one in model._meta.constraints if isinstance(one, models.UniqueConstraint)]
    groups += [set(names) for names in model._meta.unique_together]
    groups += [{field.name} for field in model._meta.local_concrete_fields if field.unique and not field.primary_key]
    return groups


def test_every_column_that_points_to_a_customer_has_a_sound_merge_rule() -> None:
    assert violations(first_party_models(), merging.rules()) == []


def test_no_merge_rule_speaks_of_a_column_that_is_not_there() -> None:
    there = {(model._meta.label, field.name) for model, field in party_columns(first_party_models())}
    # What may be about anything, a customer among others, follows where a room says so.
    there |= {(model._meta.label, "subject_id") for model in first_party_models() if hasattr(model, "subject_id")}
    assert {(rule.model, rule.column) for rule in merging.rules()} <= there


@isolate_apps("anxin.book.customers")
def test_a_planted_column_without_a_rule_is_found() -> None:
    class Party(models.Model):
        class Meta:
            app_label = "customers"

    class Visit(models.Model):
        id = models.UUIDField(primary_key=True)
        host = models.ForeignKey(Party, on_delete=models.CASCADE)
        guest_party_id = models.UUIDField()

        class Meta:
            app_label = "customers"

    found = violations([Visit], [])
    assert [one.partition(" ")[0] for one in found] == ["customers.Visit.host", "customers.Visit.guest_party_id"]


@isolate_apps("anxin.book.customers")
def test_a_planted_unique_constraint_without_once_is_found() -> None:
    class Party(models.Model):
        class Meta:
            app_label = "customers"

    class Badge(models.Model):
        id = models.UUIDField(primary_key=True)
        party = models.ForeignKey(Party, on_delete=models.CASCADE)
        colour = models.CharField(max_length=10)

        class Meta:
            app_label = "customers"
            constraints = [models.UniqueConstraint(fields=["party", "colour"], name="badge_once")]

    follows = MergeRule(model="customers.Badge", column="party", behaviour=Behaviour.FOLLOWS)
    assert violations([Badge], [follows])
    sound = MergeRule(
        model="customers.Badge", column="party", behaviour=Behaviour.FOLLOWS, once=("colour",), is_once=True
    )
    assert violations([Badge], [sound]) == []
