"""Changing a mapping while it is being drawn up. Pure: a profile's content in, another one out; nothing is stored until
the services take it."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

from anxin.foundation.intake.forms import MappingPost
from anxin.foundation.intake.rules.drafting import Content, clean_name, column_of


def applied(post: MappingPost, headers: Sequence[str], stored: Mapping[str, Any]) -> Content:
    """The draft with everything the page said: names, targets, the open conversion, kinds and fixed values."""
    content: Content = deepcopy(dict(post.draft if post.draft is not None else stored))
    content.setdefault("entity", [])
    if post.source:
        content["source"] = post.source
    if post.name:
        content["name"] = clean_name(post.name)
    _set_targets(content, headers, post.targets)
    if post.rule is not None:
        _set_rule(content, headers, post.rule_of, post.rule)
    match post.action:
        case "add" if post.kind:
            content["entity"].append({"kind": post.kind, "columns": {}})
        case "drop":
            _drop_entity(content, post.argument)
        case "fixed" if post.fixed_field and post.fixed_value:
            _set_fixed(content, post.argument, post.fixed_field, post.fixed_value)
        case "key" if post.key_of:
            _set_key(content, post.argument, [headers[at] for at in post.key_of if at < len(headers)])
        case "unset":
            _unset(content, post.argument)
        case "reread":
            content["file"] = _read_by(content.get("file", {}), post.reading)
        case _:
            return content
    return content


def _read_by(before: Mapping[str, Any], said: Mapping[str, str]) -> Content:
    """What the page said of encoding, separator, header and sheet; blank means: find out."""
    made: Content = dict(before)
    for name, value in said.items():
        number = int(value) if name == "header_line" and value.isdigit() else 0
        _put(made, name, number if name == "header_line" else value)
    if made.get("header_line") == 1:
        del made["header_line"]
    return made


def _set_targets(content: Content, headers: Sequence[str], targets: Mapping[tuple[int, int], str]) -> None:
    for at, entity in enumerate(content["entity"]):
        columns: dict[str, Any] = entity.setdefault("columns", {})
        present: dict[str, str] = {}
        for field, rule in columns.items():
            if column_of(rule):
                present.setdefault(column_of(rule), field)
        changed = {}
        for number, header in enumerate(headers):
            wanted = targets.get((at, number))
            if wanted is not None and wanted != present.get(header, ""):
                changed[header] = wanted
        for header in changed:
            if header in present:
                columns.pop(present[header], None)
        for header, field in changed.items():
            if field:
                # The last choice wins: a field has one column.
                columns[field] = header


def _set_rule(content: Content, headers: Sequence[str], where: str, rule: Mapping[str, str]) -> None:
    """`where`: "entity:field"."""
    number, _, field = where.partition(":")
    entity = _entity(content, number)
    if entity is None or field not in entity.get("columns", {}):
        return
    before = entity["columns"][field]
    made: Content = dict(before) if isinstance(before, dict) else {"column": before}
    formats = [rule["format"]] if rule["format"] and rule["format"] != "other" else rule["other_format"].split(",")
    formats = [text.strip() for text in formats if text.strip()]
    _put(made, "format", formats[0] if len(formats) == 1 else formats)
    _put(made, "number", rule["number"])
    _put(made, "unit", "" if rule["unit"] == "yuan" else rule["unit"])
    _put(made, "map", read_map(rule["map"]))
    _put(made, "null_values", [text.strip() for text in re.split(r"[,，\n]", rule["nulls"]) if text.strip()])
    _put(made, "default", rule["default"])
    _put(made, "optional", bool(rule["optional"]))
    entity["columns"][field] = made["column"] if set(made) == {"column"} else made


def _put(made: Content, name: str, value: object) -> None:
    if value:
        made[name] = value
    else:
        made.pop(name, None)


def read_map(text: str) -> dict[str, str]:
    """One pair per line: `男 = male`. Lines without a sign of equality are left out."""
    pairs = (line.partition("=") for line in text.splitlines())
    return {key.strip(): value.strip() for key, sign, value in pairs if sign and key.strip()}


def _entity(content: Content, number: str) -> Content | None:
    entities: list[Content] = content["entity"]
    return entities[int(number)] if number.isdigit() and int(number) < len(entities) else None


def _drop_entity(content: Content, number: str) -> None:
    if _entity(content, number) is not None:
        content["entity"].pop(int(number))


def _set_fixed(content: Content, number: str, field: str, value: str) -> None:
    if (entity := _entity(content, number)) is not None:
        entity["columns"][field] = {"default": value}


def _set_key(content: Content, where: str, columns: Sequence[str]) -> None:
    """`where`: "entity:field"."""
    number, _, field = where.partition(":")
    if (entity := _entity(content, number)) is not None and field and columns:
        entity["columns"][field] = {"key_of": list(columns)}


def _unset(content: Content, where: str) -> None:
    """`where`: "entity:field"."""
    number, _, field = where.partition(":")
    if (entity := _entity(content, number)) is not None:
        entity["columns"].pop(field, None)
