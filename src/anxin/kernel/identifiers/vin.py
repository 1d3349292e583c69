"""Vehicle identification numbers, ISO 3779 / GB 16735: seventeen characters without I, O and Q."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from anxin.kernel.identifiers import columns

_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_VALUES: Final = dict(
    zip("0123456789ABCDEFGHJKLMNPRSTUVWXYZ", map(int, "012345678912345678123457923456789"), strict=True)
)


class VinProblem(StrEnum):
    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"


@dataclass(frozen=True, slots=True)
class Vin:
    """`check_matches` is a warning only: vehicles made in China carry a true check digit, some imports do not."""

    normalised: str | None = None
    check_matches: bool = False
    reason: VinProblem | None = None

    @property
    def ok(self) -> bool:
        return self.reason is None


def check_character(text: str) -> str:
    """The 9th character for 17 characters of a VIN."""
    rest = sum(_VALUES[letter] * weight for letter, weight in zip(text, _WEIGHTS, strict=True)) % 11
    return "X" if rest == 10 else str(rest)


def validate_vin(text: str | None) -> Vin:
    """Check one number; case, full width, white space and hyphens do not matter."""
    plain = columns.tidy(text or "").replace("-", "")
    if not plain:
        return Vin(reason=VinProblem.EMPTY)
    if len(plain) != 17:
        return Vin(reason=VinProblem.LENGTH)
    plain = plain.upper()
    if len(plain) != 17 or any(letter not in _VALUES for letter in plain):
        return Vin(reason=VinProblem.CHARACTERS)
    return Vin(plain, check_character(plain) == plain[8])
