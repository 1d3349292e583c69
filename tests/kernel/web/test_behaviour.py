"""The script of the pages in a real browser, on the gallery: keys, rows, palette, errors, policy, accessibility."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from tests.browsing import AXE, MARKS, QUIET

from anxin.kernel.web import assets

pytestmark = MARKS


@pytest.fixture(scope="module")
def window(chromium: Any) -> Iterator[Any]:
    """One window for all: each new one starts processes of the browser, ten times what opening a page in it takes."""
    context = chromium.new_context()
    yield context.new_page()
    context.close()


@pytest.fixture
def page(window: Any, live_server: Any, settings: Any) -> Iterator[Any]:
    """The gallery in Chinese at a desk; fails at the end if the policy refused anything or a script broke."""
    settings.ROOT_URLCONF = "kernel.web.gallery_urls"
    broken: list[str] = []

    def hear_error(error: Any) -> None:
        broken.append(str(error))

    def hear_line(line: Any) -> None:
        if "Content Security Policy" in line.text:
            broken.append(line.text)

    window.on("pageerror", hear_error)
    window.on("console", hear_line)
    window.set_viewport_size({"width": 1440, "height": 900})
    window.goto(f"{live_server.url}/ui/gallery/")
    window.evaluate(QUIET)
    yield window
    # As if the window were new: nothing remembered, nothing listening, nothing held back.
    window.evaluate("localStorage.clear(); sessionStorage.clear()")
    window.context.clear_cookies()
    window.unroute_all()
    window.remove_listener("pageerror", hear_error)
    window.remove_listener("console", hear_line)
    assert broken == []


def selected(page: Any) -> str:
    return str(page.locator("tbody tr[aria-selected=true] a[data-open]").inner_text())


def test_keys_move_through_rows_and_select_them(page: Any) -> None:
    assert selected(page) == "GD20261012083"
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    assert selected(page) == "TS20261008004"
    assert not page.locator("[data-bulk]").is_visible()
    page.keyboard.press("x")
    assert page.locator("[data-bulk-count]").inner_text() == "已选 1 项"
    page.keyboard.press("Enter")
    assert page.url.endswith("#TS20261008004")


def test_keys_are_silent_while_typing_and_when_switched_off(page: Any) -> None:
    page.locator("#id_name").focus()
    page.keyboard.press("j")
    assert selected(page) == "GD20261012083"
    page.locator("#main").focus()
    page.evaluate("document.documentElement.dataset.shortcuts = 'off'")
    page.keyboard.press("j")
    assert selected(page) == "GD20261012083"
    page.keyboard.press("Control+k")
    assert page.locator("#palette").is_visible()


def test_escape_closes_the_palette_with_words_in_it(page: Any) -> None:
    # Nobody is signed in to the gallery: the search would lead to the sign-in page, as fast as it can.
    page.route("**/search/**", lambda route: route.fulfill(body=""))
    page.keyboard.press("/")
    with page.expect_response("**/search/**"):
        page.keyboard.type("xyz")
    page.wait_for_load_state("networkidle")
    assert page.locator("#palette-none").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#palette").is_visible()


def test_keys_are_silent_while_an_input_method_composes(page: Any) -> None:
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', isComposing: true, bubbles: true}))")
    assert selected(page) == "GD20261012083"
    page.evaluate("document.dispatchEvent(new KeyboardEvent('keydown', {key: 'j', bubbles: true}))")
    assert selected(page) == "TS20261008004"


def test_n_opens_the_new_dialog_and_escape_returns_the_focus(page: Any) -> None:
    page.locator("[data-action=new]").focus()
    page.keyboard.press("n")
    assert page.locator("#g-dialog").is_visible()
    page.keyboard.press("Escape")
    assert not page.locator("#g-dialog").is_visible()
    assert page.evaluate("document.activeElement.dataset.action") == "new"


def test_a_failed_block_says_what_and_when_and_can_be_tried_again(page: Any) -> None:
    block = page.locator("[data-block]")
    assert "该部分加载失败" in block.inner_text()
    with page.expect_request("**/*broken=1*"):
        block.locator("[data-retry]").click()
    page.wait_for_load_state("networkidle")
    assert block.locator("[data-retry]").is_visible()


def test_a_toast_offers_to_undo(page: Any) -> None:
    page.get_by_role("button", name="可撤销的提示").click()
    toast = page.locator(".toast")
    toast.wait_for()
    assert "已办结" in toast.inner_text()
    assert toast.get_by_role("button", name="撤销").is_visible()


def test_a_typed_confirmation_frees_the_button_only_when_it_is_right(page: Any) -> None:
    page.locator("details.dd", has_text="更多").locator("summary").click()
    page.get_by_role("button", name="删除", exact=True).click()
    submit = page.locator("#g-confirm [type=submit]")
    page.locator("#g-confirm-typed").fill("2026-1")
    assert submit.is_disabled()
    page.locator("#g-confirm-typed").fill("2026-10")
    assert submit.is_enabled()


def test_the_theme_changes_at_once_and_is_remembered(page: Any) -> None:
    page.locator(".top [data-theme-toggle]").click()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.reload()
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"


def test_a_phone_gets_a_drawer_and_no_sideways_scrolling(page: Any) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    page.locator("#nav").wait_for(state="hidden")
    page.locator("[data-drawer-toggle]").click()
    page.locator("#nav").wait_for(state="visible")
    assert page.locator("#main").evaluate("node => node.inert")
    page.keyboard.press("Escape")
    page.locator("#nav").wait_for(state="hidden")


@pytest.mark.skipif(not assets.vendor_url("echarts.min.js"), reason="ECharts was not fetched")
def test_charts_are_drawn_under_the_policy(page: Any) -> None:
    page.locator("[data-chart=radar] svg").wait_for()
    assert page.locator("[data-chart] svg").count() == 3


def test_without_the_library_the_tables_are_the_charts(page: Any) -> None:
    page.route("**/echarts.min.js", lambda route: route.abort())
    page.reload()
    page.locator("details.data[open]").first.wait_for()
    assert page.locator("details.data[open]").count() == 3
    assert not page.locator(".chartbox").first.is_visible()


@pytest.mark.skipif(not AXE.exists(), reason="axe-core was not fetched")
@pytest.mark.parametrize(
    ("theme", "language", "width"),
    [
        ("light", "zh-hans", 1440),
        ("dark", "en", 390),
        pytest.param("dark", "en", 1440, marks=pytest.mark.slow),
        pytest.param("dark", "zh-hans", 390, marks=pytest.mark.slow),
    ],
)
def test_the_gallery_has_no_accessibility_violation(
    chromium: Any, live_server: Any, settings: Any, theme: str, language: str, width: int
) -> None:
    settings.ROOT_URLCONF = "kernel.web.gallery_urls"
    # The checker is injected; only for that the policy is off here.
    context = chromium.new_context(viewport={"width": width, "height": 900}, bypass_csp=True)
    context.add_cookies(
        [
            {"name": "anxin-theme", "value": theme, "url": live_server.url},
            {"name": settings.LANGUAGE_COOKIE_NAME, "value": language, "url": live_server.url},
        ]
    )
    page = context.new_page()
    page.goto(f"{live_server.url}/ui/gallery/")
    page.evaluate(QUIET)
    assert page.evaluate("document.documentElement.dataset.theme") == theme
    page.add_script_tag(path=str(AXE))
    found = page.evaluate(
        "async () => (await axe.run(document, {resultTypes: ['violations']})).violations"
        ".map(v => v.id + ' ' + v.nodes[0].target)"
    )
    context.close()
    assert found == []
