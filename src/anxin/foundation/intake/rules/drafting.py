"""Profiles that are still being drawn up: they may hold places that are not filled yet. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from copy import deepcopy
from typing import Any

Content = dict[str, Any]


def clean_name(text: str) -> str:
    """What `parse_profile` takes as a name."""
    return re.sub(r"[^\w.\- ]+", "-", text).strip(" -")[:80] or "import"


def column_of(rule: object) -> str:
    """The column a rule takes as it is; empty for templates and fixed values."""
    return rule if isinstance(rule, str) else str(rule.get("column", "")) if isinstance(rule, Mapping) else ""


def place_holder() -> Content:
    """A field filled with nothing: a profile has at least one field."""
    return {"default": ""}


def is_place_holder(rule: object) -> bool:
    return isinstance(rule, Mapping) and not any(rule.get(name) for name in ("column", "template", "key_of", "default"))


def cleaned(content: Mapping[str, Any]) -> Content:
    """Without place holders, and without entities that fill nothing."""
    made: Content = deepcopy(dict(content))
    for entity in made.get("entity", []):
        entity["columns"] = {name: rule for name, rule in entity["columns"].items() if not is_place_holder(rule)}
    made["entity"] = [entity for entity in made.get("entity", []) if entity["columns"]]
    return made
