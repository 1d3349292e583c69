"""The builder of segments: a condition tree as fields of a form, and back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation
from typing import Any

from django import forms
from django.http import QueryDict
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from anxin.book.segments.queries import own
from anxin.book.segments.rules import conditions
from anxin.book.segments.rules.conditions import OPERATORS, Field, Sort

MOST_JSON = 20_000
NEW = {"field": "annual_premium_fen", "op": "gte", "value": 0}


class SaveForm(forms.Form):
    name = forms.CharField(label=_("Name of the segment"), max_length=80)
    note = forms.CharField(label=_("Remark"), max_length=300, required=False)
    is_shared = forms.BooleanField(label=_("Everybody may use it, each for their own customers"), required=False)


def read_tree(posted: QueryDict) -> dict[str, Any]:
    """The tree of a posted builder with the typed values put in and the pressed button applied."""
    tree = parse(posted.get("tree", ""))
    fill(tree, posted, "")
    action, _colon, path = str(posted.get("do", "")).partition(":")
    if action in ("add", "group"):
        node = find(tree, path)
        if node is not None and conditions.is_group(node):
            members(node).append(dict(NEW) if action == "add" else {"any": [dict(NEW)]})
    elif action == "drop" and path:
        parent, _, place = path.rpartition(".")
        node = find(tree, parent)
        if node is not None and place.isdecimal() and int(place) < len(members(node)):
            del members(node)[int(place)]
    elif action == "turn":
        node = find(tree, path)
        if node is not None and conditions.is_group(node):
            kind = "all" if "all" in node else "any"
            node["any" if kind == "all" else "all"] = node.pop(kind)
    return tree


def parse(text: str) -> dict[str, Any]:
    """A tree from JSON; an empty one for anything else."""
    try:
        found = json.loads(text) if text and len(text) <= MOST_JSON else None
    except ValueError:
        found = None
    if not isinstance(found, dict):
        return {"all": []}
    return found if conditions.is_group(found) else {"all": [found]}


def members(node: dict[str, Any]) -> list[Any]:
    found: list[Any] = node["all"] if "all" in node else node["any"]
    return found


def find(tree: dict[str, Any], path: str) -> dict[str, Any] | None:
    node = tree
    for place in [part for part in path.split(".") if part]:
        if not conditions.is_group(node) or not place.isdecimal() or int(place) >= len(members(node)):
            return None
        node = members(node)[int(place)]
    return node


def fill(node: dict[str, Any], posted: QueryDict, path: str, known: Mapping[str, Field] | None = None) -> None:
    """Take what was typed for every comparison below `node`."""
    known = own.fields() if known is None else known
    for place, child in enumerate(members(node)):
        here = f"{path}.{place}" if path else str(place)
        if conditions.is_group(child):
            fill(child, posted, here, known)
        elif f"f.{here}" in posted:
            code = posted[f"f.{here}"]
            field = known.get(str(code))
            if field is None:
                continue
            is_other = code != child.get("field")
            operator = posted.get(f"o.{here}", "")
            if is_other or operator not in OPERATORS[field.sort]:
                operator = next(iter(OPERATORS[field.sort]))
            child["field"], child["op"] = code, operator
            child["value"] = (
                start_value(field, operator) if is_other else read_value(field, operator, posted.getlist(f"v.{here}"))
            )


def start_value(field: Field, operator: str) -> Any:
    if field.sort is Sort.CHOICE:
        return [next(iter(field.choices), "")]
    if field.sort is Sort.TEXT:
        return ""
    return 30 if field.sort is Sort.DATE else 0


def read_value(field: Field, operator: str, values: list[str]) -> Any:
    """What was typed, in the units of conditions: yuan to fen, per cent to 1/10000. What is no number stays text."""
    text = values[0].strip() if values else ""
    if field.sort is Sort.CHOICE:
        return values
    if field.sort is Sort.TEXT or (field.sort is Sort.DATE and operator in ("before", "from", "unknown")):
        return text
    try:
        number = Decimal(text.replace(",", "") or "0")
    except InvalidOperation:
        return text
    if field.sort in (Sort.MONEY, Sort.RATE):
        return int((number * 100).quantize(Decimal(1), rounding=ROUND_HALF_UP))
    return int(number) if number == number.to_integral_value() else text


def rows_of(
    tree: Mapping[str, Any], path: str = "", depth: int = 0, known: Mapping[str, Field] | None = None
) -> list[dict[str, Any]]:
    """The tree as lines of the builder, top down: groups with their buttons, comparisons with their inputs."""
    known = own.fields_of(tree) if known is None else known
    is_english = (get_language() or "").startswith("en")
    place = 1 if is_english else 0
    lines: list[dict[str, Any]] = [
        {
            "kind": "group",
            "path": path,
            "depth": depth,
            "is_any": "any" in tree,
            "may_nest": depth + 2 < conditions.DEEPEST,
        }
    ]
    for number, child in enumerate(conditions.children(tree)):
        here = f"{path}.{number}" if path else str(number)
        if conditions.is_group(child):
            lines += rows_of(child, here, depth + 1, known)
            continue
        field = known.get(str(child.get("field")))
        if field is None:
            continue
        value, operator = child.get("value"), str(child.get("op"))
        shown: Any = value
        if field.sort in (Sort.MONEY, Sort.RATE) and isinstance(value, int):
            shown = f"{Decimal(value) / 100:f}"
        lines.append(
            {
                "kind": "one",
                "path": here,
                "depth": depth + 1,
                "field": field.code,
                "op": operator,
                "value": shown,
                "sort": field.sort,
                "is_wrong": not conditions.is_value(field, operator, value),
                "operators": [(code, pair[place]) for code, pair in OPERATORS[field.sort].items()],
                "choices": [
                    (code, pair[place], isinstance(value, list) and code in value)
                    for code, pair in choices_of(field, value)
                ],
                "has_value": operator != "unknown",
                "is_day": operator in ("before", "from"),
                "unit": (
                    "¥"
                    if field.sort is Sort.MONEY
                    else "%"
                    if field.sort is Sort.RATE
                    else (
                        ("days", "天")[1 - place]
                        if field.sort is Sort.DATE and operator not in ("before", "from", "unknown")
                        else ""
                    )
                ),
            }
        )
    return lines


def choices_of(field: Field, value: Any) -> list[tuple[str, tuple[str, str]]]:
    """Of classes without names of their own (tiers, clusters, age bands) what is chosen is offered as it stands."""
    from anxin.book.segments.queries import choosing

    known = dict(choosing.choices(field))
    extra = [one for one in value if one not in known] if isinstance(value, list) else []
    return [*known.items(), *((one, (one, one)) for one in extra)]


def field_groups() -> list[tuple[str, list[tuple[str, str]]]]:
    place = 1 if (get_language() or "").startswith("en") else 0
    names = {
        "class": ("分类", "Classes"), "figure": ("指标", "Figures"), "fact": ("资料", "Facts"),
        own.GROUP: ("自定义字段", "Own fields"),
    }  # fmt: skip
    known = own.fields().values()
    found = [
        (names[group][place], [(f.code, (f.zh, f.en)[place]) for f in known if f.group == group]) for group in names
    ]
    return [(name, offered) for name, offered in found if offered]
