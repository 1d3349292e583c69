"""One decision at a time about one person without a document: name, date of birth and mobile (see kernel.bulk_hold).

The unique index on documents decides by itself who was first; a name has no such index.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from anxin.kernel import bulk_hold, vault

_TABLE = "customers_identityhold"


def key_of(name: str, birth_date: date, mobile_blind: str) -> str:
    """`mobile_blind`: hexadecimal."""
    return f"{name}|{birth_date.isoformat()}|{mobile_blind}"


def hold(persons: Sequence[str]) -> None:
    """Hold the persons (`key_of` of each) until the transaction ends; call before looking whether they are on file."""
    bulk_hold.hold(_TABLE, vault.ring().fingerprint_many(list(dict.fromkeys(persons))))
