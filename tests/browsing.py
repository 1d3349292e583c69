"""A browser for the tests that need one: starts Chromium, signs people in, and tells what a page did wrong."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

AXE = Path(__file__).resolve().parents[1] / "node_modules/axe-core/axe.min.js"
DESK = (1440, 900)
PHONE = (390, 844)
PATIENCE = 15_000  # milliseconds; two cores may be busy with other tests
# No part on its way, three times in a row: a part that has arrived may ask for another one.
QUIET = """async () => {
    for (let calm = 0; calm < 3; calm += 1) {
        await new Promise(next => setTimeout(next, 40));
        if (document.querySelector(".htmx-request, .htmx-swapping, .htmx-settling")) calm = -1;
    }
}"""
# Where to leave pictures for people to look at; empty: nowhere.
PICTURES = os.environ.get("ANXIN_PICTURES", "")
MARKS = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine"),
]


@pytest.fixture(scope="module")
def chromium() -> Iterator[Any]:
    from playwright.sync_api import sync_playwright

    # Playwright runs an event loop in this thread; Django would refuse the database because of it.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        yield browser
        browser.close()
    os.environ.pop("DJANGO_ALLOW_ASYNC_UNSAFE")


@dataclass
class Seat:
    """One person before one browser window. `faults` holds what no page may do: errors, refusals, violations."""

    page: Any
    url: str
    faults: list[str] = field(default_factory=list)

    def becomes(self, user: Any) -> None:
        """Signed in as somebody else from the next page on. A window of their own would cost a process more."""
        client = Client()
        client.force_login(user, backend="allauth.account.auth_backends.AuthenticationBackend")
        name = settings.SESSION_COOKIE_NAME
        self.page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": self.url}])

    def go(self, path: str) -> Any:
        """Open an address and wait until the page has fetched its parts."""
        self.page.goto(f"{self.url}{path}")
        return self.loaded()

    def settled(self) -> Any:
        """Wait until nothing has gone over the wire for half a second: after what may begin late (typing, timers)."""
        self.page.wait_for_load_state("networkidle")
        return self.page

    def loaded(self) -> Any:
        """Wait until the page has all its parts: enough after opening an address, and four times as fast."""
        self.page.wait_for_load_state("load")
        self.page.evaluate(QUIET)
        return self.page

    def hear(self, line: Any) -> None:
        # A form with mistakes (422) and a conflict (409) are answers that pages know; the browser reports them too.
        known = any(f"status of {status}" in line.text for status in (409, 422))
        if line.type == "error" and not known:
            self.faults.append(f"{self.page.url}: {line.text}")

    def look(self, name: str) -> None:
        """Check the page as it stands for accessibility violations and sideways scrolling; leave a picture."""
        page = self.loaded()
        width = page.viewport_size["width"]
        if PICTURES:
            page.screenshot(path=f"{PICTURES}/{name}-{page.evaluate('document.documentElement.lang')}-{width}.png")
        wide = page.evaluate("document.documentElement.scrollWidth")
        if wide > width:
            self.faults.append(f"{name}: {wide} pixels wide in a window of {width}")
        if AXE.exists():
            # The checker sets styles that the policy rightly refuses; what the page itself did before it counts.
            before = list(self.faults)
            page.evaluate(AXE.read_text())
            found = page.evaluate(
                "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
                ".flatMap(v => v.nodes.map(n => v.id + ' ' + n.target + ' ' + n.html.slice(0, 160)))"
            )
            self.faults[:] = [*before, *(f"{name}: {one}" for one in found)]


Visit = Callable[..., Seat]


@pytest.fixture
def visit(chromium: Any, live_server: Any) -> Iterator[Visit]:
    """`visit(user, theme=, language=, size=)` opens a window, signed in unless `user` is None. Faults fail the test."""
    seats: list[Seat] = []

    def open_window(
        user: Any = None, *, theme: str = "light", language: str = "zh-hans", size: tuple[int, int] = DESK
    ) -> Seat:
        # Who is signed in has stored looks: their theme is that of the browser.
        context = chromium.new_context(
            viewport={"width": size[0], "height": size[1]}, color_scheme=theme, accept_downloads=True
        )
        context.add_cookies([{"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url}])
        context.set_default_timeout(PATIENCE)
        seat = Seat(context.new_page(), live_server.url)
        if user is not None:
            seat.becomes(user)
        seat.page.on("pageerror", lambda error: seat.faults.append(str(error)))
        seat.page.on("console", seat.hear)
        seats.append(seat)
        return seat

    yield open_window
    for seat in seats:
        seat.page.context.close()
    if faults := [fault for seat in seats for fault in seat.faults]:
        pytest.fail("\n".join(dict.fromkeys(faults)), pytrace=False)
