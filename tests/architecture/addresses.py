"""Every address the product answers to: pages, sign-in, API operations."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

TABLE = Path(__file__).with_name("permission_table.csv")
# CLOSED: answers 404 to everybody. STAGE: only in the middle of signing in.
# PROVEN: signed in, and with a password or second factor of one's own to show again.
PUBLIC, SIGNED_IN, STAGE, CLOSED, PROVEN = "public", "signed-in", "stage", "closed", "proven"


@dataclass(frozen=True)
class Address:
    """`declared` is what the code itself says: a permission code, SIGNED_IN, or None for views that are not ours."""

    name: str
    route: str
    methods: tuple[str, ...] | None
    declared: str | None

    @property
    def arguments(self) -> dict[str, str]:
        """Argument name to converter: `{"party_id": "uuid"}`; a choice of words in a regular expression to `=word`."""
        found = {name: kind or "str" for kind, name in re.findall(r"<(?:(\w+):)?(\w+)>", self.route)}
        for name, body in re.findall(r"\(\?P<(\w+)>([^()]*)\)", self.route):
            found[name] = f"={body.split('|')[0]}" if re.fullmatch(r"[\w|-]+", body) else "str"
        found |= {name: kind or "str" for kind, name in re.findall(r"\{(?:(\w+):)?(\w+)\}", self.route)}
        return found

    @property
    def is_api(self) -> bool:
        return self.name.startswith("api ")


@dataclass(frozen=True)
class Row:
    name: str
    methods: tuple[str, ...]
    who: str


def rows() -> list[Row]:
    with TABLE.open(newline="") as file:
        return [Row(line["name"], tuple(line["methods"].split()), line["who"]) for line in csv.DictReader(file)]


def addresses() -> list[Address]:
    found = [address for address in _pages(get_resolver()) if not address.name.startswith(("api:", "schema"))]
    return sorted({address.name: address for address in [*found, *_operations()]}.values(), key=lambda one: one.name)


def _pages(resolver: URLResolver, space: str = "", prefix: str = "") -> Iterator[Address]:
    for pattern in resolver.url_patterns:
        if isinstance(pattern, URLResolver):
            deeper = f"{space}{pattern.namespace}:" if pattern.namespace else space
            yield from _pages(pattern, deeper, prefix + str(pattern.pattern))
        elif isinstance(pattern, URLPattern):
            route = prefix + str(pattern.pattern)
            view: Any = pattern.callback
            permission = getattr(view, "permission", None)
            yield Address(
                name=f"{space}{pattern.name}" if pattern.name else route,
                route=route,
                methods=tuple(sorted(set(view.methods) - {"HEAD"})) if permission is not None else None,
                declared=SIGNED_IN if permission == "" else permission,
            )


def _operations() -> Iterator[Address]:
    from anxin.config.api import api

    for prefix, router in api._routers:
        for path, view in router.path_operations.items():
            for operation in view.operations:
                route = "/".join(part.strip("/") for part in (prefix, path) if part.strip("/"))
                for method in sorted(operation.methods):
                    yield Address(
                        name=f"api {method} /{route}",
                        route=f"api/v1/{route}",
                        methods=(method,),
                        declared=getattr(operation.view_func, "permission", None),
                    )
