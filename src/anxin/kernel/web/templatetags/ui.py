"""Tags of every page; loaded as builtins, so templates need no {% load %}. The README of kernel/web lists them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any, Final

from django import forms, template
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from anxin.kernel import clock, money
from anxin.kernel.web import assets, errors, words

register = template.Library()

# Shipped tiers: badge colour, icon, word. Other codes show as a plain badge with their own label.
TIERS: Final = {
    "supreme": ("sup", "award", _("Supreme")),
    "diamond": ("dia", "diamond", _("Diamond")),
    "platinum": ("plat", "crown", _("Platinum")),
    "gold": ("gold", "medal", _("Gold")),
    "standard": ("std", "", _("Standard")),
}


def _language() -> str:
    return get_language() or "zh-hans"


def _params(context: template.Context) -> QueryDict | None:
    request = context.get("request")
    return request.GET.copy() if request is not None else None


# --- icons and vendor files ---


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """A decorative icon next to text: {% icon "clock" "s14" %}. Nothing when the sprite was not fetched."""
    sprite = assets.vendor_url("icons.svg")
    if not sprite or not name:
        return mark_safe("")
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
    """Badge of a customer tier: {% tier "diamond" %}. `label` for tiers a site defined itself."""
    if not code:
        return ""
    css, symbol, name = TIERS.get(code, ("", "", code))
    text = label or name
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
    used = 100 if left < 0 else max(0, min(100, 100 - left * 100 // total_seconds)) if total_seconds else 0
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
    params = _params(context)
    if params is None:
        return "?"
    params.pop("cursor", None)
    for name, value in changes.items():
        if value is None or value == "":
            params.pop(name, None)
        elif isinstance(value, list | tuple):
            params.setlist(name, [str(one) for one in value])
        else:
            params[name] = str(value)
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def url_without(context: template.Context, name: str, value: object = None) -> str:
    """This page's address without one parameter, or without one value of it: closing a filter chip."""
    params = _params(context)
    if params is None:
        return "?"
    params.pop("cursor", None)
    rest = [] if value is None else [one for one in params.getlist(name) if one != str(value)]
    params.pop(name, None)
    if rest:
        params.setlist(name, rest)
    return "?" + params.urlencode()


@register.simple_tag(takes_context=True)
def current_entry(context: template.Context) -> str:
    """Code of the rail entry this page belongs to: `nav` of the context, else the longest address that begins it."""
    if nav := context.get("nav"):
        return str(nav)
    request = context.get("request")
    best = ("", "")
    for group in context.get("navigation") or []:
        for entry in group.entries:
            if request is not None and request.path.startswith(entry.url) and len(entry.url) > len(best[0]):
                best = (entry.url, entry.code)
    return best[1]


# --- tables ---


@register.inclusion_tag("ui/parts/table_head.html", takes_context=True)
def table_head(
    context: template.Context, columns: Sequence[Any], sort: str = "", target: str = "", selectable: bool = False
) -> dict[str, Any]:
    """<thead> from kernel.web.tables columns; heads that sort are links, swapped into `target` by htmx if given."""
    heads = []
    for column in columns:
        state, link = "", ""
        if column.sort:
            if sort in (column.sort, f"-{column.sort}"):
                state = "descending" if sort.startswith("-") else "ascending"
            wanted = f"-{column.sort}" if sort == column.sort else column.sort
            link = url_with(context, sort=wanted)
        heads.append({"column": column, "state": state, "link": link})
    return {"heads": heads, "target": target, "selectable": selectable}


@register.inclusion_tag("ui/parts/pager.html", takes_context=True)
def pager(context: template.Context, page: Any, target: str = "") -> dict[str, Any]:
    """First row – last row / total, previous, next."""

    def turned(cursor: str) -> str:
        return url_with(context, cursor=cursor) if cursor else ""

    return {"page": page, "previous": turned(page.previous_cursor), "next": turned(page.next_cursor), "target": target}


# --- forms ---


def _tell(widget: forms.Widget) -> str:
    if isinstance(widget, forms.CheckboxInput):
        return "check"
    if isinstance(widget, forms.RadioSelect | forms.CheckboxSelectMultiple):
        return "choices"
    if isinstance(widget, forms.DateInput):
        return "date"
    if isinstance(widget, forms.PasswordInput):
        return "password"
    return "plain"


@register.simple_tag
def field(bound: BoundField, css: str = "", **attrs: object) -> SafeString:
    """Label, control, hint and error of one form field, tied together for screen readers.

    {% field form.phone %}, {% field form.reason "full" rows=3 placeholder=_("…") %}; `_` in a name becomes `-`.
    """
    widget = bound.field.widget
    kind = _tell(widget)
    given: dict[str, Any] = {name.replace("_", "-"): value for name, value in attrs.items()}
    if kind in {"plain", "date", "password"} and not bound.is_hidden:
        known = str(widget.attrs.get("class", ""))
        given["class"] = " ".join(dict.fromkeys(["in", *known.split(), *str(given.get("class", "")).split()]))
    if kind == "date":
        # The browser would show a native date field in its own language, not in the page's.
        given |= {"type": "text", "inputmode": "numeric", "placeholder": "YYYY-MM-DD", "autocomplete": "off"}
    described = [f"{bound.auto_id}_helptext"] if bound.help_text else []
    described += [f"{bound.auto_id}_error"] if bound.errors else []
    if described:
        given["aria-describedby"] = " ".join(described)
    if bound.is_hidden:
        return bound.as_widget(attrs=given)
    return mark_safe(  # noqa: S308 - rendered by the template engine, which escapes
        render_to_string(
            "ui/parts/field.html", {"field": bound, "control": bound.as_widget(attrs=given), "kind": kind, "css": css}
        )
    )


@register.inclusion_tag("ui/parts/error_summary.html")
def error_summary(form: forms.BaseForm) -> dict[str, object]:
    """Above a form: errors of the whole form always, and a list of all when there are more than three."""
    return {
        "form": form,
        "bad": [bound for bound in form if bound.errors and not bound.is_hidden],
        "hidden": [error for bound in form.hidden_fields() for error in bound.errors],
    }


# --- errors ---


@register.simple_tag
def error_heading(status: int) -> str:
    return errors.heading(int(status or 500))


@register.simple_tag
def error_explanation(status: int) -> str:
    return errors.explanation(int(status or 500))


# --- components that wrap content ---


class _Wrapping(Node):
    def __init__(self, name: str, content: NodeList, values: Mapping[str, FilterExpression]) -> None:
        self.name = name
        self.content = content
        self.values = values

    def render(self, context: template.Context) -> SafeString:
        values = {name: value.resolve(context) for name, value in self.values.items()}
        with context.push(**values, content=self.content.render(context)):
            engine = context.template.engine if context.template is not None else None
            if engine is None:
                raise template.TemplateSyntaxError(f"{self.name} needs a template engine.")
            return engine.get_template(f"ui/parts/{self.name}.html").render(context)


def _wrapping(parser: Parser, token: Token) -> _Wrapping:
    name, *bits = token.split_contents()
    values = token_kwargs(bits, parser)
    if bits:
        raise template.TemplateSyntaxError(f"{{% {name} %}} takes only name=value, not {bits[0]!r}.")
    content = parser.parse((f"end{name}",))
    parser.delete_first_token()
    return _Wrapping(name, content, values)


for _name in ("card", "dialog", "timeline_item", "empty_state", "menu", "confirm", "chart"):
    register.tag(_name, _wrapping)
