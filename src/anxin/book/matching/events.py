"""What rooms above may hear of merging: that files are other customers now than before. Published with the change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from anxin.kernel.events import Event


@dataclass(frozen=True)
class Regrouped(Event):
    """Files were merged or separated. `files`: keys joined by commas; who lives now is read when it is heard."""

    files: str

    @classmethod
    def of(cls, keys: Sequence[UUID]) -> Regrouped:
        return cls(files=",".join(sorted({str(key) for key in keys})))

    @property
    def keys(self) -> tuple[UUID, ...]:
        return tuple(UUID(one) for one in self.files.split(",")) if self.files else ()
