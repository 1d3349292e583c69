"""What every API operation shares: who calls, what they may, how pages and problems look."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from django.http import HttpRequest
from ninja import Schema
from pydantic import Field

from anxin.kernel.actor import Actor, NotPermitted

P = ParamSpec("P")
R = TypeVar("R")


class Problem(Schema):
    """Why a call was refused. `error` is a stable word for programs, `detail` says it to people."""

    error: str = Field(examples=["not_found"])
    detail: str = Field(examples=["There is no such customer within your reach."])


class CursorPage(Schema):
    """Hand `next` back as `cursor` to go on; null on the last page."""

    next: str | None = Field(None, examples=["eyJrIjpbIndhbmciLCIwMTkz…"])


def actor_of(request: HttpRequest) -> Actor:
    """The actor of the token the call came with."""
    actor: Actor | None = getattr(request, "actor", None)
    if actor is None:
        raise NotPermitted("token")
    return actor


def permitted(
    permission: str,
) -> Callable[[Callable[Concatenate[HttpRequest, P], R]], Callable[Concatenate[HttpRequest, P], R]]:
    """Let an operation run only for a token, and an owner, with `permission`; the permission table reads it."""

    def decorate(operation: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R]:
        @wraps(operation)
        def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
            actor_of(request).require(permission)
            return operation(request, *args, **kwargs)

        cast(Any, guarded).permission = permission
        # Ninja would look the names of the annotations up in this module, not in the operation's.
        cast(Any, guarded).__signature__ = inspect.signature(operation, eval_str=True)
        return cast(Callable[Concatenate[HttpRequest, P], R], guarded)

    return decorate
