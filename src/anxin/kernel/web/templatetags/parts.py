"""Tags of every page that render templates: tables, forms, errors, parts that wrap content, remembered parts.

Loaded as builtins like those of `ui`. The README of kernel/web lists them.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms, template
from django.forms.boundfield import BoundField
from django.template.base import FilterExpression, Node, NodeList, Parser, Token, token_kwargs
from django.template.loader import render_to_string
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext

from anxin.kernel import sources
from anxin.kernel.web import assets, errors
from anxin.kernel.web.templatetags.ui import icon, url_with

register = template.Library()


@register.filter
def source_name(code: object) -> str:
    """What a source system is called: {{ batch.source|source_name }}."""
    return sources.name(str(code)) if code else ""


# --- tables ---


@register.simple_tag(takes_context=True)
def table_head(
    context: template.Context, columns: Sequence[Any], sort: str = "", target: str = "", selectable: bool = False
) -> SafeString:
    """<thead> from kernel.web.tables columns; heads that sort are links, swapped into `target` by htmx if given."""
    heads = [_select_all()] if selectable else []
    heads += [_head(context, column, sort, target) for column in columns]
    return format_html("<thead><tr>{}</tr></thead>", format_html_join("", "{}", ((head,) for head in heads)))


def _select_all() -> SafeString:
    return format_html(
        '<th class="ck" scope="col"><input type="checkbox" aria-label="{}"></th>',
        gettext("Select all rows of this page"),
    )


def _head(context: template.Context, column: Any, sort: str, target: str) -> SafeString:
    state, label = "", column.label
    if column.kind == "actions":
        label = format_html('<span class="sr">{}</span>', label)
    if column.sort:
        if sort in (column.sort, f"-{column.sort}"):
            state = "descending" if sort.startswith("-") else "ascending"
        address = url_with(context, sort=f"-{column.sort}" if sort == column.sort else column.sort)
        swap = format_html(' hx-get="{}" hx-target="{}" hx-push-url="true"', address, target) if target else ""
        symbol = {"descending": "arrow-down", "ascending": "arrow-up"}.get(state, "arrows-sort")
        label = format_html('<a href="{}"{}>{}{}</a>', address, swap, label, icon(symbol))
    return format_html(
        '<th scope="col" class="{}"{}{}>{}</th>',
        column.css,
        format_html(' aria-sort="{}"', state) if state else "",
        format_html(' title="{}"', column.hint) if column.hint else "",
        label,
    )


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


# --- parts that need not be rendered anew ---

_MOST_REMEMBERED = 1_000
_remembered: dict[tuple[object, ...], SafeString] = {}
assets.when_forgotten(_remembered.clear)


# Where the name of the thing stood that a remembered part was made for; no page holds such a sign.
_ITS_NAME = "\0"
_NAME = re.compile(r"[0-9A-Za-z][0-9A-Za-z-]{5,}")


class _Memo(Node):
    def __init__(self, content: NodeList, values: Sequence[FilterExpression], name: FilterExpression | None) -> None:
        self.content = content
        self.values = values
        self.name = name

    def render(self, context: template.Context) -> SafeString:
        if self.name is None:
            return self._remembered(context, "")
        name = str(self.name.resolve(context))
        # Long enough not to stand in a word by chance, and the same in text and in an address.
        if not _NAME.fullmatch(name):
            return SafeString(self.content.render(context))
        return SafeString(self._remembered(context, name).replace(_ITS_NAME, name))

    def _remembered(self, context: template.Context, name: str) -> SafeString:
        values = [value.resolve(context) for value in self.values]
        if any(value is None for value in values):
            return SafeString(self.content.render(context))
        # By the node itself, so that two places with equal values never meet.
        key = (self, get_language(), *map(_plain, values))
        found = _remembered.get(key)
        if found is None:
            found = self.content.render(context)
            if name:
                found = SafeString(found.replace(name, _ITS_NAME))
            if len(_remembered) >= _MOST_REMEMBERED:
                _remembered.clear()
            _remembered[key] = found
        return found


def _plain(value: object) -> object:
    """A key of its own: what is lazy would keep the whole request alive."""
    kind = type(value)
    if kind is str or kind is int or kind is bool:
        return value
    return tuple(map(_plain, value)) if isinstance(value, tuple) else str(value)


@register.tag
def memo(parser: Parser, token: Token) -> _Memo:
    """{% memo look.nav navigation_key %}…{% endmemo %}: the content, rendered once for each language and these values.

    The content must depend on nothing else: not on the person, the token against forged requests, the time. A value is
    text, a number, or a tuple of these; with None nothing is remembered. Kept by this process only.

    {% memo for file.ref permissions_key %}: the content is of one thing, and the same for any other but for its
    reference, which is put in anew.
    """
    _name, *bits = token.split_contents()
    content = parser.parse(("endmemo",))
    parser.delete_first_token()
    name = None
    if bits[:1] == ["for"]:
        if len(bits) < 2:
            raise template.TemplateSyntaxError("{% memo for %} takes a reference.")
        name, bits = parser.compile_filter(bits[1]), bits[2:]
    return _Memo(content, [parser.compile_filter(bit) for bit in bits], name)
