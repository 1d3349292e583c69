"""The wizard in a real browser: from choosing a file to the result, and every step free of accessibility faults."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client

from anxin.foundation.intake import services
from anxin.foundation.intake.models import Batch
from anxin.kernel import clock
from tests.browsing import QUIET
from tests.build import Cast

pytestmark = [
    pytest.mark.browser,
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif(shutil.which("chromium") is None, reason="no Chromium on this machine"),
]
AXE = Path(__file__).resolve().parents[3] / "node_modules/axe-core/axe.min.js"
# Where to leave pictures for people to look at; empty: nowhere.
PICTURES = os.environ.get("ANXIN_PICTURES", "")
ROWS = (
    "客户号,姓名,性别,出生日期,证件号码,手机,备注2\n"
    "K1,王小明,男,1984-02-03,,13800138000,\n"
    "K2,李雷,女,1990-13-40,,13900139000,x\n"
    "K3,韩梅梅,女,1991-03-04,31010119910304123X,1380,\n"
    ",赵敏,女,1991-03-05,,13700137000,\n"
)


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


DESK, PHONE = ("light", 1440), ("dark", 390)


@pytest.mark.parametrize(
    ("language", "looks"),
    [
        # All that differs at once: the dark is the harder to read, a phone the narrower, English the longer. In Chinese
        # the wizard is gone through in `tests/browser/test_journeys.py`.
        ("en", (DESK, PHONE)),
        pytest.param("zh-hans", (DESK, PHONE), marks=pytest.mark.slow),
        pytest.param("en", (("dark", 1440), ("light", 390)), marks=pytest.mark.slow),
    ],
)
def test_a_newcomer_imports_a_file_by_the_wizard(
    chromium: Any, live_server: Any, settings: Any, cast: Cast, tmp_path: Path, language: str,
    looks: tuple[tuple[str, int], ...],
) -> None:  # fmt: skip
    """Every step looked at on one screen after the other, and worked on the first."""
    client = Client()
    client.force_login(cast.steward)
    context = chromium.new_context(viewport={"width": looks[0][1], "height": 900})
    context.add_cookies(
        [
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url},
            {
                "name": settings.SESSION_COOKIE_NAME,
                "value": client.cookies[settings.SESSION_COOKIE_NAME].value,
                "url": live_server.url,
            },
        ]
    )
    page = context.new_page()
    broken: list[str] = []
    page.on("pageerror", lambda error: broken.append(str(error)))
    if not PICTURES:
        # Taking a picture sets styles that the policy refuses.
        page.on("console", lambda line: broken.append(line.text) if "Content Security" in line.text else None)
    seen: list[str] = []

    def look(name: str) -> None:
        page.wait_for_load_state("load")
        page.evaluate(QUIET)
        before = list(broken)
        if AXE.exists():
            page.evaluate(AXE.read_text())
        for theme, width in [*looks[1:], looks[0]]:
            page.set_viewport_size({"width": width, "height": 900})
            page.evaluate("theme => { document.documentElement.dataset.theme = theme }", theme)
            if PICTURES:
                page.screenshot(path=f"{PICTURES}/{name}-{theme}-{language}-{width}.png")
            where = f"{name} ({theme}, {width})"
            wide = page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            seen.extend([f"{where}: wider than the window"] if wide else [])
            if AXE.exists():
                found = page.evaluate("axe.run(document, {resultTypes: ['violations']})")
                seen.extend(
                    f"{where}: {one['id']} {one['nodes'][0]['html'][:160]}"
                    for one in found["violations"]
                    if one["impact"] in ("serious", "critical", "moderate")
                )
        # The checker sets styles that the policy refuses.
        broken[:] = before + [line for line in broken[len(before) :] if "Content Security" not in line]

    page.goto(f"{live_server.url}/imports/")
    look("list-empty")
    page.goto(f"{live_server.url}/imports/new/")
    file = tmp_path / "客户_202610.csv"
    file.write_bytes(ROWS.encode("gb18030"))
    page.set_input_files("input[type=file]", file)
    assert "客户_202610.csv" in page.locator("[data-chosen]").inner_text()
    look("new")
    page.locator("form[data-upload] [type=submit]").click()
    page.wait_for_selector("#mapping")
    look("mapping")

    # The key is taken away and given back: the trial run waits for it.
    page.select_option("#t-0-0", "")
    page.wait_for_selector("#why-not")
    assert page.locator("button[value=check]").is_disabled()
    page.select_option("#t-0-0", "source_key")
    page.wait_for_selector("#why-not", state="detached")
    page.locator("button[value='open:0:birth_date']").click()
    page.wait_for_selector("#rule-format")
    look("rule")
    page.select_option("#rule-format", "%Y-%m-%d")
    page.locator("tr.rule button").click()
    page.wait_for_selector("#rule-format", state="detached")
    assert "%Y-%m-%d" in page.locator("button[value='open:0:birth_date']").inner_text()
    page.locator("button[value=check]").click()
    page.wait_for_selector("#import-progress")
    look("checking")
    batch = Batch.objects.get()
    assert services.work_on(batch.id, clock=clock.now)
    page.wait_for_selector(".tiles", timeout=10_000)
    look("checked")
    page.locator(".tabs a").last.click()
    page.wait_for_selector("#findings h3")
    look("changes")
    page.locator("form[action$='/start/'] button").click()
    page.wait_for_selector("#import-progress")
    assert services.work_on(batch.id, clock=clock.now)
    page.wait_for_selector("[data-dialog-open=undo]", timeout=10_000)
    look("done")
    page.locator("[data-dialog-open=undo]").click()
    undo = page.locator("#undo [type=submit]")
    assert undo.is_disabled()
    page.fill("#undo-typed", batch.ref)
    assert undo.is_enabled()
    look("undo")
    undo.click()
    page.wait_for_selector("#import-progress")
    assert services.work_on(batch.id, clock=clock.now)
    page.wait_for_selector("#import-progress", state="detached", timeout=10_000)
    look("undone")
    page.goto(f"{live_server.url}/imports/")
    look("list")
    context.close()
    assert seen == []
    assert broken == []
    batch.refresh_from_db()
    assert (batch.state, batch.rows_read, batch.rows_rejected) == ("undone", 4, 3)
