"""Decisions about customer files: their public reference."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
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


CHINA = ZoneInfo("Asia/Shanghai")
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
    return now.astimezone(CHINA).date()


# What may be done with a person's data, and on what ground: PIPL articles 13, 23, 29. Any other purpose needs consent.
SHARING = "sharing"
NEEDED_FOR_CONTRACT = frozenset({"service"})
SEPARATE = frozenset({SHARING, "health"})
CHILD_UNTIL = 14


class Use(StrEnum):
    """Why data may be used or not."""

    CONTRACT = "contract"
    CONSENT = "consent"
    NO_CONSENT = "no_consent"
    REFUSED = "refused"
    ENDED = "ended"
    NOT_SEPARATE = "not_separate"
    NO_GUARDIAN = "no_guardian"
    DECEASED = "deceased"
    CLOSED = "closed"
    SILENCE = "silence"  # left in peace for a while: a room above says why
    ATTENTION = "attention"  # on the attention list: nothing is sold to them


@dataclass(frozen=True, kw_only=True)
class Said:
    """One thing a person agreed to or refused. Channel and recipient "" mean all of them."""

    channel: str
    recipient: str
    is_given: bool
    at: datetime
    is_separate: bool = False
    guardian: bool = False
    until: date | None = None


def is_child(birth: date, today: date) -> bool:
    return age_on(birth, today) < CHILD_UNTIL


def judge_use(
    said: Sequence[Said], *, purpose: str, channel: str, recipient: str, now: datetime, is_alive: bool,
    is_living_file: bool, birth: date | None,
) -> Use:  # fmt: skip
    """Whether data may be used for `purpose` over `channel` towards `recipient`.

    A refusal holds until somebody agrees to the same or something narrower later: a late blanket "yes" does not undo an
    earlier "never by telephone", a late blanket "no" undoes everything. Nobody agrees to sharing with just anybody.
    """
    if not is_living_file:
        return Use.CLOSED
    if not is_alive:
        return Use.DECEASED
    fitting = [
        one
        for one in said
        if one.channel in ("", channel)
        and (one.recipient == recipient or (one.recipient == "" and not (purpose == SHARING and one.is_given)))
    ]
    given = [one for one in fitting if one.is_given]
    today = day_of(now)
    for no in (one for one in fitting if not one.is_given):
        if purpose in NEEDED_FOR_CONTRACT and no.channel == "" and no.recipient == "":
            continue  # what the contract needs cannot be refused altogether, only moved to another channel
        if not any(yes.at > no.at and _is_as_narrow(yes, no) for yes in given):
            return Use.REFUSED
    if purpose in NEEDED_FOR_CONTRACT:
        return Use.CONTRACT
    if not given:
        return Use.NO_CONSENT
    why = Use.ENDED
    for yes in sorted(given, key=lambda one: one.at, reverse=True):
        if yes.until is not None and yes.until <= today:
            continue
        if purpose in SEPARATE and not yes.is_separate:
            why = Use.NOT_SEPARATE
        elif birth is not None and is_child(birth, today) and not yes.guardian:
            why = Use.NO_GUARDIAN
        else:
            return Use.CONSENT
    return why


def _is_as_narrow(yes: Said, no: Said) -> bool:
    return no.channel in ("", yes.channel) and no.recipient in ("", yes.recipient)
