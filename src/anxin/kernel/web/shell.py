"""What every page needs around its content: look, person, bell, addresses. Rooms plug in; the shell imports no room."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Final

from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.urls import NoReverseMatch, get_script_prefix, get_urlconf, reverse
from django.utils.functional import SimpleLazyObject
from django.utils.translation import get_language, gettext, pgettext
from django.views.decorators.http import require_POST

from anxin.kernel import clock
from anxin.kernel.web import navigation

CHOICES: Final[Mapping[str, tuple[str, ...]]] = {
    "theme": ("auto", "light", "dark"),
    "density": ("normal", "compact", "relaxed"),
    "shortcuts": ("on", "off"),
    "nav": ("wide", "slim"),
}


@dataclass(frozen=True, kw_only=True)
class Look:
    """How one person wants pages to look and to react. Every value is one of CHOICES."""

    theme: str = "auto"
    density: str = "normal"
    shortcuts: str = "on"
    nav: str = "wide"


@dataclass(frozen=True, kw_only=True)
class Person:
    """Who is signed in, as the corner of the page says it: name, and post with unit."""

    name: str
    post: str = ""

    @property
    def initial(self) -> str:
        return self.name[:1]


@dataclass(frozen=True, kw_only=True)
class Plugs:
    """What rooms give to the shell; all of it may be missing."""

    load_look: Callable[[HttpRequest], Mapping[str, str]] | None = None
    save_look: Callable[[HttpRequest, str, str], None] | None = None
    person: Callable[[HttpRequest], Person | None] | None = None
    unread: Callable[[HttpRequest], int] | None = None
    search_url_name: str = "workspace:search"
    notices_url_name: str = "notices:list"
    settings_url_name: str = "accounts:settings"
    preferences_url_name: str = "ui-preferences"
    sign_out_url_name: str = "account_logout"
    sign_in_url_name: str = "account_login"
    language_url_name: str = "set_language"


_plugs: dict[str, Any] = {}


def plug(**plugs: Any) -> None:
    """Give the shell something, by the names of `Plugs`; called from a room's AppConfig.ready."""
    known = {field.name for field in fields(Plugs)}
    if unknown := set(plugs) - known:
        raise ValueError(f"The shell has no place for {', '.join(sorted(unknown))}.")
    _plugs.update(plugs)


def plugs() -> Plugs:
    return Plugs(**_plugs)


def look_of(request: HttpRequest) -> Look:
    """The user's stored preferences, else the browser's cookies, else the defaults. Unknown values are ignored."""
    stored: Mapping[str, str] = {}
    load = plugs().load_look
    if load is not None and getattr(request, "actor", None) is not None:
        stored = load(request)
    chosen = {}
    for name, allowed in CHOICES.items():
        for value in (stored.get(name, ""), request.COOKIES.get(f"anxin-{name}", "")):
            if value in allowed:
                chosen[name] = value
                break
    return Look(**chosen)


@require_POST
def save_preference(request: HttpRequest) -> HttpResponse:
    """POST theme=dark, density=compact, … : stored for the user when a room takes it, always as a cookie."""
    given = {name: request.POST[name] for name in CHOICES if name in request.POST}
    if not given or any(value not in CHOICES[name] for name, value in given.items()):
        return HttpResponseBadRequest()
    response = HttpResponse(status=204)
    save = plugs().save_look
    for name, value in given.items():
        if save is not None and getattr(request, "actor", None) is not None:
            save(request, name, value)
        # Readable by the script on purpose: it sets the look before the first paint.
        response.set_cookie(
            f"anxin-{name}", value, max_age=31_536_000, secure=request.is_secure(), httponly=False, samesite="Lax"
        )
    return response


def context(request: HttpRequest) -> dict[str, Any]:
    """Context processor. Lazy, so that a fragment pays for nothing it does not show."""
    actor = getattr(request, "actor", None)
    rail = SimpleLazyObject(lambda: navigation.items_for(actor) if actor else [])
    return {
        "actor": actor,
        "csp_nonce": getattr(request, "csp_nonce", None),
        "look": SimpleLazyObject(lambda: look_of(request)),
        "navigation": rail,
        "navigation_key": SimpleLazyObject(lambda: navigation.key_of(rail)),
        "shell": SimpleLazyObject(lambda: _shell(request)),
        "server_now": clock.now,
    }


def _shell(request: HttpRequest) -> dict[str, Any]:
    given = plugs()
    actor = getattr(request, "actor", None)
    return {
        "person": _person(request, given),
        "unread": given.unread(request) if given.unread is not None and actor is not None else 0,
        "search_url": address(given.search_url_name),
        "notices_url": address(given.notices_url_name),
        "settings_url": address(given.settings_url_name),
        "preferences_url": address(given.preferences_url_name) if actor is not None else "",
        "sign_out_url": address(given.sign_out_url_name),
        "sign_in_url": address(given.sign_in_url_name),
        "language_url": address(given.language_url_name),
        "is_english": (get_language() or "").startswith("en"),
        "words": words,  # called by the template only where it is not remembered
    }


def _person(request: HttpRequest, given: Plugs) -> Person | None:
    actor = getattr(request, "actor", None)
    if actor is None:
        return None
    if given.person is not None and (person := given.person(request)) is not None:
        return person
    return Person(name=str(getattr(actor, "display_name", "") or getattr(actor, "username", "")))


def address(url_name: str) -> str:
    """The address, or "" when no room answers to it: the template then leaves the control out."""
    return _address(url_name, get_script_prefix(), get_urlconf())


@lru_cache(maxsize=64)
def _address(url_name: str, _prefix: str, _urlconf: str | None) -> str:
    try:
        return reverse(url_name)
    except NoReverseMatch:
        return ""


def words() -> dict[str, str]:
    """What the script says, so that all words live in one catalogue."""
    return {
        "undo": gettext("Undo"),
        "open": pgettext("action", "Open"),
        "close": gettext("Close"),
        "copied": gettext("Copied"),
        "selected": gettext("%(count)s selected"),
        "not_saved": gettext("This setting could not be saved."),
        "failed": gettext("This part could not be loaded."),
        "offline": gettext("No connection to the server."),
        "slow": gettext("The server took too long to answer."),
        "forbidden": gettext("You do not have permission for this."),
        "gone": gettext("This is not available."),
        "too_many": gettext("Too many requests. Wait a minute and try again."),
        "conflict": gettext("Someone else changed this in the meantime. Reload the page to see it."),
        "ref": gettext("No. %(ref)s"),
        "span_m": gettext("%(m)sm"),
        "span_h": gettext("%(h)sh"),
        "span_hm": gettext("%(h)sh %(m)sm"),
        "span_d": gettext("%(d)sd"),
        "span_dh": gettext("%(d)sd %(h)sh"),
        "span_over": gettext("%(span)s over"),
    }
