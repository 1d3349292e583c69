"""Agents: what each can be given, set by whoever leads them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from anxin.kernel import clock
from anxin.kernel.web import dialogs
from anxin.kernel.web.pages import actor_of, page
from anxin.service.desk import data, forms
from anxin.service.desk.data import Profiled
from anxin.service.desk.pages import words
from anxin.service.desk.queries import profiles as queries
from anxin.service.desk.queries import schemes
from anxin.service.desk.services import profiles as services

# What one can be good at beside the skills that types of tickets ask for.
SKILLS = {"vip": _("High-tier customers"), "motor": _("Motor"), "group": _("Group business")}


@page("desk.lead")
def agents(request: HttpRequest) -> HttpResponse:
    actor = actor_of(request)
    text = request.GET.get("q", "").replace("\x00", "").strip()[:40]
    queues, skills = _known()
    rows = [_shown(one, queues, skills) for one in queries.list_profiles(actor, text)]
    context = {"rows": rows, "q": text, "may_set": actor.may("desk.profiles"), "most": queries.MOST}
    return render(request, "desk/agents.html", context)


@page("desk.profiles", methods=("GET", "HEAD", "POST"), missing=(data.AgentNotFound,))
def agent(request: HttpRequest, user_id: UUID) -> HttpResponse:
    actor = actor_of(request)
    found = queries.get_profile(actor, user_id, permission="desk.profiles")
    queues, skills = _known()
    # What the scheme does not know any more stays to be seen, and can be taken away.
    queues |= {code: code for code in found.queues if code not in queues}
    skills |= {code: code for code in found.skills if code not in skills}
    initial = {
        "queues": found.queues, "skills": found.skills, "languages": found.languages, "level": found.level,
        "most_open": found.most_open, "is_available": found.is_available, "version": found.version,
    }  # fmt: skip
    form = forms.ProfileForm(
        request.POST if request.method == "POST" else None, initial=initial, queues=list(queues.items()),
        skills=list(skills.items()),
    )  # fmt: skip
    if request.method == "POST" and form.is_valid():
        services.set_profile(actor=actor, now=clock.now(), user_id=user_id, **form.cleaned_data)
        return dialogs.done(request, gettext("Saved."), back=reverse("desk:agents"))
    return dialogs.ask(request, form, title=found.name, button=_("Save"), back=reverse("desk:agents"))


def _known() -> tuple[dict[str, Any], dict[str, Any]]:
    """Queues and skills by their codes, in the reader's words."""
    now = clock.now()
    queues = {one["code"]: words.label(one) for one in schemes.types_content(now)["queues"]}
    asked = {one.skill for one in schemes.ticket_types(now).values() if one.skill}
    return queues, dict(SKILLS) | {code: code for code in sorted(asked - SKILLS.keys())}


def _shown(one: Profiled, queues: dict[str, Any], skills: dict[str, Any]) -> dict[str, Any]:
    state = data.AGENT_STATES.get(one.seat_state)
    return {
        "one": one, "queues": [queues.get(code, code) for code in one.queues],
        "skills": [skills.get(code, code) for code in one.skills],
        "languages": [gettext(data.LANGUAGES[code]) if code in data.LANGUAGES else code for code in one.languages],
        "level": gettext(data.LEVELS.get(one.level, str(one.level))),
        "state": gettext(state[0]) if state else "", "state_level": state[1] if state else "",
        "is_full": one.open_count >= one.most_open,
    }  # fmt: skip
