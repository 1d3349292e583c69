"""What happens to imports, for rooms above: published in the transaction that ends the batch (kernel.outbox)."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from anxin.kernel.events import Event


@dataclass(frozen=True)
class BatchFinished(Event):
    """A batch wrote rows and is over: `state` is done, stopped or failed, what it wrote before stays in any case.

    `kinds`: the kinds of row, joined by commas in the order of writing; see `kinds_of`.
    """

    batch_id: UUID
    source: str
    kinds: str
    state: str = "done"

    @property
    def kinds_of(self) -> tuple[str, ...]:
        return tuple(self.kinds.split(",")) if self.kinds else ()


@dataclass(frozen=True)
class BatchUndone(Event):
    """A batch was taken back: what it created is gone, what it changed is as before, but for rows changed since."""

    batch_id: UUID
    source: str
    kinds: str

    @property
    def kinds_of(self) -> tuple[str, ...]:
        return tuple(self.kinds.split(",")) if self.kinds else ()
