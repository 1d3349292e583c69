"""Tags of every page; loaded as builtins, so templates need no {% load %}. The README of kernel/web lists them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from typing import Final
from urllib.parse import urlencode

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from anxin.kernel import clock, money, tiers
from anxin.kernel.series import listed as listed_in_words
from anxin.kernel.web import assets, words

register = template.Library()

# Badge colour and icon of the shipped tiers; those a site added show as a plain badge.
TIERS: Final = {
    "supreme": ("sup", "award"),
    "diamond": ("dia", "diamond"),
    "platinum": ("plat", "crown"),
    "gold": ("gold", "medal"),
    "standard": ("std", ""),
}
LEAST_BAR: Final = 6


def _language() -> str:
    return get_language() or "zh-hans"


def _lists(context: template.Context) -> dict[str, list[str]] | None:
    """The parameters of this page's address without the place in its list."""
    request = context.get("request")
    if request is None:
        return None
    return {name: [str(value) for value in values] for name, values in request.GET.lists() if name != "cursor"}


def _query(params: Mapping[str, Sequence[str]]) -> str:
    return "?" + urlencode([(name, value) for name, values in params.items() for value in values])


# --- icons and vendor files ---


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A decorative icon next to text: {% icon "clock" "s14" %}. Nothing when the sprite was not fetched."""
    sprite = assets.vendor_url("icons.svg")
    return _icon(sprite, name, css) if sprite and name else mark_safe("")


@lru_cache(maxsize=512)
def _icon(sprite: str, name: str, css: str) -> SafeString:
    return format_html('<svg class="i {}" aria-hidden="true"><use href="{}#i-{}"/></svg>', css, sprite, name)


@register.simple_tag
def vendor(name: str) -> str:
    """Address of a fetched file, or nothing."""
    return assets.vendor_url(name)


# --- words and figures ---


@register.simple_tag(name="money")
def money_tag(fen: int | None, style: str = "full", currency: str = "CNY") -> str:
    """{% money policy.premium_fen %} or {% money total "short" %}; — for nothing."""
    if fen is None:
        return words.EMPTY
    return money.format_money(fen, _language(), "short" if style == "short" else "full", currency=currency)


@register.simple_tag
def day(value: date | None, weekday: bool = False) -> SafeString | str:
    """A date inside <time>; — for nothing."""
    if not value:
        return words.EMPTY
    plain = words.day(value, "zh")
    return format_html('<time datetime="{}">{}</time>', plain, words.day(value, _language(), weekday=weekday))


@register.simple_tag
def moment(value: datetime | None, weekday: bool = False) -> SafeString | str:
    """A point of time inside <time>, its full form as title; — for nothing."""
    if not value:
        return words.EMPTY
    local = value.astimezone(words.ZONE)
    return format_html(
        '<time datetime="{}" title="{}">{}</time>',
        local.isoformat(timespec="seconds"),
        f"{local:%Y-%m-%d %H:%M:%S}",
        words.moment(value, _language(), now=clock.now(), weekday=weekday),
    )


@register.filter
def figure(value: float | None, digits: int = 0) -> str:
    return words.figure(value, int(digits))


@register.filter
def rate(value: float | None, digits: int = 1) -> str:
    """0.926 → 92.6%"""
    return words.rate(value, int(digits))


@register.filter
def points(value: float | None, digits: int = 1) -> str:
    """0.004 → +0.4 个百分点"""
    return words.points(value, int(digits))


@register.filter
def span(seconds: int | None) -> str:
    """Seconds → 3 时 05 分"""
    return words.EMPTY if seconds is None else words.span(int(seconds))


@register.filter
def listed(parts: Iterable[object]) -> str:
    """["证件", "地址"] → 证件、地址"""
    return listed_in_words(parts)


@register.simple_tag
def comma() -> str:
    """Between things in a row that are more than text: 、 or a comma with a space."""
    return listed_in_words(("", ""))


@register.filter
def dash(value: object) -> object:
    """— instead of nothing; zero is something."""
    return words.EMPTY if value is None or value == "" else value


@register.simple_tag
def denied() -> SafeString:
    """A field this actor may not see. Never looks like an empty one."""
    return format_html('<em class="denied">{}</em>', gettext("No permission to view"))


# --- small components ---


@register.simple_tag
def tag(text: object, level: str = "", dot: bool = True) -> SafeString:
    """Status: colour, dot and text. level: ok warn danger info vio brand, or nothing for neutral."""
    return format_html('<span class="tag {}{}">{}</span>', level, " dot" if dot else "", text)


@register.simple_tag
def tier(code: str | None, label: object = "") -> SafeString | str:
    """Badge of a customer tier: {% tier "diamond" %}. `label` when another name than today's is meant."""
    if not code:
        return ""
    css, symbol = TIERS.get(code, ("", ""))
    text = label or tiers.name(code)
    return format_html('<span class="tier {}" title="{}">{}{}</span>', css, text, icon(symbol) if symbol else "", text)


@register.simple_tag
def grade(code: str | None) -> SafeString | str:
    """Grade AAA … D; the letter is always printed."""
    return format_html('<span class="grade g-{0}">{0}</span>', code) if code else words.EMPTY


@register.simple_tag
def sla(
    due: datetime | None, seconds_left: int | None = None, total_seconds: int = 0, name: object = "", css: str = ""
) -> SafeString:
    """Bar of a promise. Without `seconds_left` it runs on the wall clock and ticks in the browser.

    With `seconds_left` (counted on the working calendar by the server) it stands still until the page is asked again.
    Paused or without a due time: a grey bar with —.
    """
    if due is None and seconds_left is None:
        return format_html(
            '<span class="sla idle {}"><progress class="bar" max="100" value="0" aria-hidden="true"></progress>'
            "<b>{}</b></span>",
            css,
            words.EMPTY,
        )
    ticking = seconds_left is None and due is not None
    if due is not None and seconds_left is None:
        seconds_left = int((due - clock.now()).total_seconds())
    left = seconds_left or 0
    # Never quite empty: an empty bar says that there is nothing to wait for.
    used = 100 if left < 0 else max(LEAST_BAR, min(100, 100 - left * 100 // total_seconds)) if total_seconds else 0
    level = "over" if left < 0 else "ok"
    if total_seconds and left >= 0:
        level = "danger" if left * 5 < total_seconds else "warn" if left * 2 < total_seconds else "ok"
    data = (
        format_html(
            ' data-due="{}" data-total="{}" data-level="{}" data-name="{}"',
            due.isoformat(),
            total_seconds,
            level,
            name,
        )
        if ticking and due is not None
        else ""
    )
    title = f"{due.astimezone(words.ZONE):%Y-%m-%d %H:%M}" if due else ""
    return format_html(
        '<span class="sla {} {}"{} title="{}"><progress class="bar" max="100" value="{}" aria-hidden="true"></progress>'
        "<b>{}</b></span>",
        level,
        css,
        data,
        title,
        used,
        words.left(left),
    )


@register.simple_tag
def bar(value: float, largest: float = 100, level: str = "", label: object = "") -> SafeString:
    """A bar with its own accessible name; the figure must stand next to it in text."""
    return format_html(
        '<progress class="{}" max="{}" value="{}" aria-label="{}"></progress>', level, largest, value, label
    )


@register.simple_tag
def spark(values: Sequence[float] | None, colour: str = "c1") -> SafeString | str:
    """A small line in a KPI card; decoration, the figure stands beside it."""
    if not values or len(values) < 2:
        return ""
    low, high = min(values), max(values)
    room = (high - low) or 1
    last = len(values) - 1
    line = " ".join(f"{2 + i * 60 / last:.1f},{21 - (v - low) / room * 18:.1f}" for i, v in enumerate(values))
    return format_html(
        '<svg class="spark" viewBox="0 0 64 24" aria-hidden="true"><polyline fill="none" stroke="var(--{})" '
        'stroke-width="1.75" stroke-linejoin="round" stroke-linecap="round" points="{}"/></svg>',
        colour,
        line,
    )


@register.simple_tag
def avatar(name: object, css: str = "") -> SafeString:
    return format_html('<span class="av {}" aria-hidden="true">{}</span>', css, str(name)[:1] or "·")


@register.inclusion_tag("ui/parts/masked.html")
def masked(value: object, reveal_url: str = "", label: object = "") -> dict[str, object]:
    """A value the server has masked already. `reveal_url` answers GET with a dialog that asks for the reason."""
    return {"value": value, "reveal_url": reveal_url, "label": label}


@register.simple_tag(takes_context=True)
def url_with(context: template.Context, **changes: object) -> str:
    """This page's address with parameters changed; None or "" removes one. Always back to the first page."""
    params = _lists(context)
    if params is None:
        return "?"
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        else:
            params[name] = [str(one) for one in value] if isinstance(value, list | tuple) else [str(value)]
    return _query(params)


@register.simple_tag(takes_context=True)
def url_without(context: template.Context, name: str, value: object = None) -> str:
    """This page's address without one parameter, or without one value of it: closing a filter chip."""
    params = _lists(context)
    if params is None:
        return "?"
    rest = [one for one in params.pop(name, []) if value is not None and one != str(value)]
    if rest:
        params[name] = rest
    return _query(params)


@register.simple_tag(takes_context=True)
def current_entry(context: template.Context) -> str:
    """Code of the rail entry this page belongs to: `nav` of the context, else the longest address that begins it."""
    if nav := context.get("nav"):
        return str(nav)
    request = context.get("request")
    best = ("", "")
    for group in context.get("navigation") or []:
        for entry in group.entries:
            if request is None or len(entry.url) <= len(best[0]) or not request.path.startswith(entry.url):
                continue
            # Every address begins with that of the start page: pages without an entry would stand under it.
            if entry.url != "/" or request.path.startswith(("/work/", "/search/")) or request.path == "/":
                best = (entry.url, entry.code)
    return best[1]
