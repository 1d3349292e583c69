"""The rail. Each room registers its entries when its app is ready; the shell asks what this actor may see."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Final, Protocol

from django.urls import NoReverseMatch, get_script_prefix, reverse
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
    return [
        Group(code=code, label=label, entries=entries)
        for code, label in GROUPS.items()
        if (entries := tuple(_entries(actor, code)))
    ]


def key_of(groups: Iterable[Group]) -> str:
    """What a rendered rail depends on, besides the language."""
    return " ".join(
        f"{entry.code}:{entry.badge.text}{'!' * entry.badge.is_hot}" if entry.badge else entry.code
        for group in groups
        for entry in group.entries
    )


@lru_cache(maxsize=64)
def _placed(group: str, _prefix: str, _registered: tuple[str, ...]) -> tuple[tuple[NavItem, Entry], ...]:
    """All entries of a group without their badges, in order: addresses do not change while a process lives."""
    found = []
    items = [item for item in _items.values() if item.group == group]
    for item in sorted(items, key=lambda item: (item.order, item.code)):
        try:
            url = reverse(item.url_name)
        except NoReverseMatch:
            continue
        found.append((item, Entry(code=item.code, label=item.label, icon=item.icon, url=url, badge=None, key=item.key)))
    return tuple(found)


def _entries(actor: Permitted, group: str) -> Iterable[Entry]:
    for item, entry in _placed(group, get_script_prefix(), tuple(_items)):
        if item.permission and not actor.may(item.permission):
            continue
        badge = _badge(item, actor) if item.badge is not None else None
        yield replace(entry, badge=badge) if badge is not None and badge.count else entry


# A count beside an entry may be a little old: every page would otherwise count all of them.
BADGE_SECONDS: Final = 20
_MOST_BADGES: Final = 10_000
_badges: dict[tuple[str, object], tuple[float, Badge | None]] = {}


def _badge(item: NavItem, actor: Permitted) -> Badge | None:
    # By the whole actor but for the request: somebody whose reach changed gets another count at once.
    whose = getattr(actor, "user_id", None)
    key = (item.code, (whose, str(getattr(actor, "unit_paths", "")), len(getattr(actor, "grants", ()))))
    now = time.monotonic()
    known = _badges.get(key) if whose is not None else None
    if known is not None and known[0] > now:
        return known[1]
    badge = item.badge(actor) if item.badge is not None else None
    if isinstance(badge, int):
        badge = Badge(count=badge)
    if whose is not None:
        if len(_badges) >= _MOST_BADGES:
            _badges.clear()
        _badges[key] = (now + BADGE_SECONDS, badge)
    return badge
