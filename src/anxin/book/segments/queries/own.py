"""Fields that a site added to the customer file, as conditions of segments ask for them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Any, Final

from django.db.models import JSONField, Q, Value
from django.db.models.fields.json import KeyTextTransform, KeyTransform
from django.db.models.lookups import Contains, Exact, GreaterThanOrEqual, In, IsNull, LessThan, LessThanOrEqual

from anxin.book.customers.queries import panels
from anxin.book.segments.rules import conditions
from anxin.book.segments.rules.conditions import FIELDS, Field, Sort, Tree

GROUP: Final = "own"
_PREFIX: Final = "own."
_FILE: Final = "party__custom"
_SORTS: Final = {"text": Sort.TEXT, "number": Sort.NUMBER, "date": Sort.DATE, "choice": Sort.CHOICE}
# As the database writes them.
_ANSWERS: Final = {"true": ("是", "Yes"), "false": ("否", "No")}


def fields() -> Mapping[str, Field]:
    """Every field a condition can name: those of the product and of the site. One query.

    A field that is no longer offered is still understood: segments that ask for it stay what they are.
    """
    own = {}
    for one in panels.custom_fields(is_active=None):
        code = _PREFIX + one.code
        choices = _ANSWERS if one.kind == "yes_no" else {text: (text, text) for text in one.choices}
        own[code] = Field(
            code=code, zh=one.label_zh, en=one.label_en, sort=_SORTS.get(one.kind, Sort.CHOICE), group=GROUP,
            column=_FILE, choices=choices,
        )  # fmt: skip
    return {**FIELDS, **own}


def fields_of(tree: Tree) -> Mapping[str, Field]:
    """The same for one condition: without a query when it asks for none of the site's."""
    return fields() if _names_own(tree) else FIELDS


def _names_own(tree: Tree) -> bool:
    if conditions.is_group(tree):
        return any(_names_own(child) for child in conditions.children(tree))
    return str(tree.get("field", "")).startswith(_PREFIX)


def compared(field: Field, operator: str, value: Any, today: date) -> Q:
    """The condition on Profile. By expressions: a code of the site may be the name of a lookup."""
    code = field.code.removeprefix(_PREFIX)
    text = KeyTextTransform(code, _FILE)
    if operator == "unknown":
        return Q(IsNull(text, True)) | Q(Exact(text, Value("")))
    if field.sort is Sort.CHOICE:
        found = Q(In(text, list(value)))
        return ~found | Q(IsNull(text, True)) if operator == "not_in" else found
    if field.sort is Sort.TEXT:
        return Q(Contains(text, Value(value))) if operator == "contains" else Q(Exact(text, Value(value)))
    if field.sort is Sort.DATE:
        return _on_days(text, operator, value, today)
    lookup = {"gte": GreaterThanOrEqual, "lte": LessThanOrEqual, "eq": Exact}[operator]
    # JSON is compared as JSON: what is no number is no error either.
    return Q(lookup(KeyTransform(code, _FILE), Value(value, JSONField())))


def _on_days(text: KeyTextTransform, operator: str, value: Any, today: date) -> Q:
    """Days are kept as ISO text, which sorts as they do."""
    if operator in ("before", "from"):
        return Q((LessThan if operator == "before" else GreaterThanOrEqual)(text, Value(value)))
    days = timedelta(days=value)
    low, high = {
        "within_days": (today, today + days), "last_days": (today - days, today), "days_ago": (None, today - days),
    }[operator]  # fmt: skip
    found = Q(LessThanOrEqual(text, Value(high.isoformat()))) & ~Q(Exact(text, Value("")))
    return found if low is None else found & Q(GreaterThanOrEqual(text, Value(low.isoformat())))
