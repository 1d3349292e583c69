"""Where a class leads besides its customers: rooms above say so (what service a tier gets)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass

from django_stubs_ext import StrOrPromise

from anxin.kernel.actor import Actor


@dataclass(frozen=True, kw_only=True)
class Way:
    """`url` takes a value of the class; "" where nothing is said of it."""

    label: StrOrPromise
    url: Callable[[str], str]
    permission: str


_ways: dict[str, list[Way]] = defaultdict(list)


def register(code: str, way: Way) -> None:
    """A door for a room above. `code` is that of the classification."""
    if way not in _ways[code]:
        _ways[code].append(way)


def of(actor: Actor, code: str, value: str) -> list[tuple[StrOrPromise, str]]:
    """(label, address) of what this actor may open from a value of a class."""
    found = [(way.label, way.url(value)) for way in _ways.get(code, ()) if value and actor.may(way.permission)]
    return [(label, url) for label, url in found if url]
