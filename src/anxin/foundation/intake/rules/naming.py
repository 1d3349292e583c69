"""What the source systems are called, in both languages: the scheme `intake.sources`. Without a row its code stands."""

from __future__ import annotations

from typing import Any, Final

from anxin.foundation.schemes.data import Content, FieldKind, Problem, SchemeField
from anxin.kernel.words import mark as _

SCHEME: Final = "intake.sources"
FIELDS: Final = (
    SchemeField(
        code="sources",
        label=_("Names of the sources"),
        kind=FieldKind.ROWS,
        hint=_("The code as import profiles say it. A source without a name is called by its code."),
        columns=(
            SchemeField(code="source", label=_("Code"), kind=FieldKind.TEXT),
            SchemeField(code="name_zh", label=_("Name in Chinese"), kind=FieldKind.TEXT),
            SchemeField(code="name_en", label=_("Name in English"), kind=FieldKind.TEXT),
        ),
    ),
)
# What staff entered, and the systems of the sample insurer, which many insurers have by one name or another.
DEFAULT: Final[Content] = {
    "sources": [
        {"source": "staff", "name_zh": "员工录入", "name_en": "Staff"},
        {"source": "life-core", "name_zh": "寿险核心", "name_en": "Life core"},
        {"source": "motor-core", "name_zh": "车险核心", "name_en": "Motor core"},
        {"source": "core-extract", "name_zh": "核心抽取", "name_en": "Core extract"},
        {"source": "call-centre", "name_zh": "呼叫中心", "name_en": "Call centre"},
        {"source": "old-crm", "name_zh": "旧客户系统", "name_en": "Former CRM"},
        {"source": "sample", "name_zh": "示例数据", "name_en": "Sample data"},
    ]
}


def problems(content: Content) -> list[Problem]:
    """A code must be there, and once."""
    rows: Any = content["sources"]
    found, seen = [], set[str]()
    for number, row in enumerate(rows, 1):
        code = row["source"].strip()
        if not code or code in seen:
            message = _("A source is named twice.") if code else _("Every row needs the code of a source.")
            found.append(Problem(path=f"sources.{number}.source", message=message))
        seen.add(code)
    return found


def names_of(content: Content) -> dict[str, tuple[str, str]]:
    """By code the Chinese and the English name."""
    rows: Any = content["sources"]
    return {row["source"].strip(): (row["name_zh"].strip(), row["name_en"].strip()) for row in rows}
