"""A profile written out as the TOML that `services.load_profile` reads."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

_BARE = re.compile(r"[A-Za-z0-9_-]+")
_FIRST = ("name", "source", "label", "description", "version", "on_error", "full_load")


def as_toml(content: Mapping[str, Any]) -> str:
    """TOML text of a profile's content; reading it again gives the same content."""
    lines = [f"{_key(name)} = {_value(content[name])}" for name in _FIRST if name in content]
    rest = {name: value for name, value in content.items() if name not in (*_FIRST, "file", "entity")}
    lines += [f"{_key(name)} = {_value(value)}" for name, value in rest.items()]
    if content.get("file"):
        lines += ["", "[file]", *(f"{_key(name)} = {_value(value)}" for name, value in content["file"].items())]
    for entity in content.get("entity", ()):
        tables = {"columns", "options", "when"}
        lines += ["", "[[entity]]"]
        lines += [f"{_key(name)} = {_value(value)}" for name, value in entity.items() if name not in tables]
        if entity.get("when"):
            lines.append(f"when = {_value(entity['when'])}")
        for name in ("options", "columns"):
            if entity.get(name):
                lines += ["", f"[entity.{name}]"]
                lines += [f"{_key(key)} = {_value(value)}" for key, value in entity[name].items()]
    return "\n".join(lines) + "\n"


def _key(name: str) -> str:
    return name if _BARE.fullmatch(name) else _text(name)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, Mapping):
        return "{ " + ", ".join(f"{_key(str(key))} = {_value(item)}" for key, item in value.items()) + " }"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_value(item) for item in value) + "]"
    return _text(str(value))


def _text(text: str) -> str:
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    out = []
    for letter in text:
        if letter in escapes:
            out.append(escapes[letter])
        else:
            out.append(f"\\u{ord(letter):04x}" if ord(letter) < 32 or ord(letter) == 127 else letter)
    return '"' + "".join(out) + '"'
