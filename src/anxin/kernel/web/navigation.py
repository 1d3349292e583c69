"""The rail. Each room registers its entries when its app is ready; the shell asks what this actor may see."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final, Protocol

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise


class Permitted(Protocol):
    """Whoever looks at the page: `kernel.actor.Actor`, or anything that answers for permissions."""

    def may(self, code: str, /) -> bool: ...


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A count beside an entry. `is_hot` marks it red: something is late."""

    count: int
    is_hot: bool = False

    @property
    def text(self) -> str:
        return "99+" if self.count > 99 else str(self.count)


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One entry. `permission` "" shows it to everyone signed in; `key` is the letter after G that jumps there."""

    code: str
    label: StrOrPromise
    icon: str
    url_name: str
    group: str
    order: int = 100
    permission: str = ""
    badge: Callable[[Permitted], Badge | int | None] | None = None
    key: str = ""


@dataclass(frozen=True, kw_only=True)
class Entry:
    """An entry that this actor sees, its address resolved."""

    code: str
    label: StrOrPromise
    icon: str
    url: str
    badge: Badge | None
    key: str


@dataclass(frozen=True, kw_only=True)
class Group:
    code: str
    label: StrOrPromise
    entries: tuple[Entry, ...]


# Shown in this order. Labels are words of the business, see docs/words.md.
GROUPS: Final[dict[str, StrOrPromise]] = {
    "service": _("Service"),
    "book": _("Customers and business"),
    "engagement": _("Engagement"),
    "quality": _("Quality"),
    "system": _("System"),
}

_items: dict[str, NavItem] = {}


def register(*items: NavItem) -> None:
    """Add entries. Raises ValueError for an unknown group, a code used twice or a taken key."""
    for item in items:
        if item.group not in GROUPS:
            raise ValueError(f"Navigation entry {item.code!r}: group {item.group!r} is not one of {', '.join(GROUPS)}.")
        known = _items.get(item.code)
        if known is not None and known != item:
            raise ValueError(f"Navigation entry {item.code!r} is registered twice with different content.")
        taken = next((other for other in _items.values() if item.key and other.key == item.key), None)
        if taken is not None and taken.code != item.code:
            raise ValueError(f"Navigation entries {taken.code!r} and {item.code!r} both want the key {item.key!r}.")
        _items[item.code] = item


def registered() -> tuple[NavItem, ...]:
    return tuple(_items.values())


def items_for(actor: Permitted) -> list[Group]:
    """The rail of `actor`: groups in their order, without entries the actor may not open, without empty groups.

    An entry whose URL does not exist (its room is switched off) is left out.
    """
    groups = []
    for code, label in GROUPS.items():
        entries = tuple(_entries(actor, (item for item in _items.values() if item.group == code)))
        if entries:
            groups.append(Group(code=code, label=label, entries=entries))
    return groups


def _entries(actor: Permitted, items: Iterable[NavItem]) -> Iterable[Entry]:
    for item in sorted(items, key=lambda item: (item.order, item.code)):
        if item.permission and not actor.may(item.permission):
            continue
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        badge = item.badge(actor) if item.badge is not None else None
        if isinstance(badge, int):
            badge = Badge(count=badge)
        yield Entry(
            code=item.code,
            label=item.label,
            icon=item.icon,
            url=url,
            badge=badge if badge is not None and badge.count else None,
            key=item.key,
        )
