"""Decisions about customer files: their public reference."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from anxin.kernel.identifiers.codes import ShortCodes

# Not a secret: the code only hides order and volume, permissions guard the file.
PARTY_CODES = ShortCodes(b"anxin", "party")
PARTY_NUMBER_SEQUENCE = "customers_party_number"


def normalise_ref(text: str) -> str:
    """The reference as it is stored, however it was typed; raises CodeError (a ValueError)."""
    return PARTY_CODES.encode(PARTY_CODES.decode(text))


# What a blind index is a digest of. Equal numbers are equal whether they stand under mobile, phone or fax; a tail is
# the last four digits.
BLIND_DOCUMENT = "document"
BLIND_PHONE = "phone"
BLIND_TAIL = "phone-tail"
BLIND_EMAIL = "email"
BLIND_WECHAT = "wechat"
BLIND_ACCOUNT = "bank-account"


_CHINA = ZoneInfo("Asia/Shanghai")
STAFF_SOURCE = "staff"
REVEAL_SECONDS = 60
# Facts about a person's life end by themselves: what is not renewed is not kept (PIPL article 19).
FACT_LIFE_DAYS = 730


def age_on(birth: date, today: date) -> int:
    """Full years; born on 29 February, a year is full on 1 March of a common year (civil law)."""
    return today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day))


def birthday_of(birth: date | None) -> int | None:
    """Month * 100 + day, how birthdays are searched."""
    return None if birth is None else birth.month * 100 + birth.day


def day_of(now: datetime) -> date:
    """The day in China at that moment."""
    return now.astimezone(_CHINA).date()
