"""Resident identity numbers, GB 11643-1999, with the residence permits of Hong Kong, Macao and Taiwan (81, 82, 83).

Fifteen-digit numbers (until 2013) are upgraded to eighteen. No list of regions below the province: they change every
year and old numbers stay valid.
"""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

import numpy as np
import polars as pl
from numpy.typing import NDArray

from anxin.kernel.identifiers import columns

# North, north-east, east, centre and south, south-west, north-west, Taiwan, permits.
PROVINCES: Final = frozenset(
    str(code)
    for code in (
        *range(11, 16),
        *range(21, 24),
        *range(31, 38),
        *range(41, 47),
        *range(50, 55),
        *range(61, 66),
        71,
        81,
        82,
        83,
    )
)
_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_CHECKS: Final = "10X98765432"
_FIRST_YEAR: Final = 1800
_ZERO: Final = ord("0")


class Sex(StrEnum):
    MALE = "male"
    FEMALE = "female"


class ResidentProblem(StrEnum):
    """Why a number is refused; the first that applies, in this order."""

    EMPTY = "empty"
    LENGTH = "length"
    CHARACTERS = "characters"
    REGION = "region"
    DATE = "date"
    FUTURE = "future"
    CHECK = "check"


@dataclass(frozen=True, slots=True)
class ResidentId:
    """What a number says. All but `reason` are None when it is refused."""

    normalised: str | None = None
    birth_date: date | None = None
    sex: Sex | None = None
    region: str | None = None
    reason: ResidentProblem | None = None

    @property
    def ok(self) -> bool:
        return self.reason is None


def check_character(first_17: str) -> str:
    """The 18th character for 17 digits."""
    return _CHECKS[sum(int(digit) * weight for digit, weight in zip(first_17, _WEIGHTS, strict=True)) % 11]


def validate_resident_id(text: str | None, *, today: date | None = None) -> ResidentId:
    """Check one number. `today` refuses births after it; None leaves that out."""
    plain = columns.tidy(text or "").replace("x", "X")
    if not plain:
        return ResidentId(reason=ResidentProblem.EMPTY)
    if len(plain) not in (15, 18):
        return ResidentId(reason=ResidentProblem.LENGTH)
    if not plain.isascii() or not plain[: min(17, len(plain))].isdigit() or plain[-1] not in _CHECKS:
        return ResidentId(reason=ResidentProblem.CHARACTERS)
    if len(plain) == 15:
        if not plain.isdigit():
            return ResidentId(reason=ResidentProblem.CHARACTERS)
        plain = plain[:6] + "19" + plain[6:]
        plain += check_character(plain)
    if plain[:2] not in PROVINCES:
        return ResidentId(reason=ResidentProblem.REGION)
    try:
        birth = date(int(plain[6:10]), int(plain[10:12]), int(plain[12:14]))
    except ValueError:
        return ResidentId(reason=ResidentProblem.DATE)
    if birth.year < _FIRST_YEAR:
        return ResidentId(reason=ResidentProblem.DATE)
    if today is not None and birth > today:
        return ResidentId(reason=ResidentProblem.FUTURE)
    if check_character(plain[:17]) != plain[17]:
        return ResidentId(reason=ResidentProblem.CHECK)
    return ResidentId(plain, birth, Sex.MALE if int(plain[16]) % 2 else Sex.FEMALE, plain[:6])


def validate_resident_ids(texts: pl.Series, *, today: date | None = None) -> pl.DataFrame:
    """`validate_resident_id` for a column, in columns.

    Returns, row for row: ok (Boolean), normalised (String), birth_date (Date), sex (String), region (String),
    reason (String). Null where the scalar gives None.
    """
    plain = columns.tidy_column(texts).str.replace("x", "X", literal=True, n=-1)
    long = plain.str.contains(r"^[0-9]{17}[0-9X]$").to_numpy()
    short = plain.str.contains(r"^[0-9]{15}$").to_numpy()
    known = long | short
    codes = np.full((len(plain), 18), _ZERO, dtype=np.uint8)
    codes[long] = columns.matrix(plain.filter(pl.Series(long)), 18)
    if short.any():
        codes[short] = _upgrade(columns.matrix(plain.filter(pl.Series(short)), 15))
    digits = (codes - np.uint8(_ZERO)).astype(np.int32)
    year = digits[:, 6] * 1000 + digits[:, 7] * 100 + digits[:, 8] * 10 + digits[:, 9]
    month, day = digits[:, 10] * 10 + digits[:, 11], digits[:, 12] * 10 + digits[:, 13]
    births, real = _births(year, month, day)
    # The first problem of the scalar's order wins, so the later ones are written first.
    length = plain.str.len_chars().to_numpy()
    reason = np.zeros(len(plain), dtype=np.int8)
    problems = list(ResidentProblem)
    for problem, applies in (
        (ResidentProblem.CHECK, codes[:, 17] != _check_codes(digits)),
        (ResidentProblem.FUTURE, births > np.datetime64(today) if today else np.zeros(len(plain), dtype=bool)),
        (ResidentProblem.DATE, ~real),
        (ResidentProblem.REGION, ~_PROVINCE_TABLE[digits[:, 0] * 10 + digits[:, 1]]),
        (ResidentProblem.CHARACTERS, ~known),
        (ResidentProblem.LENGTH, ~known & (length != 15) & (length != 18)),
        (ResidentProblem.EMPTY, length == 0),
    ):
        reason[applies] = problems.index(problem) + 1
    ok = pl.Series("ok", reason == 0)
    number = columns.texts_of(codes)
    names = pl.Series([None, *problems], dtype=pl.String)
    frame = pl.DataFrame(
        {
            "ok": ok,
            "normalised": number,
            "birth_date": pl.Series(births.astype("datetime64[D]").astype(np.int32), dtype=pl.Int32).cast(pl.Date),
            "sex": pl.Series(np.where(digits[:, 16] % 2, 0, 1)).replace_strict(
                [0, 1], [Sex.MALE.value, Sex.FEMALE.value], return_dtype=pl.String
            ),
            "region": number.str.slice(0, 6),
            "reason": names.gather(reason.astype(np.uint32)),
        }
    )
    good = pl.col("ok")
    return frame.with_columns(
        pl.when(good).then(pl.col(name)).alias(name) for name in ("normalised", "birth_date", "sex", "region")
    )


_PROVINCE_TABLE: Final = np.array([f"{number:02d}" in PROVINCES for number in range(100)])
_CHECK_CODES: Final = np.frombuffer(_CHECKS.encode(), dtype=np.uint8)
_MONTH_DAYS: Final = np.array([0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31])


def _check_codes(digits: NDArray[np.int32]) -> NDArray[np.uint8]:
    total = digits[:, :17] @ np.array(_WEIGHTS, dtype=np.int32)
    return _CHECK_CODES[total % 11]


def _upgrade(codes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    upgraded = np.empty((len(codes), 18), dtype=np.uint8)
    upgraded[:, :6], upgraded[:, 8:17] = codes[:, :6], codes[:, 6:]
    upgraded[:, 6], upgraded[:, 7] = ord("1"), ord("9")
    upgraded[:, 17] = _check_codes((upgraded - np.uint8(_ZERO)).astype(np.int32))
    return upgraded


def _births(
    year: NDArray[np.int32], month: NDArray[np.int32], day: NDArray[np.int32]
) -> tuple[NDArray[np.datetime64], NDArray[np.bool_]]:
    leap = (year % 4 == 0) & (year % 100 != 0) | (year % 400 == 0)
    in_year = (month >= 1) & (month <= 12) & (year >= _FIRST_YEAR)
    month = np.where(in_year, month, 1)
    longest = _MONTH_DAYS[month] + (leap & (month == 2))
    real = in_year & (day >= 1) & (day <= longest)
    months = (np.where(real, year, 1970).astype(np.int64) - 1970) * 12 + np.where(real, month, 1) - 1
    first = months.astype("datetime64[M]").astype("datetime64[D]")
    return first + np.where(real, day - 1, 0).astype("timedelta64[D]"), real
