"""Make .mo of .po without the gettext programs; .mo files are not in version control."""

from __future__ import annotations

import os
from pathlib import Path

import polib


def compile_stale(root: Path) -> int:
    """Compile every catalogue under `root` that is newer than its .mo. Returns how many were written.

    Fuzzy entries are left out: a guess must not reach a customer.
    """
    written = 0
    for source in sorted(root.rglob("locale/*/LC_MESSAGES/*.po")):
        target = source.with_suffix(".mo")
        if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
            continue
        # Two processes may do this at once (web and worker starting): replace, never write in place.
        part = target.with_name(f".{target.name}.{os.getpid()}")
        polib.pofile(str(source), encoding="utf-8").save_as_mofile(str(part))
        part.replace(target)
        written += 1
    return written


def missing(root: Path) -> list[Path]:
    """Catalogues under `root` that were never compiled."""
    sources = (path.with_suffix(".mo") for path in sorted(root.rglob("locale/*/LC_MESSAGES/*.po")))
    return [target for target in sources if not target.exists()]
