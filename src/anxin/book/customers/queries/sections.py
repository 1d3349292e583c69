"""What rooms above add to a customer's file when it is read as one document: policies, claims, touchpoints."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from anxin.kernel.actor import Actor

Load = Callable[[Actor, UUID], Any]


@dataclass(frozen=True, kw_only=True)
class Section:
    """`load(actor, party_id)` gives plain values ready for JSON; it is called only within the reach of `permission`."""

    code: str
    permission: str
    load: Load


_sections: dict[str, Section] = {}


def register_section(code: str, permission: str, load: Load) -> None:
    """Add a section; called from AppConfig.ready. A code belongs to one loader."""
    section = Section(code=code, permission=permission, load=load)
    if _sections.setdefault(code, section) != section:
        raise ValueError(f"The file section {code!r} is registered twice.")


def registered() -> tuple[Section, ...]:
    return tuple(_sections.values())
