"""Who should get a ticket, with the reasons: tier, language, skill, load, first contact, manager."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from anxin.foundation.schemes.data import Content

HIGHEST_LEVEL: Final = 4


@dataclass(frozen=True, kw_only=True)
class Agent:
    """Somebody at the desk. Empty queues, skills or languages: any. `open_count`: tickets in hand; `level`: 1 to 4."""

    id: UUID
    queues: frozenset[str] = frozenset()
    skills: frozenset[str] = frozenset()
    languages: frozenset[str] = frozenset()
    open_count: int = 0
    most_open: int = 30
    is_available: bool = True
    level: int = 2


@dataclass(frozen=True, kw_only=True)
class Request:
    """What routing looks at in a ticket."""

    queue: str
    skill: str = ""
    language: str = ""
    tier: str = ""
    manager_id: UUID | None = None
    first_owner_id: UUID | None = None
    is_urgent: bool = False


@dataclass(frozen=True)
class Fit:
    """How well somebody fits. `reasons`: code of the scheme → points, in its order."""

    agent_id: UUID
    points: int
    reasons: tuple[tuple[str, int], ...]


def can_take(agent: Agent, request: Request) -> bool:
    """Available, not full, of the queue, with the skill. Who manages the customer needs no queue."""
    if not agent.is_available or agent.open_count >= agent.most_open:
        return False
    if agent.id == request.manager_id:
        return True
    return (not agent.queues or not request.queue or request.queue in agent.queues) and (
        not request.skill or not agent.skills or request.skill in agent.skills
    )


def fit(agent: Agent, request: Request, service: Content) -> Fit:
    """Points of one agent. Load gives its points in full to who has nothing in hand, none to who is full."""
    rules: Any = service
    weights: Mapping[str, int] = {row["code"]: row["points"] for row in rules["weights"]}
    free = max(agent.most_open - agent.open_count, 0)
    shares = {
        "manager": int(agent.id == request.manager_id),
        "first_contact": int(agent.id == request.first_owner_id),
        "skill": int(bool(request.skill) and request.skill in agent.skills),
        "language": int(bool(request.language) and request.language in agent.languages),
        "tier": int(request.tier in manager_tiers(service) and bool(agent.skills & {"vip"})),
    }
    reasons = []
    for code, points in weights.items():
        got = points * free // max(agent.most_open, 1) if code == "load" else points * shares.get(code, 0)
        if code == "level" and (request.is_urgent or request.tier in manager_tiers(service)):
            got = points * (agent.level - 1) // (HIGHEST_LEVEL - 1)
        if got:
            reasons.append((code, got))
    return Fit(agent.id, sum(points for _code, points in reasons), tuple(reasons))


def best(agents: Iterable[Agent], request: Request, service: Content) -> Sequence[Fit]:
    """Who can take it, best first; equals in the order of their ids, so that the answer is always the same."""
    fits = [fit(agent, request, service) for agent in agents if can_take(agent, request)]
    return sorted(fits, key=lambda one: (-one.points, one.agent_id))


def best_for_call(agents: Iterable[Agent], request: Request, service: Content) -> Sequence[Fit]:
    """Who can take a call, best first; tickets in hand do not count, and equals stay in their order: whoever has waited
    longest for a call comes first."""
    fits = [
        fit(agent, request, service)
        for agent in (replace(one, open_count=0) for one in agents)
        if can_take(agent, request)
    ]
    return sorted(fits, key=lambda one: -one.points)


def manager_tiers(service: Content) -> frozenset[str]:
    """Tiers whose tickets go straight to the customer's manager."""
    return frozenset(part.strip() for part in str(service["manager_tiers"]).split(",") if part.strip())
