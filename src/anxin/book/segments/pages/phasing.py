"""Asking to phase a customer out, and taking it back, from the panel."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext

from anxin.book.customers.queries import CustomerNotFound
from anxin.book.segments.pages import customer
from anxin.book.segments.services import phasing
from anxin.foundation.approvals.data import AlreadyAsked, ReasonMissing
from anxin.kernel import clock
from anxin.kernel.web.pages import actor_of, page


@page("segments.phase_out", methods=("POST",))
def ask(request: HttpRequest, ref: str) -> HttpResponse:
    problem = ""
    try:
        phasing.ask(actor=actor_of(request), now=clock.now(), ref=ref, reason=request.POST.get("reason", ""))
    except CustomerNotFound as error:
        raise Http404 from error
    except ReasonMissing:
        problem = gettext("Say why.")
    except AlreadyAsked:
        problem = gettext("Somebody has asked for this already.")
    except phasing.NotBelowZero:
        problem = gettext("Only a customer below zero who is not phased out yet can be.")
    return customer.answer(request, ref, problem=problem)


@page("segments.phase_out", methods=("POST",))
def take_back(request: HttpRequest, ref: str) -> HttpResponse:
    try:
        phasing.take_back(actor=actor_of(request), now=clock.now(), ref=ref)
    except CustomerNotFound as error:
        raise Http404 from error
    return customer.answer(request, ref)
