"""Answers to htmx that only carry an effect: a toast, a closed dialog. Pages add them to any response."""

from __future__ import annotations

import json
from typing import Literal, TypeVar

from django.http import HttpResponse

Level = Literal["info", "ok", "warn", "danger"]
Response = TypeVar("Response", bound=HttpResponse)


def toast(
    response: Response, text: str, *, level: Level = "ok", undo_url: str = "", link: str = "", link_text: str = ""
) -> Response:
    """Show `text` when the response arrives. With `undo_url` it stays ten seconds and offers to POST there."""
    detail = {"text": text, "level": level, "undo": undo_url, "link": link, "link_text": link_text}
    return trigger(response, "toast", {key: value for key, value in detail.items() if value})


def close_dialog(response: Response) -> Response:
    return trigger(response, "dialog-close", {})


def trigger(response: Response, event: str, detail: dict[str, str]) -> Response:
    """Add an event to HX-Trigger without losing those already there."""
    events = json.loads(response.headers.get("HX-Trigger", "{}"))
    events[event] = detail
    # ASCII only: a header carries no Chinese, JSON escapes do.
    response.headers["HX-Trigger"] = json.dumps(events, ensure_ascii=True)
    return response
