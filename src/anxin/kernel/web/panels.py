"""Panels of the customer page. The room that owns one registers it; the page asks for its address, not for the room.

Every panel is fetched by itself, by its own permission: one that is slow or fails leaves the others alone.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import Final
from urllib.parse import quote, urlencode

from django.urls import NoReverseMatch, get_script_prefix, reverse
from django.utils.translation import gettext_lazy as _
from django_stubs_ext import StrOrPromise

from anxin.kernel.web.navigation import Permitted

# Tabs of the page in this order.
AREAS: Final[dict[str, StrOrPromise]] = {
    "overview": _("Overview"),
    "profile": _("Profile"),
    "policies": _("Policies and claims"),
    "timeline": _("Timeline"),
    "relations": _("Family and relations"),
    "compliance": _("Consent and compliance"),
}


@dataclass(frozen=True, kw_only=True)
class Panel:
    """One panel. `url_name` takes the customer's `ref`; it answers GET with the inside of a card.

    `css` places it in the grid of its area ("span2" for two columns); `refresh` names an event on the page body after
    which it is fetched again. `query` is added to the address.
    """

    code: str
    title: StrOrPromise
    url_name: str
    permission: str
    area: str
    order: int = 100
    css: str = ""
    refresh: str = ""
    query: str = ""


@dataclass(frozen=True, kw_only=True)
class Placed:
    """A panel on the page of one customer, its address resolved."""

    code: str
    title: StrOrPromise
    url: str
    css: str
    trigger: str


_panels: dict[str, Panel] = {}


def register(*panels: Panel) -> None:
    """Add panels; called from AppConfig.ready. Raises ValueError for an unknown area or a code used twice."""
    for panel in panels:
        if panel.area not in AREAS:
            raise ValueError(f"Panel {panel.code!r}: area {panel.area!r} is not one of {', '.join(AREAS)}.")
        if _panels.setdefault(panel.code, panel) != panel:
            raise ValueError(f"Panel {panel.code!r} is registered twice with different content.")


def registered() -> tuple[Panel, ...]:
    return tuple(_panels.values())


def placed(actor: Permitted, area: str, ref: str) -> list[Placed]:
    """The panels of an area that `actor` may open, in order. A panel without an address yet is left out."""
    found = []
    for panel in _in_order(area):
        address = address_of(panel.url_name, ref) if actor.may(panel.permission) else ""
        if not address:
            continue
        trigger = "load" + (f", {panel.refresh} from:body" if panel.refresh else "")
        url = f"{address}?{panel.query}" if panel.query else address
        found.append(Placed(code=panel.code, title=panel.title, url=url, css=panel.css, trigger=trigger))
    return found


def _in_order(area: str) -> list[Panel]:
    return sorted((one for one in _panels.values() if one.area == area), key=lambda one: (one.order, one.code))


# Stands for a customer's number where addresses are made once for all customers; shaped as one, or no address fits.
_ANY: Final = "XXXX-XXXX"


@lru_cache(maxsize=256)
def _address(url_name: str, _prefix: str) -> str:
    try:
        return reverse(url_name, args=[_ANY])
    except NoReverseMatch:
        return ""


def address_of(url_name: str, ref: str) -> str:
    """The address of one of a customer's panels or actions; "" while there is none."""
    return _address(url_name, get_script_prefix()).replace(_ANY, quote(ref, safe=""))


def areas(actor: Permitted, ref: str) -> list[tuple[str, StrOrPromise]]:
    """Code and title of the areas in which this actor has anything to see."""
    return [
        (code, title)
        for code, title in AREAS.items()
        if any(actor.may(panel.permission) and address_of(panel.url_name, ref) for panel in _in_order(code))
    ]


@dataclass(frozen=True, kw_only=True)
class Action:
    """A button that a room brings to the page of something of a room below.

    `subject`: what the page shows: "customer" (then `url_name` takes the customer's `ref`), or another that a room
    offers, as "ticket" of the desk. It answers with a dialog, or is a page of its own (`is_page`). `query` is a form
    such as "party={ref}": then the address takes no argument. `press`: name under which a key presses it
    (`data-action`).
    """

    code: str
    label: StrOrPromise
    icon: str
    url_name: str
    permission: str
    order: int = 100
    subject: str = "customer"
    query: str = ""
    is_page: bool = False
    press: str = ""


@dataclass(frozen=True, kw_only=True)
class Button:
    """An action on one page, its address resolved."""

    label: StrOrPromise
    icon: str
    url: str
    press: str
    is_page: bool


_actions: dict[str, Action] = {}


def register_action(action: Action) -> None:
    if _actions.setdefault(action.code, action) != action:
        raise ValueError(f"Action {action.code!r} is registered twice with different content.")


def actions(actor: Permitted, ref: str, *, subject: str = "customer", **values: str) -> list[Button]:
    """The buttons this actor may press; `values` fill the places of their queries beside `ref`."""
    found = []
    for one in sorted(_actions.values(), key=lambda one: (one.order, one.code)):
        if one.subject == subject and actor.may(one.permission):
            url = _asking(one, {"ref": ref, **values}) if one.query else address_of(one.url_name, ref)
            found.append(Button(label=one.label, icon=one.icon, url=url, press=one.press, is_page=one.is_page))
    return found


def _asking(action: Action, values: dict[str, str]) -> str:
    """Names of the query whose value is not known are left out."""
    parts = [part.split("=", 1) for part in action.query.split("&")]
    told = [(name, place.format_map(values)) for name, place in parts]
    return f"{reverse(action.url_name)}?{urlencode([one for one in told if one[1]])}"
