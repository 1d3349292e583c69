"""Which rules hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from uuid import UUID

from anxin.foundation.schemes import rules
from anxin.foundation.schemes.data import SchemeKind, SchemeView
from anxin.foundation.schemes.models import SchemeVersion
from anxin.kernel.actor import Actor


class SchemeNotFound(Exception):
    """No such kind or version."""


def kinds() -> Mapping[str, SchemeKind]:
    return rules.registered()


def kind(code: str) -> SchemeKind:
    """Raises SchemeNotFound."""
    try:
        return rules.registered()[code]
    except KeyError:
        raise SchemeNotFound(code) from None


def active(code: str, *, on: date) -> SchemeView:
    """The version that holds on a day: the latest one activated from that day or earlier, else what is shipped."""
    row = (
        SchemeVersion.objects.filter(kind=code, state=SchemeVersion.State.ACTIVE, effective_from__lte=on)
        .order_by("-effective_from", "-version")
        .first()
    )
    return view(row) if row is not None else SchemeView(kind=code, version=0, content=kind(code).default)


def numbered(code: str, version: int, *, on: date) -> SchemeView:
    """A certain version, for what was done by it; 0 is what is shipped. Where none is kept: the active one."""
    if version == 0:
        return SchemeView(kind=code, version=0, content=kind(code).default)
    row = SchemeVersion.objects.filter(kind=code, version=version).first()
    return view(row) if row is not None else active(code, on=on)


def history(actor: Actor, code: str) -> list[SchemeView]:
    """All versions of a kind, newest first, with the shipped one at the end."""
    actor.require("schemes.view")
    shipped = SchemeView(kind=code, version=0, content=kind(code).default)
    return [*map(view, SchemeVersion.objects.filter(kind=code).order_by("-version")), shipped]


def get_version(actor: Actor, version_id: UUID) -> SchemeView:
    """Raises SchemeNotFound."""
    actor.require("schemes.view")
    row = SchemeVersion.objects.filter(pk=version_id).first()
    if row is None or row.kind not in rules.registered():
        raise SchemeNotFound(str(version_id))
    return view(row)


def view(row: SchemeVersion) -> SchemeView:
    return SchemeView(
        kind=row.kind,
        version=row.version,
        content=row.content,
        effective_from=row.effective_from,
        id=row.id,
        state=row.state,
        note=row.note,
        edition=row.edition,
        created_at=row.created_at,
        activated_at=row.activated_at,
    )
