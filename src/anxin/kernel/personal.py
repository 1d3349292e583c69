"""The vocabulary of the personal-data register. Each room declares its text fields in `data.py` as `PERSONAL_DATA`.

`PERSONAL_DATA = {"Party.name": PersonalData(Kind.NAME), "Party.ref": NOT_PERSONAL, …}`: every text, JSON, array and
binary column of the room's models has its entry, or the build fails.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    NOT_PERSONAL = "not_personal"
    NAME = "name"
    DOCUMENT = "document"
    MOBILE = "mobile"
    PHONE = "phone"
    EMAIL = "email"
    BANK_ACCOUNT = "bank_account"
    PLATE = "plate"
    VEHICLE = "vehicle"
    ADDRESS = "address"
    BIRTH_DATE = "birth_date"
    OCCUPATION = "occupation"
    FINANCE = "finance"
    FAMILY = "family"
    HEALTH = "health"
    FREE_TEXT = "free_text"
    CREDENTIAL = "credential"


class Protection(StrEnum):
    """How the column is kept: `plain` is readable in a database dump."""

    PLAIN = "plain"
    ENCRYPTED = "encrypted"
    BLIND_INDEX = "blind_index"
    HASHED = "hashed"


@dataclass(frozen=True)
class PersonalData:
    kind: Kind
    protection: Protection = Protection.PLAIN
    is_sensitive: bool = False  # PIPL article 28
    purpose: str = "insurance contract and customer service"


NOT_PERSONAL = PersonalData(Kind.NOT_PERSONAL, purpose="")
