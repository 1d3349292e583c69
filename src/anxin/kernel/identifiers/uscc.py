"""Unified social credit codes of organisations, GB 32100-2015: eighteen characters of 31, the last a check."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl

from anxin.kernel.identifiers import columns

ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_WEIGHTS: Final = tuple(pow(3, position, 31) for position in range(17))
_VALUES: Final = {letter: value for value, letter in enumerate(ALPHABET)}


class UsccProblem(StrEnum):
    """Why a code is refused; the first that applies, in this order."""

    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class Uscc:
    """region: digits 3–8; organisation: the old organisation code, characters 9–17."""

    normalised: str | None = None
    region: str | None = None
    organisation: str | None = None
    reason: UsccProblem | None = None

    @property
    def ok(self) -> bool:
        return self.reason is None


def check_character(first_17: str) -> str:
    """The 18th character. The outer modulus matters: a sum divisible by 31 must give 0, not 31."""
    total = sum(_VALUES[letter] * weight for letter, weight in zip(first_17, _WEIGHTS, strict=True))
    return ALPHABET[(31 - total % 31) % 31]


def validate_uscc(text: str | None) -> Uscc:
    """Check one code; case, full width and white space do not matter."""
    plain = columns.tidy(text or "").replace("-", "")
    if not plain:
        return Uscc(reason=UsccProblem.EMPTY)
    if len(plain) != 18:
        return Uscc(reason=UsccProblem.LENGTH)
    if not plain.isascii() or not plain[2:8].isdigit() or any(letter not in _VALUES for letter in plain.upper()):
        return Uscc(reason=UsccProblem.CHARACTERS)
    plain = plain.upper()
    if check_character(plain[:17]) != plain[17]:
        return Uscc(reason=UsccProblem.CHECK)
    return Uscc(plain, plain[2:8], plain[8:17])


def validate_usccs(texts: pl.Series) -> pl.DataFrame:
    """`validate_uscc` for a column: ok (Boolean), normalised, region, organisation, reason (String)."""
    plain = columns.tidy_column(texts).str.replace_all("-", "", literal=True).str.to_uppercase()
    # Upper-casing may lengthen a foreign letter, so the length is taken before it.
    length = columns.tidy_column(texts).str.replace_all("-", "", literal=True).str.len_chars()
    shaped = plain.str.contains(f"^[{ALPHABET}]{{2}}[0-9]{{6}}[{ALPHABET}]{{10}}$") & (length == 18)
    good = np.zeros(len(plain), dtype=bool)
    codes = columns.matrix(plain.filter(shaped), 18)
    values = _VALUE_TABLE[codes]
    total = values[:, :17] @ np.array(_WEIGHTS, dtype=np.int32)
    good[shaped.to_numpy()] = (31 - total % 31) % 31 == values[:, 17]
    return pl.DataFrame({"plain": plain, "length": length, "shaped": shaped, "ok": good}).select(
        "ok",
        normalised=pl.when("ok").then("plain"),
        region=pl.when("ok").then(pl.col("plain").str.slice(2, 6)),
        organisation=pl.when("ok").then(pl.col("plain").str.slice(8, 9)),
        reason=pl.when("ok")
        .then(pl.lit(None, dtype=pl.String))
        .when(pl.col("length") == 0)
        .then(pl.lit(UsccProblem.EMPTY.value))
        .when(pl.col("length") != 18)
        .then(pl.lit(UsccProblem.LENGTH.value))
        .when(~pl.col("shaped"))
        .then(pl.lit(UsccProblem.CHARACTERS.value))
        .otherwise(pl.lit(UsccProblem.CHECK.value)),
    )


_VALUE_TABLE: Final = np.zeros(256, dtype=np.int32)
for _letter, _value in _VALUES.items():
    _VALUE_TABLE[ord(_letter)] = _value
