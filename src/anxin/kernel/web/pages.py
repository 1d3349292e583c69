"""The edge of every page: signed in, permitted, and domain errors turned into answers."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render

from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState

P = ParamSpec("P")
Page = Callable[Concatenate[HttpRequest, P], HttpResponse]


class SignedInRequest(HttpRequest):
    """A request that passed `@page`: somebody is acting."""

    actor: Actor


def actor_of(request: HttpRequest) -> Actor:
    """The actor of a request that passed `@page`."""
    return cast(SignedInRequest, request).actor


# For pages that everybody who is signed in may open: their own settings, the start page.
SIGNED_IN = ""
# For pages of people who have no account and come by a link: they check what they were handed themselves.
PUBLIC = "public"


def public(*, methods: tuple[str, ...] = ("GET", "HEAD")) -> Callable[[Page[P]], Page[P]]:
    """Mark a view that needs no sign-in, so that the permission table knows it was meant so; keeps to `methods`."""

    def decorate(view: Page[P]) -> Page[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            return view(request, *args, **kwargs)

        marked = cast(Any, guarded)
        marked.permission = PUBLIC
        marked.methods = methods
        return cast(Page[P], guarded)

    return decorate


def page(
    permission: str, *, methods: tuple[str, ...] = ("GET", "HEAD"), missing: tuple[type[Exception], ...] = ()
) -> Callable[[Page[P]], Page[P]]:  # fmt: skip
    """Let a view run only for a signed-in actor with `permission` (SIGNED_IN: any), and only for `methods`.

    Answers: 302 to sign-in, 405, 403 (also for NotPermitted raised inside), 409 for StaleState and IllegalTransition,
    404 for the errors of `missing`: what is not there, or out of reach.
    The view keeps `.permission` and `.methods`: the permission table test reads them.
    """

    def decorate(view: Page[P]) -> Page[P]:
        @wraps(view)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
            actor: Actor | None = getattr(request, "actor", None)
            if actor is None:
                return _sign_in(request)
            if request.method not in methods:
                return HttpResponseNotAllowed(methods)
            if permission != SIGNED_IN and not actor.may(permission):
                return _refused(request)
            try:
                return view(request, *args, **kwargs)
            except NotPermitted:
                return _refused(request)
            except missing as error:
                raise Http404 from error
            except (StaleState, IllegalTransition) as error:
                return render(request, "ui/conflict.html", {"error": error}, status=409)

        marked = cast(Any, guarded)
        marked.permission = permission
        marked.methods = methods
        return cast(Page[P], guarded)

    return decorate


def _sign_in(request: HttpRequest) -> HttpResponse:
    if request.headers.get("HX-Request"):
        # A swapped-in sign-in form would look like part of the page: send the whole page there.
        response = HttpResponse(status=401)
        response["HX-Redirect"] = redirect_to_login(request.headers.get("HX-Current-URL", "/")).url
        return response
    return redirect_to_login(request.get_full_path())


def _refused(request: HttpRequest) -> HttpResponse:
    return render(request, "ui/error.html", {"status": 403}, status=403)
