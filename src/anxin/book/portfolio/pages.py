"""Pages of policies and claims, and their panels in the customer's file."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.book.customers.data import CustomerNotFound, Rejected
from anxin.book.portfolio import data, forms, services
from anxin.book.portfolio.data import PolicyNotFound
from anxin.book.portfolio.queries import contracts
from anxin.kernel import clock
from anxin.kernel.web import dialogs, pages
from anxin.kernel.web.pages import actor_of

BOTH = ("GET", "HEAD", "POST")


# 404 for what is not there or out of reach.
contract_page = partial(pages.page, missing=(CustomerNotFound, PolicyNotFound))


@contract_page("portfolio.view")
def policies(request: HttpRequest, ref: str) -> HttpResponse:
    found = contracts.policies_of(actor_of(request), ref)
    is_short = request.GET.get("size") == "short"
    rows = [_line(one) for one in (found[:6] if is_short else found)]
    context = {
        "rows": rows, "ref": ref, "is_short": is_short, "total": len(found), "is_cut": len(found) >= contracts.MOST,
        "in_force": sum(one.status == "in_force" for one in found),
        # The head of the page counts what the customer holds; here stands, too, where they are insured or to benefit.
        "held": sum(one.status == "in_force" and one.part == "holder" for one in found),
    }  # fmt: skip
    return render(request, "portfolio/panels/policies.html", context)


@contract_page("portfolio.view")
def claims(request: HttpRequest, ref: str) -> HttpResponse:
    found = contracts.claims_of(actor_of(request), ref)
    is_short = request.GET.get("size") == "short"
    context = {
        "rows": [_claim(one) for one in (found[:4] if is_short else found)], "ref": ref, "is_short": is_short,
        "total": len(found), "open": sum(one.state not in ("closed", "cancelled", "paid") for one in found),
        "paid_fen": sum(one.paid_fen for one in found),
    }  # fmt: skip
    return render(request, "portfolio/panels/claims.html", context)


@contract_page("portfolio.view")
def policy(request: HttpRequest, item: UUID) -> HttpResponse:
    return render(request, "portfolio/policy.html", {**_policy_context(request, item), "nav": "customers"})


@contract_page("portfolio.view")
def peek(request: HttpRequest, item: UUID) -> HttpResponse:
    """The policy in a drawer over the customer's page."""
    return render(request, "portfolio/peek.html", _policy_context(request, item))


def _policy_context(request: HttpRequest, item: UUID) -> dict[str, Any]:
    actor = actor_of(request)
    found = contracts.policy(actor, item)
    one = found.policy
    word, level = data.STATUSES.get(one.status, (one.status, ""))
    return {
        "found": found, "policy": one, "status": _(word), "level": level, "line": _word(data.LINES, one.line),
        "pay_mode": _word(data.PAY_MODES, one.pay_mode), "channel": _word(data.CHANNELS, one.channel),
        "people": [(person, _word(data.ROLES, person.role)) for person in found.people],
        "coverages": [{**row, "word": _pair(data.STATUSES, row["status"])} for row in found.coverages],
        "instalments": [{**row, "word": _pair(data.INSTALMENTS, row["status"])} for row in found.instalments],
        "endorsements": [{**row, "word": _pair(data.ENDORSEMENTS, row["status"])} for row in found.endorsements],
        "claims": [_claim(row) for row in found.claims], "may_reveal": actor.may("customers.reveal"),
        "crumbs": _crumbs(found.holder, one.policy_no),
    }  # fmt: skip


@contract_page("portfolio.view")
def claim(request: HttpRequest, item: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = contracts.claim(actor, item)
    context = {
        "found": found, **_claim(found.claim), "nav": "customers", "may_reveal": actor.may("customers.reveal"),
        "may_read": actor.may("portfolio.health"), "crumbs": _crumbs(found.holder, found.claim.claim_no),
    }  # fmt: skip
    return render(request, "portfolio/claim.html", context)


@contract_page("customers.reveal", methods=BOTH)
def reveal_policy(request: HttpRequest, item: UUID, field: str) -> HttpResponse:
    words = {"plate": _("Plate"), "vin": _("VIN"), "engine_no": _("Engine number")}
    return _reveal(
        request, words.get(field, field), reverse("portfolio:policy", args=[item]),
        check=lambda: services.check_policy_field(actor_of(request), item, field),
        act=lambda reason, text: services.reveal_policy_field(
            actor=actor_of(request), now=clock.now(), policy_id=item, field=field, reason=reason, explanation=text
        ),
    )  # fmt: skip


@contract_page("customers.reveal", methods=BOTH)
def reveal_place(request: HttpRequest, item: UUID) -> HttpResponse:
    return _reveal_claim(request, item, "accident_place", _("Place of the accident"))


@contract_page("portfolio.health", methods=BOTH)
def reveal_description(request: HttpRequest, item: UUID) -> HttpResponse:
    return _reveal_claim(request, item, "description", _("Description"))


def _reveal_claim(request: HttpRequest, item: UUID, field: str, label: str) -> HttpResponse:
    return _reveal(
        request, label, reverse("portfolio:claim", args=[item]),
        check=lambda: services.check_claim_field(actor_of(request), item, field),
        act=lambda reason, text: services.reveal_claim_field(
            actor=actor_of(request), now=clock.now(), claim_id=item, field=field, reason=reason, explanation=text
        ),
    )  # fmt: skip


def _reveal(
    request: HttpRequest, label: str, back: str, *, check: Callable[[], str], act: Callable[[str, str], str]
) -> HttpResponse:  # fmt: skip
    """GET asks for the reason, POST records it and shows the value for a minute."""
    check()
    form = forms.RevealForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            value = act(form.cleaned_data["reason"], form.cleaned_data["explanation"])
        except Rejected as error:
            form.add_error(error.field, _(str(error)))
        else:
            response = render(
                request, "customers/revealed.html", {"value": value, "label": label, "back": back, "seconds": 60}
            )
            response["Cache-Control"] = "no-store"
            return response
    return dialogs.ask(
        request, form, title=_("Show in full: %(what)s") % {"what": label}, button=_("Show"), back=back,
        hint=_("Your name, the time and the reason are recorded. The value hides itself after 60 seconds."),
    )  # fmt: skip


def _line(one: data.PolicyLine) -> dict[str, Any]:
    word, level = data.STATUSES.get(one.status, (one.status, ""))
    today = clock.today()
    if one.status == "in_force" and one.next_due_status in ("overdue", "failed"):
        word, level = data.INSTALMENTS[one.next_due_status]
    ends_in = (one.expiry_date - today).days if one.expiry_date else None
    is_ending = one.status == "in_force" and ends_in is not None and 0 <= ends_in <= 60
    return {
        "policy": one, "status": _(word), "level": level, "icon": data.LINE_ICONS.get(one.line, "file-text"),
        "part": "" if one.part == "holder" else _word(data.ROLES, one.part), "line": _word(data.LINES, one.line),
        "ends_in": ends_in if is_ending else None,
    }  # fmt: skip


def _claim(one: data.ClaimLine) -> dict[str, Any]:
    word, level = data.CLAIM_STATES.get(one.state, (one.state, ""))
    if one.state == "closed" and one.conclusion == "refused":
        level = "danger"
    return {
        "claim": one, "status": _(word), "level": level, "conclusion": _word(data.CONCLUSIONS, one.conclusion),
        "steps": _steps(one),
    }  # fmt: skip


def _steps(one: data.ClaimLine) -> list[dict[str, Any]]:
    """The stages with their moments; a stage without a moment before the present one counts as passed."""
    reached = data.STAGES.index(one.state) if one.state in data.STAGES else -1
    last = len(data.STAGES) - 1
    steps = []
    for number, stage in enumerate(data.STAGES):
        at = one.moments[stage]
        state = "todo"
        if number < reached or at is not None or (number == reached == last):
            state = "done"
        if number == reached and reached != last:
            state = "current"
        steps.append({"label": _(data.CLAIM_STATES[stage][0]), "state": state, "at": at})
    return steps


def _crumbs(holder: data.PersonOfPolicy, last: str) -> list[tuple[str, str]]:
    address = reverse("customers:file", args=[holder.ref]) + "?tab=policies" if holder.ref else ""
    return [("/customers/", _("Customers")), *([(address, holder.name)] if address else []), ("", last)]


def _word(words: Mapping[str, str], code: str) -> str:
    return _(words[code]) if code in words else code


def _pair(words: Mapping[str, tuple[str, str]], code: str) -> tuple[str, str]:
    word, level = words.get(code, (code, ""))
    return (_(word) if word else "", level)
