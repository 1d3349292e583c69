"""What the source systems are called today."""

from __future__ import annotations

from datetime import date

from anxin.foundation.intake.rules import naming
from anxin.foundation.schemes import queries as schemes


def source_names(*, on: date) -> dict[str, tuple[str, str]]:
    """By code the Chinese and the English name: those of the site, and what is shipped for codes it does not name."""
    return naming.names_of(naming.DEFAULT) | naming.names_of(schemes.active(naming.SCHEME, on=on).content)
