"""Where this instance keeps everything it owns: `ANXIN_HOME` (default `./var`)."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The instance folder, created on first use and closed to other users of the machine."""
    path = Path(os.environ.get("ANXIN_HOME", "var")).expanduser().resolve()
    path.mkdir(parents=True, exist_ok=True)
    return path


def folder(name: str) -> Path:
    path = home() / name
    path.mkdir(mode=0o700, exist_ok=True)
    return path
