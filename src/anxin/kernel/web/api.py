"""What every API operation shares: who calls, what they may, how pages and problems look."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import partial, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest, HttpResponse
from ninja import Schema
from ninja.decorators import decorate_view
from ninja.operation import Operation
from pydantic import Field

from anxin.kernel.actor import Actor, NotPermitted

P = ParamSpec("P")
R = TypeVar("R")


class Unfit(Schema):
    """One part of what was sent that cannot be taken. It is not echoed: it may be somebody's ID number."""

    where: list[str | int] = Field(examples=[["body", "name"]])
    problem: str = Field(examples=["Field required"])


class Problem(Schema):
    """Why a call was refused. `error` is a stable word for programs, `detail` says it to people.

    With `invalid` (422) `detail` lists the parts that cannot be taken, each with its place.
    """

    error: str = Field(examples=["not_found"])
    detail: str | list[Unfit] = Field(examples=["There is no such customer within your reach."])


class CursorPage(Schema):
    """Hand `next` back as `cursor` to go on; null on the last page."""

    next: str | None = Field(None, examples=["eyJrIjpbIndhbmciLCIwMTkz…"])


def actor_of(request: HttpRequest) -> Actor:
    """The actor of the token the call came with."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NotPermitted("token")
    return actor


def _before_reading(permission: str, run: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    operation: Operation = run.__self__  # type: ignore[attr-defined]

    @wraps(run)
    def ask_first(request: HttpRequest, **arguments: Any) -> HttpResponse:
        actor: Actor | None = getattr(request, "actor", None)
        # Without an actor the operation itself answers 401.
        if actor is not None and not actor.may(permission):
            return operation.api.on_exception(request, NotPermitted(permission))
        return run(request, **arguments)

    return ask_first


def permitted(
    permission: str,
) -> Callable[[Callable[Concatenate[HttpRequest, P], R]], Callable[Concatenate[HttpRequest, P], R]]:
    """Let an operation run only for a token, and an owner, with `permission`; the permission table reads it.

    Judged before the call is read: whoever may not gets 403 for any body, right or wrong.
    """

    def decorate(operation: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R]:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
            actor_of(request).require(permission)
            return operation(request, *args, **kwargs)

        cast(Any, guarded).permission = permission
        decorate_view(partial(_before_reading, permission))(guarded)
        # Ninja would look the names of the annotations up in this module, not in the operation's.
        cast(Any, guarded).__signature__ = inspect.signature(operation, eval_str=True)
        return cast(Callable[Concatenate[HttpRequest, P], R], guarded)

    return decorate
