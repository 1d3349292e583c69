"""Panels of the customer page: the household, and the network of relations two steps around."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from anxin.book.customers import data as customer_data
from anxin.book.customers.queries import network
from anxin.book.customers.queries.network import Knot, Network, Thread
from anxin.book.households import data, queries, rules
from anxin.book.households.pages.edge import household_page
from anxin.kernel import clock
from anxin.kernel.series import listed
from anxin.kernel.web.pages import actor_of

COLOURS = {"family": "c2", "business": "c3", "social": "c5"}


@household_page("households.view")
def household(request: HttpRequest, ref: str) -> HttpResponse:
    actor = actor_of(request)
    found = queries.of_customer(actor, ref, today=clock.today())
    proposed = () if found else queries.list_proposals_of(actor, ref, today=clock.today())
    context: dict[str, Any] = {
        "household": found, "ref": ref, "may_edit": actor.may("households.edit"),
        "members": [(one, _(data.MEMBER_ROLES.get(one.role, one.role))) for one in found.members] if found else [],
        "proposed": [
            (row, listed(one.name for one in row.candidates),
             listed(_(data.EVIDENCE[kind]) for kind in row.kinds))
            for row in proposed
        ],
    }  # fmt: skip
    return render(request, "households/panel.html", context)


@household_page("households.view")
def relations(request: HttpRequest, ref: str) -> HttpResponse:
    """Two steps around the customer; `group` filters by kind of relation, `steps` narrows to the first step."""
    groups = [one for one in request.GET.getlist("group") if one in customer_data.RELATION_GROUPS]
    steps = 1 if request.GET.get("steps") == "1" else 2
    found = network.around(actor_of(request), ref, groups=groups, steps=steps)
    knots = {one.party_id: one for one in found.knots}
    rows = [
        {"from": knots[thread.left], "to": knots[thread.right], "kind": _kind(thread),
         "is_confirmed": thread.is_confirmed, "step": knots[thread.right].step}
        for thread in found.threads
    ]  # fmt: skip
    context: dict[str, Any] = {
        "ref": ref, "rows": sorted(rows, key=lambda row: row["step"]), "picture": picture(found), "network": found,
        "steps": steps, "chosen": groups[0] if len(groups) == 1 else "",
        "groups": [("", _("All")), *((code, _(word)) for code, word in customer_data.RELATION_GROUPS.items())],
    }  # fmt: skip
    return render(request, "households/network.html", context)


def picture(found: Network) -> dict[str, Any]:
    """Nodes at fixed places: the same network always looks the same."""
    first = [one for one in found.knots if one.step == 1]
    second = [one for one in found.knots if one.step == 2]
    behind: dict[Any, list[Knot]] = {one.party_id: [] for one in first}
    for knot in second:
        near = next((t.left for t in found.threads if t.right == knot.party_id and t.left in behind), None)
        if near is not None:
            behind[near].append(knot)
    ring, places = rules.places([len(behind[one.party_id]) for one in first])
    threads: dict[Any, Thread] = {}
    for thread in found.threads:
        threads.setdefault(thread.right, thread)
    middle = next(one for one in found.knots if one.step == 0)
    nodes = [_node(middle, None, rules.WIDTH // 2, rules.HEIGHT // 2)]
    for one, (x, y), further in zip(first, ring, places, strict=True):
        nodes.append(_node(one, threads.get(one.party_id), x, y))
        nodes += [
            _node(knot, threads.get(knot.party_id), *place)
            for knot, place in zip(behind[one.party_id], further, strict=True)
        ]
    drawn = {node["id"] for node in nodes}
    links = [
        {"source": thread.left.hex, "target": thread.right.hex, "dashed": thread.group != "family"}
        for thread in found.threads
        if thread.left.hex in drawn and thread.right.hex in drawn
    ]
    return {"nodes": nodes, "links": links}


def _node(knot: Knot, thread: Thread | None, x: int, y: int) -> dict[str, Any]:
    is_company = knot.party_kind == "organisation"
    shape = "company" if is_company else thread.shape if thread and thread.shape == "referral" else "person"
    return {
        "id": knot.party_id.hex, "name": knot.name, "note": _kind(thread) if thread else "", "x": x, "y": y,
        "size": (50, 34, 22)[knot.step], "kind": shape, "color": COLOURS.get(thread.group, "c4") if thread else "c1",
        "url": reverse("customers:file", args=[knot.ref]) + "?tab=relations" if knot.ref and knot.step else "",
    }  # fmt: skip


def _kind(thread: Thread) -> str:
    return _(customer_data.RELATION_KINDS[thread.kind].label)
