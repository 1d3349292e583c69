"""What the shell of every page needs."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpRequest

from anxin.kernel.web import shell as web


def shell(request: HttpRequest) -> dict[str, Any]:
    return {**web.context(request), "is_demo": settings.DEMO}
