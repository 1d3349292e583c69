"""What a role may do, and how far."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.db.models import F

from anxin.foundation.accounts import rules
from anxin.foundation.accounts.data import NotGrantable, RoleNotFound
from anxin.foundation.accounts.models import Grant, RoleDefinition
from anxin.foundation.audit import services as audit
from anxin.kernel import permissions
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.permissions import Role, Scope
from anxin.kernel.states import StaleState


@transaction.atomic
def ensure_shipped_roles() -> None:
    """Create the shipped roles and give them the default grants of permissions they have not met yet.

    Runs after every migration. A grant that a site took away stays away: only codes new to the role are added.
    """
    known: dict[str, set[str]] = {}
    for role in Role:
        name_zh, name_en = rules.ROLE_NAMES[role]
        definition, is_new = RoleDefinition.objects.get_or_create(
            code=role, defaults={"name_zh": name_zh, "name_en": name_en, "is_shipped": True}
        )
        known[role] = set() if is_new else set(definition.known_permissions)
    new_grants = []
    for permission in permissions.registered().values():
        for role, scope in permission.defaults.items():
            if permission.code not in known[role]:
                new_grants.append(Grant(role_id=role, permission=permission.code, scope=scope))
    Grant.objects.bulk_create(new_grants, ignore_conflicts=True)
    RoleDefinition.objects.filter(is_shipped=True).update(known_permissions=sorted(permissions.registered()))


def change_grants(
    *, actor: Actor, now: datetime, role: str, wanted: Mapping[str, Scope | None], seen_version: int
) -> int:
    """Set the scopes of the permissions named in `wanted` (None takes one away); returns how many changed.

    Raises RoleNotFound, NotGrantable for a code that does not exist, StaleState when somebody else changed the role,
    and ValueError when nobody could change roles any more.
    """
    _require_all(actor)
    unknown = set(wanted) - set(permissions.registered())
    if unknown:
        raise NotGrantable(", ".join(sorted(unknown)))
    with transaction.atomic():
        moved = RoleDefinition.objects.filter(code=role, version=seen_version).update(version=F("version") + 1)
        if not moved:
            if not RoleDefinition.objects.filter(code=role).exists():
                raise RoleNotFound(role)
            version = RoleDefinition.objects.values_list("version", flat=True).get(code=role)
            raise StaleState("", version)
        held = {grant.permission: grant for grant in Grant.objects.filter(role=role)}
        changes: dict[str, list[str]] = {}
        for code, scope in wanted.items():
            grant = held.get(code)
            if scope is None:
                if grant is not None:
                    grant.delete()
                    changes[code] = [grant.scope, ""]
            elif grant is None:
                Grant.objects.create(role_id=role, permission=code, scope=scope)
                changes[code] = ["", scope]
            elif grant.scope != scope:
                changes[code] = [grant.scope, scope]
                grant.scope = scope
                grant.save(update_fields=["scope"])
        if not Grant.objects.filter(permission="accounts.edit", scope=Scope.ALL).exists():
            raise ValueError("At least one role must be able to change users and roles.")
        if changes:
            audit.record(
                actor=actor, now=now, action="accounts.change_grants", object_kind="role", object_id=role,
                object_ref=role, detail={"changes": changes},
            )  # fmt: skip
    return len(changes)


def create_role(*, actor: Actor, now: datetime, code: str, name_zh: str, name_en: str) -> RoleDefinition:
    """A role of the site's own, without any permission yet."""
    _require_all(actor)
    with transaction.atomic():
        role = RoleDefinition.objects.create(
            code=code, name_zh=name_zh, name_en=name_en, known_permissions=sorted(permissions.registered())
        )
        audit.record(
            actor=actor, now=now, action="accounts.create_role", object_kind="role", object_id=code, object_ref=code
        )
    return role


def _require_all(actor: Actor) -> None:
    # Whoever changes a role changes it everywhere, for themselves too.
    if actor.require("accounts.edit") is not Scope.ALL:
        raise NotPermitted("accounts.edit")
