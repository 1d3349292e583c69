"""Messages of telephone systems."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema
from ninja.errors import HttpError
from ninja.params import Header
from pydantic import Field

from anxin.kernel import clock
from anxin.kernel.web.api import Problem, actor_of, permitted
from anxin.service.desk import data
from anxin.service.desk.queries import profiles
from anxin.service.desk.services import telephony

router = Router(tags=["desk"])
PROBLEMS = {401: Problem, 403: Problem, 422: Problem}


class TelephoneMessage(Schema):
    """What happened to a call. The same `event_id` counts once; messages may come in any order."""

    event_id: str = Field(min_length=1, max_length=80, examples=["e-20261012-000123"])
    call_id: str = Field(min_length=1, max_length=80, examples=["c-8812"])
    kind: Literal["menu", "queued", "ringing", "unanswered", "answered", "ended", "recording"]
    at: datetime = Field(description="With its time zone.", examples=["2026-10-12T09:30:00+08:00"])
    direction: Literal["inbound", "outbound"] = "inbound"
    number: str = Field("", max_length=40, description="The other side's number.")
    extension: str = Field("", max_length=20, examples=["8001"])
    queue: str = Field("", max_length=40, description="The queue the caller waits in.", examples=["claims"])
    menu: list[str] = Field([], max_length=20, description="All keys pressed in the menu (IVR).", examples=[["1", "0"]])
    wanted_human: bool | None = Field(None, description="Whether a person was asked for, where the system knows.")
    hold_seconds: int = Field(0, ge=0, le=86_400)
    recording: str = Field("", max_length=200, description="Where the telephone system keeps the recording.")


class TelephoneAnswer(Schema):
    """Which call it was counted for."""

    call: UUID


@router.post("/cti/events", response={200: TelephoneAnswer, **PROBLEMS}, operation_id="take_telephone_message")
@permitted("desk.cti")
def take_telephone_message(
    request: HttpRequest,
    message: TelephoneMessage,
    system: Annotated[str, Header(alias="X-Anxin-System")] = "",
    timestamp: Annotated[str, Header(alias="X-Anxin-Timestamp")] = "",
    signature: Annotated[str, Header(alias="X-Anxin-Signature")] = "",
) -> dict[str, Any]:
    """Take a message. Signed: HMAC-SHA256 of `timestamp.body` with the secret of `anxin cti-secret SYSTEM`."""
    now = clock.now()
    try:
        telephony.check_signature(
            system=system, timestamp=timestamp, body=request.body, signature=signature, now=now
        )  # fmt: skip
    except data.BadSignature as error:
        raise HttpError(422, "The message is not signed, or its time is more than five minutes off.") from error
    if message.at.tzinfo is None:
        raise HttpError(422, "The moment has no time zone.")
    event = data.CtiEvent(system=system[:20], **{**message.dict(), "menu": tuple(message.menu)})
    return {"call": telephony.take_event(actor=actor_of(request), now=now, event=event)}


class CallToRoute(Schema):
    """A caller for whom an agent is wanted."""

    number: str = Field("", max_length=40, description="The caller's number.")
    menu: list[str] = Field([], max_length=20, description="All keys pressed in the menu (IVR).", examples=[["1", "0"]])
    queue: str = Field("", max_length=40, description="Where it is known; else it follows from the menu.")
    language: str = Field("", max_length=8, examples=["en"])


class RouteAnswer(Schema):
    """Extensions of agents who are free, best first; none: let the caller wait in the queue."""

    extensions: list[str]
    queue: str
    tier: str


@router.post("/cti/route", response={200: RouteAnswer, **PROBLEMS}, operation_id="route_call")
@permitted("desk.cti")
def route_call(request: HttpRequest, call: CallToRoute) -> dict[str, Any]:
    """Who should answer: by the caller's tier and manager, the menu, and the agents' queues, languages and levels."""
    found = profiles.route_call(
        actor_of(request), number=call.number, menu=call.menu, queue=call.queue, language=call.language,
        now=clock.now(),
    )  # fmt: skip
    return {"extensions": list(found.extensions), "queue": found.queue, "tier": found.tier}
