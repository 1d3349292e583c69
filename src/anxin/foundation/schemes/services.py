"""Drafting, activating and retiring versions of business rules. Other rooms register their kinds here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import IntegrityError, transaction
from django.db.models import F, Max

from anxin.foundation.audit import services as audit
from anxin.foundation.schemes import queries, rules
from anxin.foundation.schemes.data import Content, Effect, Problem, SchemeField, SchemeKind, SchemeView
from anxin.foundation.schemes.models import SchemeVersion
from anxin.kernel.actor import Actor
from anxin.kernel.states import IllegalTransition, StaleState

SHANGHAI = ZoneInfo("Asia/Shanghai")
State = SchemeVersion.State


class InvalidScheme(ValueError):
    """The content cannot stand; nothing was changed."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("; ".join(f"{problem.path}: {problem.message}" for problem in problems))


class BackdatedScheme(ValueError):
    """Rules cannot take effect in the past: results were already made with what held then."""


def register_kind(
    code: str, *, label: str, help: str, fields: Sequence[SchemeField], default: Content,
    validate: Callable[[Content], Sequence[Problem]], preview: Callable[[Content], Sequence[Effect]] | None = None,
    trial_url: str = "",
) -> None:  # fmt: skip
    """Add a kind of rules, from `AppConfig.ready`. Texts are English, marked for translation.

    `default` is shipped as version 0 and holds until a site activates its own. `validate` judges contents of the right
    shape. `preview` counts at once what a content would change, for the dry run before activation; one that takes long
    is a job of the room, begun and shown by its page `trial_url`.
    """
    rules.register(
        SchemeKind(
            code=code,
            label=label,
            help=help,
            fields=tuple(fields),
            default=default,
            validate=validate,
            preview=preview,
            trial_url=trial_url,
        )
    )


@transaction.atomic
def draft(*, actor: Actor, now: datetime, code: str, content: Content, note: str = "") -> SchemeView:
    """A new draft. Raises InvalidScheme, SchemeNotFound."""
    actor.require("schemes.edit")
    _check(code, content)
    try:
        with transaction.atomic():
            newest = SchemeVersion.objects.filter(kind=code).aggregate(newest=Max("version"))["newest"] or 0
            row = SchemeVersion.objects.create(
                kind=code, version=newest + 1, content=content, note=note, created_at=now, created_by_id=actor.user_id
            )
    except IntegrityError as error:
        # Two drafts in the same moment: the unique (kind, version) lets one through.
        raise StaleState(State.DRAFT, newest + 1) from error
    _record(actor, now, "schemes.draft", row)
    return queries.view(row)


@transaction.atomic
def edit(
    *, actor: Actor, now: datetime, version_id: UUID, edition: int, content: Content, note: str = ""
) -> SchemeView:
    """Change a draft as its `edition` was seen. Raises StaleState, IllegalTransition, InvalidScheme."""
    actor.require("schemes.edit")
    seen = queries.get_version(actor, version_id)
    _check(seen.kind, content)
    changed = SchemeVersion.objects.filter(pk=version_id, state=State.DRAFT, edition=edition).update(
        content=content, note=note, edition=F("edition") + 1
    )
    return _changed(actor, now, "schemes.edit", version_id, "edit", bool(changed), edition)


@transaction.atomic
def activate(*, actor: Actor, now: datetime, version_id: UUID, edition: int, effective_from: date) -> SchemeView:
    """Let a draft hold from a day, today at the earliest. Raises BackdatedScheme, StaleState, IllegalTransition."""
    actor.require("schemes.edit")
    if effective_from < now.astimezone(SHANGHAI).date():
        raise BackdatedScheme
    seen = queries.get_version(actor, version_id)
    _check(seen.kind, seen.content)
    changed = SchemeVersion.objects.filter(pk=version_id, state=State.DRAFT, edition=edition).update(
        state=State.ACTIVE, effective_from=effective_from, activated_at=now, activated_by_id=actor.user_id
    )
    return _changed(actor, now, "schemes.activate", version_id, "activate", bool(changed), edition)


@transaction.atomic
def retire(*, actor: Actor, now: datetime, version_id: UUID, reason: str) -> SchemeView:
    """Take an active version out of force; the one before it, or what is shipped, holds again."""
    actor.require("schemes.edit")
    queries.get_version(actor, version_id)
    changed = SchemeVersion.objects.filter(pk=version_id, state=State.ACTIVE).update(state=State.RETIRED)
    return _changed(actor, now, "schemes.retire", version_id, "retire", bool(changed), None, reason)


def _changed(
    actor: Actor, now: datetime, action: str, version_id: UUID, move: str, is_changed: bool, edition: int | None,
    reason: str = "",
) -> SchemeView:  # fmt: skip
    row = SchemeVersion.objects.get(pk=version_id)
    if not is_changed:
        if edition is not None and row.state == State.DRAFT:
            raise StaleState(row.state, row.edition)
        raise IllegalTransition(row.state, move, ())
    _record(actor, now, action, row, reason)
    return queries.view(row)


def _check(code: str, content: Content) -> None:
    if found := rules.problems(queries.kind(code), content):
        raise InvalidScheme(found)


def _record(actor: Actor, now: datetime, action: str, row: SchemeVersion, reason: str = "") -> None:
    detail: dict[str, object] = {"kind": row.kind, "version": row.version}
    if row.effective_from is not None:
        detail["effective_from"] = row.effective_from.isoformat()
    audit.record(
        actor=actor, now=now, action=action, object_kind="scheme", object_id=row.id,
        object_ref=f"{row.kind} {row.version}", reason=reason, detail=detail,
    )  # fmt: skip
