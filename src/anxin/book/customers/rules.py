"""Decisions about customer files: their public reference."""

from __future__ import annotations

from anxin.kernel.identifiers.codes import ShortCodes

# Not a secret: the code only hides order and volume, permissions guard the file.
PARTY_CODES = ShortCodes(b"anxin", "party")
PARTY_NUMBER_SEQUENCE = "customers_party_number"


def normalise_ref(text: str) -> str:
    """The reference as it is stored, however it was typed; raises CodeError (a ValueError)."""
    return PARTY_CODES.encode(PARTY_CODES.decode(text))
