"""Numbers that pass every check a careful importer makes: GB 11643, GB 32100, GA 36, ISO 3779, mobile ranges."""

from __future__ import annotations

from typing import Final

import numpy as np
import polars as pl

from anxin.config.sample.dice import Dice, Ints, compact_numbers, digits, join, take

_ID_WEIGHTS: Final = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_ID_CHECKS: Final = tuple("10X98765432")
_USCC_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_VIN_ALPHABET: Final = "0123456789ABCDEFGHJKLMNPRSTUVWXYZ"
_VIN_VALUES: Final = dict(
    zip("ABCDEFGHJKLMNPRSTUVWXYZ", (1, 2, 3, 4, 5, 6, 7, 8, 1, 2, 3, 4, 5, 7, 9, 2, 3, 4, 5, 6, 7, 8, 9), strict=True)
)
_VIN_WEIGHTS: Final = (8, 7, 6, 5, 4, 3, 2, 10, 0, 9, 8, 7, 6, 5, 4, 3, 2)
_PLATE_ALPHABET: Final = "ABCDEFGHJKLMNPQRSTUVWXYZ0123456789"
# 130-199 as handed out to the carriers; 141, 154, 164, 190 and 194 were never used for people.
_CARRIER_CODES: Final = (
    "130131132133134135136137138139147150151152153155156157158159166173175176177178"
    "180181182183184185186187188189191193198199"
)
_MOBILE_PREFIXES: Final = tuple(_CARRIER_CODES[at : at + 3] for at in range(0, len(_CARRIER_CODES), 3))
SEQUENCES_PER_SEX: Final = 500


def letters(alphabet: str, at: Ints) -> pl.Series:
    """Rows of positions in an alphabet as fixed-width text; `at` is (rows, width)."""
    characters = np.array(list(alphabet), dtype="U1")[at]
    joined = np.ascontiguousarray(characters).view(f"U{at.shape[1]}").ravel() if len(at) else np.array([], dtype="U1")
    return pl.Series(joined.tolist(), dtype=pl.String)


def positions(alphabet: str, texts: list[str]) -> Ints:
    """The inverse of `letters` for texts of one width."""
    return np.array([[alphabet.index(character) for character in text] for text in texts], dtype=np.int64)


def resident_ids(region: Ints, birth: Ints, male: Ints, *, chunk: int, chunks: int) -> pl.Series:
    """Resident ID numbers, unique over all chunks: each chunk owns its part of the sequence numbers of a day.

    `region` six-digit codes, `birth` days since 1970, `male` 0/1. At most 500 chunks.
    """
    own = SEQUENCES_PER_SEX // chunks
    frame = pl.DataFrame({"region": region, "birth": birth, "male": male})
    rank = frame.select(pl.int_range(pl.len()).over("region", "birth", "male")).to_series().to_numpy()
    # The shift depends on region and day only, so it spreads the numbers without making two of them equal.
    shift = (region * 31 + birth * 7919) % SEQUENCES_PER_SEX
    sequence = (chunk * own + rank % own + shift) % SEQUENCES_PER_SEX
    body = region * 10**11 + compact_numbers(birth) * 1000 + sequence * 2 + male
    total = np.zeros(len(body), dtype=np.int64)
    rest = body.copy()
    for weight in reversed(_ID_WEIGHTS):
        total += rest % 10 * weight
        rest //= 10
    return join(digits(body), take(_ID_CHECKS, total % 11))


def company_codes(region: Ints, serial: Ints) -> pl.Series:
    """Unified social credit codes of enterprises (91…), unique by `serial`."""
    at = np.zeros((len(serial), 18), dtype=np.int64)
    at[:, 0], at[:, 1] = 9, 1
    rest = region.copy()
    for place in range(7, 1, -1):
        at[:, place] = rest % 10
        rest //= 10
    rest = (serial * 1_000_003 + 7_654_321) % 31**8
    for place in range(16, 7, -1):
        at[:, place] = rest % 31
        rest //= 31
    weights = np.array([pow(3, place, 31) for place in range(17)], dtype=np.int64)
    at[:, 17] = (31 - (at[:, :17] @ weights) % 31) % 31
    return letters(_USCC_ALPHABET, at)


def vins(maker: list[str], maker_at: Ints, year: Ints, serial: Ints) -> pl.Series:
    """Vehicle identification numbers with a right ninth character; unique by `serial` (below ten million)."""
    values = np.array(
        [_VIN_VALUES[character] if character in _VIN_VALUES else int(character) for character in _VIN_ALPHABET],
        dtype=np.int64,
    )
    at = np.zeros((len(serial), 17), dtype=np.int64)
    at[:, :3] = positions(_VIN_ALPHABET, maker)[maker_at]
    for place, factor in zip(range(3, 8), (3, 7, 11, 13, 17), strict=True):
        at[:, place] = (serial * factor + 5) % 33
    # Model-year letters of ISO 3779 leave out I, O, Q, U, Z and 0 and come round every thirty years.
    year_letters = "ABCDEFGHJKLMNPRSTVWXY123456789"
    at[:, 9] = positions(_VIN_ALPHABET, list(year_letters)).ravel()[(year - 1980) % 30]
    rest = serial.copy()
    for place in range(16, 9, -1):
        at[:, place] = rest % 10
        rest //= 10
    check = (values[at] @ np.array(_VIN_WEIGHTS, dtype=np.int64)) % 11
    at[:, 8] = np.where(check == 10, _VIN_ALPHABET.index("X"), check)
    return letters(_VIN_ALPHABET, at)


def plates(prefix: pl.Series, electric: Ints, serial: Ints) -> pl.Series:
    """Plates of the given city prefix ("鲁A"): five characters, or six for new-energy cars; unique by `serial`
    within a city."""
    ordinary = np.zeros((len(serial), 5), dtype=np.int64)
    rest = (serial * 1_000_003) % (34**3 * 100)
    for place, base in ((4, 10), (3, 34), (2, 10), (1, 34), (0, 34)):
        ordinary[:, place] = rest % base + (24 if base == 10 else 0)
        rest //= base
    green = np.zeros((len(serial), 6), dtype=np.int64)
    rest = (serial * 1_000_003) % (10 * 34 * 10_000)
    for place in range(5, 1, -1):
        green[:, place] = rest % 10 + 24
        rest //= 10
    green[:, 1] = rest % 34
    green[:, 0] = (rest // 34) % 10
    # D and A B C E are pure electric, F and G H J K the other new energies: the first ten letters of the alphabet.
    tail = pl.select(
        pl.when(pl.lit(pl.Series(electric == 1)))
        .then(pl.lit(letters(_PLATE_ALPHABET, green)))
        .otherwise(pl.lit(letters(_PLATE_ALPHABET, ordinary)))
        .alias("tail")
    ).get_column("tail")
    return join(prefix, tail)


def mobiles(dice: Dice, serial: Ints) -> pl.Series:
    """Mobile numbers; two different serials below 10^8 never share one."""
    return join(dice.word(len(serial), _MOBILE_PREFIXES), digits((serial * 54_321_617 + 2_345_678) % 10**8, 8))


def landlines(dice: Dice, trunk: pl.Series) -> pl.Series:
    return join(trunk, "-", digits(dice.whole(len(trunk), 60_000_000, 89_999_999), 8))
