"""Problems of one frame while it is converted."""

from __future__ import annotations

from typing import Final

import polars as pl

from anxin.foundation.intake.data import PROBLEM_SCHEMA, no_problems

LONGEST_SHOWN: Final = 200


class Doubts:
    """Problems of one frame while it is converted."""

    def __init__(self, lines: pl.Series) -> None:
        self.lines = lines
        self.parts: list[pl.DataFrame] = []
        self.refused = pl.repeat(False, len(lines), eager=True)

    def add(self, mask: pl.Series, field: str, code: str, raw: pl.Series | None, *, is_warning: bool = False) -> None:
        mask = mask.fill_null(value=False)
        if not mask.any():
            return
        if not is_warning:
            self.refused = self.refused | mask
        lines = self.lines.filter(mask)
        values = raw.filter(mask).str.slice(0, LONGEST_SHOWN) if raw is not None else None
        self.parts.append(
            pl.DataFrame(
                {
                    "line": lines,
                    "field": pl.repeat(field, len(lines), dtype=pl.String, eager=True),
                    "code": pl.repeat(code, len(lines), dtype=pl.String, eager=True),
                    "value": values if values is not None else pl.repeat(None, len(lines), dtype=pl.String, eager=True),
                    "is_warning": pl.repeat(is_warning, len(lines), dtype=pl.Boolean, eager=True),
                },
                schema=PROBLEM_SCHEMA,
            )
        )

    def table(self) -> pl.DataFrame:
        return pl.concat(self.parts).sort("line", maintain_order=True) if self.parts else no_problems()
