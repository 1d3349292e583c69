"""The house as pyproject.toml describes it: the contracts, and the order of the rooms they imply."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent.parent
SOURCE = ROOT / "src" / "anxin"
FLOORS = ("faces", "oversight", "engagement", "service", "book", "foundation")


@cache
def contracts() -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"][
        "contracts"
    ]
    return found


@cache
def levels() -> dict[str, int]:
    """Room to its height above the ground; rooms of one height must not know each other."""
    heights: dict[str, int] = {}
    height = 0
    for floor in reversed(FLOORS):
        container = [f"anxin.{floor}"]
        (layers,) = (one["layers"] for one in contracts() if one.get("containers") == container)
        for layer in reversed(layers):
            height += 1
            for room in re.findall(r"\w+", layer):
                heights[room] = height
    return heights


def python_files() -> list[Path]:
    return sorted(path for path in SOURCE.rglob("*.py") if "__pycache__" not in path.parts)


def module_kind(path: Path) -> str:
    """`services` for book/customers/services.py and for book/customers/services/merge.py; "" outside the rooms."""
    parts = path.relative_to(SOURCE).with_suffix("").parts
    return parts[2] if len(parts) > 2 and parts[0] in FLOORS else ""
