"""Moving the rows of all rooms between files, by the register of merge rules."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from itertools import groupby
from typing import Any
from uuid import UUID

from anxin.book.customers.data.merging import Behaviour, MergeRule
from anxin.book.customers.services import golden
from anxin.book.customers.services import merging as register
from anxin.kernel import bulk, bulk_merge, bulk_shelf
from anxin.kernel.bulk_merge import Follower, Ledger, Pair
from anxin.kernel.bulk_shelved import Shelved

LEDGER = Ledger(moves="matching_move", shelf="matching_shelvedrow", owners="customers_party")


def take(pairs: Sequence[Pair]) -> dict[UUID, dict[str, int]]:
    """All rows of the losers go to their survivors: merge → table → how many. No file may stand in two of the pairs."""
    counts: dict[UUID, dict[str, int]] = {one.merge: {} for one in pairs}
    with bulk.by_index():
        staged = bulk_merge.stage_pairs(pairs)
        for rule in _compiled(register.rules()):
            if isinstance(rule, Follower):
                moved = bulk_merge.take(rule, LEDGER, staged)
            else:
                moved = bulk_shelf.take(rule, LEDGER, staged)
            for merge, number in moved.items():
                of = counts.setdefault(merge, {})
                of[rule.table] = of.get(rule.table, 0) + number
    return counts


def give_back(sides: Mapping[UUID, UUID]) -> int:
    """Rows go to where their home now belongs. `sides`: every file of the clusters concerned → its living file."""
    done = 0
    with bulk.by_index():
        staged = bulk_merge.stage_sides(sides)
        for rule in _compiled(register.rules()):
            if isinstance(rule, Follower):
                done += bulk_merge.give_back(rule, LEDGER, staged)
            else:
                done += bulk_shelf.give_back(rule, LEDGER, staged)
    return done


def raise_flags(sides: Mapping[UUID, UUID]) -> None:
    with bulk.by_index():
        staged = bulk_merge.stage_sides(sides)
        for rule in _compiled(register.rules()):
            if isinstance(rule, Follower):
                bulk_merge.raise_flags(rule, LEDGER, staged)


def stand_alone(party_ids: Sequence[UUID]) -> None:
    """The files' own pointers to those that replaced them were cleared: the ledger forgets how they came to point
    there."""
    bulk_merge.forget_move(LEDGER, "customers_party", "replaced_by_id", party_ids)


@cache
def _compiled(rules: tuple[MergeRule, ...]) -> tuple[Follower | Shelved, ...]:
    models = golden.tables_of({rule.model for rule in rules})
    found: list[Follower | Shelved] = []
    for label, group in groupby(rules, key=lambda rule: rule.model):
        following = [rule for rule in group if rule.behaviour is Behaviour.FOLLOWS]
        shelved = [rule for rule in following if rule.shelved]
        found += [_follower(models[label], rule) for rule in following if not rule.shelved]
        if shelved:
            found.append(_shelved(models[label], shelved))
    # Who replaced whom first: what comes off the shelf goes to the living file.
    found.sort(key=lambda one: one.table != LEDGER.owners)
    return tuple(found)


def _follower(model: Any, rule: MergeRule) -> Follower:
    return Follower(
        table=model._meta.db_table,
        column=_column(model, rule.column),
        once=tuple(_column(model, name) for name in rule.once) if rule.is_once else None,
        only={_column(model, name): value for name, value in rule.only.items()},
        single=_column(model, rule.single) if rule.single else "",
        within=tuple(_column(model, name) for name in rule.within),
    )


def _shelved(model: Any, rules: Sequence[MergeRule]) -> Shelved:
    columns = tuple(_column(model, rule.column) for rule in rules)
    rest = [_column(model, name) for name in rules[0].once]
    fields = [field for field in model._meta.local_concrete_fields if field.is_relation and not field.null]
    return Shelved(
        table=model._meta.db_table,
        columns=columns,
        key=(columns[0], *rest),
        newest=_column(model, rules[0].newest) if rules[0].newest else "",
        mirrored=_column(model, rules[0].mirrored) if rules[0].mirrored else "",
        mirrors=rules[0].mirrors,
        needs=tuple(
            (field.column, field.related_model._meta.db_table) for field in fields if field.column not in columns
        ),
    )


def _column(model: Any, name: str) -> str:
    return str(model._meta.get_field(name).column)
