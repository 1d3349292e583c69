"""Saved segments: the builder with its count, members, overlap, export, static lists."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import get_language, gettext
from procrastinate import exceptions as queue_errors

from anxin.book.customers.queries import CustomerNotFound
from anxin.book.customers.services import purposes
from anxin.book.segments import access, forms, tasks
from anxin.book.segments.models import Segment
from anxin.book.segments.queries import choosing, explaining, members
from anxin.book.segments.services import exporting, saving
from anxin.kernel import clock
from anxin.kernel.actor import Actor
from anxin.kernel.permissions import Scope
from anxin.kernel.web.pages import actor_of, page

SHOWN = 50


@page("segments.view")
def list_page(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    rows = list(access.visible_segments(actor).select_related("owner").order_by("name")[:200])
    # The number is that of whoever made it: it says more than some may see who find their own customers in it.
    sees_all = actor.scope("segments.view") is Scope.ALL
    context = {"rows": [(row, sees_all or row.owner_id == actor.user_id) for row in rows]}
    return render(request, "segments/saved.html", context | {"may_save": actor.may("segments.save")})


@page("segments.save", methods=("POST",))
def count_again(request: HttpRequest) -> HttpResponse:
    """One's own saved segments, by the worker."""
    user_id = str(actor_of(request).user_id)
    try:
        with transaction.atomic():
            tasks.size.configure(queueing_lock=f"segments.size:{user_id}").defer(owner_id=user_id)
    except queue_errors.AlreadyEnqueued:
        pass  # it is coming
    messages.success(request, gettext("Being counted. The figures come in a moment."))
    return redirect("segments:saved")


@page("segments.view", methods=("GET", "POST"))
def build(request: HttpRequest) -> HttpResponse:
    """The builder, and who fulfils what it says. While one edits, a POST answers with its inside and the new count
    alone; the customers come when asked for (`do` = show)."""
    actor = actor_of(request)
    segment: Segment | None = None
    if request.method == "POST":
        tree = forms.read_tree(request.POST)
    elif "segment" in request.GET:
        segment = _segment(actor, request.GET["segment"])
        tree = forms.parse(json.dumps(segment.condition))
    elif "c" in request.GET:
        tree = forms.parse(request.GET["c"])
    else:
        tree = {"all": [dict(forms.NEW)]}
    is_begun = request.method == "POST" or "segment" in request.GET or "c" in request.GET
    context = _building(actor, tree) | {"segment": segment}
    is_part = request.method == "POST" and bool(request.headers.get("HX-Request"))
    if is_part and request.POST.get("do") != "show":
        return render(request, "segments/builder.html", context | {"is_part": True})
    if is_begun and context["size"]:
        context |= _members(actor, tree)
    if is_part:
        return render(request, "segments/members.html", context)
    form = forms.SaveForm(
        initial={"name": segment.name, "note": segment.note, "is_shared": segment.is_shared} if segment else None
    )
    return render(request, "segments/build.html", context | {"form": form})


@page("segments.save", methods=("POST",))
def save(request: HttpRequest) -> HttpResponse:
    """Keep the condition, or (`as` = list) the customers who fulfil it now."""
    actor, now = actor_of(request), clock.now()
    tree = forms.read_tree(request.POST)
    form = forms.SaveForm(request.POST)
    if form.is_valid():
        values = {
            "name": form.cleaned_data["name"],
            "note": form.cleaned_data["note"],
            "is_shared": form.cleaned_data["is_shared"],
        }
        try:
            if request.POST.get("as") == "list":
                row = saving.save_list(actor=actor, now=now, today=clock.today(), condition=tree, **values)
            else:
                known = _segment(actor, request.POST["segment"]) if request.POST.get("segment") else None
                version = request.POST.get("version", "")
                row = saving.save_segment(
                    actor=actor, now=now, condition=tree, segment_id=known.pk if known else None,
                    version=int(version) if version.isdecimal() else 0, **values,
                )  # fmt: skip
            return redirect("segments:segment", segment_id=row.pk)
        except saving.NameTaken:
            form.add_error("name", gettext("You have a segment of this name already."))
        except saving.NotTheOwner:
            form.add_error("name", gettext("Only whoever made a segment changes it. Save yours under another name."))
        except saving.ListTooLong:
            form.add_error("name", gettext("A list holds 100,000 customers at most."))
        except members.InvalidCondition:
            form.add_error(None, gettext("Some conditions are not complete."))
    return render(request, "segments/build.html", _building(actor, tree) | {"form": form}, status=422)


@page("segments.view")
def segment_page(request: HttpRequest, segment_id: UUID) -> HttpResponse:
    """Who is in it: how many, the largest, and what it has in common with another one."""
    actor, today = actor_of(request), clock.today()
    segment = _segment(actor, str(segment_id))
    profiles = members.of_segment(actor, segment, today=today)
    others = access.visible_segments(actor).exclude(pk=segment.pk).order_by("name")[:100]
    context: dict[str, Any] = {
        "segment": segment, "size": members.count_of(actor, segment, today=today),
        "rows": _named(members.list_members(profiles, SHOWN)),
        "others": others, "is_own": segment.owner_id == actor.user_id and actor.may("segments.save"),
        "may_export": actor.may("customers.export"), "purposes": _purposes(), "shown": SHOWN,
    }  # fmt: skip
    if request.GET.get("with"):
        other = _segment(actor, request.GET["with"])
        context |= {"other": other, "overlap": _overlap(members.overlap(actor, segment, other, today=today))}
    return render(request, "segments/segment.html", context)


@page("segments.save", methods=("POST",))
def remove(request: HttpRequest, segment_id: UUID) -> HttpResponse:
    try:
        saving.remove_segment(actor=actor_of(request), now=clock.now(), segment_id=segment_id)
    except (Segment.DoesNotExist, saving.NotTheOwner) as error:
        raise Http404 from error
    return redirect("segments:saved")


@page("segments.save", methods=("POST",))
def pick(request: HttpRequest) -> HttpResponse:
    """A static list of the customers chosen in the picture of the quadrants."""
    refs = [ref for ref in request.POST.get("refs", "").split(",") if ref][:2_000]
    name = request.POST.get("name", "").strip()[:80] or f"{gettext('Chosen customers')} {clock.now():%m-%d %H:%M}"
    try:
        row = saving.save_list(actor=actor_of(request), now=clock.now(), today=clock.today(), name=name, refs=refs)
    except CustomerNotFound as error:
        raise Http404 from error
    except saving.NameTaken:
        messages.error(request, gettext("You have a segment of this name already."))
        return redirect("segments:overview")
    return redirect("segments:segment", segment_id=row.pk)


@page("customers.export", methods=("POST",))
def export(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    segment_id = request.POST.get("segment", "")
    try:
        exporting.start(
            actor=actor, now=clock.now(), title=gettext("Export of a segment"), language=get_language() or "zh-hans",
            task=tasks.export, condition=None if segment_id else forms.read_tree(request.POST),
            segment_id=_segment(actor, segment_id).pk if segment_id else None,
            purpose=request.POST.get("purpose", purposes.USUAL),
        )  # fmt: skip
    except (exporting.ExportRefused, members.InvalidCondition) as error:
        messages.error(request, gettext(str(error)))
        return redirect("segments:saved")
    return redirect("jobs:list")


def _overlap(found: Mapping[str, int]) -> dict[str, Any]:
    both, here, there = found["both"], found["first"], found["second"]
    return {
        "parts": [(gettext("In both"), both), (gettext("Only here"), here), (gettext("Only there"), there)],
        "all": max(both + here + there, 1),
        "share_here": both / max(both + here, 1), "share_there": both / max(both + there, 1),
    }  # fmt: skip


def _building(actor: Actor, tree: dict[str, Any]) -> dict[str, Any]:
    return _counted(actor, tree) | {
        "lines": [_named_values(line) for line in forms.rows_of(tree)],
        "tree": json.dumps(tree, ensure_ascii=False), "groups": forms.field_groups(),
        "may_save": actor.may("segments.save"), "may_export": actor.may("customers.export"),
        "purposes": _purposes(),
    }  # fmt: skip


def _purposes() -> list[tuple[str, str]]:
    return [(code, gettext(word)) for code, word in purposes.PURPOSES.items()]


def _named_values(line: dict[str, Any]) -> dict[str, Any]:
    """A comparison with what it can equal, where only some values are: (value, name, chosen). Else it is typed."""
    known = dict(choosing.named(line["field"])) if line["kind"] == "one" and line["op"] == "eq" else {}
    if known and line["value"]:
        known.setdefault(line["value"], line["value"])
    return line | {"options": [(code, name, code == line["value"]) for code, name in known.items()]}


def _members(actor: Actor, tree: dict[str, Any]) -> dict[str, Any]:
    """The largest of those who fulfil a complete condition."""
    found = members.list_members(members.matching(actor, tree, today=clock.today()), SHOWN)
    return {"rows": _named(found), "shown": SHOWN}


def _counted(actor: Actor, tree: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"size": members.count(actor, tree, today=clock.today()), "problems": []}
    except members.InvalidCondition as error:
        return {"size": None, "problems": error.codes}


def _named(rows: list[members.Member]) -> list[dict[str, Any]]:
    tiers = explaining.tier_names(clock.today())
    return [
        {"row": row, "tier_name": tiers.get(row.tier, gettext("Standard") if row.tier else ""),
         "value": explaining.class_label("value_tier", row.value_tier),
         "lifecycle": explaining.class_label("lifecycle", row.lifecycle)}
        for row in rows
    ]  # fmt: skip


def _segment(actor: Actor, key: str) -> Segment:
    try:
        return access.get_segment(actor, UUID(key))
    except (Segment.DoesNotExist, ValueError) as error:
        raise Http404 from error
