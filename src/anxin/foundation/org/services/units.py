"""The tree of units."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import Value
from django.db.models.functions import Concat, Substr

from anxin.foundation.audit import services as audit
from anxin.foundation.org import access, rules
from anxin.foundation.org.data import CodeTaken, IllegalMove
from anxin.foundation.org.models import Unit
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.permissions import Scope


def create_unit(
    *, actor: Actor, now: datetime, code: str, name: str, level: str, parent_id: UUID | None, division_code: str = ""
) -> Unit:
    """A new unit under `parent_id`, or a root. Raises UnitNotFound, CodeTaken."""
    if actor.require("org.edit") is not Scope.ALL and parent_id is None:
        raise NotPermitted("org.edit")
    try:
        with transaction.atomic():
            # Locked: a parent that is moved at the same moment would leave the path of its new child behind.
            parent = None
            if parent_id is not None:
                access.get_unit(actor, parent_id, "org.edit")
                parent = Unit.objects.select_for_update().get(pk=parent_id)
            unit = Unit.objects.create(
                code=code, name=name, level=level, parent=parent, division_code=division_code,
                path=f"{parent.path if parent else '/'}{code}/",
            )  # fmt: skip
            audit.record(
                actor=actor, now=now, action="org.create_unit", object_kind="unit", object_id=unit.id, object_ref=code
            )
    except IntegrityError as error:
        raise CodeTaken(code) from error
    return unit


def change_unit(
    *, actor: Actor, now: datetime, unit_id: UUID, name: str, level: str, division_code: str, is_active: bool
) -> None:
    wanted = {"name": name, "level": level, "division_code": division_code, "is_active": is_active}
    with transaction.atomic():
        unit = access.get_unit(actor, unit_id, "org.edit")
        changed = sorted(field for field, value in wanted.items() if getattr(unit, field) != value)
        if not changed:
            return
        Unit.objects.filter(pk=unit_id).update(**wanted)
        audit.record(
            actor=actor, now=now, action="org.change_unit", object_kind="unit", object_id=unit_id, object_ref=unit.code,
            detail={"fields": changed},
        )  # fmt: skip


def move_unit(*, actor: Actor, now: datetime, unit_id: UUID, parent_id: UUID) -> int:
    """Hang a unit with everything under it under another one; returns how many units moved.

    Raises IllegalMove under itself, UnitNotFound beyond reach. Two moves at once wait for each other: each alone may be
    sound and both together a circle.
    """
    with transaction.atomic():
        access.get_unit(actor, unit_id, "org.edit")
        access.get_unit(actor, parent_id, "org.edit")
        units = {unit.pk: unit for unit in Unit.objects.select_for_update().order_by("path")}
        unit, parent = units[unit_id], units[parent_id]
        if rules.is_below(parent.path, unit.path):
            raise IllegalMove(unit.code)
        old, new = unit.path, f"{parent.path}{unit.code}/"
        if old == new:
            return 0
        Unit.objects.filter(pk=unit_id).update(parent=parent)
        moved = Unit.objects.filter(path__startswith=old).update(path=Concat(Value(new), Substr("path", len(old) + 1)))
        audit.record(
            actor=actor, now=now, action="org.move_unit", object_kind="unit", object_id=unit_id, object_ref=unit.code,
            detail={"from": old, "to": new, "units": moved},
        )  # fmt: skip
    return moved
