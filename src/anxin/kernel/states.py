"""Workflow tables: a room writes its states and moves down once; pages, rules and statistics read the same table."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property


class WorkflowError(ValueError):
    """The table itself is wrong (a programming mistake, seen at import)."""


class IllegalTransition(Exception):
    """This action does not exist in this state. Nothing was changed."""

    def __init__(self, state: str, action: str, allowed: Iterable[str]) -> None:
        self.state, self.action, self.allowed = str(state), str(action), tuple(str(name) for name in allowed)
        choices = ", ".join(self.allowed) or "none (final state)"
        super().__init__(f"“{self.action}” is not possible in state “{self.state}”; possible actions: {choices}.")


class StaleState(Exception):
    """Someone was faster: the row is no longer as the actor saw it. Nothing was changed; answer 409."""

    def __init__(
        self, current_state: str, version: int, changed_by: str | None = None, changed_at: datetime | None = None
    ) -> None:
        self.current_state, self.version = str(current_state), version
        self.changed_by, self.changed_at = changed_by, changed_at
        who = f" by {changed_by}" if changed_by else ""
        when = f" at {changed_at.isoformat(timespec='seconds')}" if changed_at else ""
        super().__init__(f"Changed meanwhile{who}{when}: now in state “{self.current_state}”, version {version}.")


@dataclass(frozen=True)
class Transition:
    """One row of the table. `permission` None: no permission of its own, the page's row scope is enough."""

    action: str
    from_states: frozenset[str]
    to_state: str
    permission: str | None = None

    def __init__(self, action: str, from_states: Iterable[str] | str, to_state: str, permission: str | None = None):
        states = [from_states] if isinstance(from_states, str) else from_states
        object.__setattr__(self, "action", action)
        object.__setattr__(self, "from_states", frozenset(states))
        object.__setattr__(self, "to_state", to_state)
        object.__setattr__(self, "permission", permission)


@dataclass(frozen=True)
class Workflow:
    """A checked table: states, where a new row starts, and the moves. States and actions may be StrEnum members."""

    states: tuple[str, ...]
    initial: str
    transitions: tuple[Transition, ...]

    def __init__(self, states: Iterable[str], initial: str, transitions: Iterable[Transition]) -> None:
        object.__setattr__(self, "states", tuple(states))
        object.__setattr__(self, "initial", initial)
        object.__setattr__(self, "transitions", tuple(transitions))
        self._check()

    def _check(self) -> None:
        if len(set(self.states)) != len(self.states):
            raise WorkflowError("A state is listed twice.")
        known = set(self.states)
        if self.initial not in known:
            raise WorkflowError(f"The initial state “{self.initial}” is not one of the states.")
        seen: set[tuple[str, str]] = set()
        for move in self.transitions:
            if not move.from_states:
                raise WorkflowError(f"“{move.action}” starts from no state.")
            unknown = {*move.from_states, move.to_state} - known
            if unknown:
                raise WorkflowError(f"“{move.action}” names unknown states: {', '.join(sorted(unknown))}.")
            for state in move.from_states:
                if (state, move.action) in seen:
                    raise WorkflowError(f"“{move.action}” is defined twice for state “{state}”.")
                seen.add((state, move.action))
        unreachable = known - self._reachable()
        if unreachable:
            raise WorkflowError(f"No way leads to: {', '.join(sorted(unreachable))}.")

    def _reachable(self) -> set[str]:
        reached, frontier = {self.initial}, [self.initial]
        while frontier:
            state = frontier.pop()
            for move in self.transitions:
                if state in move.from_states and move.to_state not in reached:
                    reached.add(move.to_state)
                    frontier.append(move.to_state)
        return reached

    @cached_property
    def _moves(self) -> dict[tuple[str, str], Transition]:
        return {(state, move.action): move for move in self.transitions for state in move.from_states}

    @cached_property
    def final_states(self) -> frozenset[str]:
        """States that no move leaves."""
        return frozenset(self.states) - {state for move in self.transitions for state in move.from_states}

    def allowed(self, state: str, may: Callable[[str], bool] = lambda permission: True) -> tuple[Transition, ...]:
        """The moves open from `state` to someone for whom `may(permission)` holds, in table order. For buttons."""
        self._known(state)
        return tuple(
            move
            for move in self.transitions
            if state in move.from_states and (move.permission is None or may(move.permission))
        )

    def move(self, state: str, action: str) -> Transition:
        """The row of the table for `action` in `state`; IllegalTransition when there is none.

        Permission is not judged here: the caller has `.permission`.
        """
        self._known(state)
        found = self._moves.get((state, action))
        if found is None:
            raise IllegalTransition(state, action, (move.action for move in self.allowed(state)))
        return found

    def _known(self, state: str) -> None:
        if state not in self.states:
            raise WorkflowError(f"“{state}” is not a state of this workflow.")
