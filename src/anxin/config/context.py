"""What the shell of every page needs."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest

from anxin.kernel.web import navigation


def shell(request: HttpRequest) -> dict[str, Any]:
    actor = getattr(request, "actor", None)
    return {"actor": actor, "navigation": navigation.items_for(actor) if actor else []}
