"""Why rows were refused or warned about, with what stood there masked as its field demands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.db.models import Count, Q, QuerySet

from anxin.foundation.intake import access
from anxin.foundation.intake.data import Problem
from anxin.foundation.intake.models import RowProblem
from anxin.foundation.intake.rules import problems as rules
from anxin.kernel import masking, vault
from anxin.kernel.actor import Actor
from anxin.kernel.importing import registered_importers
from anxin.kernel.personal import Kind

# kind, line, column, code, value, is_warning
Cells = tuple[str, int, str | None, str, str | None, bool]


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


def shown_problems(rows: Sequence[RowProblem], content: Mapping[str, Any], *, in_clear: bool = False) -> list[Problem]:
    """`content`: the profile as data; it tells which field a column filled, and so how its value is masked."""
    sealed = [bytes(row.value_sealed) if row.value_sealed is not None else None for row in rows]
    values = vault.ring().open_many(sealed, "intake_rowproblem", "value_sealed", [row.id for row in rows])
    cells = [
        (row.kind, row.line, row.column, row.code, value, row.is_warning)
        for row, value in zip(rows, values, strict=True)
    ]
    return told(cells, content, in_clear=in_clear)


def told(rows: Iterable[Cells], content: Mapping[str, Any], *, in_clear: bool = False) -> list[Problem]:
    """Problems from (kind, line, column, code, value, is_warning) with the value in clear: masked unless `in_clear`."""
    known = registered_importers()
    shown = []
    personal: dict[tuple[str, str], list[Kind]] = {}
    for kind, line, column, code, value, is_warning in rows:
        place = kind, column or ""
        if place not in personal:
            personal[place] = personal_kinds(*place, content)
        importer = known.get(kind)
        hints = importer.problem_hints if importer else {}
        shown.append(
            Problem(
                line=line,
                kind=kind,
                column=column or "",
                code=code,
                value=_shown(value or "", personal[place], in_clear=in_clear),
                hint=hints.get(code) or rules.HINTS.get(code, code),
                is_warning=is_warning,
            )
        )
    return shown


def _shown(value: str, kinds: Sequence[Kind], *, in_clear: bool) -> str:
    if not value or in_clear:
        return value
    # A column nobody knows may hold anything.
    if not kinds:
        return masking.HIDDEN
    personal = next((one for one in kinds if one is not Kind.NOT_PERSONAL), None)
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
