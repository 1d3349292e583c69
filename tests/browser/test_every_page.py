"""Every page as people meet it: no accessibility violation, no sideways scrolling, nothing refused, not too heavy."""

from __future__ import annotations

import gzip
from typing import Any

import pytest
from django.urls import reverse

from anxin.foundation.org.models import Unit
from tests.browser.insurer import Insurer, an_insurer
from tests.browsing import DESK, MARKS, PHONE, Visit

pytestmark = MARKS
# What is looked at once more in the dark, in English, and on a phone.
SAMPLE = {
    "workbench", "customers", "customer-overview", "customer-policies", "customer-edit", "renewals", "settings", "org",
    "schemes", "audit",
}  # fmt: skip
USUAL: dict[str, Any] = {"theme": "light", "language": "zh-hans", "size": DESK}
FIRST_PAINT = 120 * 1024  # bytes; the budget of the workbench without charts


@pytest.fixture
def insurer(db: None) -> Insurer:
    return an_insurer()


def pages_of(insurer: Insurer) -> dict[str, list[tuple[str, str]]]:
    """Name and address of the pages, by who looks at them."""
    file = f"/customers/{insurer.xue.ref}/"
    county = Unit.objects.get(code="310115")
    return {
        "manager": [
            ("workbench", "/"),
            ("customers", "/customers/?view=all"),
            *((f"customer-{tab}", f"{file}?tab={tab}") for tab in ("overview", "policies", "claims", "profile")),
            ("customer-edit", f"{file}edit/"),
            ("customer-new", "/customers/new/"),
            ("renewals", "/renewals/"),
            ("segments", "/segments/"),
            ("search", "/search/?q=%E9%9B%AA"),
            ("jobs", "/jobs/"),
            ("settings", reverse("accounts:settings")),
        ],
        "administrator": [
            ("schemes", "/schemes/"),
            ("org", "/org/"),
            ("unit", reverse("org:unit", args=[county.pk])),
            ("staff", "/org/staff/"),
            ("calendars", "/org/calendars/"),
            ("people", reverse("accounts:users")),
            ("roles", reverse("accounts:roles")),
        ],
        "auditor": [("audit", "/audit/")],
    }


@pytest.mark.parametrize(
    ("theme", "language", "size"),
    [
        ("light", "zh-hans", DESK),
        # All that differs at once: English is the longer, a phone the narrower, the dark the harder to read.
        ("dark", "en", PHONE),
        pytest.param("dark", "en", DESK, marks=pytest.mark.slow),
        pytest.param("light", "zh-hans", PHONE, marks=pytest.mark.slow),
    ],
    ids=["desk", "dark-english-phone", "dark-english", "phone"],
)
def test_pages_have_no_faults(insurer: Insurer, visit: Visit, theme: str, language: str, size: tuple[int, int]) -> None:
    look: dict[str, Any] = {"theme": theme, "language": language, "size": size}
    seat = visit(None, **look)
    seat.go("/accounts/login/")
    seat.look("sign-in")
    for who, pages in pages_of(insurer).items():
        seat.becomes(getattr(insurer.cast, who))
        for name, address in pages:
            if look != USUAL and name not in SAMPLE:
                continue
            seat.go(address)
            seat.look(name)
            assert seat.page.locator("#main h1").count() >= 1, name


def test_the_workbench_is_light(insurer: Insurer, visit: Visit) -> None:
    seat = visit(insurer.cast.manager)
    weights: dict[str, int] = {}

    def weigh(answer: Any) -> None:
        body = answer.body()
        # Static files leave the product compressed; the pages themselves do not.
        weights[answer.url] = len(gzip.compress(body, 9)) if "/static/" in answer.url else len(body)

    seat.page.on("response", weigh)
    seat.go("/")
    assert len(weights) >= 4
    assert not any("echarts" in url for url in weights)
    assert sum(weights.values()) <= FIRST_PAINT, weights
