"""Bank card numbers, ISO/IEC 7812: 12 to 19 digits with a Luhn check."""

import re
from dataclasses import dataclass
from enum import StrEnum

from anxin.kernel.identifiers import columns


class BankCardProblem(StrEnum):
    EMPTY = "empty"
    CHARACTERS = "characters"
    LENGTH = "length"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class BankCard:
    normalised: str | None = None
    reason: BankCardProblem | None = None

    @property
    def ok(self) -> bool:
        return self.reason is None


def luhn_holds(digits: str) -> bool:
    """Whether ASCII digits carry a true Luhn check digit."""
    total = sum(int(digit) for digit in digits[::-2]) + sum(sum(divmod(2 * int(digit), 10)) for digit in digits[-2::-2])
    return total % 10 == 0


def validate_bank_card(text: str | None) -> BankCard:
    """Check one number. Account numbers of passbooks follow no check: this is for cards only."""
    plain = columns.tidy(text or "").replace("-", "")
    if not plain:
        return BankCard(reason=BankCardProblem.EMPTY)
    if not re.fullmatch(r"[0-9]+", plain):
        return BankCard(reason=BankCardProblem.CHARACTERS)
    if not 12 <= len(plain) <= 19:
        return BankCard(reason=BankCardProblem.LENGTH)
    if not luhn_holds(plain):
        return BankCard(reason=BankCardProblem.CHECK)
    return BankCard(plain)
