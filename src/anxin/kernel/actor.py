"""Who is acting. Built once per request, command or task; every service and query takes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from anxin.kernel.permissions import Scope


class NotPermitted(Exception):
    """The actor lacks the permission. The message names it; it never says whether a row exists."""


@dataclass(frozen=True, kw_only=True)
class Actor:
    """A signed-in user, an API token or the system itself.

    `grants` maps a permission code to the widest scope any of the actor's posts gives. `unit_paths` are the tree paths
    (`/001/003/`) of the units of those posts: scope UNIT reaches everything whose path begins with one of them.
    """

    user_id: UUID | None
    username: str
    display_name: str
    grants: Mapping[str, Scope] = field(default_factory=dict)
    unit_ids: frozenset[UUID] = frozenset()
    unit_paths: tuple[str, ...] = ()
    is_system: bool = False
    channel: str = "web"
    address: str = ""
    request_ref: str = ""

    @classmethod
    def system(cls, name: str, channel: str = "worker") -> Actor:
        """The product itself at work: nightly runs, imports started from the command line."""
        return cls(user_id=None, username=name, display_name=name, is_system=True, channel=channel)

    def may(self, code: str) -> bool:
        return self.is_system or code in self.grants

    def scope(self, code: str) -> Scope | None:
        return Scope.ALL if self.is_system else self.grants.get(code)

    def require(self, code: str) -> Scope:
        """The scope of `code`; raises NotPermitted without it."""
        scope = self.scope(code)
        if scope is None:
            raise NotPermitted(code)
        return scope
