"""Why rows were refused or warned about, with what stood there masked as its field demands."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from django.db.models import Count, Q, QuerySet

from anxin.foundation.intake import access
from anxin.foundation.intake.data import Problem
from anxin.foundation.intake.models import Batch, RowProblem
from anxin.foundation.intake.rules import problems as rules
from anxin.kernel import masking, vault
from anxin.kernel.actor import Actor
from anxin.kernel.importing import registered_importers
from anxin.kernel.personal import Kind

_PORTION: Final = 2_000


def list_problems(actor: Actor, ref: str, *, warnings: bool | None = None) -> QuerySet[RowProblem]:
    """The kept problems of a batch: errors, warnings, or (None) both. Raises NotPermitted, BatchNotFound."""
    found = RowProblem.objects.filter(batch=access.get_batch(actor, ref))
    return found if warnings is None else found.filter(is_warning=warnings)


def problem_totals(actor: Actor, ref: str) -> tuple[int, int]:
    """(errors, warnings) that were kept; the error file may hold more."""
    found = list_problems(actor, ref).aggregate(
        errors=Count("pk", filter=Q(is_warning=False)), warnings=Count("pk", filter=Q(is_warning=True))
    )
    return found["errors"], found["warnings"]


def iterate_problems(actor: Actor, batch: Batch, *, in_clear: bool) -> Iterator[Problem]:
    """Every kept problem in the order of the file. `in_clear` needs `intake.reveal`."""
    if in_clear:
        actor.require("intake.reveal")
    after: tuple[int, UUID] | None = None
    while True:
        rows = RowProblem.objects.filter(batch=batch).order_by("line", "id")
        if after is not None:
            rows = rows.filter(line__gte=after[0]).exclude(line=after[0], id__lte=after[1])
        found = list(rows[:_PORTION])
        if not found:
            return
        yield from shown_problems(found, batch.profile_content, in_clear=in_clear)
        after = (found[-1].line, found[-1].id)


def shown_problems(rows: Sequence[RowProblem], content: Mapping[str, Any], *, in_clear: bool = False) -> list[Problem]:
    """`content`: the profile as data; it tells which field a column filled, and so how its value is masked."""
    sealed = [bytes(row.value_sealed) if row.value_sealed is not None else None for row in rows]
    values = vault.ring().open_many(sealed, "intake_rowproblem", "value_sealed", [row.id for row in rows])
    known = registered_importers()
    shown = []
    for row, value in zip(rows, values, strict=True):
        importer = known.get(row.kind)
        hints = importer.problem_hints if importer else {}
        shown.append(
            Problem(
                line=row.line,
                kind=row.kind,
                column=row.column,
                code=row.code,
                value=_shown(row, value or "", content, in_clear=in_clear),
                hint=hints.get(row.code) or rules.HINTS.get(row.code, row.code),
                is_warning=row.is_warning,
            )
        )
    return shown


def _shown(row: RowProblem, value: str, content: Mapping[str, Any], *, in_clear: bool) -> str:
    if not value or in_clear:
        return value
    kinds = personal_kinds(row.kind, row.column, content)
    # A column nobody knows may hold anything.
    if not kinds:
        return masking.HIDDEN
    personal = next((kind for kind in kinds if kind is not Kind.NOT_PERSONAL), None)
    return masking.mask(personal, value) if personal else value


def personal_kinds(kind: str, column: str, content: Mapping[str, Any]) -> list[Kind]:
    """What a column of this kind of row holds; `column` as reports name it. Empty when nobody knows."""
    importer = registered_importers().get(kind)
    if importer is None:
        return []
    specs = {spec.name: spec.personal for spec in importer.fields}
    found = [specs[column]] if column in specs else []
    for entity in content.get("entity", ()):
        if entity.get("kind") != kind:
            continue
        for field, rule in entity.get("columns", {}).items():
            shown = rule if isinstance(rule, str) else rule.get("column") or rule.get("template", "")
            if shown == column and field in specs:
                found.append(specs[field])
    return found
