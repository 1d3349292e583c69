"""Public short codes such as `C7K2-9QF4`: a sequence number, shuffled so that neither order nor volume can be read.

A keyed permutation of 40 bits (a Feistel network) written in Crockford's base 32, which has no I, L, O and U. The code
hides how many there are; it is no secret and no proof of anything: guard what it opens by permission and rate limits.
"""

import hashlib
from typing import Final

import numpy as np
from numpy.typing import NDArray

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
SIZE: Final = 1 << 40
_HALF: Final = (1 << 20) - 1
_ROUNDS: Final = 6
_WORD: Final = (1 << 64) - 1
_MIX: Final = 0x9E3779B97F4A7C15
_VALUES: Final = {letter: value for value, letter in enumerate(ALPHABET)} | {"O": 0, "I": 1, "L": 1}
_LETTERS: Final = np.frombuffer(ALPHABET.encode(), dtype=np.uint8)


class CodeError(ValueError):
    """Not a code, or a number outside of what codes can name."""


class ShortCodes:
    """Codes of one purpose ("ticket", "benefit"): the same key and purpose always give the same codes."""

    def __init__(self, key: bytes, purpose: str) -> None:
        digest = hashlib.blake2b(purpose.encode(), key=key[:64], digest_size=8 * _ROUNDS).digest()
        # Odd multipliers keep every bit of the half in play.
        self._rounds = [int.from_bytes(digest[8 * turn : 8 * turn + 8], "big") | 1 for turn in range(_ROUNDS)]

    def encode(self, number: int) -> str:
        """The code of a sequence number from 0 to 2^40 - 1."""
        if not 0 <= number < SIZE:
            raise CodeError("A code can name the numbers from 0 to 2^40 - 1 only.")
        left, right = number >> 20, number & _HALF
        for key in self._rounds:
            left, right = right, left ^ _scramble(right, key)
        mixed = left << 20 | right
        text = "".join(ALPHABET[mixed >> shift & 31] for shift in range(35, -1, -5))
        return f"{text[:4]}-{text[4:]}"

    def decode(self, code: str) -> int:
        """The number of a code, however it was typed: case, hyphens and spaces, O for 0, I or L for 1."""
        letters = [letter for letter in code.upper() if letter not in "- "]
        if len(letters) != 8 or any(letter not in _VALUES for letter in letters):
            raise CodeError("This is not a code; a code has eight letters and digits such as C7K2-9QF4.")
        mixed = 0
        for letter in letters:
            mixed = mixed << 5 | _VALUES[letter]
        left, right = mixed >> 20, mixed & _HALF
        for key in reversed(self._rounds):
            left, right = right ^ _scramble(left, key), left
        return left << 20 | right

    def encode_array(self, numbers: NDArray[np.int64]) -> list[str]:
        """`encode` for a whole column."""
        if numbers.size and (int(numbers.min()) < 0 or int(numbers.max()) >= SIZE):
            raise CodeError("A code can name the numbers from 0 to 2^40 - 1 only.")
        half, twenty = np.uint64(_HALF), np.uint64(20)
        plain = numbers.astype(np.uint64)
        left, right = plain >> twenty, plain & half
        for key in self._rounds:
            left, right = right, left ^ _scramble_array(right, key)
        mixed = left << twenty | right
        letters = np.full((numbers.size, 9), ord("-"), dtype=np.uint8)
        for column, shift in zip((0, 1, 2, 3, 5, 6, 7, 8), range(35, -1, -5), strict=True):
            letters[:, column] = _LETTERS[(mixed >> np.uint64(shift) & np.uint64(31)).astype(np.intp)]
        text = letters.tobytes().decode("ascii")
        return [text[start : start + 9] for start in range(0, len(text), 9)]


def _scramble(half: int, key: int) -> int:
    value = (half + 1) * key & _WORD
    value ^= value >> 32
    value = value * _MIX & _WORD
    return value >> 44


def _scramble_array(half: NDArray[np.uint64], key: int) -> NDArray[np.uint64]:
    value = (half + np.uint64(1)) * np.uint64(key)
    value = value ^ value >> np.uint64(32)
    value = value * np.uint64(_MIX)
    return value >> np.uint64(44)
