"""The page an agent calls with: one question after another, every answer kept at once, and how the call ended."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext

from anxin.book.customers import queries as customers
from anxin.book.customers.data import Rejected
from anxin.foundation.org import queries as org
from anxin.kernel import clock
from anxin.kernel.web import answers, dialogs
from anxin.kernel.web.pages import actor_of, page
from anxin.service.callbacks import forms, queries, services
from anxin.service.callbacks.data import (
    CallBackNotFound,
    CallBackView,
    CustomerIsSilent,
    Kind,
    NothingToCall,
    Outcome,
    SellerMayNot,
    State,
    Way,
)
from anxin.service.callbacks.pages import words
from anxin.service.callbacks.rules import flow
from anxin.service.desk.services import dialling

BOTH = ("GET", "HEAD", "POST")
_FAILED = ("refused", "unreachable", "no_contact", "other")
_LEFT_OUT = ("cancelled", "paid", "other")


@page("callbacks.view", missing=(CallBackNotFound,))
def show(request: HttpRequest, item: UUID) -> HttpResponse:
    view = queries.get_view(actor_of(request), item, now=clock.now())
    return render(request, "callbacks/call.html", _context(request, view))


@page("callbacks.work", methods=("POST",))
def take_next(request: HttpRequest) -> HttpResponse:
    wanted = request.POST.get("kind", "")
    try:
        row = services.take_next(
            actor=actor_of(request), now=clock.now(), kind=Kind(wanted) if wanted in set(Kind) else None
        )
    except NothingToCall:
        if not request.headers.get("HX-Request"):
            return redirect("callbacks:list")
        return answers.toast(HttpResponse(status=204), gettext("Nobody is to be called right now."), level="info")
    return _to(request, reverse("callbacks:call", args=[row.pk]))


@page("callbacks.work", methods=("POST",), missing=(CallBackNotFound,))
def take(request: HttpRequest, item: UUID) -> HttpResponse:
    try:
        services.take(actor=actor_of(request), now=clock.now(), call_back_id=item, version=_version(request))
    except (SellerMayNot, CustomerIsSilent) as error:
        return _refused(request, item, error)
    return _to(request, reverse("callbacks:call", args=[item]))


@page("callbacks.work", methods=("POST",), missing=(CallBackNotFound,))
def answer(request: HttpRequest, item: UUID) -> HttpResponse:
    """Keep one answer; the answer is the questions anew, with the next one open."""
    actor, now = actor_of(request), clock.now()
    try:
        services.keep_answer(
            actor=actor, now=now, call_back_id=item, question=request.POST.get("question", "")[:20],
            value=request.POST.get("value", "")[:8], remark=request.POST.get("remark", ""),
        )  # fmt: skip
    except Rejected as error:
        return answers.toast(HttpResponse(status=422), gettext(str(error)), level="danger")
    except SellerMayNot as error:
        return _refused(request, item, error)
    if not request.headers.get("HX-Request"):
        return redirect("callbacks:call", item)
    return render(request, "callbacks/questions.html", _context(request, queries.get_view(actor, item, now=now)))


@page("callbacks.work", methods=BOTH, missing=(CallBackNotFound,))
def attempt(request: HttpRequest, item: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    row = queries.get_row(actor, item)
    wanted = request.GET.get("outcome", "")
    form = forms.AttemptForm(_told(request), initial={"version": row.version, "outcome": wanted or Outcome.NO_ANSWER})

    def act(values: dict[str, Any]) -> None:
        services.attempt(
            actor=actor, now=now, call_back_id=item, version=values["version"], outcome=Outcome(values["outcome"]),
            again_at=values["again_at"], note=values["note"],
        )  # fmt: skip

    return _ask(request, item, form, act, gettext("Not reached"), gettext("Record"), gettext("The attempt is kept."))


@page("callbacks.work", methods=BOTH, missing=(CallBackNotFound,))
def finish(request: HttpRequest, item: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    view = queries.get_view(actor, item, now=now)
    form = forms.FinishForm(
        _told(request), has_problem=bool(view.problems), by_phone=view.row.state is not State.FALLBACK,
        initial={"version": view.row.version},
    )  # fmt: skip

    def act(values: dict[str, Any]) -> None:
        services.finish(
            actor=actor, now=now, call_back_id=item, version=values["version"],
            description=values.get("description", ""), note=values["note"], way=Way(values["way"] or "phone"),
        )  # fmt: skip

    title = gettext("Problem found") if view.problems else gettext("End the call-back")
    done = gettext("The problem has a ticket now.") if view.problems else gettext("The call-back is done.")
    return _ask(request, item, form, act, title, gettext("End the call-back"), done)


@page("callbacks.work", methods=("POST",), missing=(CallBackNotFound,))
def give_back(request: HttpRequest, item: UUID) -> HttpResponse:
    services.give_back(actor=actor_of(request), now=clock.now(), call_back_id=item, version=_version(request))
    return _to(request, reverse("callbacks:list"))


@page("callbacks.work", methods=BOTH, missing=(CallBackNotFound,))
def fail(request: HttpRequest, item: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    row = queries.get_row(actor, item)
    form = forms.ReasonForm(_told(request), codes=_FAILED, initial={"version": row.version})

    def act(values: dict[str, Any]) -> None:
        services.fail(
            actor=actor, now=now, call_back_id=item, version=values["version"], why=values["why"], note=values["note"]
        )

    return _ask(request, item, form, act, gettext("Give up"), gettext("Give up"), gettext("The call-back has failed."))


@page("callbacks.lead", methods=BOTH, missing=(CallBackNotFound,))
def leave_out(request: HttpRequest, item: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    row = queries.get_row(actor, item)
    form = forms.ReasonForm(_told(request), codes=_LEFT_OUT, needs_note=True, initial={"version": row.version})

    def act(values: dict[str, Any]) -> None:
        services.leave_out(
            actor=actor, now=now, call_back_id=item, version=values["version"], why=values["why"], note=values["note"]
        )

    return _ask(request, item, form, act, gettext("Not needed"), gettext("Leave out"), gettext("It is left out."))


@page("callbacks.lead", methods=BOTH, missing=(CallBackNotFound,))
def hand_over(request: HttpRequest, item: UUID) -> HttpResponse:
    actor, now = actor_of(request), clock.now()
    row = queries.get_row(actor, item)
    callers = org.holders_of("callbacks.work", unit_id=None, today=clock.today(), limit=200)
    staff = [(str(one.id), f"{one.name} · {one.unit}") for one in org.find_staff(actor, ids=callers, limit=200)]
    form = forms.HandOverForm(_told(request), staff=staff, initial={"version": row.version})

    def act(values: dict[str, Any]) -> None:
        services.hand_over(
            actor=actor, now=now, call_back_id=item, version=values["version"], to=UUID(values["to"])
        )  # fmt: skip

    return _ask(request, item, form, act, gettext("Hand over"), gettext("Hand over"), gettext("Handed over."))


def _ask(
    request: HttpRequest, item: UUID, form: Any, act: Callable[[dict[str, Any]], None], title: str, button: str,
    done: str,
) -> HttpResponse:  # fmt: skip
    back = reverse("callbacks:call", args=[item])
    if request.method == "POST" and form.is_valid():
        try:
            act(form.cleaned_data)
        except Rejected as error:
            form.add_error(error.field if error.field in form.fields else None, gettext(str(error)))
        except (SellerMayNot, CustomerIsSilent) as error:
            form.add_error(None, _why_not(error))
        else:
            return dialogs.done(request, done, back=back)
    return dialogs.ask(request, form, title=title, button=button, back=back)


def _context(request: HttpRequest, view: CallBackView) -> dict[str, Any]:
    actor = actor_of(request)
    customer = customers.get_row(actor, view.party_id) if actor.may("customers.view") else None
    may_answer = actor.may("callbacks.work") and not view.is_seller and (
        view.is_mine or view.row.state is State.FALLBACK
    )  # fmt: skip
    may_dial = may_answer and actor.may("desk.calls")
    asked: list[dict[str, Any]] = []
    is_first = True
    for number, one in enumerate(view.asked, 1):
        is_blocked = not one.question.is_identity and not view.is_identified
        is_next = may_answer and is_first and not one.value and not is_blocked and one.question.form != "text"
        is_first = is_first and not is_next
        choices = [
            {"value": value, "key": key, "word": words.answer_word(value), "is_chosen": value == one.value,
             "is_problem": value in one.question.problem}
            for key, value in enumerate(flow.answers_of(one.question), 1)
        ]  # fmt: skip
        asked.append(
            {"one": one, "number": number, "text": words.text_of(one.question), "choices": choices,
             "is_next": is_next, "is_blocked": is_blocked, "word": words.answer_word(one.value)}
        )  # fmt: skip
    pay = view.facts.get("pay_mode")
    wrong = view.found.questions if view.found else ()
    return {
        **words.shown(view.row), "view": view, "asked": asked, "customer": customer, "may_answer": may_answer,
        "opening": view.opening_en if words.is_english() else view.opening_zh, "nav": "callbacks",
        "attempts": [(one, words.outcome(one.outcome), words.way(one.way)) for one in view.attempts],
        "reason": words.reason(view.why), "pay_mode": words.pay_mode(str(pay)) if pay else "",
        "found_texts": [one["text"] for one in asked if one["one"].question.code in wrong],
        "may_take": actor.may("callbacks.work") and view.row.state is State.WAITING and not view.is_seller
        and not view.is_silent,
        "may_leave_out": actor.may("callbacks.lead") and view.row.ended_at is None,
        "may_hand_over": actor.may("callbacks.lead") and view.row.state in (State.WAITING, State.CALLING)
        and not view.is_silent,
        "may_see_ticket": actor.may("desk.tickets"), "crumbs": [("/callbacks/", gettext("Call-backs"))],
        "is_late": view.row.ended_at is None and view.row.due_at <= clock.now(),
        "dial_for": _DIAL_FOR[view.row.kind] if may_dial and dialling.is_connected() else "",
    }  # fmt: skip


# What a call of each kind is for, in the words of the desk.
_DIAL_FOR: Final = {
    Kind.NEW_BUSINESS: "welcome", Kind.RENEWAL: "renewal", Kind.SATISFACTION: "satisfaction",
    Kind.CLAIM: "satisfaction", Kind.CARE: "care",
}  # fmt: skip


def _told(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _version(request: HttpRequest) -> int:
    given = request.POST.get("version", "")
    return int(given) if given.isascii() and given.isdigit() and len(given) < 9 else 0


def _why_not(error: SellerMayNot | CustomerIsSilent) -> str:
    if isinstance(error, CustomerIsSilent):
        return gettext("A complaint of this customer is open, or was closed lately: no care or sales calls now.")
    return gettext("Who sold the policy does not call back.")


def _refused(request: HttpRequest, item: UUID, error: SellerMayNot | CustomerIsSilent) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect("callbacks:call", item)
    return answers.toast(HttpResponse(status=422), _why_not(error), level="danger")


def _to(request: HttpRequest, url: str) -> HttpResponse:
    if not request.headers.get("HX-Request"):
        return redirect(url)
    response = HttpResponse(status=204)
    response["HX-Redirect"] = url
    return response
