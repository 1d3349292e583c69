"""Codes of the desk in the reader's words, and what several pages answer alike."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, cast
from urllib.parse import quote

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from anxin.service.desk import data
from anxin.service.desk.data import TicketRow
from anxin.service.desk.rules.calling import Labelled
from anxin.service.desk.rules.types import Asked, TicketType


def is_english() -> bool:
    """Whether the page speaks English; else Chinese."""
    return (get_language() or "").startswith("en")


def label(one: TicketType | Asked | Labelled | dict[str, Any]) -> str:
    """The name of something of a scheme, in the language of the page."""
    name = "label_en" if is_english() else "label_zh"
    return str(one[name] if isinstance(one, dict) else getattr(one, name))


def state(code: str) -> tuple[str, str]:
    """Word and colour."""
    word, level = data.STATES.get(data.TicketState(code), (code, ""))
    return _(word), level


def shown(row: TicketRow, types: dict[str, TicketType]) -> dict[str, Any]:
    """A line of the inbox with the words a template needs."""
    word, icon = data.KINDS[row.kind]
    kind = types.get(row.type)
    state_word, state_level = state(row.state)
    return {
        "row": row, "kind": _(word), "icon": icon, "type": label(kind) if kind else row.type, "state": state_word,
        "state_level": state_level, "level": {1: "danger", 2: "warn"}.get(row.priority, ""),
        "is_paused": row.state == data.TicketState.WAITING,
    }  # fmt: skip


def channel(code: str) -> tuple[str, str]:
    """Word and icon; what came in from a file under another name keeps it."""
    word, icon = data.CHANNELS.get(code, (code, "message-2"))
    return _(word), icon


def download(name: str, parts: Iterator[bytes]) -> HttpResponse:
    """A stored file, never shown by the browser itself: it may be a page with a script."""
    response = StreamingHttpResponse(parts, content_type="application/octet-stream")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return cast(HttpResponse, response)
