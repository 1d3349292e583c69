"""Tells with every answer how long the server worked on it, from the start of the call to its last byte made."""

from __future__ import annotations

import time
from collections.abc import Callable

from django.http import HttpRequest, HttpResponse


class ServerTime:
    """Outermost of the middleware: what the clients see besides is the queue at the server, the network, themselves."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        began, worked = time.perf_counter(), time.thread_time()
        response = self.get_response(request)
        spent, work = time.perf_counter() - began, time.thread_time() - worked
        response.headers["Server-Timing"] = f"app;dur={spent * 1000:.3f}, cpu;dur={work * 1000:.3f}"
        return response
