"""One household: its page, and what is changed there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.book.customers.data import CustomerNotFound
from anxin.book.households import data, forms, queries, rules, services
from anxin.book.households.data import HouseholdRejected, HouseholdView, MemberView
from anxin.book.households.pages.edge import BOTH, household_page, to_household
from anxin.kernel import clock
from anxin.kernel.web import dialogs
from anxin.kernel.web.pages import actor_of

COLOURS = {"head": "c1", "spouse": "c2", "child": "c5", "parent": "c4"}


@household_page("households.view")
def show(request: HttpRequest, household_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    household = queries.get_household(actor, household_id, today=clock.today())
    context: dict[str, Any] = {
        "household": household, "members": [_named(one) for one in household.members],
        "former": [_named(one) for one in household.former], "may_edit": actor.may("households.edit"),
        "picture": _picture(household), "may_see_policies": actor.may("portfolio.view"), "nav": "households",
        "crumbs": [(reverse("households:list"), _("Households")), ("", household.head)],
    }  # fmt: skip
    return render(request, "households/household.html", context)


def _named(one: MemberView) -> dict[str, Any]:
    return {"one": one, "role": _(data.MEMBER_ROLES.get(one.role, one.role))}


def _picture(household: HouseholdView) -> dict[str, Any]:
    """Members around the head."""
    head, *others = household.members or (None,)
    if head is None:
        return {}
    ring, _behind = rules.places([0] * len(others))
    nodes = [_node("0", head, rules.WIDTH // 2, rules.HEIGHT // 2, 50)]
    nodes += [
        _node(str(number), one, x, y, 36) for number, (one, (x, y)) in enumerate(zip(others, ring, strict=True), 1)
    ]
    links = [{"source": "0", "target": str(number)} for number in range(1, len(others) + 1)]
    return {"nodes": nodes, "links": links}


def _node(key: str, one: MemberView, x: int, y: int, size: int) -> dict[str, Any]:
    return {
        "id": key, "name": one.name, "note": _(data.MEMBER_ROLES.get(one.role, one.role)), "x": x, "y": y,
        "size": size, "kind": "person", "color": COLOURS.get(one.role, "c7") if one.is_covered else "warn",
        "url": reverse("customers:file", args=[one.ref]) if one.ref else "",
    }  # fmt: skip


@household_page("households.edit", methods=BOTH)
def create(request: HttpRequest, ref: str) -> HttpResponse:
    """A household with this customer as its head."""
    form = django_forms.Form(request.POST if request.method == "POST" else None)
    queries.of_customer(actor_of(request), ref, today=clock.today())
    if request.method == "POST" and form.is_valid():
        try:
            household = services.create(actor=actor_of(request), now=clock.now(), ref=ref)
        except HouseholdRejected as error:
            form.add_error(None, _(str(error)))
        else:
            return to_household(request, household, _("The household is made; add its members."))
    return dialogs.ask(
        request, form, title=_("New household"), button=_("Create"), back=reverse("customers:file", args=[ref]),
        hint=_("This customer becomes its head; members are added next."),
    )  # fmt: skip


@household_page("households.edit", methods=BOTH)
def add_member(request: HttpRequest, household_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    queries.get_household(actor, household_id, today=clock.today(), with_policies=False)
    form = forms.MemberForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.add_member(
                actor=actor, now=clock.now(), household_id=household_id, ref=form.cleaned_data["customer"],
                role=form.cleaned_data["role"],
            )  # fmt: skip
        except CustomerNotFound:
            form.add_error("customer", _("There is no such customer within your reach."))
        except HouseholdRejected as error:
            form.add_error(None, _(str(error)))
        else:
            return to_household(request, household_id, _("Saved."))
    return dialogs.ask(request, form, title=_("Add a member"), button=_("Save"), back=_address(household_id))


@household_page("households.edit", methods=BOTH)
def set_role(request: HttpRequest, household_id: UUID, membership_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    member = _member(request, household_id, membership_id)
    form = forms.RoleForm(request.POST if request.method == "POST" else None, initial={"role": member.role})
    if request.method == "POST" and form.is_valid():
        services.set_role(
            actor=actor, now=clock.now(), household_id=household_id, membership_id=membership_id,
            role=form.cleaned_data["role"],
        )  # fmt: skip
        return to_household(request, household_id, _("Saved."))
    return dialogs.ask(
        request, form, title=_("Role of %(name)s") % {"name": member.name}, button=_("Save"),
        back=_address(household_id),
    )  # fmt: skip


@household_page("households.edit", methods=BOTH)
def leave(request: HttpRequest, household_id: UUID, membership_id: UUID) -> HttpResponse:
    member = _member(request, household_id, membership_id)
    form = forms.LeaveForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            services.remove_member(
                actor=actor_of(request), now=clock.now(), household_id=household_id, membership_id=membership_id,
                reason=form.cleaned_data["reason"], is_mistake=form.cleaned_data["is_mistake"],
            )  # fmt: skip
        except HouseholdRejected as error:
            form.add_error("reason", _(str(error)))
        else:
            response = to_household(request, household_id, _("Saved."))
            if request.headers.get("HX-Request"):
                response["HX-Redirect"] = reverse("households:list")
                return response
            return response
    return dialogs.ask(
        request, form, title=_("%(name)s leaves the household") % {"name": member.name}, button=_("Save"),
        back=_address(household_id),
    )  # fmt: skip


@household_page("households.edit", methods=BOTH)
def dissolve(request: HttpRequest, household_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    household = queries.get_household(actor, household_id, today=clock.today(), with_policies=False)
    form = forms.DissolveForm(
        request.POST if request.method == "POST" else None, initial={"version": household.version}
    )
    if request.method == "POST" and form.is_valid():
        try:
            services.dissolve(
                actor=actor, now=clock.now(), household_id=household_id, version=form.cleaned_data["version"],
                reason=form.cleaned_data["reason"],
            )  # fmt: skip
        except HouseholdRejected as error:
            form.add_error("reason", _(str(error)))
        else:
            response = to_household(request, household_id, _("The household has ended."))
            response["HX-Redirect" if request.headers.get("HX-Request") else "Location"] = reverse("households:list")
            return response
    return dialogs.ask(
        request, form, title=_("Dissolve the household"), button=_("Dissolve"), back=_address(household_id),
        hint=_("All members leave today; the history stays."),
    )  # fmt: skip


def _member(request: HttpRequest, household_id: UUID, membership_id: UUID) -> MemberView:
    household = queries.get_household(actor_of(request), household_id, today=clock.today(), with_policies=False)
    found = next((one for one in household.members if one.membership_id == membership_id), None)
    if found is None:
        raise queries.HouseholdNotFound(str(membership_id))
    return found


def _address(household_id: UUID) -> str:
    return reverse("households:household", args=[household_id])
