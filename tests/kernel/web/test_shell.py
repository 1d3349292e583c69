"""Headers, navigation, tags and the rules that every template must keep."""

from __future__ import annotations

import gzip
import json
import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import django_htmx
import pytest
from django import forms
from django.http import HttpRequest, HttpResponse, QueryDict
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import translation

from anxin.kernel import clock
from anxin.kernel.web import answers, assets, csp, gallery, navigation, shell, words
from anxin.kernel.web.navigation import Badge, NavItem
from anxin.kernel.web.tables import Column, Page

ROOT = Path(__file__).resolve().parents[3]
WEB = ROOT / "src/anxin/kernel/web"
NOW = datetime(2026, 10, 12, 6, 32, tzinfo=UTC)


class Viewer:
    """Somebody with a few permissions."""

    display_name = "林晓雯"

    def __init__(self, *codes: str) -> None:
        self.codes = codes

    def may(self, code: str) -> bool:
        return code in self.codes


def asked(path: str = "/", **query: str) -> HttpRequest:
    return RequestFactory().get(path, query)


def render(source: str, language: str = "zh-hans", **context: Any) -> str:
    with translation.override(language):
        return Template(source).render(Context(context))


@pytest.fixture
def rail(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_items", {})
    navigation.register(
        NavItem(code="later", label="Later", icon="x", url_name="set_language", group="service", order=2),
        NavItem(
            code="first", label="First", icon="x", url_name="health", group="service", order=1, permission="a", key="f"
        ),
        NavItem(code="system", label="System", icon="x", url_name="health", group="system", permission="b"),
        NavItem(code="gone", label="Gone", icon="x", url_name="no-such-room:list", group="service"),
    )


# --- headers ---


def test_a_page_has_a_nonce_of_its_own_and_a_policy_without_unsafe_words() -> None:
    seen: list[str] = []

    def view(request: HttpRequest) -> HttpResponse:
        seen.append(request.csp_nonce)  # type: ignore[attr-defined]
        return HttpResponse()

    middleware = csp.ContentSecurityPolicy(view)
    first, second = middleware(asked()), middleware(asked())
    assert f"'nonce-{seen[0]}'" in first["Content-Security-Policy"]
    assert seen[0] != seen[1]
    assert "unsafe" not in second["Content-Security-Policy"]
    assert second["Cross-Origin-Opener-Policy"] == "same-origin"
    assert "camera=()" in second["Permissions-Policy"]


def test_what_was_seen_signed_in_is_never_stored() -> None:
    class Session(dict[str, str]):
        session_key = "k"

    request = asked()
    request.session = Session(_auth_user_id="1")  # type: ignore[assignment]
    middleware = csp.ContentSecurityPolicy(lambda request: HttpResponse())
    assert middleware(request)["Cache-Control"] == "no-store"
    request.session = Session()  # type: ignore[assignment]
    assert "Cache-Control" not in middleware(request)


def test_an_answer_to_a_token_is_never_stored() -> None:
    request = RequestFactory().get("/api/v1/x", headers={"Authorization": "Bearer x"})
    assert csp.ContentSecurityPolicy(lambda request: HttpResponse())(request)["Cache-Control"] == "no-store"


def test_a_response_keeps_a_header_it_brings() -> None:
    answer = csp.ContentSecurityPolicy(lambda request: HttpResponse(headers={"Permissions-Policy": "camera=(self)"}))
    assert answer(asked())["Permissions-Policy"] == "camera=(self)"


# --- navigation ---


@pytest.mark.usefixtures("rail")
def test_the_rail_shows_what_the_actor_may_in_order() -> None:
    groups = navigation.items_for(Viewer("a"))
    assert [(group.code, [entry.code for entry in group.entries]) for group in groups] == [
        ("service", ["first", "later"])
    ]
    assert [group.code for group in navigation.items_for(Viewer("b"))] == ["service", "system"]


@pytest.mark.usefixtures("rail")
@pytest.mark.parametrize(
    ("change", "words_in_error"),
    [({"code": "first"}, "registered twice"), ({"key": "f"}, "both want the key"), ({"group": "cellar"}, "not one of")],
)
def test_a_wrong_entry_fails_at_once(change: dict[str, str], words_in_error: str) -> None:
    fields = {"code": "new", "label": "New", "icon": "x", "url_name": "health", "group": "service"} | change
    with pytest.raises(ValueError, match=words_in_error):
        navigation.register(NavItem(**fields))  # type: ignore[arg-type]


@pytest.mark.usefixtures("rail")
def test_a_badge_counts_and_nothing_shows_for_zero() -> None:
    def register(code: str, badge: Badge | int | None) -> None:
        navigation.register(
            NavItem(code=code, label="B", icon="x", url_name="health", group="book", badge=lambda actor: badge)
        )

    register("hot", Badge(count=120, is_hot=True))
    register("zero", 0)
    register("plain", 7)
    entries = {entry.code: entry.badge for entry in navigation.items_for(Viewer())[1].entries}
    assert entries["zero"] is None
    assert entries["hot"] is not None and entries["hot"].text == "99+"
    assert entries["plain"] == Badge(count=7)


# --- preferences ---


def test_the_look_comes_from_the_user_then_the_cookie_and_ignores_nonsense(monkeypatch: pytest.MonkeyPatch) -> None:
    request = asked()
    request.COOKIES = {"anxin-theme": "dark", "anxin-density": '"><script>', "anxin-shortcuts": "off"}
    assert shell.look_of(request) == shell.Look(theme="dark", shortcuts="off")
    monkeypatch.setattr(shell, "_plugs", {"load_look": lambda request: {"theme": "light"}})
    request.actor = Viewer()  # type: ignore[attr-defined]
    assert shell.look_of(request) == shell.Look(theme="light", shortcuts="off")


def test_a_preference_is_saved_once_and_nonsense_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    saved: list[tuple[str, str]] = []
    monkeypatch.setattr(shell, "_plugs", {"save_look": lambda request, name, value: saved.append((name, value))})

    def post(body: str) -> HttpResponse:
        request = RequestFactory().post("/ui/preferences/")
        request.POST = QueryDict(body)  # type: ignore[assignment]
        request.actor = Viewer()  # type: ignore[attr-defined]
        return shell.save_preference(request)

    assert post("theme=dark").cookies["anxin-theme"].value == "dark"
    assert saved == [("theme", "dark")]
    assert post("theme=pink").status_code == 400
    assert post("").status_code == 400
    assert len(saved) == 1


def test_the_shell_refuses_a_plug_without_a_place() -> None:
    with pytest.raises(ValueError, match="serach_url_name"):
        shell.plug(serach_url_name="x")


# --- words ---


@pytest.mark.parametrize(
    ("seconds", "chinese", "english"),
    [
        (47 * 60 + 59, "47 分", "47m"),
        (3 * 3600 + 5 * 60, "3 时 05 分", "3h 05m"),
        (6 * 3600, "6 时", "6h"),
        (28 * 3600 + 600, "1 天 4 时", "1d 4h"),
        (86400, "1 天", "1d"),
        (-(2 * 3600 + 18 * 60), "超 2 时 18 分", "2h 18m over"),
        (0, "0 分", "0m"),
    ],
)
def test_a_span_is_written_in_both_languages(seconds: int, chinese: str, english: str) -> None:
    with translation.override("zh-hans"):
        assert words.left(seconds) == chinese
    with translation.override("en"):
        assert words.left(seconds) == english


def test_a_moment_names_the_year_only_when_it_is_another() -> None:
    assert words.moment(NOW, "zh-hans", now=NOW) == "10-12 14:32"
    assert words.moment(NOW, "en", now=NOW, weekday=True) == "Mon 12 Oct 14:32"
    # Seen from Shanghai the new year has begun although it has not in UTC.
    assert words.moment(NOW, "zh-hans", now=datetime(2026, 12, 31, 16, 30, tzinfo=UTC)) == "2026-10-12 14:32"
    with pytest.raises(ValueError, match="time zone"):
        words.moment(datetime(2026, 1, 1), "zh", now=NOW)


def test_a_day_is_a_day_of_shanghai() -> None:
    assert words.day(date(2026, 10, 12), "zh-hans", weekday=True) == "2026-10-12 周一"
    assert words.day(date(2026, 10, 2), "en") == "2 Oct 2026"
    assert words.day(datetime(2026, 10, 12, 17, 0, tzinfo=UTC), "zh-hans") == "2026-10-13"


def test_figures_have_a_real_minus_and_never_minus_zero() -> None:
    assert words.figure(-1234567.4, 1) == "−1,234,567.4"
    assert words.figure(-0.01, 1) == "0.0"
    assert words.rate(0.926) == "92.6%"
    assert words.figure(None) == "—"
    with translation.override("zh-hans"):
        assert (words.points(0.004), words.points(-0.012), words.points(0)) == (
            "+0.4 个百分点",
            "−1.2 个百分点",
            "0.0 个百分点",
        )


# --- tags ---


def test_money_and_nothing_are_told_apart() -> None:
    assert render("{% money 0 %} {% money None %} {% money fen 'short' %}", fen=48_600_000_000) == "¥0.00 — ¥4.86 亿"
    assert render("{{ nothing|dash }} {{ zero|dash }}", nothing="", zero=0) == "— 0"


def test_tags_escape_what_people_wrote() -> None:
    evil = '"><img src=x>'
    source = (
        "{% tag evil evil %}{% tier evil %}{% grade evil %}{% avatar evil %}{% sla due total_seconds=9 name=evil %}"
        "{% masked evil reveal_url=evil label=evil %}{% bar 1 label=evil %}{% card title=evil sub=evil %}x{% endcard %}"
        "{% confirm id='c' title=evil url=evil button=evil must_equal=evil %}{% endconfirm %}{% url_with q=evil %}"
    )
    assert "<img" not in render(source, evil=evil, due=NOW, request=asked())


@pytest.mark.parametrize(("hours", "level"), [(11, "ok"), (5, "warn"), (1, "danger"), (-1, "over")])
def test_a_promise_shows_its_level_and_always_a_text(hours: int, level: str) -> None:
    with clock.frozen(NOW):
        html = render("{% sla due total_seconds=43200 name='GD1' %}", due=NOW + timedelta(hours=hours))
    assert f'class="sla {level} "' in html
    assert f"<b>{'超 ' if hours < 0 else ''}{abs(hours)} 时</b>" in html
    assert f'data-due="{(NOW + timedelta(hours=hours)).isoformat()}"' in html


def test_a_promise_on_the_working_calendar_does_not_tick() -> None:
    assert "data-due" not in render("{% sla due seconds_left=3600 total_seconds=7200 %}", due=NOW)


def test_state_in_the_address_is_changed_one_part_at_a_time() -> None:
    request = asked("/x", sort="due", q="王", cursor="abc")
    request.GET = QueryDict("sort=due&tier=gold&tier=diamond&cursor=abc")  # type: ignore[assignment]
    assert render("{% url_with sort='-due' %}", request=request) == "?sort=-due&amp;tier=gold&amp;tier=diamond"
    assert render("{% url_without 'tier' 'gold' %}", request=request) == "?sort=due&amp;tier=diamond"
    assert render("{% url_without 'tier' %}", request=request) == "?sort=due"


def test_a_sorted_head_tells_its_direction_and_offers_the_other() -> None:
    columns = [Column(code="due", label="Due", sort="due"), Column(code="fen", label="Fen", kind="money")]
    html = render("{% table_head columns sort='due' selectable=True %}", columns=columns, request=asked())
    assert 'aria-sort="ascending"' in html and 'href="?sort=-due"' in html
    assert 'class="r"' in html and html.count("<a ") == 1


def test_the_pager_counts_and_offers_only_what_exists() -> None:
    page: Page[int] = Page(rows=[1, 2], start=51, next_cursor="n:x", total=1286, is_total_estimate=True)
    html = render("{% pager page %}", page=page, request=asked("/", q="a"))
    assert "51–52 / ≈ 1,286" in html
    assert 'rel="next"' in html and 'rel="prev"' not in html and "?q=a&amp;cursor=n%3Ax" in html


def test_a_field_ties_label_hint_and_error_together() -> None:
    form = gallery.SampleForm({"phone": "1", "unit": "sh"})
    form.fields["phone"].help_text = "11 digits"
    html = render("{% field form.phone %}", form=form)
    assert 'aria-describedby="id_phone_helptext id_phone_error"' in html and 'aria-invalid="true"' in html
    assert 'id="id_phone_helptext"' in html and 'id="id_phone_error"' in html and 'for="id_phone"' in html


def test_a_date_field_is_text_with_a_calendar_button() -> None:
    html = render("{% field form.due %}", form=gallery.SampleForm())
    assert 'type="text"' in html and 'placeholder="YYYY-MM-DD"' in html and "data-date-open" in html


def test_more_than_three_errors_are_listed_above_the_form() -> None:
    class Long(forms.Form):
        a, b, c, d = (forms.CharField() for _ in range(4))

    assert render("{% error_summary form %}", form=Long({})).count("<li>") == 4
    assert "<li>" not in render("{% error_summary form %}", form=Long({"a": "1"}))


def test_a_masked_value_without_permission_never_looks_empty() -> None:
    assert "无查看权限" in render("{% masked None %}")
    assert "—" in render("{% masked '' %}")


def test_an_icon_is_nothing_when_the_sprite_was_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(assets, "vendor_url", lambda name: "")
    assert render("{% icon 'clock' %}{% vendor 'echarts.min.js' %}") == ""


def test_toasts_add_up_and_speak_chinese() -> None:
    response = answers.close_dialog(answers.toast(HttpResponse(), "已保存", undo_url="/undo/"))
    assert json.loads(response["HX-Trigger"]) == {
        "toast": {"text": "已保存", "level": "ok", "undo": "/undo/"},
        "dialog-close": {},
    }
    assert response["HX-Trigger"].isascii()


# --- error pages ---


def test_an_unknown_address_is_answered_with_its_number_and_a_way_out(client: Client, db: None) -> None:
    response = client.get("/no/such/page/")
    page = response.content.decode()
    assert response.status_code == 404
    assert "页面不存在" in page and response["X-Request-ID"] in page and 'href="/"' in page


@pytest.mark.parametrize("name", ["ui/outage.html", "403_csrf.html"])
def test_pages_of_an_outage_need_no_request(name: str) -> None:
    from django.template.loader import render_to_string

    assert "<h1>" in render_to_string(name)


# --- rules of all templates ---


# A file that people download and open without us: our policy does not reach it, and it may fetch nothing.
DOWNLOADED = {"archive.html"}


def templates() -> list[Path]:
    return sorted(path for path in (ROOT / "src").rglob("*.html") if "templates" in path.parts)


def test_no_template_carries_what_the_policy_refuses() -> None:
    found = []
    for path in templates():
        text = re.sub(r"{#.*?#}|{% comment %}.*?{% endcomment %}", "", path.read_text(encoding="utf-8"), flags=re.S)
        if path.name in DOWNLOADED:
            assert not re.search(r"<(script|link|img|iframe)|@import|url\(", text)
            continue
        if re.search(r"""\sstyle\s*=\s*["']|\son[a-z]+\s*=\s*["']|javascript:|hx-on|hx-vals=["']js:""", text):
            found.append(path.name)
        if re.search(r"<(script|style)(?![^>]*(nonce=|\ssrc=|application/json))", text):
            found.append(path.name)
    assert found == []


def test_every_icon_is_on_the_list_of_icons_to_fetch() -> None:
    listed = set((ROOT / "icons.txt").read_text(encoding="utf-8").split())
    used: dict[str, str] = {}
    for path in templates():
        text = path.read_text(encoding="utf-8")
        for name in re.findall(r"""{% icon ["']([\w-]+)["']|symbol=["']([\w-]+)["']""", text):
            used[name[0] or name[1]] = path.name
    for path in (ROOT / "src").rglob("*.py"):
        for name in re.findall(r"""\bicon=["']([\w-]+)["']""", path.read_text(encoding="utf-8")):
            used[name] = path.name
    assert {name: where for name, where in used.items() if name not in listed} == {}


def test_what_every_page_loads_stays_light() -> None:
    """Style, script, htmx and icons: at most 60 KB on the wire, gzip."""
    htmx = Path(django_htmx.__file__).parent / "static/django_htmx/htmx-2.min.js"
    files = [WEB / "static/anxin/app.css", WEB / "static/anxin/app.js", htmx]
    if (sprite := WEB / "static/vendor/icons.svg").exists():
        files.append(sprite)
    assert sum(len(gzip.compress(path.read_bytes(), 6)) for path in files) <= 60 * 1024


def test_the_style_keeps_to_the_browsers_promised() -> None:
    style = re.sub(r"/\*.*?\*/", "", (WEB / "static/anxin/app.css").read_text(encoding="utf-8"), flags=re.S)
    assert not re.search(r"color-mix\(|light-dark\(|popover|anchor\(|^\s*&", style, flags=re.M)
