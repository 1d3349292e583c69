"""UUID version 7 (RFC 9562): keys that sort by creation time, one at a time or a million at once."""

import os
import secrets
import threading
import time
from typing import Final
from uuid import UUID

import numpy as np
from numpy.typing import NDArray

_RANDOM_BITS: Final = 74
_COUNTER_BITS: Final = 30
_lock = threading.Lock()
_last = 0


def uuid7(now_ms: int | None = None) -> UUID:
    """A new key. Within one process each is greater than the one before, also within a millisecond and across threads.

    now_ms: Unix time in milliseconds; None reads the system clock (a key's time is not domain time).
    """
    global _last
    stamp = time.time_ns() // 1_000_000 if now_ms is None else now_ms
    with _lock:
        value = stamp << _RANDOM_BITS | secrets.randbits(_RANDOM_BITS)
        if value <= _last:
            # Same millisecond or a clock set back: step on by a random amount, so that keys stay hard to guess.
            value = _last + 1 + secrets.randbits(32)
        _last = value
    return _pack(value)


def _pack(value: int) -> UUID:
    stamp, high, low = value >> 74, value >> 62 & 0xFFF, value & (1 << 62) - 1
    return UUID(int=stamp << 80 | 0x7 << 76 | high << 64 | 0b10 << 62 | low)


def _forget() -> None:
    # Two children of one parent must not step on from the same number.
    global _last, _lock
    _last, _lock = 0, threading.Lock()


os.register_at_fork(after_in_child=_forget)


def uuid7_array(count: int, now_ms: int) -> NDArray[np.uint8]:
    """`count` keys of one millisecond as bytes, shape (count, 16), ascending.

    A 30-bit counter from a random start orders them, 44 random bits follow. ValueError above 2^29 keys.
    """
    if not 0 <= count <= 1 << (_COUNTER_BITS - 1):
        raise ValueError("At most 2^29 keys can share one millisecond; split the batch.")
    counter = np.arange(count, dtype=np.uint64) + np.uint64(secrets.randbits(_COUNTER_BITS - 1))
    noise = np.frombuffer(os.urandom(8 * count), dtype=np.uint64) >> np.uint64(20)
    keys = np.empty((count, 2), dtype=">u8")
    keys[:, 0] = np.uint64(now_ms << 16 | 0x7000) | counter >> np.uint64(18)
    keys[:, 1] = np.uint64(1 << 63) | (counter & np.uint64(0x3FFFF)) << np.uint64(44) | noise
    return keys.view(np.uint8).reshape(count, 16)


def to_hex(keys: NDArray[np.uint8]) -> list[str]:
    """32 hex digits per key; PostgreSQL reads them as uuid."""
    text = keys.tobytes().hex()
    return [text[start : start + 32] for start in range(0, len(text), 32)]


def to_bytes(keys: NDArray[np.uint8]) -> list[bytes]:
    """16 bytes per key, as the encryption of a batch takes them."""
    raw = keys.tobytes()
    return [raw[start : start + 16] for start in range(0, len(raw), 16)]


def to_uuids(keys: NDArray[np.uint8]) -> list[UUID]:
    """UUID objects, about ten times slower than the texts."""
    return [UUID(bytes=raw) for raw in to_bytes(keys)]


def created_ms(key: UUID) -> int:
    """Unix milliseconds in a version 7 key."""
    if key.version != 7:
        raise ValueError("Only a UUID of version 7 carries its time.")
    return key.int >> 80
