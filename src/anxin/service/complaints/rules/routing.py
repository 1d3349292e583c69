"""Who a complaint goes to: whoever is nearest to the unit it concerns (归口承办、依责解决)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final, Protocol, TypeVar

from anxin.service.complaints.data import State
from anxin.service.complaints.rules import flow

# Who does what comes next when it is nobody's in particular; else those who handle.
NEXT: Final[Mapping[State, str]] = {
    State.REGISTERED: flow.REVIEW, State.INCOMPLETE: flow.REGISTER, State.ACCEPTED: flow.REGISTER,
    State.PLANNED: flow.APPROVE, State.EXECUTED: flow.REGISTER, State.CALLED_BACK: flow.REVIEW,
}  # fmt: skip
UNSENT: Final = (State.REGISTERED, State.INCOMPLETE, State.ACCEPTED)


class Held(Protocol):
    """A post with a permission: for everything, or for what is at or below `path`."""

    @property
    def path(self) -> str: ...
    @property
    def reaches_all(self) -> bool: ...


Post = TypeVar("Post", bound=Held)


def nearest(posts: Sequence[Post], path: str) -> list[Post]:
    """Those at the unit of `path` or nearest above it; where there are none, those who reach everything."""
    above = [one for one in posts if not one.reaches_all and one.path and path.startswith(one.path)]
    longest = max((len(one.path) for one in above), default=0)
    return [one for one in above if len(one.path) == longest] or [one for one in posts if one.reaches_all]


def reaching(posts: Sequence[Post], path: str) -> list[Post]:
    """Everybody who reaches the unit of `path`, the nearest first."""
    found = [one for one in posts if one.reaches_all or (one.path and path.startswith(one.path))]
    return sorted(found, key=lambda one: (one.reaches_all, -len(one.path)))
