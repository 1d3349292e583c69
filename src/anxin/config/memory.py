"""How the two allocators of a process hold on to freed memory; settled before the first of them is asked for much.

An import asks again and again for some megabytes at once and gives them back. By itself the C library soon keeps blocks
of that size in its heap, where small ones between them hold them fast, and the allocator inside Polars keeps four pools
for each core. Measured for 1,000,000 customers and 2,000,000 policies: a fifth of the memory, no processor time.
"""

from __future__ import annotations

import ctypes
import os
import sys
from typing import Final

# malloc.h of the GNU C library. Setting a threshold also ends its growing by itself.
_M_MMAP_THRESHOLD: Final = -3
_M_ARENA_MAX: Final = -8
_APART_FROM: Final = 1024 * 1024  # bytes; larger blocks go back to the system when they are freed
_POOLS: Final = 2

# Of jemalloc: see its manual, opt.narenas and opt.muzzy_decay_ms. Pages that were given back count as held until the
# system is short of memory, unless they are given back at once.
_POLARS: Final = f"narenas:{_POOLS},muzzy_decay_ms:0"


def settle() -> None:
    """To be called before Polars is imported. What the environment says of an allocator stands."""
    if "_RJEM_MALLOC_CONF" not in os.environ:
        os.environ["_RJEM_MALLOC_CONF"] = _POLARS
    if not sys.platform.startswith("linux"):
        return
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)  # other C libraries have none
    if mallopt is None:
        return
    for name, option, value in (
        ("MALLOC_MMAP_THRESHOLD_", _M_MMAP_THRESHOLD, _APART_FROM), ("MALLOC_ARENA_MAX", _M_ARENA_MAX, _POOLS),
    ):  # fmt: skip
        if name not in os.environ:
            mallopt(option, value)
