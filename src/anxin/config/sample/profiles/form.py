"""The form of an import profile, and its rendering as TOML."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

# Files that hold rows of both lines; policy numbers are unique over all systems.
SHARED: Final = "core-extract"
# What the telephone exchange wrote.
CALL_CENTRE: Final = "call-centre"
COMPACT: Final = "%Y%m%d"

Column: TypeAlias = str | dict[str, str | list[str] | dict[str, str]]


@dataclass(frozen=True)
class Profile:
    """How one file is read: `entities` are pairs of what a row holds and, per field, the column it comes from."""

    name: str
    source: str
    pattern: str
    entities: tuple[tuple[str, dict[str, Column]], ...]
    format: str = "csv"
    encoding: str = "utf-8"


def day_column(column: str, *forms: str) -> Column:
    return {"column": column, "format": list(forms) if len(forms) > 1 else forms[0]}


def map_column(column: str, **values: str) -> Column:
    return {"column": column, "map": {key.removeprefix("_"): value for key, value in values.items()}}


def same_names(text: str) -> dict[str, Column]:
    """Fields whose column has the field's own name."""
    return {name: name for name in text.split()}


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def _value(value: str | list[str] | dict[str, str]) -> str:
    if isinstance(value, str):
        return _quoted(value)
    if isinstance(value, list):
        return "[" + ", ".join(_quoted(item) for item in value) + "]"
    return "{ " + ", ".join(f"{_quoted(key)} = {_quoted(item)}" for key, item in value.items()) + " }"


def render(profile: Profile) -> str:
    """The profile as TOML; the only place that knows the form of the file."""
    lines = [f"name = {_quoted(profile.name)}", f"source = {_quoted(profile.source)}", "", "[file]"]
    lines += [f"pattern = {_quoted(profile.pattern)}", f"format = {_quoted(profile.format)}"]
    if profile.format == "csv":
        lines += [f"encoding = {_quoted(profile.encoding)}", 'delimiter = ","']
    for kind, columns in profile.entities:
        lines += ["", "[[entity]]", f"kind = {_quoted(kind)}", "", "[entity.columns]"]
        for field, column in columns.items():
            if isinstance(column, str):
                lines.append(f"{field} = {_quoted(column)}")
            else:
                parts = ", ".join(f"{key} = {_value(value)}" for key, value in column.items())
                lines.append(f"{field} = {{ {parts} }}")
    return "\n".join(lines) + "\n"
