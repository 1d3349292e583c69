"""How several things are named in a row."""

from __future__ import annotations

from collections.abc import Iterable

from django.utils.translation import get_language


def listed(parts: Iterable[object]) -> str:
    """`证件、地址` or `document, address`, in the active language."""
    return ("、" if (get_language() or "zh").startswith("zh") else ", ").join(map(str, parts))
