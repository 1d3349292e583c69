"""Comparing contents, and checking that one has the shape its kind asks for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from anxin.foundation.schemes.data import Content, Difference, FieldKind, Plain, Problem, SchemeField, SchemeKind
from anxin.kernel.words import mark as _

MOST_ROWS = 60
LONGEST_TEXT = 200

_kinds: dict[str, SchemeKind] = {}


def register(kind: SchemeKind) -> None:
    """Add a kind; raises ValueError when the code is taken or the shipped content does not stand its own test."""
    if _kinds.setdefault(kind.code, kind) != kind:
        raise ValueError(f"The kind of scheme {kind.code!r} is registered twice.")
    if found := problems(kind, kind.default):
        raise ValueError(f"The shipped content of {kind.code!r} is wrong: {found[0].path}: {found[0].message}")


def registered() -> Mapping[str, SchemeKind]:
    return dict(_kinds)


def problems(kind: SchemeKind, content: Content) -> list[Problem]:
    """Why the content cannot stand; the kind's own judgement is asked only when the shape is right."""
    return shape_problems(kind.fields, content) or list(kind.validate(content))


def differences(before: Content, after: Content) -> list[Difference]:
    """Every value that differs, by path; a row that exists on one side only counts value by value."""
    old, new = dict(_flat(before, "")), dict(_flat(after, ""))
    paths = list(dict.fromkeys([*old, *new]))
    return [
        Difference(path=path, before=old.get(path, ""), after=new.get(path, ""))
        for path in paths
        if old.get(path, "") != new.get(path, "")
    ]


def _flat(value: Plain, path: str) -> Iterator[tuple[str, Plain]]:
    if isinstance(value, Mapping):
        for name, inner in value.items():
            yield from _flat(inner, f"{path}.{name}" if path else name)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        if all(not isinstance(inner, Mapping) for inner in value):
            yield path, ", ".join(str(inner) for inner in value)
            return
        for number, inner in enumerate(value, 1):
            yield from _flat(inner, f"{path}.{number}")
    else:
        yield path, value


def shape_problems(fields: Sequence[SchemeField], content: Content, path: str = "") -> list[Problem]:
    """What is missing, unknown or of the wrong kind. Whether the values make sense is for the kind's own `validate`."""
    found = []
    known = {field.code for field in fields}
    for name in content:
        if name not in known:
            found.append(Problem(path=_join(path, name), message=_("This value is not known.")))
    for field in fields:
        here = _join(path, field.code)
        if field.code not in content:
            found.append(Problem(path=here, message=_("This value is missing.")))
        else:
            found += _value_problems(field, content[field.code], here)
    return found


def _value_problems(field: SchemeField, value: Plain, path: str) -> list[Problem]:
    is_integer = isinstance(value, int) and not isinstance(value, bool)
    if field.kind in (FieldKind.INTEGER, FieldKind.MONEY, FieldKind.SHARE):
        return [] if is_integer else [Problem(path=path, message=_("Enter a whole number."))]
    if field.kind is FieldKind.YES_NO:
        return [] if isinstance(value, bool) else [Problem(path=path, message=_("Choose yes or no."))]
    if field.kind is FieldKind.TEXT:
        fits = isinstance(value, str) and len(value.strip()) > 0 and len(value) <= LONGEST_TEXT
        return [] if fits else [Problem(path=path, message=_("Enter a short text."))]
    if field.kind in (FieldKind.CHOICE, FieldKind.CHOICES):
        codes = {choice.code for choice in field.choices}
        parts = [value] if field.kind is FieldKind.CHOICE else parted(str(value))
        is_known = isinstance(value, str) and bool(parts) and all(part in codes for part in parts)
        return [] if is_known else [Problem(path=path, message=_("This value is not known."))]
    if not isinstance(value, Sequence) or isinstance(value, str) or not 0 < len(value) <= MOST_ROWS:
        return [Problem(path=path, message=_("Enter between 1 and %(most)s entries."), values={"most": MOST_ROWS})]
    if field.kind is FieldKind.INTEGERS:
        whole = all(isinstance(one, int) and not isinstance(one, bool) for one in value)
        return [] if whole else [Problem(path=path, message=_("Enter whole numbers, separated by commas."))]
    found = []
    for number, row in enumerate(value, 1):
        if isinstance(row, Mapping):
            found += shape_problems(field.columns, row, f"{path}.{number}")
        else:
            found.append(Problem(path=f"{path}.{number}", message=_("This value is not known.")))
    return found


def parted(text: str) -> list[str]:
    """What CHOICES holds: codes, or words while it is typed."""
    for sign in "，、;；":
        text = text.replace(sign, ",")
    return [part.strip() for part in text.split(",") if part.strip()]


def _join(path: str, name: str) -> str:
    return f"{path}.{name}" if path else name
