"""The API: rooms bring their routers, this file brings authentication and one shape of problem."""

from __future__ import annotations

import logging
from importlib import import_module
from importlib.util import find_spec

from django.conf import settings
from django.core.exceptions import ObjectDoesNotExist
from django.db import DataError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError

from anxin.book.customers.data import CustomerNotFound
from anxin.kernel.actor import Actor, NotPermitted
from anxin.kernel.states import IllegalTransition, StaleState


def by_token(request: HttpRequest) -> Actor | None:
    """The actor that `ApiCaller` found behind the bearer token."""
    actor: Actor | None = getattr(request, "actor", None)
    return actor


api = NinjaAPI(
    title="Anxin",
    version="1",
    description=(
        "Customers, policies, claims, imports and search. Send a personal token as `Authorization: Bearer …`. "
        "Lists are paged by cursor. Send an `Idempotency-Key` with every call that changes something: a repeated "
        "call then returns the first answer."
    ),
    docs_url=None,
    auth=by_token,
    urls_namespace="api",
    openapi_extra={
        "components": {"securitySchemes": {"token": {"type": "http", "scheme": "bearer"}}},
        "security": [{"token": []}],
    },
)

for room in settings.ROOMS:
    if find_spec(f"{room}.api"):
        api.add_router("", import_module(f"{room}.api").router)


def _answer(request: HttpRequest, status: int, error: str, detail: object) -> HttpResponse:
    return api.create_response(request, {"error": error, "detail": detail}, status=status)


@api.exception_handler(AuthenticationError)
def unauthenticated(request: HttpRequest, _error: AuthenticationError) -> HttpResponse:
    response = _answer(request, 401, "unauthenticated", "Send a valid personal token as a bearer token.")
    response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(NotPermitted)
def not_permitted(request: HttpRequest, error: NotPermitted) -> HttpResponse:
    return _answer(request, 403, "not_permitted", f"Your token or its owner lacks the permission {error}.")


@api.exception_handler(CustomerNotFound)
@api.exception_handler(ObjectDoesNotExist)
@api.exception_handler(Http404)
def not_found(request: HttpRequest, _error: Exception) -> HttpResponse:
    return _answer(request, 404, "not_found", "There is nothing with this reference within your reach.")


@api.exception_handler(StaleState)
@api.exception_handler(IllegalTransition)
def conflict(request: HttpRequest, error: Exception) -> HttpResponse:
    return _answer(request, 409, "conflict", str(error))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    # The offending input is not echoed: it may be somebody's ID number.
    detail = [{"where": list(item.get("loc", ())), "problem": item.get("msg", "")} for item in error.errors]
    return _answer(request, 422, "invalid", detail)


@api.exception_handler(DataError)
@api.exception_handler(UnicodeEncodeError)
def unfit(request: HttpRequest, _error: Exception) -> HttpResponse:
    # Without the value, as the pages do.
    logging.getLogger("anxin").warning("A value that fits no column: %s %s", request.method, request.path)
    problem = "A text holds a character, or a number a value, that cannot be stored."
    where = "query" if request.method == "GET" else "body"
    return _answer(request, 422, "invalid", [{"where": [where], "problem": problem}])


@api.exception_handler(HttpError)
def refused(request: HttpRequest, error: HttpError) -> HttpResponse:
    return _answer(request, error.status_code, "refused", str(error))
